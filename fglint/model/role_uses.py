"""Who uses which role: tasks, ECS itself, deployments and schedulers.

Source: Amazon ECS Developer Guide, "IAM roles for Amazon ECS", and the pages of the other services
on the role that they assume; read 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, STRING
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.reading import Node, known_text, root
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.role import Role

_TASKS = "ecs-tasks.amazonaws.com"
_ECS = "ecs.amazonaws.com"
_MACHINE = "aws_sfn_state_machine"


class RoleUse(Entity):
    """One use of a role: what for, and the service that assumes it."""

    kind = "role_use"

    def __init__(self, purpose: str, principal: str, node: Node) -> None:
        instance = node.instance
        super().__init__(instance.address, instance.header, maybe=instance.maybe)
        self.purpose_text = purpose
        self.principal_text = principal
        self.node = node
        self.role: Role

    def place(self) -> Range | None:
        """Where the role is named."""
        return self.node.place()

    @attribute(STRING)
    def purpose(self) -> Attribute:
        """`execution`, `task`, `infrastructure`, `deployment` or `scheduler`."""
        return Attribute(self.purpose_text, self.place)

    @attribute(STRING)
    def principal(self) -> Attribute:
        """The service that assumes the role."""
        return Attribute(self.principal_text, self.place)

    @attribute(BOOL)
    def trusted(self) -> Attribute:
        """Whether the role's trust policy lets that service assume it."""
        return Attribute(self.role.trusts(self.principal_text), self.place)


def uses(deployment: Deployment) -> Iterator[RoleUse]:
    """All uses of roles, in the order of the resources that name them."""
    for use in (*_tasks(deployment), *_services(deployment), *_others(deployment)):
        if is_null(use.node.value) or known_text(use.node.value) == "":
            continue
        use.role = deployment.role(deployment.links.find(use.node.value, "role"))
        yield use


def _tasks(deployment: Deployment) -> Iterator[RoleUse]:
    for task in deployment.tasks:
        yield RoleUse("execution", _TASKS, task.node.get("execution_role_arn"))
        yield RoleUse("task", _TASKS, task.node.get("task_role_arn"))


def _services(deployment: Deployment) -> Iterator[RoleUse]:
    for instance in deployment.links.of("aws_ecs_service"):
        node = root(instance)
        for volume in node.blocks("volume_configuration"):
            for disk in volume.blocks("managed_ebs_volume"):
                yield RoleUse("infrastructure", _ECS, disk.get("role_arn"))
        for binding in node.blocks("load_balancer"):
            for advanced in binding.blocks("advanced_configuration"):
                yield RoleUse("infrastructure", _ECS, advanced.get("role_arn"))
        for connect in node.blocks("service_connect_configuration"):
            for service in connect.blocks("service"):
                for tls in service.blocks("tls"):
                    yield RoleUse("infrastructure", _ECS, tls.get("role_arn"))
        for lattice in node.blocks("vpc_lattice_configurations"):
            yield RoleUse("infrastructure", _ECS, lattice.get("role_arn"))
    for instance in deployment.links.of("aws_ecs_express_gateway_service"):
        node = root(instance)
        yield RoleUse("execution", _TASKS, node.get("execution_role_arn"))
        yield RoleUse("task", _TASKS, node.get("task_role_arn"))
        yield RoleUse("infrastructure", _ECS, node.get("infrastructure_role_arn"))


def _others(deployment: Deployment) -> Iterator[RoleUse]:
    for instance in deployment.links.of("aws_codedeploy_deployment_group"):
        node = root(instance)
        if node.blocks("ecs_service").items:
            yield RoleUse("deployment", "codedeploy.amazonaws.com", node.get("service_role_arn"))
    for instance in deployment.links.of("aws_cloudwatch_event_target"):
        node = root(instance)
        if node.blocks("ecs_target").items:
            yield RoleUse("scheduler", "events.amazonaws.com", node.get("role_arn"))
    for instance in deployment.links.of("aws_scheduler_schedule"):
        for target in root(instance).blocks("target"):
            if target.blocks("ecs_parameters").items:
                yield RoleUse("scheduler", "scheduler.amazonaws.com", target.get("role_arn"))
    for instance in deployment.links.of("aws_pipes_pipe"):
        node = root(instance)
        for target in node.blocks("target_parameters"):
            if target.blocks("ecs_task_parameters").items:
                yield RoleUse("scheduler", "pipes.amazonaws.com", node.get("role_arn"))
    machines = dict.fromkeys(s.instance for s in deployment.services if s.instance.type == _MACHINE)
    for instance in machines:
        yield RoleUse("scheduler", "states.amazonaws.com", root(instance).get("role_arn"))
