"""YAML text, read as Terraform reads it."""

from __future__ import annotations

from fglint.evaluation.functions.arguments import failed
from fglint.evaluation.holes import decoded
from fglint.evaluation.values import Encoded, Unknown, Value, mark, unmark


def read(text: Value) -> Value:
    """The value of a YAML text."""
    bare, marks = unmark(text)
    if isinstance(bare, Unknown):
        if isinstance(bare.content, Encoded) and bare.content.encoding == "yaml":
            return mark(decoded(bare.content.value), marks)
        return mark(Unknown(origins=bare.origins), marks)
    raise failed("yamldecode", "not read yet")
