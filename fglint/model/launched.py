"""What launches tasks, in whatever form: the resource, and the task definition that it runs."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, STRING, EntityType
from fglint.evaluation.values import NULL, Unknown, Value
from fglint.model.container import Container
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.launch import Launch
from fglint.model.logic import Tri, any_of, outside
from fglint.model.reading import Node, root
from fglint.model.task import Task

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment

_FORMS = {
    "aws_ecs_service": "service",
    "aws_ecs_task_set": "task_set",
    "aws_ecs_express_gateway_service": "express",
}


class Launched(Entity):
    """The parts of a service that all forms share.

    `launch` has what all forms have under one set of names; `whole` is the resource.
    """

    def __init__(self, deployment: Deployment, launch: Launch) -> None:
        instance = launch.instance
        super().__init__(instance.address, instance.header, maybe=instance.maybe)
        self.deployment = deployment
        self.launch = launch
        self.instance = instance
        self.whole = root(instance)
        self.subject = launch.part
        self.form = _FORMS.get(instance.type, "run_target")
        self.is_service = self.form in ("service", "task_set")
        self.managed = self.form == "express"

    def _flag(self, answer: Tri, node: Node | None = None) -> Attribute:
        return Attribute(answer, self.place if node is None else node.place)

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """Its name; null for a run target."""
        return self.whole.get("service_name" if self.managed else "name").attribute(STRING)

    @attribute(STRING)
    def form_(self) -> Attribute:
        """`service`, `task_set`, `express` (Express Mode) or `run_target`."""
        return Attribute(self.form, self.place)

    @attribute(BOOL)
    def managed_edge(self) -> Attribute:
        """Whether ECS makes load balancer, listener and certificate itself (Express Mode)."""
        return self._flag(self.managed)

    @attribute(BOOL)
    def run_target(self) -> Attribute:
        """Whether it is a target that runs tasks now and then, and no service."""
        return self._flag(self.form == "run_target")

    # ---- the task -----------------------------------------------------------------------------

    @cached_property
    def task_link(self) -> tuple[Task | None, Unknown | None]:
        """Its task definition, or why it is not known."""
        node = self.launch.task_definition
        return (None, None) if is_null(node.value) else self.deployment.task_of(node.value)

    @property
    def task(self) -> Task | None:
        """Its task definition, where it is in the configuration."""
        return self.task_link[0]

    @attribute(EntityType("task"), nullable=True)
    def task_definition(self) -> Attribute:
        """The task definition that it runs; null where it names none."""
        task, cause = self.task_link
        value: Value = task or (NULL if cause is None else Unknown(origins=cause.origins))
        return Attribute(value, self.launch.task_definition.place)

    @property
    def containers(self) -> list[Container]:
        """The containers of its task, as far as they are known."""
        return [] if self.task is None else self.task.container_list

    @property
    def runs_container(self) -> Tri:
        """Whether its task definition has a container."""
        certain = any(not container.maybe for container in self.containers)
        maybe = self.task is not None and self.task.maybe and bool(self.containers)
        return any_of([self.managed or certain or maybe, *self.unseen_containers()])

    def unseen_containers(self) -> list[Unknown]:
        """Why there may be other containers."""
        task, cause = self.task_link
        if task is not None:
            return [] if task.unread is None else [task.unread]
        if cause is None and self.form == "service":
            return []  # an EXTERNAL deployment: its task sets name the task definition
        if cause is None:
            cause = outside(self.address, f"what {self} runs is not known")
        return [cause]
