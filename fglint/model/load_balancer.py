"""Load balancers, their listeners and target groups, and how a service stands behind them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import (
    NULL,
    Item,
    OpenList,
    Presence,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.links import Link
from fglint.model.logic import Tri, all_of, outside, unknown
from fglint.model.reading import Node, known_text, root, whole_number

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.forwarding import Forward
    from fglint.model.service import Service

APPLICATION_PROTOCOLS = frozenset({"HTTP", "HTTPS"})
NETWORK_PROTOCOLS = frozenset({"TCP", "TLS", "UDP", "TCP_UDP", "QUIC", "TCP_QUIC"})


class Resource(Entity):
    """An entity that is one resource, data source, or a value from outside."""

    def __init__(self, deployment: Deployment, link: Link) -> None:
        instance = link.instance
        super().__init__(
            instance.address if instance is not None else "",
            instance.header if instance is not None else None,
            maybe=link.maybe,
            external=instance is None or instance.mode == "data",
        )
        self.deployment = deployment
        self.link = link
        self.instance: Instance | None = None if self.external else instance

    def __str__(self) -> str:
        if self.address:
            return self.address
        bare = plain(self.link.value)
        if isinstance(bare, Unknown) and bare.origins:
            return str(bare.origins[0])
        return known_text(bare) or f"an unknown {self.kind.replace('_', ' ')}"

    @property
    def node(self) -> Node | None:
        """The resource's arguments; None for what lies outside."""
        return None if self.instance is None else root(self.instance)

    def unseen(self) -> Unknown:
        """Why nothing is known of it."""
        if self.link.unknown is not None:
            return unknown(self.link.value)
        return outside(str(self), f"{self} lies outside the configuration")

    def written(self, name: str, default: Value) -> Attribute:
        """A string argument; unknown for what lies outside."""
        if self.node is None:
            return Attribute(Unknown(STRING, self.unseen().origins), self.place)
        return self.node.get(name).attribute(STRING, default)


class LoadBalancer(Resource):
    """An Application, Network or Gateway Load Balancer."""

    kind = "load_balancer"

    @attribute(STRING)
    def type(self) -> Attribute:
        """`application` (the default), `network` or `gateway`."""
        return self.written("load_balancer_type", "application")

    @attribute(BOOL)
    def internal(self) -> Attribute:
        """Whether it has no public address."""
        if self.node is None:
            return Attribute(self.unseen(), self.place)
        return Attribute(self.node.get("internal").flag(), self.node.get("internal").place)


class TargetGroup(Resource):
    """A target group."""

    kind = "target_group"

    @attribute(STRING)
    def target_type(self) -> Attribute:
        """`instance` (the default), `ip`, `lambda` or `alb`."""
        return self.written("target_type", "instance")

    @attribute(STRING, nullable=True)
    def protocol(self) -> Attribute:
        """The protocol to its targets; null where none is written."""
        return self.written("protocol", NULL)

    @attribute(NUMBER, nullable=True)
    def port(self) -> Attribute:
        """The port that targets get without one of their own."""
        if self.node is None:
            return Attribute(Unknown(NUMBER, self.unseen().origins), self.place)
        return self.node.get("port").attribute(NUMBER)


class Listener(Resource):
    """A listener of a load balancer."""

    kind = "listener"

    @cached_property
    def owner(self) -> LoadBalancer:
        """Its load balancer."""
        if self.node is None:
            return self.deployment.load_balancer(Link(self.link.value, unknown=self.unseen()))
        arn = self.node.get("load_balancer_arn").value
        return self.deployment.load_balancer(self.deployment.links.find(arn, "load_balancer"))

    @attribute(EntityType("load_balancer"))
    def load_balancer(self) -> Attribute:
        """The load balancer that it belongs to."""
        return Attribute(self.owner, self.place)

    @attribute(STRING)
    def protocol(self) -> Attribute:
        """HTTP, HTTPS, TCP, TLS, UDP, …; an Application Load Balancer's default is HTTP."""
        return self.written("protocol", "HTTP")

    @attribute(NUMBER, nullable=True)
    def port(self) -> Attribute:
        """The port that clients use."""
        if self.node is None:
            return Attribute(Unknown(NUMBER, self.unseen().origins), self.place)
        return self.node.get("port").attribute(NUMBER)


