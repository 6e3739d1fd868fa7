"""Conversion between types, and Terraform's sensitive mark."""

from __future__ import annotations

from collections.abc import Sequence

from fglint.evaluation.convert import convert
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.functions.registry import Parameter, function
from fglint.evaluation.inspection import type_of
from fglint.evaluation.marks import EPHEMERAL, SENSITIVE, Sensitive
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from fglint.evaluation.unification import unify
from fglint.evaluation.values import (
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    OrderedSet,
    TupleValue,
    Unknown,
    Value,
    mark,
    unmark,
)

_ANY = Parameter(DYNAMIC, nullable=True, unknown=True)


def _converted(value: Value, wanted: Type) -> Value:
    try:
        return convert(value, wanted)
    except EvaluationError as error:
        raise EvaluationError(
            "Invalid function argument", f'Invalid value for "v" parameter: {error.detail}.'
        ) from None


@function(_ANY, returns=STRING, sees_marks=True, may_be_null=True)
def tostring(v: Value) -> Value:
    """The value as a string."""
    return _converted(v, STRING)


@function(_ANY, returns=NUMBER, sees_marks=True, may_be_null=True)
def tonumber(v: Value) -> Value:
    """The value as a number."""
    return _converted(v, NUMBER)


@function(_ANY, returns=BOOL, sees_marks=True, may_be_null=True)
def tobool(v: Value) -> Value:
    """The value as a bool."""
    return _converted(v, BOOL)


def _element(value: Value) -> Type:
    """The element type that a collection made of a value would have."""
    match type_of(value):
        case ListType(element) | SetType(element) | MapType(element):
            return element
        case TupleType(elements):
            return unify(elements) or DYNAMIC
        case ObjectType(attributes):
            return unify([type_ for _, type_ in attributes]) or DYNAMIC
        case _:
            return DYNAMIC


def _list_type(arguments: Sequence[Value]) -> Type:
    return ListType(_element(arguments[0]))


def _set_type(arguments: Sequence[Value]) -> Type:
    return SetType(_element(arguments[0]))


def _map_type(arguments: Sequence[Value]) -> Type:
    return MapType(_element(arguments[0]))


@function(_ANY, returns=_list_type, sees_marks=True, may_be_null=True)
def tolist(v: Value) -> Value:
    """The value as a list."""
    bare, marks = unmark(v)
    if isinstance(bare, OrderedSet):
        return mark(ListValue(bare.items, bare.element), marks)
    return _converted(v, ListType(DYNAMIC))


@function(_ANY, returns=_set_type, sees_marks=True, may_be_null=True)
def toset(v: Value) -> Value:
    """The value as a set."""
    return _converted(v, SetType(DYNAMIC))


@function(_ANY, returns=_map_type, sees_marks=True, may_be_null=True)
def tomap(v: Value) -> Value:
    """The value as a map."""
    return _converted(v, MapType(DYNAMIC))


@function(_ANY, returns=DYNAMIC, sees_marks=True, may_be_null=True)
def sensitive(value: Value) -> Value:
    """The value with Terraform's mark."""
    return mark(value, frozenset({SENSITIVE}))


@function(_ANY, returns=DYNAMIC, sees_marks=True, may_be_null=True)
def nonsensitive(value: Value) -> Value:
    """The value without Terraform's mark; fglint's own marks stay."""
    bare, marks = unmark(value)
    return mark(bare, frozenset(found for found in marks if not isinstance(found, Sensitive)))


@function(_ANY, returns=BOOL, sees_marks=True)
def issensitive(value: Value) -> Value:
    """Whether the value carries Terraform's mark; unknown while the value is."""
    bare, marks = unmark(value)
    if SENSITIVE in marks:
        return True
    if isinstance(bare, Unknown):
        return Unknown(BOOL, bare.origins, not_null=STATE.refining)
    return False


@function(_ANY, returns=DYNAMIC, sees_marks=True, may_be_null=True)
def ephemeralasnull(value: Value) -> Value:
    """The value; null where it is ephemeral."""
    return _without_ephemeral(value)


def _without_ephemeral(value: Value) -> Value:
    bare, marks = unmark(value)
    if EPHEMERAL in marks:
        return mark(Null(type_of(bare)), marks - {EPHEMERAL})
    match bare:
        case TupleValue(items):
            return mark(TupleValue(tuple(map(_without_ephemeral, items))), marks)
        case ListValue(items, element):
            return mark(ListValue(tuple(map(_without_ephemeral, items)), element), marks)
        case ObjectValue(entries):
            return mark(ObjectValue({k: _without_ephemeral(v) for k, v in entries.items()}), marks)
        case MapValue(entries, element):
            inner = {k: _without_ephemeral(v) for k, v in entries.items()}
            return mark(MapValue(inner, element), marks)
        case _:
            return value
