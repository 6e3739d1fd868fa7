"""The output contract: names, order, numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from fglint import __version__
from fglint.finding import CRITERIA, Report
from fglint.report import Options, render
from fglint.source import SourceFile

from .sample import FINDINGS, REPORT


def read(report: Report = REPORT, **options: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render("json", report, Options(**options)))
    return found


def test_names_are_those_of_the_contract() -> None:
    log = read(show_suppressed=True)
    root = log["roots"][0]
    finding = root["findings"][0]
    assert {"schema_version", "tool", "roots", "summary", "diagnostics"} == set(log)
    assert 1 == log["schema_version"]
    assert {"name": "fglint", "version": __version__} == log["tool"]
    assert {"path", "scorecard", "rules", "findings", "diagnostics"} == set(root)
    assert {"service", "criteria", "criteria_suppressed"} == set(root["scorecard"][0])
    assert set(CRITERIA) == set(root["scorecard"][0]["criteria"])
    assert {"pass", "fail", "unknown", "not_applicable"} == set(root["rules"]["mutable-image"])
    assert {
        "rule", "verdict", "severity", "message", "because", "address", "subject", "location",
        "related", "fingerprint", "suppressed", "snippet", "fix", "flow",
    } == set(finding)  # fmt: skip
    assert {"path", "line", "column", "end_line", "end_column"} == set(finding["location"])
    assert {"severity", "summary", "detail", "location"} == set(root["diagnostics"][0])
    assert {
        "fail": 6, "unknown": 2, "suppressed": 1, "files": 4, "resources": 5, "services": 2,
        "fixable": 1, "fixable_unsafe": 1,
    } == log["summary"]  # fmt: skip


def test_fixes_are_edits_of_the_text() -> None:
    by_rule = {finding["rule"]: finding for finding in read()["roots"][0]["findings"]}
    fix = by_rule["task-in-public-subnet"]["fix"]
    assert "safe" == fix["safety"]
    assert ["false", "\n    # private"] == [edit["text"] for edit in fix["edits"]]
    replaced, added = (edit["location"] for edit in fix["edits"])
    assert (replaced["end_line"], replaced["end_column"]) == (added["line"], added["column"])
    assert by_rule["listener-without-tls"]["fix"] is None


def test_an_edit_that_holds_a_secret_is_not_shown() -> None:
    (fix,) = [f["fix"] for f in read()["roots"][0]["findings"] if f["severity"] == "critical"]
    assert {"safety": "unsafe", "edits": []} == fix


def test_undecided_are_always_listed_and_suppressed_only_when_asked_for() -> None:
    findings = read()["roots"][0]["findings"]
    assert {"fail": 4, "unknown": 2} == {
        verdict: sum(f["verdict"] == verdict for f in findings) for verdict in ("fail", "unknown")
    }
    suppressed = [f["suppressed"] for f in read(show_suppressed=True)["roots"][0]["findings"]]
    assert [
        {"kind": "comment", "reason": "images are rebuilt | weekly", "until": "2027-03-31"}
    ] == [each for each in suppressed if each]


def test_columns_count_code_points_and_ends_are_exclusive() -> None:
    location = read()["roots"][1]["findings"][0]["location"]
    assert {
        "path": "größe/main.tf", "line": 3, "column": 12, "end_line": 3, "end_column": 23,
    } == location  # fmt: skip


def test_keys_are_sorted_and_the_same_report_gives_the_same_bytes() -> None:
    text = render("json", REPORT)
    assert json.dumps(json.loads(text), ensure_ascii=False, indent=2, sort_keys=True) == (
        text.rstrip("\n").replace("\\u202e", "\u202e")
    )
    root = REPORT.roots[0]
    shuffled = replace(root, findings=root.findings[::-1], scorecard=root.scorecard[::-1])
    assert text == render("json", replace(REPORT, roots=(shuffled, *REPORT.roots[1:])))


def test_fingerprint_does_not_depend_on_the_line() -> None:
    moved = SourceFile("infra/main.tf", "\n\n" + FINDINGS[0].range.source.text)
    place = moved.range(FINDINGS[0].range.start + 2, FINDINGS[0].range.end + 2)
    assert FINDINGS[0].fingerprint == replace(FINDINGS[0], range=place).fingerprint
    assert FINDINGS[0].fingerprint != FINDINGS[1].fingerprint


def test_message_states_what_is_and_then_the_remedy() -> None:
    finding = read()["roots"][0]["findings"][1]
    assert (
        "Container app shows DB_PASSWORD, a literal of 19 characters, in clear text. "
        "Keep the value in Secrets Manager and name it under secrets."
    ) == finding["message"]


def test_text_that_steers_a_terminal_is_escaped_and_read_back() -> None:
    found = replace(FINDINGS[0], message="a\u202eb\x9bc\ud800d\U000e0041", remedy="")
    root = replace(REPORT.roots[0], findings=(found,))
    text = render("json", Report((root,)))
    assert "a\\u202eb\\u009bc\\ud800d\\udb40\\udc41" in text
    assert (
        "a\u202eb\x9bc\ud800d\U000e0041." == json.loads(text)["roots"][0]["findings"][0]["message"]
    )
