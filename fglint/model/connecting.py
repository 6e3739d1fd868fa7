"""How other services find a service: Service Connect and service discovery."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, Unknown, Value, plain
from fglint.model.container_parts import Part, parts_of
from fglint.model.entity import Attribute, attribute
from fglint.model.launched import Launched
from fglint.model.lists import count_of, open_list
from fglint.model.logic import Tri, all_of, any_of, outside, same, unknown
from fglint.model.reading import Node, is_given, present, root
from fglint.model.vpc import Vpc

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fglint.configuration.instance import Instance

_NAMESPACES = {
    "aws_service_discovery_private_dns_namespace": "private",
    "aws_service_discovery_public_dns_namespace": "public",
    "aws_service_discovery_http_namespace": "http",
}


class ConnectService(Part):
    """A port that Service Connect offers to other services."""

    kind = "connect_service"

    def __init__(self, owner: Launched, node: Node) -> None:
        super().__init__(owner, node)
        self.of_service = owner

    @attribute(STRING)
    def port_name(self) -> Attribute:
        """The name of the port mapping that it offers."""
        return self._text("port_name")

    @attribute(NUMBER)
    def alias_count(self) -> Attribute:
        """How many names clients have for it (client_alias)."""
        node = self.node.get("client_alias")
        return Attribute(count_of(node), self.place)

    @cached_property
    def _mappings(self) -> list[tuple[Node, Tri]]:
        """The port mappings of that name, each with whether it is one."""
        name = self.node.get("port_name").text()
        found: list[tuple[Node, Tri]] = []
        for container in self.of_service.containers:
            sure = not container.maybe or self.of_service.maybe
            for item in container.node.get("portMappings").elements():
                mine = same(item.get("name").text(), name)
                if mine is True and not sure:
                    mine = unknown(container.node.value)
                if mine is not False:
                    found.append((item, mine))
        return found

    @attribute(BOOL)
    def port_exists(self) -> Attribute:
        """Whether a container of the task has a port mapping of that name."""
        unseen = self.of_service.unseen_containers()
        for container in self.of_service.containers:
            rest = container.node.get("portMappings").elements().rest
            if rest is not None:
                unseen.append(unknown(rest))
        answer = any_of([*(mine for _, mine in self._mappings), *unseen])
        return Attribute(answer, self.node.get("port_name").place)

    @attribute(STRING, nullable=True)
    def application_protocol(self) -> Attribute:
        """The appProtocol of that port mapping: http, http2 or grpc; null for TCP."""
        certain = [item for item, mine in self._mappings if mine is True]
        if certain:
            return certain[0].get("appProtocol").attribute(STRING)
        doubts: list[Value] = [mine for _, mine in self._mappings]
        doubts.extend(self.of_service.unseen_containers())
        return Attribute(Unknown(STRING, unknown(*doubts).origins) if doubts else NULL, self.place)

    @attribute(NUMBER, nullable=True)
    def request_timeout(self) -> Attribute:
        """Seconds that a request may take (per_request_timeout_seconds)."""
        return self.node.block("timeout").get("per_request_timeout_seconds").attribute(NUMBER)

    @attribute(BOOL)
    def tls(self) -> Attribute:
        """Whether it encrypts what it carries."""
        node = self.node.get("tls")
        return Attribute(present(node), node.place)

    @attribute(BOOL)
    def tls_role(self) -> Attribute:
        """Whether it names the role by which ECS gets certificates for it."""
        node = self.node.block("tls").get("role_arn")
        return Attribute(is_given(node.value), node.place)

    @attribute(BOOL)
    def tls_authority(self) -> Attribute:
        """Whether it names the authority that issues its certificates."""
        node = self.node.block("tls").get("issuer_cert_authority")
        return Attribute(present(node), node.place)


class Registry(Part):
    """An entry of a service in Cloud Map (service_registries)."""

    kind = "registry"

    def __init__(self, owner: Launched, node: Node) -> None:
        super().__init__(owner, node)
        self.of_service = owner

    @cached_property
    def _entry(self) -> Instance | None:
        link = self.of_service.deployment.links.find(
            self.node.get("registry_arn").value, "service_discovery"
        )
        return link.managed

    @cached_property
    def _unseen(self) -> Unknown:
        value = self.node.get("registry_arn").value
        if isinstance(plain(value), Unknown):
            return unknown(value)
        name = str(plain(value))
        return outside(name, f"the service {name} of Cloud Map lies outside the configuration")

    @attribute(NUMBER, nullable=True)
    def port(self) -> Attribute:
        """The port that an SRV record names."""
        return self._number("port")

    @attribute(STRING, nullable=True)
    def container_name(self) -> Attribute:
        """The container whose port an SRV record names."""
        return self._text("container_name")

    @attribute(NUMBER, nullable=True)
    def container_port(self) -> Attribute:
        """That container's port."""
        return self._number("container_port")

    @attribute(ListType(STRING))
    def record_types(self) -> Attribute:
        """The types of its DNS records: A, AAAA, SRV; none in a namespace for API calls alone."""
        if self._entry is None:
            return Attribute(open_list(self._unseen), self.place)
        node = root(self._entry).block("dns_config").get("dns_records")
        return Attribute(
            parts_of(node.elements(), lambda each: each.get("type").text()), self.place
        )

    @attribute(BOOL)
    def checked_from_outside(self) -> Attribute:
        """Whether Route 53 would check its health, which it can in public namespaces alone."""
        return self._has("health_check_config")

    @attribute(BOOL)
    def checked_by_ecs(self) -> Attribute:
        """Whether ECS tells its health (health_check_custom_config)."""
        return self._has("health_check_custom_config")

    def _has(self, name: str) -> Attribute:
        if self._entry is None:
            return Attribute(self._unseen, self.place)
        return Attribute(present(root(self._entry).get(name)), self.place)

    @cached_property
    def _namespace(self) -> Instance | Unknown:
        if self._entry is None:
            return self._unseen
        node = root(self._entry)
        for each in (node.block("dns_config").get("namespace_id"), node.get("namespace_id")):
            if not is_null(each.value):
                link = self.of_service.deployment.links.find(each.value, "namespace")
                if link.managed is not None:
                    return link.managed
                return unknown(each.value)
        return outside(self._entry.address, f"the namespace of {self._entry.address} is not known")

    @attribute(STRING)
    def namespace_kind(self) -> Attribute:
        """`private`, `public` or `http`, by how clients look it up."""
        found = self._namespace
        if isinstance(found, Unknown):
            return Attribute(Unknown(STRING, found.origins, not_null=True), self.place)
        return Attribute(_NAMESPACES[found.type], self.place)

    @attribute(BOOL)
    def in_vpc_of_service(self) -> Attribute:
        """Whether a private namespace is for the VPC of the service's subnets."""
        found = self._namespace
        if isinstance(found, Unknown):
            return Attribute(found, self.place)
        node = root(found).get("vpc")
        if is_null(node.value):
            return Attribute(True, self.place)
        links = self.of_service.deployment.links
        answers = [links.matches(node.value, "vpc", vpc.link) for vpc in self._vpcs()]
        return Attribute(all_of(answers), self.place)

    def _vpcs(self) -> Iterator[Vpc]:
        from fglint.model.service import Service

        if isinstance(self.of_service, Service):
            yield from dict.fromkeys(subnet.vpc for subnet in self.of_service.subnet_list)


