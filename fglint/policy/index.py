"""The bundled rules as they are after reading, so that a check does not parse them again.

The wheel is built with an index beside its rules. It is part of the package like its modules, and
is read only there; what another version of fglint or Python wrote is left alone.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from fglint import __version__
from fglint.policy.rule import Rule
from fglint.source import Files

NAME = "index.pickle"


def encode(directory: Path, rules: list[Rule]) -> bytes:
    """The index of the rules in a directory."""
    for rule in rules:
        rule.path = rule.path.relative_to(directory)
        rule.source.path = rule.path.as_posix()
        rule.__dict__.pop("compiler", None)
    return _header() + pickle.dumps(rules, protocol=5)


def decode(directory: Path, files: Files) -> list[Rule] | None:
    """The rules of a directory by its index; None where there is none that fits."""
    try:
        content = (directory / NAME).read_bytes()
    except OSError:
        return None
    header = _header()
    if not content.startswith(header):
        return None
    rules: list[Rule] = pickle.loads(content[len(header) :])
    shown = files.display(directory)
    for rule in rules:
        rule.source.path = f"{shown}/{rule.path.as_posix()}"
        rule.path = directory / rule.path
    return rules


def _header() -> bytes:
    return f"fglint {__version__} {sys.version_info[:2]}\n".encode()
