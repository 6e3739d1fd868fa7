"""Types of parts by those of wholes, as far as they are known: DYNAMIC where they are not."""

from __future__ import annotations

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
    SetType,
    TupleType,
    Type,
)
from fglint.policy.mistakes import article
from fglint.syntax.nodes import Expression, Literal


def type_of_literal(value: object) -> Type:
    """The type of a constant."""
    match value:
        case bool():
            return BOOL
        case str():
            return STRING
        case None:
            return DYNAMIC
        case _:
            return NUMBER


def type_of_tuple(types: list[Type]) -> Type:
    """The type of items in brackets: a list where all are of one type."""
    if types and all(each == types[0] for each in types):
        return ListType(types[0])
    return TupleType(tuple(types))


def common_type(types: list[Type]) -> Type:
    """The type that all known ones of these are."""
    known = [each for each in types if not isinstance(each, Dynamic)]
    if known and all(each == known[0] for each in known):
        return known[0]
    return DYNAMIC


def element_types(collection: Type) -> tuple[Type, Type]:
    """The types of keys and elements."""
    match collection:
        case ListType(element):
            return NUMBER, element
        case SetType(element):
            return element, element
        case MapType(element):
            return STRING, element
        case TupleType(elements):
            return NUMBER, common_type(list(elements))
        case ObjectType(attributes):
            return STRING, common_type([each for _, each in attributes])
        case _:
            return DYNAMIC, DYNAMIC


def indexed_type(collection: Type, key: Expression) -> Type:
    """The type of what stands at a key."""
    if isinstance(collection, TupleType) and isinstance(key, Literal):
        position = key.value
        if isinstance(position, int) and 0 <= position < len(collection.elements):
            return collection.elements[position]
    if isinstance(collection, ObjectType) and isinstance(key, Literal):
        return collection.attribute(str(key.value)) or DYNAMIC
    return element_types(collection)[1]


def item_type(source: Type) -> Type:
    """The type of what [*] goes through."""
    match source:
        case ListType() | SetType() | TupleType() | Dynamic():
            return element_types(source)[1]
        case _:
            return source


def named_type(type_: Type) -> str:
    """A type with an article, as messages say it."""
    match type_:
        case EntityType(kind=kind):
            return article(kind)
        case ListType() | SetType() | TupleType():
            return "a list"
        case MapType() | ObjectType():
            return "an object"
        case _:
            return f"a {type_}"
