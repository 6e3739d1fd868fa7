"""Security groups and their rules, in every form that writes one, normalised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, Presence, Unknown, Value, plain
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.existence import exists
from fglint.model.links import Link
from fglint.model.logic import Tri, all_of, any_of, same, unknown
from fglint.model.reading import Node, known_text, root, whole_number
from fglint.model.resource import Resource, entities
from fglint.source import Range
from fglint.syntax.nodes import Literal

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.service import Service

EVERYWHERE = ("0.0.0.0/0", "::/0")
ALL = "-1"
# The protocol argument may be a name or IANA's number.
_NAMES = {"all": ALL, "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
_KEY = re.compile(r"\[[^\]]*\]")
_PEERS = {
    "cidr_blocks": "cidr",
    "ipv6_cidr_blocks": "cidr6",
    "prefix_list_ids": "prefix_list",
    "security_groups": "group",
    "source_security_group_id": "group",
    "cidr_ipv4": "cidr",
    "cidr_ipv6": "cidr6",
    "prefix_list_id": "prefix_list",
    "referenced_security_group_id": "group",
}
STANDALONE = {
    "aws_vpc_security_group_ingress_rule": "ingress",
    "aws_vpc_security_group_egress_rule": "egress",
}


class SecurityGroupRule(Entity):
    """What one rule of a security group says of one peer.

    `peer_kind` is "cidr", "cidr6", "group", "prefix_list" or "self"; `written` is the node with the
    rule's other arguments. `present` tells whether the rule is there.
    """

    kind = "security_group_rule"

    def __init__(
        self,
        group: SecurityGroup,
        written: Node,
        way: str,
        peer_kind: str,
        peer: Node,
        present: Tri,
    ) -> None:
        instance = written.instance
        super().__init__(instance.address, instance.header, maybe=present is not True)
        self.group = group
        self.written = written
        self.way = way
        self.peer_kind = peer_kind
        self.peer_node = peer
        self.present = present

    @property
    def doubt(self) -> Tri:
        """Whether the rule is there; why it may not be."""
        return self.present

    def place(self) -> Range | None:
        """Where the peer is written."""
        return self.peer_node.place()

    @attribute(STRING)
    def direction(self) -> Attribute:
        """`ingress` or `egress`."""
        return Attribute(self.way, self.written.place)

    @cached_property
    def protocol_value(self) -> Value:
        """The protocol: "tcp", "udp", …, "-1" for all."""
        key = "ip_protocol" if self.written.instance.type in STANDALONE else "protocol"
        value = self.written.get(key).text()
        text = known_text(value)
        if text is None:
            return value
        return _NAMES.get(text.lower(), text.lower())

    @attribute(STRING)
    def protocol(self) -> Attribute:
        """tcp, udp, icmp, …; -1 for all."""
        return Attribute(self.protocol_value, self.written.get("protocol").place)

    @attribute(NUMBER, nullable=True)
    def from_port(self) -> Attribute:
        """The first port; null where the protocol is all, to which ports mean nothing."""
        return self._port("from_port")

    @attribute(NUMBER, nullable=True)
    def to_port(self) -> Attribute:
        """The last port; null where the protocol is all, to which ports mean nothing."""
        return self._port("to_port")

    def _port(self, name: str) -> Attribute:
        node = self.written.get(name)
        value = NULL if self.is_all is True else node.number()
        return Attribute(value, node.place)

    @attribute(STRING, nullable=True)
    def cidr(self) -> Attribute:
        """The addresses of the peer; null where it is no CIDR block."""
        value = self.peer_node.text() if self.peer_kind in ("cidr", "cidr6") else NULL
        return Attribute(value, self.peer_node.place)

    @attribute(EntityType("security_group"))
    def security_group(self) -> Attribute:
        """The security group that it belongs to."""
        return Attribute(self.group, self.written.place)

    @attribute(EntityType("security_group"), nullable=True)
    def peer(self) -> Attribute:
        """The security group that is the peer; null where none is."""
        link = self.peer_link
        value: Value = NULL if link is None else self.group.deployment.security_group(link)
        return Attribute(value, self.peer_node.place)

    @attribute(BOOL)
    def all_traffic(self) -> Attribute:
        """Whether it is for all protocols and ports."""
        return Attribute(self.is_all, self.written.place)

    @attribute(BOOL)
    def open(self) -> Attribute:
        """Whether its peer is the whole internet: 0.0.0.0/0 or ::/0."""
        return Attribute(self.is_open, self.peer_node.place)

    @attribute(BOOL)
    def whole_vpc(self) -> Attribute:
        """Whether its peer is all addresses of the VPC, or more."""
        from fglint.model import reach  # which reads rules

        return Attribute(reach.covers_vpc(self), self.peer_node.place)

    @attribute(STRING, nullable=True)
    def description(self) -> Attribute:
        """What its author says of it."""
        return self.written.get("description").attribute(STRING)

    @attribute(STRING)
    def gist(self) -> Attribute:
        """What it lets through, in words: `TCP 443 from the internet`."""
        return Attribute(f"{self._what()} {self._whence()}", self.place)

    def _what(self) -> str:
        """The ports that are written as numbers: others would make it wrong when they change."""
        nodes = [self.written.get(name) for name in ("from_port", "to_port")]
        first, last = (whole_number(node.number()) for node in nodes)
        trails = [node.instance.trail(node.path) for node in nodes]
        literal = all(trail is not None and isinstance(trail.node, Literal) for trail in trails)
        protocol = known_text(self.protocol_value)
        if self.is_all is not False or protocol is None or not literal or first is None:
            return "All traffic" if self.is_all is True else "Traffic"
        return (
            f"{protocol.upper()} {first}" if first == last else f"{protocol.upper()} {first}-{last}"
        )

    def _whence(self) -> str:
        """The peer, where it is written there: another would make it wrong when it changes."""
        toward = "from" if self.way == "ingress" else "to"
        beside = [each for each in self.group.contents[0] if each.written is self.written]
        peer = None if self.peer_link is None else self.peer_link.instance
        trail = self.peer_node.instance.trail(self.peer_node.path)
        literal = trail is not None and isinstance(trail.node, Literal)
        if literal and all(each.is_open is True for each in beside):
            return f"{toward} the internet"
        if len(beside) > 1:
            return f"{toward} {len(beside)} peers"
        if self.peer_kind == "self":
            return f"{toward} itself"
        if peer is not None:
            return f"{toward} {peer.type}.{peer.name}"
        text = known_text(self.peer_node.value)
        return f"{toward} {text if text and literal else 'the given addresses'}"

    # ---- for other entities -------------------------------------------------------------------

    @cached_property
    def is_all(self) -> Tri:
        """Whether it is for all protocols and ports."""
        return same(self.protocol_value, ALL)

    @cached_property
    def is_open(self) -> Tri:
        """Whether its peer is the whole internet."""
        if self.peer_kind not in ("cidr", "cidr6"):
            return False
        return any_of(same(self.peer_node.text(), each) for each in EVERYWHERE)

    @cached_property
    def peer_link(self) -> Link | None:
        """The security group that is the peer."""
        if self.peer_kind == "self":
            return self.group.link
        if self.peer_kind != "group":
            return None
        return self.group.deployment.group_link(self.peer_node.value)

    def covers(self, protocol: Value, port: Value) -> Tri:
        """Whether it is for a port of a protocol. tcp from 0 to 0 is port 0 alone."""
        ports = all_of([same(self.protocol_value, protocol), self._spans(port)])
        return any_of([self.is_all, ports])

    def _spans(self, port: Value) -> Tri:
        first, last = (self.written.get(name).number() for name in ("from_port", "to_port"))
        low, high, wanted = whole_number(first), whole_number(last), whole_number(port)
        if low == -1:
            return True
        if low is not None and high is not None and wanted is not None:
            return low <= wanted <= high
        if same(first, port) is True or same(last, port) is True:
            return True
        if low == 0 and high == 65535:
            return True
        if is_null(first) or is_null(last):
            return unknown(self.written.get("from_port").value)
        return unknown(first, last, port)


def _plainly(address: str) -> str:
    """An address without module path and keys, whose quotes no description may have."""
    return ".".join(_KEY.sub("", address).split(".")[-2:])


class SecurityGroup(Resource):
    """A security group with all its rules; the address of a VPC's own one is the VPC's."""

    kind = "security_group"

    @cached_property
    def is_default(self) -> bool:
        """Whether it is the group that AWS makes with a VPC."""
        found = self.link.instance
        return found is not None and found.type != "aws_security_group"

    @cached_property
    def is_unmanaged_default(self) -> bool:
        """Whether it is a VPC's own group, whose rules are those that AWS gives it."""
        return self.is_default and not self.external and self.address_type != _DEFAULT

    @property
    def address_type(self) -> str:
        """The type of the resource; "" for what lies outside."""
        return "" if self.instance is None else self.instance.type

    @cached_property
    def contents(self) -> tuple[list[SecurityGroupRule], list[Value]]:
        """Its rules, and why there may be others.

        Terraform takes away the egress that AWS gives a new group, so that what is not written is
        not there.
        """
        rules: list[SecurityGroupRule] = []
        doubts: list[Value] = []
        if self.node is None or self.is_unmanaged_default:
            doubts.append(self.unseen())
        else:
            for way in ("ingress", "egress"):
                found = self.node.get(way).elements()
                for item in found.items:
                    present: Tri = (
                        True if item.presence is Presence.ONE else unknown(found.rest or NULL)
                    )
                    rules.extend(self._peers(item.node, way, present))
                if found.rest is not None and not found.items:
                    doubts.append(found.rest)
        for node, way, present in self._separate():
            rules.extend(self._peers(node, way, present))
        return rules, doubts

    def _separate(self) -> Iterator[tuple[Node, str, Tri]]:
        links = self.deployment.links
        for type_ in ("aws_security_group_rule", *STANDALONE):
            for instance in links.of(type_):
                node = root(instance)
                mine = self.deployment.names_group(node.get("security_group_id").value, self.link)
                present = all_of([mine, exists(instance, self.instance)])
                if present is not False:
                    way = STANDALONE.get(type_) or known_text(node.get("type").value) or ""
                    yield node, way, present

    def _peers(self, node: Node, way: str, present: Tri) -> Iterator[SecurityGroupRule]:
        if node.get("self").flag() is not False:
            own = node.get("self")
            there = all_of([present, own.flag()])
            yield SecurityGroupRule(self, node, way, "self", own, there)
        for name, kind in _PEERS.items():
            argument = node.get(name)
            if is_null(argument.value):
                continue
            bare = plain(argument.value)
            single = name.endswith(("_id", "_ipv4", "_ipv6"))
            if single or (isinstance(bare, Unknown) and not argument.elements().items):
                yield SecurityGroupRule(self, node, way, kind, argument, present)
                continue
            for item in argument.elements().items:
                there = (
                    present if item.presence is Presence.ONE else all_of([present, unknown(bare)])
                )
                yield SecurityGroupRule(self, node, way, kind, item.node, there)

    # ---- attributes ---------------------------------------------------------------------------

    def _rules(self, way: str) -> Attribute:
        rules, doubts = self.contents
        found = [(rule, rule.maybe) for rule in rules if rule.way == way]
        rest = unknown(*doubts) if doubts else None
        place = self.place if self.node is None else self.node.get(way).place
        return Attribute(entities(found, rest), place)

    @attribute(ListType(EntityType("security_group_rule")))
    def ingress(self) -> Attribute:
        """What it lets in: one rule for each peer of each written rule."""
        return self._rules("ingress")

    @attribute(ListType(EntityType("security_group_rule")))
    def egress(self) -> Attribute:
        """What it lets out; a group without any written egress lets nothing out."""
        return self._rules("egress")

    @attribute(STRING, nullable=True)
    def description(self) -> Attribute:
        """What its author says of it; "Managed by Terraform" where nothing is written."""
        return self.written("description")

    @attribute(BOOL)
    def default(self) -> Attribute:
        """Whether it is the security group that AWS makes with a VPC, which is called default."""
        found = self.link.instance
        if found is None:
            return Attribute(self.unseen(), self.place)
        if found.mode == "data" and not self.is_default:
            return Attribute(self._is_called_default(root(found)), self.place)
        return Attribute(self.is_default, self.place)

    def _is_called_default(self, node: Node) -> Tri:
        names = [node.get("name").value]
        for block in node.blocks("filter"):
            if known_text(block.get("name").value) == "group-name":
                names.extend(item.value for item in block.get("values").elements())
        texts = [known_text(name) for name in names if not is_null(name)]
        return "default" in texts if texts and None not in texts else self.unseen()

    @attribute(BOOL)
    def inline(self) -> Attribute:
        """Whether rules are written in it; others then belong there, too."""
        from fglint.model.openings import rules_are_inline  # which reads who uses groups

        return Attribute(rules_are_inline(self), self.place)

    @attribute(STRING, nullable=True)
    def purpose(self) -> Attribute:
        """What it is for, by what has it: `Tasks of NAME`, `Load balancer NAME`; else null."""
        for service in self.service_list:
            return Attribute(f"Tasks of {_plainly(service.address)}", self.place)
        for balancer in self.deployment.load_balancers:
            if any(group is self for group in balancer.side.groups):
                return Attribute(f"Load balancer {_plainly(balancer.address)}", self.place)
        return Attribute(NULL, self.place)

    @attribute(EntityType("vpc"))
    def vpc(self) -> Attribute:
        """The VPC that it belongs to."""
        return Attribute(self.deployment.vpc_named(self.written_node, self), self.place)

    @cached_property
    def service_list(self) -> list[Service]:
        """The services and run targets on Fargate that use it."""
        same = self.deployment.links.same
        return [
            service
            for service in self.deployment.services
            if service.runs_on_fargate is not False
            and any(same(group.link, self.link) is True for group in service.group_list)
        ]

    @attribute(ListType(EntityType("service")))
    def services(self) -> Attribute:
        """The services and run targets on Fargate that use it."""
        found = [(each, each.maybe and not self.maybe) for each in self.service_list]
        return Attribute(entities(found), self.place)

    @attribute(BOOL)
    def sees_clients(self) -> Attribute:
        """Whether tasks with it see clients' own addresses, behind an NLB without groups."""
        answers = [
            binding.sees_client_addresses
            for service in self.service_list
            for binding in service.binding_list
        ]
        return Attribute(any_of(answers), self.place)


_DEFAULT = "aws_default_security_group"


def canonical(deployment: Deployment, link: Link) -> Link:
    """What manages a VPC's own security group; the VPC itself where nothing does."""
    if link.instance is None or "security_group" in link.instance.type:
        return link
    for instance in deployment.links.of(_DEFAULT):
        found = deployment.links.find(root(instance).get("vpc_id").value, "vpc")
        if found.instance is link.instance:
            return Link(link.value, instance, exact=link.exact)
    return link
