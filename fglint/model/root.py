"""The root module as a whole: what it deploys on ECS."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.requirements import aws_constraints, terraform_blocks
from fglint.evaluation.inspection import origins_of
from fglint.evaluation.types import BOOL, EntityType, ListType
from fglint.evaluation.values import TupleValue, Unknown, Value, children
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.existence import may_not_exist
from fglint.model.logic import Tri, all_of, any_of, outside
from fglint.model.module_call import module_calls
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

    @attribute(ListType(EntityType("module_call")))
    def module_calls(self) -> Attribute:
        """The module calls of the configuration, those in downloaded modules left out."""
        found = tuple(module_calls(self.deployment.configuration))
        return Attribute(TupleValue(found), self.place)

    @attribute(BOOL)
    def constrains_terraform(self) -> Attribute:
        """Whether it says which versions of Terraform it is for (required_version)."""
        blocks = terraform_blocks(self.deployment.configuration.root.written)
        found = any("required_version" in block.body.attributes for block in blocks)
        return Attribute(found, self._terraform_place)

    def _terraform_place(self) -> Range | None:
        """The first `terraform` block of the root module; what else it has, without one."""
        blocks = list(terraform_blocks(self.deployment.configuration.root.written))
        return blocks[0].header() if blocks else self.place()

    @attribute(BOOL)
    def constrains_provider(self) -> Attribute:
        """Whether it says which versions of hashicorp/aws it is for."""
        found = any(aws_constraints(self.deployment.configuration.root.written))
        return Attribute(found, self._terraform_place)

    @attribute(BOOL)
    def uses_aws(self) -> Attribute:
        """Whether it has a resource or data source of hashicorp/aws."""
        found = any(i.type.startswith("aws_") for i in self.deployment.links.instances)
        return Attribute(found, self.place)

    @attribute(BOOL)
    def has_tasks(self) -> Attribute:
        """Whether it has a service, a run target or a task definition."""
        found = self.deployment.services or self.deployment.links.of("aws_ecs_task_definition")
        return Attribute(bool(found), self.place)

    @cached_property
    def runs_fargate(self) -> Tri:
        """Whether a service or run target of it runs a container on Fargate."""
        answers: list[Tri] = []
        for service in self.deployment.services:
            runs = all_of([service.runs_on_fargate, service.runs_container])
            if runs is True and service.maybe:
                runs = may_not_exist(service.instance)
            answers.append(runs)
        return any_of([*answers, *self._given_out()])

    def _given_out(self) -> Iterator[Unknown]:
        """Why task definitions that nothing runs here may run elsewhere: outputs give them out."""
        module = self.deployment.configuration.root
        idle = {task.address for task in self.deployment.tasks if not task.users}
        for name in module.written.outputs if idle else ():
            for address in sorted(idle & _named_in(module.output(name))):
                because = f"output.{name} gives out {address}, which something else may run"
                yield outside(address, because)

    @attribute(BOOL)
    def deploys_fargate(self) -> Attribute:
        """Whether a service or run target of it runs a container on Fargate."""
        return Attribute(self.runs_fargate, self.place)


def _named_in(value: Value) -> set[str]:
    """The addresses of what the parts of a value are attributes of."""
    found = {origin.address for origin in origins_of(value)}
    return found.union(*map(_named_in, children(value)))
