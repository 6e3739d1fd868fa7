"""NAT gateways: whether one leads to the internet, and if not, why."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, NUMBER, STRING, EntityType, ListType
from fglint.evaluation.values import NULL, Unknown, plain
from fglint.model.entity import Attribute, attribute
from fglint.model.logic import Tri, agreed, all_of, any_of, negated, same, unknown
from fglint.model.reading import known_text, root, whole_number
from fglint.model.resource import Resource, entities
from fglint.model.zones import zone_count

if TYPE_CHECKING:
    from fglint.model.network import Subnet


class NatGateway(Resource):
    """A NAT gateway: zonal or regional, public or private."""

    kind = "nat_gateway"

    @cached_property
    def is_regional(self) -> Tri:
        """Whether it spans the zones of its VPC."""
        return self._is("availability_mode", "regional")

    @cached_property
    def is_private(self) -> Tri:
        """Whether it translates between private networks only."""
        return self._is("connectivity_type", "private")

    def _is(self, name: str, wanted: str) -> Tri:
        return same(self.written(name).value, wanted)

    @attribute(BOOL)
    def regional(self) -> Attribute:
        """Whether it is a regional one (availability_mode)."""
        return Attribute(self.is_regional, self.written("availability_mode").place)

    @attribute(BOOL)
    def private(self) -> Attribute:
        """Whether it is a private one, which leads to no internet (connectivity_type)."""
        return Attribute(self.is_private, self.written("connectivity_type").place)

    @attribute(STRING, nullable=True)
    def allocation_id(self) -> Attribute:
        """The allocation of its Elastic IP address; null where it has none."""
        found = self.written("allocation_id")
        return Attribute(NULL, found.place) if known_text(found.value) == "" else found

    @cached_property
    def has_address(self) -> Tri:
        """Whether it has an Elastic IP address."""
        value = plain(self.read("allocation_id").value)
        if isinstance(value, Unknown):
            ref = value.ref
            certain = value.not_null or (ref is not None and ref.kind in ("computed", "data"))
            return True if certain else unknown(value)
        return not is_null(value)

    @attribute(BOOL)
    def elastic_ip(self) -> Attribute:
        """Whether it has an Elastic IP address."""
        return Attribute(self.has_address, self.read("allocation_id").place)

    @cached_property
    def subnet_choices(self) -> list[Subnet]:
        """The subnets that it may lie in: one where it is certain; none of a regional one."""
        if self.node is None:
            return []
        value = self.node.get("subnet_id").value
        found = self.deployment.links.candidates(value, "subnet")
        return [self.deployment.subnet(link) for link in found if not link.nothing]

    @attribute(EntityType("subnet"), nullable=True)
    def subnet(self) -> Attribute:
        """The subnet that it lies in; null for a regional one."""
        found = self.subnet_choices
        place = self.place if self.node is None else self.node.get("subnet_id").place
        if len(found) == 1:
            return Attribute(found[0], place)
        if self.node is None:
            return Attribute(self.unseen(), place)
        return Attribute(unknown(self.node.get("subnet_id").value) if found else NULL, place)

    @cached_property
    def in_public_subnet(self) -> Tri:
        """Whether its subnet is public."""
        if self.node is None:
            return self.unseen()
        if not self.subnet_choices:
            return False
        return agreed(subnet.is_public for subnet in self.subnet_choices)

    @cached_property
    def leads_out(self) -> Tri:
        """Whether it leads to the internet."""
        if self.node is None:
            return self.unseen()
        zonal = all_of([self.has_address, self.in_public_subnet])
        return all_of([negated(self.is_private), any_of([self.is_regional, zonal])])

    @attribute(BOOL)
    def works(self) -> Attribute:
        """Whether it leads to the internet: public, with an address, in a public subnet."""
        return Attribute(self.leads_out, self.place)

    @attribute(BOOL)
    def names_subnet(self) -> Attribute:
        """Whether it names a subnet, which a zonal one has to and a regional one must not."""
        if self.node is None:
            return Attribute(self.unseen(), self.place)
        node = self.node.get("subnet_id")
        return Attribute(not is_null(node.value), node.place)

    @attribute(BOOL)
    def names_vpc(self) -> Attribute:
        """Whether it names its VPC, which a regional one has to."""
        if self.node is None:
            return Attribute(self.unseen(), self.place)
        node = self.node.get("vpc_id")
        return Attribute(not is_null(node.value), node.place)

    @attribute(BOOL)
    def old_elastic_ip(self) -> Attribute:
        """Whether its aws_eip has the argument vpc, where provider 6 without it is permitted."""
        link = self.deployment.links.find(self.read("allocation_id").value, "eip")
        most = self.deployment.permitted.most
        found = link.managed is not None and "vpc" in link.managed.block.body.attributes
        found = found and (most is None or most >= 6)
        return Attribute(found, self.read("allocation_id").place)

    @attribute(EntityType("resource"), nullable=True)
    def eip(self) -> Attribute:
        """The aws_eip whose address it has; null where that lies outside."""
        from fglint.model.any_resource import AnyResource  # which reads what is unused

        found = self.deployment.links.find(self.read("allocation_id").value, "eip").managed
        value = NULL if found is None else AnyResource(self.deployment, found)
        return Attribute(value, self.read("allocation_id").place)

    @attribute(ListType(EntityType("resource")))
    def internet_gateways(self) -> Attribute:
        """The internet gateways of its VPC that the configuration has."""
        from fglint.model.any_resource import AnyResource

        found = [(AnyResource(self.deployment, one), False) for one in self._gateways()]
        return Attribute(entities(found), self.place)

    @attribute(STRING, nullable=True)
    def defect(self) -> Attribute:
        """Why it leads to no internet, in words; null where nothing speaks against it."""
        return Attribute(self.fault or NULL, self.place)

    @cached_property
    def fault(self) -> str | None:
        """The same, for other entities."""
        if self.node is None:
            return None
        if self.is_private is True:
            return f"{self} is a private NAT gateway, which leads to no internet"
        if self.is_regional is not False:
            return None
        if self.has_address is False:
            return f"{self} has no Elastic IP address (allocation_id)"
        if self.in_public_subnet is False:
            where = str(self.subnet_choices[0]) if self.subnet_choices else "no subnet"
            return f"{self} lies in {where}, which is not public"
        return None

    @attribute(BOOL)
    def waits_for_internet_gateway(self) -> Attribute:
        """Whether Terraform makes the internet gateway of its VPC first, where that is here."""
        return Attribute(self._waits(), self.place)

    def _waits(self) -> Tri:
        if self.instance is None:
            return self.unseen()
        graph = self.deployment.graph
        gateways = self._gateways()
        reached = [graph.reaches(self.instance.address, one.address) for one in gateways]
        return all(reached) if gateways else True

    def _gateways(self) -> list[Instance]:
        vpcs = [subnet.vpc for subnet in self.subnet_choices]
        found = self.deployment.links.of("aws_internet_gateway")
        return [one for one in found if any(vpc.holds(root(one)) is True for vpc in vpcs)]

    @attribute(ListType(EntityType("subnet")))
    def served_subnets(self) -> Attribute:
        """The subnets of the configuration whose default route leads to it."""
        found = [(s, len(s.tables) > 1) for s, serves in self._served if serves is True]
        return Attribute(entities(found), self.place)

    @cached_property
    def _served(self) -> list[tuple[Subnet, Tri]]:
        """The subnets of which a default route may lead to it, each with whether one does."""
        found: list[tuple[Subnet, Tri]] = []
        for subnet in self.deployment.subnets:
            serves = any_of(
                self.deployment.links.same(target.link, self.link)
                for table in subnet.tables
                for route, applies in table.default_routes()
                if applies is True
                for target in route.targets
                if target.kind == "nat"
            )
            if serves is not False:
                found.append((subnet, serves))
        return found

    @attribute(NUMBER)
    def task_zone_count(self) -> Attribute:
        """In how many Availability Zones tasks leave through it."""
        used = [(s, serves) for s, serves in self._served if s.service_list]
        sure = [s for s, serves in used if serves is True and len(s.tables) == 1]
        least = zone_count(sure)
        doubts = [serves for _, serves in used if isinstance(serves, Unknown)]
        doubts.extend(d for s, _ in used if len(s.tables) > 1 for d in map(unknown, s.doubts))
        if not doubts:
            return Attribute(least, self.place)
        bare = plain(least)
        minimum = bare.minimum if isinstance(bare, Unknown) else whole_number(bare)
        count = Unknown(NUMBER, unknown(*doubts).origins, not_null=True, minimum=minimum)
        return Attribute(count, self.place)
