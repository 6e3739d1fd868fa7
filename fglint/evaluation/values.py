"""Values: known ones, null, unknown ones that know why, and marks.

A known primitive is plain Python: str (NFC), bool, int, or Fraction where a number is no integer.
The only floats are what has no exact form: math.inf, -math.inf and -0.0. Collections keep cty's
kinds, because equality, unification and `flatten` depend on them. `Value` is the union of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field, replace
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, ClassVar, Literal

from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    EntityType,
    ListType,
    MapType,
    SetType,
    TupleType,
    Type,
    object_type,
)
from fglint.records import dataclass

if TYPE_CHECKING:
    from fglint.diagnostic import Diagnostic
    from fglint.source import Range

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


# ---- why a value is unknown -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an unknown comes from, which is also its identity.

    kind: "computed" (a resource's attribute, known after apply), "data" (read from outside),
    "variable" (has no value), "module" (its source is not here), "function" (one call of
    timestamp() and the like), "error" (evaluation failed; there is a diagnostic), "schema"
    (the provider's schema is not known), "instances" (count or for_each is not known).
    `address` is Terraform's notation with module path and instance key, `path` the rest of the
    reference as written in Terraform: ".arn", "[0].id". `because` is the cause in words, with
    what would settle it.
    """

    kind: Literal[
        "computed", "data", "variable", "module", "function", "error", "schema", "instances"
    ]
    address: str
    path: str = ""
    because: str = field(default="", compare=False)
    range: Range | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return self.address + self.path

    def child(self, step: str) -> Origin:
        """The origin of a member: `step` is ".name" or "[key]"."""
        return replace(self, path=self.path + step)

    @property
    def cause(self) -> str:
        """Why the value is unknown, as a sentence without its full stop."""
        if self.because:
            return self.because
        if self.kind == "computed":
            return f"{self} is known only after apply"
        if self.kind == "data":
            return f"{self} is read from outside the configuration"
        return f"{self} is not known"

    @property
    def is_one(self) -> bool:
        """Whether it denotes one value: that of an unknown number of instances does not."""
        return "[*]" not in self.address and "[*]" not in self.path


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


_MEASURED = frozenset({TupleValue, ListValue, SetValue, ObjectValue, MapValue, Unknown})


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


# ---- marks ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sensitive:
    """Terraform's own mark."""


@dataclass(frozen=True, slots=True)
class Ephemeral:
    """Terraform's mark of what is in no plan and no state."""


@dataclass(frozen=True, slots=True)
class SecretOrigin:
    """fglint's mark: the value comes from a source of secrets; nonsensitive() keeps it.

    `source` is the reference as a message may print it ("random_password.db.result").
    `reason` says why it counts: "generated", "stored", "sensitive variable", "secret name" …
    `weak` sources count only for a leaf with a secret-like name (random_string).
    """

    source: str
    reason: str
    weak: bool = False
    range: Range | None = field(default=None, compare=False)


SENSITIVE = Sensitive()
EPHEMERAL = Ephemeral()
Mark = Sensitive | Ephemeral | SecretOrigin
Marks = frozenset[Mark]
NO_MARKS: Marks = frozenset()


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


def unmark_deep(value: Value) -> tuple[Plain, Marks]:
    """The value without any marks, at any depth, and all of them."""
    found: set[Mark] = set()

    def strip(value: Value) -> Value:
        if isinstance(value, Marked):
            found.update(value.marks)
            value = value.value
        match value:
            case TupleValue(items):
                return TupleValue(tuple(map(strip, items)))
            case ListValue(items, element):
                return ListValue(tuple(map(strip, items)), element)
            case SetValue(items, element):
                return SetValue(tuple(map(strip, items)), element)
            case ObjectValue(entries):
                return ObjectValue({key: strip(entry) for key, entry in entries.items()})
            case MapValue(entries, element):
                return MapValue({key: strip(entry) for key, entry in entries.items()}, element)
            case Unknown(content=content) if content is not None:
                return replace(value, content=_strip_content(content, strip))
        return value

    result = plain(strip(value)) if _may_hold_marks(value) else plain(value)
    return result, frozenset(found)


def _may_hold_marks(value: Value) -> bool:
    return not isinstance(value, (str, bool, int, Fraction, float, Null))


