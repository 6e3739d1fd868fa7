"""Stand-ins for modules that are not downloaded: what their documentation determines, as Terraform.

A stand-in is a directory with Terraform files. Comments `# source: PATTERN` at the top of its
main.tf say for which module sources it stands; `*` in a pattern stands for any text. It declares
the module's inputs that matter, the resources that follow from them, and outputs. What it leaves
open is unknown with the cause that the module is not downloaded: inputs without a default that
the call does not give, arguments and blocks of resources that are not written, outputs that are
not declared. Its variable `version` is the major version that the call asks for, a number, and
unknown where that may be one of several.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from fglint.configuration.module import Module
from fglint.configuration.reader import Reader
from fglint.source import Files

BUNDLED = Path(__file__).resolve().parent / "modules"
_SOURCE = re.compile(r"^# source: (\S+)$", re.MULTILINE)
_PREFIXES = re.compile(
    r"^(git::)?((https?|ssh|git)://)?(git@)?((www\.)?github\.com[/:]|registry\.terraform\.io/)?"
)
_REVISION = re.compile(r"[?&]ref=v?(\d+)(?:\.|&|$)")
_BOUND = re.compile(r"\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+(?:\.\d+)*)(?:-[\w.]+)?\s*")
_REPOSITORY = re.compile(r"^([\w.-]+)/terraform-([a-z0-9]+)-([\w.-]+?)(\.git)?(//|$)")


def canonical(source: str) -> str:
    """A module's source as the registry writes it: OWNER/NAME/PROVIDER, and //SUBMODULE.

    What is no registry address and no repository named like one stays as it is, without its
    scheme and revision.
    """
    text = _PREFIXES.sub("", source.split("?", 1)[0])
    return _REPOSITORY.sub(r"\1/\3/\2\5", text).removesuffix(".git")


def major_version(constraint: str | None, source: str) -> int | None:
    """The one major version that a call's `version` allows, or its source's `ref` names."""
    if constraint is None:
        revision = _REVISION.search(source)
        return None if revision is None else int(revision[1])
    least, most = 0, None
    for part in constraint.split(","):
        bound = _BOUND.fullmatch(part)
        if bound is None:
            return None
        lower, upper = _majors(bound[1] or "=", tuple(map(int, bound[2].split("."))))
        least = max(least, lower)
        most = upper if most is None else most if upper is None else min(most, upper)
    return least if least == most else None


def _majors(operator: str, version: tuple[int, ...]) -> tuple[int, int | None]:
    """The least and the greatest major version that one bound allows."""
    major, *rest = version
    match operator:
        case "=":
            return major, major
        case "~>":
            return major, major if rest else None
        case ">=" | ">":
            return major, None
        case "<":
            return 0, major if any(rest) else major - 1
        case "<=":
            return 0, major
        case _:
            return 0, None


class StandIns:
    """The stand-ins in directories, the first that fits to win; bundled ones come last."""

    def __init__(self, directories: Iterable[Path] = ()) -> None:
        self._directories = (*directories, BUNDLED)
        self._reader: Reader | None = None

    def find(self, source: str, label: str) -> Module | None:
        """The stand-in for a module's source; None where there is none."""
        wanted = canonical(source)
        for directory in self._directories:
            for pattern, place in _index(directory):
                if fnmatchcase(wanted, pattern):
                    reader = self._reader = self._reader or Reader(Files())
                    return reader.module(place, label)
        return None


@cache
def _index(directory: Path) -> tuple[tuple[str, Path], ...]:
    """The patterns of all stand-ins in a directory, the longest first."""
    found: list[tuple[str, Path]] = []
    for main in directory.glob("*/main.tf"):
        head = main.read_text(encoding="utf-8")[:2000]
        found.extend((pattern, main.parent) for pattern in _SOURCE.findall(head))
    return tuple(sorted(found, key=lambda each: (-len(each[0]), each[0])))
