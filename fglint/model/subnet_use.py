"""A service in one of its subnets: how its tasks there reach the registry, logs and secrets."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.evaluation.types import BOOL, STRING, EntityType, ListType
from fglint.evaluation.values import (
    Item,
    OpenList,
    Presence,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.model.endpoints import VpcEndpoint
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.logic import Tri, agreed, all_of, any_of, negated, outside, unknown
from fglint.model.needs import Need, covered
from fglint.model.reading import Node, known_text, root
from fglint.model.routes import Route, Target
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.network import Subnet
    from fglint.model.service import Service

_LEADS_NOWHERE = {
    "nothing": "its default route names no target",
    "egress_only": "its default route leads to an egress-only gateway, which is for IPv6",
    "peering": "its default route leads to a peering connection, which leads to no internet",
}


class SubnetUse(Entity):
    """A service and one of its subnets."""

    kind = "subnet_use"

    def __init__(self, service: Service, subnet: Subnet, node: Node, maybe: bool) -> None:
        super().__init__(service.address, service.header, maybe=service.maybe or maybe)
        self.part_of = service
        self.of_service = service
        self.of_subnet = subnet
        self.node = node
        self.subject = f"subnet {subnet}"

    @property
    def doubt(self) -> Unknown:
        """Why the service may not use the subnet."""
        return unknown(self.of_service.launch.subnets.value)

    def place(self) -> Range | None:
        """Where the service names its subnets."""
        return self.node.place()

    @property
    def deployment(self) -> Deployment:
        """The deployment."""
        return self.of_subnet.deployment

    def _attribute(self, value: Value) -> Attribute:
        return Attribute(value, self.place)

    @attribute(EntityType("service"))
    def service(self) -> Attribute:
        """The service."""
        return self._attribute(self.of_service)

    @attribute(EntityType("subnet"))
    def subnet(self) -> Attribute:
        """The subnet."""
        return self._attribute(self.of_subnet)

    @attribute(BOOL)
    def public(self) -> Attribute:
        """Whether the subnet is public."""
        return self._attribute(self.of_subnet.is_public)

    @attribute(BOOL)
    def certainly_public(self) -> Attribute:
        """Whether the subnet is known to be public; false where it is not known."""
        return self._attribute(self.of_subnet.is_public is True and not self.maybe)

    # ---- by the default route -----------------------------------------------------------------

    def _default_routes(self) -> Iterator[tuple[Route, Tri]]:
        for table in self.of_subnet.tables:
            yield from table.default_routes()

    def _leads(self, works: object) -> Tri:
        """Whether the default route of each table that the subnet may use satisfies something."""
        subnet = self.of_subnet
        answers: list[Tri] = []
        for table in subnet.tables:
            found = [
                all_of([applies, agreed(works(target) for target in route.targets)])  # type: ignore[operator]
                for route, applies in table.default_routes()
            ]
            answer = any_of(found)
            doubts = table.contents[1]
            answers.append(answer if answer is True or not doubts else unknown(*doubts, answer))
        if subnet.instance is not None and subnet.only_ipv6 is not False:
            return outside(
                str(subnet), f"whether {subnet} leads out over IPv6 alone is not decided"
            )
        answer = agreed(answers, *subnet.doubts)
        if isinstance(answer, Unknown) and subnet.external:
            return unknown(subnet.elsewhere)
        return answer

    @cached_property
    def through_nat(self) -> Tri:
        """Whether the default route leads to a NAT gateway that works."""
        facts, subnet = self.deployment.facts, self.of_subnet
        return facts.settle(subnet, "subnets", "egress", self._leads(self._nat_works), "nat")

    def _nat_works(self, target: Target) -> Tri:
        if target.kind == "":
            return unknown(target.link.value)
        if target.kind != "nat":
            return False
        if target.link.unknown is not None:
            return unknown(target.link.value)
        return self.deployment.nat_gateway(target.link).leads_out

    @attribute(BOOL)
    def reaches_nat(self) -> Attribute:
        """Whether a default route leads to a NAT gateway that leads to the internet."""
        return self._attribute(self.through_nat)

    @cached_property
    def through_center(self) -> Tri:
        """Whether the default route leads to where a network as a whole is left."""
        facts, subnet = self.deployment.facts, self.of_subnet
        return facts.settle(subnet, "subnets", "egress", self._leads_to_center, "central")

    @property
    def _leads_to_center(self) -> Tri:
        leads = self._leads(_is_central)
        if leads is True:
            return True
        propagated = any_of(table.propagated for table in self.of_subnet.tables)
        if propagated is False:
            return leads
        cause = outside(
            str(self.of_subnet), "what its virtual private gateway propagates is not known"
        )
        return unknown(cause, leads)

    @attribute(BOOL)
    def reaches_central_egress(self) -> Attribute:
        """Whether a default route leads to a transit gateway, core network, firewall, appliance
        or virtual private gateway: the far end lies outside the configuration.
        """
        return self._attribute(self.through_center)

    # ---- by endpoints -------------------------------------------------------------------------

    def _endpoints(self) -> list[tuple[VpcEndpoint, Tri]]:
        vpc = self.of_subnet.vpc
        found = [(one, one.in_vpc(vpc)) for one in self.deployment.vpc_endpoints]
        return [(one, answer) for one, answer in found if answer is not False]

    def serving(self, name: str) -> list[VpcEndpoint]:
        """The endpoints in the VPC that are, or may be, for an AWS service."""
        return [one for one, _ in self._endpoints() if one.serves(name) is not False]

    def _works(self, name: str) -> Tri:
        """Whether an endpoint of an AWS service works for the tasks in the subnet."""
        client = self.of_service.side
        answers: list[Tri] = []
        for endpoint, there in self._endpoints():
            serves = endpoint.serves(name)
            if serves is False:
                continue
            works = any_of(
                [
                    endpoint.works_as_gateway(self.of_subnet) if name == "s3" else False,
                    endpoint.works_as_interface(client),
                ]
            )
            answers.append(all_of([there, serves, works, negated(endpoint.limits)]))
        answer = any_of(answers)
        if answer is not False:
            return answer
        return self._elsewhere(name)

    def _elsewhere(self, name: str) -> Tri:
        """What else may lead to the service: a VPC outside, or a private zone for its name."""
        vpc = self.of_subnet.vpc
        if vpc.external:
            because = f"endpoints may exist in {vpc}, outside the configuration"
            unseen = outside(str(vpc), because)
            return self.deployment.facts.lists(vpc, "vpcs", "endpoints", unseen, name)
        more = self.deployment.additions(vpc)
        if more:
            return unknown(*more)
        for zone in self.deployment.links.of("aws_route53_zone"):
            named = known_text(root(zone).get("name").value) or ""
            if named.rstrip(".").endswith("amazonaws.com") and root(zone).blocks("vpc").items:
                return outside(zone.address, f"where {zone.address} leads to is not followed")
        return False

    @cached_property
    def _found(self) -> list[tuple[Need, Tri]] | Unknown:
        needs = self.of_service.needs
        if isinstance(needs, Unknown):
            return needs
        return [(need, self._works(need.endpoint)) for need in needs.endpoints]

    @cached_property
    def through_endpoints(self) -> Tri:
        """Whether VPC endpoints stand for all that the task needs."""
        found, needs = self._found, self.of_service.needs
        if isinstance(found, Unknown) or isinstance(needs, Unknown):
            return unknown(found if isinstance(found, Unknown) else needs)  # type: ignore[arg-type]
        return covered(needs, found)

    @attribute(BOOL)
    def reaches_endpoints(self) -> Attribute:
        """Whether VPC endpoints stand for all that the task needs."""
        return self._attribute(self.through_endpoints)

    @attribute(ListType(STRING))
    def missing_endpoints(self) -> Attribute:
        """The endpoints that the task needs where it has no way out, and that do not work."""
        found = self._found
        if isinstance(found, Unknown):
            return self._attribute(Unknown(ListType(STRING), found.origins, not_null=True))
        items: list[Item] = []
        doubts: list[Value] = []
        for need, works in found:
            lacking = all_of([need.needed, negated(works)])
            if isinstance(lacking, Unknown):
                doubts.append(lacking)
            if lacking is not False:
                items.append(
                    Item(need.endpoint, Presence.ONE if lacking is True else Presence.MAYBE)
                )
        if not doubts:
            return self._attribute(TupleValue(tuple(item.value for item in items)))
        content = OpenList(tuple(items))
        return self._attribute(
            Unknown(ListType(STRING), unknown(*doubts).origins, not_null=True, content=content)
        )

    @attribute(BOOL)
    def pulls_over_internet(self) -> Attribute:
        """Whether an image comes from a registry on the internet, for which no endpoint stands."""
        needs = self.of_service.needs
        answer = needs if isinstance(needs, Unknown) else needs.internet
        return self._attribute(unknown(answer) if isinstance(answer, Unknown) else answer)

    # ---- what is wrong ------------------------------------------------------------------------

    @attribute(STRING)
    def obstacle(self) -> Attribute:
        """Why tasks do not reach what they need to start, in words."""
        return self._attribute(f"{self._route_defect()}, and {self._gap()}")

    def _gap(self) -> str:
        """Why endpoints do not stand in for a default route."""
        needs = self.of_service.needs
        if isinstance(needs, Unknown):
            return "no endpoints stand in for it"
        if needs.internet is True:
            return "an image comes from a registry that is reached over the internet alone"
        found = [] if isinstance(self._found, Unknown) else self._found
        lacking = [n.endpoint for n, works in found if works is False and n.needed is not False]
        faults = self._endpoint_faults()
        if faults:
            return "; ".join(faults)
        if not lacking:
            return "no endpoints stand in for it"
        return f"no endpoint for {', '.join(lacking)} stands in for it"

    def _route_defect(self) -> str:
        routes = list(self._default_routes())
        for route, applies in routes:
            if applies is not True:
                continue
            kind = plain(route.read("target").value)
            if kind == "nat":
                for target in route.targets:
                    if target.link.unknown is None:
                        fault = self.deployment.nat_gateway(target.link).fault
                        if fault is not None:
                            return fault
            elif isinstance(kind, str) and kind in _LEADS_NOWHERE:
                return _LEADS_NOWHERE[kind]
        if not routes and not any(table.contents[1] for table in self.of_subnet.tables):
            return "its route table has no default route"
        return "its default route leads to no NAT gateway"

    def _endpoint_faults(self) -> list[str]:
        """Why endpoints that are there do not work for the tasks."""
        found = [] if isinstance(self._found, Unknown) else self._found
        texts: list[str] = []
        for need, works in found:
            if works is not False or need.needed is False:
                continue
            for endpoint, _ in self._endpoints():
                if endpoint.serves(need.endpoint) is True:
                    fault = endpoint.fault(need.endpoint, self.of_subnet, self.of_service.side)
                    texts.extend([] if fault is None else [fault])
        return list(dict.fromkeys(texts))


def _is_central(target: Target) -> Tri:
    if target.kind == "":
        return unknown(target.link.value)
    return target.kind in ("central", "vpn")
