"""Questions about a value: its type, what is unknown in it, and the marks at any depth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from fglint.evaluation.marks import Mark, Marks
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import (
    BOOL,
    NUMBER,
    STRING,
    EntityType,
    ListType,
    MapType,
    SetType,
    TupleType,
    Type,
    object_type,
)
from fglint.evaluation.values import (
    Capsule,
    Content,
    Encoded,
    Item,
    ListValue,
    MapValue,
    Marked,
    Null,
    ObjectValue,
    OpenList,
    OpenMap,
    Parts,
    Plain,
    SetValue,
    TupleValue,
    Union,
    Unknown,
    Value,
    children,
    plain,
)

if TYPE_CHECKING:
    pass


def unmark_deep(value: Value) -> tuple[Plain, Marks]:
    """The value without any marks, at any depth, and all of them."""
    found: set[Mark] = set()

    def strip(value: Value) -> Value:
        if isinstance(value, Marked):
            found.update(value.marks)
            value = value.value
        match value:
            case TupleValue(items):
                return TupleValue(tuple(map(strip, items)))
            case ListValue(items, element):
                return ListValue(tuple(map(strip, items)), element)
            case SetValue(items, element):
                return SetValue(tuple(map(strip, items)), element)
            case ObjectValue(entries):
                return ObjectValue({key: strip(entry) for key, entry in entries.items()})
            case MapValue(entries, element):
                return MapValue({key: strip(entry) for key, entry in entries.items()}, element)
            case Unknown(content=content) if content is not None:
                return replace(value, content=_strip_content(content, strip))
        return value

    result = plain(strip(value)) if _may_hold_marks(value) else plain(value)
    return result, frozenset(found)


def _may_hold_marks(value: Value) -> bool:
    return not isinstance(value, (str, bool, int, Fraction, float, Null))


def _strip_content(content: Content, strip: Callable[[Value], Value]) -> Content:
    match content:
        case OpenList(items, ordered):
            stripped_items = tuple(Item(strip(item.value), item.presence) for item in items)
            return OpenList(stripped_items, ordered)
        case OpenMap(entries, rest):
            stripped = {k: Item(strip(i.value), i.presence) for k, i in entries.items()}
            return OpenMap(stripped, None if rest is None else strip(rest))
        case Parts(parts):
            return Parts(tuple(map(strip, parts)))
        case Encoded(value, encoding):
            return Encoded(strip(value), encoding)
        case Union(leaves):
            return Union(tuple(map(strip, leaves)))
        case _:
            return content


def marks_deep(value: Value) -> Marks:
    """All marks at any depth."""
    return unmark_deep(value)[1]


def has_mark(value: Value, wanted: Mark) -> bool:
    """Whether the value itself carries the mark."""
    return isinstance(value, Marked) and wanted in value.marks


def is_null(value: Value) -> bool:
    """Whether the value is known to be null."""
    return isinstance(plain(value), Null)


def is_unknown(value: Value) -> bool:
    """Whether the value itself is unknown (an element of it may be while it is not)."""
    return isinstance(plain(value), Unknown)


def is_wholly_known(value: Value) -> bool:
    """Whether no part of the value is unknown."""
    if isinstance(plain(value), Unknown):
        return False
    return all(map(is_wholly_known, children(value)))


def has_known_order(value: Value) -> bool:
    """Whether the elements stand in a known order: not beside entries whose keys are unknown."""
    bare = plain(value)
    content = bare.content if isinstance(bare, Unknown) else None
    if isinstance(content, OpenMap):
        return content.rest is None
    return not isinstance(content, OpenList) or content.ordered


def origins_of(value: Value) -> tuple[Origin, ...]:
    """Why the value is not wholly known: the origins of all unknowns in it, each once."""
    found: dict[Origin, None] = {}

    def visit(value: Value) -> None:
        bare = plain(value)
        if isinstance(bare, Unknown):
            found.update(dict.fromkeys(bare.origins))
            return
        for child in children(bare):
            visit(child)

    visit(value)
    return tuple(found)


def type_of(value: Value) -> Type:
    """The type of a value."""
    match plain(value):
        case str():
            return STRING
        case bool():
            return BOOL
        case int() | Fraction() | float():
            return NUMBER
        case Null(type_):
            return type_
        case Unknown(type=type_):
            return type_
        case Capsule(kind=kind):
            return EntityType(kind)
        case TupleValue(items):
            return TupleType(tuple(map(type_of, items)))
        case ListValue(_, element):
            return ListType(element)
        case SetValue(_, element):
            return SetType(element)
        case MapValue(_, element):
            return MapType(element)
        case ObjectValue(entries):
            return object_type({key: type_of(entry) for key, entry in entries.items()})
