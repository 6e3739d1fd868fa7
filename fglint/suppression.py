"""Suppression: which findings do not count, by comments, settings and a baseline.

One object serves a whole run, because a comment in a module that several roots call is unused only
when none of them uses it. Suppressing hides a finding; it never changes a verdict.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import field, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from fglint.comments import IgnoreComment, ignore_comments
from fglint.diagnostic import Diagnostic
from fglint.finding import Finding, Suppression
from fglint.records import dataclass
from fglint.settings import Ignore, Settings
from fglint.source import Range
from fglint.syntax.nodes import Block

if TYPE_CHECKING:
    from fglint.configuration.loader import Configuration


@dataclass(eq=False)
class _Comment:
    """A comment of the run, and what became of it."""

    comment: IgnoreComment
    used: set[str] = field(default_factory=set)
    ran: set[str] = field(default_factory=set)


class Suppressions:
    """The suppressions of one run.

    `folders` names all rules that there are, and the folder of each. `today` is the day that
    `until` is compared with; the day itself still counts.
    """

    def __init__(self, folders: Mapping[str, str], today: date) -> None:
        self.folders = folders
        self.today = today
        self._comments: dict[tuple[str, int], _Comment] = {}
        self._ignores: dict[tuple[Path | None, Ignore], bool] = {}
        self._diagnostics: dict[tuple[str, int, str], Diagnostic] = {}

    def apply(
        self,
        findings: Iterable[Finding],
        configuration: Configuration,
        settings: Settings,
        ran: Collection[str],
    ) -> tuple[Finding, ...]:
        """The findings of a root, with why those that do not count do not.

        `ran` are the names of the rules that ran: a comment for another is not unused.
        """
        comments = self._read(configuration, settings, ran)
        for ignore in settings.ignored_findings:
            if not ignore.rules or any(self._named(name) & {*ran} for name in ignore.rules):
                self._ignores.setdefault((settings.path, ignore), False)
        blocks = _Blocks(configuration)
        return tuple(
            self._by_comment(finding, comments, blocks, settings)
            or self._by_settings(finding, settings)
            or finding
            for finding in findings
        )

    def report(self, complete: Collection[Path] = ()) -> tuple[Diagnostic, ...]:
        """What is wrong with the suppressions of the run; asked for after the last root.

        `complete` are the settings files all of whose roots were checked: only there can an entry
        be called unused.
        """
        for (path, ignore), used in self._ignores.items():
            if not used and path in complete and self._in_force(ignore, None):
                self._complain_settings(
                    "Unused [[ignore]]", f"{ignore.place}: no finding is ignored by it."
                )
        for known in self._comments.values():
            named = {name: self._named(name) for name in known.comment.rules}
            unused = [
                name
                for name, rules in named.items()
                if rules & known.ran and not rules & known.used
            ]
            if unused:
                self._complain(
                    "Unused ignore comment",
                    f"No finding of {_listed(unused)} is here; take it out of the comment.",
                    known.comment.range,
                )
        return tuple(sorted(self._diagnostics.values(), key=_place))

    # ---- comments -----------------------------------------------------------------------------

    def _read(
        self, configuration: Configuration, settings: Settings, ran: Collection[str]
    ) -> list[_Comment]:
        """The comments of the root's own files that may count."""
        found: list[_Comment] = []
        if not settings.inline_ignores:
            return found
        for file in configuration.files:
            if "/.terraform/" in f"/{file.source.path}":
                continue  # a downloaded module: findings in it stand at the call
            comments, wrong = ignore_comments(file)
            for diagnostic in wrong:
                assert diagnostic.range is not None
                self._complain(diagnostic.summary, diagnostic.detail, diagnostic.range)
            for comment in comments:
                if not self._counts(comment, settings):
                    continue
                key = comment.range.path, comment.range.start
                known = self._comments.setdefault(key, _Comment(comment))
                known.ran.update(ran)
                found.append(_Comment(comment, known.used, known.ran))
        return found

    def _counts(self, comment: IgnoreComment, settings: Settings) -> bool:
        """Whether a comment counts; what is wrong with it is reported."""
        for name in comment.rules:
            if not self._named(name):
                self._complain(
                    "Ignore comment for an unknown rule",
                    f'There is no rule and no folder of rules named "{name}"{self._near(name)}',
                    comment.range,
                )
        if comment.until is not None and comment.until < self.today:
            self._complain(
                "Expired ignore comment",
                f"The comment counted until {comment.until}; its findings count again.",
                comment.range,
            )
            return False
        if comment.reason is None and settings.require_reason:
            self._complain(
                "Ignore comment without a reason",
                "The settings require one, so the comment does not count; write -- and why.",
                comment.range,
            )
            return False
        return True

    def _by_comment(
        self, finding: Finding, comments: list[_Comment], blocks: _Blocks, settings: Settings
    ) -> Finding | None:
        names = {finding.rule, self.folders.get(finding.rule, "")}
        for known in comments:
            comment = known.comment
            if names.isdisjoint(comment.rules) or not blocks.covers(comment, finding):
                continue
            known.used.add(finding.rule)
            if not names.isdisjoint(settings.non_ignorable):
                self._complain(
                    "Ignore comment without effect",
                    f"The settings say that findings of {finding.rule} may not be ignored.",
                    comment.range,
                )
                continue
            until = None if comment.until is None else comment.until.isoformat()
            return replace(finding, suppressed=Suppression("comment", comment.reason, until))
        return None

    # ---- settings -----------------------------------------------------------------------------

    def _by_settings(self, finding: Finding, settings: Settings) -> Finding | None:
        names = {finding.rule, self.folders.get(finding.rule, "")}
        for ignore in settings.ignored_findings:
            if ignore.rules and names.isdisjoint(ignore.rules):
                continue
            if not self._in_force(ignore, settings):
                continue
            if ignore.address and not address_matches(ignore.address, finding.address):
                continue
            if ignore.paths and not _in_paths(finding.range, ignore.paths, settings.directory):
                continue
            self._ignores[settings.path, ignore] = True
            until = None if ignore.until is None else ignore.until.isoformat()
            return replace(finding, suppressed=Suppression("config", ignore.reason, until))
        return None

    def _in_force(self, ignore: Ignore, settings: Settings | None) -> bool:
        if ignore.until is not None and ignore.until < self.today:
            self._complain_settings(
                "Expired [[ignore]]",
                f"{ignore.place}: it counted until {ignore.until}; its findings count again.",
            )
            return False
        if ignore.reason is None and settings is not None and settings.require_reason:
            self._complain_settings(
                "[[ignore]] without a reason",
                f"{ignore.place}: the settings require a reason, so it does not count.",
            )
            return False
        return True

    # ---- words --------------------------------------------------------------------------------

    def _named(self, name: str) -> set[str]:
        """The rules that a name in a comment stands for."""
        if name in self.folders:
            return {name}
        return {rule for rule, folder in self.folders.items() if folder == name}

    def _near(self, name: str) -> str:
        known = {*self.folders, *self.folders.values()}
        close = get_close_matches(name, sorted(known), 1)
        return f'; did you mean "{close[0]}"?' if close else "; `fglint rules` lists them."

    def _complain(self, summary: str, detail: str, at: Range) -> None:
        key = at.path, at.start, summary + detail
        self._diagnostics.setdefault(key, Diagnostic("warning", summary, detail, at))

    def _complain_settings(self, summary: str, detail: str) -> None:
        self._diagnostics.setdefault(("", 0, detail), Diagnostic("warning", summary, detail))


