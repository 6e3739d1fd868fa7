"""DNS records of Route 53 by which clients find a load balancer.

Source: Amazon Route 53 Developer Guide, "Choosing between alias and non-alias records" and "Routing
traffic to an ELB load balancer".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.evaluation.types import BOOL, STRING, EntityType
from fglint.evaluation.values import Unknown, Value, is_null, plain
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.links import Link
from fglint.model.logic import Tri, outside, same, unknown
from fglint.model.reading import Node, known_text, present, root

if TYPE_CHECKING:
    from fglint.configuration.instance import Instance
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


def dns_records(deployment: Deployment) -> list[DnsRecord]:
    """The records of the configuration that name a load balancer, by address."""
    found: list[DnsRecord] = []
    for instance in deployment.links.of(TYPE):
        for value in _targets(root(instance)):
            link = deployment.links.find(value, "load_balancer")
            if link.instance is not None:
                found.append(DnsRecord(deployment, instance, link))
                break
    return found


def _targets(record: Node) -> Iterator[Value]:
    for alias in record.blocks("alias"):
        yield alias.get("name").value
    for item in record.get("records").elements():
        yield item.value
