"""Route tables, their routes, and which table a subnet uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from fglint.configuration.instance import Instance
from fglint.evaluation.values import Presence, Unknown, Value, is_null, plain
from fglint.model.links import Link, Links
from fglint.model.logic import Tri, all_of, any_of, outside, unknown
from fglint.model.reading import Node, known_text, root

# Arguments of a route that name its target, and what the target is.
TARGETS = {
    "gateway_id": "gateway",
    "nat_gateway_id": "nat",
    "egress_only_gateway_id": "egress_only",
    "carrier_gateway_id": "internet",
    "transit_gateway_id": "central",
    "core_network_arn": "central",
    "vpc_endpoint_id": "central",
    "network_interface_id": "central",
    "instance_id": "central",
    "vpc_peering_connection_id": "peering",
    "local_gateway_id": "other",
}
DESTINATIONS = (
    "destination_cidr_block",
    "cidr_block",
    "destination_ipv6_cidr_block",
    "ipv6_cidr_block",
    "destination_prefix_list_id",
)
_GATEWAYS = {
    "aws_internet_gateway": "internet",
    "aws_nat_gateway": "misplaced_nat",
    "aws_vpn_gateway": "vpn",
    "aws_egress_only_internet_gateway": "egress_only",
    "aws_ec2_transit_gateway": "central",
    "aws_ec2_carrier_gateway": "internet",
}


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """One route: where it stands, what it leads to ("internet", "nat", …) and by which link.

    `kind` is "" when the target is not known; `present` tells whether the route is there.
    """

    node: Node
    kind: str
    target: Link
    present: Tri

    @property
    def is_default(self) -> Tri:
        """Whether the destination is all of IPv4."""
        written = [self.node.get(name) for name in DESTINATIONS]
        values = [node.value for node in written if not is_null(node.value)]
        if any(known_text(value) == "0.0.0.0/0" for value in values):
            return True
        doubts = [value for value in values if isinstance(plain(value), Unknown)]
        return unknown(*doubts) if doubts else False

    @property
    def leads_to_internet(self) -> Tri:
        """Whether it makes the subnets public: its target is an internet or carrier gateway."""
        if self.kind == "internet":
            return self.present
        if self.kind == "":
            return unknown(self.target.value)
        return False


def read_route(links: Links, node: Node, present: Tri) -> Route | None:
    """The route that a `route` block or an aws_route writes; None for a local one."""
    doubts: list[Value] = []
    for name, kind in TARGETS.items():
        value = node.get(name).value
        if is_null(value) or known_text(value) == "":
            continue
        bare = plain(value)
        if isinstance(bare, Unknown) and not bare.not_null and bare.ref is None:
            doubts.append(value)
            continue
        link = links.find(value, "gateway")
        if kind == "gateway":
            kind = _gateway_kind(link)
            if kind == "local":
                return None
        return Route(node, kind, link, present)
    if doubts:
        return Route(node, "", Link(doubts[0], unknown=_unknown(doubts[0])), present)
    return Route(node, "nothing", Link(node.get("gateway_id").value), present)


def _unknown(value: Value) -> Unknown | None:
    bare = plain(value)
    return bare if isinstance(bare, Unknown) else None


def _gateway_kind(link: Link) -> str:
    if link.instance is not None:
        return _GATEWAYS.get(link.instance.type, "other")
    text = known_text(link.value) or ""
    for prefix, kind in (("igw-", "internet"), ("nat-", "misplaced_nat"), ("vgw-", "vpn")):
        if text.startswith(prefix):
            return kind
    if text == "local":
        return "local"
    return ""


class Tables:
    """All route tables of a configuration, their routes and associations."""

    def __init__(self, links: Links) -> None:
        self.links = links

    # ---- routes -------------------------------------------------------------------------------

    @cached_property
    def _separate(self) -> tuple[dict[Instance, list[Node]], list[Value]]:
        """The aws_route resources by table, and the table arguments that name none we know."""
        found: dict[Instance, list[Node]] = {}
        doubts: list[Value] = []
        for instance in self.links.of("aws_route"):
            node = root(instance)
            link = self.links.find(node.get("route_table_id").value, "route_table")
            if link.instance is not None:
                found.setdefault(link.instance, []).append(node)
            elif link.unknown is not None:
                doubts.append(link.value)
        return found, doubts

    def routes(self, table: Instance) -> tuple[list[Route], list[Value]]:
        """The routes of a table (for a VPC: of its main table), and what might be more."""
        routes: list[Route] = []
        doubts: list[Value] = []
        if table.type in ("aws_route_table", "aws_default_route_table"):
            inline, more = self._inline(table)
            routes.extend(inline)
            doubts.extend(more)
        separate, unresolved = self._separate
        for node in separate.get(table, ()):
            present: Tri = True
            if node.instance.maybe and not table.maybe:
                present = outside(node.instance.address, _may_not_exist(node.instance))
            route = read_route(self.links, node, present)
            if route is not None:
                routes.append(route)
        return routes, [*doubts, *unresolved]

    def _inline(self, table: Instance) -> tuple[list[Route], list[Value]]:
        node = root(table).get("route")
        bare = plain(node.value)
        if isinstance(bare, Unknown) and bare.ref is not None and bare.ref.kind == "computed":
            return [], []  # not configured: the provider reports what others have made
        elements = node.elements()
        routes: list[Route] = []
        for item in elements.items:
            certain = item.presence is Presence.ONE
            present: Tri = True if certain else unknown(bare)
            route = read_route(self.links, item.node, present)
            if route is not None:
                routes.append(route)
        return routes, [] if elements.rest is None else [elements.rest]

    # ---- the table of a subnet ----------------------------------------------------------------

    @cached_property
    def _associations(self) -> tuple[dict[Instance, list[Node]], list[Value]]:
        found: dict[Instance, list[Node]] = {}
        doubts: list[Value] = []
        for instance in self.links.of("aws_route_table_association"):
            node = root(instance)
            value = node.get("subnet_id").value
            link = self.links.find(value, "subnet")
            if link.instance is not None:
                found.setdefault(link.instance, []).append(node)
            elif link.unknown is not None:
                doubts.append(value)
        return found, doubts

    def table_of(self, subnet: Instance) -> Link:
        """The route table that a subnet uses: an explicit one, or its VPC's main table.

        A VPC's implicit main table is the VPC's instance. Unknown when the VPC is not here.
        """
        explicit, doubts = self._associations
        for node in explicit.get(subnet, ()):
            if node.instance.maybe and not subnet.maybe:
                because = _may_not_exist(node.instance)
                return _not_known(outside(node.instance.address, because))
            return self.links.find(node.get("route_table_id").value, "route_table")
        if doubts:
            return _not_known(unknown(*doubts))
        vpc = self.links.find(root(subnet).get("vpc_id").value, "vpc")
        return self._main(vpc)

    def _main(self, vpc: Link) -> Link:
        instance = vpc.instance
        if instance is None or instance.mode == "data":
            return _not_known(
                unknown(vpc.value)
                if isinstance(plain(vpc.value), Unknown)
                else outside(known_text(vpc.value) or "", "the VPC lies outside the configuration")
            )
        for main in self.links.of("aws_main_route_table_association"):
            node = root(main)
            if self.links.find(node.get("vpc_id").value, "vpc").instance is instance:
                return self.links.find(node.get("route_table_id").value, "route_table")
        for table in self.links.of("aws_default_route_table"):
            value = root(table).get("default_route_table_id").value
            if self.links.find(value, "route_table").instance is instance:
                return Link(value, table)
        return Link(vpc.value, instance)

    def routes_of(self, subnet: Instance) -> tuple[list[Route], list[Value]]:
        """The routes of the table that a subnet uses, and what might be more."""
        table = self.table_of(subnet)
        if table.instance is None or table.instance.mode == "data":
            cause = table.unknown or outside(
                f"{subnet.address}'s route table", "the route table lies outside the configuration"
            )
            return [], [cause]
        return self.routes(table.instance)

    def is_public(self, subnet: Instance) -> Tri:
        """Whether a route of the subnet's table leads to an internet gateway."""
        routes, doubts = self.routes_of(subnet)
        answer = any_of(route.leads_to_internet for route in routes)
        if answer is True or not doubts:
            return answer
        return unknown(*doubts, *([answer] if isinstance(answer, Unknown) else []))

    def default_routes(self, subnet: Instance) -> Iterator[tuple[Route, Tri]]:
        """The routes that may lead all of IPv4, each with whether it does."""
        for route in self.routes_of(subnet)[0]:
            applies = all_of([route.is_default, route.present])
            if applies is not False:
                yield route, applies


def _may_not_exist(instance: Instance) -> str:
    return f"whether {instance.address} exists is not known"


def _not_known(cause: Unknown) -> Link:
    return Link(cause, unknown=cause)


