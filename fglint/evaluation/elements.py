"""The elements of a value, and how often each is there: for a `for`, for a splat."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fglint.evaluation.access import each_leaf, member
from fglint.evaluation.convert import friendly
from fglint.evaluation.equality import identical
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import has_known_order, type_of
from fglint.evaluation.numbers import counted
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import (
    DYNAMIC,
    NUMBER,
    STRING,
    Dynamic,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
)
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    Instances,
    Item,
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    OpenList,
    OpenMap,
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

Element = tuple[Value, Value, Presence]  # key, value, how often


def elements_of(collection: Value) -> list[Element]:
    """What a `for` visits, in its order; a set's elements are their own keys."""
    bare = plain(collection)
    match bare:
        case TupleValue(items) | ListValue(items, _):
            return [(counted(i), item, Presence.ONE) for i, item in enumerate(items)]
        case SetValue(items, _):
            return [(item, item, Presence.ONE) for item in items]
        case ObjectValue() | MapValue():
            return [(key, entry, Presence.ONE) for key, entry in sorted_items(bare)]
        case Unknown():
            return _elements_of_unknown(bare)
        case Null():
            raise EvaluationError(
                "Iteration over null value",
                "A null value cannot be used as the collection in a 'for' expression.",
            )
        case _:
            raise _not_iterable(type_of(bare))


def of_any_type(element: Value) -> Value:
    """An element that may not be there, without a type by which using it could be an error.

    Terraform gives what repeats over an unknown collection elements of no type: what would go
    wrong with every element goes wrong only if there is one.
    """
    bare, marks = unmark(element)
    if isinstance(bare, Unknown) and bare.content is None:
        return mark(replace(bare, type=DYNAMIC), marks)
    return element


def _not_iterable(type_: Type) -> EvaluationError:
    return EvaluationError(
        "Iteration over non-iterable value",
        f"A value of type {friendly(type_)} cannot be used as the collection in a 'for' "
        "expression.",
    )


def _elements_of_unknown(collection: Unknown) -> list[Element]:
    match collection.content:
        case OpenList(items):
            return _open_items(collection, items)
        case OpenMap(entries, rest):
            keys = sorted(entries, key=lambda key: key.encode("utf-8", "surrogatepass"))
            found = [(key, entries[key].value, entries[key].presence) for key in keys]
            if rest is None:
                return list(found)
            return [
                *found,
                (Unknown(STRING, collection.origins, not_null=True), rest, Presence.MANY),
            ]
        case Instances(template=template, keyed=keyed):
            key = Unknown(STRING if keyed else NUMBER, collection.origins, not_null=True)
            return [(key, template, Presence.MANY)]
        case Union(leaves):
            return _elements_of_leaves(collection, leaves)
        case _:
            return _typed_elements(collection)


def _open_items(collection: Unknown, items: tuple[Item, ...]) -> list[Element]:
    is_set = isinstance(collection.type, SetType)
    found: list[Element] = []
    settled = has_known_order(collection)
    for position, item in enumerate(items):
        settled = settled and item.presence is Presence.ONE
        key: Value = position if settled else Unknown(NUMBER, collection.origins, not_null=True)
        found.append((item.value if is_set else key, item.value, item.presence))
    return found


def _elements_of_leaves(collection: Unknown, leaves: tuple[Value, ...]) -> list[Element]:
    """The elements of one of several collections: what all of them have is there for certain."""
    known = [leaf for leaf in leaves if not isinstance(plain(leaf), Null)]
    lists = [elements_of(leaf) for leaf in known]
    certain: list[list[Element]] = []  # for each of these, the element of each collection
    if len(known) == len(leaves):
        certain = _by_position(lists) if all(map(_is_sequence, known)) else _by_key(lists)
    found: list[Element] = []
    for alike in certain:
        values = [value for _, value, _ in alike]
        types = {type_of(value) for value in values}
        type_ = types.pop() if len(types) == 1 else DYNAMIC
        found.append((alike[0][0], union(values, collection.origins, type_), Presence.ONE))
    settled = {id(element) for alike in certain for element in alike}
    for element in (element for each in lists for element in each if id(element) not in settled):
        key, value, presence = element
        maybe = Presence.MAYBE if presence is Presence.ONE else presence
        if not any(_is_again(element, other) for other in found):
            found.append((key, value, maybe))
    return found


def _is_sequence(value: Value) -> bool:
    bare = plain(value)
    if isinstance(bare, Unknown) and isinstance(bare.content, OpenList):
        return not isinstance(bare.type, SetType)
    return isinstance(bare, (TupleValue, ListValue))


def _by_position(lists: list[list[Element]]) -> list[list[Element]]:
    found: list[list[Element]] = []
    for alike in zip(*lists, strict=False):
        if any(presence is not Presence.ONE for _, _, presence in alike):
            break
        found.append(list(alike))
    return found


