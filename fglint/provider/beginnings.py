"""How the ids that AWS gives begin, by resource type.

Modules compare them with words of their own (`var.id == "self" ? … : var.id`), so that knowing the
beginning decides which of two things is meant. Sources: "Resource IDs" in the Amazon EC2 User
Guide, the user guides of EFS and VPC, and the "Attribute Reference" of the types in the
documentation of hashicorp/aws 6; read 2026-11.
"""

from __future__ import annotations

_IDS = {
    "acl-": "aws_default_network_acl aws_network_acl",
    "arn:": "aws_acm_certificate aws_alb aws_alb_listener aws_alb_listener_rule "
    "aws_alb_target_group aws_ecs_cluster aws_iam_policy aws_lb aws_lb_listener "
    "aws_lb_listener_rule aws_lb_target_group aws_secretsmanager_secret aws_sns_topic",
    "eigw-": "aws_egress_only_internet_gateway",
    "eipalloc-": "aws_eip",
    "fs-": "aws_efs_file_system",
    "fsap-": "aws_efs_access_point",
    "fsmt-": "aws_efs_mount_target",
    "igw-": "aws_internet_gateway",
    "nat-": "aws_nat_gateway",
    "pcx-": "aws_vpc_peering_connection",
    "pl-": "aws_ec2_managed_prefix_list aws_prefix_list",
    "rtb-": "aws_default_route_table aws_route_table",
    "sg-": "aws_default_security_group aws_security_group",
    "sgr-": "aws_vpc_security_group_egress_rule aws_vpc_security_group_ingress_rule",
    "subnet-": "aws_default_subnet aws_subnet",
    "tgw-": "aws_ec2_transit_gateway",
    "vgw-": "aws_vpn_gateway",
    "vpc-": "aws_default_vpc aws_vpc",
    "vpce-": "aws_vpc_endpoint",
}
_BEGINNINGS = {type_: begins for begins, types in _IDS.items() for type_ in types.split()}


def beginning(type_: str, path: str) -> str:
    """What the value of an attribute begins with; "" where that is not known.

    `path` is the attribute as origins write it: ".id".
    """
    if path == ".arn":
        return "arn:"
    return _BEGINNINGS.get(type_, "") if path == ".id" else ""
