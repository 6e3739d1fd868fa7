"""Workflow commands: annotations on the changed lines of a pull request on GitHub.

A step shows ten annotations of each level, so the worst come first; the others are plain lines
of the log. Source: "Workflow commands for GitHub Actions" in GitHub's documentation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from fglint.diagnostic import Diagnostic
from fglint.finding import Finding, Report, Severity, Verdict
from fglint.records import dataclass
from fglint.report.options import Options
from fglint.report.results import diagnostic_text
from fglint.report.selection import (
    all_diagnostics,
    lines_of,
    shown,
    statement,
    summary,
    suppression_text,
    where,
    worst_first,
)
from fglint.report.text import one_line
from fglint.source import Range

MOST_OF_A_LEVEL = 10
_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}
_DIAGNOSTIC_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}


@dataclass(frozen=True, slots=True)
class _Annotation:
    """What is shown at a place, or in the log alone where there is none."""

    level: str
    title: str
    text: str
    range: Range | None


def render(report: Report, options: Options) -> str:
    """Annotations, then what is not annotated, then the summary line."""
    return "".join(f"{line}\n" for line in _lines(report, options))


def _lines(report: Report, options: Options) -> Iterator[str]:
    annotations = list(_annotations(report, options))
    given: Counter[str] = Counter()
    rest = []
    for annotation in annotations:
        if given[annotation.level] < MOST_OF_A_LEVEL:
            given[annotation.level] += 1
            yield _command(annotation, options)
        else:
            rest.append(annotation)
    if rest:
        yield f"{len(rest)} more not annotated: GitHub shows ten of each level."
        yield from (_plain(annotation, options) for annotation in rest)
    yield _harmless(summary(report))


def _annotations(report: Report, options: Options) -> Iterator[_Annotation]:
    """Everything to show, worst first; errors of the input before all."""
    diagnostics = [diagnostic for _, diagnostic in all_diagnostics(report)]
    yield from (_of_diagnostic(d) for d in diagnostics if d.severity == "error")
    findings = [finding for root in report.roots for finding in shown(root, options)]
    yield from (_of_finding(finding, options) for finding in worst_first(findings))
    yield from (_of_diagnostic(d) for d in diagnostics if d.severity == "warning")


def _of_finding(finding: Finding, options: Options) -> _Annotation:
    undecided = finding.verdict is Verdict.UNKNOWN and options.unknown != "fail"
    text = statement(finding)
    if place := where(finding):
        text += f" ({place})"
    level = _LEVELS[finding.severity]
    if finding.suppressed is not None:
        level, text = "notice", f"{text} [{suppression_text(finding.suppressed)}]"
    return _Annotation(
        "notice" if undecided else level,
        f"{finding.rule} ({'unknown' if undecided else finding.severity.value})",
        text,
        finding.range,
    )


def _of_diagnostic(diagnostic: Diagnostic) -> _Annotation:
    level = _DIAGNOSTIC_LEVELS[diagnostic.severity]
    title = one_line(diagnostic.summary)
    return _Annotation(level, title, diagnostic_text(diagnostic), diagnostic.range)


def _command(annotation: _Annotation, options: Options) -> str:
    properties = {"title": annotation.title}
    text = annotation.text
    if annotation.range is not None:
        path = _path(annotation.range, options)
        first, last = lines_of(annotation.range)
        begin, finish = annotation.range.begin, annotation.range.finish
        text = f"{path}:{first}: {text}"
        properties |= {"file": path, "line": str(first), "endLine": str(last)}
        if begin.line == finish.line:  # columns over several lines are refused
            properties |= {"col": str(begin.column), "endColumn": str(finish.column)}
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{annotation.level} {written}::{_data(text)}"


def _plain(annotation: _Annotation, options: Options) -> str:
    text = f"{annotation.title}: {annotation.text}"
    if annotation.range is not None:
        line, column = annotation.range.begin
        text = f"{_path(annotation.range, options)}:{line}:{column}: {text}"
    # Begins with a word of ours: a line that begins with two colons would be a command.
    return _harmless(f"{annotation.level}: {text}")


def _path(place: Range, options: Options) -> str:
    return one_line(options.repository_path(place.path))


def _harmless(text: str) -> str:
    """The text without the older notation of commands, which counts anywhere in a line."""
    return text.replace("##[", "# #[")


def _data(text: str) -> str:
    return _harmless(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
