"""Types and arguments of hashicorp/aws that are on their way out, and what replaces them.

`since` is the major version that deprecates one, `gone` the first that no longer has it. Sources:
the provider's upgrade guides for versions 4, 5 and 6 and the pages of the types; "AWS App Mesh will
no longer be supported after September 30, 2026"; read 2026-11.
"""

from __future__ import annotations

from typing import Literal

from fglint.records import dataclass

Kind = Literal["alias", "outdated", "ended"]


@dataclass(frozen=True, slots=True)
class Deprecation:
    """One type, or one argument of it (`argument`, a block included), or one of its attributes.

    An alias is another name of a type, what has ended belongs to a service that has.
    """

    mode: Literal["managed", "data"]
    type: str
    instead: str
    argument: str = ""
    attribute: str = ""
    since: int = 0
    gone: int | None = None
    kind: Kind = "outdated"


def _alias(type_: str) -> Deprecation:
    return Deprecation("managed", type_, type_.replace("aws_alb", "aws_lb"), kind="alias")


def _data_alias(type_: str) -> Deprecation:
    return Deprecation("data", type_, type_.replace("aws_alb", "aws_lb"), kind="alias")


DEPRECATIONS = (
    *map(_alias, ("aws_alb", "aws_alb_listener", "aws_alb_listener_certificate")),
    *map(_alias, ("aws_alb_listener_rule", "aws_alb_target_group")),
    *map(_alias, ("aws_alb_target_group_attachment",)),
    *map(_data_alias, ("aws_alb", "aws_alb_listener", "aws_alb_target_group")),
    Deprecation("data", "template_file", "the function templatefile()"),
    Deprecation("data", "aws_subnet_ids", "the data source aws_subnets", since=4, gone=5),
    Deprecation("data", "aws_region", "region", attribute="name", since=6),
    Deprecation("managed", "aws_eip", 'domain = "vpc"', "vpc", since=5, gone=6),
    Deprecation(
        "managed", "aws_iam_role", "aws_iam_role_policy_attachment", "managed_policy_arns", since=5
    ),
    Deprecation(
        "managed", "aws_ecs_cluster", "aws_ecs_cluster_capacity_providers", "capacity_providers",
        since=4, gone=5,
    ),
    Deprecation(
        "managed", "aws_ecs_cluster", "aws_ecs_cluster_capacity_providers",
        "default_capacity_provider_strategy", since=4, gone=5,
    ),
    Deprecation(
        "managed", "aws_ecs_task_definition", "instances with Inferentia or Trainium",
        "inference_accelerator", since=5, gone=6,
    ),
    Deprecation(
        "managed", "aws_ecs_task_definition", "Service Connect", "proxy_configuration",
        kind="ended",
    ),
)  # fmt: skip
