"""Conversion of values to types, by go-cty's rules; sets; the defaults of optional attributes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import is_wholly_known, origins_of, type_of
from fglint.evaluation.numbers import format_number, parse_number
from fglint.evaluation.refinement import STATE
from fglint.evaluation.sets import make_set
from fglint.evaluation.types import (
    NUMBER,
    STRING,
    Dynamic,
    EntityType,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
)
from fglint.evaluation.unification import can_convert, unify
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    Capsule,
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
    unmark,
)


def convert(value: Value, wanted: Type) -> Value:
    """The value as one of that type; EvaluationError, with the reason as its detail, if it is none.

    An unknown becomes an unknown of the type and keeps what is known of it; marks stay.
    """
    if wanted is STRING and type(value) is str:
        return value
    bare, marks = unmark(value)
    if isinstance(wanted, Dynamic):
        return value
    if isinstance(bare, Null):
        _check(bare.type, wanted)
        return mark(Null(wanted), marks)
    if isinstance(bare, Unknown):
        return mark(_convert_unknown(bare, wanted), marks)
    return mark(_convert_known(bare, wanted), marks)


def _convert_known(value: Value, wanted: Type) -> Value:
    bare = plain(value)
    match wanted:
        case Primitive():
            return _convert_primitive(bare, wanted)
        case ListType(element):
            return _to_list(bare, element, wanted)
        case SetType(element):
            return _to_set(bare, element, wanted)
        case MapType(element):
            return _to_map(bare, element, wanted)
        case TupleType(elements):
            return _to_tuple(bare, elements, wanted)
        case ObjectType():
            return _to_object(bare, wanted)
        case EntityType(kind) if isinstance(bare, Capsule) and bare.kind == kind:
            return bare
        case _:
            raise _mismatch(wanted)


def _check(source: Type, wanted: Type) -> None:
    if not can_convert(source, wanted):
        raise _mismatch(wanted)


def _mismatch(wanted: Type) -> EvaluationError:
    return EvaluationError("Unsuitable value type", f"{friendly(wanted)} required")


def friendly(type_: Type) -> str:
    """A type as Terraform's messages name it."""
    match type_:
        case ListType(element) | SetType(element) | MapType(element):
            kind = {ListType: "list", SetType: "set", MapType: "map"}[type(type_)]
            return f"{kind} of {'any type' if isinstance(element, Dynamic) else friendly(element)}"
        case TupleType():
            return "tuple"
        case ObjectType():
            return "object"
        case Dynamic():
            return "any type"
        case _:
            return str(type_)


# ---- primitives -------------------------------------------------------------------------------


def _convert_primitive(value: Value, wanted: Primitive) -> Value:
    """A known value as a primitive."""
    if wanted == STRING:
        if isinstance(value, str):
            return value
        if isinstance(value, (bool, int, Fraction, float)):
            return text_of(value)
    elif wanted == NUMBER:
        if isinstance(value, (int, Fraction, float)) and not isinstance(value, bool):
            return value
        if isinstance(value, str):
            try:
                return parse_number(value)
            except ValueError:
                raise EvaluationError("Unsuitable value type", "a number is required") from None
    else:
        if isinstance(value, bool):
            return value
        if isinstance(value, str):
            return _parse_bool(value)
    raise _mismatch(wanted)


def _parse_bool(text: str) -> bool:
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    hint = (
        '; to convert from string, use lowercase "true"' if text.lower() == "true" else
        '; to convert from string, use lowercase "false"' if text.lower() == "false" else ""
    )  # fmt: skip
    raise EvaluationError("Unsuitable value type", f"a bool is required{hint}")


def text_of(value: Value) -> str:
    """A known string, number or bool as a template prints it; EvaluationError for all else."""
    bare = plain(value)
    if isinstance(bare, str):
        return bare
    if isinstance(bare, bool):
        return "true" if bare else "false"
    if isinstance(bare, (int, Fraction, float)):
        return format_number(bare)
    raise _mismatch(STRING)


# ---- collections ------------------------------------------------------------------------------


def _elements(value: Value, wanted: Type) -> tuple[Value, ...]:
    bare = plain(value)
    if isinstance(bare, (TupleValue, ListValue, SetValue)):
        return bare.items
    raise _mismatch(wanted)


