"""Baselines: findings that are known and do not count, so that only new ones do.

An entry is a rule, an address, a subject and a severity, counted; it holds no line numbers and
survives edits elsewhere. Roots are named relative to the baseline's directory.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from fglint.diagnostic import Diagnostic
from fglint.finding import Finding, Suppression
from fglint.misuse import Misuse, spelled

VERSION = 1


class BaselineError(Misuse):
    """A baseline that cannot be used; the message names the file and what is wrong."""


class Entry(NamedTuple):
    """What a known finding is recognised by, in the order of the file."""

    root: str
    rule: str
    address: str
    subject: str
    severity: str
    verdict: str


class Baseline:
    """The entries of one file, and how many of each the run has not met yet."""

    def __init__(self, path: Path, entries: Counter[Entry]) -> None:
        self.path = path
        self.entries = entries
        self._left = Counter(entries)
        self._roots: set[str] = set()
        self._ran: set[str] = set()

    def apply(
        self, findings: Iterable[Finding], root: Path, ran: Iterable[str]
    ) -> tuple[Finding, ...]:
        """The findings of a root; those that the baseline knows are suppressed."""
        name = self._name(root)
        self._roots.add(name)
        self._ran.update(ran)
        return tuple(self._apply(finding, name) for finding in findings)

    def _apply(self, finding: Finding, root: str) -> Finding:
        entry = entry_of(finding, root)
        if finding.suppressed is not None or self._left[entry] == 0:
            return finding
        self._left[entry] -= 1
        return replace(finding, suppressed=Suppression("baseline"))

    def _name(self, root: Path) -> str:
        return root_name(root, self.path)

    def report(self) -> tuple[Diagnostic, ...]:
        """What the baseline lists and the checked roots no longer have, in one line."""
        fixed = [
            entry
            for entry, count in sorted(self._left.items())
            if count and entry.root in self._roots and entry.rule in self._ran
        ]
        if not fixed:
            return ()
        shown = os.path.relpath(self.path).replace(os.sep, "/")
        listed = ", ".join(f"{entry.rule} at {entry.address or entry.root}" for entry in fixed)
        summary = "Baseline lists what is fixed"
        detail = f"{shown} still has {listed}; write it anew with `fglint baseline`."
        return (Diagnostic("info", summary, detail),)


def entry_of(finding: Finding, root: str) -> Entry:
    """What a finding is recognised by."""
    return Entry(
        root,
        finding.rule,
        finding.address,
        finding.subject,
        finding.severity.value,
        finding.verdict.value,
    )


def root_name(root: Path, baseline: Path) -> str:
    """A root as a baseline names it: relative to the baseline's directory."""
    return os.path.relpath(root.resolve(), baseline.resolve().parent).replace(os.sep, "/")


def read(path: Path) -> Baseline:
    """The baseline in a file; BaselineError when it is none."""
    shown = spelled(path)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BaselineError(f"{shown}: the baseline cannot be read: {reason}") from None
    except UnicodeDecodeError:
        raise BaselineError(f"{shown}: the baseline is not encoded in UTF-8") from None
    except json.JSONDecodeError as error:
        place, wrong = f"{shown}:{error.lineno}:{error.colno}", error.msg.lower()
        raise BaselineError(f"{place}: the baseline is not JSON: {wrong}") from None
    except (ValueError, RecursionError):  # numbers and nesting past what Python reads
        raise BaselineError(_no_baseline(shown, "")) from None
    if not isinstance(document, dict) or "version" not in document:
        raise BaselineError(_no_baseline(shown, ""))
    version = document["version"]
    if version != VERSION:
        raise BaselineError(
            f"{shown}: version {json.dumps(version)} of baselines is not known to this fglint, "
            f"which writes version {VERSION}"
        )
    listed = document.get("findings")
    if not isinstance(listed, list):
        raise BaselineError(_no_baseline(shown, "findings is no list"))
    entries = Counter[Entry]()
    for number, each in enumerate(listed):
        entry, count = _entry(each), _count(each)
        if entry is None or count is None:
            raise BaselineError(_no_baseline(shown, f"findings[{number}] is no entry"))
        entries[entry] += count
    return Baseline(path, entries)


def _no_baseline(shown: str, detail: str) -> str:
    what = f"this is no baseline: {detail}" if detail else "this is no baseline"
    return f"{shown}: {what}; write one with `fglint baseline`"


def _entry(given: object) -> Entry | None:
    if not isinstance(given, dict):
        return None
    parts = [given.get(name) for name in Entry._fields]
    texts = [part for part in parts if isinstance(part, str)]
    return Entry(*texts) if len(texts) == len(parts) else None


def _count(given: object) -> int | None:
    count = given.get("count", 1) if isinstance(given, dict) else None
    is_count = isinstance(count, int) and not isinstance(count, bool) and count > 0
    return count if is_count else None


def kept(path: Path, roots: Collection[str]) -> Counter[Entry]:
    """The entries of a baseline that are about other roots than these; BaselineError."""
    known = read(path).entries
    return Counter({entry: count for entry, count in known.items() if entry.root not in roots})


def render(entries: Counter[Entry]) -> str:
    """The text of a baseline with these entries."""
    listed = [
        {**entry._asdict(), **({"count": count} if count > 1 else {})}
        for entry, count in sorted(entries.items())
    ]
    document = {"version": VERSION, "findings": listed}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
