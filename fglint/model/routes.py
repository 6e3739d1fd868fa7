"""Routes: where a destination leads, in every form that writes one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, STRING
from fglint.evaluation.values import NULL, Union, Unknown, Value, plain
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.links import Link, Links
from fglint.model.logic import Tri, agreed, all_of, any_of, outside, same, unknown
from fglint.model.reading import Node, known_text
from fglint.records import dataclass
from fglint.source import Range

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
    "odb_network_arn": "other",
}
DESTINATIONS = (
    "destination_cidr_block",
    "cidr_block",
    "destination_ipv6_cidr_block",
    "ipv6_cidr_block",
    "destination_prefix_list_id",
)
EVERYTHING = "0.0.0.0/0"
_HALVES = ("0.0.0.0/1", "128.0.0.0/1")
_GATEWAYS = {
    "aws_internet_gateway": "internet",
    "aws_nat_gateway": "nat",
    "aws_vpn_gateway": "vpn",
    "aws_egress_only_internet_gateway": "egress_only",
    "aws_ec2_transit_gateway": "central",
    "aws_ec2_carrier_gateway": "internet",
}
_PREFIXES = {
    "igw-": "internet",
    "cagw-": "internet",
    "nat-": "nat",
    "vgw-": "vpn",
    "eigw-": "egress_only",
    "tgw-": "central",
    "vpce-": "central",
    "eni-": "central",
}


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What a route may lead to: its kind ("internet", "nat", …; "" is not known) and the link."""

    kind: str
    link: Link
    node: Node


class Route(Entity):
    """One route of a route table.

    `targets` are what it may lead to: one, or those of both branches of an unknown condition.
    """

    kind = "route"

    def __init__(self, node: Node, targets: tuple[Target, ...], present: Tri) -> None:
        instance = node.instance
        super().__init__(instance.address, instance.header, maybe=present is not True)
        self.node = node
        self.targets = targets
        self.present = present

    def place(self) -> Range | None:
        """Where its target is written; the route where there is none."""
        return self.targets[0].node.place() if len(self.targets) == 1 else self.node.place()

    @attribute(STRING, nullable=True)
    def destination(self) -> Attribute:
        """The CIDR block or prefix list that it is for."""
        for node in self._destinations:
            return node.attribute(STRING)
        return Attribute(NULL, self.place)

    @attribute(STRING)
    def target(self) -> Attribute:
        """What it leads to: internet, nat, central, vpn, peering, egress_only, nothing, other."""
        kinds = {target.kind for target in self.targets}
        if len(kinds) == 1 and "" not in kinds:
            return Attribute(kinds.pop(), self.place)
        return Attribute(Unknown(STRING, unknown(*self._values()).origins), self.place)

    @attribute(BOOL)
    def misplaced(self) -> Attribute:
        """Whether it names a NAT gateway in gateway_id, which AWS takes and Terraform undoes."""
        found = [t for t in self.targets if t.kind == "nat" and t.node.path[-1] == "gateway_id"]
        return Attribute(len(found) == len(self.targets), self.place)

    @attribute(BOOL)
    def default(self) -> Attribute:
        """Whether it is for all of IPv4."""
        return Attribute(self.is_default, self.place)

    @property
    def _destinations(self) -> list[Node]:
        found = [self.node.get(name) for name in DESTINATIONS]
        return [node for node in found if not is_null(node.value) and known_text(node.value) != ""]

    def _values(self) -> Iterator[Value]:
        for target in self.targets:
            yield target.link.value

    @cached_property
    def is_default(self) -> Tri:
        """Whether its destination is all of IPv4; prefix lists and halves may be."""
        answers: list[Tri] = []
        for node in self._destinations:
            if node.path[-1] == "destination_prefix_list_id" or known_text(node.value) in _HALVES:
                answers.append(self._reaches_some(node))
            elif "ipv6" not in str(node.path[-1]):
                answers.append(same(node.value, EVERYTHING))
        return any_of(answers)

    def _reaches_some(self, node: Node) -> Unknown:
        text = known_text(node.value)
        if text is None:
            return unknown(node.value)
        return outside(self.address, f"what of the internet lies in {text}, is not known here")

    def leads_to(self, kind: str) -> Tri:
        """Whether it leads to a target of that kind."""
        return agreed(
            unknown(each.link.value) if each.kind == "" else each.kind == kind
            for each in self.targets
        )

    @cached_property
    def leads_to_internet(self) -> Tri:
        """Whether it makes the subnets public: its target is an internet or carrier gateway."""
        return all_of([self.present, self.leads_to("internet")])


def read_route(links: Links, node: Node, present: Tri) -> Route | None:
    """The route that a `route` block or an aws_route writes; None for a local one."""
    certain: list[Target] = []
    possible: list[Target] = []
    for name, kind in TARGETS.items():
        argument = node.get(name)
        for leaf in _leaves(argument.value):
            if is_null(leaf) or known_text(leaf) == "":
                continue
            link = links.find(leaf, "gateway")
            found = _gateway_kind(link) if kind == "gateway" else kind
            target = Target(found, link, argument)
            if _may_be_null(argument.value):
                possible.append(target)
            else:
                certain.append(target)
    if any(target.kind == "local" for target in certain):
        return None
    targets = tuple(certain or possible)
    if not targets:
        targets = (Target("nothing", Link(NULL), node),)
    return Route(node, targets, present)


def _leaves(value: Value) -> tuple[Value, ...]:
    bare = plain(value)
    if isinstance(bare, Unknown) and isinstance(bare.content, Union):
        return bare.content.leaves
    return (value,)


def _may_be_null(value: Value) -> bool:
    bare = plain(value)
    if not isinstance(bare, Unknown) or bare.not_null:
        return False
    if isinstance(bare.content, Union):
        return any(is_null(leaf) or _may_be_null(leaf) for leaf in bare.content.leaves)
    return bare.ref is None or bare.ref.kind not in ("computed", "data")


def _gateway_kind(link: Link) -> str:
    if link.instance is not None:
        return _GATEWAYS.get(link.instance.type, "other")
    text = known_text(link.value) or ""
    for prefix, kind in _PREFIXES.items():
        if text.startswith(prefix):
            return kind
    if text == "local":
        return "local"
    return "" if link.unknown is not None else "other"
