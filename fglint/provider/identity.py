"""Which attributes name which objects: the classes of identities, and their aliases.

A class is a kind of AWS object ("subnet"); its types are the resource and data source types that
stand for one such object, its attributes those whose value names it. An alias is an attribute of
another type that names the object, too: `to` is that type's argument which holds the identity, None
where the object has no resource of its own. Source of each row: the "Attribute Reference" of the
type's page in the documentation of hashicorp/aws 6; read 2026-11.
"""

from __future__ import annotations

from dataclasses import field

from fglint.records import dataclass


@dataclass(frozen=True, slots=True)
class Alias:
    """An attribute that names an object of another type."""

    to: str | None


@dataclass(frozen=True, slots=True)
class Class:
    """One class of identities."""

    types: tuple[str, ...]
    attributes: frozenset[str]
    aliases: dict[tuple[str, str], Alias] = field(default_factory=dict)


def _class(
    types: str, attributes: str, aliases: dict[tuple[str, str], str | None] | None = None
) -> Class:
    rows = {key: Alias(to) for key, to in (aliases or {}).items()}
    return Class(tuple(types.split()), frozenset(attributes.split()), rows)


CLASSES: dict[str, Class] = {
    "load_balancer": _class("aws_lb aws_alb", "arn id name arn_suffix dns_name"),
    "listener": _class("aws_lb_listener aws_alb_listener", "arn id"),
    "listener_rule": _class("aws_lb_listener_rule aws_alb_listener_rule", "arn id"),
    "target_group": _class(
        "aws_lb_target_group aws_alb_target_group",
        "arn id name arn_suffix",
        {
            ("aws_lb_target_group_attachment", "target_group_arn"): "target_group_arn",
        },
    ),
    "certificate": _class(
        "aws_acm_certificate aws_iam_server_certificate",
        "arn id",
        {
            ("aws_acm_certificate_validation", "certificate_arn"): "certificate_arn",
            ("aws_acm_certificate_validation", "id"): "certificate_arn",
        },
    ),
    "vpc": _class("aws_vpc aws_default_vpc", "id arn"),
    "subnet": _class("aws_subnet aws_default_subnet", "id arn"),
    "route_table": _class(
        "aws_route_table aws_default_route_table",
        "id",
        {
            ("aws_vpc", "main_route_table_id"): None,
            ("aws_vpc", "default_route_table_id"): None,
            ("aws_default_vpc", "main_route_table_id"): None,
            ("aws_default_vpc", "default_route_table_id"): None,
        },
    ),
    "internet_gateway": _class("aws_internet_gateway", "id"),
    "nat_gateway": _class("aws_nat_gateway", "id"),
    "gateway": _class(
        "aws_internet_gateway aws_nat_gateway aws_vpn_gateway aws_egress_only_internet_gateway "
        "aws_ec2_transit_gateway aws_ec2_carrier_gateway",
        "id",
    ),
    "security_group": _class(
        "aws_security_group aws_default_security_group",
        "id arn",
        {
            ("aws_vpc", "default_security_group_id"): None,
            ("aws_default_vpc", "default_security_group_id"): None,
        },
    ),
    "role": _class("aws_iam_role", "arn id name unique_id"),
    "managed_policy": _class("aws_iam_policy", "arn id"),
    "cluster": _class(
        "aws_ecs_cluster",
        "arn id name",
        {
            ("aws_ecs_cluster_capacity_providers", "cluster_name"): "cluster_name",
            ("aws_ecs_cluster_capacity_providers", "id"): "cluster_name",
        },
    ),
    "capacity_provider": _class("aws_ecs_capacity_provider", "name arn id"),
    "task_definition": _class(
        "aws_ecs_task_definition", "arn arn_without_revision id family revision"
    ),
    "service": _class("aws_ecs_service", "id arn name"),
    "secret": _class(
        "aws_secretsmanager_secret",
        "arn id name",
        {
            ("aws_secretsmanager_secret_version", "arn"): "secret_id",
            ("aws_secretsmanager_secret_version", "secret_id"): "secret_id",
            ("aws_db_instance", "master_user_secret"): None,
            ("aws_rds_cluster", "master_user_secret"): None,
        },
    ),
    "parameter": _class("aws_ssm_parameter", "arn name id"),
    "key": _class("aws_kms_key aws_kms_alias", "arn key_id id target_key_arn name"),
    "log_group": _class("aws_cloudwatch_log_group", "arn name id"),
    "repository": _class("aws_ecr_repository", "arn name id repository_url"),
    "bucket": _class("aws_s3_bucket", "arn id bucket"),
    "eip": _class("aws_eip", "id allocation_id"),
    "prefix_list": _class(
        "aws_prefix_list aws_ec2_managed_prefix_list",
        "id prefix_list_id",
        {("aws_vpc_endpoint", "prefix_list_id"): None},
    ),
    "endpoint": _class("aws_vpc_endpoint", "id arn"),
    "vpc_origin": _class("aws_cloudfront_vpc_origin", "id arn"),
    "zone": _class("aws_route53_zone", "zone_id id"),
    "service_discovery": _class("aws_service_discovery_service", "arn id name"),
    "namespace": _class(
        "aws_service_discovery_private_dns_namespace aws_service_discovery_public_dns_namespace "
        "aws_service_discovery_http_namespace",
        "id arn name",
    ),
    "scaling_policy": _class("aws_appautoscaling_policy", "arn"),
    "codedeploy_app": _class("aws_codedeploy_app", "name id arn"),
    "efs": _class(
        "aws_efs_file_system",
        "id arn",
        {
            ("aws_efs_access_point", "file_system_id"): "file_system_id",
            ("aws_efs_mount_target", "file_system_id"): "file_system_id",
        },
    ),
}

# By type, the argument whose text is the one name without colons that AWS knows a thing by: another
# text of that form names another thing.
NAMES = {
    "aws_cloudwatch_log_group": "name",
    "aws_ecr_repository": "name",
    "aws_ecs_cluster": "name",
    "aws_s3_bucket": "bucket",
}
