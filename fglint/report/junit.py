"""JUnit XML: findings as failed test cases, a suite a file; rules that pass as passed ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from fglint.diagnostic import Diagnostic
from fglint.finding import Finding, Report, RootReport, Verdict
from fglint.records import dataclass
from fglint.report.options import Options
from fglint.report.results import diagnostic_text
from fglint.report.selection import (
    all_diagnostics,
    shown,
    statement,
    suppression_text,
    where,
)
from fglint.report.text import one_line

if TYPE_CHECKING:
    from fglint.policy.examples import Result


@dataclass(frozen=True, slots=True)
class Case:
    """One test case. `outcome` is "passed" or the element that says otherwise."""

    suite: str
    name: str
    outcome: str = "passed"
    type: str = ""
    message: str = ""
    text: str = ""
    line: int = 0


def render(report: Report, options: Options) -> str:
    """The document; without any finding it still has a test case for each rule that passed."""
    return document(list(_cases(report, options)))


def document(cases: list[Case]) -> str:
    """The document of test cases; without any it has one that says so."""
    suites: dict[str, list[Case]] = {}
    for case in cases:
        suites.setdefault(case.suite, []).append(case)
    if not suites:
        suites["fglint"] = [Case("fglint", "nothing to check")]
    every = [case for cases in suites.values() for case in cases]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append(f'<testsuites name="fglint" {_counts(every)}>')
    for suite, cases in suites.items():
        lines.append(f"  <testsuite name={quoteattr(suite)} {_counts(cases)}>")
        for case in cases:
            lines += _element(case)
        lines.append("  </testsuite>")
    lines.append("</testsuites>")
    return "\n".join(lines) + "\n"


def _cases(report: Report, options: Options) -> Iterator[Case]:
    for root, diagnostic in all_diagnostics(report):
        if diagnostic.severity == "error":
            yield _of_diagnostic(diagnostic, root.path if root else "fglint", options)
    for root in report.roots:
        findings = shown(root, options)
        yield from (_of_finding(finding, options) for finding in findings)
        yield from _passed(root, {finding.rule for finding in findings})


def _passed(root: RootReport, found: set[str]) -> Iterator[Case]:
    """The rules that judged something and found nothing."""
    for rule, verdicts in sorted(root.rules.items()):
        if verdicts.get(Verdict.PASS) and not verdicts.get(Verdict.FAIL) and rule not in found:
            yield Case(one_line(root.path), rule)


def _of_finding(finding: Finding, options: Options) -> Case:
    place = where(finding)
    line, column = finding.range.begin
    path = one_line(options.repository_path(finding.range.path))
    text = [f"{path}:{line}:{column}", statement(finding)]
    text += [f"{one_line(reference)} is {one_line(value)}" for reference, value in finding.values]
    text += [
        f"{one_line(options.repository_path(other.range.path))}:{other.range.begin.line}: "
        f"{one_line(other.message)}"
        for other in finding.related
    ]
    outcome, message = "failure", statement(finding)
    if finding.suppressed is not None:
        outcome, message = "skipped", suppression_text(finding.suppressed)
    elif finding.verdict is Verdict.UNKNOWN and options.unknown != "fail":
        outcome = "skipped"
    return Case(
        suite=path,
        name=f"{finding.rule}: {place}" if place else finding.rule,
        outcome=outcome,
        type=finding.severity.value,
        message=message,
        text="\n".join(text),
        line=line,
    )


def _of_diagnostic(diagnostic: Diagnostic, root: str, options: Options) -> Case:
    path, line = root, 0
    if diagnostic.range is not None:
        path, line = options.repository_path(diagnostic.range.path), diagnostic.range.begin.line
    return Case(
        suite=one_line(path),
        name=one_line(diagnostic.summary),
        outcome="error",
        type="error",
        message=diagnostic_text(diagnostic),
        text=f"{one_line(path)}:{line}" if line else one_line(path),
        line=line,
    )


# ---- the examples of rules --------------------------------------------------------------------


def of_example(result: Result) -> Case:
    """The test case of one example of a rule."""
    place = result.example.range
    name = f"{result.rule.name}: {one_line(result.example.title)}"
    if not result.problems:
        return Case(place.path, name, line=place.begin.line)
    first = one_line(result.problems[0])
    text = "\n".join(result.problems)
    return Case(place.path, name, "failure", "example", first, text, place.begin.line)


def of_trouble(diagnostic: Diagnostic) -> Case:
    """The test case of something that is wrong with a rule file."""
    at = diagnostic.range
    path, line = ("fglint", 0) if at is None else (at.path, at.begin.line)
    message = diagnostic_text(diagnostic)
    return Case(path, one_line(diagnostic.summary), "error", "error", message, str(at or ""), line)


def _element(case: Case) -> Iterator[str]:
    start = f"    <testcase name={quoteattr(case.name)} classname={quoteattr(case.suite)}"
    if case.line:
        start += f' file={quoteattr(case.suite)} line="{case.line}"'
    if case.outcome == "passed":
        yield f"{start} />"
        return
    yield f"{start}>"
    attributes = f"message={quoteattr(case.message)}"
    if case.outcome != "skipped":
        attributes = f"type={quoteattr(case.type)} {attributes}"
    yield f"      <{case.outcome} {attributes}>{escape(case.text)}</{case.outcome}>"
    yield "    </testcase>"


def _counts(cases: list[Case]) -> str:
    outcomes = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    numbers = {
        name: sum(case.outcome == outcome for case in cases) for name, outcome in outcomes.items()
    }
    return " ".join(
        f'{name}="{number}"' for name, number in {"tests": len(cases), **numbers}.items()
    )
