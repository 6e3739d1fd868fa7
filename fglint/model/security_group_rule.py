"""Rules of security groups, one entity for each peer, normalised."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType
from fglint.evaluation.values import NULL, Value
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.links import Link
from fglint.model.logic import Tri, all_of, any_of, same, unknown
from fglint.model.reading import Node, known_text, whole_number
from fglint.source import Range
from fglint.syntax.nodes import Literal

if TYPE_CHECKING:
    from fglint.model.security_group import SecurityGroup

EVERYWHERE = ("0.0.0.0/0", "::/0")
ALL = "-1"
# The protocol argument may be a name or IANA's number.
_NAMES = {"all": ALL, "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}
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
