"""Values in Terraform's notation, over as many lines as they need; secrets by their origin."""

from __future__ import annotations

import json
from collections.abc import Iterator

from fglint.evaluation.values import (
    ListValue,
    MapValue,
    Marked,
    ObjectValue,
    SetValue,
    TupleValue,
    Value,
    sorted_items,
)
from fglint.policy.wording import made_of, shown


def lines(value: Value, indent: str = "") -> Iterator[str]:
    """A value in Terraform's notation; the first line is not indented."""
    inner = indent + "  "
    match value:
        case Marked():
            yield shown(value)
        case str():
            yield json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
        case TupleValue(items) | ListValue(items, _) | SetValue(items, _) if items:
            yield "["
            for item in items:
                yield from _item(inner, "", item)
            yield f"{indent}]"
        case ObjectValue(items) | MapValue(items, _) if items:
            yield "{"
            for key, item in sorted_items(value):
                yield from _item(inner, f"{_key(key)} = ", item)
            yield f"{indent}}}"
        case _:
            yield made_of(value) or shown(value)


def _item(indent: str, key: str, value: Value) -> Iterator[str]:
    first, *rest = lines(value, indent)
    written = [f"{indent}{key}{first}", *rest]
    yield from written[:-1]
    yield written[-1] + ("" if key else ",")


def _key(key: str) -> str:
    return key if key.isidentifier() else json.dumps(key, ensure_ascii=False)
