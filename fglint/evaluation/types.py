"""Terraform's types, as go-cty has them."""

from __future__ import annotations

from fglint.records import dataclass


@dataclass(frozen=True, slots=True)
class Type:
    """A type of values. Two types are equal when their structure is."""

    def __str__(self) -> str:
        return "any"


@dataclass(frozen=True, slots=True)
class Primitive(Type):
    """string, number or bool."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Dynamic(Type):
    """A type that is not known, or `any` in a constraint."""


@dataclass(frozen=True, slots=True)
class ListType(Type):
    """list(element)."""

    element: Type

    def __str__(self) -> str:
        return f"list({self.element})"


@dataclass(frozen=True, slots=True)
class SetType(Type):
    """set(element)."""

    element: Type

    def __str__(self) -> str:
        return f"set({self.element})"


@dataclass(frozen=True, slots=True)
class MapType(Type):
    """map(element)."""

    element: Type

    def __str__(self) -> str:
        return f"map({self.element})"


@dataclass(frozen=True, slots=True)
class TupleType(Type):
    """tuple([…])."""

    elements: tuple[Type, ...]

    def __str__(self) -> str:
        return f"tuple([{', '.join(map(str, self.elements))}])"


@dataclass(frozen=True, slots=True)
class ObjectType(Type):
    """object({…}): attributes sorted by name; those in `optional` may be absent in a constraint."""

    attributes: tuple[tuple[str, Type], ...]
    optional: frozenset[str] = frozenset()

    def attribute(self, name: str) -> Type | None:
        """The type of an attribute, None when there is no such attribute."""
        for known, type_ in self.attributes:
            if known == name:
                return type_
        return None

    def __str__(self) -> str:
        return f"object({{{', '.join(f'{name} = {type_}' for name, type_ in self.attributes)}}})"


@dataclass(frozen=True, slots=True)
class EntityType(Type):
    """The type of a model entity of one kind; only rules meet it."""

    kind: str

    def __str__(self) -> str:
        return self.kind


STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
DYNAMIC = Dynamic()


def object_type(attributes: dict[str, Type], optional: frozenset[str] = frozenset()) -> ObjectType:
    """The object type with these attributes, in the order that equality needs."""
    return ObjectType(tuple(sorted(attributes.items())), optional)


def has_dynamic(type_: Type) -> bool:
    """Whether some part of the type is not known."""
    match type_:
        case Dynamic():
            return True
        case ListType(element) | SetType(element) | MapType(element):
            return has_dynamic(element)
        case TupleType(elements):
            return any(map(has_dynamic, elements))
        case ObjectType(attributes):
            return any(has_dynamic(element) for _, element in attributes)
        case _:
            return False


def to_json(type_: Type) -> object:
    """Terraform's JSON notation of a type: "string", ["list", "string"], ["object", {…}]."""
    match type_:
        case Primitive(name):
            return name
        case ListType(element):
            return ["list", to_json(element)]
        case SetType(element):
            return ["set", to_json(element)]
        case MapType(element):
            return ["map", to_json(element)]
        case TupleType(elements):
            return ["tuple", [to_json(element) for element in elements]]
        case ObjectType(attributes):
            return ["object", {name: to_json(element) for name, element in attributes}]
        case _:
            return "dynamic"


def from_json(notation: object) -> Type:
    """The type that Terraform's JSON notation names; ValueError when it names none."""
    match notation:
        case "string":
            return STRING
        case "number":
            return NUMBER
        case "bool":
            return BOOL
        case "dynamic":
            return DYNAMIC
        case ["list", element]:
            return ListType(from_json(element))
        case ["set", element]:
            return SetType(from_json(element))
        case ["map", element]:
            return MapType(from_json(element))
        case ["tuple", list(elements)]:
            return TupleType(tuple(from_json(element) for element in elements))
        case ["object", dict(attributes), *rest]:
            optional = frozenset(rest[0]) if rest and isinstance(rest[0], list) else frozenset()
            return object_type(
                {name: from_json(element) for name, element in attributes.items()}, optional
            )
        case _:
            raise ValueError(f"no type: {notation!r}")
