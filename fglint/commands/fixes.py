"""Fixes of a check: what is written, and what is said of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import click

from fglint import output
from fglint.finding import Finding, Report, RootReport, Verdict
from fglint.fix import Fixing
from fglint.ignored import Ignored
from fglint.misuse import Misuse
from fglint.report.redaction import MASK, Masks
from fglint.report.text import one_line
from fglint.settings import repository_root

_BYTE_ORDER_MARK = "\ufeff"


def write(done: Fixing, base: Path) -> None:
    """Writes all changed files, each whole; WriteError, Misuse before the first is written."""
    found: list[tuple[Path, str]] = []
    for path, text in done.texts.items():
        place = base / path
        mark = _unchanged(place, done.before[path])
        found.append((place, mark + text))
    for place, text in found:
        output.write(place, text)


def protection(base: Path) -> Callable[[str], str]:
    """Tells why a file must not be changed: it is not the author's own, or nobody would see it."""

    def reason(path: str) -> str:
        place = Path(os.path.abspath(base / path))
        if ".terraform" in place.parts:
            return f"{path} belongs to a module that is downloaded"
        top = repository_root(place.parent)
        return f"{path} is ignored by git" if top is not None and _is_ignored(top, place) else ""

    return cache(reason)


def _is_ignored(top: Path, place: Path) -> bool:
    ignored = Ignored(top)
    above = [each for each in reversed(place.parents) if each != top and top in each.parents]
    return any(ignored(each, True) for each in above) or ignored(place, False)


def _unchanged(place: Path, text: str) -> str:
    """The byte order mark of a file; Misuse when it is not as read, or may not be written."""
    shown = os.path.relpath(place).replace(os.sep, "/")
    try:
        now = place.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        raise Misuse(f"{shown} is not fixed: it is no longer there, or not UTF-8") from None
    if now.removeprefix(_BYTE_ORDER_MARK) != text:
        raise Misuse(f"{shown} is not fixed: it was changed while it was checked; run again")
    if not os.access(place, os.W_OK):
        raise Misuse(f"{shown} is not fixed: it may not be written")
    return _BYTE_ORDER_MARK if now.startswith(_BYTE_ORDER_MARK) else ""


def print_diff(done: Fixing, before: Sequence[RootReport]) -> None:
    """Prints what would be changed, secrets masked; then it is no patch, and that is said."""
    masks = Masks(Report((*before, *done.reports)))
    text = done.diff(masks.masked)
    click.echo(text, nl=False)
    if MASK in text and MASK not in done.diff():
        click.echo("secrets are masked in the diff, so it is no patch; use --fix", err=True)


def tell(done: Fixing, *, would: bool, quiet: int) -> None:
    """Says on the standard error what is fixed, what is not and why, and how many are left."""
    if quiet > 1:
        return
    if not quiet:
        verb = "would fix" if would else "fixed"
        for finding in done.fixed:
            click.echo(f"{verb} {_named(finding)}", err=True)
        for refused in done.refused:
            click.echo(f"not fixed {_named(refused.finding)}: {refused.reason}", err=True)
    left = sum(
        finding.suppressed is None and finding.verdict is Verdict.FAIL
        for report in done.reports
        for finding in report.findings
    )
    more = f" ({done.needs_unsafe} with --unsafe-fixes)" if done.needs_unsafe else ""
    count = len(done.fixed)
    fixed = f"{count} would be fixed" if would else f"{count} fixed"
    click.echo(f"{fixed}, {left} left{more}", err=True)


def _named(finding: Finding) -> str:
    of = f", {finding.subject}" if finding.subject else ""
    where = f" ({one_line(finding.address + of)})" if finding.address else ""
    return f"{one_line(str(finding.range))}: {finding.rule}{where}"
