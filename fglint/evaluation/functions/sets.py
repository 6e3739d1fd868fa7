"""Sets and combinations: what several collections have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from fglint.evaluation.convert import convert
from fglint.evaluation.equality import compare
from fglint.evaluation.functions.arguments import failed, invalid
from fglint.evaluation.functions.registry import Parameter, function
from fglint.evaluation.functions.sequences import (
    element_type,
    has_known_length,
    open_list,
    origins,
    sequence,
)
from fglint.evaluation.inspection import is_wholly_known, type_of
from fglint.evaluation.marks import Marks
from fglint.evaluation.refinement import STATE
from fglint.evaluation.sets import make_set
from fglint.evaluation.types import (
    DYNAMIC,
    ListType,
    SetType,
    TupleType,
    Type,
)
from fglint.evaluation.unification import unify
from fglint.evaluation.values import (
    Item,
    ListValue,
    Presence,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    mark,
    plain,
    unmark,
)

Items = list[Item]
Values = list[Value]
Types = list[Type]
_ANY = Parameter(DYNAMIC, unknown=True)
_ANY_LIST = Parameter(ListType(DYNAMIC))
_SEQUENCE = Parameter(
    DYNAMIC, unknown=True, kinds=(ListType, SetType, TupleType), wanted="a list, set or tuple is"
)
_KNOWN_SEQUENCE = Parameter(
    DYNAMIC, kinds=(ListType, SetType, TupleType), wanted="a list, set or tuple is"
)
MAXIMUM_PRODUCT = 100_000


def _all_marks(values: Sequence[Value]) -> Marks:
    return frozenset(found for value in values for found in unmark(value)[1])


def _same_list(arguments: Sequence[Value]) -> Type:
    return ListType(element_type(arguments[0]))


@function(Parameter(ListType(DYNAMIC), unknown=True), returns=_same_list)
def distinct(list: Value) -> Value:
    """The elements without repetitions, in order of their first one."""
    found = sequence(list)
    kept: Items = []
    doubts = [] if found.unknown is None else [found.unknown]
    for item in found.items:
        answers = [compare(item.value, other.value) for other in kept]
        if any(answer is True for answer in answers):
            continue
        presence = item.presence
        if presence is Presence.ONE and not all(answer is False for answer in answers):
            presence = Presence.MAYBE
        kept.append(Item(item.value, presence))
    element = element_type(list)
    if all(item.presence is Presence.ONE and is_wholly_known(item.value) for item in kept):
        return ListValue(tuple(item.value for item in kept), element)
    return open_list(kept, ListType(element), *doubts)


def _combinations(arguments: Sequence[Value]) -> Type:
    element = TupleType(tuple(map(element_type, arguments)))
    if any(isinstance(type_of(value), SetType) for value in arguments):
        return SetType(element)
    return ListType(element)


@function(variadic=_KNOWN_SEQUENCE, returns=_combinations, sees_marks=True)
def setproduct(*sets: Value) -> Value:
    """All combinations of the elements of several lists or sets."""
    if len(sets) < 2:
        raise failed("setproduct", "at least two arguments are required")
    marks = _all_marks(sets)
    types: Types = []
    parts: list[tuple[Value, ...]] = []
    size = 1
    for value in sets:
        bare = plain(value)
        if not isinstance(bare, (TupleValue, ListValue, SetValue)):
            raise invalid("sets", "a set or a list is required")
        type_ = (
            unify([type_of(i) for i in bare.items])
            if isinstance(bare, TupleValue)
            else (bare.element)
        )
        if type_ is None:
            raise invalid("sets", "all elements must be of the same type")
        types.append(type_)
        parts.append(tuple(convert(item, type_) for item in bare.items))
        size *= len(bare.items)
    if not STATE.refining and not all(map(has_known_length, sets)):
        return mark(Unknown(_combinations(sets), origins(sets), not_null=True), marks)
    if size > MAXIMUM_PRODUCT:
        raise failed("setproduct", f"the product has more than {MAXIMUM_PRODUCT} elements")
    element = TupleType(tuple(types))
    combinations = tuple(TupleValue(found) for found in product(*parts))
    if any(isinstance(plain(value), SetValue) for value in sets):
        return mark(make_set(combinations, element), marks)
    return mark(ListValue(combinations, element), marks)


def _matching(arguments: Sequence[Value]) -> Type:
    if unify([element_type(value) for value in arguments[1:]]) is None:
        raise failed("matchkeys", "keys and searchset must be of the same type")
    return _same_list(arguments)


@function(_ANY_LIST, _ANY_LIST, _ANY_LIST, returns=_matching)
def matchkeys(values: Value, keys: Value, searchset: Value) -> Value:
    """The values whose key, at the same index, stands in a set of keys."""
    found, names, wanted = plain(values), plain(keys), plain(searchset)
    assert isinstance(found, ListValue) and isinstance(names, ListValue)
    assert isinstance(wanted, ListValue)
    _matching([found, names, wanted])
    if len(found.items) != len(names.items):
        raise failed("matchkeys", "length of keys and values should be equal")
    type_ = unify([names.element, wanted.element]) or DYNAMIC
    search = [convert(item, type_) for item in wanted.items]
    if search and not (is_wholly_known(found) and is_wholly_known(names)) and not STATE.refining:
        return Unknown(_same_list([found]), origins([found, names]), not_null=True)
    kept: Items = []
    for value, name in zip(found.items, names.items, strict=True):
        answers = [compare(convert(name, type_), item) for item in search]
        certain = True in answers
        first = answers.index(True) if certain else len(answers)
        if not STATE.refining and not all(isinstance(a, bool) for a in answers[:first]):
            return ListValue((), found.element)  # so says Terraform's plan
        if certain or not all(answer is False for answer in answers):
            kept.append(Item(value, Presence.ONE if certain else Presence.MAYBE))
    if all(item.presence is Presence.ONE for item in kept):
        return ListValue(tuple(item.value for item in kept), found.element)
    return open_list(kept, _same_list([found]), names, wanted)


def _sets_type(arguments: Sequence[Value]) -> Type:
    return SetType(_common_element(arguments))


def _common_element(sets: Sequence[Value]) -> Type:
    """The type that the elements of all sets convert to; empty sets of no type do not count."""
    types = [element_type(value) for value in sets]
    common = unify([type_ for type_ in types if type_ != DYNAMIC])
    if common is None:
        raise failed("setunion", "all sets must have compatible element types")
    return common


def _set_operation(
    sets: Sequence[Value], combine: Callable[[list[set[bytes]]], set[bytes]]
) -> Value:
    from fglint.evaluation.sets import identity_key

    type_ = _common_element(sets)
    members: dict[bytes, Value] = {}
    keys: list[set[bytes]] = []
    for value in sets:
        converted = plain(convert(value, SetType(type_)))
        assert isinstance(converted, SetValue)
        own = {identity_key(item): item for item in converted.items}
        members |= own
        keys.append(set(own))
    return make_set((members[key] for key in combine(keys)), type_)


_SET = Parameter(SetType(DYNAMIC), deep=True)


_PARTIAL_SET = Parameter(SetType(DYNAMIC))


@function(_SET, variadic=_SET, returns=_sets_type)
def setintersection(first_set: Value, *other_sets: Value) -> Value:
    """The elements that all sets have."""
    return _set_operation([first_set, *other_sets], lambda keys: set.intersection(*keys))


@function(_PARTIAL_SET, variadic=_PARTIAL_SET, returns=_sets_type)
def setunion(first_set: Value, *other_sets: Value) -> Value:
    """The elements that any set has."""
    sets = [first_set, *other_sets]
    type_ = _common_element(sets)
    items: Values = []
    for value in sets:
        converted = plain(convert(value, SetType(type_)))
        assert isinstance(converted, SetValue)
        items.extend(converted.items)
    return make_set(items, type_)


@function(_SET, _SET, returns=_sets_type)
def setsubtract(a: Value, b: Value) -> Value:
    """The elements of one set that the other has not."""
    return _set_operation([a, b], lambda keys: keys[0] - keys[1])
