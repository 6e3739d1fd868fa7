"""As which role ECS starts a task: the execution role that its definition names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import Unknown
from fglint.model.logic import outside
from fglint.model.task import Task

if TYPE_CHECKING:
    from fglint.model.role import Role
    from fglint.model.service import Service


def definition_of(owner: Task | Service) -> Task | Service | None:
    """What names the execution role; None where the task definition is not here."""
    if isinstance(owner, Task) or owner.managed:
        return owner
    return owner.task


def unseen_definition(service: Task | Service) -> Unknown:
    """Why nothing is known of the task definition of a service."""
    because = f"the task definition of {service} lies outside the configuration"
    return outside(service.address, because)


def execution_role(owner: Task | Service) -> Role | None:
    """The execution role of a task definition, or of a service's; None where none is named."""
    definition = definition_of(owner)
    if definition is None:
        return None
    if isinstance(definition, Task):
        return definition.role
    value = definition.whole.get("execution_role_arn").value
    deployment = definition.deployment
    return None if is_null(value) else deployment.role(deployment.links.find(value, "role"))
