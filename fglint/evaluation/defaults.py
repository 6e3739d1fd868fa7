"""The defaults of optional attributes."""

from __future__ import annotations

from dataclasses import field, replace

from fglint.evaluation.types import (
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from fglint.evaluation.values import (
    Item,
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    OpenMap,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    mark,
    plain,
    unmark,
)
from fglint.records import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Defaults:
    """The defaults of optional attributes in a type constraint.

    `values` belong to the attributes of an object; `children` to what lies deeper: by attribute
    name, by str(index) in a tuple, and by "" for the elements of a collection.
    """

    values: dict[str, Value] = field(default_factory=dict)
    children: dict[str, Defaults] = field(default_factory=dict)


def with_defaults(value: Value, wanted: Type, defaults: Defaults) -> Value:
    """The value with the defaults of absent and null attributes filled in, before conversion."""
    bare, marks = unmark(value)
    if isinstance(bare, Null):
        return value
    result: Value
    match bare, wanted:
        case ObjectValue(entries) | MapValue(entries, _), ObjectType():
            result = ObjectValue(_fill(entries, wanted, defaults))
        case Unknown(content=OpenMap(entries=items, rest=rest)), ObjectType():
            filled = {
                name: Item(_deeper(item.value, name, wanted, defaults), item.presence)
                for name, item in items.items()
            }
            result = replace(bare, ref=None, content=OpenMap(filled, rest))
        case ((TupleValue(items) | ListValue(items, _) | SetValue(items, _)), TupleType(elements)):
            children = enumerate(zip(items, elements, strict=False))
            result = TupleValue(
                tuple(_child(item, t, defaults.children.get(str(i))) for i, (item, t) in children)
            )
        case ((TupleValue(items) | ListValue(items, _) | SetValue(items, _)), _):
            element = _element_of(wanted)
            result = TupleValue(
                tuple(_child(item, element, defaults.children.get("")) for item in items)
            )
        case ObjectValue(entries) | MapValue(entries, _), _:
            element = _element_of(wanted)
            inner = defaults.children.get("")
            result = ObjectValue({k: _child(v, element, inner) for k, v in entries.items()})
        case _:
            return value
    return mark(result, marks)


def _element_of(wanted: Type) -> Type:
    if isinstance(wanted, (ListType, SetType, MapType)):
        return wanted.element
    return wanted


def _fill(entries: dict[str, Value], wanted: ObjectType, defaults: Defaults) -> dict[str, Value]:
    filled = {name: _deeper(entry, name, wanted, defaults) for name, entry in entries.items()}
    for name, default in defaults.values.items():
        if name not in filled or isinstance(plain(filled[name]), Null):
            filled[name] = _deeper(default, name, wanted, defaults)
    return filled


def _deeper(value: Value, name: str, wanted: ObjectType, defaults: Defaults) -> Value:
    type_ = wanted.attribute(name)
    return value if type_ is None else _child(value, type_, defaults.children.get(name))


def _child(value: Value, wanted: Type, defaults: Defaults | None) -> Value:
    return value if defaults is None else with_defaults(value, wanted, defaults)
