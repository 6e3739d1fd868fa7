"""DNS records of Route 53 by which clients find a load balancer.

Source: Amazon Route 53 Developer Guide, "Choosing between alias and non-alias records" and "Routing
traffic to an ELB load balancer".
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, STRING, EntityType
from fglint.evaluation.values import Unknown, Value, plain
from fglint.model import naming
from fglint.model.domains import covers_any
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.links import Link
from fglint.model.logic import Tri, all_of, any_of, outside, same, unknown
from fglint.model.reading import Node, known_text, present, root

if TYPE_CHECKING:
    from fglint.configuration.instance import Instance
    from fglint.model.certificate import Certificate
    from fglint.model.deployment import Deployment
    from fglint.model.load_balancer import LoadBalancer

TYPE = "aws_route53_record"
_ZONE_IDS = ("aws_lb_hosted_zone_id", "aws_elb_hosted_zone_id")  # data sources of ELB's own zones


class DnsRecord(Entity):
    """A record that names a load balancer."""

    kind = "dns_record"

    def __init__(self, deployment: Deployment, instance: Instance, link: Link) -> None:
        super().__init__(instance.address, instance.header, maybe=instance.maybe)
        self.deployment = deployment
        self.instance = instance
        self.node = root(instance)
        self.link = link

    @property
    def balancer(self) -> LoadBalancer:
        """The load balancer that it names."""
        return self.deployment.load_balancer(self.link)

    @attribute(EntityType("load_balancer"))
    def load_balancer(self) -> Attribute:
        """The load balancer that it names."""
        return Attribute(self.balancer, self.place)

    @attribute(STRING)
    def name_(self) -> Attribute:
        """Its name, as written."""
        return self.node.get("name").attribute(STRING)

    @attribute(STRING)
    def type(self) -> Attribute:
        """Its type: A, AAAA, CNAME and others."""
        return self.node.get("type").attribute(STRING)

    @property
    def _alias(self) -> Node:
        return self.node.block("alias")

    @attribute(BOOL)
    def alias(self) -> Attribute:
        """Whether it is an alias, which Route 53 resolves itself."""
        node = self.node.get("alias")
        return Attribute(present(node), node.place)

    @attribute(BOOL)
    def evaluates_health(self) -> Attribute:
        """Whether an alias leaves out a load balancer without healthy targets."""
        node = self._alias.get("evaluate_target_health")
        return Attribute(node.flag(), node.place)

    # ---- zones --------------------------------------------------------------------------------

    @attribute(BOOL)
    def at_apex(self) -> Attribute:
        """Whether its name is that of its zone, where no CNAME can stand."""
        node = self.node.get("name")
        return Attribute(self._is_apex(node.value), node.place)

    def _is_apex(self, name: Value) -> Tri:
        if is_null(name) or known_text(name) in ("", "@"):
            return True
        link = self.deployment.links.find(self.node.get("zone_id").value, "zone")
        if link.instance is None:
            cause = f"the name of the zone of {self.address} is not in the configuration"
            value = link.value
            return unknown(value) if link.unknown is not None else outside(self.address, cause)
        zone = root(link.instance).get("name").value
        one, other = known_text(name), known_text(zone)
        if one is not None and other is not None:
            return one.rstrip(".").lower() == other.rstrip(".").lower()
        return same(name, zone)

    @attribute(BOOL)
    def alias_zone_fits(self) -> Attribute:
        """Whether an alias names the zone of its load balancer, and not the record's own."""
        node = self._alias.get("zone_id")
        return Attribute(True if is_null(node.value) else self._zone_fits(node.value), node.place)

    def _zone_fits(self, value: Value) -> Tri:
        links = self.deployment.links
        if same(value, self.node.get("zone_id").value) is True:
            return False
        if links.find(value, "zone").instance is not None:
            return False
        bare = plain(value)
        if isinstance(bare, Unknown):
            ref = bare.ref
            found = None if ref is None else links.at(ref.address)
            if found is not None and ref is not None:
                if found.type in _ZONE_IDS:
                    return True
                if ref.path == ".zone_id" and found is self.link.instance:
                    return True
            return unknown(bare)
        cause = f"whether {bare} is the zone of {self.balancer} is not known"
        return outside(self.address, cause)

    # ---- certificates -------------------------------------------------------------------------

    @attribute(BOOL)
    def covered(self) -> Attribute:
        """Whether a certificate of its load balancer covers its name.

        True where it has none, or nothing says what one of them covers.
        """
        node = self.node.get("name")
        name = naming.full_name(self.deployment.links, self.node)
        if name is None and self._certificates:
            zone = self.node.get("zone_id").value
            cause = f"the name of the zone of {self.address} is not in the configuration"
            is_open = isinstance(plain(zone), Unknown)
            return Attribute(unknown(zone) if is_open else outside(self.address, cause), node.place)
        return Attribute(self._covers([] if name is None else [name]), node.place)

    @attribute(BOOL)
    def others_covered(self) -> Attribute:
        """Whether a certificate of its load balancer covers a name of another record."""
        links = self.deployment.links
        records = naming.records_of(links, self.balancer)
        others = [one for one in records if one.instance is not self.instance]
        names = [naming.full_name(links, one) for one in others]
        return Attribute(self._covers([n for n in names if n is not None]), self.place)

    @cached_property
    def _certificates(self) -> list[tuple[Certificate, Tri]]:
        """The certificates of its load balancer, each with whether it is one."""
        listeners = (listener for listener, _ in self.balancer.listener_list)
        return [each for listener in listeners for each in listener.certificate_uses]

    def _covers(self, names: list[Value]) -> Tri:
        answers: list[Tri] = []
        for certificate, there in self._certificates:
            domains = certificate.domain_values
            if not domains or certificate.form == "data":
                return True
            answers.append(all_of([there, covers_any(domains, names)]))
        return any_of(answers) if answers else True


def dns_records(deployment: Deployment) -> list[DnsRecord]:
    """The records of the configuration that name a load balancer, by address."""
    found: list[DnsRecord] = []
    for instance in deployment.links.of(TYPE):
        for value in naming.targets_of(root(instance)):
            link = deployment.links.find(value, "load_balancer")
            if link.instance is not None:
                found.append(DnsRecord(deployment, instance, link))
                break
    return found