class _Blocks:
    """Which blocks findings are about: their resource's, and those of the calls around it."""

    def __init__(self, configuration: Configuration) -> None:
        self.blocks: dict[str, Block] = {
            instance.address: instance.block for instance in configuration.instances
        }
        self.calls: list[tuple[str, Block]] = [
            (call.address, call.declaration.block) for call in configuration.calls
        ]

    def covers(self, comment: IgnoreComment, finding: Finding) -> bool:
        """Whether a comment covers a finding: its place, its resource, or a call around it."""
        at = finding.range
        if at.path == comment.covers.path and _inside(at, comment.covers):
            return True
        if comment.block is None and not comment.whole_file:
            return False
        return any(
            block is comment.block
            or (comment.whole_file and block.body.source is comment.covers.source)
            for block in self._around(finding.address)
        )

    def _around(self, address: str) -> Iterator[Block]:
        own = self.blocks.get(address)
        if own is not None:
            yield own
        if address.startswith("module."):
            for call, block in self.calls:
                if address_matches(call, address):
                    yield block


def _inside(inner: Range, outer: Range) -> bool:
    return outer.start <= inner.start < max(outer.end, outer.start + 1)


def address_matches(pattern: str, address: str) -> bool:
    """Whether an address is the one named, an instance of it, or inside the module named.

    `*` in the pattern stands for any text.
    """
    expression = ".*".join(re.escape(part) for part in pattern.split("*"))
    if re.fullmatch(expression + r"(\[.*\])?", address, re.DOTALL):
        return True
    return bool(
        pattern.startswith("module.")
        and re.match(expression + r"(\[[^\]]*\])?\.", address, re.DOTALL)
    )


def _in_paths(at: Range, patterns: Iterable[str], directory: Path | None) -> bool:
    relative = os.path.relpath(at.path, directory or Path.cwd()).replace(os.sep, "/")
    return any(path_matches(pattern, relative) for pattern in patterns)


def path_matches(pattern: str, path: str) -> bool:
    """Whether a path is the one named, or lies in the directory named.

    `*` and `?` stand for text without a slash, `**` for any number of directories.
    """
    pattern = pattern.removeprefix("./").rstrip("/")
    expression = ""
    for piece in re.split(r"(\*\*/?|\*|\?)", pattern):
        match piece:
            case "**/":
                expression += "(?:.*/)?"
            case "**":
                expression += ".*"
            case "*":
                expression += "[^/]*"
            case "?":
                expression += "[^/]"
            case _:
                expression += re.escape(piece)
    return re.fullmatch(expression + "(?:/.*)?", path) is not None


def _listed(names: list[str]) -> str:
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"


def _place(diagnostic: Diagnostic) -> tuple[str, int, str]:
    at = diagnostic.range
    return (at.path, at.start, diagnostic.summary) if at else ("", 0, diagnostic.detail)
