"""How terraform fmt aligns neighbouring lines: equals signs and the comments behind them.

Lines that follow each other and each hold a whole `name = value` make a chain, whose equals signs
stand in one column; so do comments behind the text of lines that follow each other.
Source: hclwrite, format.go.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from fglint.records import dataclass
from fglint.source import SourceFile
from fglint.syntax.lexer import Lexer, MarkerLines

_OPENING = frozenset("({[") | {"${", "%{"}
_CLOSING = frozenset(")}]") | {"}}"}


class Edit(NamedTuple):
    """A replacement of a half-open part of a text, in code-point offsets."""

    start: int
    end: int
    text: str


class _Piece(NamedTuple):
    kind: str
    start: int
    end: int


@dataclass(slots=True)
class _Line:
    """A line as the formatter sees it; a heredoc is part of the line that it begins in."""

    first: int
    last: int
    begin: int  # the offset at which its first line begins
    lead: int  # the offset at which what stands before the equals sign ends
    end: int  # the offset at which its text ends, the comment left out
    equals: int | None
    comment: int | None
    opening: int | None = None  # an equals sign whose value goes on in the next lines


def applied(text: str, edits: Sequence[Edit]) -> str:
    """The text with edits made, which do not overlap."""
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        pieces += (text[at : edit.start], edit.text)
        at = edit.end
    return "".join([*pieces, text[at:]])


def misaligned(text: str, wanted: Collection[int]) -> list[Edit]:
    """The edits of blanks that align the chains which have one of these lines, counted from 1."""
    lines = list(_lines(text))
    found: list[Edit] = []
    for line in lines:
        if line.opening is not None and line.first in wanted:
            _space(line.lead, line.opening, 1, text, found)
    blanks: dict[int, int] = {}  # what stands before an equals sign in the end, by line
    for chain in _chains(lines, lambda line: line.equals is not None):
        column = max(line.lead - line.begin for line in chain) + 1
        for line in chain:
            assert line.equals is not None
            blanks[line.first] = column - (line.lead - line.begin)
            if _has(chain, wanted):
                _space(line.lead, line.equals, blanks[line.first], text, found)
            else:
                blanks[line.first] = line.equals - line.lead
    for chain in _chains(lines, lambda line: line.comment is not None):
        if not _has(chain, wanted):
            continue
        widths = [_width(line, blanks) for line in chain]
        for line, width in zip(chain, widths, strict=True):
            assert line.comment is not None
            _space(line.end, line.comment, max(widths) + 1 - width, text, found)
    return found


def window(text: str, first: int, last: int) -> tuple[int, int]:
    """The top-level blocks around two places, as a part of the text."""
    bounds = _boundaries(text)
    return bounds[bisect_right(bounds, first) - 1], bounds[bisect_left(bounds, last)]


@lru_cache(maxsize=32)
def _boundaries(text: str) -> tuple[int, ...]:
    """Where lines begin that stand in no block: nothing before them tells how they are read."""
    tokens = Lexer(text, len(text), MarkerLines(text)).body(0)
    found, depth = [0], 0
    for kind, end in zip(tokens.kinds, tokens.ends, strict=True):
        if kind == "newline" and depth == 0:
            found.append(end)
        depth += (kind in _OPENING or kind == "<<") - (kind in _CLOSING or kind == ">>")
    return (*found, len(text))


def _width(line: _Line, blanks: dict[int, int]) -> int:
    own = line.end - line.begin
    return own if line.equals is None else own + blanks[line.first] - (line.equals - line.lead)


def _space(start: int, end: int, count: int, text: str, into: list[Edit]) -> None:
    if text[start:end] != " " * count:
        into.append(Edit(start, end, " " * count))


def _has(chain: Sequence[_Line], wanted: Collection[int]) -> bool:
    return any(number in wanted for line in chain for number in range(line.first, line.last + 1))


def _chains(lines: Sequence[_Line], belongs: Callable[[_Line], bool]) -> Iterator[list[_Line]]:
    chain: list[_Line] = []
    for line in lines:
        if chain and not (belongs(line) and line.first == chain[-1].last + 1):
            yield chain
            chain = []
        if belongs(line):
            chain.append(line)
    if chain:
        yield chain


def _lines(text: str) -> Iterator[_Line]:
    """The lines that hold anything."""
    source = SourceFile("", text)
    tokens = Lexer(text, len(text), MarkerLines(text)).body(0)
    pieces = [_Piece(*each) for each in zip(tokens.kinds, tokens.starts, tokens.ends, strict=True)]
    pieces = [each for each in pieces if each.kind not in ("newline", "end", "bad")]
    pieces += (_Piece("comment", *each) for each in tokens.comments)
    pieces.sort(key=lambda each: each.start)
    held: list[_Piece] = []
    inside = 0
    line_of = source.position
    for piece in pieces:
        if held and not inside and line_of(piece.start).line > line_of(held[-1].end).line:
            yield _line(source, held)
            held = []
        inside += (piece.kind == "<<") - (piece.kind == ">>")
        held.append(piece)
    if held:
        yield _line(source, held)


def _line(source: SourceFile, pieces: list[_Piece]) -> _Line:
    first, last = source.position(pieces[0].start).line, source.position(pieces[-1].end).line
    comment = None
    if len(pieces) > 1 and pieces[-1].kind == "comment":
        comment = pieces[-1].start
        pieces = pieces[:-1]
    lead, equals, opening = pieces[-1].end, None, None
    for index, piece in enumerate(pieces):
        if index and piece.kind == "=":
            if _balanced(pieces[index:]):
                lead, equals = pieces[index - 1].end, piece.start
            elif last == first:
                lead, opening = pieces[index - 1].end, piece.start
            break
    begin = source.line_starts[first - 1]
    return _Line(first, last, begin, lead, pieces[-1].end, equals, comment, opening)


def _balanced(pieces: Sequence[_Piece]) -> bool:
    return not sum((each.kind in _OPENING) - (each.kind in _CLOSING) for each in pieces)
