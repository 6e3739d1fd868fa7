"""The texts that a text holds: the members of JSON, and the entries of an environment file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.holes import json_text_value
from fglint.evaluation.inspection import is_null
from fglint.evaluation.values import (
    NULL,
    ComposedText,
    Encoded,
    ListValue,
    MapValue,
    ObjectValue,
    OpenList,
    OpenMap,
    Parts,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    mark,
    plain,
    unmark,
)
from fglint.model.reading import Node
from fglint.records import dataclass
from fglint.source import Range

MAXIMUM_MEMBERS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A text and its name; `is_whole` where it is no part of another text."""

    name: Value
    node: Node
    place: Callable[[], Range | None]
    is_whole: bool = False


def members(name: Value, node: Node, is_file: bool = False) -> list[Member]:
    """The texts in a text: its members where it is JSON, its entries where it is a file."""
    if is_file:
        return list(_entries(node))
    found = _structured(node.value)
    if found is None:
        return [Member(name, node, node.place, is_whole=True)]
    inner = Node(node.instance, found, node.path)
    return list(_leaves(name, inner))[:MAXIMUM_MEMBERS]


def _structured(value: Value) -> Value | None:
    """The object or list that a text encodes; None where it encodes none."""
    bare = plain(value)
    if isinstance(bare, str):
        if bare[:1] not in ("{", "[") and bare.lstrip()[:1] not in ("{", "["):
            return None
    elif (
        not isinstance(bare, Unknown)
        or not isinstance(bare.content, (Encoded, Parts))
        or (isinstance(bare.content, Parts) and bare.prefix.lstrip()[:1] not in ("{", "["))
    ):
        return None
    try:
        found = json_text_value(value)
    except EvaluationError:
        return None
    inner = plain(found)
    if isinstance(inner, Unknown) and not isinstance(inner.content, (OpenList, OpenMap)):
        return None
    return found


def _leaves(name: Value, node: Node) -> Iterator[Member]:
    bare, marks = unmark(node.value)
    if isinstance(bare, (ObjectValue, MapValue)) or (
        isinstance(bare, Unknown) and isinstance(bare.content, OpenMap)
    ):
        for key, member in node.members():
            inner = Node(member.instance, mark(member.value, marks), member.path)
            yield from _leaves(key, inner)
        return
    if isinstance(bare, (TupleValue, ListValue, SetValue)) or (
        isinstance(bare, Unknown) and isinstance(bare.content, OpenList)
    ):
        for item in node.elements().items:
            inner = Node(item.node.instance, mark(item.node.value, marks), item.node.path)
            yield from _leaves(name, inner)
    elif not is_null(bare):
        yield Member(name, node, node.place)


# ---- files of entries -------------------------------------------------------------------------

_ENTRY = re.compile(r"\s*(?:export\s+)?([A-Za-z_][\w.-]*)=(.*)", re.DOTALL)


def _entries(node: Node) -> Iterator[Member]:
    """The entries NAME=VALUE of a file; the whole text where nothing of it is known."""
    lines = _lines(node.value)
    found = False
    for line in lines:
        first = line[0] if line else ""
        match = _ENTRY.fullmatch(first) if isinstance(first, str) else None
        if match is None:
            continue
        found = True
        rest = [match[2], *line[1:]] if match[2] else line[1:]
        inner = Node(node.instance, _unquoted(_joined(rest)), node.path)
        yield Member(match[1], inner, _place_of(node, match[1]))
    if not found and isinstance(plain(node.value), Unknown):
        yield Member(NULL, node, node.place, is_whole=True)


def _lines(value: Value) -> list[list[Value]]:
    """The pieces of each line of a text."""
    lines: list[list[Value]] = [[]]
    for piece in _pieces(value):
        bare, marks = unmark(piece)
        if not isinstance(bare, str):
            lines[-1].append(piece)
            continue
        first, *rest = bare.split("\n")
        for index, text in enumerate([first, *rest]):
            if index:
                lines.append([])
            if text:
                lines[-1].append(mark(text.rstrip("\r"), marks))
    return lines


def _pieces(value: Value) -> Iterator[Value]:
    bare, marks = unmark(value)
    content = bare.content if isinstance(bare, (Unknown, ComposedText)) else None
    if isinstance(content, Parts):
        # A mark of the whole that no piece has may be that of each.
        own = marks.difference(*(unmark(part)[1] for part in content.parts))
        for part in content.parts:
            yield from _pieces(mark(part, own))
    else:
        yield mark(bare, marks)


def _joined(pieces: list[Value]) -> Value:
    if not pieces:
        return ""
    if len(pieces) == 1:
        return pieces[0]
    if all(isinstance(plain(piece), str) for piece in pieces):
        marks = frozenset().union(*(unmark(piece)[1] for piece in pieces))
        return mark("".join(str(plain(piece)) for piece in pieces), marks)
    origins = tuple(
        dict.fromkeys(o for p in map(plain, pieces) if isinstance(p, Unknown) for o in p.origins)
    )
    return Unknown(origins=origins, not_null=True, content=Parts(tuple(pieces)))


def _unquoted(value: Value) -> Value:
    """A known text without the quotes around it."""
    bare, marks = unmark(value)
    if isinstance(bare, str) and len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'":
        return mark(bare[1:-1], marks)
    return value


def _place_of(node: Node, name: str) -> Callable[[], Range | None]:
    """The line of an entry where the file's text is written as such; else the whole text."""

    def place() -> Range | None:
        whole = node.place()
        match = re.search(rf"^[ \t]*(?:export\s+)?{re.escape(name)}=.*$", whole.text, re.MULTILINE)
        if match is None:
            return whole
        return whole.source.range(whole.start + match.start(), whole.start + match.end())

    return place
