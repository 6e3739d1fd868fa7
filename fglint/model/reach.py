"""Whether security groups let traffic through from one thing to another."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import Unknown, Value, plain
from fglint.model.logic import Tri, all_of, any_of, same, unknown
from fglint.model.reading import known_text, root, whole_number
from fglint.model.security_group import SecurityGroup
from fglint.model.security_group_rule import SecurityGroupRule
from fglint.records import dataclass

if TYPE_CHECKING:
    from fglint.model.network import Subnet

_FACTS = "security_groups"
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One end of a connection: the security groups on it, and the subnets that it lies in.

    `doubts` are why it may have other groups. Without `filtered`, as a Network Load Balancer that
    has no groups, nothing is filtered on it, and no rule can name it but by its addresses.
    """

    groups: tuple[SecurityGroup, ...]
    subnets: tuple[Subnet, ...]
    doubts: tuple[Value, ...] = field(default=())
    filtered: bool = True


def allow(source: Side, target: Side, protocol: Value, port: Value) -> Tri:
    """Whether a port of the target can be reached from the source."""
    return all_of([leave(source, target, protocol, port), enter(source, target, protocol, port)])


def enter(source: Side, target: Side, protocol: Value, port: Value) -> Tri:
    """Whether the target lets the source in."""
    return _passes("ingress", target, source, protocol, port)


def leave(source: Side, target: Side, protocol: Value, port: Value) -> Tri:
    """Whether the source lets its traffic out to the target."""
    return _passes("egress", source, target, protocol, port)


def _passes(way: str, own: Side, other: Side, protocol: Value, port: Value) -> Tri:
    if not own.filtered:
        return True
    rules = [rule for rule in _rules(own, way) if rule.covers(protocol, port) is not False]
    doubts = [*own.doubts, *(d for group in own.groups for d in unread(group, way))]
    stated = any_of(is_stated(group, way, protocol, port) for group in own.groups)
    places: Sequence[Subnet | None] = other.subnets or (None,)
    answers: list[Tri] = []
    for place in places:
        found: list[Tri] = []
        for rule in rules:
            there = all_of([rule.present, rule.covers(protocol, port)])
            found.append(all_of([there, _is_peer(rule, other, place)]))
        found.extend(_by_default(group, way, other) for group in own.groups)
        found.append(stated)
        answers.append(any_of([*found, *([unknown(*doubts)] if doubts else [])]))
    return all_of(answers)


def rules_for(
    side: Side, way: str, protocol: Value, port: Value
) -> Iterator[tuple[SecurityGroupRule, Tri]]:
    """The rules of a side that are for a port, each with whether it certainly is."""
    for rule in _rules(side, way):
        there = all_of([rule.present, rule.covers(protocol, port)])
        if there is not False:
            yield rule, there


def _rules(side: Side, way: str) -> Iterable[SecurityGroupRule]:
    for group in side.groups:
        yield from (rule for rule in group.contents[0] if rule.way == way)


def unread(group: SecurityGroup, way: str) -> list[Value]:
    """Why a group may have other rules of a direction."""
    if group.is_unmanaged_default:
        return []
    doubts = group.contents[1]
    facts = group.deployment.facts
    return [] if doubts and facts.stated(group, _FACTS, way) is not None else doubts


def is_stated(group: SecurityGroup, way: str, protocol: Value, port: Value) -> Tri:
    """Whether facts say that an outside group lets a TCP port of this configuration pass."""
    if not group.external:
        return False
    stated = group.deployment.facts.stated(group, _FACTS, way)
    if not isinstance(stated, list):
        return False
    number = whole_number(port)
    tcp = same(protocol, "tcp")
    return all_of([tcp, unknown(port) if number is None else number in stated])


def _by_default(group: SecurityGroup, way: str, other: Side) -> Tri:
    """What a VPC's own group lets through as AWS makes it: all out, and in what has it, too."""
    if not group.is_unmanaged_default:
        return False
    if way == "egress":
        return True
    same_group = group.deployment.links.same
    return any_of(same_group(group.link, each.link) for each in other.groups)


