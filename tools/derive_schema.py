#!/usr/bin/env python3
"""Derives fglint/provider/data/aws_schema.txt from recorded provider schemas.

    python3 tools/derive_schema.py SCHEMA.json.gz… [--out FILE]

Each SCHEMA.json.gz holds {"provider_version", "resources": {TYPE: {"block": …}}, "data": {…}} in
the form of `terraform providers schema -json`. The form of the result is described in
`fglint/provider/schema.py`, which reads it.
"""

from __future__ import annotations

import argparse
import gzip
import json
from pathlib import Path
from typing import Any

HEADER = (
    "# Derived by tools/derive_schema.py; do not edit.",
    "# Source: schema of hashicorp/aws {version}, as published by",
    "# https://github.com/lonegunmanb/terraform-aws-schema (MIT), which stores the output of",
    "# `terraform providers schema -json`. Descriptions and deprecation notes are left out.",
)
FLAGS = (("required", "r"), ("optional", "o"), ("computed", "c"), ("sensitive", "s"))
WRITE_ONLY = ("write_only", "w")
OUT = Path(__file__).resolve().parent.parent / "fglint/provider/data/aws_schema.txt"

# Any: the schema is decoded JSON, whose shape the derivation only passes on.
Json = Any


class Derivation:
    """The lines of the compact form: equal blocks share one line."""

    def __init__(self, header: list[str]) -> None:
        self.lines = list(header)
        self.numbers: dict[str, int] = {}

    def block(self, block: Json) -> int:
        """The index of the line that holds the block."""
        groups: dict[str, list[str]] = {}
        for name, attribute in sorted(block.get("attributes", {}).items()):
            flags = "".join(s for key, s in (*FLAGS, WRITE_ONLY) if attribute.get(key))
            notation = json.dumps(attribute["type"], separators=(",", ":"), sort_keys=True)
            groups.setdefault(f"{flags} {notation.strip(chr(34))}", []).append(name)
        compact: list[Json] = [{key: " ".join(names) for key, names in sorted(groups.items())}]
        nested = {
            name: [
                inner["nesting_mode"],
                inner.get("min_items", 0),
                inner.get("max_items", 0),
                self.block(inner["block"]),
            ]
            for name, inner in sorted(block.get("block_types", {}).items())
        }
        if nested:
            compact.append(nested)
        line = json.dumps(compact, separators=(",", ":"))
        if line not in self.numbers:
            self.numbers[line] = len(self.lines)
            self.lines.append(line)
        return self.numbers[line]


def derive(schemas: list[Json]) -> str:
    """The compact form of the schemas together."""
    header = [line.format(version=schemas[0]["provider_version"]) for line in HEADER]
    derivation = Derivation(header)
    types: dict[str, int] = {}
    for schema in schemas:
        for mode, key in (("managed", "resources"), ("data", "data")):
            for name, entry in sorted(schema[key].items()):
                types[f"{mode} {name}"] = derivation.block(entry["block"])
    index = [f"{name} {number}" for name, number in sorted(types.items())]
    return "\n".join((*derivation.lines, *index)) + "\n"


def main() -> None:
    """Reads the schemas and writes the compact form."""
    parser = argparse.ArgumentParser(description="Derive the compact provider schema.")
    parser.add_argument("schemas", nargs="+", type=Path, metavar="SCHEMA.json.gz")
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    schemas = [json.loads(gzip.decompress(path.read_bytes())) for path in options.schemas]
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(derive(schemas), encoding="utf-8")


if __name__ == "__main__":
    main()
