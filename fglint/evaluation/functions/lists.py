"""Lists and tuples, made from others."""

from __future__ import annotations

from collections.abc import Sequence

from fglint.evaluation import access, numbers
from fglint.evaluation.convert import convert
from fglint.evaluation.elements import elements_of
from fglint.evaluation.functions.arguments import failed, invalid, whole_argument
from fglint.evaluation.functions.registry import Parameter, function
from fglint.evaluation.functions.sequences import (
    Sequence_,
    element_type,
    has_known_length,
    open_list,
    origins,
    sequence,
)
from fglint.evaluation.inspection import is_null, is_wholly_known, type_of
from fglint.evaluation.marks import Marks
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import (
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    Primitive,
    SetType,
    TupleType,
    Type,
)
from fglint.evaluation.unification import unify
from fglint.evaluation.values import (
    Item,
    ListValue,
    MapValue,
    Marked,
    Null,
    Number,
    ObjectValue,
    Presence,
    SetValue,
    TupleValue,
    Union,
    Unknown,
    Value,
    mark,
    plain,
    sorted_items,
    unmark,
)

Values = list[Value]
Items = list[Item]
_ANY = Parameter(DYNAMIC, unknown=True)
_ANY_LIST = Parameter(ListType(DYNAMIC))
_SEQUENCE = Parameter(
    DYNAMIC, unknown=True, kinds=(ListType, SetType, TupleType), wanted="a list, set or tuple is"
)
_ORDERED = Parameter(
    DYNAMIC, unknown=True, kinds=(ListType, TupleType), wanted="a list or tuple is"
)
MAXIMUM_RANGE = 1024


def _all_marks(values: Sequence[Value]) -> Marks:
    return frozenset(found for value in values for found in unmark(value)[1])


def _same_list(arguments: Sequence[Value]) -> Type:
    return ListType(element_type(arguments[0]))


@function(variadic=_ANY, returns=DYNAMIC, sees_marks=True)
def concat(*seqs: Value) -> Value:
    """One list or tuple after the other."""
    if not seqs:
        raise failed("concat", "at least one argument is required")
    marks = _all_marks(seqs)
    types = [type_of(value) for value in seqs]
    for value, type_ in zip(seqs, types, strict=True):
        if not STATE.refining and isinstance(type_, ListType) and isinstance(plain(value), Unknown):
            break  # Terraform looks no further
        if not isinstance(type_, (ListType, TupleType)) and type_ != DYNAMIC:
            raise invalid("seqs", f"all arguments must be lists or tuples; got {type_}")
    lists = [type_.element for type_ in types if isinstance(type_, ListType)]
    element = unify(lists) if len(lists) == len(types) else None
    whole = DYNAMIC if element is None else ListType(element)
    if not STATE.refining and any(isinstance(plain(value), Unknown) for value in seqs):
        return mark(Unknown(whole, origins(seqs), not_null=True), marks)
    parts = [sequence(value, "seqs", "list or tuple") for value in seqs]
    items = [item for part in parts for item in part.items]
    if all(part.unknown is None for part in parts):
        values = tuple(item.value for item in items)
        if element is None:
            return mark(TupleValue(values), marks)
        return mark(ListValue(tuple(convert(v, element) for v in values), element), marks)
    return mark(open_list(items, whole, *(p.unknown for p in parts if p.unknown)), marks)


@function(_ANY, returns=DYNAMIC, sees_marks=True)
def flatten(list: Value) -> Value:
    """All elements of nested lists, tuples and sets as one tuple."""
    bare, marks = unmark(list)
    if isinstance(bare, (ObjectValue, MapValue)) and not is_wholly_known(bare):
        bare = TupleValue(tuple(item for _, item in sorted_items(bare)))  # Terraform looks later
    if isinstance(bare, Unknown) and not STATE.refining:
        return mark(Unknown(DYNAMIC, bare.origins), marks)
    primitive = isinstance(type_of(bare), Primitive)
    if primitive or not isinstance(bare, (TupleValue, ListValue, SetValue, Unknown)):
        raise invalid("list", "can only flatten lists, sets and tuples")
    found: Items = []
    open_causes: Values = []
    marks |= _flatten(bare, Presence.ONE, found, open_causes, 0)
    if not open_causes:
        return mark(TupleValue(tuple(item.value for item in found)), marks)
    return mark(open_list(found, DYNAMIC, *open_causes), marks)


def _flatten(value: Value, presence: Presence, found: Items, causes: Values, depth: int) -> Marks:
    bare, marks = unmark(value)
    inner = _nested(bare)
    if inner is None:
        if isinstance(bare, Unknown) and isinstance(bare.content, Union):
            leaves = bare.content.leaves
            if not any(_nested(plain(leaf)) for leaf in leaves):
                found.append(Item(value, presence))
                return frozenset()
            causes.append(bare)
            for leaf in leaves:
                _flatten(leaf, _joint(presence, Presence.MAYBE), found, causes, depth + 1)
            return marks
        taken = isinstance(value, Marked) and not STATE.refining  # by Terraform for an element
        if isinstance(bare, Unknown) and bare.type == DYNAMIC and not taken:
            causes.append(bare)  # it may be a list itself
            _, items = "", elements_of(Unknown.of(bare.ref) if bare.ref else bare)
            found.extend(Item(item, Presence.MANY) for _, item, _ in items)
        else:
            found.append(Item(value, presence))
        return frozenset()
    if inner.unknown is not None:
        causes.append(inner.unknown)
    elif not STATE.refining and not has_known_length(bare):
        causes.append(bare)
    for item in inner.items:
        joint = _joint(presence, item.presence)
        marks |= _flatten(item.value, joint, found, causes, depth + 1)
    return marks


