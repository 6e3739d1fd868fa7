"""Sets as go-cty has them: their order, and what counts as the same element."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import assert_never

from fglint.evaluation.inspection import is_wholly_known
from fglint.evaluation.marks import SENSITIVE
from fglint.evaluation.numbers import format_number
from fglint.evaluation.types import NUMBER, Type
from fglint.evaluation.values import (
    Capsule,
    ListValue,
    MapValue,
    Null,
    Number,
    ObjectValue,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    mark,
    plain,
    sorted_items,
    unmark,
)

_PLAIN = re.compile(r"[ !#-\[\]-~]*")
_ESCAPES = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
    "\\": "\\\\", '"': '\\"',
}  # fmt: skip


def make_set(values: Iterable[Value], element: Type) -> Value:
    """The set of these values, all of the element's type: sorted, without what is equal.

    Terraform's sensitive mark of an element is the whole set's; fglint's own marks stay.
    """
    found: dict[bytes, Value] = {}
    partial: list[Value] = []
    unknown: list[Value] = []
    sensitive = False
    for value in values:
        if is_sensitive_inside(value):
            sensitive = True
        if is_wholly_known(value):
            found.setdefault(identity_key(value), value)
        elif isinstance(plain(value), Unknown):
            unknown.append(value)
        else:
            partial.append(value)
    ordered: Sequence[Value]
    if element == NUMBER:
        ordered = sorted(found.values(), key=_number_order)
    else:
        ordered = sorted((*found.values(), *partial), key=_order)
    if unknown:
        nulls = [value for value in ordered if isinstance(plain(value), Null)]
        ordered = [*(value for value in ordered if value not in nulls), *unknown, *nulls]
    result = SetValue(tuple(ordered), element)
    return mark(result, frozenset({SENSITIVE})) if sensitive else result


def is_sensitive_inside(value: Value) -> bool:
    """Whether Terraform's mark lies on the value or on something in it."""
    if isinstance(value, (str, bool, int)):
        return False
    bare, marks = unmark(value)
    if SENSITIVE in marks:
        return True
    match bare:
        case TupleValue(items) | ListValue(items, _):
            return any(map(is_sensitive_inside, items))
        case ObjectValue(entries) | MapValue(entries, _):
            return any(map(is_sensitive_inside, entries.values()))
        case _:
            return False


def _number_order(value: Value) -> tuple[bool, Fraction | int | float]:
    bare = plain(value)
    if isinstance(bare, (int, Fraction, float)):
        return False, bare
    return True, 0  # null is last


def _order(value: Value) -> tuple[bool, bytes]:
    """What go-cty orders a set's elements by; null is last."""
    bare = plain(value)
    if isinstance(bare, str):
        return False, bare.encode("utf-8", "surrogatepass")
    return isinstance(bare, Null), _hash_text(bare, _short).encode("utf-8", "surrogatepass")


def identity_key(value: Value) -> bytes:
    """What is the same for equal values, and for them only."""
    bare = plain(value)
    if isinstance(bare, str):
        return b'"' + bare.encode("utf-8", "surrogatepass") + b'"'
    return _hash_text(bare, format_number).encode("utf-8", "surrogatepass")


def _hash_text(value: Value, number: Callable[[Number], str]) -> str:
    bare = plain(value)
    match bare:
        case Null():
            return "~"
        case bool():
            return "T" if bare else "F"
        case str():
            return _quoted(bare)
        case int() | Fraction() | float():
            return number(bare or 0)
        case ListValue(items, _) | SetValue(items, _):
            return "[" + "".join(_hash_text(item, number) + ";" for item in items) + "]"
        case TupleValue(items):
            return "<" + "".join(_hash_text(item, number) + ";" for item in items) + ">"
        case MapValue():
            pairs = [
                f"{_hash_text(k, number)}:{_hash_text(v, number)};" for k, v in sorted_items(bare)
            ]
            return "{" + "".join(pairs) + "}"
        case ObjectValue():
            return "<" + "".join(_hash_text(v, number) + ";" for _, v in sorted_items(bare)) + ">"
        case Capsule():
            return f"{bare.kind} {id(bare)}"
        case Unknown():
            return "?"
        case _:
            assert_never(bare)


def _quoted(text: str) -> str:
    """Go's %q."""
    if _PLAIN.fullmatch(text):
        return f'"{text}"'
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    known = _ESCAPES.get(character)
    if known is not None:
        return known
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _short(number: int | Fraction | float) -> str:
    """Go's %.10g."""
    if isinstance(number, float) and math.isinf(number):
        return "+Inf" if number > 0 else "-Inf"
    try:
        return f"{float(number):.10g}"
    except OverflowError:
        return format_number(number)
