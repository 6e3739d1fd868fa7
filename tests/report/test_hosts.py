"""What GitHub, GitLab and readers of JUnit get: valid, within their limits, harmless."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from junitparser import Error, Failure, JUnitXml, Skipped

from fglint.finding import Report, Severity
from fglint.report import Options, job_summary, render
from fglint.report.markdown import COMMENT_LIMIT
from fglint.source import SourceFile

from .sample import EMPTY, FINDINGS, REPORT, RULES

ROOT = REPORT.roots[0]
EVERYTHING = Options(unknown="report", show_suppressed=True, directory="a dir")
COMMAND = re.compile(r"::(error|warning|notice) (.*?)::(.*)")


def report_of(*findings: Any) -> Report:
    return Report((replace(ROOT, findings=findings, diagnostics=()),), rules=RULES)


def many(number: int, **changes: Any) -> Report:
    source = SourceFile("a.tf", "x\n" * number)
    return report_of(
        *(
            replace(
                FINDINGS[0], range=source.range(2 * i, 2 * i + 1), address=f"a.b[{i}]", **changes
            )
            for i in range(number)
        )
    )


def unescaped(text: str) -> str:
    for escape, character in (
        ("%0D", "\r"),
        ("%0A", "\n"),
        ("%3A", ":"),
        ("%2C", ","),
        ("%25", "%"),
    ):
        text = text.replace(escape, character)
    return text


class TestGitHub:
    def test_annotations_name_file_line_and_rule(self) -> None:
        first, *_ = render("github", report_of(FINDINGS[5])).splitlines()
        match = COMMAND.fullmatch(first)
        assert match
        properties = dict(each.split("=", 1) for each in match[2].split(","))
        assert {
            "title": "listener-without-tls (high)",
            "file": "infra/main.tf",
            "line": "31",
            "endLine": "31",
            "col": "23",
            "endColumn": "29",
        } == {name: unescaped(value) for name, value in properties.items()}
        assert unescaped(match[3]).startswith(
            "infra/main.tf:31: Listener 80 forwards without TLS, 100%"
        )

    def test_ten_of_each_level_are_annotated_and_the_rest_is_in_the_log(self) -> None:
        report = many(25)
        low = many(12, severity=Severity.LOW).roots[0].findings
        lines = render("github", report_of(*report.roots[0].findings, *low)).splitlines()
        commands = [match[1] for line in lines if (match := COMMAND.fullmatch(line))]
        assert {"error": 10, "notice": 10} == {
            level: commands.count(level) for level in set(commands)
        }
        assert "17 more not annotated: GitHub shows ten of each level." in lines
        assert 17 == sum(line.startswith(("error: a.tf:", "notice: a.tf:")) for line in lines)

    def test_errors_of_the_input_come_first(self) -> None:
        assert "Missing expression" in render("github", REPORT).splitlines()[0]

    def test_place_over_several_lines_has_no_columns(self) -> None:
        source = SourceFile("a.tf", "a {\n  b\n}\n")
        first, *_ = render(
            "github", report_of(replace(FINDINGS[0], range=source.range(0, 9)))
        ).splitlines()
        assert "line=1,endLine=3::" in first

    @pytest.mark.parametrize(
        "evil",
        [
            "\n::error::x",
            "::set-output name=a::b",
            "##[error]x",
            "%0A::error::x",
            "a\r\n::stop-commands::t",
        ],
    )
    def test_text_cannot_give_commands(self, evil: str) -> None:
        source = SourceFile(f"{evil}.tf", "x")
        finding = replace(
            FINDINGS[0], message=evil, address=evil, subject=evil, range=source.range(0, 1)
        )
        annotated = [
            replace(FINDINGS[0], range=SourceFile("b.tf", "x").range(0, 1)) for _ in range(10)
        ]
        for report in (report_of(finding), report_of(*annotated, finding)):
            report = replace(report, roots=(replace(report.roots[0], path=evil, not_here=(evil,)),))
            for line in render("github", report).splitlines():
                assert "##[" not in line
                assert not line.lstrip().startswith("::") or COMMAND.fullmatch(line)
                assert 1 >= len(re.findall("^::", line))


class TestGitLab:
    def issues(
        self, report: Report = REPORT, options: Options | None = None
    ) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(render("gitlab", report, options))
        return found

    def test_issues_have_what_gitlab_requires(self) -> None:
        for issue in self.issues(options=EVERYTHING):
            assert issue["description"]
            assert issue["check_name"]
            assert issue["fingerprint"]
            assert issue["severity"] in ("info", "minor", "major", "critical", "blocker")
            assert not issue["location"]["path"].startswith(("/", "./"))
            assert 1 <= issue["location"]["lines"]["begin"] <= issue["location"]["lines"]["end"]

    def test_fingerprints_are_unique(self) -> None:
        issues = self.issues(report_of(*[FINDINGS[0]] * 3))
        assert 3 == len({issue["fingerprint"] for issue in issues})
        assert FINDINGS[0].fingerprint == issues[0]["fingerprint"]

    def test_errors_of_the_input_are_issues(self) -> None:
        assert "unparsed-file" == self.issues()[0]["check_name"]

    def test_nothing_found_is_an_empty_list(self) -> None:
        assert [] == self.issues(EMPTY)


class TestJUnit:
    def read(
        self, tmp_path: Path, report: Report = REPORT, options: Options | None = None
    ) -> JUnitXml:
        path = tmp_path / "junit.xml"
        path.write_text(render("junit", report, options), encoding="utf-8")
        return JUnitXml.fromfile(str(path))

    def test_an_independent_reader_sees_all_cases(self, tmp_path: Path) -> None:
        xml = self.read(tmp_path, options=EVERYTHING)
        kinds = [type(case.result[0]) for suite in xml for case in suite if case.result]
        assert {Failure: 6, Error: 1, Skipped: 3} == {
            kind: kinds.count(kind) for kind in set(kinds)
        }
        assert (10, 6, 1, 3) == (xml.tests, xml.failures, xml.errors, xml.skipped)
        for suite in xml:
            assert suite.tests == len(list(suite))

    def test_case_names_rule_file_and_line(self, tmp_path: Path) -> None:
        cases = [case for suite in self.read(tmp_path) for case in suite]
        case = next(case for case in cases if case.name.startswith("listener-without-tls"))
        assert "listener-without-tls: aws_lb_listener.http" == case.name
        assert "infra/main.tf" == case.classname
        assert "high" == case.result[0].type
        assert "<script>, `code`, @team" in case.result[0].message
        assert case.result[0].text.startswith("infra/main.tf:31:23\n")

    def test_rules_that_pass_are_passed_cases(self, tmp_path: Path) -> None:
        root = replace(ROOT, findings=(), diagnostics=())
        cases = [case for suite in self.read(tmp_path, Report((root,))) for case in suite]
        assert [] == [case.name for case in cases if case.result]
        assert cases

    def test_nothing_to_check_is_one_passed_case(self, tmp_path: Path) -> None:
        for report in (EMPTY, Report(())):
            xml = self.read(tmp_path, report)
            assert ["nothing to check"] == [case.name for suite in xml for case in suite]


class TestMarkdown:
    def test_texts_are_no_markup_and_mention_nobody(self) -> None:
        text = render("markdown", REPORT)
        assert "<script>" not in text
        assert "@team" not in text
        assert "&lt;script&gt;, \\`code\\`, @<!-- -->team \\| \\#1" in text

    def test_every_row_of_a_table_has_its_columns(self) -> None:
        evil = replace(FINDINGS[0], message="a | b `|` c", address="x | `y` | z", subject="`")
        for line in render("markdown", report_of(*FINDINGS, evil)).splitlines():
            if line.startswith("| ") and "critical" in line:
                assert 4 == len(re.findall(r"(?<!\\)\|", line))

    def test_comment_keeps_within_the_limit_and_tells_what_is_left_out(self) -> None:
        text = render("markdown", many(2000))
        assert len(text.encode()) <= COMMENT_LIMIT
        rows = text.count("| 🟥 critical |")
        assert f"{2000 - rows} findings more did not fit here" in text
        assert rows > 100

    def test_summary_of_a_job_has_room_for_more(self) -> None:
        assert "did not fit" not in job_summary(many(2000))

    def test_many_findings_are_folded(self) -> None:
        text = render("markdown", many(30))
        assert "<summary>10 more</summary>" in text

    def test_comment_begins_with_the_mark(self) -> None:
        assert render("markdown", EMPTY).startswith(
            "<!-- fglint -->\n### fglint: nothing to check\n"
        )
