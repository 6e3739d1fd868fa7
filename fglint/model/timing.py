"""How long connections through a load balancer stay open, and those behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.model.container_parts import Part
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.forwarding import LISTENERS
from fglint.model.listing import listing
from fglint.model.logic import Tri, all_of
from fglint.model.reading import Node, known_text, root
from fglint.model.resource import Resource

if TYPE_CHECKING:
    from fglint.model.container import Container

# Variables by which applications are told how long they keep an idle connection.
_KEEP_ALIVE = re.compile(
    r"^(?:\w+_)?(?:KEEP_?ALIVE(?:_TIMEOUT(?:_SECONDS)?)?|TIMEOUT_KEEP_?ALIVE)$", re.IGNORECASE
)
_GROUP_SETTING = "load_balancing_cross_zone_enabled"


class KeepAlive(Part):
    """How long an application behind a load balancer keeps an idle connection."""

    kind = "keep_alive"

    def __init__(self, owner: Container, entry: Node) -> None:
        super().__init__(owner, entry.get("value"))
        self.entry = entry
        self.of_container = owner

    def __str__(self) -> str:
        return known_text(self.entry.get("name").value) or "a variable"

    @attribute(NUMBER)
    def time(self) -> Attribute:
        """Its value: seconds, or milliseconds where the application counts in those."""
        return self.node.attribute(NUMBER)

    @attribute(EntityType("container"))
    def container(self) -> Attribute:
        """The container that gets it."""
        return Attribute(self.of_container, self.place)


class Timing(Resource):
    """The parts of a load balancer that say how long connections stay open."""

    @attribute(NUMBER)
    def client_keep_alive(self) -> Attribute:
        """After how many seconds it closes a client's connection; 3600 by default."""
        return self.number("client_keep_alive")

    @attribute(ListType(EntityType("tcp_listener")))
    def tcp_listeners(self) -> Attribute:
        """Its listeners that say after how many seconds they forget an idle TCP connection."""
        found: list[tuple[Entity, Tri]] = [
            (TcpListener(self, node), True)
            for node in self._listeners()
            if not _is_absent(node.get("tcp_idle_timeout_seconds"))
        ]
        return Attribute(listing(found), self.place)

    def _listeners(self) -> Iterator[Node]:
        links = self.deployment.links
        for instance in links.of(*LISTENERS):
            node = root(instance)
            value = node.get("load_balancer_arn").value
            if links.matches(value, "load_balancer", self.link) is True:
                yield node

    @attribute(ListType(EntityType("keep_alive")))
    def keep_alives(self) -> Attribute:
        """What variables tell applications behind it of idle connections, where that is known."""
        found: list[tuple[Entity, Tri]] = []
        for pair in self.deployment.service_listeners:
            if pair.of_listener.owner is not self:
                continue
            for container in pair.of_service.containers:
                if container.is_target is True:
                    found.extend((KeepAlive(container, e), True) for e in _told(container))
        seen: set[object] = set()
        kept: list[tuple[Entity, Tri]] = []
        for one, sure in found:
            key = (one.address, str(one), str(one.part_of))
            if key not in seen:
                seen.add(key)
                kept.append((one, sure))
        return Attribute(listing(kept), self.place)

    @attribute(BOOL)
    def groups_cross_zone(self) -> Attribute:
        """Whether all its target groups spread traffic over zones by their own setting."""
        answers: list[Tri] = []
        for edge in self.deployment.forwarding.edges:
            listener = self.deployment.listener(edge.listener)
            if listener.owner is self:
                link = self.deployment.links.find(edge.target.value, "target_group")
                group = self.deployment.target_group(link)
                if group.node is None:
                    answers.append(group.unseen())
                else:
                    answers.append(group.node.get(_GROUP_SETTING).equals("true"))
        return Attribute(all_of(answers) if answers else False, self.place)


class TcpListener(Part):
    """A listener that says how long it remembers an idle TCP connection."""

    kind = "tcp_listener"

    def __init__(self, owner: Resource, node: Node) -> None:
        super().__init__(owner, node)
        self.address = node.instance.address

    def __str__(self) -> str:
        return self.address

    @attribute(NUMBER)
    def idle_timeout(self) -> Attribute:
        """After how many seconds it forgets an idle connection; 350 by default."""
        return self.node.get("tcp_idle_timeout_seconds").attribute(NUMBER)

    @attribute(STRING)
    def protocol(self) -> Attribute:
        """Its protocol."""
        return self.node.get("protocol").attribute(STRING)


def _is_absent(node: Node) -> bool:
    return is_null(node.value)


def _told(container: Container) -> Iterator[Node]:
    """The entries of `environment` that are numbers for idle connections."""
    for entry in container.node.get("environment").elements():
        name = known_text(entry.get("name").value) or ""
        value = known_text(entry.get("value").text()) or ""
        if _KEEP_ALIVE.match(name) and value.isdigit():
            yield entry
