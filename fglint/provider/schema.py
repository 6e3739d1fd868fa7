"""Schemas of resource and data source types: which arguments, attributes and blocks they have.

`data/aws_schema.txt` is derived by tools/derive_schema.py. After a header of comments, each of its
lines is one block: a JSON list of an object {"FLAGS TYPE": "NAME…"} of attributes and, where it has
nested blocks, an object {NAME: [NESTING, MINIMUM, MAXIMUM, LINE]}, where LINE is the number of the
line (from 0) that holds the nested block. Flags: r required, o optional, c computed, s sensitive,
w write-only. The last lines are the index: "managed TYPE LINE" and "data TYPE LINE".

`data/utility_schema.txt` has the providers that stand beside AWS in most configurations, written
by hand in the same notation, one line a type: "managed TYPE BLOCK" with nested blocks in place.
Source: the documentation of these providers; read 2026-11.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Literal

from fglint.evaluation.types import (
    ListType,
    MapType,
    ObjectType,
    SetType,
    Type,
    from_json,
    object_type,
)
from fglint.records import dataclass

Mode = Literal["managed", "data"]


@dataclass(frozen=True, slots=True)
class AttributeSchema:
    """One attribute; `as_blocks` ones may be written as nested blocks, too."""

    name: str
    type: Type
    required: bool
    optional: bool
    computed: bool
    sensitive: bool
    write_only: bool
    as_blocks: bool


@dataclass(frozen=True, slots=True)
class NestedBlock:
    """A nested block: nesting is "single", "group", "list", "set" or "map"; maximum 0 is none."""

    nesting: str
    block: BlockSchema
    minimum: int
    maximum: int


@dataclass(frozen=True, slots=True)
class BlockSchema:
    """The attributes and nested blocks of a body, by name."""

    attributes: dict[str, AttributeSchema]
    blocks: dict[str, NestedBlock]


def object_type_of(block: BlockSchema) -> ObjectType:
    """The type of a decoded block."""
    members: dict[str, Type] = {name: a.type for name, a in block.attributes.items()}
    for name, nested in block.blocks.items():
        inner = object_type_of(nested.block)
        match nested.nesting:
            case "list":
                members[name] = ListType(inner)
            case "set":
                members[name] = SetType(inner)
            case "map":
                members[name] = MapType(inner)
            case _:
                members[name] = inner
    return object_type(members)


@cache
def resource_schema(mode: Mode, type_: str) -> BlockSchema | None:
    """The schema of a resource or data source type; None when it is not known."""
    if type_.startswith("aws_"):
        number = _rest_of_line(_text("aws_schema"), f"\n{mode} {type_} ", _index_start())
        return None if number is None else _numbered(int(number))
    block = _rest_of_line(_text("utility_schema"), f"\n{mode} {type_} ", 0)
    return None if block is None else _block(block)


def _rest_of_line(text: str, beginning: str, start: int) -> str | None:
    at = text.find(beginning, start)
    if at < 0:
        return None
    end = text.find("\n", at + 1)
    return text[at + len(beginning) : len(text) if end < 0 else end]


@cache
def _text(name: str) -> str:
    return (resources.files("fglint.provider") / "data" / f"{name}.txt").read_text("utf-8")


@cache
def _index_start() -> int:
    return _text("aws_schema").index("\ndata aws_")


@cache
def _lines() -> list[str]:
    return _text("aws_schema")[: _index_start()].split("\n")


@cache
def _numbered(number: int) -> BlockSchema:
    return _block(_lines()[number])


def _block(line: str) -> BlockSchema:
    return _read(json.loads(line))


def _read(parts: list[dict[str, Any]]) -> BlockSchema:  # JSON of this module's own form
    attributes: dict[str, AttributeSchema] = {}
    for key, names in parts[0].items():
        flags, _, notation = key.partition(" ")
        type_ = _type(notation)
        for name in str(names).split():
            attributes[name] = AttributeSchema(
                name,
                type_,
                "r" in flags,
                "o" in flags,
                "c" in flags,
                "s" in flags,
                "w" in flags,
                "r" in flags or "o" in flags if _is_objects(type_) else False,
            )
    blocks: dict[str, NestedBlock] = {}
    for name, row in (parts[1] if len(parts) > 1 else {}).items():
        nesting, minimum, maximum, inner = row
        block = _numbered(inner) if isinstance(inner, int) else _read(inner)
        blocks[name] = NestedBlock(str(nesting), block, minimum or 0, maximum or 0)
    return BlockSchema(attributes, blocks)


@cache
def _type(notation: str) -> Type:
    return from_json(json.loads(notation) if notation.startswith("[") else notation)


def _is_objects(type_: Type) -> bool:
    return isinstance(type_, (ListType, SetType)) and isinstance(type_.element, ObjectType)
