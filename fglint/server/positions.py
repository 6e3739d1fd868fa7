"""Places as the protocol counts them: lines from 0, columns in units of an encoding."""

from __future__ import annotations

from lsprotocol import types

from fglint.source import Range, SourceFile

ENCODINGS = {"utf-8": 1, "utf-16": 2, "utf-32": 4}  # bytes of one unit
_CODECS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}


def units(text: str, encoding: str) -> int:
    """The length of a text in units of an encoding of the protocol."""
    if text.isascii():
        return len(text)
    return len(text.encode(_CODECS[encoding], "surrogatepass")) // ENCODINGS[encoding]


def position(source: SourceFile, offset: int, encoding: str) -> types.Position:
    """The position of an offset in code points."""
    line, column = source.position(min(offset, len(source.text)))
    start = source.line_starts[line - 1]
    return types.Position(line - 1, units(source.text[start : start + column - 1], encoding))


def range_of(at: Range, encoding: str) -> types.Range:
    """The range of a place."""
    end = max(at.start, at.end)
    return types.Range(position(at.source, at.start, encoding), position(at.source, end, encoding))


def offset(source: SourceFile, at: types.Position, encoding: str) -> int:
    """The offset in code points of a position; the line's end for what lies beyond it."""
    if at.line >= len(source.line_starts):
        return len(source.text)
    start = source.line_starts[at.line]
    text = source.line(at.line + 1)
    if text.isascii():
        return start + min(at.character, len(text))
    left = at.character
    for number, character in enumerate(text):
        if left <= 0:
            return start + number
        left -= units(character, encoding)
    return start + len(text)
