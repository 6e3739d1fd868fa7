"""A service and a listener that forwards to it: whether clients speak TLS with a usable certificate."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType
from fglint.evaluation.values import NULL, Unknown, Value, is_null, plain
from fglint.model.domains import covers_any
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.load_balancer import Binding, Listener
from fglint.model.logic import Tri, any_of, outside, unknown
from fglint.model.reading import Node, known_text, root, whole_number

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment

SECURE = frozenset({"HTTPS", "TLS"})
# Key algorithms of ACM that a load balancer cannot use.
UNUSABLE_KEYS = frozenset({"RSA_1024"})


class ServiceListener(Entity):
    """A service and one listener that forwards to one of its target groups, rules included."""

    kind = "service_listener"

    def __init__(self, binding: Binding, listener: Listener, maybe: bool) -> None:
        known = listener.instance is not None
        address = listener.address if known else binding.address
        super().__init__(address, listener.header if known else binding.header, maybe=maybe)
        self.binding = binding
        self.of_listener = listener
        self.subject = f"service {binding.address}" if known else f"listener {listener}"

    def place(self) -> object:  # type: ignore[override]
        """The listener; the load_balancer block where the listener is not here."""
        return self.header if self.of_listener.instance is not None else self.binding.place()

    @property
    def deployment(self) -> Deployment:
        """The deployment."""
        return self.binding.of_service.deployment

    @attribute(EntityType("service"))
    def service(self) -> Attribute:
        """The service."""
        return Attribute(self.binding.of_service, self.place)  # type: ignore[arg-type]

    @attribute(EntityType("listener"))
    def listener(self) -> Attribute:
        """The listener."""
        return Attribute(self.of_listener, self.place)  # type: ignore[arg-type]

    @attribute(STRING)
    def protocol(self) -> Attribute:
        """The protocol that clients speak."""
        return self.of_listener.protocol

    @attribute(NUMBER, nullable=True)
    def port(self) -> Attribute:
        """The port that clients use."""
        return self.of_listener.port

    @attribute(BOOL)
    def internal(self) -> Attribute:
        """Whether the load balancer has no public address."""
        return self.of_listener.owner.internal

    @attribute(BOOL)
    def secure(self) -> Attribute:
        """Whether the listener itself speaks TLS."""
        declared = self.of_listener.protocol
        bare = plain(declared.value)
        answer = unknown(bare) if isinstance(bare, Unknown) else bare in SECURE
        return Attribute(answer, declared.place)

    @attribute(BOOL)
    def passes_through(self) -> Attribute:
        """Whether it is a TCP listener on port 443 of a Network Load Balancer."""
        listener = self.of_listener
        protocol, port = plain(listener.protocol.value), listener.port.value
        doubts = [v for v in (protocol, plain(port)) if isinstance(v, Unknown)]
        if doubts and protocol not in SECURE:
            return Attribute(unknown(*doubts), listener.port.place)
        return Attribute(protocol == "TCP" and whole_number(port) == 443, listener.port.place)

    @attribute(BOOL)
    def container_speaks_tls(self) -> Attribute:
        """Whether the container behind shows that it ends TLS: port 443 or 8443, or its protocol."""
        node = self.binding.node
        port = node.get("container_port").number()
        number = whole_number(port)
        if number is None and isinstance(plain(port), Unknown):
            return Attribute(unknown(port), node.get("container_port").place)
        protocol = self.binding.of_service.application_protocol(
            node.get("container_name").text(), port
        )
        return Attribute(number in (443, 8443) or protocol == "https", self.place)

    @attribute(BOOL)
    def behind_edge(self) -> Attribute:
        """Whether an edge such as CloudFront or API Gateway may end TLS before an internal listener.

        Unknown where the configuration has such an edge: edges are not followed.
        """
        kinds = ("aws_apigatewayv2_vpc_link", "aws_api_gateway_vpc_link", "aws_cloudfront_vpc_origin")
        found = self.deployment.links.of(*kinds)
        answer: Tri = False
        if found:
            where = found[0].address
            answer = outside(where, f"whether {where} leads to the listener is not followed")
        return Attribute(answer, self.place)

    # ---- the certificate ----------------------------------------------------------------------

    @cached_property
    def _certificate_node(self) -> Node | None:
        node = self.of_listener.node
        return None if node is None else node.get("certificate_arn")

    @attribute(BOOL)
    def has_certificate(self) -> Attribute:
        """Whether the listener names a certificate.

        A variable without a value counts as one: whoever gives it names a certificate.
        """
        node = self._certificate_node
        if node is None:
            return Attribute(self.of_listener.unseen(), self.place)
        return Attribute(self._names_certificate(node.value), node.place)

    def _names_certificate(self, value: Value) -> Tri:
        bare = plain(value)
        if isinstance(bare, Unknown):
            kind = bare.ref.kind if bare.ref is not None else ""
            if bare.not_null or kind in ("computed", "variable", "data"):
                return True
            return unknown(bare)
        return not is_null(bare) and bare != ""

    @cached_property
    def _certificate(self) -> Instance | None:
        node = self._certificate_node
        if node is None:
            return None
        found = self.deployment.links.find(node.value, "certificate").instance
        return found if found is not None and found.mode == "managed" else None

    @attribute(STRING, nullable=True)
    def certificate_defect(self) -> Attribute:
        """Why a load balancer cannot use the certificate, in words; null where nothing speaks against it."""
        node = self._certificate_node
        place = self.place if node is None else node.place
        return Attribute(self._defect(), place)  # type: ignore[arg-type]

    def _defect(self) -> Value:
        certificate = self._certificate
        if certificate is None or certificate.type != "aws_acm_certificate":
            return NULL
        listener = self.of_listener.instance
        assert listener is not None
        algorithm = known_text(root(certificate).get("key_algorithm").value)
        if algorithm in UNUSABLE_KEYS:
            return f"{certificate.address} has a key that no load balancer uses ({algorithm})"
        region, own = self.deployment.region(certificate), self.deployment.region(listener)
        if region is not None and own is not None and region != own:
            return f"{certificate.address} is in {region}, the load balancer in {own}"
        return NULL

    @attribute(BOOL)
    def certificate_fits(self) -> Attribute:
        """Whether the certificate covers a name under which clients find the load balancer.

        True where the configuration has no such name, or nothing says what the certificate covers.
        """
        node = self._certificate_node
        place = self.place if node is None else node.place
        certificate = self._certificate
        if certificate is None or certificate.type != "aws_acm_certificate":
            return Attribute(True, place)  # type: ignore[arg-type]
        names = self.deployment.names_of(self.of_listener.owner)
        domains = [root(certificate).get("domain_name").value]
        more = root(certificate).get("subject_alternative_names")
        domains.extend(item.value for item in more.elements())
        answer = covers_any(domains, names) if names else True
        others = self.deployment.additional_certificates(self.of_listener)
        return Attribute(any_of([answer, others]), place)  # type: ignore[arg-type]


