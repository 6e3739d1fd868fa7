"""How values print in messages: unknowns by reference, entities by address, secrets by origin."""

from __future__ import annotations

from collections.abc import Iterable

from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.inspection import origins_of
from fglint.evaluation.marks import SecretOrigin
from fglint.evaluation.numbers import format_number
from fglint.evaluation.origins import Origin
from fglint.evaluation.scope import Scope
from fglint.evaluation.values import (
    Capsule,
    Encoded,
    ListValue,
    MapValue,
    Marked,
    Null,
    ObjectValue,
    OpenList,
    OpenMap,
    Parts,
    SetValue,
    TupleValue,
    Union,
    Unknown,
    Value,
    sorted_items,
)
from fglint.policy.rule import Rule
from fglint.syntax.nodes import Expression, Literal, Template, TemplateFor, TemplateIf

MAXIMUM_CAUSES = 3
MAXIMUM_LENGTH = 120  # characters of one value


def message(rule: Rule, node: Expression, scope: Scope) -> str:
    """The text of an error_message; EvaluationError where the rule itself errs."""
    match node:
        case Literal(value=str() as text):
            return text
        case Template(parts=parts):
            return "".join(_part(rule, part, scope) for part in parts)
        case _:
            return text_of(rule.compiler.evaluate(node, scope))


def _part(rule: Rule, part: Expression, scope: Scope) -> str:
    if isinstance(part, Literal) and isinstance(part.value, str):
        return part.value
    if isinstance(part, TemplateIf):
        chosen = rule.compiler.evaluate(part.condition, scope)
        return message(rule, part.then if chosen is True else part.otherwise, scope)
    if isinstance(part, TemplateFor):
        raise EvaluationError(
            "Unsupported directive", "a message has no %{ for }; use join() and a for expression"
        )
    return text_of(rule.compiler.evaluate(part, scope))


def text_of(value: Value) -> str:
    """A value as a message says it, without quotes around a string."""
    if isinstance(value, str):
        return str(value)
    return shown(value)


def shown(value: Value) -> str:
    """A value in Terraform's notation; a secret as where it comes from."""
    if isinstance(value, Marked):
        secret = _secret(value)
        return secret if secret is not None else shown(value.value)
    match value:
        case str():
            return _shortened(f'"{value}"')
        case bool():
            return "true" if value else "false"
        case Null():
            return "null"
        case Unknown():
            return _unknown(value)
        case Capsule():
            return str(value)
        case TupleValue(items) | ListValue(items, _) | SetValue(items, _):
            return _shortened(f"[{', '.join(map(shown, items))}]")
        case ObjectValue() | MapValue():
            entries = (f"{key} = {shown(each)}" for key, each in sorted_items(value))
            return _shortened(f"{{{', '.join(entries)}}}")
        case _:
            return format_number(value)


def _secret(value: Marked) -> str | None:
    for mark in value.marks:
        if isinstance(mark, SecretOrigin):
            return mark.source
    return "(sensitive)" if value.marks else None


def _shortened(text: str) -> str:
    text = text.replace("\n", "\\n")
    return text if len(text) <= MAXIMUM_LENGTH else f"{text[: MAXIMUM_LENGTH - 1]}…"


def _unknown(value: Unknown) -> str:
    if value.ref is not None:
        return str(value.ref)
    match value.content:
        case Parts(parts):
            return _shortened("".join(_piece(part) for part in parts))
        case Union(leaves):
            return " or ".join(dict.fromkeys(map(shown, leaves)))
        case OpenList(items):
            return f"[{', '.join([*(shown(item.value) for item in items), '…'])}]"
        case OpenMap(entries):
            return f"{{{', '.join([*sorted(entries), '…'])}}}"
        case Encoded(inner):
            return shown(inner)
    origins = value.origins
    return " or ".join(dict.fromkeys(map(str, origins))) if origins else "(unknown)"


def _piece(part: Value) -> str:
    if isinstance(part, str):
        return str(part)
    return f"${{{made_of(part) or shown(part)}}}"


def made_of(value: Value) -> str | None:
    """What an unknown is made of that is no reference itself; None for all else."""
    bare = value if isinstance(value, Unknown) else None
    if bare is None or bare.ref is not None or bare.content is not None or not bare.origins:
        return None
    return f"…({', '.join(dict.fromkeys(map(str, bare.origins)))})"


# ---- causes -----------------------------------------------------------------------------------


def because(value: Value) -> str:
    """Why a value is not known, and what would settle it: one sentence without its full stop."""
    return causes(origins_of(value))


def causes(origins: Iterable[Origin]) -> str:
    """The causes of origins, each once, the first three."""
    found = list(dict.fromkeys(origin.cause for origin in origins))
    if not found:
        return "a value is not known"
    more = len(found) - MAXIMUM_CAUSES
    listed = found[:MAXIMUM_CAUSES] + ([f"and {more} more"] if more > 0 else [])
    return "; ".join(listed)
