"""The parser of JSON text with holes: strict where all is known, open where directives are not."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import field, replace
from itertools import pairwise

from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import origins_of
from fglint.evaluation.json_decoding import TooDeep, decode_json
from fglint.evaluation.marks import Marks
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import DYNAMIC
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    ComposedText,
    Encoded,
    Item,
    ObjectValue,
    OpenList,
    OpenMap,
    Presence,
    TupleValue,
    Union,
    Unknown,
    Value,
    mark,
    plain,
    unmark,
)
from fglint.records import dataclass

MAXIMUM_DEPTH = 200
_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"((?:[^"\\\x01-\x1f]|\\.)*)"', re.DOTALL)
_SCALAR = re.compile(r"true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)


class Unreadable(Exception):
    """A text with holes that is no JSON by the assumptions made."""


@dataclass(frozen=True, slots=True)
class Hole:
    """A value that stands in a text, and at which offset."""

    at: int
    value: Value


@dataclass(frozen=True, slots=True)
class Marking:
    """A part of a text that carries marks."""

    start: int
    end: int
    marks: Marks


@dataclass(slots=True)
class _Members:
    """The members of an object while it is read."""

    entries: dict[str, Item] = field(default_factory=dict)
    rest: list[Value] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)

    def add(self, key: str, item: Item) -> None:
        """A member: it replaces an earlier one of its key if it is there."""
        before = self.entries.get(key)
        if before is not None and item.presence is not Presence.ONE:
            both = union([before.value, item.value], tuple(self.origins), DYNAMIC)
            item = Item(both, before.presence)
        elif item.presence is Presence.MANY:
            item = Item(item.value, Presence.MAYBE)
        self.entries[key] = item

    def add_unkeyed(self, key: Value, value: Value) -> None:
        """A member whose key is not known: it may replace any earlier one."""
        self.origins.extend(origins_of(key))
        self.rest.append(value)
        for name, item in self.entries.items():
            both = union([item.value, value], origins_of(key), DYNAMIC)
            self.entries[name] = Item(both, item.presence)


class Reader:
    """Reads one text in which a NUL stands for each hole."""

    def __init__(self, assuming: bool, single: Callable[..., Reader]) -> None:
        self.text = ""
        self.holes: list[Hole] = []
        self.markings: list[Marking] = []
        self.assuming = assuming
        self.position = 0
        self._single = single
        self._depth = 0

    def document(self) -> Value:
        """The one value of the text."""
        value = self.value()
        if self.peek():
            raise Unreadable
        return value

    # ---- tokens -------------------------------------------------------------------------------

    def peek(self) -> str:
        """The next character that is no white space; empty at the end."""
        found = _SPACE.match(self.text, self.position)
        assert found is not None
        self.position = found.end()
        return self.text[self.position : self.position + 1]

    def hole(self) -> Value:
        """The hole at the position, which moves on."""
        index = bisect_left(self.holes, self.position, key=lambda hole: hole.at)
        self.position += 1
        return self.holes[index].value

    def marked(self, value: Value, start: int) -> Value:
        """The value with the marks of the text from an offset to the position."""
        for marking in self.markings:
            if marking.start < self.position and start < marking.end:
                value = mark(value, marking.marks)
        return value

    # ---- values -------------------------------------------------------------------------------

    def value(self) -> Value:
        """The value at the position."""
        start = self.position
        match self.peek():
            case "\0":
                return self.one_value(self.hole())
            case "{":
                return self.covered(self.nested(self.object_), start)
            case "[":
                return self.covered(self.nested(self.array), start)
            case '"':
                return self.string()
        start = self.position
        scalar = _SCALAR.match(self.text, start)
        if scalar is None:
            raise Unreadable
        self.position = scalar.end()
        return self.marked(decode_json(scalar[0]), start)

    def nested(self, read: Callable[[], Value]) -> Value:
        """What `read` reads, unless it nests too deep."""
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            raise TooDeep
        value = read()
        self._depth -= 1
        return value

    def covered(self, value: Value, start: int) -> Value:
        """The value with the marks of a part of the text that it lies in."""
        for marking in self.markings:
            if marking.start <= start and self.position <= marking.end:
                value = mark(value, marking.marks)
        return value

    def one_value(self, text: Value) -> Value:
        """The JSON value that a hole stands for."""
        bare, marks = unmark(text)
        content = bare.content if isinstance(bare, (Unknown, ComposedText)) else None
        if isinstance(content, Encoded) and content.encoding == "json":
            from fglint.evaluation.holes import json_text_value

            return json_text_value(text, assuming=self.assuming)
        if not self.assuming or isinstance(content, OpenList) or not isinstance(bare, Unknown):
            raise Unreadable
        if isinstance(content, Union):
            leaves = [self._single(leaf, True).document() for leaf in content.leaves]
            return mark(union(leaves, bare.origins, DYNAMIC), marks)
        hole = Unknown(origins=bare.origins, ref=bare.ref)
        return mark(hole, marks)

    def string(self) -> Value:
        """The string at the position, with its holes."""
        from fglint.evaluation.templates import concat_template

        start = self.position
        found = _STRING.match(self.text, start)
        if found is None:
            raise Unreadable
        self.position = found.end()
        bounds = self.bounds(start + 1, self.position - 1)
        if len(bounds) == 2 and "\0" not in found[1]:
            return _decoded(found[0])
        if not self.assuming and "\0" in found[1]:
            raise Unreadable
        return concat_template(list(self.pieces(bounds)))

    def bounds(self, start: int, end: int) -> list[int]:
        """The offsets at which a string is to be taken apart."""
        cuts = {start, end}
        for marking in self.markings:
            cuts.update(at for at in (marking.start, marking.end) if start < at < end)
            if marking.start <= start < marking.end:
                cuts.add(start - 1)
        for hole in self.holes:
            if start <= hole.at < end:
                cuts.update((hole.at, hole.at + 1))
        return sorted(cuts)

    def pieces(self, bounds: list[int]) -> Iterator[Value]:
        """The pieces of a string between offsets."""
        end = self.position
        for start, stop in pairwise(bounds):
            self.position = start
            if self.text[start] == "\0":
                yield _text_of(self.hole())
                continue
            text = (
                self.text[start:stop].removeprefix('"')
                if start == bounds[0]
                else (self.text[start:stop])
            )
            self.position = stop
            yield self.marked(_decoded(f'"{text}"'), start)
        self.position = end

    # ---- arrays -------------------------------------------------------------------------------

    def array(self) -> Value:
        """The array at the position."""
        self.position += 1
        items, loose = self.elements("]")
        self.position += 1
        if not loose:
            return TupleValue(tuple(item.value for item in items))
        return _open_list(items, loose)

    def elements(self, end: str, *, loose: bool = False) -> tuple[list[Item], list[Origin]]:
        """The elements up to a character, and why there may be others.

        Beside a directive a comma may be missing, or stand without an element.
        """
        items: list[Item] = []
        origins: list[Origin] = []
        ready = True
        while (next_ := self.peek()) != end:
            if next_ == ",":
                if ready and not (loose or origins):
                    raise Unreadable
                ready = True
                self.position += 1
                continue
            if next_ == "\0" and (found := self.directive()) is not None:
                items.extend(self.repeated(found))
                origins.extend(origins_of(found))
                ready = False
                continue
            if not (ready or loose or origins):
                raise Unreadable
            ready = False
            items.append(Item(self.value()))
        if ready and items and not (loose or origins):
            raise Unreadable
        return items, origins

    def directive(self) -> Value | None:
        """The hole at the position where it may stand for any number of elements, else None."""
        before = self.position
        text = self.hole()
        bare = plain(text)
        content = bare.content if isinstance(bare, Unknown) else None
        if self.assuming and isinstance(content, OpenList):
            return text
        if self.assuming and isinstance(content, Union):
            try:
                self.one_value(text)
            except (Unreadable, EvaluationError):
                return text
        self.position = before
        return None

    def repeated(self, text: Value) -> list[Item]:
        """The elements in a directive's texts."""
        found: list[Item] = []
        for part, presence in _texts(text):
            try:
                inner = self._single(part, True, fragment=True)
                items, _ = inner.elements("", loose=True)
            except (Unreadable, EvaluationError):
                found.append(Item(Unknown(origins=origins_of(part)), Presence.MANY))
                continue
            found.extend(Item(item.value, _least(item.presence, presence)) for item in items)
        return found

    # ---- objects ------------------------------------------------------------------------------

    def object_(self) -> Value:
        """The object at the position."""
        self.position += 1
        found = _Members()
        self.members(found, "}", Presence.ONE)
        self.position += 1
        if not found.origins:
            return ObjectValue({key: item.value for key, item in found.entries.items()})
        origins = tuple(dict.fromkeys(found.origins))
        rest = union(found.rest, origins, DYNAMIC) if found.rest else None
        return Unknown(origins=origins, not_null=True, content=OpenMap(found.entries, rest))

    def members(
        self, found: _Members, end: str, presence: Presence, *, loose: bool = False
    ) -> None:
        """Reads the members up to a character."""
        ready = True
        first = True
        while (next_ := self.peek()) != end:
            open_ = loose or bool(found.origins)
            if next_ == ",":
                if ready and not open_:
                    raise Unreadable
                ready = True
                self.position += 1
                continue
            if next_ == "\0":
                self.repeated_members(found)
                ready = first = False
                continue
            if not (ready or open_):
                raise Unreadable
            ready = first = False
            self.member(found, presence)
        if ready and not first and not (loose or found.origins):
            raise Unreadable

    def member(self, found: _Members, presence: Presence) -> None:
        """Reads one member."""
        if self.peek() != '"':
            raise Unreadable
        key, marks = unmark(self.string())
        if self.peek() != ":":
            raise Unreadable
        self.position += 1
        value = mark(self.value(), marks)
        if isinstance(key, str):
            found.add(key, Item(value, presence))
        else:
            found.add_unkeyed(key, value)

    def repeated_members(self, found: _Members) -> None:
        """Reads the members in a directive's texts."""
        text = self.hole()
        bare = plain(text)
        if not self.assuming or not isinstance(bare, Unknown):
            raise Unreadable
        found.origins.extend(bare.origins)
        if not isinstance(bare.content, (OpenList, Union)):
            found.rest.append(Unknown(origins=bare.origins))
            return
        for part, presence in _texts(text):
            try:
                self._single(part, True, fragment=True).members(found, "", presence, loose=True)
            except (Unreadable, EvaluationError):
                found.rest.append(Unknown(origins=origins_of(part) or bare.origins))