def _element_type(members: Iterable[Value], element: Type, kind: str) -> Type:
    if not isinstance(element, Dynamic):
        return element
    types = [type_of(member) for member in members]
    unified = unify(types)
    if isinstance(unified, Dynamic) and types:
        unified = _apart_from_dynamic(types, kind)
    if unified is None:
        raise EvaluationError(
            "Unsuitable value type", f"all {kind} elements must have the same type"
        )
    return unified


def _own_element(value: Value, element: Type) -> Type | None:
    """The element type that a collection has already, where none is wanted."""
    if not isinstance(value, (ListValue, SetValue, MapValue)):
        return None
    if isinstance(element, Dynamic):
        return value.element
    if not value.items and not can_convert(value.element, element):
        raise EvaluationError(
            "Unsuitable value type", f"incorrect element type: {friendly(element)} required"
        )
    return element


def _apart_from_dynamic(types: Sequence[Type], kind: str) -> Type | None:
    """The type of members some of which have none, as null: beside structures in maps only."""
    others = [type_ for type_ in types if not isinstance(type_, Dynamic)]
    if not others:
        return Dynamic()
    alike = all(type_ == others[0] for type_ in others)
    return others[0] if alike and kind == "map" else None


def _each(members: Iterable[Value], element: Type) -> tuple[Value, ...]:
    converted: list[Value] = []
    for index, member in enumerate(members):
        try:
            converted.append(convert(member, element))
        except EvaluationError as error:
            raise _inside(f"element {index}", error) from None
    return tuple(converted)


def _inside(place: str, error: EvaluationError) -> EvaluationError:
    return EvaluationError(error.summary, f"{place}: {error.detail}")


def _to_list(value: Value, element: Type, wanted: Type) -> Value:
    members = _elements(value, wanted)
    type_ = _own_element(value, element) or _element_type(members, element, "list")
    if len(members) > 1 and isinstance(value, SetValue) and not all(map(is_wholly_known, members)):
        return _list_of_unsettled(value, type_)
    return ListValue(_each(members, type_), type_)


def _list_of_unsettled(value: SetValue, element: Type) -> Unknown:
    """A set with unknown elements as a list: their number and order are not known."""
    converted = _each(value.items, element)
    certain = sum(map(is_wholly_known, converted))
    any_one = Item(union(converted, origins_of(value), element), Presence.MANY)
    return Unknown(
        ListType(element),
        origins_of(value),
        not_null=STATE.refining,
        minimum=max(1, certain) if STATE.refining else None,
        maximum=len(converted) if STATE.refining else None,
        content=OpenList((any_one,)),
    )


def _to_set(value: Value, element: Type, wanted: Type) -> Value:
    members = _elements(value, wanted)
    type_ = _own_element(value, element) or _element_type(members, element, "set")
    return make_set(_each(members, type_), type_)


def _to_map(value: Value, element: Type, wanted: Type) -> Value:
    if not isinstance(value, (ObjectValue, MapValue)):
        raise _mismatch(wanted)
    type_ = _own_element(value, element) or _element_type(value.items.values(), element, "map")
    entries: dict[str, Value] = {}
    for key, entry in value.items.items():
        try:
            entries[key] = convert(entry, type_)
        except EvaluationError as error:
            raise _inside(f'element "{key}"', error) from None
    return MapValue(entries, type_)


def _to_tuple(value: Value, elements: Sequence[Type], wanted: Type) -> Value:
    if not isinstance(value, TupleValue):
        raise _mismatch(wanted)
    if len(value.items) != len(elements):
        raise EvaluationError("Unsuitable value type", f"tuple of length {len(elements)} required")
    pairs = enumerate(zip(value.items, elements, strict=True))
    return TupleValue(tuple(_each((member,), type_)[0] for _, (member, type_) in pairs))


def _to_object(value: Value, wanted: ObjectType) -> Value:
    if not isinstance(value, (ObjectValue, MapValue)):
        raise _mismatch(wanted)
    entries: dict[str, Value] = {}
    for name, type_ in wanted.attributes:
        if name in value.items:
            try:
                entries[name] = convert(value.items[name], type_)
            except EvaluationError as error:
                raise _inside(f'attribute "{name}"', error) from None
        elif name in wanted.optional:
            entries[name] = Null(type_)
        else:
            raise EvaluationError("Unsuitable value type", f'attribute "{name}" is required')
    return ObjectValue(entries)


