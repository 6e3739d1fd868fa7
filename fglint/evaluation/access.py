"""Into values: attributes and indices."""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from itertools import islice

from fglint.evaluation.convert import convert, friendly
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import has_known_order, origins_of, type_of
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import (
    DYNAMIC,
    NUMBER,
    STRING,
    Dynamic,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    Capsule,
    Instances,
    Item,
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    OpenList,
    OpenMap,
    OrderedSet,
    Presence,
    SetValue,
    TupleValue,
    Union,
    Unknown,
    Value,
    mark,
    plain,
    unmark,
)

_NAMED = 6  # keys that a message lists

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
            return each_leaf(container, leaves, lambda leaf: get_attr(leaf, name))
        case _:
            return member(container, f".{name}", _attribute_type(container.type, name))


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


def member(container: Unknown, step: str, type_: Type) -> Unknown:
    """An unknown member of an unknown: it denotes the member of what the container denotes."""
    if container.ref is not None:
        origin = container.ref.child(step)
        return Unknown(type_, (origin,), origin)
    return Unknown(type_, container.origins)


def each_leaf(
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
    if isinstance(bare, Null):
        raise EvaluationError(
            "Attempt to index null value", "This value is null, so it does not have any indices."
        )
    if isinstance(wanted, Null):
        raise _invalid_index("Can't use a null value as an indexing key")
    if not STATE.refining and (isinstance(bare, Unknown) or isinstance(wanted, Unknown)):
        return mark(_literal_index(bare, wanted), marks)
    marks |= key_marks
    if isinstance(wanted, Unknown) and isinstance(wanted.content, Union):
        leaves = wanted.content.leaves
        return mark(each_leaf(wanted, leaves, lambda leaf: index(bare, leaf)), marks)
    match bare:
        case SetValue() | OrderedSet():
            raise _invalid_index(
                "Elements of a set are identified only by their value and don't have any separate "
                "index or key to select with"
            )
        case TupleValue(items) | ListValue(items, _):
            return mark(_item(bare, items, wanted), marks)
        case ObjectValue(entries) | MapValue(entries, _):
            return mark(_entry(bare, entries, wanted, told=not marks), marks)
        case Unknown():
            return mark(_index_unknown(bare, wanted), marks)
        case _:
            raise _invalid_index("This value does not have any indices")


def _literal_index(container: Value, key: Value) -> Value:
    """What Terraform makes of an index where the container or the key is not known."""
    origins = (*origins_of(container), *origins_of(key))
    if isinstance(type_of(key), Dynamic):
        return Unknown(DYNAMIC, origins)
    match type_of(container):
        case Dynamic():
            return Unknown(DYNAMIC, origins)
        case ListType(element):
            _number(key)
            return Unknown(element, origins)
        case MapType(element):
            _key(key)
            return Unknown(element, origins)
        case TupleType(elements):
            position = _position(key)
            if isinstance(position, Unknown):
                return Unknown(DYNAMIC, origins)
            if position < len(elements):
                return Unknown(elements[position], origins)
            raise _invalid_index(
                "The given key does not identify an element in this collection value"
            )
        case ObjectType():
            _key(key)
            return Unknown(DYNAMIC, origins)
        case SetType():
            raise _invalid_index("Elements of a set are identified only by their value")
        case _:
            raise _invalid_index("This value does not have any indices")


def _invalid_index(detail: str) -> EvaluationError:
    return EvaluationError("Invalid index", f"{detail}.")


def _number(key: Value) -> Value:
    try:
        return plain(convert(key, NUMBER))
    except EvaluationError as error:
        raise _invalid_index(
            f"The given key does not identify an element in this collection value: {error.detail}"
        ) from None


def _position(key: Value) -> int | Unknown:
    number = _number(key)
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


def _entry(container: Value, entries: dict[str, Value], key: Value, *, told: bool) -> Value:
    text = _key(key)
    if isinstance(text, Unknown):
        return _any_element(container, list(entries.values()), text)
    if text not in entries:
        why = f": {_lacking(text, entries)}" if told else ""
        raise _invalid_index(
            f"The given key does not identify an element in this collection value{why}"
        )
    return entries[text]


def _lacking(key: str, entries: dict[str, Value]) -> str:
    """What is said of a key that is not there, and of those that are."""
    if not entries:
        return f'there is no "{key}", the collection has no elements'
    names = [f'"{name}"' for name in islice(entries, _NAMED)]  # the others are not looked at
    more = f" and {len(entries) - _NAMED} more" if len(entries) > _NAMED else ""
    return f'there is no "{key}", but {", ".join(names)}{more}'


def _any_element(container: Value, members: list[Value], key: Unknown) -> Value:
    type_ = container.element if isinstance(container, (ListValue, MapValue)) else DYNAMIC
    if not members and any(origin.kind == "error" for origin in key.origins):
        return Unknown(type_, key.origins)  # one error is told once
    if not members:
        raise _invalid_index("The collection has no elements")
    return union(members, key.origins, type_)


def _index_unknown(container: Unknown, key: Value) -> Value:
    content = container.content
    match content:
        case Union(leaves):
            return each_leaf(container, leaves, lambda leaf: index(leaf, key))
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
    return member(container, f"[{json.dumps(found)}]", element)
