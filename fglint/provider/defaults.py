"""What an argument means when nothing is written, where that is neither null nor left to AWS.

A row is a resource type, the path of an argument without the positions of blocks, and the value
that the provider or the API then uses. The model applies it when it reads a planned value; within
configurations an absent argument is null, or known after apply.

Sources: "Argument Reference" of each type in the documentation of hashicorp/aws 6 (a static default
of the schema, or one that the page states), and the API reference of ECS, Elastic Load Balancing
and EC2 for what the API fills in. Read 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterable

from fglint.evaluation.values import NULL, Value

_SERVICE: dict[str, Value] = {
    "assign_public_ip": False,
    "deployment_controller.type": "ECS",
    "deployment_configuration.strategy": "ROLLING",
    "deployment_maximum_percent": 200,
    "deployment_minimum_healthy_percent": 100,
    "desired_count": 0,
    "enable_ecs_managed_tags": False,
    "enable_execute_command": False,
    "force_delete": False,
    "health_check_grace_period_seconds": 0,
    "network_configuration.assign_public_ip": False,
    "platform_version": "LATEST",
    "scheduling_strategy": "REPLICA",
    "service_connect_configuration.enabled": False,
    "wait_for_steady_state": False,
}
_TASK_DEFINITION: dict[str, Value] = {
    "enable_fault_injection": False,
    "network_mode": "bridge",
    "runtime_platform.cpu_architecture": "X86_64",
    "runtime_platform.operating_system_family": "LINUX",
    "volume.efs_volume_configuration.root_directory": "/",
    "volume.efs_volume_configuration.transit_encryption": "DISABLED",
    "volume.efs_volume_configuration.authorization_config.iam": "DISABLED",
}
_LOAD_BALANCER: dict[str, Value] = {
    "access_logs.enabled": False,
    "client_keep_alive": 3600,
    "desync_mitigation_mode": "defensive",
    "drop_invalid_header_fields": False,
    "enable_cross_zone_load_balancing": False,
    "enable_deletion_protection": False,
    "idle_timeout": 60,
    "internal": False,
    "load_balancer_type": "application",
}
# health_check.protocol is HTTP, whatever the protocol to the targets.
_TARGET_GROUP: dict[str, Value] = {
    "deregistration_delay": "300",
    "health_check.enabled": True,
    "health_check.healthy_threshold": 3,
    "health_check.interval": 30,
    "health_check.port": "traffic-port",
    "health_check.protocol": "HTTP",
    "health_check.unhealthy_threshold": 3,
    "target_type": "instance",
}
_VPC: dict[str, Value] = {"enable_dns_support": True, "enable_dns_hostnames": False}
_RULE: dict[str, Value] = {"self": False}
_LISTENER: dict[str, Value] = {
    "default_action.redirect.host": "#{host}",
    "default_action.redirect.path": "/#{path}",
    "default_action.redirect.port": "#{port}",
    "default_action.redirect.protocol": "#{protocol}",
    "default_action.redirect.query": "#{query}",
}

DEFAULTS: dict[str, dict[str, Value]] = {
    "aws_ecs_service": _SERVICE,
    "aws_ecs_task_set": {"network_configuration.assign_public_ip": False, "scale.unit": "PERCENT"},
    "aws_cloudwatch_event_target": {
        "ecs_target.network_configuration.assign_public_ip": False,
        "ecs_target.task_count": 1,
    },
    "aws_scheduler_schedule": {
        "target.ecs_parameters.network_configuration.assign_public_ip": False
    },
    "aws_ecs_task_definition": _TASK_DEFINITION,
    "aws_lb": _LOAD_BALANCER,
    "aws_alb": _LOAD_BALANCER,
    "aws_lb_target_group": _TARGET_GROUP,
    "aws_alb_target_group": _TARGET_GROUP,
    "aws_lb_listener": _LISTENER,
    "aws_alb_listener": _LISTENER,
    "aws_lb_listener_rule": {
        path.replace("default_action", "action"): value for path, value in _LISTENER.items()
    },
    "aws_alb_listener_rule": {
        path.replace("default_action", "action"): value for path, value in _LISTENER.items()
    },
    "aws_vpc": _VPC,
    # The default VPC is made with DNS hostnames; the provider leaves them as they are.
    "aws_default_vpc": {"enable_dns_support": True, "enable_dns_hostnames": True},
    "aws_subnet": {"map_public_ip_on_launch": False, "ipv6_native": False},
    "aws_default_subnet": {"map_public_ip_on_launch": True, "ipv6_native": False},
    "aws_nat_gateway": {"availability_mode": "zonal", "connectivity_type": "public"},
    "aws_vpc_endpoint": {"private_dns_enabled": False, "vpc_endpoint_type": "Gateway"},
    "aws_security_group": {"description": "Managed by Terraform"},
    "aws_security_group_rule": _RULE,
    "aws_acm_certificate": {
        "key_algorithm": "RSA_2048",
        "options.certificate_transparency_logging_preference": "ENABLED",
    },
    "aws_cloudwatch_log_group": {"retention_in_days": 0, "log_group_class": "STANDARD"},
    "aws_ecr_repository": {
        "encryption_configuration.encryption_type": "AES256",
        "force_delete": False,
        "image_scanning_configuration.scan_on_push": False,
        "image_tag_mutability": "MUTABLE",
    },
    "aws_route53_record": {"alias.evaluate_target_health": False},
}


def default_of(type_: str, path: Iterable[str | int]) -> Value:
    """What an argument means where nothing is written; null where nothing else is known."""
    rows = DEFAULTS.get(type_)
    if rows is None:
        return NULL
    return rows.get(".".join(step for step in path if isinstance(step, str)), NULL)
