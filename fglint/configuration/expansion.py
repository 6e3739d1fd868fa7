"""count and for_each: how many instances a block has, and what `each` and `count` mean in them."""

from __future__ import annotations

from dataclasses import field

from fglint.configuration.module import Declaration, Placed
from fglint.configuration.session import Session
from fglint.evaluation import access
from fglint.evaluation.access import get_attr
from fglint.evaluation.convert import convert
from fglint.evaluation.elements import elements_of, of_any_type
from fglint.evaluation.errors import EvaluationError, StaticError
from fglint.evaluation.functions.registry import Context
from fglint.evaluation.inspection import is_unknown, origins_of
from fglint.evaluation.marks import terraform_marks
from fglint.evaluation.numbers import counted
from fglint.evaluation.origins import Origin
from fglint.evaluation.scope import Scope
from fglint.evaluation.types import DYNAMIC, NUMBER, STRING, SetType
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    MapValue,
    Null,
    ObjectValue,
    SetValue,
    Unknown,
    Value,
    plain,
    sorted_items,
    unmark,
)
from fglint.records import dataclass
from fglint.source import SourceFile

InstanceKey = int | str | None
MAXIMUM_INSTANCES = 10_000
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True, slots=True, eq=False)
class Repetition:
    """One instance: its key (None without count and for_each) and each.value."""

    key: InstanceKey = None
    value: Value | None = None
    unknown_key: Unknown | None = None  # stands for the key where it is not known

    @property
    def suffix(self) -> str:
        """What the instance's address ends in."""
        if self.unknown_key is not None:
            return "[*]"
        return "" if self.key is None else key_suffix(self.key)


def key_suffix(key: int | str) -> str:
    """An instance key in Terraform's notation: [0] or ["a"]."""
    if isinstance(key, int):
        return f"[{key}]"
    if key.isidentifier() and key.isascii():
        return f'["{key}"]'
    text = "".join(map(_escaped, key)).replace("${", "$${").replace("%{", "%%{")
    return f'["{text}"]'


def _escaped(character: str) -> str:
    known = _ESCAPES.get(character)
    if known is not None:
        return known
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


@dataclass(frozen=True, slots=True, eq=False)
class Expansion:
    """The instances of a block. `unknown` is the count or for_each where it is not known:
    `repetitions` then holds one that stands for any number of instances.
    """

    keyed: bool | None  # None: neither count nor for_each
    repetitions: tuple[Repetition, ...]
    unknown: Value | None = None
    unknown_origins: tuple[Origin, ...] = field(default=())

    def at(self, key: int | str) -> Repetition:
        """The repetition with that key, if it exists, of an unknown number of them."""
        if not self.keyed or self.unknown is None:
            return Repetition(key)
        source = plain(self.unknown)
        if isinstance(source, Unknown) and isinstance(source.type, SetType):
            return Repetition(key, key)
        try:
            return Repetition(key, access.index(source, key))
        except EvaluationError:
            return Repetition(key, Unknown(origins=self.unknown_origins))


class RepeatScope:
    """The scope of a block inside a module instance: each, count and self on top of it."""

    def __init__(
        self,
        outer: Scope,
        repetition: Repetition,
        keyed: bool | None,
        *,
        itself: Value | None = None,
        for_each: Placed | None = None,
    ) -> None:
        self.outer = outer
        self.context: Context = outer.context
        self.repetition = repetition
        self.keyed = keyed
        self.itself = itself
        self.for_each = for_each
        self.variable = outer.variable
        self.local = outer.local
        self.module = outer.module
        self.resource = outer.resource

    def builtin(self, root: str, name: str) -> Value:
        """each.key, each.value, count.index; the rest is the module's."""
        one = self.repetition
        if root == "count" and name == "index":
            if self.keyed is not False:
                raise StaticError(
                    'Reference to "count" in non-counted context',
                    'The "count" object can only be used where the "count" argument is set.',
                )
            if one.unknown_key is not None:
                return one.unknown_key
            return counted(one.key) if isinstance(one.key, int) else 0
        if root == "each" and name in ("key", "value"):
            if not self.keyed:
                raise StaticError(
                    'Reference to "each" in context without for_each',
                    'The "each" object can only be used where the "for_each" argument is set.',
                )
            if name == "value":
                assert one.value is not None
                return one.value
            if one.unknown_key is not None:
                return one.unknown_key
            assert one.key is not None
            return one.key
        if root == "self" and self.itself is not None:
            return get_attr(self.itself, name)
        return self.outer.builtin(root, name)

    def whole(self, root: str) -> Value:
        """`self`, or what the module makes of it."""
        if root == "self" and self.itself is not None:
            return self.itself
        return self.outer.whole(root)

    def place(self) -> SourceFile:
        """The module's."""
        return self.outer.place()


