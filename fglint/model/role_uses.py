"""Who uses which role: tasks, ECS itself, deployments and schedulers.

Source: Amazon ECS Developer Guide, "IAM roles for Amazon ECS", and the pages of the other services
on the role that they assume; read 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fglint.evaluation.values import is_null
from fglint.model.reading import Node, known_text, root
from fglint.model.role import Role

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment

_TASKS = "ecs-tasks.amazonaws.com"
_ECS = "ecs.amazonaws.com"


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """One use of a role: what for, the service that assumes it, and where it is named."""

    purpose: str
    principal: str
    node: Node


def uses(deployment: Deployment) -> list[tuple[Role, Use]]:
    """All uses of roles, in the order of the resources that name them."""
    found: list[tuple[Role, Use]] = []
    for use in (*_tasks(deployment), *_services(deployment), *_others(deployment)):
        if is_null(use.node.value) or known_text(use.node.value) == "":
            continue
        found.append((deployment.role(deployment.links.find(use.node.value, "role")), use))
    return found


def _tasks(deployment: Deployment) -> Iterator[Use]:
    for task in deployment.tasks:
        yield Use("execution", _TASKS, task.node.get("execution_role_arn"))
        yield Use("task", _TASKS, task.node.get("task_role_arn"))


def _services(deployment: Deployment) -> Iterator[Use]:
    for instance in deployment.links.of("aws_ecs_service"):
        node = root(instance)
        for volume in node.blocks("volume_configuration"):
            for disk in volume.blocks("managed_ebs_volume"):
                yield Use("infrastructure", _ECS, disk.get("role_arn"))
        for binding in node.blocks("load_balancer"):
            for advanced in binding.blocks("advanced_configuration"):
                yield Use("infrastructure", _ECS, advanced.get("role_arn"))
        for connect in node.blocks("service_connect_configuration"):
            for service in connect.blocks("service"):
                for tls in service.blocks("tls"):
                    yield Use("infrastructure", _ECS, tls.get("role_arn"))
        for lattice in node.blocks("vpc_lattice_configurations"):
            yield Use("infrastructure", _ECS, lattice.get("role_arn"))
    for instance in deployment.links.of("aws_ecs_express_gateway_service"):
        node = root(instance)
        yield Use("execution", _TASKS, node.get("execution_role_arn"))
        yield Use("task", _TASKS, node.get("task_role_arn"))
        yield Use("infrastructure", _ECS, node.get("infrastructure_role_arn"))


def _others(deployment: Deployment) -> Iterator[Use]:
    for instance in deployment.links.of("aws_codedeploy_deployment_group"):
        node = root(instance)
        if node.blocks("ecs_service").items:
            yield Use("deployment", "codedeploy.amazonaws.com", node.get("service_role_arn"))
    for instance in deployment.links.of("aws_cloudwatch_event_target"):
        node = root(instance)
        if node.blocks("ecs_target").items:
            yield Use("scheduler", "events.amazonaws.com", node.get("role_arn"))
    for instance in deployment.links.of("aws_scheduler_schedule"):
        for target in root(instance).blocks("target"):
            if target.blocks("ecs_parameters").items:
                yield Use("scheduler", "scheduler.amazonaws.com", target.get("role_arn"))
    for instance in deployment.links.of("aws_pipes_pipe"):
        node = root(instance)
        for target in node.blocks("target_parameters"):
            if target.blocks("ecs_task_parameters").items:
                yield Use("scheduler", "pipes.amazonaws.com", node.get("role_arn"))
