"""The chain from a service's `load_balancer` block to the listeners that lead to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, Unknown, Value, plain
from fglint.model.any_resource import AnyResource
from fglint.model.container import Container
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.forwarding import Lead
from fglint.model.listing import listing
from fglint.model.logic import Tri, all_of, any_of, negated, one_of, outside, same, unknown
from fglint.model.reading import Node, known_text, whole_number
from fglint.model.switching import AdvancedConfiguration
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.listener import Listener
    from fglint.model.load_balancer import LoadBalancer
    from fglint.model.service import Service
    from fglint.model.target_group import TargetGroup

# Protocols of target groups by the load balancers that can use them.
PROTOCOLS = {
    "application": ("HTTP", "HTTPS"),
    "network": ("TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"),
}
_UDP_ONLY = ("UDP", "QUIC")
_BOTH = ("TCP_UDP", "TCP_QUIC")


class Chain(Entity):
    """What a `load_balancer` block says, and the links from there to listeners."""

    def __init__(self, service: Service, node: Node, index: int, maybe: bool) -> None:
        super().__init__(service.address, service.header, maybe=service.maybe or maybe)
        self.part_of = service
        self.of_service = service
        self.node = node
        self.subject = f"load_balancer {index}"

    def place(self) -> Range | None:
        """The block."""
        return self.node.place()

    @property
    def deployment(self) -> Deployment:
        """The deployment."""
        return self.of_service.deployment

    def _at(self, name: str, value: Value) -> Attribute:
        node = self.node.get(name)
        return Attribute(value, self.place if is_null(node.value) else node.place)

    # ---- what the block says ------------------------------------------------------------------

    @attribute(EntityType("service"))
    def service(self) -> Attribute:
        """The service."""
        return Attribute(self.of_service, self.place)

    @cached_property
    def group(self) -> TargetGroup:
        """Its target group."""
        value = self.node.get("target_group_arn").value
        return self.deployment.target_group(self.deployment.links.find(value, "target_group"))

    @cached_property
    def groups(self) -> list[TargetGroup]:
        """Its target group, and those that a blue/green deployment switches to."""
        links = self.deployment.links
        nodes = self.deployment.forwarding.partners(self.group.link)
        for block in self.node.blocks("advanced_configuration"):
            nodes.append(block.get("alternate_target_group_arn"))
        found = [links.find(node.value, "target_group") for node in nodes]
        others = [self.deployment.target_group(link) for link in found if not link.nothing]
        return list(dict.fromkeys([self.group, *others]))

    @property
    def is_classic(self) -> bool:
        """Whether it names a Classic Load Balancer."""
        name = self.node.get("elb_name").value
        return not is_null(name) and known_text(name) != ""

    @attribute(BOOL)
    def classic(self) -> Attribute:
        """Whether it names a Classic Load Balancer, which cannot serve Fargate tasks."""
        return self._at("elb_name", self.is_classic)

    @attribute(EntityType("target_group"))
    def target_group(self) -> Attribute:
        """The target group that the block names."""
        return self._at("target_group_arn", self.group)

    @attribute(STRING, nullable=True)
    def container_name(self) -> Attribute:
        """The container that gets the traffic."""
        return self.node.get("container_name").attribute(STRING)

    @attribute(NUMBER, nullable=True)
    def container_port(self) -> Attribute:
        """Its port."""
        return self.node.get("container_port").attribute(NUMBER)

    # ---- the container ------------------------------------------------------------------------

    @property
    def _name(self) -> Value:
        return self.node.get("container_name").text()

    @property
    def _port(self) -> Value:
        return self.node.get("container_port").number()

    def containers_named(self) -> list[tuple[Container, Tri]]:
        """The containers that may have the name, each with whether it does."""
        found = [
            (c, same(c.node.get("name").text(), self._name)) for c in self.of_service.containers
        ]
        return [
            (c, unknown(c.node.value) if c.maybe and not self.maybe and answer is True else answer)
            for c, answer in found
            if answer is not False
        ]

    @attribute(BOOL)
    def container_exists(self) -> Attribute:
        """Whether the task has a container of that name; true where its JSON cannot be read."""
        task = self.of_service.task
        if task is not None and is_null(task.definitions.value):
            return self._at("container_name", True)
        found = [answer for _, answer in self.containers_named()]
        return self._at("container_name", any_of([*found, *self.of_service.unseen_containers()]))

    @attribute(BOOL)
    def port_declared(self) -> Attribute:
        """Whether that container declares the port; true where there is no such container."""
        unseen = self.of_service.unseen_containers()
        named = self.containers_named()
        if not named:
            return self._at("container_port", unknown(*unseen) if unseen else True)
        certain = [c.declares(self._port) for c, answer in named if answer is True]
        if certain:
            return self._at("container_port", any_of(certain))
        possible = [all_of([answer, c.declares(self._port)]) for c, answer in named]
        answer = any_of([*possible, *unseen])
        doubts = [each for _, each in named if isinstance(each, Unknown)]
        return self._at("container_port", answer if answer is True else unknown(*doubts, *unseen))

    @cached_property
    def transport(self) -> str | Unknown | None:
        """`tcp` or `udp` of the container's port; None where it is not declared."""
        for container, answer in self.containers_named():
            if answer is True:
                return container.protocol_of(self._port)
        return None

    @cached_property
    def speaks_tls(self) -> Tri:
        """Whether the container shows that it ends TLS: by port 443 or 8443, or its protocol."""
        number = whole_number(self._port)
        if number is None and isinstance(plain(self._port), Unknown):
            return unknown(self._port)
        protocols = [
            c.application_protocol(self._port) for c, a in self.containers_named() if a is True
        ]
        return number in (443, 8443) or "https" in protocols

    # ---- the target group ---------------------------------------------------------------------

    @cached_property
    def registers(self) -> Tri:
        """Whether it registers tasks with a target group, whatever leads there."""
        if self.is_classic:
            return False
        value = self.node.get("target_group_arn").value
        if is_null(value):
            return False
        if self.maybe and not self.of_service.maybe:
            return unknown(self.of_service.whole.get("load_balancer").value)
        link = self.group.link
        return unknown(value) if link.unknown is not None and link.unknown.ref is None else True

    @attribute(BOOL)
    def protocol_fits(self) -> Attribute:
        """Whether the load balancers in front can use the target group's protocol."""
        protocol = self.group.read("protocol").value
        answers: list[Tri] = []
        for balancer, leads in self.balancers:
            if is_null(protocol):
                continue
            for kind, allowed in PROTOCOLS.items():
                fits = one_of(protocol, allowed)
                is_kind = balancer.is_type(kind)
                negative = all_of([leads, is_kind, negated(fits)])
                answers.append(negated(negative))
        return self._at("target_group_arn", all_of(answers))

    @attribute(BOOL)
    def reached_by_gateway(self) -> Attribute:
        """Whether a Gateway Load Balancer forwards to it, which serves no clients."""
        answers = [all_of([leads, b.is_type("gateway")]) for b, leads in self.balancers]
        return self._at("target_group_arn", any_of(answers))

    @attribute(BOOL)
    def carries_protocol(self) -> Attribute:
        """Whether a UDP port stands behind a UDP target group, and no other does."""
        protocol = self.group.read("protocol").value
        transport = self.transport
        if transport is None or is_null(protocol):
            return self._at("container_port", True)
        if isinstance(transport, Unknown):
            return self._at("container_port", unknown(transport))
        udp = one_of(protocol, _UDP_ONLY)
        both = one_of(protocol, _BOTH)
        right = udp if transport == "udp" else negated(udp)
        return self._at("container_port", any_of([both, right]))

    @attribute(BOOL)
    def same_port(self) -> Attribute:
        """Whether the target group's own port is the container's; true where it has none."""
        found = self.group.read("port")
        if is_null(found.value):
            return Attribute(True, found.place)
        return Attribute(same(found.value, self._port), found.place)

    # ---- listeners ----------------------------------------------------------------------------

    @cached_property
    def leads(self) -> list[Lead]:
        """The edges that lead to one of its target groups, or may."""
        to = self.deployment.forwarding.to
        return [lead for group in self.groups for lead in to(group.link)]

    @cached_property
    def listeners(self) -> list[tuple[Listener, Tri]]:
        """The listeners that lead to it by default action or rule, each with whether it does."""
        return self._listeners(self.leads)

    @cached_property
    def named_listeners(self) -> list[tuple[Listener, Tri]]:
        """Those of which it is certain that they lead to it where they exist."""
        return self._listeners([lead for lead in self.leads if lead.named is True])

    def _listeners(self, leads: Sequence[Lead]) -> list[tuple[Listener, Tri]]:
        found: dict[Listener, list[Tri]] = {}
        for lead in leads:
            listener = self.deployment.listener(lead.edge.listener)
            found.setdefault(listener, []).append(lead.certain)
        return [(listener, any_of(answers)) for listener, answers in found.items()]

    @attribute(ListType(EntityType("listener")))
    def listeners_(self) -> Attribute:
        """The listeners that lead to it, by default action or by a rule."""
        outside = isinstance(self.elsewhere, Unknown) and not self.listeners
        doubts = [unknown(self.elsewhere)] if outside else []
        return Attribute(listing(self.listeners, doubts), self.place)

    @cached_property
    def balancers(self) -> list[tuple[LoadBalancer, Tri]]:
        """The load balancers that lead to it, each with whether it does."""
        found: dict[LoadBalancer, list[Tri]] = {}
        for listener, leads in self.listeners:
            found.setdefault(listener.owner, []).append(leads)
        return [(balancer, any_of(answers)) for balancer, answers in found.items()]

    @cached_property
    def elsewhere(self) -> Tri:
        """Unknown where the listeners of its target group lie outside; else False."""
        if not self.group.external:
            more = self.deployment.additions(self.group)
            return unknown(*more) if more else False
        if self.deployment.facts.stated(self.group, "target_groups", "listener") is not None:
            return True
        link = self.group.link
        if link.instance is not None or link.outside:
            group = self.group
            return outside(str(group), f"the listeners of {group} lie outside the configuration")
        return self.group.unseen()

    @attribute(ListType(EntityType("resource")))
    def forwarders(self) -> Attribute:
        """The listeners and rules of the configuration that forward to its target group."""
        found: dict[str, tuple[Entity, Tri]] = {}
        for lead in self.deployment.forwarding.to(self.group.link):
            resource = AnyResource(self.deployment, lead.edge.instance)
            found.setdefault(resource.address, (resource, lead.certain))
        return Attribute(listing(list(found.values())), self.place)

    @attribute(EntityType("resource"), nullable=True)
    def forwarder(self) -> Attribute:
        """One of them that is known to forward; null where none is."""
        certain = [
            lead.edge.instance
            for lead in self.deployment.forwarding.to(self.group.link)
            if lead.certain is True
        ]
        found = AnyResource(self.deployment, certain[0]) if certain else NULL
        return Attribute(found, self.place)

    @attribute(EntityType("advanced_configuration"), nullable=True)
    def advanced_configuration(self) -> Attribute:
        """What it says of deployments that switch target groups; null where it says nothing."""
        node = self.node.block("advanced_configuration")
        if is_null(node.value):
            return Attribute(NULL, self.place)
        bare = plain(node.value)
        if isinstance(bare, Unknown) and bare.content is None:
            return Attribute(Unknown(origins=bare.origins), node.place)
        return Attribute(AdvancedConfiguration(self, node, self.deployment), node.place)

    @attribute(BOOL)
    def forwarded(self) -> Attribute:
        """Whether a listener or rule forwards to the target group."""
        return self._at("target_group_arn", self.is_forwarded)

    @cached_property
    def is_forwarded(self) -> Tri:
        """The same, for other entities."""
        answer = any_of(lead.certain for lead in self.leads)
        return answer if answer is True or self.elsewhere is False else self.elsewhere
