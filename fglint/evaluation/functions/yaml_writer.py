"""Values as YAML text, in the form that Terraform writes."""

from __future__ import annotations

import json

from fglint.evaluation.numbers import format_number
from fglint.evaluation.values import (
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    SetValue,
    TupleValue,
    Value,
    plain,
    sorted_items,
)


def write(value: Value) -> str:
    """The document of a wholly known value."""
    lines = _lines(value)
    text = "\n".join(lines) + "\n"
    bare = plain(value)
    if isinstance(bare, (str, TupleValue, ListValue, SetValue, ObjectValue, MapValue)):
        return text
    return f"{text}...\n"  # a plain scalar ends its document


def _lines(value: Value) -> list[str]:
    match plain(value):
        case TupleValue(items) | ListValue(items, _) | SetValue(items, _) if items:
            found: list[str] = []
            for item in items:
                first, *others = _lines(item)
                found.append(f"- {first}")
                found.extend(f"  {other}" for other in others)
            return found
        case (ObjectValue(items) | MapValue(items, _)) as whole if items:
            found = []
            for key, item in sorted_items(whole):
                lines = _lines(item)
                bare = plain(item)
                if isinstance(bare, (TupleValue, ListValue, SetValue)) and bare.items:
                    found.extend((f"{json.dumps(key, ensure_ascii=False)}:", *lines))
                elif isinstance(bare, (ObjectValue, MapValue)) and bare.items:
                    found.append(f"{json.dumps(key, ensure_ascii=False)}:")
                    found.extend(f"  {line}" for line in lines)
                else:
                    found.append(f"{json.dumps(key, ensure_ascii=False)}: {lines[0]}")
                    found.extend(f"  {line}" for line in lines[1:])
            return found
        case other:
            return [_scalar(other)]


def _scalar(value: Value) -> str:
    match plain(value):
        case TupleValue() | ListValue() | SetValue():
            return "[]"
        case ObjectValue() | MapValue():
            return "{}"
        case str() as text:
            return json.dumps(text, ensure_ascii=False)
        case bool() as flag:
            return "true" if flag else "false"
        case Null():
            return "null"
        case number:
            return format_number(number)  # type: ignore[arg-type]  # all else was matched
