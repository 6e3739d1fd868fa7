"""What a service gives where ids of subnets and security groups belong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fglint.evaluation.inspection import is_null
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import STRING
from fglint.evaluation.values import (
    NULL,
    ListValue,
    ObjectValue,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.reading import Node, known_text
from fglint.source import Range

if TYPE_CHECKING:
    from fglint.model.service import Service

_IDS = {"subnet": re.compile(r"subnet-[0-9a-f]+"), "security group": re.compile(r"sg-[0-9a-f]+")}
_LISTS = (TupleValue, ListValue, SetValue)
_CIDR = re.compile(r"[0-9a-fA-F.:]+/\d{1,3}")
# Attributes that are no ids, and what they are.
_ATTRIBUTES = {
    "arn": "an ARN",
    "name": "a name",
    "cidr_block": "a CIDR block",
    "ipv6_cidr_block": "a CIDR block",
    "vpc_id": "the id of a VPC",
    "availability_zone": "an Availability Zone",
}
# What the id of a resource is the id of.
_THINGS = {
    "aws_vpc": "VPC",
    "aws_default_vpc": "VPC",
    "aws_subnet": "subnet",
    "aws_default_subnet": "subnet",
    "aws_security_group": "security group",
    "aws_default_security_group": "security group",
    "aws_route_table": "route table",
    "aws_internet_gateway": "internet gateway",
    "aws_nat_gateway": "NAT gateway",
    "aws_lb": "load balancer",
    "aws_lb_target_group": "target group",
}


class Identifier(Entity):
    """An element of a service's subnets or security groups."""

    kind = "identifier"

    def __init__(self, service: Service, node: Node, what: str) -> None:
        super().__init__(service.address, service.header, maybe=service.maybe)
        self.part_of = service
        self.of_service = service
        self.node = node
        self.what = what

    def __str__(self) -> str:
        bare = plain(self.node.value)
        ref = bare.ref if isinstance(bare, Unknown) else None
        if isinstance(bare, _LISTS):
            return " ".join(self.node.place().text.split())
        return str(ref) if ref is not None else known_text(bare) or "an element"

    def place(self) -> Range | None:
        """Where it is written."""
        return self.node.place()

    @attribute(STRING)
    def of(self) -> Attribute:
        """`subnet` or `security group`: of what it has to be the id."""
        return Attribute(self.what, self.place)

    @attribute(STRING, nullable=True)
    def fault(self) -> Attribute:
        """What it is instead of an id, in words; null where it is one."""
        return Attribute(self._fault(), self.place)

    def _fault(self) -> Value:
        bare = plain(self.node.value)
        text = known_text(bare)
        if isinstance(bare, _LISTS):
            return "a list in a list"
        if text is not None:
            return self._of_text(text)
        if not isinstance(bare, Unknown) or is_null(bare):
            return NULL
        if bare.ref is None or bare.ref.kind not in ("computed", "data"):
            return Unknown(STRING, bare.origins)
        last = bare.ref.path.rpartition(".")[2].partition("[")[0]
        if last in _ATTRIBUTES:
            return _ATTRIBUTES[last]
        if last == "id" and (other := self._other_thing(bare.ref)) is not None:
            return f"the id of a {other}"
        if last in ("id", "ids") or last.endswith(("_id", "_ids")):
            return NULL
        return Unknown(STRING, bare.origins)

    def _other_thing(self, ref: Origin) -> str | None:
        """Of what else than wanted it is the id; None for what is wanted or not known."""
        found = self.of_service.deployment.links.at(ref.address)
        thing = None if found is None else _THINGS.get(found.type)
        return None if thing == self.what else thing

    def _of_text(self, text: str) -> Value:
        if _IDS[self.what].fullmatch(text):
            return NULL
        for other, pattern in _IDS.items():
            if pattern.fullmatch(text):
                return f"the id of a {other}"
        if text.startswith("arn:"):
            return "an ARN"
        return "a CIDR block" if _CIDR.fullmatch(text) else "a name"


def identifiers(service: Service) -> Iterator[Identifier]:
    """All that a service gives as ids of subnets and security groups."""
    for what, node in (
        ("subnet", service.launch.subnets),
        ("security group", service.launch.security_groups),
    ):
        for item in node.elements().items:
            yield Identifier(service, item.node, what)
        for element in _lists(node):
            yield Identifier(service, element, what)


def _lists(node: Node) -> Iterator[Node]:
    """The elements of a list that Terraform refuses, because they are lists themselves."""
    bare = plain(node.value)
    if not isinstance(bare, Unknown) or all(each.kind != "error" for each in bare.origins):
        return
    written = Node(node.instance, ObjectValue(node.instance.written()))
    for step in node.path:
        items = written.elements().items if isinstance(step, int) else ()
        if isinstance(step, int) and step >= len(items):
            return
        written = items[step].node if isinstance(step, int) else written.get(step)
    found = written.elements().items
    if found and all(isinstance(plain(item.node.value), _LISTS) for item in found):
        yield from (item.node for item in found)