def _is_peer(rule: SecurityGroupRule, other: Side, place: Subnet | None) -> Tri:
    """Whether a rule's peer is the other side, in one of its subnets."""
    if rule.peer_kind in ("group", "self"):
        if not other.filtered:
            return False
        link = rule.peer_link
        assert link is not None
        found = [rule.group.deployment.links.same(link, each.link) for each in other.groups]
        return any_of([*found, *([unknown(*other.doubts)] if other.doubts else [])])
    value = rule.peer_node.text()
    if rule.peer_kind == "prefix_list":
        return False if _is_of_aws(rule) else unknown(value)
    if known_text(value) == "0.0.0.0/0":
        return True
    if rule.peer_kind == "cidr6":
        return unknown(value) if place is None or place.only_ipv6 is not False else False
    return unknown(value) if place is None else covers(value, place)


def _is_of_aws(rule: SecurityGroupRule) -> bool:
    """Whether a prefix list is that of an AWS service, which holds no address of a VPC."""
    links = rule.group.deployment.links
    found = links.find(rule.peer_node.value, "prefix_list").instance
    if found is None:
        return False
    name = known_text(root(found).get("name").value) or ""
    return found.type in ("aws_vpc_endpoint", "aws_prefix_list") or name.startswith(
        "com.amazonaws."
    )


# ---- addresses --------------------------------------------------------------------------------


def covers(cidr: Value, subnet: Subnet) -> Tri:
    """Whether a CIDR block holds all addresses of a subnet."""
    own = subnet.read("cidr_block").value
    if same(cidr, own) is True and not is_null(own):
        return True
    wide, narrow = network_of(cidr), network_of(own)
    if wide is not None and narrow is not None:
        return _holds(wide, narrow)
    whole = subnet.vpc.read("cidr_block").value
    if is_null(whole) or subnet.vpc.has_more_addresses:
        return unknown(cidr, own)
    if same(cidr, whole) is True:
        return True
    all_of_it = network_of(whole)
    if wide is not None and all_of_it is not None:
        if _holds(wide, all_of_it):
            return True
        if not wide.overlaps(all_of_it):
            return False
    return unknown(cidr, own)


def is_of_vpc(rule: SecurityGroupRule) -> bool:
    """Whether a rule's peer is known to be addresses of a VPC or subnet of the configuration."""
    bare = plain(rule.peer_node.value)
    ref = bare.ref if isinstance(bare, Unknown) else None
    found = None if ref is None else rule.group.deployment.links.at(ref.address)
    return found is not None and found.mode == "managed" and found.type in ("aws_vpc", "aws_subnet")


def covers_vpc(rule: SecurityGroupRule) -> Tri:
    """Whether a rule's peer is all addresses of the VPC that its group belongs to."""
    if rule.peer_kind != "cidr":
        return False
    vpc = rule.group.deployment.vpc_named(rule.group.written_node, rule.group)
    value, whole = rule.peer_node.text(), vpc.read("cidr_block").value
    if same(value, whole) is True and not is_null(whole):
        return True
    wide, narrow = network_of(value), network_of(whole)
    if wide is not None and narrow is not None:
        return _holds(wide, narrow)
    return unknown(value, whole)


def network_of(value: Value) -> _Network | None:
    """The addresses of a known CIDR block; None for all else."""
    text = known_text(value)
    if text is None or isinstance(plain(value), Unknown):
        return None
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _holds(wide: _Network, narrow: _Network) -> bool:
    if isinstance(wide, ipaddress.IPv4Network) and isinstance(narrow, ipaddress.IPv4Network):
        return narrow.subnet_of(wide)
    if isinstance(wide, ipaddress.IPv6Network) and isinstance(narrow, ipaddress.IPv6Network):
        return narrow.subnet_of(wide)
    return False
