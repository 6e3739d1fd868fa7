"""Resources and data sources as they are written: for rules that judge arguments of any type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.types import BOOL, DYNAMIC, STRING, EntityType, ListType
from fglint.evaluation.values import TupleValue, Value
from fglint.model.balancer_names import name_fault
from fglint.model.deprecated import outdated
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.mechanisms import conflict, mixture
from fglint.model.reading import root
from fglint.model.secret_argument import secret_arguments
from fglint.model.unused import is_used

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment


class Arguments(Entity):
    """The arguments of a resource, each an attribute; what is not written has its default.

    An argument that the type does not have is null.
    """

    def __init__(self, instance: Instance) -> None:
        super().__init__(instance.address, instance.header, maybe=instance.maybe)
        self.node = root(instance)

    def read(self, name: str) -> Attribute:
        """The argument of that name."""
        return self.node.get(name).attribute(DYNAMIC)

    def get(self, name: str) -> Value:
        """The value of the argument of that name."""
        return self.read(name).value


class AnyResource(Entity):
    """A resource or data source of any type."""

    kind = "resource"

    def __init__(self, deployment: Deployment, instance: Instance) -> None:
        super().__init__(instance.address, instance.header, maybe=instance.maybe)
        self.deployment = deployment
        self.instance = instance

    @attribute(STRING)
    def type(self) -> Attribute:
        """Its type: `aws_lb`."""
        return Attribute(self.instance.type, self.place)

    @attribute(BOOL)
    def managed(self) -> Attribute:
        """Whether it is a resource; false for a data source."""
        return Attribute(self.instance.mode == "managed", self.place)

    @attribute(STRING, nullable=True)
    def conflict(self) -> Attribute:
        """Which other resource undoes what this one manages, as a clause; null for none."""
        return Attribute(conflict(self.deployment, self.instance), self.place)

    @attribute(STRING, nullable=True)
    def mixture(self) -> Attribute:
        """Which rule makes the direction that a group does not write inline; null for none."""
        return Attribute(mixture(self.deployment, self.instance), self.place)

    @attribute(STRING, nullable=True)
    def name_fault(self) -> Attribute:
        """What is wrong with the name of a load balancer or target group; null for nothing."""
        return name_fault(self.instance)

    @attribute(BOOL)
    def used(self) -> Attribute:
        """Whether something uses it: another resource, a module, an output.

        What only furnishes it (rules of a security group, policies of a role) does not count.
        """
        return Attribute(is_used(self.deployment, self.instance), self.place)

    @attribute(ListType(EntityType("deprecation")))
    def deprecations(self) -> Attribute:
        """What of it is on its way out of the versions of the provider that are permitted."""
        found = outdated(self.deployment, self.instance, self.deployment.permitted)
        return Attribute(TupleValue(tuple(found)), self.place)

    @attribute(DYNAMIC)
    def arguments(self) -> Attribute:
        """Its arguments by name, defaults included: `resource.arguments.name`."""
        return Attribute(Arguments(self.instance), self.place)

    @attribute(ListType(EntityType("secret_argument")))
    def secret_arguments(self) -> Attribute:
        """Its arguments that take a secret, of the types that do."""
        return Attribute(TupleValue(tuple(secret_arguments(self.instance))), self.place)
