"""Stand-ins for modules that are not downloaded: what their documentation determines, as Terraform.

A stand-in is a directory with Terraform files. Comments `# source: PATTERN` at the top of its
main.tf say for which module sources it stands; `*` in a pattern stands for any text. It declares
the module's inputs that matter, the resources that follow from them, and outputs. What it leaves
open is unknown with the cause that the module is not downloaded: inputs without a default that
the call does not give, arguments and blocks of resources that are not written, outputs that are
not declared.
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
_REPOSITORY = re.compile(r"^([\w.-]+)/terraform-([a-z0-9]+)-([\w.-]+?)(\.git)?(//|$)")


def canonical(source: str) -> str:
    """A module's source as the registry writes it: OWNER/NAME/PROVIDER, and //SUBMODULE.

    What is no registry address and no repository named like one stays as it is, without its
    scheme and revision.
    """
    text = _PREFIXES.sub("", source.split("?", 1)[0])
    return _REPOSITORY.sub(r"\1/\3/\2\5", text).removesuffix(".git")


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
