"""docs/coverage.md: current, and complete in what it says of each check."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
sys.path.insert(0, str(TOP / "tools"))

import coverage  # noqa: E402 - found by the line before


def test_page_is_current() -> None:
    assert coverage.page() == coverage.PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("tool", coverage.TOOLS)
def test_each_check_has_a_rule_or_a_reason(tool: str) -> None:
    checks = [check for check in coverage.checks() if check.tool == tool]
    assert checks
    assert [] == [check.id for check in checks if not check.rules and not check.remark]


def test_a_range_counts_its_ids() -> None:
    (found,) = (check for check in coverage.checks() if " to " in check.id)
    assert ("AC_AWS_0227 to AC_AWS_0363", 137) == (found.id, found.count)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('checkov = ["CKV_AWS_97"]\nreason = "x"', "CKV_AWS_97 of checkov has both"),
        ('checkov = ["CKV_AWS_0"]', "CKV_AWS_0 of checkov has neither"),
        ('checkov = ["CKV_AWS_97", "CKV_AWS_97"]', "CKV_AWS_97 of checkov is listed twice"),
        ('chekov = ["CKV_AWS_97"]', '"x" has no chekov'),
    ],
)
def test_an_unsound_list_is_refused(
    text: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "checks.toml"
    path.write_text(f'[[subject]]\nabout = "x"\n{text}\n', encoding="utf-8")
    monkeypatch.setattr(coverage, "CHECKS", path)
    with pytest.raises(coverage.CoverageError, match=message):
        coverage.checks()
