"""Which piece of a text has a mark, where a function put the text together.

Functions see values without marks, and mark what they give as a whole. Of a text with unknown
pieces it is known which argument each of them is, and so whose mark it has; of a known text, where
a marked text stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fglint.evaluation.marks import Marks
from fglint.evaluation.origins import Origin
from fglint.evaluation.values import (
    ComposedText,
    ListValue,
    OpenList,
    OpenMap,
    Parts,
    Unknown,
    Value,
    children,
    mark,
    plain,
    unmark,
)

Origins = tuple[Origin, ...]
_TELLING = 4  # characters, from which on a text in another is no chance


def with_marked_pieces(result: Value, arguments: Sequence[Value]) -> Value:
    """The text, each piece of it that is an argument with the marks of that argument.

    Of a list of texts, each.
    """
    found = [leaf for argument in arguments for leaf in _marked(argument, frozenset())]
    return _with_marks(result, found) if found else result


def _with_marks(result: Value, found: Sequence[tuple[Value, Marks]]) -> Value:
    bare = plain(result)
    if isinstance(bare, ListValue):
        return replace(bare, items=tuple(_with_marks(item, found) for item in bare.items))
    if type(bare) is str:
        return _with_marked_texts(bare, found)
    if not isinstance(bare, Unknown) or not isinstance(bare.content, Parts):
        return result
    marks: dict[Origins, Marks] = {}
    for leaf, own in found:
        if isinstance(leaf, Unknown) and leaf.origins:
            marks[leaf.origins] = marks.get(leaf.origins, frozenset()) | own
    parts = tuple(mark(part, marks.get(_origins(part), frozenset())) for part in bare.content.parts)
    return replace(bare, content=Parts(parts))


def _with_marked_texts(result: str, found: Sequence[tuple[Value, Marks]]) -> Value:
    """A known text, in which known texts with marks stand as they are."""
    marks: dict[str, Marks] = {}
    for leaf, own in found:
        if isinstance(leaf, str) and len(leaf) >= _TELLING and leaf != result:
            marks[str(leaf)] = marks.get(leaf, frozenset()) | own
    if not any(text in result for text in marks):
        return result
    longest = sorted(marks, key=len, reverse=True)
    pieces = re.split(f"({'|'.join(map(re.escape, longest))})", result)
    parts = tuple(mark(piece, marks.get(piece, frozenset())) for piece in pieces if piece)
    return ComposedText(result, Parts(parts))


def _origins(part: Value) -> Origins:
    bare = plain(part)
    return bare.origins if isinstance(bare, Unknown) else ()


def _marked(value: Value, above: Marks) -> Iterator[tuple[Value, Marks]]:
    """The pieces of a value that have marks.

    A whole has the marks of all its pieces; a mark of its own, which none of them has, is on each.
    """
    bare, own = unmark(value)
    pieces = _pieces(bare)
    marks = above | own
    if pieces:
        below = frozenset().union(*map(_marks_in, pieces)) if marks else marks
        for piece in pieces:
            yield from _marked(piece, marks - below)
    elif marks:
        yield bare, marks


def _marks_in(value: Value) -> Marks:
    bare, own = unmark(value)
    return own.union(*map(_marks_in, _pieces(bare)))


def _pieces(bare: Value) -> tuple[Value, ...]:
    content = bare.content if isinstance(bare, (Unknown, ComposedText)) else None
    match content:
        case Parts(parts):
            return parts
        case OpenList(items):
            return tuple(item.value for item in items)
        case OpenMap(entries):
            return tuple(item.value for item in entries.values())
        case _:
            return tuple(children(bare))
