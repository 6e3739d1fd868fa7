"""Lists, sets and tuples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product

from fglint.evaluation import access, numbers
from fglint.evaluation.convert import convert, make_set
from fglint.evaluation.equality import compare
from fglint.evaluation.functions import graphemes
from fglint.evaluation.functions.arguments import failed, invalid, whole_argument
from fglint.evaluation.functions.registry import Parameter, function
from fglint.evaluation.functions.sequences import (
    Sequence_,
    element_type,
    open_list,
    origins,
    sequence,
)
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
    Item,
    ListValue,
    MapValue,
    Marks,
    Null,
    Number,
    ObjectValue,
    OpenMap,
    Presence,
    SetValue,
    TupleValue,
    Union,
    Unknown,
    Value,
    is_null,
    is_unknown,
    is_wholly_known,
    mark,
    marks_deep,
    plain,
    sorted_items,
    terraform_marks,
    type_of,
    unmark,
)

Values = list[Value]
Items = list[Item]
Types = list[Type]
_ANY = Parameter(DYNAMIC, unknown=True)
_NULLABLE = Parameter(DYNAMIC, nullable=True, unknown=True)
_ANY_LIST = Parameter(ListType(DYNAMIC))
_BOOLEANS = Parameter(ListType(BOOL), unknown=True)
_SEQUENCE = Parameter(
    DYNAMIC, unknown=True, kinds=(ListType, SetType, TupleType), wanted="a list, set or tuple is"
)
_ORDERED = Parameter(DYNAMIC, unknown=True, kinds=(ListType, TupleType), wanted="a list or tuple is")
_KNOWN_ORDERED = Parameter(DYNAMIC, kinds=(ListType, TupleType), wanted="a list or tuple is")
_KNOWN_SEQUENCE = Parameter(
    DYNAMIC, kinds=(ListType, SetType, TupleType), wanted="a list, set or tuple is"
)
MAXIMUM_RANGE = 1024
MAXIMUM_PRODUCT = 100_000


def _all_marks(values: Sequence[Value]) -> Marks:
    return frozenset(found for value in values for found in unmark(value)[1])


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
            raise invalid("value", "argument must be a string, a collection type, or a structural type")


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


@function(variadic=_ANY, returns=DYNAMIC, sees_marks=True)
def concat(*seqs: Value) -> Value:
    """One list or tuple after the other."""
    if not seqs:
        raise failed("concat", "at least one argument is required")
    marks = _all_marks(seqs)
    types = [type_of(value) for value in seqs]
    for value, type_ in zip(seqs, types, strict=True):
        if not isinstance(type_, (ListType, TupleType)) and type_ != DYNAMIC:
            raise invalid("seqs", f"all arguments must be lists or tuples; got {type_}")
    parts = [sequence(value, "seqs", "list or tuple") for value in seqs]
    items = [item for part in parts for item in part.items]
    lists = [type_.element for type_ in types if isinstance(type_, ListType)]
    element = unify(lists) if len(lists) == len(types) else None
    if all(part.unknown is None for part in parts):
        values = tuple(item.value for item in items)
        if element is None:
            return mark(TupleValue(values), marks)
        return mark(ListValue(tuple(convert(v, element) for v in values), element), marks)
    type_ = DYNAMIC if element is None else ListType(element)
    return mark(open_list(items, type_, *(p.unknown for p in parts if p.unknown)), marks)


@function(_ANY, returns=DYNAMIC, sees_marks=True)
def flatten(list: Value) -> Value:
    """All elements of nested lists, tuples and sets as one tuple."""
    bare, marks = unmark(list)
    if isinstance(bare, (ObjectValue, MapValue)) and not is_wholly_known(bare):
        bare = TupleValue(tuple(item for _, item in sorted_items(bare)))  # Terraform looks later
    if not isinstance(bare, (TupleValue, ListValue, SetValue, Unknown)):
        raise invalid("list", "can only flatten lists, sets and tuples")
    found: Items = []
    open_causes: Values = []
    marks |= _flatten(bare, Presence.ONE, found, open_causes, 0)
    if not open_causes:
        return mark(TupleValue(tuple(item.value for item in found)), marks)
    return mark(open_list(found, DYNAMIC, *open_causes), marks)


def _flatten(
    value: Value, presence: Presence, found: Items, causes: Values, depth: int
) -> Marks:
    bare, marks = unmark(value)
    inner = _nested(bare)
    if inner is None:
        if isinstance(bare, Unknown) and bare.type == DYNAMIC and depth:
            causes.append(bare)  # it may be a list itself
            _, items = "", access.elements(Unknown.of(bare.ref) if bare.ref else bare)
            found.extend(Item(item, Presence.MANY) for _, item, _ in items)
        else:
            found.append(Item(value, presence))
        return frozenset()
    if inner.unknown is not None:
        causes.append(inner.unknown)
    elif isinstance(bare, Unknown) and not STATE.refining:
        causes.append(bare)
    for item in inner.items:
        joint = item.presence if presence is Presence.ONE else (
            Presence.MANY if Presence.MANY in (presence, item.presence) else Presence.MAYBE
        )
        marks |= _flatten(item.value, joint, found, causes, depth + 1)
    return marks


def _nested(bare: Value) -> Sequence_ | None:
    if isinstance(bare, (TupleValue, ListValue, SetValue)):
        return sequence(bare)
    if not isinstance(bare, Unknown):
        return None
    known_list = isinstance(bare.type, (ListType, SetType, TupleType))
    return sequence(bare) if known_list or _holds_list(bare) else None


def _holds_list(value: Unknown) -> bool:
    from fglint.evaluation.values import OpenList

    content = value.content
    if isinstance(content, Union):
        return all(isinstance(plain(l), (TupleValue, ListValue, SetValue)) for l in content.leaves)
    return isinstance(content, OpenList) and value.type != STRING


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
    position = whole_argument("element", number)  # type: ignore[arg-type]  # converted
    if position < 0:
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
        return mark(found.items[0].value, marks)
    return mark(union(found.values, bare.origins, element_type(bare)), marks)


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
    if all(answer is False for answer, _ in answers):
        if found.unknown is None or answers:
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
        if answer is True and item.presence is Presence.ONE:
            return mark(counted(position), marks)
        if answer is not False:
            return mark(Unknown(NUMBER, origins([list, value]), not_null=True), marks)
    if found.unknown is not None:
        return mark(Unknown(NUMBER, origins([list]), not_null=True), marks)
    raise failed("index", "item not found")


def _every(list: Value, decisive: bool) -> Value:
    found = sequence(list)
    doubtful = found.unknown is not None
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
    bare, marks = unmark(value)
    assert isinstance(bare, Unknown)
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
        raise invalid("list", "must be a list, set, or tuple value with either zero or one elements")
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
    if len(found.items) == 1:
        return mark(union([found.values[0], Null()], found.unknown.origins, DYNAMIC), marks)
    return mark(Unknown(element_type(bare), found.unknown.origins), marks)


@function(_SEQUENCE, returns=DYNAMIC, sees_marks=True)
def reverse(list: Value) -> Value:
    """The elements in the opposite order."""
    bare, marks = unmark(list)
    match bare:
        case TupleValue(items):
            return mark(TupleValue(items[::-1]), marks)
        case ListValue(items, element) | SetValue(items, element):
            return mark(ListValue(items[::-1], element), marks)
        case Unknown():
            found = sequence(bare)
            return mark(open_list(found.items[::-1], bare.type, bare), marks)
        case _:
            raise invalid("list", "can only reverse list or tuple values")


def _own_list(arguments: Sequence[Value]) -> Type:
    type_ = type_of(arguments[0])
    return type_ if isinstance(type_, ListType) else DYNAMIC


@function(_KNOWN_ORDERED, NUMBER, NUMBER, returns=_own_list, sees_marks=True)
def slice_(list: Value, start_index: Value, end_index: Value) -> Value:
    """The elements from one index up to another."""
    bare, marks = unmark(list)
    marks |= unmark(start_index)[1] | unmark(end_index)[1]
    if not isinstance(bare, (TupleValue, ListValue)):
        raise invalid("list", "cannot slice a set or map, because its elements have no order")
    start = whole_argument("slice", plain(start_index))  # type: ignore[arg-type]  # converted
    end = whole_argument("slice", plain(end_index))  # type: ignore[arg-type]  # converted
    if start < 0 or start > len(bare.items):
        raise invalid("start_index", "start index must not be less than zero or beyond the end")
    if end > len(bare.items):
        raise invalid("end_index", "end index must not be greater than the length of the list")
    if start > end:
        raise invalid("start_index", "start index must not be greater than end index")
    if isinstance(bare, TupleValue):
        return mark(TupleValue(bare.items[start:end]), marks)
    return mark(ListValue(bare.items[start:end], bare.element), marks)


def _same_list(arguments: Sequence[Value]) -> Type:
    return ListType(element_type(arguments[0]))


@function(_ANY_LIST, NUMBER, returns=lambda a: ListType(_same_list(a)), sees_marks=True)
def chunklist(list: Value, size: Value) -> Value:
    """The list in pieces of a size."""
    found, marks = unmark(list)
    assert isinstance(found, ListValue)
    marks |= unmark(size)[1]
    count = whole_argument("chunklist", plain(size))  # type: ignore[arg-type]  # converted
    if count < 0:
        raise invalid("size", "the size argument must be positive")
    count = count or max(1, len(found.items))
    chunks = tuple(
        ListValue(found.items[i : i + count], found.element)
        for i in range(0, len(found.items), count)
    )
    return mark(ListValue(chunks, ListType(found.element)), marks)


@function(Parameter(ListType(DYNAMIC), deep=True), returns=_same_list)
def distinct(list: Value) -> Value:
    """The elements without repetitions, in order of their first one."""
    found = plain(list)
    assert isinstance(found, ListValue)
    kept: Values = []
    for item in found.items:
        if not any(compare(item, other) is True for other in kept):
            kept.append(item)
    return ListValue(tuple(kept), found.element)


@function(Parameter(ListType(STRING), unknown=True), returns=ListType(STRING))
def compact(list: Value) -> Value:
    """The strings that are neither null nor empty."""
    found = sequence(list)
    items: Items = []
    doubts = [] if found.unknown is None else [found.unknown]
    for item in found.items:
        bare = plain(item.value)
        if isinstance(bare, Null) or bare == "":
            continue
        if isinstance(bare, Unknown):
            certain = bare.not_null and bool(bare.prefix)
            presence = item.presence if certain else (
                Presence.MAYBE if item.presence is Presence.ONE else item.presence
            )
            if not certain:
                doubts.append(bare)
            items.append(Item(item.value, presence))
        else:
            items.append(item)
    if not doubts and all(item.presence is Presence.ONE for item in items):
        return ListValue(tuple(item.value for item in items), STRING)
    return open_list(items, ListType(STRING), *doubts)


@function(Parameter(ListType(STRING)), returns=ListType(STRING))
def sort(list: Value) -> Value:
    """The strings in the order of their bytes; an unknown one makes the order unknown."""
    bare = plain(list)
    assert isinstance(bare, ListValue)
    if not is_wholly_known(bare):
        unknown = Unknown(STRING, origins(bare.items))
        return ListValue((unknown,) * len(bare.items), STRING)
    if any(map(is_null, bare.items)):
        raise invalid("list", "given list element is null; a null string cannot be sorted")
    texts = sorted((str(plain(i)) for i in bare.items), key=lambda t: t.encode("utf-8", "surrogatepass"))
    return ListValue(tuple(texts), STRING)


@function(variadic=NUMBER, returns=ListType(NUMBER))
def range_(*params: Number) -> Value:
    """Numbers from a start up to a limit, in steps."""
    if not 1 <= len(params) <= 3:
        raise failed("range", "must have one, two, or three arguments")
    start: Number = params[0] if len(params) > 1 else 0
    limit = params[1] if len(params) > 1 else params[0]
    step: Number = params[2] if len(params) > 2 else (1 if start <= limit else -1)
    if step == 0:
        raise failed("range", "step must not be zero")
    if (start < limit and step < 0) or (start > limit and step > 0):
        raise failed("range", "the step leads away from the limit")
    found: Values = []
    while (start < limit) if step > 0 else (start > limit):
        if len(found) >= MAXIMUM_RANGE:
            raise failed("range", f"more than {MAXIMUM_RANGE} values were generated")
        found.append(start)
        start = numbers.add(start, step)
    return ListValue(tuple(found), NUMBER)


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
        type_ = unify([type_of(i) for i in bare.items]) if isinstance(bare, TupleValue) else (
            bare.element
        )
        if type_ is None:
            raise invalid("sets", "all elements must be of the same type")
        types.append(type_)
        parts.append(tuple(convert(item, type_) for item in bare.items))
        size *= len(bare.items)
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
    if not is_wholly_known(names):
        return Unknown(_same_list([found]), origins([names]), not_null=True)
    type_ = unify([names.element, wanted.element]) or DYNAMIC
    search = [convert(item, type_) for item in wanted.items]
    kept = tuple(
        value
        for value, name in zip(found.items, names.items, strict=True)
        if any(compare(convert(name, type_), item) is True for item in search)
    )  # what is not known to match does not match: so says Terraform's plan
    return ListValue(kept, found.element)


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

