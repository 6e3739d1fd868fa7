"""Which piece of a text has a mark, where a function put the text together.

Functions see values without marks, and mark what they give as a whole. Of a text with unknown
pieces it is known which argument each of them is, and so whose mark it has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fglint.evaluation.marks import Marks
from fglint.evaluation.origins import Origin
from fglint.evaluation.values import (
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


def with_marked_pieces(result: Value, arguments: Sequence[Value]) -> Value:
    """The text, each unknown piece of it with the marks of the argument that it is."""
    bare = plain(result)
    if not isinstance(bare, Unknown) or not isinstance(bare.content, Parts):
        return result
    marks: dict[Origins, Marks] = {}
    for argument in arguments:
        for origins, found in _marked(argument, frozenset()):
            marks[origins] = marks.get(origins, frozenset()) | found
    if not marks:
        return result
    parts = tuple(mark(part, marks.get(_origins(part), frozenset())) for part in bare.content.parts)
    return replace(bare, content=Parts(parts))


def _origins(part: Value) -> Origins:
    bare = plain(part)
    return bare.origins if isinstance(bare, Unknown) else ()


def _marked(value: Value, above: Marks) -> Iterator[tuple[Origins, Marks]]:
    """The unknown values in a value that have marks, by why they are unknown."""
    bare, own = unmark(value)
    marks = above | own
    if not isinstance(bare, Unknown):
        for child in children(bare):
            yield from _marked(child, marks)
        return
    match bare.content:
        case Parts(parts):
            for part in parts:
                # The whole has the marks of all its pieces; a mark of its own is on none of them.
                others = frozenset().union(*(unmark(each)[1] for each in parts))
                yield from _marked(part, marks - others)
        case OpenList(items):
            for item in items:
                yield from _marked(item.value, marks)
        case OpenMap(entries):
            for item in entries.values():
                yield from _marked(item.value, marks)
        case _:
            if marks and bare.origins:
                yield bare.origins, marks
