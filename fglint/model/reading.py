"""Reading planned values: a node is a value inside an instance, with the way to its place.

Where nothing is written, the provider's default stands (`provider/defaults`), or what the reader
says. Keys of container definitions are read as the AWS provider does, whatever the case of their
first letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

from fglint.configuration.instance import Instance, Path
from fglint.evaluation import access
from fglint.evaluation.convert import convert
from fglint.evaluation.elements import elements_of
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import is_null, origins_of
from fglint.evaluation.types import BOOL, DYNAMIC, NUMBER, STRING, Type
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    NULL,
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
from fglint.model.entity import Attribute
from fglint.model.logic import Tri, agreed, same, unknown
from fglint.provider.defaults import default_of
from fglint.records import dataclass
from fglint.source import Range


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A value in a planned instance; `path` leads to it from the instance's arguments."""

    instance: Instance
    value: Value
    path: Path = ()

    def place(self) -> Range:
        """The narrowest range that writes the value."""
        return self.instance.locate(self.path) if self.path else self.instance.header

    @property
    def is_set(self) -> bool:
        """Whether the value is known not to be null; False when it may be null, too."""
        bare = plain(self.value)
        return bare.not_null if isinstance(bare, Unknown) else not isinstance(bare, Null)

    def get(self, name: str) -> Node:
        """The member of that name; null where there is none, or where nothing is written.

        What Terraform plans as "known after apply" because nothing is written is absent here: its
        default is the reader's to say.
        """
        bare, marks = unmark(self.value)
        key = name
        if isinstance(bare, (ObjectValue, MapValue)):
            key = _key(bare.items, name)
            value = mark(bare.items.get(key, NULL), marks)
            if self._is_own(value):
                value = NULL
        elif isinstance(bare, Unknown):
            if isinstance(bare.content, OpenMap):
                key = _key(bare.content.entries, name)
            value = mark(_member(bare, key), marks)
        else:
            value = NULL
        return Node(self.instance, value, (*self.path, key))

    def _is_own(self, value: Value) -> bool:
        """Whether it is an attribute that the provider fills in after apply."""
        bare = plain(value)
        ref = bare.ref if isinstance(bare, Unknown) else None
        return ref is not None and ref.kind == "computed" and ref.address == self.instance.address

    def blocks(self, name: str) -> Elements:
        """The nested blocks of that name."""
        return self.get(name).elements()

    def block(self, name: str) -> Node:
        """The only block of that name; null where there is none, unknown where there may be."""
        found = self.get(name).elements()
        if found.items:
            first = found.items[0]
            if first.presence is Presence.ONE:
                return first.node
            return replace(first.node, value=Unknown(DYNAMIC, found.origins))
        if found.rest is not None:
            return Node(self.instance, found.rest, (*self.path, name))
        return Node(self.instance, NULL, (*self.path, name))

    def elements(self) -> Elements:
        """The elements of a list, tuple, set or open collection; of null, none."""
        bare = plain(self.value)
        if isinstance(bare, (TupleValue, ListValue, SetValue)):
            items = tuple(
                Element(Node(self.instance, item, (*self.path, index)), Presence.ONE)
                for index, item in enumerate(bare.items)
            )
            return Elements(items, None)
        if isinstance(bare, Unknown):
            return self._unknown_elements(bare)
        return Elements((), None)

    def _unknown_elements(self, bare: Unknown) -> Elements:
        try:
            found = elements_of(bare)
        except EvaluationError:
            return Elements((), bare)
        structured = isinstance(bare.content, OpenList)
        items = tuple(
            Element(Node(self.instance, value, (*self.path, index)), presence)
            for index, (_, value, presence) in enumerate(found)
        )
        certain = all(item.presence is Presence.ONE for item in items)
        if not structured and not certain and bare.content is None:
            return Elements(items, bare)
        return Elements(items, None if certain else bare)

    def members(self) -> list[tuple[str, Node]]:
        """The known entries of an object or map, by key."""
        bare = plain(self.value)
        entries: dict[str, Value] = {}
        if isinstance(bare, (ObjectValue, MapValue)):
            entries = bare.items
        elif isinstance(bare, Unknown) and isinstance(bare.content, OpenMap):
            entries = {name: item.value for name, item in bare.content.entries.items()}
        return [
            (key, Node(self.instance, entries[key], (*self.path, key))) for key in sorted(entries)
        ]

    # ---- as a type ----------------------------------------------------------------------------

    def as_type(self, type_: Type, default: Value = NULL) -> Value:
        """The value converted; the default for null; Unknown when it does not convert."""
        if is_null(self.value):
            return self.default if is_null(default) else default
        try:
            value = convert(self.value, type_)
        except EvaluationError:
            return unknown_value(self.value, type_)
        if is_null(value):  # one of two nulls of different types
            return self.default if is_null(default) else default
        return without_null(value, self.default if is_null(default) else default)

    def text(self, default: Value = NULL) -> Value:
        """The value as a string."""
        return self.as_type(STRING, default)

    def number(self, default: Value = NULL) -> Value:
        """The value as a number."""
        return self.as_type(NUMBER, default)

    @property
    def default(self) -> Value:
        """What it means where nothing is written."""
        return default_of(self.instance.type, self.path) if self.path else NULL

    def flag(self) -> Tri:
        """The value as a bool; False where neither it nor its default is set."""
        bare = plain(without_null(self.as_type(BOOL), False))
        return bare if isinstance(bare, (bool, Unknown)) else False

    def equals(self, wanted: str) -> Tri:
        """Whether the value as a string, its default included, is this text."""
        return same(self.text(), wanted)

    def attribute(self, type_: Type = STRING, default: Value = NULL) -> Attribute:
        """The value as an attribute of the model."""
        return Attribute(self.as_type(type_, default), self.place, is_null(self.value))


