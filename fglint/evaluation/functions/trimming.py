"""Functions that take something off the ends of strings, or put it at the start of lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace as changed

from fglint.evaluation.functions.arguments import (
    WHITE_SPACE,
    check_text,
    failed,
    normalized,
    whole_argument,
)
from fglint.evaluation.functions.pieces import (
    Piece,
    assemble,
    hole,
    leading,
    map_text,
    opened,
    trailing,
)
from fglint.evaluation.functions.registry import Parameter, function
from fglint.evaluation.types import NUMBER, STRING
from fglint.evaluation.values import Number, Unknown, Value

_PARTIAL = Parameter(STRING, unknown=True)


def _strip(
    value: Value, left: Callable[[str], str] | None, right: Callable[[str], str] | None
) -> Value:
    """The value with its ends stripped: what is trimmed beside a hole becomes part of it."""
    parts = opened(value)
    if left is not None:
        parts = _strip_start(parts, left)
    if right is not None:
        parts = _strip_start(parts[::-1], right)[::-1]
    return assemble(parts)


def _strip_start(parts: list[Piece], strip: Callable[[str], str]) -> list[Piece]:
    found: list[Unknown] = []
    for index, piece in enumerate(parts):
        if isinstance(piece, Unknown):
            found.append(piece)
        elif kept := strip(piece):
            return [*([hole(*found)] if found else []), kept, *parts[index + 1 :]]
    return [hole(*found)] if found else []


@function(_PARTIAL, STRING, returns=STRING)
def trim(str: Value, cutset: str) -> Value:
    """Without the characters of a set at both ends."""
    return _strip(str, lambda text: text.lstrip(cutset), lambda text: text.rstrip(cutset))


@function(_PARTIAL, returns=STRING)
def trimspace(str: Value) -> Value:
    """Without white space at both ends."""
    return _strip(str, lambda text: text.lstrip(WHITE_SPACE), lambda text: text.rstrip(WHITE_SPACE))


@function(_PARTIAL, returns=STRING)
def chomp(str: Value) -> Value:
    """Without line breaks at the end."""
    return _strip(str, None, lambda text: text.rstrip("\r\n"))


@function(_PARTIAL, STRING, returns=STRING)
def trimprefix(str: Value, prefix: str) -> Value:
    """Without the prefix, if it is there."""
    known = leading(str)
    if not isinstance(str, Unknown):
        return normalized(known.removeprefix(prefix))
    if known.startswith(prefix):
        return assemble(_cut(opened(str), len(prefix)))
    return hole(str) if prefix.startswith(known) else changed(str, not_null=True)


@function(_PARTIAL, STRING, returns=STRING)
def trimsuffix(str: Value, suffix: str) -> Value:
    """Without the suffix, if it is there."""
    known = trailing(str)
    if not isinstance(str, Unknown):
        return normalized(known.removesuffix(suffix))
    if known.endswith(suffix):
        mirrored = [p if isinstance(p, Unknown) else p[::-1] for p in opened(str)[::-1]]
        cut = _cut(mirrored, len(suffix))
        return assemble([p if isinstance(p, Unknown) else p[::-1] for p in cut[::-1]])
    if suffix.endswith(known):
        return hole(str)
    return changed(str, not_null=True)


def _cut(parts: list[Piece], count: int) -> list[Piece]:
    """The pieces without their first characters, which are known."""
    for index, piece in enumerate(parts):
        if isinstance(piece, Unknown) or count < len(piece):
            rest = piece if isinstance(piece, Unknown) else piece[count:]
            return [rest, *parts[index + 1 :]]
        count -= len(piece)
    return []


@function(NUMBER, _PARTIAL, returns=STRING)
def indent(spaces: Number, str: Value) -> Value:
    """With spaces after each line break."""
    count = whole_argument("indent", spaces)
    if count < 0:
        raise failed("indent", "the number of spaces must not be negative")
    lines = sum(piece.count("\n") for piece in opened(str) if not isinstance(piece, Unknown))
    check_text(count * lines)
    pad = " " * count
    return map_text(str, lambda text: text.replace("\n", "\n" + pad))
