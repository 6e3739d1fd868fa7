"""Baselines: what is known does not count, what is new does, what is fixed is named."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Run, task

Write = Callable[[str, str], Path]
FILE = "fglint-baseline.json"
ENTRY = (
    '{"version": 1, "findings": [{"root": "b", "rule": "r", "address": "a", "subject": "", '
    '"severity": "low", "verdict": "fail", "count": %s}]}'
)


@pytest.fixture
def known(fglint: Run, write: Write, project: Path) -> Path:
    """A project whose one finding is in the baseline that its settings name."""
    write("infra/main.tf", task())
    settings = project / "fglint.toml"
    settings.write_text(f'baseline = "{FILE}"\n{settings.read_text()}')
    ran = fglint("baseline")
    assert (0, f"1 finding in {FILE}\n") == (ran.status, ran.err)
    return project / FILE


def test_known_findings_do_not_count(fglint: Run, known: Path) -> None:
    ran = fglint("check", "-f", "json", "--show-suppressed")
    assert 0 == ran.status
    assert ["baseline"] == [finding["suppressed"]["kind"] for finding in ran.findings]
    assert 1 == fglint("check", "--no-baseline").status


def test_baseline_has_no_line_numbers(fglint: Run, known: Path, write: Write) -> None:
    write("infra/main.tf", "# one line more\n\n" + task())
    assert 0 == fglint("check").status
    assert "line" not in known.read_text()


def test_new_findings_count(fglint: Run, known: Path, write: Write) -> None:
    write("infra/other.tf", task("other"))
    ran = fglint("check", "-f", "json")
    assert 1 == ran.status
    assert ["aws_ecs_task_definition.other"] == [f["address"] for f in ran.findings]


def test_fixed_findings_are_named(fglint: Run, known: Path, write: Write) -> None:
    write("infra/main.tf", task(container="shop-web"))
    ran = fglint("check", "-f", "json")
    assert 0 == ran.status
    (diagnostic,) = ran.json["diagnostics"]
    assert "info" == diagnostic["severity"]
    assert "unprefixed-container at aws_ecs_task_definition.app" in diagnostic["detail"]


def test_roots_that_are_not_checked_are_not_called_fixed(
    fglint: Run, known: Path, write: Write
) -> None:
    write("other/main.tf", task("other", "shop-web"))
    assert [] == fglint("check", "-f", "json", "other").json["diagnostics"]


def test_writing_keeps_the_entries_of_other_roots(fglint: Run, known: Path, write: Write) -> None:
    write("other/main.tf", task("other"))
    assert 0 == fglint("baseline", "other").status
    roots = [entry["root"] for entry in json.loads(known.read_text())["findings"]]
    assert ["infra", "other"] == roots
    assert 0 == fglint("check").status


def test_baseline_counts(fglint: Run, known: Path, write: Write) -> None:
    two = task().replace("  ])", '    { name = "web", image = "a:1" },\n  ])')
    write("infra/main.tf", two)
    assert 1 == fglint("check").status
    fglint("baseline")
    assert 0 == fglint("check").status


def test_baseline_does_not_depend_on_the_working_directory(
    fglint: Run, known: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(known.parent / "infra")
    assert 0 == fglint("check").status


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", f"{FILE}:1:1: the baseline is not JSON: expecting value"),
        ("{", f"{FILE}:1:2: the baseline is not JSON"),
        ("[" * 100_000, "is no baseline"),
        ("[]", "is no baseline"),
        ("null", "is no baseline"),
        ('{"version": 9, "findings": []}', "version 9 of baselines is not known to this fglint"),
        ('{"version": 1}', "findings is no list"),
        ('{"version": 1, "findings": {}}', "findings is no list"),
        ('{"version": 1, "findings": [{}]}', "findings[0] is no entry"),
        ('{"version": 1, "findings": [1]}', "findings[0] is no entry"),
        (ENTRY % -1, "findings[0] is no entry"),
        (ENTRY % '"2"', "findings[0] is no entry"),
        (ENTRY % "true", "findings[0] is no entry"),
    ],
)
def test_broken_baseline_is_one_line_and_status_2(
    fglint: Run, known: Path, text: str, words: str
) -> None:
    known.write_text(text)
    ran = fglint("check")
    assert (2, "", 1) == (ran.status, ran.out, ran.err.count("\n"))
    assert words in ran.err


def test_a_huge_count_is_kept(fglint: Run, known: Path) -> None:
    known.write_text(ENTRY % 99_999_999_999)
    assert 0 == fglint("baseline").status
    assert 99_999_999_999 in [
        each.get("count") for each in json.loads(known.read_text())["findings"]
    ]


def test_a_baseline_in_another_encoding_is_one_line_and_status_2(fglint: Run, known: Path) -> None:
    known.write_bytes(b"\xff")
    ran = fglint("check")
    assert (2, f"fglint: {FILE}: the baseline is not encoded in UTF-8\n") == (ran.status, ran.err)


def test_missing_baseline_is_one_line_and_status_2(fglint: Run, known: Path) -> None:
    known.unlink()
    ran = fglint("check")
    assert 2 == ran.status
    assert "the baseline cannot be read" in ran.err
