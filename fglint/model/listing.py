"""Lists of entities as rules see them, of which some may not be there."""

from __future__ import annotations

from collections.abc import Sequence

from fglint.evaluation.types import DYNAMIC
from fglint.evaluation.values import Item, OpenList, Presence, TupleValue, Unknown, Value
from fglint.model.entity import Entity
from fglint.model.logic import Tri, unknown


def listing(found: Sequence[tuple[Entity, Tri]], doubts: Sequence[Unknown] = ()) -> Value:
    """A list of entities, each with whether it is there.

    `doubts` tell why there may be others; an unknown element stands for those.
    """
    return _listed(found, doubts)


def values(found: Sequence[tuple[Value, Tri]], doubts: Sequence[Unknown] = ()) -> Value:
    """A list of values, likewise."""
    return _listed(found, doubts)


def texts(found: Sequence[tuple[str, Tri]], doubts: Sequence[Unknown] = ()) -> Value:
    """A list of texts, likewise."""
    return _listed(found, doubts)


def _listed(found: Sequence[tuple[Value, Tri]], doubts: Sequence[Unknown]) -> Value:
    kept = [(each, present) for each, present in found if present is not False]
    if not doubts and all(present is True for _, present in kept):
        return TupleValue(tuple(each for each, _ in kept))
    absent = [present for _, present in kept if isinstance(present, Unknown)]
    origins = unknown(*doubts, *absent).origins
    items = [
        Item(each, Presence.ONE if present is True else Presence.MAYBE) for each, present in kept
    ]
    if doubts:
        items.append(Item(Unknown(DYNAMIC, unknown(*doubts).origins), Presence.MANY))
    return Unknown(DYNAMIC, origins, not_null=True, content=OpenList(tuple(items)))
