"""Elements and answers picked from lists, sets, tuples and maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fglint.evaluation.access import member
from fglint.evaluation.convert import convert
from fglint.evaluation.equality import compare
from fglint.evaluation.functions import graphemes
from fglint.evaluation.functions.arguments import failed, invalid, whole_argument
from fglint.evaluation.functions.registry import Parameter, function
from fglint.evaluation.functions.sequences import (
    element_type,
    origins,
    sequence,
)
from fglint.evaluation.inspection import (
    has_known_order,
    is_unknown,
    is_wholly_known,
    marks_deep,
    type_of,
)
from fglint.evaluation.marks import terraform_marks
from fglint.evaluation.numbers import counted
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from fglint.evaluation.unification import unify
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    OpenMap,
    Presence,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    mark,
    plain,
    unmark,
)

Values = list[Value]
_ANY = Parameter(DYNAMIC, unknown=True)
_NULLABLE = Parameter(DYNAMIC, nullable=True, unknown=True)
_BOOLEANS = Parameter(ListType(BOOL), unknown=True)
_SEQUENCE = Parameter(
    DYNAMIC, unknown=True, kinds=(ListType, SetType, TupleType), wanted="a list, set or tuple is"
)
_ORDERED = Parameter(
    DYNAMIC, unknown=True, kinds=(ListType, TupleType), wanted="a list or tuple is"
)


@function(_ANY, returns=NUMBER, sees_marks=True, keeps_secret=False)
def length(value: Value) -> Value:
    """The number of elements, or of grapheme clusters of a string."""
    bare, marks = unmark(value)
    return mark(_length(bare), marks)


def _length(bare: Value) -> Value:
    match bare:
        case TupleValue(items) | ListValue(items, _):
            return counted(len(items))
        case SetValue(items, _):
            if len(items) < 2 or all(map(is_wholly_known, items)):
                return counted(len(items))
            known = sum(map(is_wholly_known, items))
            return Unknown(
                NUMBER, origins(items), not_null=True, minimum=max(1, known), maximum=len(items)
            )
        case ObjectValue(entries) | MapValue(entries, _):
            return counted(len(entries))
        case str():
            return counted(graphemes.length(bare))
        case Unknown():
            return _length_of_unknown(bare)
        case _:
            raise invalid(
                "value", "argument must be a string, a collection type, or a structural type"
            )


def _length_of_unknown(value: Unknown) -> Value:
    match value.type:
        case TupleType(elements):
            return len(elements)
        case ObjectType(attributes):
            return len(attributes)
        case _ if value.type in (NUMBER, BOOL):
            raise invalid(
                "value", "argument must be a string, a collection type, or a structural type"
            )
    least, most = value.minimum or 0, value.maximum
    if isinstance(value.content, OpenMap):
        items = value.content.entries.values()
        least = sum(item.presence is Presence.ONE for item in items)
        most = len(items) if value.content.rest is None else None
    if value.type == STRING:
        least, most = graphemes.length(value.prefix), None
    if value.type == DYNAMIC and not STATE.refining:
        return Unknown(NUMBER, value.origins, not_null=True)
    if least == most:
        return least
    return Unknown(NUMBER, value.origins, not_null=True, minimum=least, maximum=most)


def _its_element(arguments: Sequence[Value]) -> Type:
    type_ = type_of(arguments[0])
    return type_.element if isinstance(type_, ListType) else DYNAMIC


@function(
    _ORDERED,
    Parameter(NUMBER, unknown=True),
    returns=_its_element,
    sees_marks=True,
    may_be_null=True,
)
def element(list: Value, index: Value) -> Value:
    """The element at an index, counted round and round."""
    bare, marks = unmark(list)
    number, more = unmark(index)
    marks |= more
    if isinstance(number, Unknown):
        return mark(_any_of(bare, number), marks)
    if isinstance(bare, Unknown) and not STATE.refining and not isinstance(bare.type, TupleType):
        return mark(Unknown(_its_element([bare]), bare.origins), marks)
    position = whole_argument("element", number)  # type: ignore[arg-type]  # converted
    if position < 0 and isinstance(type_of(bare), TupleType) and not STATE.refining:
        raise failed("element", "cannot use element function with a negative index")
    if isinstance(bare, (TupleValue, ListValue)):
        if not bare.items:
            raise failed("element", "cannot use element function with an empty list")
        return mark(bare.items[position % len(bare.items)], marks)
    if not isinstance(bare, Unknown):
        raise invalid("list", "cannot read elements from this value: it must be a list or tuple")
    found = sequence(bare)
    if found.unknown is None and found.items:
        return mark(found.values[position % len(found.items)], marks)
    if len(found.items) == 1:
        named = bare.ref is not None and bare.content is None and 0 <= position < _AT_HAND
        one = member(bare, f"[{position}]", element_type(bare)) if named else found.items[0].value
        return mark(one, marks)
    return mark(union(found.values, bare.origins, element_type(bare)), marks)


# Where a list of unknown length is not counted round again: a region has three zones.
_AT_HAND = 3


def _any_of(bare: Value, index: Unknown) -> Value:
    """One of the elements, whatever the index."""
    if isinstance(bare, (TupleValue, ListValue)) and bare.items:
        return union(bare.items, index.origins, _its_element([bare]))
    return Unknown(_its_element([bare]), origins([bare, index]))


@function(_ANY, _ANY, returns=BOOL, sees_marks=True, keeps_secret=False)
def contains(list: Value, value: Value) -> Value:
    """Whether an element equals the value."""
    marks = marks_deep(list) | marks_deep(value)
    if _is_text_or_number(list) or (is_unknown(value) and not STATE.refining):
        return mark(Unknown(BOOL, origins([list, value]), not_null=True), marks)
    found = sequence(list, "list", "list, tuple, or set")
    if isinstance(plain(list), Unknown) and _has_other_type(list):
        return mark(Unknown(BOOL, origins([list, value]), not_null=True), marks)
    if _has_other_type(value) and found.items:
        return mark(Unknown(BOOL, origins([value]), not_null=True), marks)
    answers = [(compare(item.value, value), item.presence) for item in found.items]
    if any(answer is True and presence is Presence.ONE for answer, presence in answers):
        return mark(True, marks)
    if all(answer is False for answer, _ in answers) and (found.unknown is None or answers):
        return mark(False, marks)
    return mark(Unknown(BOOL, origins([list, value]), not_null=True), marks)


def _is_text_or_number(value: Value) -> bool:
    """Whether an unknown is of a type that Terraform refuses once it is known."""
    bare = plain(value)
    return isinstance(bare, Unknown) and bare.type in (STRING, NUMBER, BOOL)


def _has_other_type(value: Value) -> bool:
    """Whether an unknown has a type but nothing else that could decide."""
    bare = plain(value)
    if not isinstance(bare, Unknown):
        return False
    return not STATE.refining or (bare.content is None and not bare.prefix)


@function(_ANY, _ANY, returns=NUMBER, sees_marks=True, keeps_secret=False)
def index(list: Value, value: Value) -> Value:
    """The first index of an element that equals the value."""
    marks = marks_deep(list) | marks_deep(value)
    bare = plain(list)
    if _is_text_or_number(list) or _has_other_type(value):
        return mark(Unknown(NUMBER, origins([list, value]), not_null=True), marks)
    if isinstance(bare, SetValue) or not isinstance(bare, (TupleValue, ListValue, Unknown)):
        raise invalid("list", "argument must be a list or tuple")
    found = sequence(list)
    if not found.items and found.unknown is None:
        raise failed("index", "cannot search an empty list")
    for position, item in enumerate(found.items):
        answer = compare(item.value, value)
        if answer is True and item.presence is Presence.ONE and has_known_order(list):
            return mark(counted(position), marks)
        if answer is not False:
            return mark(Unknown(NUMBER, origins([list, value]), not_null=True), marks)
    if found.unknown is not None:
        return mark(Unknown(NUMBER, origins([list]), not_null=True), marks)
    raise failed("index", "item not found")


def _every(list: Value, decisive: bool) -> Value:
    found = sequence(list)  # all that may be there
    doubtful = found.unknown is not None and not (STATE.refining and found.items)
    for item in found.items:
        bare = plain(item.value)
        if isinstance(bare, Null):
            value: Value = False
        else:
            value = plain(convert(bare, BOOL))
        if isinstance(value, Unknown) or item.presence is not Presence.ONE:
            if not decisive and not STATE.refining:
                return Unknown(BOOL, origins([list]), not_null=True)
            doubtful = doubtful or value is not (not decisive)
        elif value is decisive:
            return decisive
    if doubtful:
        return Unknown(BOOL, origins([list]), not_null=True)
    return not decisive


@function(_BOOLEANS, returns=BOOL)
def alltrue(list: Value) -> Value:
    """Whether no element is false."""
    return _every(list, False)


@function(_BOOLEANS, returns=BOOL)
def anytrue(list: Value) -> Value:
    """Whether an element is true."""
    return _every(list, True)


@function(variadic=_NULLABLE, returns=DYNAMIC, sees_marks=True)
def coalesce(*vals: Value) -> Value:
    """The first value that is neither null nor an empty string."""
    if not vals:
        raise failed("coalesce", "not enough function arguments")
    type_ = unify([type_of(value) for value in vals])
    if type_ is None:
        raise failed("coalesce", "all arguments must have the same type")
    marks = frozenset(m for value in vals for m in terraform_marks(unmark(value)[1]))
    return mark(_first_given(vals, type_), marks)


def _first_given(vals: Sequence[Value], type_: Type) -> Value:
    candidates: Values = []
    for value in vals:
        converted = convert(value, type_)
        bare = plain(converted)
        if isinstance(bare, Null) or bare == "":
            continue
        candidates.append(converted)
        if not isinstance(bare, Unknown) or (bare.not_null and (bare.prefix or type_ != STRING)):
            break
    if not candidates:
        raise failed("coalesce", "no non-null, non-empty-string arguments")
    if len(candidates) == 1:
        only = candidates[0]
        return only if not is_unknown(only) or len(vals) == 1 else _not_known(only)
    result, marks = unmark(union(candidates, origins(candidates), type_))
    if isinstance(result, Unknown):
        result = replace(result, not_null=True)
    return mark(result, marks)


def _not_known(value: Value) -> Value:
    """The only value that is left: the result, if there is one."""
    bare, marks = unmark(value)
    assert isinstance(bare, Unknown)
    if STATE.refining:
        return mark(replace(bare, not_null=True), marks)
    return mark(Unknown(bare.type, bare.origins, not_null=True, prefix=bare.prefix), marks)


@function(variadic=_NULLABLE, returns=DYNAMIC, sees_marks=True)
def coalescelist(*vals: Value) -> Value:
    """The first list or tuple that is not empty."""
    if not vals:
        raise failed("coalescelist", "at least one argument is required")
    for value in () if any(map(is_unknown, vals)) else vals:
        if not isinstance(type_of(value), (ListType, TupleType)):
            raise failed("coalescelist", "arguments must be lists or tuples")
    marks = frozenset(m for value in vals for m in terraform_marks(marks_deep(value)))
    return mark(_first_filled(vals), marks)


def _first_filled(vals: Sequence[Value]) -> Value:
    for value in vals:
        bare, marks = unmark(value)
        if isinstance(bare, Null):
            continue
        if isinstance(bare, Unknown):
            if (bare.minimum or 0) > 0:
                return value
            return mark(Unknown(DYNAMIC, bare.origins, not_null=True), marks)
        if not isinstance(bare, (TupleValue, ListValue)):
            raise failed("coalescelist", "arguments must be lists or tuples")
        if bare.items:
            return value
    raise failed("coalescelist", "no non-null arguments")


@function(_SEQUENCE, returns=DYNAMIC, sees_marks=True, may_be_null=True)
def one(list: Value) -> Value:
    """The only element of a list, set or tuple; null when there is none."""
    bare, marks = unmark(list)
    if not isinstance(bare, (TupleValue, ListValue, SetValue, Unknown)):
        raise invalid(
            "list", "must be a list, set, or tuple value with either zero or one elements"
        )
    found = sequence(bare)
    unsettled = isinstance(bare, SetValue) and not is_wholly_known(bare)
    if unsettled and len(found.items) > 1:
        return mark(Unknown(element_type(bare), origins(found.values)), marks)
    if found.unknown is None:
        if len(found.items) > 1 and not isinstance(bare, Unknown):
            raise invalid(
                "list", "must be a list, set, or tuple value with either zero or one elements"
            )
        if not found.items:
            return mark(Null(element_type(bare)), marks)
        return mark(found.items[0].value, marks)
    if len(found.items) == 1 and STATE.refining:
        return mark(union([found.values[0], Null()], found.unknown.origins, DYNAMIC), marks)
    return mark(Unknown(element_type(bare), found.unknown.origins), marks)
