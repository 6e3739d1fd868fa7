"""Route tables, their routes, and which table a subnet uses."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, STRING, EntityType, ListType
from fglint.evaluation.values import Presence, TupleValue, Unknown, Value, plain
from fglint.model.entity import Attribute, attribute
from fglint.model.existence import exists
from fglint.model.links import Link, Links
from fglint.model.logic import Tri, agreed, all_of, any_of, outside, unknown
from fglint.model.reading import known_text, root
from fglint.model.resource import Resource, entities
from fglint.model.routes import Route, read_route

if TYPE_CHECKING:
    from fglint.model.nat import NatGateway
    from fglint.model.network import Subnet
    from fglint.model.vpc import Vpc

TABLES = ("aws_route_table", "aws_default_route_table")


class RouteTable(Resource):
    """A route table; a VPC's implicit main table has the VPC's address."""

    kind = "route_table"

    @cached_property
    def is_implicit(self) -> bool:
        """Whether it is the main table that AWS makes with a VPC, which has a local route only."""
        return self.instance is not None and self.instance.type not in TABLES

    @cached_property
    def contents(self) -> tuple[list[Route], list[Value]]:
        """Its routes, and why there may be others."""
        routes: list[Route] = []
        doubts: list[Value] = []
        if self.instance is None:
            doubts.append(self.unseen())
        elif not self.is_implicit:
            inline, more = _inline(self.deployment.links, self.instance)
            routes.extend(inline)
            doubts.extend(more)
        routes.extend(self.deployment.tables.separate(self))
        return routes, [*doubts, *self.deployment.additions(self)]

    @cached_property
    def propagated(self) -> Tri:
        """Whether a virtual private gateway may add routes to it."""
        answers: list[Tri] = []
        if self.node is not None and not self.is_implicit:
            found = self.node.get("propagating_vgws").elements()
            answers.append(unknown(found.rest) if found.rest is not None else bool(found.items))
        tables = self.deployment.tables
        for instance in self.deployment.links.of("aws_vpn_gateway_route_propagation"):
            value = root(instance).get("route_table_id").value
            answers.append(tables.names(value, self.link))
        return any_of(answers)

    @cached_property
    def is_public(self) -> Tri:
        """Whether a route leads to an internet gateway, as in the default VPC's main table."""
        if self.instance is not None and self.instance.type == "aws_default_vpc":
            return True
        routes, doubts = self.contents
        answer = any_of(route.leads_to_internet for route in routes)
        return answer if answer is True or not doubts else unknown(*doubts, answer)

    def default_routes(self) -> Iterator[tuple[Route, Tri]]:
        """The routes that may lead all of IPv4, each with whether it does."""
        for route in self.contents[0]:
            applies = all_of([route.is_default, route.present])
            if applies is not False:
                yield route, applies

    @attribute(ListType(EntityType("route")))
    def routes(self) -> Attribute:
        """Its routes but the local one, those of aws_route included."""
        routes, doubts = self.contents
        found = [(route, route.maybe) for route in routes]
        return Attribute(entities(found, unknown(*doubts) if doubts else None), self.place)

    @cached_property
    def default_users(self) -> list[Subnet]:
        """The subnets of services and load balancers that use it for want of their own."""
        used = set(self.deployment.used_subnets)
        return [
            subnet
            for subnet in self.deployment.subnets
            if subnet in used and subnet.tables == [self] and subnet.uses_main_table is True
        ]

    @attribute(ListType(EntityType("subnet")))
    def used_by_default(self) -> Attribute:
        """The subnets of services and load balancers that no association gives a table."""
        return Attribute(entities([(subnet, False) for subnet in self.default_users]), self.place)

    @attribute(ListType(STRING))
    def repeated_destinations(self) -> Attribute:
        """The destinations that two of its routes are for."""
        seen: dict[str, int] = {}
        for route in self.contents[0]:
            text = known_text(route.read("destination").value)
            if text is not None and route.present is True:
                seen[text] = seen.get(text, 0) + 1
        found = tuple(text for text, count in seen.items() if count > 1)
        return Attribute(TupleValue(found), self.place)

    @attribute(ListType(EntityType("subnet")))
    def contested_subnets(self) -> Attribute:
        """The subnets that it and another table are both associated with."""
        tables = self.deployment.tables
        found = [
            (subnet, False)
            for subnet in self.deployment.subnets
            if self in subnet.tables and tables.association_count(subnet) > 1
        ]
        return Attribute(entities(found), self.place)

    @attribute(ListType(EntityType("nat_gateway")))
    def looping_nat_gateways(self) -> Attribute:
        """The NAT gateways of its routes that lie in a subnet which uses it."""
        found: dict[NatGateway, bool] = {}
        for route in self.contents[0]:
            for target in route.targets:
                if target.kind == "nat" and target.link.instance is not None:
                    nat = self.deployment.nat_gateway(target.link)
                    if any(subnet.tables == [self] for subnet in nat.subnet_choices):
                        found[nat] = route.present is not True or len(route.targets) > 1
        return Attribute(entities(list(found.items())), self.place)

    @attribute(ListType(EntityType("subnet")))
    def task_subnets(self) -> Attribute:
        """The subnets that use it and in which tasks of services run."""
        found = [
            (subnet, len(subnet.tables) > 1)
            for subnet in self.deployment.subnets
            if self in subnet.tables and subnet.has_tasks
        ]
        return Attribute(entities(found), self.place)

    @attribute(BOOL)
    def implicit(self) -> Attribute:
        """Whether it is the main table that AWS makes with the VPC and nobody manages."""
        return Attribute(self.is_implicit, self.place)

    @attribute(BOOL)
    def public(self) -> Attribute:
        """Whether one of its routes leads to an internet gateway."""
        return Attribute(self.is_public, self.place)

    @attribute(ListType(EntityType("subnet")))
    def subnets(self) -> Attribute:
        """The subnets of the configuration that use it."""
        found = [
            (subnet, len(subnet.tables) > 1 or (subnet.maybe and not self.maybe))
            for subnet in self.deployment.subnets
            if any(self.deployment.links.same(t.link, self.link) is True for t in subnet.tables)
        ]
        return Attribute(entities(found), self.place)


