"""Whether a value is one of those that an unknown value may turn out to be."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from fglint.evaluation.equality import compare
from fglint.evaluation.holes import json_text_value
from fglint.evaluation.inspection import is_wholly_known
from fglint.evaluation.values import (
    Encoded,
    Item,
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    OpenList,
    OpenMap,
    Parts,
    Presence,
    SetValue,
    TupleValue,
    Union,
    Unknown,
    Value,
    plain,
)


def allows(claimed: Value, actual: Value) -> bool:
    """Whether what is claimed of a value is true of the actual one."""
    claimed, actual = plain(claimed), plain(actual)
    if isinstance(actual, Unknown):
        return True  # it depends on more than the variables
    match claimed:
        case Unknown():
            return _unknown_allows(claimed, actual)
        case TupleValue(items) | ListValue(items, _):
            others = getattr(actual, "items", None)
            return (
                isinstance(actual, (TupleValue, ListValue))
                and len(items) == len(others or ())
                and all(map(allows, items, others or ()))
            )
        case ObjectValue(entries) | MapValue(entries, _):
            if not isinstance(actual, (ObjectValue, MapValue)):
                return False
            same = entries.keys() == actual.items.keys()
            return same and all(allows(entry, actual.items[key]) for key, entry in entries.items())
        case SetValue() if not is_wholly_known(claimed):
            return isinstance(actual, SetValue)
        case Null():
            return isinstance(actual, Null)
        case _:
            return compare(claimed, actual) is True


def _unknown_allows(claimed: Unknown, actual: Value) -> bool:
    if isinstance(actual, Null):
        return not claimed.not_null
    if isinstance(actual, str) and not actual.startswith(claimed.prefix):
        return False
    size = _size(actual)
    if size is not None:
        if claimed.minimum is not None and size < claimed.minimum:
            return False
        if claimed.maximum is not None and size > claimed.maximum:
            return False
    match claimed.content:
        case Union(leaves):
            return any(allows(leaf, actual) for leaf in leaves)
        case OpenList(items, ordered):
            others = getattr(actual, "items", ())
            ordered = ordered and not isinstance(actual, SetValue)
            return not ordered or _sequence_allows(items, tuple(others))
        case OpenMap():
            return _map_allows(claimed.content, actual)
        case Parts(parts):
            return isinstance(actual, str) and _text_allows(parts, actual)
        case Encoded(_, "json"):
            return allows(json_text_value(claimed), json_text_value(actual))
        case _:
            return True


def _size(value: Value) -> int | Fraction | float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, Fraction, float)):
        return value
    items = getattr(value, "items", None)
    return None if items is None else len(items)


def _sequence_allows(items: Sequence[Item], actual: Sequence[Value]) -> bool:
    if not items:
        return not actual
    first, rest = items[0], items[1:]
    if first.presence is not Presence.ONE and _sequence_allows(rest, actual):
        return True
    if not actual or not allows(first.value, actual[0]):
        return False
    again = items if first.presence is Presence.MANY else rest
    return _sequence_allows(again, actual[1:])


def _map_allows(content: OpenMap, actual: Value) -> bool:
    if not isinstance(actual, (ObjectValue, MapValue)):
        return False
    for key, item in content.entries.items():
        if key not in actual.items:
            if item.presence is Presence.ONE:
                return False
        elif not allows(item.value, actual.items[key]):
            return content.rest is not None and allows(content.rest, actual.items[key])
    others = [value for key, value in actual.items.items() if key not in content.entries]
    return not others or (
        content.rest is not None and all(allows(content.rest, other) for other in others)
    )


def _text_allows(parts: Sequence[Value], actual: str) -> bool:
    """Whether the known pieces stand in the text in order; what combines is left out of account."""
    position = 0
    for part in parts:
        bare = plain(part)
        if isinstance(bare, str) and bare.isascii() and actual.isascii():
            found = actual.find(bare, position)
            if found < 0:
                return False
            position = found + len(bare)
    return True