class Connecting(Launched):
    """The parts of a service by which other services find it."""

    @property
    def _connect(self) -> Node:
        return self.whole.block("service_connect_configuration")

    @attribute(BOOL)
    def connected(self) -> Attribute:
        """Whether Service Connect is on."""
        node = self._connect.get("enabled")
        return Attribute(node.flag(), node.place)

    @attribute(BOOL)
    def has_connect_namespace(self) -> Attribute:
        """Whether it, or its cluster for all services, names a namespace of Service Connect."""
        node = self._connect.get("namespace")
        own = is_given(node.value)
        link = self.deployment.links.find(self.launch.cluster.value, "cluster")
        if own is not False or link.nothing:
            cause = f"the namespace of the cluster called default, in which {self} is, is not known"
            return Attribute(outside(self.address, cause) if own is False else own, node.place)
        return Attribute(is_given(self.deployment.cluster(link).get("namespace")), node.place)

    @attribute(ListType(EntityType("connect_service")))
    def connect_services(self) -> Attribute:
        """The ports that it offers by Service Connect."""
        node = self._connect.get("service")
        found = parts_of(node.elements(), lambda each: ConnectService(self, each))
        return Attribute(found, node.place)

    @attribute(ListType(EntityType("registry")))
    def registries(self) -> Attribute:
        """Its entries in Cloud Map."""
        node = self.whole.get("service_registries")
        found = parts_of(node.elements(), lambda each: Registry(self, each))
        return Attribute(found, node.place)