def _joint(one: Presence, other: Presence) -> Presence:
    """How often an element is there that is in something that may be there."""
    if Presence.MANY in (one, other):
        return Presence.MANY
    return Presence.MAYBE if Presence.MAYBE in (one, other) else Presence.ONE


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
        return all(
            isinstance(plain(leaf), (TupleValue, ListValue, SetValue)) for leaf in content.leaves
        )
    return isinstance(content, OpenList) and value.type != STRING


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
            type_ = ListType(bare.type.element) if isinstance(bare.type, SetType) else bare.type
            return mark(open_list(found.items[::-1], type_, bare), marks)
        case _:
            raise invalid("list", "can only reverse list or tuple values")


def _own_list(arguments: Sequence[Value]) -> Type:
    _bounds(arguments)
    type_ = type_of(arguments[0])
    return type_ if isinstance(type_, ListType) else DYNAMIC


def _bounds(arguments: Sequence[Value]) -> tuple[int | None, int | None]:
    """Where a slice begins and ends, None for what is not known; an error beyond the list."""
    bare, *indices = map(plain, arguments)
    start, end = (
        None if isinstance(index, Unknown) else whole_argument("slice", index)  # type: ignore[arg-type]  # converted
        for index in indices
    )
    type_ = type_of(bare)
    most = len(bare.items) if isinstance(bare, ListValue) else None
    if isinstance(type_, TupleType):
        most = len(type_.elements)
    if start is not None and (start < 0 or (most is not None and start > most)):
        raise invalid("start_index", "start index must not be less than zero or beyond the end")
    if end is not None and (end < 0 or (most is not None and end > most)):
        raise invalid(
            "end_index",
            "end index must not be less than zero or greater than the length of the list",
        )
    if start is not None and end is not None and start > end:
        raise invalid("start_index", "start index must not be greater than end index")
    return start, end


@function(_ORDERED, NUMBER, NUMBER, returns=_own_list, sees_marks=True)
def slice_(list: Value, start_index: Value, end_index: Value) -> Value:
    """The elements from one index up to another."""
    bare, marks = unmark(list)
    marks |= unmark(start_index)[1] | unmark(end_index)[1]
    start, end = _bounds([list, start_index, end_index])
    assert start is not None and end is not None
    if isinstance(bare, Unknown):
        return mark(_slice_of_unknown(bare, start, end), marks)
    assert isinstance(bare, (TupleValue, ListValue))
    if isinstance(bare, TupleValue):
        return mark(TupleValue(bare.items[start:end]), marks)
    return mark(ListValue(bare.items[start:end], bare.element), marks)


def _slice_of_unknown(value: Unknown, start: int, end: int) -> Value:
    """So many elements of an unknown list: if there are fewer, Terraform reports an error."""
    if not STATE.refining or end - start > MAXIMUM_RANGE:
        return Unknown(
            value.type if isinstance(value.type, ListType) else DYNAMIC,
            value.origins,
            not_null=True,
        )
    items = tuple(access.index(value, position) for position in range(start, end))
    if isinstance(value.type, ListType):
        return ListValue(items, value.type.element)
    return TupleValue(items)


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


@function(Parameter(ListType(STRING), unknown=True), returns=ListType(STRING))
def compact(list: Value) -> Value:
    """The strings that are neither null nor empty."""
    if not STATE.refining and not is_wholly_known(list):
        return Unknown(ListType(STRING), origins([list]), not_null=True)
    found = sequence(list)
    items: Items = []
    doubts = [] if found.unknown is None else [found.unknown]
    for item in found.items:
        bare = plain(item.value)
        if isinstance(bare, Null) or bare == "":
            continue
        if isinstance(bare, Unknown):
            certain = bare.not_null and (bool(bare.prefix) or _is_computed(bare))
            presence = (
                item.presence
                if certain
                else (Presence.MAYBE if item.presence is Presence.ONE else item.presence)
            )
            if not certain:
                doubts.append(bare)
            items.append(Item(item.value, presence))
        else:
            items.append(item)
    if not doubts and all(item.presence is Presence.ONE for item in items):
        return ListValue(tuple(item.value for item in items), STRING)
    return open_list(items, ListType(STRING), *doubts)


def _is_computed(value: Unknown) -> bool:
    """Whether it is an id or the like that a resource gets, which is never empty."""
    return STATE.refining and value.ref is not None and value.ref.kind == "computed"


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
    texts = sorted(
        (str(plain(i)) for i in bare.items), key=lambda t: t.encode("utf-8", "surrogatepass")
    )
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
