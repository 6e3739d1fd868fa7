"""Whether the addresses of a subnet are enough for what may run in it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null, origins_of
from fglint.evaluation.types import NUMBER, EntityType, ListType
from fglint.evaluation.values import Unknown, Value, plain
from fglint.model.entity import Attribute, attribute
from fglint.model.resource import Resource, entities

if TYPE_CHECKING:
    from fglint.model.load_balancer import LoadBalancer
    from fglint.model.service import Service


class Addresses(Resource):
    """The parts of a subnet that count addresses."""

    @property
    def _users(self) -> list[Service]:
        return [
            service
            for service in self.deployment.services
            if service.form == "service" and any(each is self for each in service.subnet_list)
        ]

    @attribute(NUMBER)
    def task_demand(self) -> Attribute:
        """How many tasks run in it at most, spread evenly over the subnets of their services.

        A service has its greatest number of tasks, and those that a deployment adds.
        """
        total = Fraction(0)
        doubts: list[Value] = []
        for service in self._users:
            most = _most(service)
            if isinstance(most, Fraction):
                total += most / max(len(service.subnet_list), 1)
            else:
                doubts.append(most)
        if doubts:
            origins = dict.fromkeys(o for each in doubts for o in origins_of(each))
            value = Unknown(NUMBER, tuple(origins), not_null=True, minimum=total)
            return Attribute(value, self.place)
        whole = int(total) if total == int(total) else int(total) + 1
        return Attribute(whole, self.place)

    @attribute(ListType(EntityType("load_balancer")))
    def load_balancers(self) -> Attribute:
        """The load balancers that have an interface in it."""
        found: list[tuple[LoadBalancer, bool]] = [
            (balancer, maybe)
            for balancer in self.deployment.load_balancers
            for subnet, maybe in balancer.subnet_uses
            if subnet is self
        ]
        return Attribute(entities(found), self.place)


def _most(service: Service) -> Fraction | Value:
    """The most tasks of a service while it deploys, or why that is not known."""
    targets = [one for one, mine in service.scaling_list if mine is True]
    count = targets[0].get("max_capacity") if targets else service.get("desired_count")
    if not targets and isinstance(service.is_autoscaled, Unknown):
        return service.is_autoscaled
    percent = service.get("maximum_percent")
    numbers = [plain(each) for each in (count, percent)]
    for each in numbers:
        if isinstance(each, Unknown):
            return each
    tasks, share = (
        Fraction(0) if is_null(each) or isinstance(each, (str, bool)) else Fraction(each)  # type: ignore[arg-type]
        for each in numbers
    )
    return tasks * share / 100
