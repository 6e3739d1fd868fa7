"""Load balancers and target groups."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, Presence, Unknown, Value, is_null, plain
from fglint.model.entity import Attribute, attribute
from fglint.model.existence import exists
from fglint.model.logic import Tri, all_of, any_of, same, unknown
from fglint.model.reach import Side
from fglint.model.reading import Node, known_text
from fglint.model.resource import Resource, entities
from fglint.model.vpc import Vpc
from fglint.model.zones import zone_count
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.binding import Binding
    from fglint.model.listener import Listener
    from fglint.model.network import Subnet

__all__ = ["LoadBalancer", "Resource", "TargetGroup", "entities"]

TYPES = ("aws_lb", "aws_alb")
GROUP_TYPES = ("aws_lb_target_group", "aws_alb_target_group")


class LoadBalancer(Resource):
    """An Application, Network or Gateway Load Balancer."""

    kind = "load_balancer"

    @attribute(STRING)
    def type(self) -> Attribute:
        """`application` (the default), `network` or `gateway`."""
        return self.written("load_balancer_type")

    def is_type(self, wanted: str) -> Tri:
        """Whether it is of a type."""
        return same(self.written("load_balancer_type").value, wanted)

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """Its name; null where Terraform or name_prefix makes one."""
        return self.written("name")

    @cached_property
    def is_internal(self) -> Tri:
        """Whether it has no public address."""
        value = plain(self.flag("internal").value)
        return value if isinstance(value, (bool, Unknown)) else False

    @attribute(BOOL)
    def internal(self) -> Attribute:
        """Whether it has no public address; false unless it says otherwise."""
        return Attribute(self.is_internal, self.flag("internal").place)

    @attribute(BOOL)
    def certainly_internet_facing(self) -> Attribute:
        """Whether it is known to have public addresses; false where it is not known."""
        return Attribute(self.is_internal is False, self.flag("internal").place)

    @attribute(BOOL)
    def states_scheme(self) -> Attribute:
        """Whether `internal` is written, be it true or false."""
        if self.node is None:
            return Attribute(self.unseen(), self.place)
        node = self.node.get("internal")
        return Attribute(not is_null(node.value), node.place)

    # ---- network ------------------------------------------------------------------------------

    @cached_property
    def subnet_nodes(self) -> list[tuple[Node, bool]]:
        """What names its subnets, each with whether it may not be there."""
        if self.node is None:
            return []
        subnets = self.node.get("subnets").elements().items
        found = [(item.node, item.presence is not Presence.ONE) for item in subnets]
        mapped = self.node.blocks("subnet_mapping").items
        found.extend((i.node.get("subnet_id"), i.presence is not Presence.ONE) for i in mapped)
        return found

    @cached_property
    def subnet_uses(self) -> list[tuple[Subnet, bool]]:
        """Its subnets, each with whether it may not be there."""
        found: dict[Subnet, bool] = {}
        nodes = self.subnet_nodes
        for node, maybe in nodes:
            link = self.deployment.links.find(node.value, "subnet")
            if not link.nothing:
                found.setdefault(self.deployment.subnet(link), maybe and len(nodes) > 1)
        return list(found.items())

    def _subnet_place(self) -> Range | None:
        for name in ("subnets", "subnet_mapping") if self.node is not None else ():
            assert self.node is not None
            node = self.node.get(name)
            if not is_null(node.value) and node.elements().items:
                return node.place()
        return self.place()

    @attribute(ListType(EntityType("subnet")))
    def subnets(self) -> Attribute:
        """Its subnets, those of subnet_mapping, too."""
        rest = self.unseen() if self.node is None else None
        return Attribute(entities(self.subnet_uses, rest), self._subnet_place)

    @attribute(NUMBER)
    def zone_count(self) -> Attribute:
        """How many Availability Zones its subnets lie in."""
        if self.node is None:
            return Attribute(Unknown(NUMBER, self.unseen().origins, not_null=True), self.place)
        return Attribute(zone_count([subnet for subnet, _ in self.subnet_uses]), self._subnet_place)

    @cached_property
    def vpcs(self) -> list[Vpc]:
        """The VPCs of its subnets, each once: one where nothing is wrong."""
        return list(dict.fromkeys(subnet.vpc for subnet, _ in self.subnet_uses))

    @cached_property
    def side(self) -> Side:
        """What security groups see of it."""
        subnets = tuple(subnet for subnet, _ in self.subnet_uses)
        if self.node is None:
            return Side((), (), (self.unseen(),))
        node = self.node.get("security_groups")
        groups, doubts = self.deployment.groups_of(node)
        if not groups and not doubts:
            if self.is_type("network") is True:
                return Side((), subnets, filtered=False)
            groups = [self.deployment.default_group(vpc) for vpc in self.vpcs]
        return Side(tuple(groups), subnets, tuple(doubts))

    @attribute(BOOL)
    def filtered(self) -> Attribute:
        """Whether security groups filter what reaches it: not for an NLB that has none."""
        return Attribute(self.side.filtered, self.place)

    @attribute(ListType(EntityType("security_group")))
    def security_groups(self) -> Attribute:
        """Its security groups; the VPC's own one for an Application Load Balancer without any."""
        rest = unknown(*self.side.doubts) if self.side.doubts else None
        found = [(group, group.maybe and not self.maybe) for group in self.side.groups]
        place = self.place
        if self.node is not None and not is_null(self.node.get("security_groups").value):
            place = self.node.get("security_groups").place
        return Attribute(entities(found, rest), place)

    # ---- listeners ----------------------------------------------------------------------------

    @cached_property
    def listener_list(self) -> list[tuple[Listener, bool]]:
        """Its listeners, each with whether it may not be one."""
        found: list[tuple[Listener, bool]] = []
        for listener in self.deployment.listeners:
            assert listener.node is not None and listener.instance is not None
            value = listener.node.get("load_balancer_arn").value
            mine = self.deployment.links.matches(value, "load_balancer", self.link)
            answer = all_of([mine, exists(listener.instance, self.instance)])
            if answer is not False:
                found.append((listener, answer is not True))
        return found

    @attribute(ListType(EntityType("listener")))
    def listeners(self) -> Attribute:
        """Its listeners."""
        rest = self.unseen() if self.node is None else None
        return Attribute(entities(self.listener_list, rest), self.place)

    @cached_property
    def fronts_service(self) -> Tri:
        """Whether one of its listeners leads to a service on Fargate."""
        return any_of(
            unknown(*pair.doubts) if pair.maybe and not self.maybe else True
            for pair in self.deployment.service_listeners
            if pair.of_listener.owner is self
        )

    @attribute(BOOL)
    def serves(self) -> Attribute:
        """Whether one of its listeners leads to a service on Fargate."""
        return Attribute(self.fronts_service, self.place)


