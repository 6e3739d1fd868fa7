"""VPC endpoints: which AWS services tasks reach through them, without a NAT gateway."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import Parts, TupleValue, Unknown, Value, plain
from fglint.model import reach
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.links import elements
from fglint.model.listing import listing
from fglint.model.logic import Tri, agreed, all_of, any_of, negated, outside, same, unknown
from fglint.model.reading import Node, known_text, root
from fglint.model.resource import Resource, entities
from fglint.model.routing import RouteTable
from fglint.model.zones import differ

if TYPE_CHECKING:
    from fglint.model.network import Subnet
    from fglint.model.security_group import SecurityGroup
    from fglint.model.service import Service
    from fglint.model.vpc import Vpc

# com.amazonaws.REGION.SERVICE, cn.com.amazonaws.…, aws.api.REGION.SERVICE, com.VENDOR.…
_SERVICE_NAME = re.compile(r"[a-z]+(?:\.[a-zA-Z0-9-]+){3,}")
# Services whose gateway endpoints add routes, and cost nothing.
GATEWAYS = ("s3", "dynamodb")


class VpcEndpoint(Resource):
    """A VPC endpoint of the configuration."""

    kind = "vpc_endpoint"

    @property
    def own(self) -> Node:
        """Its arguments: only endpoints of the configuration are ever made."""
        assert self.instance is not None
        return root(self.instance)

    def serves(self, name: str) -> Tri:
        """Whether it is for an AWS service ("ecr.api")."""
        return _ends_with(self.full_name, f".{name}")

    def is_named(self, name: Value) -> Tri:
        """Whether it is for the service of that full name (com.amazonaws.REGION.SERVICE)."""
        return same(self.full_name, name)

    @cached_property
    def full_name(self) -> Value:
        """The name of the AWS service; of one that a data source finds, what it asks for."""
        value = self.own.get("service_name").value
        bare = plain(value)
        if not isinstance(bare, Unknown) or bare.ref is None or bare.ref.path != ".service_name":
            return value
        found = self.deployment.links.at(bare.ref.address)
        if found is None or found.type != "aws_vpc_endpoint_service" or found.mode != "data":
            return value
        asked = known_text(root(found).get("service").value)
        region = Unknown(STRING, bare.origins, not_null=True)
        parts = Parts(("com.amazonaws.", region, f".{asked}"))
        return value if asked is None else replace(region, content=parts)

    @attribute(STRING, nullable=True)
    def service_name(self) -> Attribute:
        """The name of the AWS service, as written: com.amazonaws.REGION.SERVICE."""
        return self.written("service_name")

    @attribute(BOOL)
    def well_named(self) -> Attribute:
        """Whether its service name may be one: of AWS, of a partner, or of a private service."""
        node = self.own.get("service_name")
        text = known_text(node.value)
        if text is None:
            known = is_null(node.value) or _ends_like_a_service(self.full_name)
            return Attribute(True if known else unknown(node.value), node.place)
        return Attribute(_SERVICE_NAME.fullmatch(text) is not None, node.place)

    @cached_property
    def for_gateway_service(self) -> Tri:
        """Whether it is for S3 or DynamoDB, which have gateway endpoints."""
        return any_of(self.serves(name) for name in GATEWAYS)

    @attribute(BOOL)
    def gateway_service(self) -> Attribute:
        """Whether it is for S3 or DynamoDB, which have gateway endpoints."""
        return Attribute(self.for_gateway_service, self.own.get("service_name").place)

    @attribute(ListType(EntityType("service")))
    def blocked_services(self) -> Attribute:
        """The services of its VPC that its security groups keep out."""
        found = [
            (service, all_of([self._needed_by(service), negated(self._lets_in(service))]))
            for service in self.vpc.service_list
        ]
        return Attribute(listing(found), self.own.get("security_group_ids").place)

    def _lets_in(self, service: Service) -> Tri:
        return reach.enter(service.side, self.side, "tcp", 443)

    def _needed_by(self, service: Service) -> Tri:
        needs = service.needs
        if isinstance(needs, Unknown):
            return unknown(needs)
        return any_of(all_of([n.needed, self.serves(n.endpoint)]) for n in needs.endpoints)

    @attribute(ListType(EntityType("subnet")))
    def unrouted_subnets(self) -> Attribute:
        """The private subnets of tasks in its VPC whose route table lacks a gateway endpoint."""
        subnets = dict.fromkeys(s for one in self.vpc.service_list for s in one.subnet_list)
        found = [
            (subnet, negated(any_of([self.routes_subnet(subnet), subnet.is_public])))
            for subnet in subnets
        ]
        return Attribute(listing(found), self.own.get("route_table_ids").place)

    @attribute(NUMBER)
    def subnet_count(self) -> Attribute:
        """How many subnets it names."""
        nodes, doubts = self.subnet_nodes
        count: Value = len(nodes)
        if doubts:
            origins = unknown(*doubts).origins
            count = Unknown(NUMBER, origins, not_null=True, minimum=0)
        return Attribute(count, self.own.get("subnet_ids").place)

    @attribute(STRING)
    def type(self) -> Attribute:
        """`Gateway` (the default), `Interface`, `GatewayLoadBalancer` and others."""
        return self.written("vpc_endpoint_type")

    @cached_property
    def is_interface(self) -> Tri:
        """Whether it is an interface endpoint."""
        return same(self.written("vpc_endpoint_type").value, "Interface")

    @cached_property
    def is_gateway(self) -> Tri:
        """Whether it is a gateway endpoint."""
        return same(self.written("vpc_endpoint_type").value, "Gateway")

    @attribute(BOOL)
    def private_dns(self) -> Attribute:
        """Whether the service's own name leads to it within the VPC."""
        return Attribute(self.has_private_dns, self.own.get("private_dns_enabled").place)

    @attribute(BOOL)
    def has_own_name(self) -> Attribute:
        """Whether tasks reach the service by its own name only through private DNS.

        Services of partners have no name that all know, DynamoDB has no private DNS, and S3 needs
        none beside a gateway endpoint.
        """
        partner = ".vpce-svc-" in (known_text(self.full_name) or "")
        others = self.deployment.vpc_endpoints
        links = self.deployment.links
        gateway = any_of(
            all_of([o.is_gateway, o.serves("s3"), links.same(o.vpc.link, self.vpc.link)])
            for o in others
        )
        exempt = [partner, self.serves("dynamodb"), all_of([self.serves("s3"), gateway])]
        return Attribute(negated(any_of(exempt)), self.own.get("service_name").place)

    @attribute(BOOL)
    def has_twin(self) -> Attribute:
        """Whether its VPC has another interface endpoint for the same service."""
        name, same_vpc = self.full_name, self.deployment.links.same
        answers = [
            all_of(
                [other.is_interface, other.is_named(name), same_vpc(other.vpc.link, self.vpc.link)]
            )
            for other in self.deployment.vpc_endpoints
            if other is not self
        ]
        return Attribute(any_of(answers), self.place)

    @cached_property
    def has_private_dns(self) -> Tri:
        """The same, for other entities."""
        answers: list[Tri] = [self.own.get("private_dns_enabled").flag()]
        more = self._linked("aws_vpc_endpoint_private_dns")
        answers.extend(root(instance).get("private_dns_enabled").flag() for instance in more)
        return any_of(answers)

    def _linked(self, type_: str) -> list[Instance]:
        links = self.deployment.links
        return [
            instance
            for instance in links.of(type_)
            if links.matches(root(instance).get("vpc_endpoint_id").value, "endpoint", self.link)
            is True
        ]

    # ---- where it is --------------------------------------------------------------------------

    def in_vpc(self, vpc: Vpc) -> Tri:
        """Whether it is in a VPC, and exists."""
        return vpc.holds(self.own)

    @cached_property
    def vpc(self) -> Vpc:
        """Its VPC."""
        value = self.own.get("vpc_id").value
        return self.deployment.vpc(self.deployment.links.find(value, "vpc"))

    @attribute(EntityType("vpc"))
    def vpc_(self) -> Attribute:
        """The VPC that it is in."""
        return Attribute(self.vpc, self.own.get("vpc_id").place)

    @cached_property
    def subnet_nodes(self) -> tuple[list[Node], list[Value]]:
        """Where its subnets are named, and why there may be others."""
        found = self.own.get("subnet_ids").elements()
        nodes = list(found)
        doubts: list[Value] = [] if found.rest is None else [found.rest]
        nodes.extend(block.get("subnet_id") for block in self.own.blocks("subnet_configuration"))
        more = self._linked("aws_vpc_endpoint_subnet_association")
        nodes.extend(root(instance).get("subnet_id") for instance in more)
        return [node for node in nodes if not is_null(node.value)], doubts

    @cached_property
    def subnet_list(self) -> list[Subnet]:
        """Its subnets."""
        links = self.deployment.links
        nodes, _ = self.subnet_nodes
        found = [self.deployment.subnet(links.find(node.value, "subnet")) for node in nodes]
        return list(dict.fromkeys(found))

    @attribute(BOOL)
    def zones_covered(self) -> Attribute:
        """Whether it has a subnet in each Availability Zone where tasks of its VPC run."""
        own = self.subnet_list
        doubts = self.subnet_nodes[1]
        used = [
            subnet
            for service in self.vpc.service_list
            for subnet in service.subnet_list
            if self.deployment.links.same(subnet.vpc.link, self.vpc.link) is True
        ]
        answers: list[Tri] = []
        for subnet in dict.fromkeys(used):
            found: list[Tri] = [unknown(*doubts)] if doubts else []
            for one in own:
                unlike = False if one is subnet else differ(one.zone, subnet.zone)
                cause = unknown(one.zone_or_cause, subnet.zone_or_cause)
                found.append(cause if unlike is None else not unlike)
            answers.append(any_of(found))
        return Attribute(all_of(answers), self.own.get("subnet_ids").place)

    @attribute(ListType(EntityType("subnet")))
    def subnets(self) -> Attribute:
        """The subnets of an interface endpoint."""
        found: list[tuple[Entity, bool]] = [
            (s, s.maybe and not self.maybe) for s in self.subnet_list
        ]
        doubts = self.subnet_nodes[1]
        rest = unknown(*doubts) if doubts else None
        return Attribute(entities(found, rest), self.own.get("subnet_ids").place)

    @cached_property
    def side(self) -> reach.Side:
        """What security groups see of it; without any it has the VPC's own one."""
        node = self.own.get("security_group_ids")
        groups, doubts = self.deployment.groups_of(node)
        links = self.deployment.links
        for instance in links.of("aws_vpc_endpoint_security_group_association"):
            inner = root(instance)
            mine = links.matches(inner.get("vpc_endpoint_id").value, "endpoint", self.link)
            if mine is True:
                link = self.deployment.group_link(inner.get("security_group_id").value)
                groups.append(self.deployment.security_group(link))
        if not groups and not doubts:
            groups = [self.deployment.default_group(self.vpc)]
        return reach.Side(tuple(groups), tuple(self.subnet_list), tuple(doubts))

    @attribute(ListType(EntityType("security_group")))
    def security_groups(self) -> Attribute:
        """The security groups of an interface endpoint."""
        side = self.side
        found: list[tuple[SecurityGroup, bool]] = [(group, False) for group in side.groups]
        rest = unknown(*side.doubts) if side.doubts else None
        return Attribute(entities(found, rest), self.own.get("security_group_ids").place)

    @cached_property
    def table_values(self) -> list[Value]:
        """What names the route tables of a gateway endpoint."""
        values = list(elements(self.own.get("route_table_ids").value))
        more = self._linked("aws_vpc_endpoint_route_table_association")
        values.extend(root(instance).get("route_table_id").value for instance in more)
        return values

    def routes_from(self, table: RouteTable) -> Tri:
        """Whether a route table has the routes of a gateway endpoint."""
        names = self.deployment.tables.names
        return any_of(names(value, table.link) for value in self.table_values)

    def routes_subnet(self, subnet: Subnet) -> Tri:
        """Whether the table of a subnet has the routes of a gateway endpoint."""
        return agreed(self.routes_from(table) for table in subnet.tables)

    @attribute(ListType(STRING))
    def route_tables(self) -> Attribute:
        """The route tables that a gateway endpoint adds its routes to, as written."""
        return Attribute(
            TupleValue(tuple(self.table_values)), self.own.get("route_table_ids").place
        )

    # ---- whether it works ---------------------------------------------------------------------

    @cached_property
    def limits(self) -> Tri:
        """False without a policy of its own; else unknown, since it may deny what tasks do."""
        value = self.own.get("policy").value
        if is_null(value) or known_text(value) == "":
            return False
        return outside(self.address, f"the policy of {self.address} may not let tasks through")

    def works_as_gateway(self, subnet: Subnet) -> Tri:
        """Whether tasks in a subnet reach the service through its routes."""
        return all_of([self.is_gateway, self.routes_subnet(subnet)])

    def works_as_interface(self, client: reach.Side) -> Tri:
        """Whether tasks reach the service through it by the service's own name."""
        subnets, doubts = self.subnet_nodes
        placed: Tri = True if subnets else (unknown(*doubts) if doubts else False)
        entered = reach.enter(client, self.side, "tcp", 443)
        return all_of([self.is_interface, self.has_private_dns, self.vpc.resolves, placed, entered])

    def fault(self, name: str, subnet: Subnet, client: reach.Side) -> str | None:
        """Why tasks do not reach the service through it, in words."""
        if self.is_gateway is True:
            if name not in GATEWAYS:
                return f"{self} is a Gateway endpoint, and {name} needs an Interface one"
            if self.routes_subnet(subnet) is False:
                return f"{self} is not in the route table of {subnet}"
            return None
        if self.has_private_dns is False:
            return f"{self} has no private DNS"
        if self.vpc.resolves is False:
            return f"{self.vpc} does not resolve the names of endpoints (DNS support, hostnames)"
        if not self.subnet_nodes[0] and not self.subnet_nodes[1]:
            return f"{self} has no subnets"
        if reach.enter(client, self.side, "tcp", 443) is False:
            return f"the security groups of {self} do not let the tasks in on port 443"
        return None


def _ends_with(value: Value, suffix: str) -> Tri:
    bare = plain(value)
    if is_null(bare):
        return False
    if isinstance(bare, str):
        return bare.endswith(suffix)
    if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
        last = plain(bare.content.parts[-1])
        if isinstance(last, str) and not (len(last) < len(suffix) and suffix.endswith(last)):
            return last.endswith(suffix)
    return unknown(value)


def _ends_like_a_service(value: Value) -> bool:
    """Whether a text of which parts are not known ends as the name of a service does."""
    bare = plain(value)
    if not isinstance(bare, Unknown) or not isinstance(bare.content, Parts):
        return False
    first, last = plain(bare.content.parts[0]), plain(bare.content.parts[-1])
    whole = isinstance(first, str) and first.startswith(("com.amazonaws.", "cn.com.amazonaws."))
    return whole and isinstance(last, str) and last.startswith(".")