def _inline(links: Links, table: Instance) -> tuple[list[Route], list[Value]]:
    node = root(table).get("route")
    found = node.elements()
    routes: list[Route] = []
    for item in found.items:
        present: Tri = True if item.presence is Presence.ONE else unknown(node.value)
        route = read_route(links, item.node, present)
        if route is not None:
            routes.append(route)
    complete = found.rest is None or bool(found.items)
    return routes, [] if complete or found.rest is None else [found.rest]


class Tables:
    """All route tables of a configuration, their routes and associations."""

    def __init__(self, links: Links) -> None:
        self.links = links

    def separate(self, table: RouteTable) -> Iterator[Route]:
        """The routes that aws_route resources add to a table, those that may be of another, too."""
        for instance in self.links.of("aws_route"):
            node = root(instance)
            mine = self.names(node.get("route_table_id").value, table.link)
            present = all_of([mine, exists(instance, table.instance)])
            if present is not False:
                route = read_route(self.links, node, present)
                if route is not None:
                    yield route

    def names(self, value: Value, table: Link) -> Tri:
        """Whether a value names a route table."""
        found = [self.links.same(each, table) for each in self.named(value)]
        return found[0] if len(found) == 1 else agreed(found, value)

    # ---- which table --------------------------------------------------------------------------

    def named(self, value: Value) -> list[Link]:
        """The route tables that a value may name; a VPC's main table is what manages it."""
        found = self.links.candidates(value, "route_table")
        return [self._managed(link) for link in found if not link.nothing]

    def _managed(self, link: Link) -> Link:
        """What manages a VPC's default table; the VPC itself where nothing does."""
        if link.instance is None or link.instance.type in TABLES or link.instance.mode == "data":
            return link
        for table in self.links.of("aws_default_route_table"):
            value = root(table).get("default_route_table_id").value
            if self.links.find(value, "route_table").instance is link.instance:
                return Link(value, table, exact=link.exact)
        return link

    def association_count(self, subnet: Subnet) -> int:
        """How many associations there certainly are of a subnet."""
        found = [
            all_of(
                [
                    self.links.matches(root(one).get("subnet_id").value, "subnet", subnet.link),
                    exists(one, subnet.link.instance),
                ]
            )
            for one in self.links.of("aws_route_table_association")
        ]
        return sum(answer is True for answer in found)

    def of(self, subnet: Subnet) -> tuple[list[Link], list[Value]]:
        """The route tables that a subnet may use, one where it is certain, and the doubts.

        An explicit association goes before the main table of the VPC.
        """
        found: list[Link] = []
        doubts: list[Value] = []
        for instance in self.links.of("aws_route_table_association"):
            node = root(instance)
            value = node.get("subnet_id").value
            if is_null(value):
                continue
            named = self.links.matches(value, "subnet", subnet.link)
            mine = all_of([named, exists(instance, subnet.link.instance)])
            if mine is True:
                return self.named(node.get("route_table_id").value), []
            if mine is not False:
                found.extend(self.named(node.get("route_table_id").value))
                doubts.append(mine)
        main, more = self._main(subnet.vpc)
        return [*found, *main], [*doubts, *more]

    def _main(self, vpc: Vpc) -> tuple[list[Link], list[Value]]:
        found: list[Link] = []
        doubts: list[Value] = []
        for instance in self.links.of("aws_main_route_table_association"):
            node = root(instance)
            named = self.links.matches(node.get("vpc_id").value, "vpc", vpc.link)
            mine = all_of([named, exists(instance, vpc.instance)])
            if mine is True:
                return self.named(node.get("route_table_id").value), []
            if mine is not False:
                found.extend(self.named(node.get("route_table_id").value))
                doubts.append(mine)
        if vpc.instance is None:
            cause = _outside(vpc)
            return [*found, Link(cause, unknown=cause)], doubts
        own = Link(vpc.link.value, vpc.instance, exact=vpc.link.exact)
        return [*found, self._managed(own)], doubts


def _outside(vpc: Vpc) -> Unknown:
    """Why the main table of a VPC outside the configuration is not known."""
    bare = plain(vpc.link.value)
    if vpc.link.instance is None and isinstance(bare, Unknown) and bare.ref is None:
        return unknown(bare)
    return outside(str(vpc), f"the main route table of {vpc} lies outside the configuration")
