"""Findings and diagnostics as the protocol's diagnostics."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from fglint.diagnostic import Diagnostic
from fglint.finding import Finding, Severity, Verdict
from fglint.server.checking import Checked, Problem
from fglint.server.positions import range_of

SOURCE = "fglint"
_SEVERITIES = {
    Severity.CRITICAL: types.DiagnosticSeverity.Error,
    Severity.HIGH: types.DiagnosticSeverity.Error,
    Severity.MEDIUM: types.DiagnosticSeverity.Warning,
    Severity.LOW: types.DiagnosticSeverity.Information,
    Severity.INFO: types.DiagnosticSeverity.Hint,
}
_LEVELS = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
}


def diagnostics_of(checked: Checked, encoding: str) -> dict[Path, list[types.Diagnostic]]:
    """The diagnostics of a root by file."""
    found: dict[Path, list[types.Diagnostic]] = {}
    for problem in checked.problems:
        match problem.about:
            case Finding() as finding:
                diagnostic = _of_finding(finding, checked, encoding)
            case Diagnostic() as trouble:
                diagnostic = _of_trouble(trouble, problem, encoding)
        found.setdefault(checked.path(problem.range), []).append(diagnostic)
    return found


def _of_finding(finding: Finding, checked: Checked, encoding: str) -> types.Diagnostic:
    rule = checked.rule(finding.rule)
    page = rule.references[0] if rule is not None and rule.references else None
    undecided = finding.verdict is Verdict.UNKNOWN
    fails = checked.plan is not None and checked.plan.settings.unknown == "fail"
    severity = _SEVERITIES[finding.severity]
    if undecided and not fails:
        severity = types.DiagnosticSeverity.Information
    related = [
        types.DiagnosticRelatedInformation(
            types.Location(checked.path(each.range).as_uri(), range_of(each.range, encoding)),
            each.message,
        )
        for each in finding.related
    ]
    return types.Diagnostic(
        range=range_of(finding.range, encoding),
        message=finding.cause if undecided else finding.text,
        severity=severity,
        code=finding.rule,
        code_description=None if page is None else types.CodeDescription(page),
        source=SOURCE,
        related_information=related or None,
        data={"fingerprint": finding.fingerprint},
    )


def _of_trouble(trouble: Diagnostic, problem: Problem, encoding: str) -> types.Diagnostic:
    text = f"{trouble.summary}: {trouble.detail}" if trouble.detail else trouble.summary
    unused = trouble.summary.startswith(("Unused ", "Expired "))
    return types.Diagnostic(
        range=range_of(problem.range, encoding),
        message=text,
        severity=_LEVELS[trouble.severity],
        source=SOURCE,
        tags=[types.DiagnosticTag.Unnecessary] if unused else None,
    )
