"""One line a finding: `path:line:column: severity[rule]: message`."""

from __future__ import annotations

from collections.abc import Iterator

from fglint.diagnostic import Diagnostic
from fglint.finding import Finding, Report, Verdict
from fglint.report.options import Options
from fglint.report.selection import (
    all_diagnostics,
    shown,
    statement,
    summary,
    suppression_text,
    where,
)
from fglint.report.text import Paint, one_line, visible


def render(report: Report, options: Options) -> str:
    """The findings of all roots, what could not be read, and the summary line."""
    return "".join(f"{line}\n" for line in _lines(report, options))


def _lines(report: Report, options: Options) -> Iterator[str]:
    paint = Paint(options.color)
    for root in report.roots:
        for finding in shown(root, options):
            yield _finding(finding, options, paint)
    for root_or_none, diagnostic in all_diagnostics(report):
        if diagnostic.severity == "error" or not options.quiet:
            yield _diagnostic(diagnostic, root_or_none.path if root_or_none else "", paint)
    if not options.quiet:
        yield paint("bold", summary(report))


def _finding(finding: Finding, options: Options, paint: Paint) -> str:
    decided = finding.verdict is Verdict.FAIL or options.unknown == "fail"
    style = finding.severity.value if decided else "unknown"
    text = f"{visible(str(finding.range))}: {paint(style, f'{style}[{finding.rule}]')}: "
    text += statement(finding)
    if place := where(finding):
        text += paint("dim", f" ({place})")
    if finding.suppressed is not None:
        text += paint("dim", f" [{suppression_text(finding.suppressed)}]")
    return text


def _diagnostic(diagnostic: Diagnostic, root: str, paint: Paint) -> str:
    place = str(diagnostic.range) if diagnostic.range else root
    text = f"{visible(place)}: " if place else ""
    text += f"{paint(diagnostic.severity, diagnostic.severity)}: {one_line(diagnostic.summary)}"
    return f"{text}: {one_line(diagnostic.detail)}" if diagnostic.detail else text
