"""Strings of which parts are known: taken apart, changed piece by piece, and put together.

A piece is known text or an Unknown that ends up as text. A *hole* is an Unknown of which only its
origins are kept: what a function makes of an unknown is no longer what the origin denotes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from fglint.evaluation.convert import text_of
from fglint.evaluation.functions import graphemes
from fglint.evaluation.functions.arguments import normalized
from fglint.evaluation.inspection import origins_of
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import BOOL, STRING, Type
from fglint.evaluation.values import Content, Parts, Unknown, Value, plain

Piece = str | Unknown


def origins(values: Iterable[Value]) -> tuple[Origin, ...]:
    """The origins of all unknowns in the values, each once."""
    return tuple(dict.fromkeys(origin for value in values for origin in origins_of(value)))


def hole(*values: Value, type_: Type = STRING) -> Unknown:
    """An unknown, not null, that is computed from these values."""
    return Unknown(type_, origins(values), not_null=True)


def undecided(*values: Value) -> Unknown:
    """A bool that depends on these values."""
    return hole(*values, type_=BOOL)


def pieces(value: Value) -> list[Piece]:
    """The value's known texts and unknown rest, in order; never empty texts."""
    bare = plain(value)
    if not isinstance(bare, Unknown):
        text = bare if isinstance(bare, str) else str(text_of(bare))
        return [text] if text else []
    if isinstance(bare.content, Parts):
        return [piece for part in bare.content.parts for piece in pieces(part)]
    return [bare]


def opened(value: Value) -> list[Piece]:
    """Like `pieces`, with the known prefix of an unknown as a text of its own.

    Of texts beside a hole only that is left which does not change whatever stands in the hole.
    """
    given = pieces(value)
    found: list[Piece] = []
    for index, piece in enumerate(given):
        if isinstance(piece, Unknown):
            found.extend((piece.prefix, hole(piece)) if piece.prefix else (piece,))
        else:
            found.append(_certain(piece, index > 0, index + 1 < len(given)))
    return found


def _certain(text: str, after_hole: bool, before_hole: bool) -> str:
    if before_hole:
        text = graphemes.safe_prefix(text)
    if after_hole and text and not text[0].isascii():
        start = next((i for i, character in enumerate(text) if character.isascii()), len(text))
        text = text[start:]
    return text


def leading(value: Value) -> str:
    """The known text that the value begins with; all of it where it is known."""
    text = ""
    for piece in opened(value):
        if isinstance(piece, Unknown):
            break
        text += piece
    return text


def trailing(value: Value) -> str:
    """The known text that the value ends with; all of it where it is known."""
    text = ""
    for piece in reversed(opened(value)):
        if isinstance(piece, Unknown):
            break
        text = piece + text
    return text


def assemble(parts: Sequence[Piece]) -> Value:
    """The string of these pieces; the one Unknown itself when there is nothing beside it."""
    merged: list[Piece] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    merged = [normalized(part) if isinstance(part, str) else part for part in merged]
    if not merged:
        return ""
    if len(merged) == 1:
        only = merged[0]
        return only if isinstance(only, str) else replace(only, type=STRING, not_null=True)
    first = merged[0]
    prefix = first
    if isinstance(first, Unknown):
        prefix = first.prefix
    elif isinstance(merged[1], Unknown):
        prefix = first + merged[1].prefix
    assert isinstance(prefix, str)
    prefix = graphemes.safe_prefix(prefix)
    content: Content = Parts(tuple(merged))
    return Unknown(STRING, origins(merged), not_null=True, prefix=prefix, content=content)


def map_text(value: Value, change: Callable[[str], str]) -> Value:
    """The value with its known texts changed, for a change that sees each character alone."""
    return assemble([change(p) if isinstance(p, str) else hole(p) for p in opened(value)])


def overlaps(text: str, needle: str, before: bool, after: bool) -> bool:
    """Whether an occurrence of the needle may reach into the text from an unknown neighbour."""
    for size in range(1, len(needle)):
        if after and text.endswith(needle[:size]):
            return True
        if before and text.startswith(needle[size:]):
            return True
    return before and after and text in needle[1:-1]
