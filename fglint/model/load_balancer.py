"""Load balancers."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import Presence, Unknown, plain
from fglint.model import stray
from fglint.model.access_logs import Logging
from fglint.model.entity import Attribute, attribute
from fglint.model.existence import exists
from fglint.model.guarding import Guarding
from fglint.model.listing import listing
from fglint.model.logic import Tri, all_of, any_of, same, unknown
from fglint.model.reach import Side
from fglint.model.reading import Node, present
from fglint.model.resource import entities, tri_of
from fglint.model.timing import Timing
from fglint.model.vpc import Vpc
from fglint.model.zones import differ, zone_count
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.listener import Listener
    from fglint.model.network import Subnet

TYPES = ("aws_lb", "aws_alb")


class LoadBalancer(Logging, Timing, Guarding):
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

    # ---- settings -----------------------------------------------------------------------------

    @attribute(BOOL)
    def drops_invalid_headers(self) -> Attribute:
        """Whether headers with invalid names are dropped (drop_invalid_header_fields)."""
        return self.flag("drop_invalid_header_fields")

    @attribute(STRING)
    def desync_mode(self) -> Attribute:
        """How it treats ambiguous requests: `defensive` (the default), `strictest`, `monitor`."""
        return self.written("desync_mitigation_mode")

    @attribute(BOOL)
    def deletion_protection(self) -> Attribute:
        """Whether it cannot be deleted."""
        return self.flag("enable_deletion_protection")

    @attribute(BOOL)
    def cross_zone(self) -> Attribute:
        """Whether it spreads traffic over zones; an Application Load Balancer always does."""
        found = self.flag("enable_cross_zone_load_balancing")
        return Attribute(any_of([self.is_type("application"), tri_of(found.value)]), found.place)

    @attribute(NUMBER)
    def idle_timeout(self) -> Attribute:
        """After how many seconds without traffic it closes a connection; 60 by default."""
        return self.number("idle_timeout")

    @attribute(BOOL)
    def access_logs(self) -> Attribute:
        """Whether access logs are on: a bucket alone does not turn them on."""
        if self.node is None:
            return Attribute(self.unseen(), self.place)
        block = self.node.block("access_logs")
        return Attribute(block.get("enabled").flag(), block.place)

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
        """Where its subnets are written; those that are not there stand behind those that are."""
        if self.node is None:
            return self.place()
        nodes = [self.node.get(name) for name in ("subnets", "subnet_mapping")]
        written = [node for node in nodes if not is_null(node.value)]
        written.sort(key=lambda node: not node.elements().items)
        return written[0].place() if written else self.place()

    @attribute(ListType(EntityType("subnet")))
    def subnets(self) -> Attribute:
        """Its subnets, those of subnet_mapping, too."""
        if self.node is None:
            return Attribute(listing([], [self.unseen()]), self._subnet_place)
        names = ("subnets", "subnet_mapping")
        doubt = unknown(*(self.node.get(name).value for name in names))
        found = [(subnet, doubt if maybe else True) for subnet, maybe in self.subnet_uses]
        return Attribute(listing(found), self._subnet_place)

    @attribute(NUMBER)
    def zone_count(self) -> Attribute:
        """How many Availability Zones its subnets lie in."""
        if self.node is None:
            return Attribute(Unknown(NUMBER, self.unseen().origins, not_null=True), self.place)
        return Attribute(zone_count([subnet for subnet, _ in self.subnet_uses]), self._subnet_place)

    @attribute(BOOL)
    def repeats_zone(self) -> Attribute:
        """Whether two of its subnets lie in one zone, of which each takes one."""
        subnets = [subnet for subnet, _ in self.subnet_uses]
        answers: list[Tri] = []
        for index, subnet in enumerate(subnets):
            for other in subnets[:index]:
                unlike = differ(subnet.zone, other.zone)
                doubt = unknown(subnet.zone_or_cause, other.zone_or_cause)
                answers.append(doubt if unlike is None else not unlike)
        return Attribute(any_of(answers), self._subnet_place)

    @attribute(BOOL)
    def names_subnets_twice(self) -> Attribute:
        """Whether it has both `subnets` and `subnet_mapping`, which exclude each other."""
        if self.node is None:
            return Attribute(self.unseen(), self.place)
        both = [present(self.node.get(name)) for name in ("subnets", "subnet_mapping")]
        return Attribute(all_of(both), self._subnet_place)

    @attribute(BOOL)
    def internet_gateway(self) -> Attribute:
        """Whether an internet gateway is attached to its VPC."""
        if self.node is None:
            return Attribute(self.unseen(), self.place)
        return Attribute(all_of(vpc.has_internet_gateway for vpc in self.vpcs), self._subnet_place)

    @attribute(BOOL)
    def without_gateway(self) -> Attribute:
        """Whether its VPC is known to have no internet gateway; false where it is not known."""
        answer = all_of(vpc.has_internet_gateway for vpc in self.vpcs)
        return Attribute(self.node is not None and answer is False, self._subnet_place)

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

    # ---- what guards it -----------------------------------------------------------------------

    @attribute(ListType(EntityType("security_group_rule")))
    def stray_rules(self) -> Attribute:
        """The rules that let in the whole internet on a port that no listener has."""
        return Attribute(stray.stray_rules(self), self.place)

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
