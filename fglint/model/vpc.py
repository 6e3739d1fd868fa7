"""VPCs: whether one is the account's default, its DNS, and what belongs to it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import Unknown, Value, plain
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.existence import exists
from fglint.model.listing import listing
from fglint.model.logic import Tri, all_of, any_of, negated, unknown
from fglint.model.reading import Node, known_text, root
from fglint.model.resource import Resource, entities
from fglint.model.zones import bounds, zone_count

if TYPE_CHECKING:
    from fglint.model.load_balancer import LoadBalancer
    from fglint.model.network import Subnet
    from fglint.model.service import Service

DEFAULT = "aws_default_vpc"


class Vpc(Resource):
    """A VPC of the configuration, the default one, or one read from outside."""

    kind = "vpc"
    is_unnamed = False  # it stands for the VPC of something that names none
    holds_default_subnet = False  # which says that it is the default one

    @cached_property
    def is_default(self) -> Tri:
        """Whether it is the account's default VPC."""
        return self.deployment.facts.settle(self, "vpcs", "default", self._shown_default)

    @property
    def _shown_default(self) -> Tri:
        found = self.link.instance
        if found is None:
            return True if self.holds_default_subnet else self.unseen()
        if found.mode == "managed":
            return found.type == DEFAULT
        if plain(root(found).get("default").value) is True:
            return True
        return False if _says_not_default(root(found)) else self.unseen()

    @attribute(BOOL)
    def default(self) -> Attribute:
        """Whether it is the account's default VPC."""
        return Attribute(self.is_default, self.place)

    @attribute(STRING, nullable=True)
    def cidr_block(self) -> Attribute:
        """Its IPv4 addresses."""
        return self.written("cidr_block")

    @attribute(BOOL)
    def dns_support(self) -> Attribute:
        """Whether its resolver answers (enable_dns_support, true unless it says otherwise)."""
        return self.flag("enable_dns_support")

    @attribute(BOOL)
    def dns_hostnames(self) -> Attribute:
        """Whether its instances get names (enable_dns_hostnames, false by default)."""
        return self.flag("enable_dns_hostnames")

    @cached_property
    def resolves(self) -> Tri:
        """Whether the names of interface endpoints are resolved: DNS support and hostnames."""
        names = ("dns_support", "dns_hostnames")
        answers = [plain(self.read(name).value) for name in names]
        return all_of(a if isinstance(a, (bool, Unknown)) else False for a in answers)

    @cached_property
    def has_more_addresses(self) -> bool:
        """Whether it may have IPv4 addresses beside its own block."""
        found = self.deployment.links.of("aws_vpc_ipv4_cidr_block_association")
        return any(self.holds(root(instance)) is not False for instance in found)

    # ---- what belongs to it -------------------------------------------------------------------

    def holds(self, node: Node, argument: str = "vpc_id") -> Tri:
        """Whether a resource names it in its vpc_id, and exists."""
        value = node.get(argument).value
        if is_null(value):
            return False
        mine = self.deployment.links.matches(value, "vpc", self.link)
        return all_of([mine, exists(node.instance, self.instance)])

    @cached_property
    def has_internet_gateway(self) -> Tri:
        """Whether an internet gateway is attached to it."""
        if self.is_default is True:
            return True
        links = self.deployment.links
        attachments = links.of("aws_internet_gateway", "aws_internet_gateway_attachment")
        answer = any_of(self.holds(root(instance)) for instance in attachments)
        return answer if answer is True or self.instance is not None else self.unseen()

    @attribute(BOOL)
    def internet_gateway(self) -> Attribute:
        """Whether an internet gateway is attached to it."""
        return Attribute(self.has_internet_gateway, self.place)

    @cached_property
    def subnet_list(self) -> list[Subnet]:
        """The subnets of the configuration that lie in it."""
        links = self.deployment.links
        return [s for s in self.deployment.subnets if links.same(s.vpc.link, self.link) is True]

    @property
    def _others(self) -> Unknown | None:
        """Why it may hold what the configuration does not: for a VPC outside."""
        return self.unseen() if self.external else None

    def _all(self, found: list[Subnet]) -> Value:
        listed = [(subnet, subnet.maybe and not self.maybe) for subnet in found]
        return entities(listed, self._others)

    @attribute(ListType(EntityType("subnet")))
    def subnets(self) -> Attribute:
        """The subnets of the configuration that lie in it."""
        return Attribute(self._all(self.subnet_list), self.place)

    @attribute(ListType(EntityType("subnet")))
    def private_subnets(self) -> Attribute:
        """Those of its subnets that no route makes public."""
        return Attribute(self._those(False), self.place)

    @attribute(ListType(EntityType("subnet")))
    def public_subnets(self) -> Attribute:
        """Those of its subnets that a route to an internet gateway makes public."""
        return Attribute(self._those(True), self.place)

    def _those(self, public: bool) -> Value:
        found: list[tuple[Entity, bool]] = []
        for subnet in self.subnet_list:
            answer = subnet.is_public
            if answer is public or isinstance(answer, Unknown):
                maybe = isinstance(answer, Unknown) or (subnet.maybe and not self.maybe)
                found.append((subnet, maybe))
        return entities(found, self._others)

    @attribute(ListType(EntityType("vpc_endpoint")))
    def endpoints(self) -> Attribute:
        """Its endpoints."""
        found = [(one, one.in_vpc(self)) for one in self.deployment.vpc_endpoints]
        return Attribute(listing(found), self.place)

    @cached_property
    def wants_names(self) -> Tri:
        """Whether something in it is found by a name that its resolver answers.

        Interface endpoints with private DNS, private Cloud Map namespaces, EFS mount targets.
        """
        links = self.deployment.links
        answers = [
            all_of([e.in_vpc(self), e.is_interface, e.has_private_dns])
            for e in self.deployment.vpc_endpoints
        ]
        namespaces = links.of("aws_service_discovery_private_dns_namespace")
        answers.extend(self.holds(root(instance), "vpc") for instance in namespaces)
        answers.extend(
            links.same(self.deployment.subnet(link).vpc.link, self.link)
            for instance in links.of("aws_efs_mount_target")
            for link in links.candidates(root(instance).get("subnet_id").value, "subnet")
            if link.instance is not None
        )
        return any_of(answers)

    @attribute(BOOL)
    def needs_dns(self) -> Attribute:
        """Whether endpoints, Cloud Map or file systems in it are found by name."""
        return Attribute(self.wants_names, self.place)

    @attribute(BOOL)
    def flow_logs(self) -> Attribute:
        """Whether flow logs are kept of it, or of each of its subnets."""
        logs = self.deployment.links.of("aws_flow_log")
        whole = any_of(self.holds(root(one)) for one in logs)
        parts = [
            any_of(self._logs_subnet(root(one), subnet) for one in logs)
            for subnet in self.subnet_list
        ]
        answers = [whole, all_of(parts) if parts else False, *self.deployment.additions(self)]
        return Attribute(any_of(answers), self.place)

    def _logs_subnet(self, node: Node, subnet: Subnet) -> Tri:
        value = node.get("subnet_id").value
        return (
            False if is_null(value) else self.deployment.links.matches(value, "subnet", subnet.link)
        )

    @attribute(BOOL)
    def default_group_closed(self) -> Attribute:
        """Whether its own security group is managed, and lets nothing through."""
        if self.external:
            return Attribute(self.unseen(), self.place)
        group = self.deployment.default_group(self)
        closed = not group.is_unmanaged_default and not group.contents[0]
        doubts = group.contents[1] if not group.is_unmanaged_default else []
        return Attribute(unknown(*doubts) if doubts else closed, self.place)

    @attribute(BOOL)
    def default_group_managed(self) -> Attribute:
        """Whether a resource manages its own security group; none can for one from outside."""
        managed = not self.deployment.default_group(self).is_unmanaged_default
        return Attribute(managed, self.place)

    @attribute(BOOL)
    def default_group_used(self) -> Attribute:
        """Whether something has its own security group, by its name or for want of another."""
        from fglint.model import default_group  # which reads what lies in VPCs

        return Attribute(default_group.is_used(self), self.place)

    @attribute(ListType(EntityType("nat_gateway")))
    def nat_gateways(self) -> Attribute:
        """Its public NAT gateways."""
        found: list[tuple[Entity, Tri]] = []
        for gateway in self.deployment.nat_gateways:
            places = [subnet.vpc.link for subnet in gateway.subnet_choices]
            same = self.deployment.links.same
            mine = [same(link, self.link) for link in places]
            if gateway.node is not None and not places:
                mine = [self.holds(gateway.node)]
            there = True if gateway.instance is None else exists(gateway.instance, self.instance)
            answer = all_of([any_of(mine), negated(gateway.is_private), there])
            found.append((gateway, answer))
        return Attribute(listing(found), self.place)

    # ---- who uses it --------------------------------------------------------------------------

    @cached_property
    def service_list(self) -> list[Service]:
        """The services on Fargate that run in it."""
        same = self.deployment.links.same
        return [
            service
            for service in self.deployment.services
            if service.runs_on_fargate is not False
            and any(same(subnet.vpc.link, self.link) is True for subnet in service.subnet_list)
        ]

    @attribute(ListType(EntityType("service")))
    def services(self) -> Attribute:
        """The services and run targets on Fargate that run in it."""
        found = [(s, s.maybe and not self.maybe) for s in self.service_list]
        return Attribute(entities(found), self.place)

    @cached_property
    def load_balancer_list(self) -> list[LoadBalancer]:
        """The load balancers of the configuration that lie in it."""
        same = self.deployment.links.same
        return [
            balancer
            for balancer in self.deployment.load_balancers
            if any(same(subnet.vpc.link, self.link) is True for subnet, _ in balancer.subnet_uses)
        ]

    @attribute(ListType(EntityType("load_balancer")))
    def load_balancers(self) -> Attribute:
        """The load balancers of the configuration that lie in it."""
        found = [(b, b.maybe and not self.maybe) for b in self.load_balancer_list]
        return Attribute(entities(found), self.place)

    @attribute(NUMBER)
    def private_zone_count(self) -> Attribute:
        """How many Availability Zones its private subnets lie in."""
        return Attribute(self._zones(False), self.place)

    @attribute(NUMBER)
    def public_zone_count(self) -> Attribute:
        """The same of its public subnets."""
        return Attribute(self._zones(True), self.place)

    def _zones(self, public: bool) -> Value:
        if self.external:
            return Unknown(NUMBER, self.unseen().origins, not_null=True, minimum=0)
        certain = [subnet for subnet in self.subnet_list if subnet.is_public is public]
        possible = [s for s in self.subnet_list if s.is_public is not (not public)]
        least, most = zone_count(certain), zone_count(possible)
        if len(certain) == len(possible):
            return least
        origins = unknown(*(s.is_public for s in possible), least, most).origins
        return Unknown(
            NUMBER, origins, not_null=True, minimum=bounds(least)[0], maximum=bounds(most)[1]
        )


def _says_not_default(node: Node) -> bool:
    """Whether a data source asks for a VPC that is not the default one."""
    if plain(node.get("default").value) is False:
        return True
    return any(
        known_text(block.get("name").value) in ("isDefault", "is-default")
        and [known_text(item.value) for item in block.get("values").elements()] == ["false"]
        for block in node.blocks("filter")
    )
