"""Values: known ones, null, unknown ones that know why, and marks.

A known primitive is plain Python: str (NFC), bool, int, or Fraction where a number is no integer.
The only floats are what has no exact form: math.inf, -math.inf and -0.0. Collections keep cty's
kinds, because equality, unification and `flatten` depend on them. `Value` is the union of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

from fglint.evaluation.errors import BeyondLimit
from fglint.evaluation.marks import NO_MARKS, Marks
from fglint.evaluation.origins import Origin
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import (
    DYNAMIC,
    Type,
)
from fglint.records import dataclass

if TYPE_CHECKING:
    pass

Number = int | Fraction | float


@dataclass(frozen=True, slots=True)
class Null:
    """null of a type; DYNAMIC when nothing says which."""

    type: Type = DYNAMIC


NULL = Null()


MAXIMUM_SIZE = 500_000  # values in a value, each counted as often as it occurs
MAXIMUM_CONTENT = 10_000  # values in what is known of an unknown one, beyond which it is forgotten
MAXIMUM_DEPTH = 500  # of values in values


def _measure(collection: Collection | Unknown, members: Iterable[Value]) -> None:
    """Notes how large a collection is; BeyondLimit where it is too large to go through."""
    size, depth = 1, 0
    for member in members:
        if type(member) is Marked:
            member = member.value
        if type(member) in _MEASURED:
            size += member.size  # type: ignore[union-attr]  # it has been measured
            depth = max(depth, member.depth)  # type: ignore[union-attr]
        else:
            size += 1
    if size > MAXIMUM_SIZE:
        raise BeyondLimit(f"it would hold more than {MAXIMUM_SIZE} values")
    if depth >= MAXIMUM_DEPTH:
        raise BeyondLimit(f"it would be nested more than {MAXIMUM_DEPTH} levels deep")
    object.__setattr__(collection, "size", size)
    object.__setattr__(collection, "depth", depth + 1)


@dataclass(frozen=True, slots=True, eq=False)
class TupleValue:
    """A tuple: elements of any types."""

    items: tuple[Value, ...]
    size: int = field(init=False, repr=False)
    depth: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _measure(self, self.items)


@dataclass(frozen=True, slots=True, eq=False)
class ListValue:
    """A list: elements of one type."""

    items: tuple[Value, ...]
    element: Type
    size: int = field(init=False, repr=False)
    depth: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _measure(self, self.items)


@dataclass(frozen=True, slots=True, eq=False)
class OrderedSet(ListValue):
    """A set whose elements have an order: in older versions of its provider it was a list."""


@dataclass(frozen=True, slots=True, eq=False)
class SetValue:
    """A set: distinct elements of one type, in Terraform's order, unknown ones last.

    Make one with `convert.make_set`, which sorts and removes what is equal. A set with unknown
    elements may have fewer in the end; each unknown element is kept.
    """

    items: tuple[Value, ...]
    element: Type
    size: int = field(init=False, repr=False)
    depth: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _measure(self, self.items)


@dataclass(frozen=True, slots=True, eq=False)
class ObjectValue:
    """An object. `items` is in no particular order: iterate with `sorted_items`."""

    items: dict[str, Value]
    size: int = field(init=False, repr=False)
    depth: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _measure(self, self.items.values() if type(self.items) is dict else ())


@dataclass(frozen=True, slots=True, eq=False)
class MapValue:
    """A map: elements of one type. `items` is in no particular order."""

    items: dict[str, Value]
    element: Type
    size: int = field(init=False, repr=False)
    depth: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _measure(self, self.items.values() if type(self.items) is dict else ())


Collection = TupleValue | ListValue | SetValue | ObjectValue | MapValue


def sorted_items(value: ObjectValue | MapValue) -> list[tuple[str, Value]]:
    """Keys and elements in Terraform's order: by the bytes of the keys."""
    return sorted(value.items.items(), key=lambda item: item[0].encode("utf-8", "surrogatepass"))


# ---- what is known of an unknown --------------------------------------------------------------


class Presence(Enum):
    """How often an element stands in a collection that is not wholly known."""

    ONE = "one"
    MAYBE = "maybe"  # once or not at all
    MANY = "many"  # any number of times, each such a value


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """An element of an open collection."""

    value: Value
    presence: Presence = Presence.ONE


@dataclass(frozen=True, slots=True, eq=False)
class OpenList:
    """A list, tuple or set of which some elements are known: `items`, in order if that is known."""

    items: tuple[Item, ...]
    ordered: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class OpenMap:
    """A map or object: known entries (ONE or MAYBE), and `rest`.

    `rest` is what any other key would hold; None when there are no others.
    """

    entries: dict[str, Item]
    rest: Value | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """A string in pieces: known text, and values (Unknown, or Marked) that end up as text."""

    parts: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """The text that encodes `value` (which has unknowns in it) as "json" or "yaml"."""

    value: Value
    encoding: Literal["json", "yaml"] = "json"


