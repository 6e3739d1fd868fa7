"""JSON for programs. docs/reports.md binds it: add to it, never take away."""

from __future__ import annotations

import json
import re

from fglint import __version__
from fglint.diagnostic import Diagnostic
from fglint.finding import CRITERIA, Finding, Report, RootReport, ServiceScore, Verdict
from fglint.report.fixes import Fixes
from fglint.report.options import Options
from fglint.report.selection import Totals, ordered, shown
from fglint.source import Range

SCHEMA_VERSION = 1

Json = dict[str, object]

_STEERING = re.compile(
    "[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)


def render(report: Report, options: Options) -> str:
    """The report as one object, keys sorted. Undecided verdicts are always listed."""
    totals, fixes = Totals.of(report), Fixes(report)
    log: Json = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "fglint", "version": __version__},
        "roots": [_root(root, options, fixes) for root in report.roots],
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in ordered(report.diagnostics)],
        "summary": {
            "fail": totals.failed,
            "unknown": totals.unknown,
            "suppressed": totals.suppressed,
            "fixable": totals.fixable,
            "fixable_unsafe": totals.fixable_unsafe,
            "files": totals.files,
            "resources": totals.resources,
            "services": totals.services,
        },
    }
    return dump(log)


def dump(value: object) -> str:
    """JSON text, keys sorted; characters that steer a terminal or reorder text are escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    return text if text.isascii() else _STEERING.sub(lambda found: json.dumps(found[0])[1:-1], text)


def _root(root: RootReport, options: Options, fixes: Fixes) -> Json:
    everything = Options(unknown="report", show_suppressed=options.show_suppressed)
    facts = [
        {"place": fact.place, "about": fact.about, "states": fact.words, "reason": fact.reason}
        for fact in root.facts
    ]
    return {
        **({"facts": facts} if facts else {}),
        "path": root.path,
        "scorecard": [_score(s) for s in sorted(root.scorecard, key=lambda s: s.service)],
        "rules": {
            rule: {verdict.value: verdicts.get(verdict, 0) for verdict in Verdict}
            for rule, verdicts in root.rules.items()
        },
        "findings": [_finding(finding, fixes) for finding in shown(root, everything)],
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in ordered(root.diagnostics)],
    }


def _score(score: ServiceScore) -> Json:
    return {
        "service": score.service,
        "criteria": {
            name: score.criteria.get(name, Verdict.NOT_APPLICABLE).value for name in CRITERIA
        },
        "criteria_suppressed": sorted(score.criteria_suppressed),
    }


def _finding(finding: Finding, fixes: Fixes) -> Json:
    suppressed = finding.suppressed
    return {
        "rule": finding.rule,
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "message": finding.text,
        "snippet": finding.snippet or None,
        "fix": _fix(finding, fixes),
        "because": finding.because,
        "address": finding.address,
        "subject": finding.subject,
        "location": _location(finding.range),
        "related": [
            {"message": related.message, "location": _location(related.range)}
            for related in finding.related
        ],
        "flow": [
            {"message": step.message, "location": _location(step.range)} for step in finding.flow
        ],
        "fingerprint": finding.fingerprint,
        "suppressed": suppressed
        and {
            "kind": suppressed.kind,
            "reason": suppressed.reason,
            "until": suppressed.until,
        },
    }


def _fix(finding: Finding, fixes: Fixes) -> Json | None:
    """How safe a fix is, and its edits, unless one would show a secret."""
    safety = fixes.safety(finding)
    if safety is None:
        return None
    edits = fixes.edits(finding)
    return {
        "safety": safety,
        "edits": [{"location": _location(edit.range), "text": edit.text} for edit in edits],
    }


def _diagnostic(diagnostic: Diagnostic) -> Json:
    return {
        "severity": diagnostic.severity,
        "summary": diagnostic.summary,
        "detail": diagnostic.detail,
        "location": _location(diagnostic.range) if diagnostic.range else None,
    }


def _location(place: Range) -> Json:
    begin, finish = place.begin, place.finish
    return {
        "path": place.path,
        "line": begin.line,
        "column": begin.column,
        "end_line": finish.line,
        "end_column": finish.column,
    }
