"""Relations of types: which converts to which, and the one type that several convert to.

These are go-cty's rules (package convert), in its unsafe mode, which Terraform uses everywhere: a
conversion may fail for some values, as "x" to a number does.
"""

from __future__ import annotations

from collections.abc import Sequence

from fglint.evaluation.types import (
    BOOL,
    DYNAMIC,
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
    object_type,
)

Collection = ListType | SetType | MapType


def can_convert(source: Type, target: Type) -> bool:
    """Whether some value of one type converts to the other."""
    if source == target or isinstance(target, Dynamic) or isinstance(source, Dynamic):
        return True
    match source, target:
        case Primitive(), Primitive():
            return STRING in (source, target)
        case ListType(element) | SetType(element), ListType(wanted) | SetType(wanted):
            return can_convert(element, wanted)
        case TupleType(elements), ListType(wanted) | SetType(wanted):
            return _all_to(elements, wanted)
        case MapType(element), MapType(wanted):
            return can_convert(element, wanted)
        case ObjectType(attributes), MapType(wanted):
            return _all_to([type_ for _, type_ in attributes], wanted)
        case MapType(element), ObjectType(attributes):
            return all(can_convert(element, wanted) for _, wanted in attributes)
        case ObjectType(), ObjectType(attributes, optional):
            return all(
                _attribute_converts(source.attribute(name), wanted, name in optional)
                for name, wanted in attributes
            )
        case TupleType(elements), TupleType(wanted_elements):
            return len(elements) == len(wanted_elements) and all(
                map(can_convert, elements, wanted_elements)
            )
        case _:
            return False


def _all_to(elements: Sequence[Type], wanted: Type) -> bool:
    if isinstance(wanted, Dynamic):
        return unify(elements) is not None
    return all(can_convert(element, wanted) for element in elements)


def _attribute_converts(type_: Type | None, wanted: Type, optional: bool) -> bool:
    return optional if type_ is None else can_convert(type_, wanted)


def unify(types: Sequence[Type]) -> Type | None:
    """The type that values of all these types convert to; None when there is none."""
    if not types:
        return DYNAMIC
    if all(type_ == types[0] for type_ in types):
        return types[0]
    found = {type(type_) for type_ in types}
    dynamic = Dynamic in found
    kinds = found - {Dynamic}
    if len(kinds) == 1:
        kind = next(iter(kinds))
        if kind in (ListType, SetType, MapType):
            return DYNAMIC if dynamic else _unify_collections(types)
        if kind is ObjectType:
            return DYNAMIC if dynamic else _unify_objects([t for t in types if _is_object(t)])
        if kind is TupleType:
            return DYNAMIC if dynamic else _unify_tuples([t for t in types if _is_tuple(t)])
    if kinds == {MapType, ObjectType}:
        return _unify_as_maps(types) or _preferred(types)
    if kinds == {ListType, TupleType}:
        return _unify_as_lists(types) or _preferred(types)
    if {ObjectType, TupleType} <= kinds:
        return None
    return _preferred(types)


def _is_object(type_: Type) -> bool:
    return isinstance(type_, ObjectType)


def _is_tuple(type_: Type) -> bool:
    return isinstance(type_, TupleType)


def _unify_collections(types: Sequence[Type]) -> Type | None:
    element = unify([t.element for t in types if isinstance(t, Collection)])
    return None if element is None else type(types[0])(element)  # type: ignore[call-arg]


def _unify_objects(types: Sequence[Type]) -> Type | None:
    objects = [t for t in types if isinstance(t, ObjectType)]
    names = [name for name, _ in objects[0].attributes]
    if any([name for name, _ in other.attributes] != names for other in objects):
        element = unify([type_ for one in objects for _, type_ in one.attributes])
        return None if element is None else MapType(element)
    unified: dict[str, Type] = {}
    for index, name in enumerate(names):
        attribute = unify([one.attributes[index][1] for one in objects])
        if attribute is None:
            return None
        unified[name] = attribute
    return object_type(unified)


def _unify_tuples(types: Sequence[Type]) -> Type | None:
    tuples = [t for t in types if isinstance(t, TupleType)]
    length = len(tuples[0].elements)
    if any(len(other.elements) != length for other in tuples):
        element = unify([type_ for one in tuples for type_ in one.elements])
        return None if element is None else ListType(element)
    unified = [unify([one.elements[i] for one in tuples]) for i in range(length)]
    known = [element for element in unified if element is not None]
    return TupleType(tuple(known)) if len(known) == length else None


def _unify_as_maps(types: Sequence[Type]) -> Type | None:
    elements: list[Type] = []
    for type_ in types:
        match type_:
            case MapType(element):
                elements.append(element)
            case ObjectType(attributes):
                elements.extend(attribute for _, attribute in attributes)
            case _:
                return DYNAMIC
    unified = unify(elements)
    return None if unified is None else MapType(unified)


def _unify_as_lists(types: Sequence[Type]) -> Type | None:
    elements: list[Type] = []
    for type_ in types:
        match type_:
            case ListType(element):
                elements.append(element)
            case TupleType(members):
                elements.extend(members)
            case _:
                return DYNAMIC
    unified = unify(elements)
    return None if unified is None else ListType(unified)


def _preferred(types: Sequence[Type]) -> Type | None:
    """The most general of the types, when all others convert to it."""
    for wanted in sorted(types, key=_generality):
        if all(can_convert(type_, wanted) for type_ in types):
            return wanted
    return None


_ORDER = [STRING, NUMBER, BOOL]


def _generality(type_: Type) -> int:
    if isinstance(type_, Primitive):
        return _ORDER.index(type_)
    order = (ListType, SetType, MapType, TupleType, ObjectType, EntityType)
    return 10 + order.index(type(type_)) if isinstance(type_, order) else 100
