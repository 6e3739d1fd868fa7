"""VPC endpoints: what stands in for a NAT gateway."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.types import STRING
from fglint.evaluation.values import (
    Item,
    ListValue,
    OpenList,
    Parts,
    Presence,
    Unknown,
    Value,
    plain,
)
from fglint.model.links import elements
from fglint.model.logic import Tri, all_of, any_of, outside, unknown
from fglint.model.reading import root

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment
    from fglint.model.network import Subnet
    from fglint.model.service import Service


class Endpoints:
    """The VPC endpoints of a deployment."""

    def __init__(self, deployment: Deployment) -> None:
        self.deployment = deployment

    def cover(self, service: Service, subnet: Subnet) -> Tri:
        """Whether endpoints stand for all that a service's task needs in a subnet."""
        needs = service.needs
        if isinstance(needs, Unknown):
            return needs
        if needs.internet is True:
            return False
        answers = [self._present(name, subnet) for name in needs.endpoints]
        return all_of([*answers, *([needs.internet] if needs.internet is not False else [])])

    def missing(self, service: Service, subnet: Subnet) -> Value:
        """The names of the endpoints that are needed and not there."""
        needs = service.needs
        if isinstance(needs, Unknown):
            return Unknown(origins=needs.origins)
        items: list[Item] = []
        for name in needs.endpoints:
            present = self._present(name, subnet)
            if present is False:
                items.append(Item(name))
            elif isinstance(present, Unknown):
                items.append(Item(name, Presence.MAYBE))
        if all(item.presence is Presence.ONE for item in items):
            return ListValue(tuple(item.value for item in items), STRING)
        return Unknown(origins=(), content=OpenList(tuple(items)))

    def _present(self, name: str, subnet: Subnet) -> Tri:
        """Whether the endpoint of an AWS service ("ecr.api") works in a subnet."""
        vpc = subnet.vpc
        if vpc is None:
            return outside(str(subnet), "endpoints may exist in a VPC outside the configuration")
        return any_of(self._works(e, name, subnet) for e in self._in_vpc(vpc))

    def _in_vpc(self, vpc: Instance) -> Iterator[Instance]:
        for endpoint in self.deployment.links.of("aws_vpc_endpoint"):
            link = self.deployment.links.find(root(endpoint).get("vpc_id").value, "vpc")
            if link.instance is vpc or link.unknown is not None:
                yield endpoint

    def _works(self, endpoint: Instance, name: str, subnet: Subnet) -> Tri:
        node = root(endpoint)
        matches = _ends_with(node.get("service_name").value, f".{name}")
        if matches is False:
            return False
        type_ = plain(node.get("vpc_endpoint_type").text("Gateway"))
        if isinstance(type_, Unknown):
            return unknown(type_)
        if type_ == "Gateway":
            reached = self._routed(endpoint, subnet) if name == "s3" else False
            return all_of([matches, reached])
        if type_ != "Interface":
            return False
        dns = root(subnet.vpc).get("enable_dns_hostnames").flag() if subnet.vpc else False
        return all_of(
            [
                matches,
                node.get("private_dns_enabled").flag(),
                dns,
                outside(
                    endpoint.address,
                    f"whether the security groups of {endpoint.address} let the tasks in on port "
                    "443 is not judged",
                ),
            ]
        )

    def _routed(self, endpoint: Instance, subnet: Subnet) -> Tri:
        """Whether the subnet's route table has the routes of a gateway endpoint."""
        assert subnet.instance is not None
        links = self.deployment.links
        table = self.deployment.tables.table_of(subnet.instance)
        if table.instance is None:
            return table.unknown or unknown(table.value)
        answers: list[Tri] = []
        values = list(elements(root(endpoint).get("route_table_ids").value))
        for association in links.of("aws_vpc_endpoint_route_table_association"):
            node = root(association)
            if links.find(node.get("vpc_endpoint_id").value, "endpoint").instance is endpoint:
                values.append(node.get("route_table_id").value)
        for value in values:
            bare = plain(value)
            own = isinstance(bare, Unknown) and bare.ref is not None and (
                bare.ref.kind == "computed" and bare.ref.address == endpoint.address
            )
            if own:
                continue
            link = links.find(value, "route_table")
            if link.instance is table.instance:
                return True
            if link.unknown is not None:
                answers.append(unknown(value))
        return any_of(answers)


def _ends_with(value: Value, suffix: str) -> Tri:
    bare = plain(value)
    if isinstance(bare, str):
        return bare.endswith(suffix)
    if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
        last = plain(bare.content.parts[-1])
        if isinstance(last, str) and (last.endswith(suffix) or len(last) >= len(suffix)):
            return last.endswith(suffix)
    return unknown(value)