@dataclass(frozen=True, slots=True, eq=False)
class Union:
    """One of two to eight values (both branches of an unknown condition)."""

    leaves: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Instances:
    """A resource or module whose count or for_each is unknown.

    `at(key)` is the value of the instance with that key, if there is one; `template` stands for
    any one of them; `keyed` tells for_each from count.
    """

    at: Callable[[int | str], Value]
    template: Value
    keyed: bool


Content = OpenList | OpenMap | Parts | Encoded | Union | Instances

MAXIMUM_LEAVES = 8


@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """A value that is not known, with why and what is known of it.

    `ref` is set when the value is exactly what its origin denotes, unchanged: two such values
    with one origin are equal, and links between resources follow it. `minimum` and `maximum`
    bound a number, or the length of a collection. `prefix` begins a string.
    """

    type: Type = DYNAMIC
    origins: tuple[Origin, ...] = ()
    ref: Origin | None = None
    not_null: bool = False
    prefix: str = ""
    minimum: Number | None = None
    maximum: Number | None = None
    content: Content | None = None
    size: int = field(init=False, repr=False)
    depth: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if not STATE.refining:
            self._forget()
        _measure(self, () if self.content is None else _members_of(self.content))
        if self.size > MAXIMUM_CONTENT:
            object.__setattr__(self, "content", None)
            _measure(self, ())

    def _forget(self) -> None:
        """Drops what Terraform does not know; of a value without a type it knows nothing."""
        object.__setattr__(self, "content", None)
        object.__setattr__(self, "ref", None)
        if self.type == DYNAMIC:
            object.__setattr__(self, "not_null", False)
            object.__setattr__(self, "minimum", None)
            object.__setattr__(self, "maximum", None)

    @staticmethod
    def of(origin: Origin, type_: Type = DYNAMIC, *, not_null: bool = False) -> Unknown:
        """The unknown that is exactly what the origin denotes."""
        return Unknown(type_, (origin,), origin, not_null)


_MEASURED = frozenset({TupleValue, ListValue, OrderedSet, SetValue, ObjectValue, MapValue, Unknown})


def _members_of(content: Content) -> Iterable[Value]:
    match content:
        case OpenList(items):
            return [item.value for item in items]
        case OpenMap(entries, rest):
            values = [item.value for item in entries.values()]
            return values if rest is None else [*values, rest]
        case Parts(members) | Union(members):
            return members
        case Encoded(value, _):
            return (value,)
        case Instances():
            return ()  # each is evaluated when it is asked for


class ComposedText(str):
    """A known string that remembers what it is made of, because parts of it carry marks.

    It is a string like any other; only what looks into texts (jsondecode, the readers of container
    definitions) asks for `content`, so that a mark stays with the part that has it.
    """

    __slots__ = ("content",)
    content: Parts | Encoded

    def __new__(cls, text: str, content: Parts | Encoded) -> ComposedText:
        """The text, and what it is made of."""
        self = super().__new__(cls, text)
        self.content = content
        return self


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """A value that carries marks; `value` itself is never Marked, its elements may be."""

    value: Plain
    marks: Marks


class Capsule:
    """A value of fglint's model: something with attributes, equal only to itself.

    Rules see entities of the model as such values; configurations never do.
    """

    __slots__ = ("__weakref__",)
    kind: ClassVar[str]

    def get(self, name: str) -> Value:
        """The value of an attribute; EvaluationError when there is none of that name."""
        raise NotImplementedError


Plain = (
    str
    | bool
    | int
    | Fraction
    | float
    | Null
    | TupleValue
    | ListValue
    | SetValue
    | ObjectValue
    | MapValue
    | Unknown
    | Capsule
)
Value = Plain | Marked


def mark(value: Value, marks: Marks) -> Value:
    """The value with these marks added."""
    if not marks:
        return value
    if isinstance(value, Marked):
        return Marked(value.value, value.marks | marks)
    return Marked(value, marks)


def unmark(value: Value) -> tuple[Plain, Marks]:
    """The value without its own marks (those of its elements stay), and the marks."""
    if isinstance(value, Marked):
        return value.value, value.marks
    return value, NO_MARKS


def plain(value: Value) -> Plain:
    """The value without its own marks; those of its elements stay."""
    return value.value if isinstance(value, Marked) else value


def children(value: Value) -> Iterator[Value]:
    """The elements of a known collection; nothing for all else."""
    match plain(value):
        case TupleValue(items) | ListValue(items, _) | SetValue(items, _):
            yield from items
        case ObjectValue(entries) | MapValue(entries, _):
            yield from entries.values()
