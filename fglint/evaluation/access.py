"""Into values: attributes, indices, splats, and the elements that a `for` visits."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction

from fglint.evaluation.convert import convert, friendly
from fglint.evaluation.equality import identical
from fglint.evaluation.numbers import counted
from fglint.evaluation.refinement import STATE
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
    Capsule,
    EvaluationError,
    Instances,
    Item,
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    OpenList,
    OpenMap,
    Origin,
    Presence,
    SetValue,
    TupleValue,
    Union,
    Unknown,
    Value,
    has_known_order,
    mark,
    plain,
    sorted_items,
    type_of,
    unmark,
)

Element = tuple[Value, Value, Presence]  # key, value, how often


# ---- attributes -------------------------------------------------------------------------------


def get_attr(container: Value, name: str) -> Value:
    """`container.name`; EvaluationError where there is no such attribute."""
    bare, marks = unmark(container)
    match bare:
        case ObjectValue(entries):
            found = entries.get(name)
            if found is None:
                raise _unsupported(f'This object does not have an attribute named "{name}"')
            return mark(found, marks)
        case MapValue(entries, _):
            found = entries.get(name)
            if found is None:
                raise EvaluationError(
                    "Missing map element",
                    f'This map does not have an element with the key "{name}".',
                )
            return mark(found, marks)
        case Unknown():
            return mark(_attr_of_unknown(bare, name), marks)
        case Capsule():
            return mark(bare.get(name), marks)
        case Null():
            raise EvaluationError(
                "Attempt to get attribute from null value",
                "This value is null, so it does not have any attributes.",
            )
        case TupleValue() | ListValue() | SetValue():
            kind = "set" if isinstance(bare, SetValue) else "list"
            raise _unsupported(
                f"Can't access attributes on a {kind}. Did you mean to access an attribute across "
                f"all its elements ([*].{name}), or of one of them ([0].{name})?"
            )
        case _:
            raise _unsupported(
                f"Can't access attributes on a primitive-typed value ({friendly(type_of(bare))})"
            )


def _unsupported(detail: str) -> EvaluationError:
    return EvaluationError(
        "Unsupported attribute", detail if detail.endswith("?") else f"{detail}."
    )


def _attr_of_unknown(container: Unknown, name: str) -> Value:
    match container.content:
        case OpenMap(entries, rest):
            if name in entries:
                return entries[name].value
            if rest is None:
                raise _unsupported(f'This object does not have an attribute named "{name}"')
            return rest
        case Instances(at=at, keyed=keyed):
            if not keyed:
                raise EvaluationError(
                    "Missing resource instance key",
                    f'Because it has "count" set, its attributes must be accessed on specific '
                    f"instances: [count.index].{name}.",
                )
            return at(name)
        case Union(leaves):
            return _each_leaf(container, leaves, lambda leaf: get_attr(leaf, name))
        case _:
            return _member(container, f".{name}", _attribute_type(container.type, name))


def _attribute_type(type_: Type, name: str) -> Type:
    match type_:
        case Dynamic():
            return DYNAMIC
        case MapType(element):
            return element
        case ObjectType():
            attribute = type_.attribute(name)
            if attribute is None:
                raise _unsupported(f'This object does not have an attribute named "{name}"')
            return attribute
        case _:
            raise _unsupported(f"Can't access attributes on a value of type {friendly(type_)}")


def _member(container: Unknown, step: str, type_: Type) -> Unknown:
    """An unknown member of an unknown: it denotes the member of what the container denotes."""
    if container.ref is not None:
        origin = container.ref.child(step)
        return Unknown(type_, (origin,), origin)
    return Unknown(type_, container.origins)


def _each_leaf(
    container: Unknown, leaves: tuple[Value, ...], step: Callable[[Value], Value]
) -> Value:
    """The union of what a step gives for each leaf; leaves that fail are not the value."""
    results: list[Value] = []
    error: EvaluationError | None = None
    for leaf in leaves:
        try:
            results.append(step(leaf))
        except EvaluationError as raised:
            error = raised
    if not results:
        assert error is not None
        raise error
    types = {type_of(result) for result in results}
    type_ = types.pop() if len(types) == 1 else DYNAMIC
    if error is not None:
        return Unknown(type_, container.origins)
    return union(results, container.origins, type_)


# ---- indices ----------------------------------------------------------------------------------


def index(container: Value, key: Value) -> Value:
    """`container[key]`; with an unknown key, one of the elements."""
    bare, marks = unmark(container)
    wanted, key_marks = unmark(key)
    marks |= key_marks
    if isinstance(bare, Null):
        raise EvaluationError(
            "Attempt to index null value", "This value is null, so it does not have any indices."
        )
    if isinstance(wanted, Null):
        raise _invalid_index("Can't use a null value as an indexing key")
    if isinstance(wanted, Unknown) and isinstance(wanted.content, Union):
        leaves = wanted.content.leaves
        return mark(_each_leaf(wanted, leaves, lambda leaf: index(bare, leaf)), marks)
    match bare:
        case TupleValue(items) | ListValue(items, _):
            return mark(_item(bare, items, wanted), marks)
        case ObjectValue(entries) | MapValue(entries, _):
            return mark(_entry(bare, entries, wanted), marks)
        case SetValue():
            raise _invalid_index(
                "Elements of a set are identified only by their value and don't have any separate "
                "index or key to select with"
            )
        case Unknown():
            found = _index_unknown(bare, wanted)
            return mark(found, marks if STATE.refining else marks - key_marks)
        case _:
            raise _invalid_index("This value does not have any indices")


def _invalid_index(detail: str) -> EvaluationError:
    return EvaluationError("Invalid index", f"{detail}.")


def _position(key: Value) -> int | Unknown:
    try:
        number = plain(convert(key, NUMBER))
    except EvaluationError as error:
        raise _invalid_index(
            f"The given key does not identify an element in this collection value: {error.detail}"
        ) from None
    if isinstance(number, Unknown):
        return number
    if isinstance(number, (Fraction, float)):
        if number == 0:
            return 0
        raise _invalid_index(
            "The given key does not identify an element in this collection value: indexing a "
            "sequence requires a whole number"
        )
    assert isinstance(number, int)
    if number < 0:
        raise _invalid_index(
            "The given key does not identify an element in this collection value: a negative "
            "number is not a valid index for a sequence"
        )
    return number


def _item(container: Value, items: tuple[Value, ...], key: Value) -> Value:
    position = _position(key)
    if isinstance(position, Unknown):
        return _any_element(container, list(items), position)
    if position >= len(items):
        raise _invalid_index(
            "The given key does not identify an element in this collection value: the collection "
            f"has {len(items)} element{'' if len(items) == 1 else 's'}"
            if items
            else "The given key does not identify an element in this collection value: the "
            "collection has no elements"
        )
    return items[position]


def _key(key: Value) -> str | Unknown:
    try:
        text = plain(convert(key, STRING))
    except EvaluationError as error:
        raise _invalid_index(
            f"The given key does not identify an element in this collection value: {error.detail}"
        ) from None
    assert isinstance(text, (str, Unknown))
    return text


def _entry(container: Value, entries: dict[str, Value], key: Value) -> Value:
    text = _key(key)
    if isinstance(text, Unknown):
        return _any_element(container, list(entries.values()), text)
    if text not in entries:
        raise _invalid_index("The given key does not identify an element in this collection value")
    return entries[text]


def _any_element(container: Value, members: list[Value], key: Unknown) -> Value:
    type_ = container.element if isinstance(container, (ListValue, MapValue)) else DYNAMIC
    if not STATE.refining:
        return Unknown(type_, key.origins)
    if not members:
        raise _invalid_index("The collection has no elements")
    return union(members, key.origins, type_)


def _index_unknown(container: Unknown, key: Value) -> Value:
    content = container.content
    match content:
        case Union(leaves):
            return _each_leaf(container, leaves, lambda leaf: index(leaf, key))
        case Instances(at=at, keyed=keyed, template=template):
            found = _key(key) if keyed else _position(key)
            return template if isinstance(found, Unknown) else at(found)
        case OpenList(items):
            position = _position(key)
            if not isinstance(position, Unknown):
                return _open_item(container, items, position)
        case OpenMap(entries, rest):
            text = _key(key)
            if isinstance(text, str):
                if text in entries:
                    return entries[text].value
                if rest is None:
                    raise _invalid_index(
                        "The given key does not identify an element in this collection value"
                    )
                return rest
    return _typed_index(container, key)


def _open_item(container: Unknown, items: tuple[Item, ...], position: int) -> Value:
    certain = items[: position + 1] if has_known_order(container) else ()
    if len(certain) > position and all(item.presence is Presence.ONE for item in certain):
        return items[position].value
    if container.maximum is not None and position >= container.maximum:
        raise _invalid_index("The given key does not identify an element in this collection value")
    if len(items) == 1:
        return items[0].value
    candidates = [item.value for item in items]
    return (
        union(candidates, container.origins, DYNAMIC)
        if candidates
        else Unknown(DYNAMIC, container.origins)
    )


def _typed_index(container: Unknown, key: Value) -> Value:
    type_ = container.type
    match type_:
        case ListType(element):
            found: int | str | Unknown = _position(key)
        case MapType(element):
            found = _key(key)
        case TupleType(elements):
            found = _position(key)
            if isinstance(found, int):
                if found >= len(elements):
                    raise _invalid_index(
                        "The given key does not identify an element in this collection value"
                    )
                element = elements[found]
            else:
                element = DYNAMIC
        case ObjectType() if isinstance(plain(key), (int, Fraction)):
            return Unknown(DYNAMIC, container.origins)  # an error once the object is known
        case ObjectType():
            found = _key(key)
            element = _attribute_type(type_, found) if isinstance(found, str) else DYNAMIC
        case Dynamic():
            bare = plain(key)
            found = bare if isinstance(bare, (str, int, Unknown)) else _position(key)
            element = DYNAMIC
        case SetType():
            raise _invalid_index("Elements of a set are identified only by their value")
        case _:
            raise _invalid_index("This value does not have any indices")
    if isinstance(found, Unknown):
        origins = tuple(dict.fromkeys((*container.origins, *found.origins)))
        return Unknown(element, origins)
    return _member(container, f"[{json.dumps(found)}]", element)


# ---- elements ---------------------------------------------------------------------------------


def elements(collection: Value) -> list[Element]:
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
    lists = [elements(leaf) for leaf in known]
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
    keyed = [
        {key: element for element in each if isinstance(key := plain(element[0]), str)}
        for each in lists
    ]
    common = [key for key in keyed[0] if all(key in each for each in keyed[1:])] if keyed else []
    rows = [[each[key] for each in keyed] for key in common]
    return [row for row in rows if all(element[2] is Presence.ONE for element in row)]


def _is_again(element: Element, other: Element) -> bool:
    """Whether an element that may be there is listed already."""
    return identical(element[0], other[0]) and identical(element[1], other[1])


def _typed_elements(collection: Unknown) -> list[Element]:
    origins = collection.origins
    match collection.type:
        case TupleType(types):
            return [
                (position, _member(collection, f"[{position}]", type_), Presence.ONE)
                for position, type_ in enumerate(types)
            ]
        case ObjectType(attributes):
            return [
                (name, _member(collection, f".{name}", type_), Presence.ONE)
                for name, type_ in attributes
            ]
        case Primitive():
            raise _not_iterable(collection.type)
        case ListType(element):
            key: Value = Unknown(NUMBER, origins, not_null=True)
        case MapType(element):
            key = Unknown(STRING, origins, not_null=True)
        case SetType(element):
            member = _member(collection, "[*]", element)
            return [(member, member, Presence.MANY)]
        case _:
            key, element = Unknown(DYNAMIC, origins, not_null=True), DYNAMIC
    return [(key, _member(collection, "[*]", element), Presence.MANY)]


# ---- splats -----------------------------------------------------------------------------------


def splat(source: Value, apply: Callable[[Value], Value], full: bool) -> Value:
    """`source[*]…`: applied to each element of a list, tuple or set, or to a single value."""
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
                types = {type_of(apply(Unknown(bare.element)))}
            return mark(ListValue(results, types.pop() if types else DYNAMIC), marks)
        case Null(type_):
            if isinstance(type_, (ListType, SetType, TupleType)):
                raise EvaluationError(
                    "Splat of null value",
                    "Splat expressions (with the * symbol) cannot be applied to null sequences.",
                )
            return mark(TupleValue(()), marks)
        case Unknown():
            return mark(_splat_unknown(bare, apply), marks)
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


def _splat_unknown(source: Unknown, apply: Callable[[Value], Value]) -> Value:
    content = source.content
    if isinstance(content, Union):
        return _each_leaf(source, content.leaves, lambda leaf: splat(leaf, apply, True))
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