class TargetGroup(Resource):
    """A target group."""

    kind = "target_group"

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """Its name; null where Terraform or name_prefix makes one."""
        return self.written("name")

    @attribute(STRING)
    def target_type(self) -> Attribute:
        """`instance` (the default), `ip`, `lambda` or `alb`."""
        return self.written("target_type")

    @attribute(STRING, nullable=True)
    def protocol(self) -> Attribute:
        """The protocol to its targets; null where none is written."""
        return self.written("protocol")

    @attribute(NUMBER, nullable=True)
    def port(self) -> Attribute:
        """The port that targets get without one of their own."""
        return self.number("port")

    @cached_property
    def vpc(self) -> Vpc:
        """The VPC of its targets."""
        return self.deployment.vpc_named(self.written_node, self)

    @attribute(EntityType("vpc"))
    def vpc_(self) -> Attribute:
        """The VPC of its targets."""
        place = self.place if self.node is None else self.node.get("vpc_id").place
        return Attribute(self.vpc, place)

    @cached_property
    def keeps_client_address(self) -> Tri:
        """Whether targets see the clients' addresses: for ip targets of TCP and TLS on request."""
        protocol = self.written("protocol").value
        if known_text(protocol) in ("UDP", "TCP_UDP", "QUIC", "TCP_QUIC"):
            return True
        if self.node is None:
            return self.unseen()
        return self.node.get("preserve_client_ip").flag()

    @cached_property
    def health_check_port(self) -> Value:
        """The port of its health check where it is not that of the traffic; else null."""
        if self.node is None:
            return NULL
        node = self.node.block("health_check").get("port")
        if is_null(node.value) or known_text(node.text()) in ("traffic-port", ""):
            return NULL
        return node.number()

    @cached_property
    def binding_list(self) -> list[Binding]:
        """The `load_balancer` blocks of services that name it."""
        same_group = self.deployment.links.same
        return [
            binding
            for service in self.deployment.services
            for binding in service.binding_list
            if same_group(binding.group.link, self.link) is True
        ]

    @attribute(ListType(EntityType("load_balancer_binding")))
    def bindings(self) -> Attribute:
        """The `load_balancer` blocks of services that name it."""
        found = [(one, one.maybe and not self.maybe) for one in self.binding_list]
        return Attribute(entities(found), self.place)

    @attribute(BOOL)
    def serves(self) -> Attribute:
        """Whether a service on Fargate registers its tasks with it."""
        answers = [binding.of_service.runs_on_fargate for binding in self.binding_list]
        return Attribute(any_of(answers), self.place)