# ---- unknowns ---------------------------------------------------------------------------------


def _convert_unknown(value: Unknown, wanted: Type) -> Value:
    _check(value.type, wanted)
    wanted = _settled(wanted, value.type)
    content = value.content
    if isinstance(content, Union):
        return _convert_union(value, content, wanted)
    mapping = isinstance(wanted, (MapType, ObjectType))
    if isinstance(content, OpenList if mapping else OpenMap):
        if value.not_null:
            raise _mismatch(wanted)
        return Null(wanted)  # or an error, where it is not null
    if value.type == wanted:
        return value
    if isinstance(content, OpenList) and isinstance(wanted, (ListType, SetType)):
        items = tuple(
            Item(_or_unknown(item.value, wanted.element), item.presence) for item in content.items
        )
        a_set = isinstance(wanted, SetType)
        ordered = content.ordered and not a_set and not isinstance(value.type, SetType)
        least = min(value.minimum or 0, 1) if a_set else value.minimum
        opened = OpenList(items, ordered)
        return replace(value, type=wanted, ref=None, minimum=least, content=opened)
    if isinstance(content, OpenMap) and isinstance(wanted, (MapType, ObjectType)):
        return replace(value, type=wanted, ref=None, content=_convert_map(content, wanted))
    if isinstance(wanted, Primitive):
        keeps = value.type in (wanted, STRING) or isinstance(value.type, Dynamic)
        same = isinstance(value.type, Dynamic)
        return replace(
            value,
            type=wanted,
            ref=value.ref if same or wanted == STRING else None,
            content=content if keeps and wanted == STRING else None,
            prefix=value.prefix if wanted == STRING else "",
            minimum=value.minimum if wanted == NUMBER else None,
            maximum=value.maximum if wanted == NUMBER else None,
        )
    collections = (ListType, SetType, MapType, TupleType)
    minimum, maximum = value.minimum, value.maximum
    if isinstance(wanted, SetType) and minimum:
        minimum = 1
    bounded = isinstance(wanted, collections)
    return replace(
        value,
        type=wanted,
        minimum=minimum if bounded else None,
        maximum=maximum if bounded else None,
    )


def _settled(wanted: Type, source: Type) -> Type:
    """The wanted type with what it leaves open taken from the type that is converted."""
    match wanted, source:
        case Dynamic(), _:
            return source
        case ListType(element), (ListType(own) | SetType(own)):
            return ListType(_settled(element, own))
        case SetType(element), (ListType(own) | SetType(own)):
            return SetType(_settled(element, own))
        case ((ListType(Dynamic()) | SetType(Dynamic())), TupleType(elements)):
            return type(wanted)(unify(elements) or Dynamic())
        case MapType(element), MapType(own):
            return MapType(_settled(element, own))
        case MapType(Dynamic()), ObjectType(attributes):
            return MapType(unify([type_ for _, type_ in attributes]) or Dynamic())
        case _:
            return wanted


def _or_unknown(value: Value, wanted: Type) -> Value:
    """The converted value; unknown where it does not convert, for it may not be there."""
    try:
        return convert(value, wanted)
    except EvaluationError:
        return Unknown(wanted, origins_of(value))


def _convert_map(content: OpenMap, wanted: MapType | ObjectType) -> OpenMap:
    def type_for(name: str) -> Type | None:
        return wanted.element if isinstance(wanted, MapType) else wanted.attribute(name)

    entries: dict[str, Item] = {}
    for name, item in content.entries.items():
        type_ = type_for(name)
        if type_ is not None:
            entries[name] = Item(_or_unknown(item.value, type_), item.presence)
    rest = content.rest
    if rest is not None and isinstance(wanted, MapType):
        rest = _or_unknown(rest, wanted.element)
    return OpenMap(entries, rest)


def _convert_union(value: Unknown, content: Union, wanted: Type) -> Value:
    """Each leaf converted; those that do not convert cannot be the value."""
    leaves: list[Value] = []
    error: EvaluationError | None = None
    for leaf in content.leaves:
        try:
            leaves.append(convert(leaf, wanted))
        except EvaluationError as raised:
            error = raised
    if not leaves:
        assert error is not None
        raise error
    if error is not None:
        return Unknown(wanted, value.origins)
    return union(leaves, value.origins, wanted)
