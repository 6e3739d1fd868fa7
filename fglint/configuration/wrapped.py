"""`["${aws_subnet.a.*.id}"]`: lists that Terraform 0.11 wanted in another pair of brackets."""

from __future__ import annotations

from fglint.configuration.module import Placed
from fglint.configuration.session import Session
from fglint.diagnostic import Diagnostic
from fglint.evaluation.convert import convert
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.types import Dynamic, ListType, Primitive, SetType, Type
from fglint.evaluation.values import (
    ListValue,
    OpenList,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    mark,
    plain,
    unmark,
)
from fglint.syntax.nodes import Template, TupleCons


def unwrapped(session: Session, value: Value, type_: Type, placed: Placed) -> Value | None:
    """The value without the other brackets, converted, with a diagnostic; None where it has none.

    Only an argument of a type that is a list or set of primitives, and only where the one element
    is written in quotes, as 0.11 had it: unquoted, a list in a list is a mistake.
    """
    node = placed.node
    if session.options.plan_only or not isinstance(type_, (ListType, SetType)):
        return None
    if not isinstance(type_.element, (Primitive, Dynamic)):
        return None
    if not isinstance(node, TupleCons) or len(node.items) != 1:
        return None
    item = node.items[0]
    if not (isinstance(item, Template) and item.wraps):
        return None
    inner, depth = value, 0
    while (only := _only_element(inner)) is not None:
        inner, depth = only, depth + 1
    if depth == 0:
        return None
    try:
        result = convert(inner, type_)
    except EvaluationError:
        return None
    session.report(
        Diagnostic(
            "info",
            "List within a list",
            "Terraform 0.11 wanted this list in another pair of brackets; it is read without them.",
            placed.range,
        )
    )
    return result


def _only_element(value: Value) -> Value | None:
    """The list that is the only element of a list; unknown values may be lists, too."""
    bare, marks = unmark(value)
    if isinstance(bare, (TupleValue, ListValue)) and len(bare.items) == 1:
        inner = plain(bare.items[0])
        if isinstance(inner, (TupleValue, ListValue, SetValue)):
            return mark(bare.items[0], marks)
        if isinstance(inner, Unknown) and not isinstance(inner.type, Primitive):
            known = isinstance(inner.content, OpenList) or inner.content is None
            return mark(bare.items[0], marks) if known else None
    return None
