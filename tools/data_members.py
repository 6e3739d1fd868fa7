"""Members of structures of the API, and what fglint and the provider's schema have of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from data_comparison import Comparison, Maker
from service_models import Models

from fglint.policy.rule import RuleSet
from fglint.provider import container_definition
from fglint.provider.schema import resource_schema

_KINDS = {
    container_definition.TEXT: "string",
    container_definition.NUMBER: "integer",
    container_definition.FLAG: "boolean",
    container_definition.TEXTS: "list of string",
    container_definition.NUMBERS: "list of integer",
    container_definition.PAIRS: "map",
}


def container_members(models: Models, rules: RuleSet) -> Comparison:
    """Every member of a container's definition with its type."""

    def ours(members: container_definition.Members, path: str) -> Iterator[str]:
        for name, kind in members.members.items():
            if isinstance(kind, str):
                yield f"{path}{name}: {_KINDS[kind]}"
            else:
                yield from ours(kind, f"{path}{name}{'[]' if kind.many else ''}.")

    def theirs(name: str, path: str) -> Iterator[str]:
        for member, shape_name in models.members("ecs", name).items():
            shape, suffix = models.shape("ecs", shape_name), ""
            if shape["type"] == "list":
                shape_name, suffix = shape["member"]["shape"], "[]"
                shape = models.shape("ecs", shape_name)
            if shape["type"] == "structure":
                yield from theirs(shape_name, f"{path}{member}{suffix}.")
            else:
                yield f"{path}{member}: {'list of ' if suffix else ''}{shape['type']}"

    return Comparison(
        "members of container definitions",
        "fglint/provider/container_definition.py",
        frozenset(ours(container_definition.CONTAINER, "")),
        frozenset(theirs("ContainerDefinition", "")),
    )


@dataclass(frozen=True)
class Arguments:
    """The members of a request, and the arguments of the resource type that makes it.

    A member that the type has no argument for concerns nobody before the provider has one; what the
    argument is called where it has another name stands in `names`.
    """

    service: str
    request: str
    type: str
    names: Mapping[str, str]
    known: Mapping[str, str]

    def __call__(self, models: Models, rules: RuleSet) -> Comparison:
        """The comparison."""
        schema = resource_schema("managed", self.type)
        assert schema is not None
        members = models.members(self.service, self.request)
        named = {self.names.get(each, snake(each)) for each in members}
        return Comparison(
            f"{self.request} of {self.service}",
            "fglint/provider/data/aws_schema.txt",
            frozenset(named & {*schema.attributes, *schema.blocks}),
            frozenset(named),
            self.known,
            gain=f"see whether {self.type} has an argument for it by now, then derive the schema",
        )


def snake(name: str) -> str:
    """The name of a member as Terraform writes it."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).replace("ECSManaged", "ECS_Managed").lower()


_NO_ARGUMENT = "hashicorp/aws has no argument for it"
ARGUMENTS: tuple[Maker, ...] = (
    Arguments(
        "ecs",
        "RegisterTaskDefinitionRequest",
        "aws_ecs_task_definition",
        {"volumes": "volume"},
        {
            "inference_accelerators": "taken out of hashicorp/aws 6; see deprecations.py",
            "trusted_execution_configuration": f"{_NO_ARGUMENT}; for Managed Instances alone",
        },
    ),
    Arguments(
        "ecs",
        "CreateServiceRequest",
        "aws_ecs_service",
        {
            "serviceName": "name",
            "role": "iam_role",
            "loadBalancers": "load_balancer",
            "placementStrategy": "ordered_placement_strategy",
            "serviceRegistries": "service_registries",
            "volumeConfigurations": "volume_configuration",
        },
        {
            "client_token": "the provider's own business",
            "gateway_connectors": _NO_ARGUMENT,
            "monitoring": _NO_ARGUMENT,
        },
    ),
    Arguments(
        "logs",
        "CreateLogGroupRequest",
        "aws_cloudwatch_log_group",
        {"logGroupName": "name"},
        {},
    ),
)
