"""A service and a listener that forwards to it: whether clients speak TLS there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, STRING, EntityType, ListType
from fglint.evaluation.values import TupleValue, Value
from fglint.model.certificate import ACM, Certificate
from fglint.model.chain import Chain
from fglint.model.domains import covers_any
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.listener import Listener
from fglint.model.logic import Tri, all_of, any_of, one_of, same
from fglint.provider.tls_policies import USABLE_KEYS
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment


class ServiceListener(Entity):
    """A service and one listener that forwards to one of its target groups, rules included."""

    kind = "service_listener"

    def __init__(
        self, binding: Chain, listener: Listener, maybe: bool, doubts: tuple[Value, ...] = ()
    ) -> None:
        known = listener.instance is not None
        address = listener.address if known else binding.address
        super().__init__(address, listener.header if known else binding.header, maybe=maybe)
        self.part_of = binding.of_service
        self.binding = binding
        self.of_service = binding.of_service
        self.of_listener = listener
        self.doubts = doubts
        self.subject = f"service {binding.address}" if known else f"listener {listener}"

    def place(self) -> Range | None:
        """The listener; the load_balancer block where the listener is not here."""
        return self.header if self.of_listener.instance is not None else self.binding.place()

    @property
    def deployment(self) -> Deployment:
        """The deployment."""
        return self.binding.deployment

    @attribute(EntityType("service"))
    def service(self) -> Attribute:
        """The service."""
        return Attribute(self.of_service, self.place)

    @attribute(EntityType("listener"))
    def listener(self) -> Attribute:
        """The listener."""
        return Attribute(self.of_listener, self.place)

    @attribute(EntityType("load_balancer"))
    def load_balancer(self) -> Attribute:
        """The load balancer that the listener belongs to."""
        return Attribute(self.of_listener.owner, self.place)

    @attribute(BOOL)
    def passes_through(self) -> Attribute:
        """Whether the listener may pass TLS through: TCP on port 443."""
        return Attribute(self.of_listener.passes_tls, self.of_listener.read("port").place)

    @attribute(BOOL)
    def container_speaks_tls(self) -> Attribute:
        """Whether the container shows that it ends TLS: by port 443 or 8443, or its protocol."""
        return Attribute(self.binding.speaks_tls, self.place)

    @attribute(BOOL)
    def behind_edge(self) -> Attribute:
        """Whether CloudFront or API Gateway leads to it and ends the clients' TLS."""
        return Attribute(self.of_listener.edge, self.place)

    # ---- the certificate ----------------------------------------------------------------------

    @cached_property
    def _acm(self) -> list[tuple[Certificate, Tri]]:
        """The listener's certificates that ACM holds, as far as the configuration shows."""
        return [
            (certificate, there)
            for certificate, there in self.of_listener.certificate_uses
            if certificate.link.instance is not None and certificate.link.instance.type == ACM
        ]

    @property
    def _first(self) -> Certificate | None:
        """The certificate of certificate_arn, where ACM holds it and it is certain which it is."""
        uses = self.of_listener.certificate_uses
        found = [one for one, there in self._acm if there is True]
        return found[0] if found and uses and uses[0][0] is found[0] else None

    def _at_certificate(self, value: Value) -> Attribute:
        return Attribute(value, self.of_listener.certificate_place)

    @attribute(BOOL)
    def certificate_key_usable(self) -> Attribute:
        """Whether a load balancer can use the certificate's key; true where it is not of ACM."""
        found = self._first
        if found is None or found.form not in ("requested", "private"):
            return self._at_certificate(True)
        return self._at_certificate(one_of(found.read("key_algorithm").value, USABLE_KEYS))

    @attribute(BOOL)
    def certificate_region_fits(self) -> Attribute:
        """Whether the certificate is in the load balancer's region, as far as both are known."""
        uses, listener = self.of_listener.certificate_uses, self.of_listener
        if not uses or uses[0][1] is not True:
            return self._at_certificate(True)
        mine = self.deployment.region_of(uses[0][0].link)
        theirs = self.deployment.region_of(listener.link)
        if mine is None or theirs is None:
            return self._at_certificate(True)
        return self._at_certificate(same(mine, theirs))

    @attribute(BOOL)
    def certificate_fits(self) -> Attribute:
        """Whether a certificate covers a name under which clients find the load balancer.

        True where the configuration has no such name, or nothing says what a certificate covers.
        """
        names = self._names
        uses = self.of_listener.certificate_uses
        if not names or not uses:
            return self._at_certificate(True)
        answers: list[Tri] = []
        for certificate, there in uses:
            domains = certificate.domain_values
            if not domains or certificate.form == "data":
                return self._at_certificate(True)
            answers.append(all_of([there, covers_any(domains, names)]))
        return self._at_certificate(any_of(answers))

    @cached_property
    def _names(self) -> list[Value]:
        owner = self.of_listener.owner
        hosts = self.of_listener.read("host_headers").value
        found = self.deployment.names_of(owner)
        if isinstance(hosts, TupleValue):
            found.extend(value for value in hosts.items if not is_null(value))
        return found

    @attribute(ListType(STRING))
    def names(self) -> Attribute:
        """The names of Route 53 records and host headers under which clients find the service."""
        return Attribute(TupleValue(tuple(self._names)), self.place)
