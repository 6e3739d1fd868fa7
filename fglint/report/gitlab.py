"""The code quality report of GitLab: a list of issues for the merge request's widget.

Source: "Code Quality report format" in GitLab's documentation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from fglint.finding import Report, Severity, Verdict
from fglint.report.descriptors import UNPARSED
from fglint.report.json import dump
from fglint.report.options import Options
from fglint.report.results import diagnostic_text
from fglint.report.selection import all_diagnostics, lines_of, shown, statement, where
from fglint.source import Range

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}

Issue = dict[str, object]


def render(report: Report, options: Options) -> str:
    """The list. Each fingerprint stands once: GitLab drops issues that share one."""
    seen: set[str] = set()
    issues = []
    for fingerprint, issue in _issues(report, options):
        unique, number = fingerprint, 1
        while unique in seen:
            number += 1
            unique = _digest(f"{fingerprint}\0{number}")
        seen.add(unique)
        issues.append({**issue, "fingerprint": unique})
    return dump(issues)


def _issues(report: Report, options: Options) -> Iterator[tuple[str, Issue]]:
    """The issues with their fingerprints, which may not be unique yet."""
    for _, diagnostic in all_diagnostics(report):
        if diagnostic.severity == "error" and diagnostic.range is not None:
            text = diagnostic_text(diagnostic)
            fingerprint = _digest(f"{UNPARSED.name}\0{diagnostic.range.path}\0{text}")
            yield (
                fingerprint,
                _issue(UNPARSED.name, UNPARSED.severity, text, diagnostic.range, options),
            )
    for root in report.roots:
        for finding in shown(root, options):
            text = statement(finding)
            if place := where(finding):
                text += f" ({place})"
            undecided = finding.verdict is Verdict.UNKNOWN and options.unknown != "fail"
            severity = Severity.INFO if undecided else finding.severity
            yield (
                finding.fingerprint,
                _issue(finding.rule, severity, text, finding.range, options),
            )


def _issue(rule: str, severity: Severity, text: str, place: Range, options: Options) -> Issue:
    first, last = lines_of(place)
    return {
        "type": "issue",
        "check_name": rule,
        "description": text,
        "severity": _SEVERITIES[severity],
        "location": {
            "path": options.repository_path(place.path),
            "lines": {"begin": first, "end": last},
        },
    }


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", errors="replace")).hexdigest()[:32]