class Binding(Entity):
    """A service and one of its `load_balancer` blocks."""

    kind = "load_balancer_binding"

    def __init__(self, service: Service, node: Node, index: int, maybe: bool) -> None:
        super().__init__(service.address, service.header, maybe=service.maybe or maybe)
        self.of_service = service
        self.node = node
        self.subject = f"load_balancer {index}"

    def place(self) -> object:  # type: ignore[override]
        """The block."""
        return self.node.place()

    @cached_property
    def group(self) -> TargetGroup:
        """Its target group."""
        deployment = self.of_service.deployment
        value = self.node.get("target_group_arn").value
        return deployment.target_group(deployment.links.find(value, "target_group"))

    @cached_property
    def forwards(self) -> tuple[list[Forward], list[Value]]:
        """The edges that lead to its target group, and what may be others."""
        return self.of_service.deployment.forwarding.to(self.group.link)

    @property
    def is_classic(self) -> bool:
        """Whether it names a Classic Load Balancer."""
        return self.node.get("elb_name").is_set

    @attribute(EntityType("service"))
    def service(self) -> Attribute:
        """The service."""
        return Attribute(self.of_service, self.place)  # type: ignore[arg-type]

    @attribute(EntityType("target_group"))
    def target_group(self) -> Attribute:
        """The target group that the block names."""
        return Attribute(self.group, self.node.get("target_group_arn").place)

    @attribute(STRING, nullable=True)
    def container_name(self) -> Attribute:
        """The container that gets the traffic."""
        return self.node.get("container_name").attribute(STRING)

    @attribute(NUMBER, nullable=True)
    def container_port(self) -> Attribute:
        """Its port."""
        return self.node.get("container_port").attribute(NUMBER)

    @attribute(BOOL)
    def container_exists(self) -> Attribute:
        """Whether the task has a container of that name."""
        name = self.node.get("container_name")
        return Attribute(self.of_service.has_container(name.text()), name.place)

    @attribute(BOOL)
    def port_declared(self) -> Attribute:
        """Whether that container declares the port, or there is no such container."""
        name, port = self.node.get("container_name"), self.node.get("container_port")
        answer = self.of_service.declares_port(name.text(), port.number())
        return Attribute(answer, port.place)

    @attribute(BOOL)
    def forwarded(self) -> Attribute:
        """Whether a listener or rule forwards to the target group."""
        return Attribute(self.is_forwarded, self.node.get("target_group_arn").place)

    @cached_property
    def is_forwarded(self) -> Tri:
        """The same, for other entities."""
        group = self.group
        if group.external:
            link = group.link
            if link.instance is not None or link.outside:
                return outside(str(group), f"the listeners of {group} lie outside the configuration")
            return group.unseen()
        edges, doubts = self.forwards
        certain = [e for e in edges if not e.node.instance.maybe or group.maybe]
        if certain or group.instance in self.of_service.deployment.forwarding.paired:
            return True
        if edges:
            one = edges[0].node.instance
            return outside(one.address, f"whether {one.address} exists is not known")
        if self._switched:
            return True
        return unknown(*doubts) if doubts else False

    @property
    def _switched(self) -> bool:
        """Whether a blue/green deployment of the service itself moves listeners to it."""
        return any(True for _ in self.node.blocks("advanced_configuration"))

    @cached_property
    def is_reached(self) -> Tri:
        """Whether clients reach the service through it: forwarded by an ALB or NLB."""
        if self.is_classic:
            return False
        link = self.group.link
        if link.instance is not None and link.instance.mode == "data":
            return True  # attached to a load balancer in another state
        return self.is_forwarded

    @attribute(BOOL)
    def protocol_fits(self) -> Attribute:
        """Whether the kinds of the load balancers match the target group's protocol."""
        return Attribute(all_of(self._fits()), self.node.get("target_group_arn").place)

    def _fits(self) -> list[Tri]:
        protocol = plain(self.group.protocol.value)
        answers: list[Tri] = []
        for edge in self.forwards[0]:
            listener = self.of_service.deployment.listener(edge.listener)
            kind = plain(listener.owner.type.value)
            if isinstance(kind, Unknown):
                answers.append(unknown(kind))
            elif isinstance(protocol, Unknown):
                answers.append(unknown(protocol))
            elif isinstance(protocol, str):
                allowed = {
                    "application": APPLICATION_PROTOCOLS,
                    "network": NETWORK_PROTOCOLS,
                }.get(str(kind), frozenset())
                answers.append(protocol in allowed)
        return answers

    @attribute(BOOL)
    def same_vpc(self) -> Attribute:
        """Whether target group, load balancer and the service's subnets lie in one VPC."""
        place = self.node.get("target_group_arn").place
        group = self.group
        if group.node is None:
            return Attribute(group.unseen(), place)
        vpc = self.of_service.deployment.links.find(group.node.get("vpc_id").value, "vpc")
        own = [subnet.vpc for subnet in self.of_service.subnet_list]
        if vpc.instance is None or vpc.instance.mode == "data":
            return Attribute(True, place)  # nothing shows another VPC
        return Attribute(all(found is None or found is vpc.instance for found in own), place)

    @attribute(ListType(STRING))
    def others(self) -> Attribute:
        """Addresses of other services on another port of the same target group."""
        found: list[Value] = []
        port = whole_number(self.node.get("container_port").value)
        for other in self.of_service.deployment.services:
            if other is self.of_service:
                continue
            for binding in other.binding_list:
                same = self.group.instance is not None and (
                    binding.group.instance is self.group.instance
                )
                its = whole_number(binding.node.get("container_port").value)
                if same and port is not None and its is not None and its != port:
                    found.append(other.address)
        return Attribute(TupleValue(tuple(dict.fromkeys(found))), self.place)  # type: ignore[arg-type]

    @attribute(BOOL)
    def carries_protocol(self) -> Attribute:
        """Whether a UDP port stands behind a UDP target group, and no other does."""
        transport = self.of_service.port_protocol(
            self.node.get("container_name").text(), self.node.get("container_port").number()
        )
        protocol = plain(self.group.protocol.value)
        place = self.node.get("container_port").place
        if isinstance(transport, Unknown) or isinstance(protocol, Unknown):
            doubts = [v for v in (transport, protocol) if isinstance(v, Unknown)]
            return Attribute(unknown(*doubts), place)
        if transport is None or not isinstance(protocol, str):
            return Attribute(True, place)
        udp = protocol in ("UDP", "QUIC")
        return Attribute(transport == "udp" if udp else protocol in ("TCP_UDP", "TCP_QUIC")
                         or transport == "tcp", place)  # fmt: skip


def entities(found: list[tuple[Entity, bool]], rest: Unknown | None) -> Value:
    """A list of entities as rules see it; each with whether it may not be there."""
    if rest is None and not any(maybe for _, maybe in found):
        return TupleValue(tuple(entity for entity, _ in found))
    items = tuple(
        Item(entity, Presence.MAYBE if maybe else Presence.ONE) for entity, maybe in found
    )
    origins = () if rest is None else rest.origins
    return Unknown(origins=origins, not_null=True, content=OpenList(items))


