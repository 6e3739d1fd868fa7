"""Terraform's configuration language as trees: native syntax here, JSON in `fglint.syntax.json`."""

from __future__ import annotations

from fglint.source import SourceFile
from fglint.syntax.nodes import File
from fglint.syntax.parser import parse, parse_expression, parse_template

__all__ = ["parse", "parse_expression", "parse_file", "parse_template"]


def parse_file(source: SourceFile) -> File:
    """The tree of a file, in JSON syntax when its name ends in .json, in native syntax otherwise.

    A .tfvars.json file is one whose members are all arguments.
    """
    if not source.path.endswith(".json"):
        return parse(source)
    from fglint.syntax import json  # most files are native

    if source.path.endswith(".tfvars.json"):
        return json.parse_json_values(source)
    return json.parse_json(source)
