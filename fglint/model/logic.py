"""Three-valued logic for the facts of the model: True, False, or Unknown with its origins."""

from __future__ import annotations

from collections.abc import Iterable

from fglint.evaluation.equality import compare, identical
from fglint.evaluation.inspection import origins_of
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import BOOL
from fglint.evaluation.values import Unknown, Value, plain

Tri = bool | Unknown


def unknown(*causes: Value | Origin) -> Unknown:
    """The Unknown whose origins are those of the causes."""
    found: dict[Origin, None] = {}
    for cause in causes:
        if isinstance(cause, Origin):
            found[cause] = None
        else:
            found.update(dict.fromkeys(origins_of(cause)))
    return Unknown(BOOL, tuple(found), not_null=True)


def outside(address: str, because: str) -> Unknown:
    """The Unknown of a fact that the configuration does not hold."""
    return unknown(Origin("data", address, because=because))


def any_of(answers: Iterable[Tri]) -> Tri:
    """True when one is; else unknown when one is; else False."""
    doubts: list[Unknown] = []
    for answer in answers:
        if answer is True:
            return True
        if isinstance(answer, Unknown):
            doubts.append(answer)
    return unknown(*doubts) if doubts else False


def all_of(answers: Iterable[Tri]) -> Tri:
    """False when one is; else unknown when one is; else True."""
    doubts: list[Unknown] = []
    for answer in answers:
        if answer is False:
            return False
        if isinstance(answer, Unknown):
            doubts.append(answer)
    return unknown(*doubts) if doubts else True


def agreed(answers: Iterable[Tri], *causes: Value) -> Tri:
    """What all answers say, one of which holds; unknown where they differ, and for none."""
    found = list(answers)
    if found and all(answer is True for answer in found):
        return True
    if found and all(answer is False for answer in found):
        return False
    return unknown(*(answer for answer in found if isinstance(answer, Unknown)), *causes)


def negated(answer: Tri) -> Tri:
    """The opposite; unknown stays unknown."""
    return answer if isinstance(answer, Unknown) else not answer


def same(left: Value, right: Value) -> Tri:
    """Whether two values are equal."""
    answer = compare(left, right)
    if answer is None and identical(plain(left), plain(right)):
        return True
    return unknown(left, right) if answer is None else answer


def one_of(value: Value, wanted: Iterable[Value]) -> Tri:
    """Whether a value is one of several known ones."""
    return any_of(same(value, each) for each in wanted)
