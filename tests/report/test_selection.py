"""What is listed, what is counted, and what the summary line says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fglint.diagnostic import Diagnostic
from fglint.finding import Report, RootReport, Verdict
from fglint.report import Options, render
from fglint.report.selection import Totals, alike, causes, ordered, shown, summary, worst_first
from fglint.source import SourceFile

from .sample import EMPTY, FINDINGS, REPORT, counts

ROOT = REPORT.roots[0]


def root(**changes: object) -> RootReport:
    empty = RootReport(
        path="infra",
        scorecard=(),
        rules={"plaintext-secret": counts(passed=2)},
        findings=(),
        diagnostics=(),
        files=3,
        resources=9,
        services=1,
    )
    return replace(empty, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (
            Report((root(),)),
            "Nothing found. Checked 1 service, 3 files with 9 resources by 1 rule.",
        ),
        (
            Report((root(findings=FINDINGS[:1]),)),
            "1 finding (1 critical). 1 fixable with --fix --unsafe-fixes. "
            "Checked 1 service, 3 files with 9 resources by 1 rule.",
        ),
        (
            Report((root(findings=FINDINGS[3:4]),)),
            "Nothing found, 1 undecided. Checked 1 service, 3 files with 9 resources by 1 rule.",
        ),
        (
            Report((root(findings=FINDINGS[2:3]),)),
            "Nothing found, 1 suppressed. Checked 1 service, 3 files with 9 resources by 1 rule.",
        ),
        (
            Report((root(services=0),)),
            "Nothing found. Checked 3 files with 9 resources by 1 rule; "
            "no Fargate service is among them.",
        ),
        (EMPTY, "Nothing to check: no Fargate service among 1 file with 3 resources."),
        (
            Report((root(rules={}),)),
            "Nothing to check: nothing that a rule judges among 3 files with 9 resources.",
        ),
        (Report((root(files=0, rules={}),)), "Nothing was checked: no Terraform file was read."),
        (Report(()), "Nothing was checked: no directory with Terraform files is among the paths."),
        (
            Report((root(not_here=("module.a", "module.b"), unset_variables=("var.x",)),)),
            "Nothing found. Checked 1 service, 3 files with 9 resources by 1 rule. Not read: "
            "2 modules not downloaded (module.a, module.b); 1 variable without a value (var.x).",
        ),
        (
            Report((root(diagnostics=(Diagnostic("error", "No"), Diagnostic("warning", "Hm"))),)),
            "Nothing found. Checked 1 service, 3 files with 9 resources by 1 rule. "
            "The check is incomplete: 1 error.",
        ),
    ],
)
def test_summary_tells_found_checked_and_unread(report: Report, expected: str) -> None:
    assert expected == summary(report)


def test_nothing_found_differs_from_nothing_looked_at_in_text_for_people() -> None:
    for name in ("full", "concise", "github", "markdown"):
        assert "othing found" in render(name, Report((root(),)))
        assert "othing found" not in render(name, EMPTY)
        assert "othing to check" in render(name, EMPTY)


@pytest.mark.parametrize(
    ("options", "verdicts"),
    [
        (Options(), {Verdict.FAIL: 4}),
        (Options(unknown="report"), {Verdict.FAIL: 4, Verdict.UNKNOWN: 2}),
        (Options(unknown="fail"), {Verdict.FAIL: 4, Verdict.UNKNOWN: 2}),
        (Options(show_suppressed=True), {Verdict.FAIL: 5}),
    ],
)
def test_undecided_and_suppressed_are_listed_when_asked_for(
    options: Options, verdicts: dict[Verdict, int]
) -> None:
    found = [finding.verdict for finding in shown(ROOT, options)]
    assert verdicts == {verdict: found.count(verdict) for verdict in set(found)}


def test_findings_are_listed_by_place() -> None:
    everything = Options(unknown="report", show_suppressed=True)
    lines = [finding.range.begin.line for finding in shown(ROOT, everything)]
    assert [5, 9, 11, 12, 23, 28, 31] == lines


def test_worst_come_first_and_suppressed_last() -> None:
    ordered_findings = worst_first(list(FINDINGS))
    assert ["critical", *["high"] * 5, "medium"] == [
        finding.severity.value for finding in ordered_findings
    ]
    assert ordered_findings[-1].suppressed


def test_totals_do_not_count_suppressed_findings_as_failed() -> None:
    totals = Totals.of(REPORT)
    assert (6, 2, 1) == (totals.failed, totals.unknown, totals.suppressed)


def test_causes_group_by_what_would_settle_them() -> None:
    twice = (replace(FINDINGS[6], address="module.edge.aws_lb.b"), *FINDINGS)
    assert {
        "module.edge is not downloaded; run terraform init": {
            "listener-without-tls": ["module.edge.aws_lb.b", FINDINGS[6].address]
        },
        "var.memory has no value; give one with --var or --var-file": {
            "invalid-task-size": ["aws_ecs_task_definition.app"]
        },
    } == causes(twice)


def test_equal_offsets_in_two_files_are_two_diagnostics() -> None:
    one, other = (
        Diagnostic("error", "No", range=SourceFile(path, "x").range(0, 1)) for path in ("a", "b")
    )
    assert [one, other] == ordered((other, one, one))
    assert ["a", "b"] == [d.range.path for d in ordered((other, one, one)) if d.range]


def test_rules_undecided_of_the_same_subjects_share_a_group() -> None:
    rules = {"a": ["x"], "missing-execution-role": ["x"], "b": ["x", "y"], "c": ["z"]}
    assert [
        (["missing-execution-role", "a"], ["x"]),
        (["b"], ["x", "y"]),
        (["c"], ["z"]),
    ] == alike(rules)
