"""Subnets and VPCs, and how tasks in a subnet reach what they need."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.types import BOOL, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, Unknown, Value, is_null, plain
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.links import Link
from fglint.model.logic import Tri, all_of, any_of, outside, unknown
from fglint.model.reading import Node, known_text, root
from fglint.model.routing import Route

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.service import Service


class Subnet(Entity):
    """A subnet, or all subnets that one unknown list stands for."""

    kind = "subnet"

    def __init__(self, deployment: Deployment, link: Link, node: Node) -> None:
        instance = link.instance
        inside = instance is not None and instance.mode == "managed"
        super().__init__(
            instance.address if instance is not None else "",
            instance.header if instance is not None else None,
            maybe=instance is not None and instance.maybe,
            external=not inside,
        )
        self.deployment = deployment
        self.link = link
        self.node = node
        self.instance: Instance | None = instance if inside else None

    def __str__(self) -> str:
        if self.address:
            return self.address
        bare = plain(self.link.value)
        if isinstance(bare, Unknown):
            return ", ".join(str(origin) for origin in bare.origins[:2]) or "an unknown subnet"
        return str(known_text(bare) or "an unknown subnet")

    def _attribute(self, value: Value) -> Attribute:
        return Attribute(value, self.place)

    @attribute(BOOL)
    def public(self) -> Attribute:
        """Whether a route of its route table leads to an internet gateway."""
        return self._attribute(self.is_public)

    @attribute(BOOL)
    def in_default_vpc(self) -> Attribute:
        """Whether it lies in the account's default VPC, whose subnets are public."""
        return self._attribute(self.is_default)

    @cached_property
    def is_default(self) -> Tri:
        """Whether the subnet lies in the default VPC."""
        found = self.link.instance or self._source
        if found is None:
            return self._outside() if self.link.instance is None else False
        if found.type == "aws_default_subnet":
            return True
        node = root(found)
        if node.get("default_for_az").value is True:
            return True
        vpc = self.deployment.vpc_of(node)
        if vpc is not None and vpc.type == "aws_default_vpc":
            return True
        if vpc is not None and vpc.mode == "data":
            default = plain(root(vpc).get("default").value)
            if default is True:
                return True
            return outside(str(self), f"{vpc.address} is read from outside the configuration")
        return False if self.instance is not None and vpc is not None else self._outside()

    @cached_property
    def _source(self) -> Instance | None:
        """The data source that lists the subnets, where they are unknown."""
        bare = plain(self.link.value)
        if isinstance(bare, Unknown):
            for origin in bare.origins:
                found = self.deployment.links.at(origin.address)
                if found is not None and found.type in ("aws_subnets", "aws_subnet_ids"):
                    return found
        return None

    def _outside(self) -> Unknown:
        bare = plain(self.link.value)
        if isinstance(bare, Unknown) and self.link.instance is None:
            return unknown(bare)
        return outside(str(self), f"the subnet {self} lies outside the configuration")

    @cached_property
    def is_public(self) -> Tri:
        """Whether the subnet is public."""
        if self.instance is not None and self.instance.type == "aws_subnet":
            answer = self.deployment.tables.is_public(self.instance)
            if answer is not True and self.is_default is True:
                return True
            return answer
        return True if self.is_default is True else self._outside()

    @cached_property
    def vpc(self) -> Instance | None:
        """The VPC, where it is a resource of the configuration."""
        if self.instance is None:
            return None
        found = self.deployment.vpc_of(root(self.instance))
        return found if found is not None and found.mode == "managed" else None