def without_null(value: Value, default: Value) -> Value:
    """A value of which each null that it may be is the default, as where nothing is written."""
    bare, marks = unmark(value)
    if is_null(default) or not (isinstance(bare, Unknown) and isinstance(bare.content, Union)):
        return value
    leaves = [default if is_null(leaf) else leaf for leaf in bare.content.leaves]
    return mark(union(leaves, bare.origins, bare.type), marks)


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """An element and how often it is there."""

    node: Node
    presence: Presence


@dataclass(frozen=True, slots=True, eq=False)
class Elements:
    """The elements of a collection; `rest` is the unknown that tells whether there are others."""

    items: tuple[Element, ...]
    rest: Unknown | None

    def __iter__(self) -> Iterator[Node]:
        return (item.node for item in self.items)

    @property
    def others(self) -> Unknown | None:
        """Why there may be elements besides these; None where all that may be there are here."""
        listed = self.items and all(item.presence is not Presence.MANY for item in self.items)
        return None if listed else self.rest

    @property
    def certain(self) -> list[Node]:
        """Those that are there for certain."""
        return [item.node for item in self.items if item.presence is Presence.ONE]

    @property
    def origins(self) -> tuple:  # type: ignore[type-arg]
        """Why the collection is not wholly known."""
        return origins_of(self.rest) if self.rest is not None else ()

    def none(self) -> Tri:
        """Whether there are no elements."""
        if self.certain:
            return False
        return True if self.rest is None and not self.items else unknown(*self._doubts())

    def _doubts(self) -> list[Value]:
        return [] if self.rest is None else [self.rest]


def _key(entries: Mapping[str, object], name: str) -> str:
    if name in entries:
        return name
    other = name[:1].swapcase() + name[1:]
    return other if other in entries else name


def _member(container: Unknown, name: str) -> Value:
    try:
        return access.get_attr(container, name)
    except EvaluationError:
        if isinstance(container.content, OpenMap):
            return NULL
        return Unknown(DYNAMIC, container.origins)


def unknown_value(cause: Value, type_: Type = DYNAMIC) -> Unknown:
    """An unknown with the origins of another value."""
    return Unknown(type_, origins_of(cause))


def root(instance: Instance) -> Node:
    """The node of a whole instance."""
    return Node(instance, instance.values)


def present(node: Node) -> Tri:
    """Whether a list or a block type has an element."""
    found = node.elements()
    if found.certain:
        return True
    bare = plain(node.value)
    return unknown(bare) if isinstance(bare, Unknown) else False


def is_given(value: Value) -> Tri:
    """Whether a value is neither null nor ""; an attribute known after apply is neither."""
    bare = plain(value)
    if not isinstance(bare, Unknown):
        return not is_null(bare) and bare != ""
    if isinstance(bare.content, Union):
        return agreed([is_given(leaf) for leaf in bare.content.leaves], bare)
    computed = bare.ref is not None and bare.ref.kind in ("computed", "data")
    return True if bare.prefix or computed else unknown(bare)


def whole_number(value: Value) -> int | None:
    """A known whole number; None for all else."""
    bare = plain(value)
    if isinstance(bare, bool) or not isinstance(bare, (int, Fraction)):
        return None
    return int(bare) if bare == int(bare) else None


def known_text(value: Value) -> str | None:
    """A known string; None for all else."""
    bare = plain(value)
    return bare if isinstance(bare, str) else None
