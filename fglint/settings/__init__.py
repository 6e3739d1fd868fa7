"""Settings: what fglint.toml, or [tool.fglint] of pyproject.toml, says.

The nearest file counts, from the root module up to the repository root and never beyond it, so
that a check gives one answer everywhere. The settings of the command line come on top.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from fglint.finding import Severity
from fglint.misuse import Misuse
from fglint.records import dataclass

NAMES = ("fglint.toml", ".fglint.toml", "pyproject.toml")
Profile = Literal["production", "development", "strict"]
UnknownVerdicts = Literal["summary", "report", "fail"]


class SettingsError(Misuse):
    """Settings that cannot be used; each line of the message is one error with its place."""


@dataclass(frozen=True, slots=True)
class Ignore:
    """An [[ignore]] entry: findings of these rules, at this address, in these paths do not count.

    What is empty says nothing: an entry without `paths` counts everywhere. `rules` holds names of
    rules and of folders of rules. `paths` are patterns relative to the settings file, and
    `address` one address, of a module with all that is in it, or a pattern with `*`.
    """

    rules: tuple[str, ...] = ()
    address: str = ""
    paths: tuple[str, ...] = ()
    reason: str | None = None
    until: date | None = None
    place: str = ""  # "fglint.toml:12"


@dataclass(frozen=True, slots=True)
class RuleSettings:
    """A [rules.NAME] table: another severity, and values for the options that the rule declares.

    Options keep the names of the file, with hyphens.
    """

    severity: Severity | None = None
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """A [[facts.KIND]] entry: what Terraform here cannot see of something, and who says so.

    `of` names it as reports do, or is a pattern with `*`; `states` are the keys that are set,
    with hyphens, and `reason` is where the knowledge comes from.
    """

    kind: str
    of: str
    states: Mapping[str, object]
    reason: str
    place: str = ""  # "fglint.toml:12"


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be set, with its defaults.

    `profile` is the set of rules and options that all else stands on. `select` and `ignore`
    hold names of rules and of folders of rules; an empty `select` stands for the rules that are
    on by default. Findings of `non_ignorable` rules and folders are not hidden by comments.
    `fail_on` is the least severity that makes a check fail, None for none. `places` tells where
    each value comes from, by its dotted key in the file.
    """

    path: Path | None = None
    profile: Profile = "production"
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    ignored_findings: tuple[Ignore, ...] = ()
    rule_directories: tuple[Path, ...] = ()
    rules: Mapping[str, RuleSettings] = field(default_factory=lambda: MappingProxyType({}))
    fail_on: Severity | None = Severity.MEDIUM
    unknown: UnknownVerdicts = "summary"
    exclude: tuple[str, ...] = ()
    baseline: Path | None = None
    var_files: tuple[Path, ...] = ()
    stand_ins: tuple[Path, ...] = ()
    environment_variables: bool = False
    inline_ignores: bool = True
    require_reason: bool = False
    non_ignorable: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    places: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def place(self, *key: str) -> str:
        """Where a value is set, "fglint.toml:3"; "default" when nowhere."""
        return self.places.get(".".join(key), "default")

    @property
    def directory(self) -> Path | None:
        """The directory that paths in the file are relative to."""
        return None if self.path is None else self.path.parent


def repository_root(directory: Path) -> Path | None:
    """The nearest directory at or above that holds .git; None outside a repository."""
    for candidate in (directory, *directory.parents):
        if (candidate / ".git").exists():
            return candidate
    return None


def find(directory: Path) -> Path | None:
    """The settings file that counts for a directory; None when there is none.

    The search ends at the repository root; outside a repository it ends below the home directory.
    """
    directory = directory.resolve()
    last = repository_root(directory)
    home = Path.home()
    for candidate in (directory, *directory.parents):
        if last is None and candidate in (home, Path(candidate.anchor)) and candidate != directory:
            return None
        for name in NAMES:
            path = candidate / name
            if path.is_file() and (name != "pyproject.toml" or _has_table(path)):
                return path
        if candidate == last:
            return None
    return None


def _has_table(path: Path) -> bool:
    """Whether [tool.fglint] may be in a pyproject.toml; a file that cannot be read has none."""
    try:
        return b"tool.fglint" in path.read_bytes()
    except OSError:
        return False


def load(path: Path) -> Settings:
    """The settings of one file; SettingsError when it cannot be used."""
    from fglint.settings.file import read  # pydantic and tomllib: only who has a file pays

    return read(path)
