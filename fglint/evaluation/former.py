"""What older versions of Terraform took and today's refuses: a check goes on with what it meant.

Nothing of it holds where a plan is reproduced, and inside `try` and `can`, which catch the refusal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fglint.evaluation.convert import convert
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.frame import Code, Frame
from fglint.evaluation.inspection import is_unknown, origins_of, type_of
from fglint.evaluation.types import DYNAMIC, STRING, Dynamic, ListType, MapType, SetType, Type
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    NULL,
    ListValue,
    ObjectValue,
    OrderedSet,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    children,
    mark,
    plain,
    unmark,
)
from fglint.source import Range

FUNCTIONS = {
    "list": "tolist([…])",
    "map": "tomap({…})",
}  # of Terraform 0.11, with what to write instead


def indexed(container: Code, at: Range) -> Code:
    """What an index is applied to; a set as the list that it was, with a warning at the index."""

    def get(frame: Frame) -> Value:
        value = container(frame)
        context = frame.scope.context
        if not (_is_set(value) and context.assuming):
            return value
        context.warn(
            "Index of a set",
            "The elements of a set have no index, and Terraform refuses one. Write tolist(…)[0] "
            "for an element, one(…) for the only one, or a for expression.",
            at,
        )
        return _as_list(value)

    return get


def _is_set(value: Value) -> bool:
    bare = plain(value)
    unknown = isinstance(bare, Unknown) and isinstance(bare.type, SetType)
    return unknown or isinstance(bare, (SetValue, OrderedSet))


def _as_list(value: Value) -> Value:
    """The set as a list; without an order, each of several elements may be any of them."""
    bare, marks = unmark(value)
    match bare:
        case Unknown(type=SetType(element)):
            return mark(replace(bare, type=ListType(element)), marks)
        case OrderedSet(items, element):
            return mark(ListValue(items, element), marks)
        case SetValue(items, element):
            why = tuple(origin for item in items for origin in origins_of(item))
            any_ = union(items, why, element) if items else NULL
            return mark(ListValue((any_,) * len(items), element), marks)
        case _:
            raise AssertionError(bare)


def called(name: str, arguments: Sequence[Code], otherwise: Code, at: Range) -> Code:
    """The call of a function of Terraform 0.11, with a warning."""

    def call(frame: Frame) -> Value:
        context = frame.scope.context
        if not context.assuming:
            return otherwise(frame)
        value = _value_of(name, [argument(frame) for argument in arguments])
        context.warn(
            "Function of Terraform 0.11",
            f"Terraform has no {name}() since 0.12: write {FUNCTIONS[name]}.",
            at,
        )
        return value

    return call


def _value_of(name: str, values: Sequence[Value]) -> Value:
    if name == "list":
        return _collected(TupleValue(tuple(values)), ListType(DYNAMIC))
    if len(values) % 2:
        raise EvaluationError(
            "Error in function call", 'Call to function "map" failed: a key has no value.'
        )
    keys = [convert(key, STRING) for key in values[::2]]
    if any(map(is_unknown, keys)):
        return Unknown(MapType(DYNAMIC), tuple(o for key in keys for o in origins_of(key)))
    entries = {str(plain(key)): item for key, item in zip(keys, values[1::2], strict=True)}
    return _collected(ObjectValue(entries), MapType(DYNAMIC))


def _collected(value: Value, wanted: Type) -> Value:
    """The elements as a collection, which they are not yet while the type of one is not known."""
    open_ = any(isinstance(type_of(element), Dynamic) for element in children(value))
    return value if open_ else convert(value, wanted)
