"""Subnets: which route table they use, and what follows from it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, Unknown, Value, plain
from fglint.model.addresses import Addresses
from fglint.model.entity import Attribute, attribute
from fglint.model.links import Link
from fglint.model.logic import Tri, agreed, all_of, any_of, outside, unknown
from fglint.model.reading import Node, is_given, known_text, root
from fglint.model.resource import entities
from fglint.model.routing import RouteTable
from fglint.model.vpc import Vpc
from fglint.model.zones import may_be_local

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.service import Service

_LISTS = ("aws_subnets", "aws_subnet_ids")
_SUGGESTIVE = re.compile(r"private|app|internal", re.IGNORECASE)


class Subnet(Addresses):
    """A subnet, or all subnets that one unknown list stands for."""

    kind = "subnet"

    def __init__(self, deployment: Deployment, link: Link) -> None:
        super().__init__(deployment, link)
        bare = plain(link.value)
        self.is_one = (
            not self.maybe
            if link.instance is not None
            else not (isinstance(bare, Unknown) and (bare.ref is None or not bare.ref.is_one))
        )

    @attribute(STRING)
    def text(self) -> Attribute:
        """It as messages name it: by its address, or as it is written."""
        return Attribute(str(self), self.place)

    # ---- where it lies ------------------------------------------------------------------------

    @cached_property
    def _source(self) -> Instance | None:
        """The data source that reads the subnet, or lists it among others."""
        if self.link.instance is not None:
            return self.link.instance
        bare = plain(self.link.value)
        for origin in bare.origins if isinstance(bare, Unknown) else ():
            found = self.deployment.links.at(origin.address)
            if found is not None and found.type in _LISTS:
                return found
        return None

    @cached_property
    def vpc(self) -> Vpc:
        """Its VPC; one of which nothing is known where nothing says which."""
        value = NULL if self._source is None else _vpc_id(root(self._source))
        default = self._source is not None and self._source.type == "aws_default_subnet"
        if is_null(value):
            found = self.deployment.links.of("aws_default_vpc")
            if default and found:
                return self.deployment.vpc(Link(NULL, found[0]))
            value = unknown(self.elsewhere)
        vpc = self.deployment.vpc(self.deployment.links.find(value, "vpc"))
        vpc.holds_default_subnet = vpc.holds_default_subnet or default
        return vpc

    @attribute(EntityType("vpc"))
    def vpc_(self) -> Attribute:
        """The VPC that it lies in."""
        return Attribute(self.vpc, self.place)

    @cached_property
    def is_default(self) -> Tri:
        """Whether it is one of the default VPC's subnets, made with it."""
        source = self._source
        if source is None:
            return self.elsewhere
        node = root(source)
        if source.type == "aws_default_subnet" or plain(node.get("default_for_az").value) is True:
            return True
        if _filtered(node, "default-for-az", "defaultForAz") == "true":
            return True
        if self.instance is not None:
            return all_of([self.vpc.is_default, self.uses_main_table])
        return self.vpc.is_default

    @property
    def has_tasks(self) -> bool:
        """Whether tasks of a service on Fargate run in it."""
        return any(
            subnet is self
            for service in self.deployment.services
            if service.runs_on_fargate is not False
            for subnet in service.subnet_list
        )

    @cached_property
    def uses_main_table(self) -> Tri:
        """Whether no explicit association gives it a table of its own."""
        links = self.deployment.links
        explicit = [
            links.matches(root(one).get("subnet_id").value, "subnet", self.link)
            for one in links.of("aws_route_table_association")
        ]
        answer = any_of(explicit)
        return answer if isinstance(answer, Unknown) else not answer

    @attribute(BOOL)
    def in_default_vpc(self) -> Attribute:
        """Whether it is a subnet of the account's default VPC, which are public."""
        return Attribute(self.is_default, self.place)

    @property
    def elsewhere(self) -> Unknown:
        """Why nothing is known of a subnet outside: its routes cannot be seen."""
        bare = plain(self.link.value)
        if self.link.instance is None and isinstance(bare, Unknown):
            if not bare.origins or any(o.kind not in ("data", "variable") for o in bare.origins):
                return unknown(bare)
            return unknown(*(_elsewhere(origin) for origin in bare.origins))
        return unknown(_elsewhere(Origin("data", str(self))))

    # ---- routes -------------------------------------------------------------------------------

    @cached_property
    def _routing(self) -> tuple[list[RouteTable], list[Value]]:
        found, doubts = self.deployment.tables.of(self)
        return [self.deployment.route_table(link) for link in found], doubts

    @property
    def tables(self) -> list[RouteTable]:
        """The route tables that it may use: one where it is certain which."""
        return self._routing[0]

    @property
    def doubts(self) -> list[Value]:
        """Why it is not certain which table it uses."""
        return self._routing[1]

    @attribute(EntityType("route_table"))
    def route_table(self) -> Attribute:
        """The route table that it uses: its own, or the main one of its VPC."""
        tables, doubts = self._routing
        if len(tables) == 1 and not doubts:
            return Attribute(tables[0], self.place)
        return Attribute(unknown(*doubts), self.place)

    @cached_property
    def is_public(self) -> Tri:
        """Whether a route to an internet gateway makes it public."""
        return self.deployment.facts.settle(self, "subnets", "public", self._has_public_route)

    @property
    def _has_public_route(self) -> Tri:
        if self.is_default is True:
            return True
        tables, doubts = self._routing
        answer = agreed([table.is_public for table in tables], *doubts)
        if isinstance(answer, Unknown) and self.external:
            return self.elsewhere
        return answer

    @attribute(BOOL)
    def public(self) -> Attribute:
        """Whether a route of its route table leads to an internet gateway."""
        return Attribute(self.is_public, self.place)

    @attribute(BOOL)
    def certainly_public(self) -> Attribute:
        """Whether it is known to be public; false where it is not known."""
        return Attribute(self.is_public is True, self.place)

    @attribute(BOOL)
    def certainly_private(self) -> Attribute:
        """Whether it is known not to be public; false where it is not known."""
        return Attribute(self.is_public is False, self.place)

    @attribute(STRING)
    def default_route(self) -> Attribute:
        """Where 0.0.0.0/0 leads: "internet", "nat", "central", "none", or another target's kind."""
        answers: dict[str, None] = {}
        causes: list[Value] = list(self._routing[1])
        for table in self.tables:
            found = list(table.default_routes())
            causes.extend(table.contents[1])
            for route, applies in found:
                kind = plain(route.read("target").value)
                if applies is not True or not isinstance(kind, str):
                    causes.extend(v for v in (applies, kind) if isinstance(v, Unknown))
                else:
                    answers[kind] = None
            if not found and not table.contents[1]:
                answers["none"] = None
        if len(answers) == 1 and not causes:
            return Attribute(next(iter(answers)), self.place)
        cause = self.elsewhere if self.external else unknown(*causes)
        return Attribute(Unknown(STRING, cause.origins), self.place)

    # ---- zone and addresses -------------------------------------------------------------------

    @cached_property
    def zone(self) -> Value:
        """Its Availability Zone, by name or id; null where AWS chooses one or nothing is known."""
        if self.written_node is None:
            return NULL
        for name in ("availability_zone", "availability_zone_id"):
            value = self.written_node.get(name).value
            if not is_null(value):
                return value
        return NULL

    @property
    def zone_or_cause(self) -> Value:
        """The zone; where AWS chooses it, an unknown that says so."""
        if not is_null(self.zone):
            return self.zone
        if self.link.instance is None:
            return self.elsewhere
        return outside(str(self), f"the Availability Zone of {self} is not set, so AWS chooses it")

    @attribute(STRING)
    def availability_zone(self) -> Attribute:
        """Its Availability Zone; unknown where AWS chooses it."""
        value = self.zone_or_cause
        place = self.place
        if self.written_node is not None and not is_null(self.zone):
            place = self.written_node.get("availability_zone").place
        return Attribute(value, place)

    @attribute(BOOL)
    def zone_may_be_local(self) -> Attribute:
        """Whether its zone comes from a list that may hold Local Zones, which have no Fargate."""
        return Attribute(may_be_local(self.deployment.links, self.zone), self.place)

    @attribute(STRING, nullable=True)
    def cidr_block(self) -> Attribute:
        """Its IPv4 addresses; null where it has none."""
        return self.written("cidr_block")

    @attribute(NUMBER, nullable=True)
    def address_count(self) -> Attribute:
        """How many addresses it has for tasks: those of its block but the five that AWS keeps."""
        attribute_ = self.read("cidr_block")
        bare = plain(attribute_.value)
        if isinstance(bare, Unknown):
            return Attribute(Unknown(NUMBER, bare.origins), attribute_.place)
        length = str(bare).rpartition("/")[2] if isinstance(bare, str) else ""
        if not length.isdigit() or int(length) > 32:
            return Attribute(NULL, attribute_.place)
        return Attribute(2 ** (32 - int(length)) - 5, attribute_.place)

    @attribute(BOOL)
    def s3_gateway(self) -> Attribute:
        """Whether a gateway endpoint for S3 has its routes in the route table that it uses."""
        answers: list[Tri] = [
            all_of([endpoint.serves("s3"), endpoint.is_gateway, endpoint.routes_subnet(self)])
            for endpoint in self.deployment.vpc_endpoints
        ]
        if self.vpc.external:
            answers.append(self.vpc.unseen())
        deployment = self.deployment
        answers.extend(
            outside(call, f"{call} refers to {self.vpc} and its module is not downloaded")
            for call in deployment.configuration.not_here
            if deployment.graph.reaches(call, self.vpc.address)
        )
        return Attribute(any_of(answers), self.place)

    @attribute(BOOL)
    def public_ip_on_launch(self) -> Attribute:
        """Whether what starts in it gets a public address by itself (map_public_ip_on_launch)."""
        return self.flag("map_public_ip_on_launch")

    @property
    def service_list(self) -> list[Service]:
        """The services and run targets on Fargate whose tasks may run in it."""
        return [
            service
            for service in self.deployment.services
            if service.runs_on_fargate is not False and self in service.subnet_list
        ]

    @attribute(ListType(EntityType("service")))
    def services(self) -> Attribute:
        """The services and run targets on Fargate whose tasks run in it."""
        found = [
            (use.of_service, use.maybe and not self.maybe)
            for service in self.deployment.services
            if service.runs_on_fargate is not False
            for use in service.subnet_uses
            if use.of_subnet is self
        ]
        return Attribute(entities(found), self.place)

    @property
    def only_ipv6(self) -> Tri:
        """Whether it has no IPv4 addresses."""
        node = self.written_node
        return self.elsewhere if node is None else node.get("ipv6_native").flag()

    @property
    def has_ipv6(self) -> Tri:
        """Whether it has IPv6 addresses."""
        if self.instance is None:
            return self.elsewhere
        names = ("ipv6_cidr_block", "ipv6_netmask_length")
        given = [is_given(root(self.instance).get(name).value) for name in names]
        return any_of([self.only_ipv6, *given])


def _elsewhere(origin: Origin) -> Origin:
    """The origin of a subnet outside, saying that its routes cannot be seen."""
    name = str(origin).removesuffix("[*]")
    because = f"the routes of {name} lie outside the configuration"
    if _SUGGESTIVE.search(name):
        because += ", although its name suggests private subnets"
    if origin.kind == "variable" and origin.because:
        because = f"{origin.because}; {because}"
    return Origin(origin.kind, origin.address, origin.path, because, origin.range)


def _vpc_id(node: Node) -> Value:
    """The vpc_id of a resource or data source; or what it asks for in a filter on vpc-id."""
    value = node.get("vpc_id").value
    bare = plain(value)
    ref = bare.ref if isinstance(bare, Unknown) else None
    own = ref is not None and ref.address == node.instance.address
    if not is_null(value) and not own:
        return value
    for block in node.blocks("filter"):
        if known_text(block.get("name").value) == "vpc-id":
            for item in block.get("values").elements():
                return item.value
    return value


def _filtered(node: Node, *names: str) -> str | None:
    """What a data source asks for in a filter."""
    for block in node.blocks("filter"):
        if known_text(block.get("name").value) in names:
            for item in block.get("values").elements():
                return known_text(item.value)
    return None
