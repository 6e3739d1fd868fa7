"""Defaults of variables that a finding judges: whoever applies may give other values."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fglint.configuration.loader import Configuration
from fglint.policy import evidence
from fglint.policy.rule import Assert
from fglint.policy.scope import SubjectScope
from fglint.source import Range

_VARIABLE = re.compile(r"\bvar\.([A-Za-z_][\w-]*)")
_STRUCTURED = re.compile(r"[\[{(]\s*[\n{\[]|\n")  # more than one value is written there
_INTERPOLATION = re.compile(r"\$\{[^}]*\}")
_QUOTED = re.compile(r'"[^"]*"')
MAXIMUM_NAMES = 3


def defaults_judged(
    statement: Assert, scope: SubjectScope, at: Range, configuration: Configuration
) -> list[str]:
    """The variables of the root module by whose defaults an assert fails, as `var.NAME`."""
    found: dict[str, None] = {}
    for place in (at, *evidence.places_read(statement, scope)):
        for name in _variables_at(place, configuration):
            if _has_default(name, configuration):
                found[f"var.{name}"] = None
    return list(found)[:MAXIMUM_NAMES]


def _variables_at(place: Range, configuration: Configuration) -> Iterator[str]:
    """The variables that the value at a place is made of, or in whose default it stands."""
    root = configuration.root.written
    if not any(file.source is place.source for file in root.files):
        return
    for name, declaration in root.variables.items():
        default = declaration.written.get("default")
        if default is None or default.source is not place.source:
            continue
        if default.node.start <= place.start and place.end <= default.node.end:
            yield name
            return
    text = place.source.text[place.start : place.end]
    if _STRUCTURED.search(text) is None and not _is_sentence(text):
        yield from _VARIABLE.findall(text)


def _is_sentence(text: str) -> bool:
    """Whether a variable is one word of many in a text: a command, a description."""
    return any(" " in quoted for quoted in _QUOTED.findall(_INTERPOLATION.sub("", text)))


def _has_default(name: str, configuration: Configuration) -> bool:
    """Whether a variable has no value but its default."""
    declaration = configuration.root.written.variables.get(name)
    if declaration is None or name in configuration.session.given:
        return False
    return declaration.written.get("default") is not None
