"""Which root modules a check is about: from the paths that it is given.

A directory with Terraform files is a root. One without is searched for roots: directories that no
local module call leads to. A file stands for the roots that its change can affect.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from functools import cached_property
from pathlib import Path

from fglint.configuration.module import is_configuration
from fglint.ignored import Ignored
from fglint.misuse import Misuse, spelled
from fglint.records import dataclass
from fglint.settings import NAMES, repository_root
from fglint.source import Files, ReadError, SourceFile
from fglint.suppression import path_matches
from fglint.syntax import parse_file
from fglint.syntax.nodes import Literal

_SKIPPED = frozenset({".git", ".terraform", ".terragrunt-cache", "node_modules"})
_LOCAL_SOURCE = re.compile(r'source"?\s*[=:]\s*"(\.{1,2}[/\\][^"\n]*)"')
_VARIABLES = (".tfvars", ".tfvars.json")
_PLAN = re.compile(r'\A\s*\{\s*"format_version".{0,200}"terraform_version"', re.DOTALL)


class PathError(Misuse):
    """A path that cannot be checked; the message is one line."""


@dataclass(frozen=True, slots=True)
class Root:
    """One root module to check.

    `reads` are files because of which it is checked, though nothing but reading can tell whether
    it uses one; None when it is checked in any case.
    """

    directory: Path
    reads: frozenset[Path] | None = None


@dataclass(eq=False)
class Search:
    """Finds roots below the top of the repository that the given paths lie in."""

    exclude: Sequence[str] = ()
    base: Path = field(default_factory=Path.cwd)
    _maps: dict[Path, ModuleMap] = field(default_factory=dict, repr=False)

    def roots(self, paths: Iterable[Path]) -> list[Root]:
        """The roots that the paths stand for, each once, in their order.

        PathError when a path does not exist or cannot be checked.
        """
        found: dict[Path, Root] = {}
        for path in paths:
            for root in self._of(Path(os.path.abspath(path))):
                known = found.get(root.directory)
                if known is None or (known.reads is not None and root.reads is None):
                    found[root.directory] = root
                elif known.reads is not None and root.reads is not None:
                    found[root.directory] = Root(root.directory, known.reads | root.reads)
        return list(found.values())

    def below(self, roots: Iterable[Root]) -> list[Path]:
        """Other roots in the directories of these."""
        found: set[Path] = set()
        checked = {root.directory for root in roots}
        for directory in checked:
            found.update(self._map(directory).roots_below(directory))
        return sorted(found - checked)

    def _of(self, path: Path) -> Iterator[Root]:
        shown = spelled(path)
        if not path.exists():
            raise PathError(f"{shown} does not exist")
        if path.is_dir():
            yield from map(Root, self._of_directory(path))
        elif _SKIPPED.intersection(path.parts):
            return
        elif is_configuration(path.name):
            yield from map(Root, self._map(path.parent).roots_of(path.parent))
        elif path.name in NAMES:
            yield from map(Root, self._map(path.parent).roots_below(path.parent))
        elif path.name.endswith(_VARIABLES):
            yield from self._nearest(path)
        elif _is_plan(path):
            raise PathError(
                f"{shown} is a plan, which fglint cannot check yet; give it the root module's "
                "directory"
            )
        else:
            yield from self._nearest(path)
            for directory in self._map(path.parent).mentioning(path):
                yield Root(directory, frozenset({path}))

    def _of_directory(self, directory: Path) -> list[Path]:
        if _configuration_files(directory):
            return [directory]
        return self._map(directory).roots_below(directory)

    def _nearest(self, path: Path) -> Iterator[Root]:
        """The roots of the nearest directory above a file that holds Terraform files."""
        top = self._top(path.parent)
        for directory in path.parents:
            if _configuration_files(directory):
                yield from map(Root, self._map(directory).roots_of(directory))
                return
            if directory == top:
                return

    def _top(self, directory: Path) -> Path:
        repository = repository_root(directory)
        if repository is not None:
            return repository
        return self.base if directory.is_relative_to(self.base) else directory

    def _map(self, directory: Path) -> ModuleMap:
        top = self._top(directory)
        if top not in self._maps:
            self._maps[top] = ModuleMap(top, self.exclude, self.base)
        return self._maps[top]


class ModuleMap:
    """The directories with Terraform files below a top, and which of them call which."""

    def __init__(self, top: Path, exclude: Sequence[str] = (), base: Path | None = None) -> None:
        self.top = top
        self.exclude = exclude
        self.base = base or top
        self.files = Files(self.base)

    @cached_property
    def modules(self) -> dict[Path, list[Path]]:
        """All directories with Terraform files, sorted, with these files."""
        ignored = Ignored(self.top)
        found: dict[Path, list[Path]] = {}
        pending = [self.top]
        while pending:
            directory = pending.pop()
            try:
                entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
            except OSError:
                continue  # what may not be listed holds nothing to check
            files: list[Path] = []
            for entry in entries:
                path = directory / entry.name
                if entry.is_dir(follow_symlinks=False):
                    if entry.name not in _SKIPPED and not ignored(path, True):
                        pending.append(path)
                elif is_configuration(entry.name) and not ignored(path, False):
                    files.append(path)
            if files:
                found[directory] = files
        return dict(sorted(found.items()))

    @cached_property
    def callers(self) -> dict[Path, set[Path]]:
        """For each directory, those whose modules call it by a local source."""
        callers: dict[Path, set[Path]] = {}
        for directory, files in self.modules.items():
            for file in files:
                for called in self._calls(file):
                    if called != directory:
                        callers.setdefault(called, set()).add(directory)
        return callers

    @cached_property
    def _texts(self) -> dict[Path, str]:
        return {path: self._text(path) for files in self.modules.values() for path in files}

    def _text(self, path: Path) -> str:
        try:
            return self.files.source(path).text
        except ReadError:
            return ""  # the load of its root says what is wrong with it

    def _calls(self, file: Path) -> Iterator[Path]:
        """The directories that a file's module blocks lead to.

        A file is parsed only when its text has a source that leads to a module.
        """
        text = self._texts[file]
        candidates = {_target(file, match[1]) for match in _LOCAL_SOURCE.finditer(text)}
        if candidates.isdisjoint(self.modules):
            return
        for block in parse_file(SourceFile(file.name, text)).body.blocks_of("module"):
            attribute = block.body.attributes.get("source")
            source = attribute.expression if attribute else None
            if isinstance(source, Literal) and isinstance(source.value, str):
                yield _target(file, source.value)

    def roots_of(self, directory: Path) -> list[Path]:
        """The roots that call a module, directly or not; itself when nobody does."""
        found: set[Path] = set()
        seen = {directory}
        pending = [directory]
        while pending:
            module = pending.pop()
            above = self.callers.get(module, set())
            if not above:
                found.add(module)
            pending.extend(above - seen)
            seen |= above
        return sorted(found) or [directory]  # modules that call each other have no root

    def roots_below(self, directory: Path) -> list[Path]:
        """All roots in a directory and below it, without what is excluded."""
        below = [
            module
            for module in self.modules
            if module.is_relative_to(directory) and not self._excluded(module)
        ]
        return [module for module in below if not self.callers.get(module)] or below

    def _excluded(self, directory: Path) -> bool:
        if not self.exclude:
            return False
        relative = os.path.relpath(directory, self.base).replace(os.sep, "/")
        return any(path_matches(pattern, relative) for pattern in self.exclude)

    def mentioning(self, path: Path) -> list[Path]:
        """The roots of modules whose text names a file, or the directory that it is in."""
        names = {path.name, path.stem, f"{path.parent.name}/"}
        found: set[Path] = set()
        for directory, files in self.modules.items():
            if any(name in self._texts[file] for file in files for name in names):
                found.update(self.roots_of(directory))
        return sorted(found)


def _target(file: Path, source: str) -> Path:
    return Path(os.path.normpath(file.parent / source.replace("\\", "/")))


def _configuration_files(directory: Path) -> bool:
    try:
        return any(map(is_configuration, os.listdir(directory)))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PathError(f"{spelled(directory)} cannot be read: {reason}") from None


def _is_plan(path: Path) -> bool:
    """Whether a file is a plan as JSON, or a saved one."""
    try:
        with path.open("rb") as file:
            head = file.read(400)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PathError(f"{spelled(path)} cannot be read: {reason}") from None
    if head.startswith(b"PK\x03\x04") and path.suffix in ("", ".tfplan", ".plan", ".out"):
        return True
    return path.suffix == ".json" and bool(_PLAN.match(head.decode("utf-8", "replace")))
