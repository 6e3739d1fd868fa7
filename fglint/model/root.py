"""The root module as a whole: what it deploys on ECS."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.types import BOOL, EntityType, ListType
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.existence import may_not_exist
from fglint.model.logic import Tri, all_of, any_of
from fglint.model.resource import entities
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment


class Root(Entity):
    """The root module."""

    kind = "root"

    def __init__(self, deployment: Deployment) -> None:
        super().__init__("", deployment.configuration.root_range)
        self.deployment = deployment

    def __str__(self) -> str:
        return "the root module"

    def place(self) -> Range | None:
        """The first of what it has of ECS; else the beginning of its first file."""
        found = [i for i in self.deployment.links.instances if i.type.startswith("aws_ecs_")]
        return found[0].header if found else self.header

    @attribute(BOOL)
    def uses_ecs(self) -> Attribute:
        """Whether it has a resource of ECS."""
        found = any(
            instance.mode == "managed" and instance.type.startswith("aws_ecs_")
            for instance in self.deployment.links.instances
        )
        return Attribute(found, self.place)

    @attribute(ListType(EntityType("service")))
    def services(self) -> Attribute:
        """Its services, task sets and run targets."""
        found = [(service, service.maybe) for service in self.deployment.services]
        return Attribute(entities(found), self.place)

    @cached_property
    def runs_fargate(self) -> Tri:
        """Whether a service or run target of it runs a container on Fargate."""
        answers: list[Tri] = []
        for service in self.deployment.services:
            runs = all_of([service.runs_on_fargate, service.runs_container])
            if runs is True and service.maybe:
                runs = may_not_exist(service.instance)
            answers.append(runs)
        return any_of(answers)

    @attribute(BOOL)
    def deploys_fargate(self) -> Attribute:
        """Whether a service or run target of it runs a container on Fargate."""
        return Attribute(self.runs_fargate, self.place)
