"""Availability Zones: how many a set of subnets spans, as far as it is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fglint.evaluation.equality import compare
from fglint.evaluation.inspection import is_null, origins_of
from fglint.evaluation.types import NUMBER
from fglint.evaluation.values import Unknown, Value, plain
from fglint.model.links import Links
from fglint.model.reading import root

if TYPE_CHECKING:
    from fglint.model.network import Subnet

_ELEMENT = re.compile(r"^(\.(?:names|zone_ids))\[(\d+)\]$")


def differ(one: Value, other: Value) -> bool | None:
    """Whether two zones differ; None where it is not known.

    The elements of one data.aws_availability_zones differ from each other by position.
    """
    if is_null(one) or is_null(other):
        return None
    answer = compare(one, other)
    if answer is True:
        return False
    first, second = _element(one), _element(other)
    if first is not None and second is not None and first[:2] == second[:2]:
        return first[2] != second[2]
    if answer is False and _form(one) == _form(other):
        return True
    return None


def zone_count(subnets: Sequence[Subnet]) -> Value:
    """How many zones the subnets lie in: a number, or an unknown one with its bounds."""
    zones = [subnet.zone for subnet in subnets]
    certain = [zone for subnet, zone in zip(subnets, zones, strict=True) if subnet.is_one]
    least = _distinct(certain, lambda answer: answer is True)
    most = _distinct(zones, lambda answer: answer is not False)
    least = max(least, 1) if subnets else 0
    many = any(not subnet.is_one for subnet in subnets)
    if least == most and not many:
        return least
    origins = tuple(dict.fromkeys(o for s in subnets for o in origins_of(s.zone_or_cause)))
    known = Unknown(NUMBER, origins, not_null=True, minimum=least, maximum=None if many else most)
    return _stated(subnets, known)


def _stated(subnets: Sequence[Subnet], known: Unknown) -> Value:
    """The number that facts state, where they are about all the subnets; else what is known."""
    numbers = [
        plain(subnet.deployment.facts.value(subnet, "subnets", "zones", known))
        for subnet in subnets
    ]
    found = [number for number in numbers if isinstance(number, int)]
    return max(found) if found and len(found) == len(numbers) else known


def bounds(count: Value) -> tuple[int, int | None]:
    """The least and the most that a number of zones may be."""
    bare = plain(count)
    if isinstance(bare, Unknown):
        return int(bare.minimum or 0), None if bare.maximum is None else int(bare.maximum)
    assert isinstance(bare, int)
    return bare, bare


def may_be_local(links: Links, zone: Value) -> bool:
    """Whether a zone comes from a data.aws_availability_zones that asks for no kind of zone."""
    found = _element(zone)
    instance = None if found is None else links.at(found[0])
    if instance is None:
        return False
    node = root(instance)
    return is_null(node.get("state").value) and not node.blocks("filter").items


def _distinct(zones: Sequence[Value], counts: object) -> int:
    """How many zones there are of which each counts as different from all before it."""
    found: list[Value] = []
    for zone in zones:
        if all(counts(differ(zone, other)) for other in found):  # type: ignore[operator]
            found.append(zone)
    return len(found)


def _element(value: Value) -> tuple[str, str, int] | None:
    bare = plain(value)
    if not isinstance(bare, Unknown) or bare.ref is None:
        return None
    found = _ELEMENT.match(bare.ref.path)
    if found is None or "data.aws_availability_zones." not in bare.ref.address:
        return None
    return bare.ref.address, found[1], int(found[2])


def _form(value: Value) -> str:
    """The names of zones (us-east-1a) and their ids (use1-az1) do not compare."""
    bare = plain(value)
    if not isinstance(bare, str):
        return ""
    return "id" if re.search(r"-az\d+$", bare) else "name"