def _by_key(lists: list[list[Element]]) -> list[list[Element]]:
    first, *others = lists or [[]]
    known = [
        {key: each for each in elements if isinstance(key := plain(each[0]), str)}
        for elements in others
    ]
    rows: list[list[Element]] = []
    for element in first:
        key = plain(element[0])
        found = [
            keyed.get(key) if isinstance(key, str) else _at_key(key, elements)
            for keyed, elements in zip(known, others, strict=True)
        ]
        row = [element, *(each for each in found if each is not None)]
        if len(row) == len(lists) and all(each[2] is Presence.ONE for each in row):
            rows.append(row)
    return rows


def _at_key(key: Value, elements: list[Element]) -> Element | None:
    """The element at a key that is not known: a set's elements are their own keys."""
    return next((each for each in elements if identical(key, plain(each[0]))), None)


def _is_again(element: Element, other: Element) -> bool:
    """Whether an element that may be there is listed already."""
    return identical(element[0], other[0]) and identical(element[1], other[1])


def _typed_elements(collection: Unknown) -> list[Element]:
    origins = collection.origins
    match collection.type:
        case TupleType(types):
            return [
                (position, member(collection, f"[{position}]", type_), Presence.ONE)
                for position, type_ in enumerate(types)
            ]
        case ObjectType(attributes):
            return [
                (name, member(collection, f".{name}", type_), Presence.ONE)
                for name, type_ in attributes
            ]
        case Primitive():
            raise _not_iterable(collection.type)
        case ListType(element):
            key: Value = Unknown(NUMBER, origins, not_null=True)
        case MapType(element):
            key = Unknown(STRING, origins, not_null=True)
        case SetType(element):
            each = member(collection, "[*]", element)
            return [(each, each, Presence.MANY)]
        case _:
            key, element = Unknown(DYNAMIC, origins, not_null=True), DYNAMIC
    return [(key, member(collection, "[*]", element), Presence.MANY)]


def splat(source: Value, apply: Callable[[Value], Value], probe: Callable[[Value], Value]) -> Value:
    """`source[*]…`: applied to each element of a list, tuple or set, or to a single value.

    `probe` does the same for an element that is not there, to tell the type of an empty list.
    """
    bare, marks = unmark(source)
    match bare:
        case TupleValue(items):
            return mark(TupleValue(tuple(map(apply, items))), marks)
        case ListValue(items, _) | SetValue(items, _):
            results = tuple(map(apply, items))
            types = {type_of(result) for result in results}
            if len(types) > 1:
                return mark(TupleValue(results), marks)
            if not types and not isinstance(bare.element, Dynamic):
                types = {type_of(probe(Unknown(bare.element)))}
            return mark(ListValue(results, types.pop() if types else DYNAMIC), marks)
        case Null(type_):
            if isinstance(type_, (ListType, SetType, TupleType)):
                raise EvaluationError(
                    "Splat of null value",
                    "Splat expressions (with the * symbol) cannot be applied to null sequences.",
                )
            return mark(TupleValue(()), marks)
        case Unknown():
            return mark(_splat_unknown(bare, apply, probe), marks)
        case _:
            return mark(TupleValue((apply(bare),)), marks)


def _if_there(
    apply: Callable[[Value], Value], value: Value, presence: Presence, content: object
) -> Value:
    """What a splat makes of an element; one that may not be there may fail."""
    if presence is Presence.ONE or content is None:
        return apply(value)
    try:
        return apply(value)
    except EvaluationError as error:
        because = f"it cannot be evaluated: {error.detail or error.summary}"
        return Unknown(origins=(Origin("error", str(error.range), because=because),))


def _splat_unknown(
    source: Unknown, apply: Callable[[Value], Value], probe: Callable[[Value], Value]
) -> Value:
    content = source.content
    if isinstance(content, Union):
        return each_leaf(source, content.leaves, lambda leaf: splat(leaf, apply, probe))
    sequence = isinstance(source.type, (ListType, SetType, TupleType))
    if isinstance(content, OpenList) or (isinstance(content, Instances) and not content.keyed):
        sequence = True
    if isinstance(source.type, Dynamic) and content is None:
        sequence = True  # it may be a single value, too, which makes no difference to the elements
    if sequence:
        items = tuple(
            Item(_if_there(apply, value, presence, content), presence)
            for _, value, presence in _elements_of_unknown(source)
        )
        if items and all(item.presence is Presence.ONE for item in items):
            return TupleValue(tuple(item.value for item in items))
        typed = len(items) == 1 and isinstance(source.type, (ListType, SetType))
        return Unknown(
            ListType(type_of(items[0].value)) if typed else DYNAMIC,
            source.origins,
            not_null=True,
            minimum=source.minimum,
            maximum=source.maximum,
            content=OpenList(items, has_known_order(source)),
        )
    if source.not_null:
        return TupleValue((apply(source),))
    item = Item(apply(source), Presence.MAYBE)
    return Unknown(
        DYNAMIC, source.origins, not_null=True, minimum=0, maximum=1, content=OpenList((item,))
    )