def _strip_content(content: Content, strip: Callable[[Value], Value]) -> Content:
    match content:
        case OpenList(items, ordered):
            stripped_items = tuple(Item(strip(item.value), item.presence) for item in items)
            return OpenList(stripped_items, ordered)
        case OpenMap(entries, rest):
            stripped = {k: Item(strip(i.value), i.presence) for k, i in entries.items()}
            return OpenMap(stripped, None if rest is None else strip(rest))
        case Parts(parts):
            return Parts(tuple(map(strip, parts)))
        case Encoded(value, encoding):
            return Encoded(strip(value), encoding)
        case Union(leaves):
            return Union(tuple(map(strip, leaves)))
        case _:
            return content


def marks_deep(value: Value) -> Marks:
    """All marks at any depth."""
    return unmark_deep(value)[1]


def terraform_marks(marks: Marks) -> Marks:
    """Terraform's own marks among these: what whatever is computed from the value keeps, too."""
    return frozenset(found for found in marks if not isinstance(found, SecretOrigin))


def has_mark(value: Value, wanted: Mark) -> bool:
    """Whether the value itself carries the mark."""
    return isinstance(value, Marked) and wanted in value.marks


# ---- questions --------------------------------------------------------------------------------


def is_null(value: Value) -> bool:
    """Whether the value is known to be null."""
    return isinstance(plain(value), Null)


def is_unknown(value: Value) -> bool:
    """Whether the value itself is unknown (an element of it may be while it is not)."""
    return isinstance(plain(value), Unknown)


def children(value: Value) -> Iterator[Value]:
    """The elements of a known collection; nothing for all else."""
    match plain(value):
        case TupleValue(items) | ListValue(items, _) | SetValue(items, _):
            yield from items
        case ObjectValue(entries) | MapValue(entries, _):
            yield from entries.values()


def is_wholly_known(value: Value) -> bool:
    """Whether no part of the value is unknown."""
    if isinstance(plain(value), Unknown):
        return False
    return all(map(is_wholly_known, children(value)))


def has_known_order(value: Value) -> bool:
    """Whether the elements stand in a known order: not beside entries whose keys are unknown."""
    bare = plain(value)
    content = bare.content if isinstance(bare, Unknown) else None
    if isinstance(content, OpenMap):
        return content.rest is None
    return not isinstance(content, OpenList) or content.ordered


def origins_of(value: Value) -> tuple[Origin, ...]:
    """Why the value is not wholly known: the origins of all unknowns in it, each once."""
    found: dict[Origin, None] = {}

    def visit(value: Value) -> None:
        bare = plain(value)
        if isinstance(bare, Unknown):
            found.update(dict.fromkeys(bare.origins))
            return
        for child in children(bare):
            visit(child)

    visit(value)
    return tuple(found)


def type_of(value: Value) -> Type:
    """The type of a value."""
    match plain(value):
        case str():
            return STRING
        case bool():
            return BOOL
        case int() | Fraction() | float():
            return NUMBER
        case Null(type_):
            return type_
        case Unknown(type=type_):
            return type_
        case Capsule(kind=kind):
            return EntityType(kind)
        case TupleValue(items):
            return TupleType(tuple(map(type_of, items)))
        case ListValue(_, element):
            return ListType(element)
        case SetValue(_, element):
            return SetType(element)
        case MapValue(_, element):
            return MapType(element)
        case ObjectValue(entries):
            return object_type({key: type_of(entry) for key, entry in entries.items()})


# ---- errors -----------------------------------------------------------------------------------


class EvaluationError(Exception):
    """An expression has no value: `summary` is Terraform's, `detail` says what and what to do.

    `can` and `try` catch it. `range` is filled in by the innermost expression that knows it.
    """

    def __init__(self, summary: str, detail: str = "", range: Range | None = None) -> None:
        super().__init__(f"{summary}: {detail}" if detail else summary)
        self.summary = summary
        self.detail = detail
        self.range = range


class StaticError(EvaluationError):
    """A reference to what is not declared: wrong whatever the values are; nothing catches it."""


class BeyondLimit(EvaluationError):
    """A value that is too large, or takes too long: fglint's limit, not an error of Terraform.

    `try` and `can` do not know whether Terraform would fail.
    """

    def __init__(self, why: str) -> None:
        super().__init__("Limit reached", f"The value cannot be computed here: {why}.")


class Reported(EvaluationError):
    """An error of something that this value depends on, already reported as `diagnostic`."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.summary, diagnostic.detail, diagnostic.range)
        self.diagnostic = diagnostic
