"""Values as Terraform would write them: what remedies print."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeGuard

from fglint.evaluation.inspection import is_null
from fglint.evaluation.numbers import format_number
from fglint.evaluation.values import Number, Parts, Unknown, Value, plain


def expression(parts: Sequence[Value]) -> str:
    """The expression for a text in parts: a reference alone, or a template."""
    flat = [piece for part in parts for piece in _flat(part)]
    if len(flat) == 1 and isinstance(flat[0], Unknown):
        return _reference(flat[0])
    return f'"{"".join(map(_piece, flat))}"'


def _flat(value: Value) -> list[Value]:
    bare = plain(value)
    if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
        return [piece for part in bare.content.parts for piece in _flat(part)]
    if isinstance(bare, (str, Unknown)):
        return [bare]
    return [] if is_null(bare) else [format_number(bare)] if _is_number(bare) else ["…"]


def _is_number(value: Value) -> TypeGuard[Number]:
    return isinstance(value, (int, Fraction, float)) and not isinstance(value, bool)


def _piece(value: Value) -> str:
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False)[1:-1].replace("${", "$${")
    return f"${{{_reference(value)}}}"


def _reference(value: Value) -> str:
    assert isinstance(value, Unknown)
    if value.ref is not None:
        return str(value.ref)
    return str(value.origins[0]) if value.origins else "…"


def list_of(texts: Sequence[str]) -> str:
    """A list of strings."""
    return f"[{', '.join(json.dumps(text, ensure_ascii=False) for text in texts)}]"