def expand(session: Session, declaration: Declaration, scope: Scope) -> Expansion:
    """The instances of a resource, data source or module call."""
    count = declaration.written.get("count")
    each = declaration.written.get("for_each")
    if count is not None and each is not None:
        session.error(
            'Invalid combination of "count" and "for_each"',
            'The "count" and "for_each" arguments are mutually exclusive.',
            count.range,
        )
        each = None
    placed = count or each
    if placed is None:
        return Expansion(None, (Repetition(),))
    keyed = each is not None
    try:
        value = session.evaluate(placed, scope)
        expansion = _each(value) if keyed else _count(value)
        if expansion.unknown is not None:
            session.uncounted.append(declaration.address)
        return expansion
    except EvaluationError as error:
        return _unknown(keyed, session.failed(error, placed.range))


def _count(value: Value) -> Expansion:
    bare = plain(value)
    if isinstance(bare, Null):
        raise EvaluationError("Invalid count argument", "The given count is null.")
    try:
        number = plain(convert(bare, NUMBER))
    except EvaluationError as error:
        raise EvaluationError("Invalid count argument", error.detail or error.summary) from None
    if isinstance(number, Unknown):
        return _unknown(False, number)
    if not isinstance(number, int) or number < 0:
        raise EvaluationError(
            "Invalid count argument", "The given count must be a whole number, zero or more."
        )
    if number > MAXIMUM_INSTANCES:
        raise EvaluationError(
            "Too many instances",
            f"fglint follows at most {MAXIMUM_INSTANCES} instances of a block.",
        )
    return Expansion(False, tuple(map(Repetition, range(number))))


def _each(value: Value) -> Expansion:
    bare, marks = unmark(value)
    if terraform_marks(marks):
        raise EvaluationError(
            "Invalid for_each argument",
            "Sensitive values, or values derived from them, cannot be used as for_each arguments.",
        )
    match bare:
        case Unknown():
            if not _may_be_each(bare):
                raise _wrong_type("a list or a primitive value")
            return _unknown(True, bare)
        case Null():
            raise EvaluationError("Invalid for_each argument", 'The given "for_each" is null.')
        case ObjectValue() | MapValue():
            entries = sorted_items(bare)
            return Expansion(True, tuple(Repetition(key, entry) for key, entry in entries))
        case SetValue(items, element):
            if any(is_unknown(item) for item in items):
                return _unknown(True, Unknown(SetType(element), origins_of(bare)))
            for item in items:
                if isinstance(plain(item), Null):
                    raise EvaluationError(
                        "Invalid for_each set argument", "for_each sets must not contain null."
                    )
                if not isinstance(plain(item), str):
                    raise EvaluationError(
                        "Invalid for_each set argument", "for_each sets must hold strings."
                    )
            keys = [str(plain(item)) for item in items]
            return Expansion(True, tuple(Repetition(key, key) for key in keys))
        case _:
            raise _wrong_type("this value")


def _wrong_type(what: str) -> EvaluationError:
    return EvaluationError(
        "Invalid for_each argument",
        f'The "for_each" argument must be a map, or set of strings, and {what} is none: wrap a '
        "list in toset().",
    )


def _may_be_each(value: Unknown) -> bool:
    from fglint.evaluation.types import Dynamic, MapType, ObjectType

    return isinstance(value.type, (Dynamic, MapType, ObjectType, SetType))


def _unknown(keyed: bool, value: Unknown) -> Expansion:
    """One repetition that stands for any number of instances."""
    origins = value.origins
    if not keyed:
        index = Unknown(NUMBER, origins, not_null=True, minimum=0)
        return Expansion(False, (Repetition(None, None, index),), value, origins)
    key = Unknown(STRING, origins, not_null=True)
    members = [member for _, member, _ in elements_of(value)]
    if isinstance(value.type, SetType):
        each: Value = of_any_type(key)
    elif not members:
        each = Unknown(origins=origins)
    else:
        each = of_any_type(union(members, origins, DYNAMIC))
    return Expansion(True, (Repetition(None, each, key),), value, origins)