def _decoded(text: str) -> Value:
    try:
        return decode_json(text)
    except EvaluationError:
        raise Unreadable from None


def _text_of(hole: Value) -> Value:
    """A hole inside a JSON string, where only its text matters."""
    bare, marks = unmark(hole)
    if isinstance(bare, Unknown) and isinstance(bare.content, OpenList):
        return mark(replace(bare, content=None), marks)
    return hole


def _texts(directive: Value) -> list[tuple[Value, Presence]]:
    bare, marks = unmark(directive)
    assert isinstance(bare, Unknown)
    match bare.content:
        case OpenList(items):
            return [(mark(item.value, marks), item.presence) for item in items]
        case Union(leaves):
            return [(mark(leaf, marks), Presence.MAYBE) for leaf in leaves]
        case _:
            return []


def _least(one: Presence, other: Presence) -> Presence:
    if Presence.MANY in (one, other):
        return Presence.MANY
    return Presence.MAYBE if Presence.MAYBE in (one, other) else Presence.ONE


def _open_list(items: list[Item], origins: list[Origin]) -> Unknown:
    least = sum(item.presence is Presence.ONE for item in items)
    most = None if any(item.presence is Presence.MANY for item in items) else len(items)
    return Unknown(
        DYNAMIC,
        tuple(dict.fromkeys(origins)),
        not_null=True,
        minimum=least,
        maximum=most,
        content=OpenList(tuple(items)),
    )