class SubnetUse(Entity):
    """A service and one of its subnets: how its tasks there reach the registry, logs and secrets."""

    kind = "subnet_use"

    def __init__(self, service: Service, subnet: Subnet, maybe: bool) -> None:
        super().__init__(service.address, service.header, maybe=service.maybe or maybe)
        self.service = service
        self.of_subnet = subnet
        self.subject = f"subnet {subnet}"

    def place(self) -> object:  # type: ignore[override]
        """Where the service names its subnets."""
        return self.of_subnet.node.place()

    def _attribute(self, value: Value) -> Attribute:
        return Attribute(value, self.of_subnet.node.place)

    @attribute(EntityType("subnet"))
    def subnet(self) -> Attribute:
        """The subnet."""
        return self._attribute(self.of_subnet)

    @attribute(BOOL)
    def public(self) -> Attribute:
        """Whether the subnet is public."""
        return self._attribute(self.of_subnet.is_public)

    @attribute(BOOL)
    def reaches_nat(self) -> Attribute:
        """Whether a default route leads to a NAT gateway that works."""
        return self._attribute(self._path(lambda route: self._nat_works(route)))

    @attribute(BOOL)
    def reaches_central_egress(self) -> Attribute:
        """Whether a default route leads to a transit gateway, firewall or appliance."""
        return self._attribute(self._path(lambda route: route.kind == "central"))

    @attribute(BOOL)
    def reaches_endpoints(self) -> Attribute:
        """Whether VPC endpoints stand for all that the task needs."""
        return self._attribute(self.deployment.endpoints.cover(self.service, self.of_subnet))

    @attribute(STRING, nullable=True)
    def defect(self) -> Attribute:
        """What is wrong with the default route, in words; null where there is none."""
        return self._attribute(self._defect())

    @attribute(ListType(STRING))
    def missing_endpoints(self) -> Attribute:
        """The endpoints that the task would need without a default route, and that are not there."""
        return self._attribute(self.deployment.endpoints.missing(self.service, self.of_subnet))

    @property
    def deployment(self) -> Deployment:
        """The deployment."""
        return self.of_subnet.deployment

    def _path(self, works: object) -> Tri:
        subnet = self.of_subnet
        if subnet.instance is None or subnet.instance.type != "aws_subnet":
            return unknown(subnet._outside())
        tables = self.deployment.tables
        answer = any_of(
            all_of([applies, works(route)])  # type: ignore[operator]
            for route, applies in tables.default_routes(subnet.instance)
        )
        doubts = tables.routes_of(subnet.instance)[1]
        if answer is True or not doubts:
            return answer
        return unknown(*doubts)

    def _nat_works(self, route: Route) -> Tri:
        if route.kind != "nat":
            return route.kind == "" and unknown(route.target.value)
        nat = route.target.instance
        if nat is None or nat.mode == "data":
            return outside(
                str(known_text(route.target.value) or "the NAT gateway"),
                "the NAT gateway lies outside the configuration",
            ) if route.target.unknown is None else unknown(route.target.value)
        if nat.maybe and not route.node.instance.maybe:
            return outside(nat.address, f"whether {nat.address} exists is not known")
        return all_of([_is_null(self._nat_defect(nat))])

    def _nat_defect(self, nat: Instance) -> str | None | Unknown:
        node = root(nat)
        connectivity = node.get("connectivity_type").text("public")
        if plain(connectivity) == "private":
            return f"{nat.address} is a private NAT gateway, which leads to no internet"
        mode = plain(node.get("availability_mode").text("zonal"))
        if mode == "regional":
            return None
        allocation = node.get("allocation_id").value
        if is_null(allocation):
            return f"{nat.address} has no Elastic IP address (allocation_id)"
        link = self.deployment.links.find(node.get("subnet_id").value, "subnet")
        if link.instance is None or link.instance.mode == "data":
            return outside(nat.address, f"the subnet of {nat.address} is not known") if (
                link.unknown is None
            ) else unknown(link.value)
        public = self.deployment.subnet(link, node.get("subnet_id")).is_public
        if public is False:
            return f"{nat.address} lies in {link.instance.address}, which is no public subnet"
        return unknown(public) if isinstance(public, Unknown) else None

    def _defect(self) -> Value:
        subnet = self.of_subnet
        if subnet.instance is None or subnet.instance.type != "aws_subnet":
            return NULL
        for route, applies in self.deployment.tables.default_routes(subnet.instance):
            if applies is not True:
                continue
            if route.kind == "misplaced_nat":
                return "its default route names a NAT gateway in gateway_id; it belongs in nat_gateway_id"
            if route.kind == "nat" and route.target.instance is not None:
                found = self._nat_defect(route.target.instance)
                if isinstance(found, str):
                    return found
            elif route.kind in ("nothing", "other", "peering", "vpn", "egress_only"):
                return "its default route leads to no NAT gateway"
        if any(True for _ in self.deployment.tables.default_routes(subnet.instance)):
            return NULL
        return "its route table has no default route"


def _is_null(value: str | None | Unknown) -> Tri:
    return value if isinstance(value, Unknown) else value is None
