"""Who has the security group that AWS makes with a VPC, which whatever names none gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.model.logic import Tri, outside
from fglint.model.reading import known_text, root

if TYPE_CHECKING:
    from fglint.configuration.instance import Instance
    from fglint.model.vpc import Vpc

# Types whose resources get it, and the arguments that name others.
_MEMBERS = {
    "aws_instance": ("vpc_security_group_ids", "security_groups", "network_interface"),
    "aws_launch_template": ("vpc_security_group_ids", "network_interfaces"),
    "aws_network_interface": ("security_groups",),
    "aws_lb": ("security_groups",),
    "aws_alb": ("security_groups",),
    "aws_elb": ("security_groups",),
    "aws_vpc_endpoint": ("security_group_ids",),
    "aws_db_instance": ("vpc_security_group_ids",),
    "aws_rds_cluster": ("vpc_security_group_ids",),
    "aws_docdb_cluster": ("vpc_security_group_ids",),
    "aws_neptune_cluster": ("vpc_security_group_ids",),
    "aws_elasticache_cluster": ("security_group_ids",),
    "aws_elasticache_replication_group": ("security_group_ids",),
    "aws_elasticache_serverless_cache": ("security_group_ids",),
    "aws_redshift_cluster": ("vpc_security_group_ids",),
    "aws_efs_mount_target": ("security_groups",),
    "aws_opensearch_domain": ("vpc_options",),
    "aws_mq_broker": ("security_groups",),
    "aws_msk_cluster": ("broker_node_group_info",),
}


def is_used(vpc: Vpc) -> Tri:
    """Whether something of the configuration has it; unknown where modules are not here."""
    deployment = vpc.deployment
    group = deployment.default_group(vpc)
    if group.service_list:
        return True
    for instance in deployment.links.instances:
        if instance.mode == "managed" and _names_none(instance):
            return True
    names = [use for uses in deployment.uses.values() for use in uses]
    if any(use.attribute == "default_security_group_id" for use in names):
        return True
    missing = deployment.configuration.not_here
    if missing:
        because = f"what {missing[0]} makes is not known, because its module is not downloaded"
        return outside(missing[0], because)
    return False


def _names_none(instance: Instance) -> bool:
    arguments = _MEMBERS.get(instance.type)
    if arguments is None:
        return False
    node = root(instance)
    if instance.type == "aws_vpc_endpoint":
        interface = known_text(node.get("vpc_endpoint_type").value) == "Interface"
        return interface and is_null(node.get("security_group_ids").value)
    is_balancer = instance.type in ("aws_lb", "aws_alb")
    if is_balancer and known_text(node.get("load_balancer_type").value) == "network":
        return False
    return all(_is_absent(node.get(name).value) for name in arguments)


def _is_absent(value: object) -> bool:
    return is_null(value) or getattr(value, "items", None) == ()  # type: ignore[arg-type]
