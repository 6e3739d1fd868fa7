"""Reports are read back by programs that others wrote; skipped where they are not installed."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from fglint.report import Options, render

from .sample import EMPTY, REPORT

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of the libraries that sarif-tools draws with
    loader = pytest.importorskip("sarif.loader", reason="sarif-tools is not installed")
    codeclimate = pytest.importorskip("sarif.operations.codeclimate_op")


def read(tmp_path: Path, text: str) -> Any:
    path = tmp_path / "report.sarif"
    path.write_text(text, encoding="utf-8")
    found = loader.load_sarif_files(str(path))
    found.init_default_line_number_1()
    return found


def test_sarif_tools_count_what_is_found(tmp_path: Path) -> None:
    found = read(tmp_path, render("sarif", REPORT))
    counts = {level: len(issues(found, level)) for level in ("error", "warning", "note")}
    # One error of the input is a result, too, and what is undecided is left out.
    assert {"error": 5, "warning": 0, "note": 2} == counts
    assert ["fglint"] == found.get_distinct_tool_names()


def issues(found: Any, level: str) -> list[Any]:
    return list(found.get_report().get_issues_for_severity(level))


def test_sarif_tools_read_an_empty_report(tmp_path: Path) -> None:
    found = read(tmp_path, render("sarif", EMPTY))
    assert 0 == found.get_result_count()


def test_gitlab_is_told_what_sarif_tools_make_of_sarif(tmp_path: Path) -> None:
    found = read(tmp_path, render("sarif", REPORT))
    output = tmp_path / "converted.json"
    codeclimate.generate(found, str(output), False)
    converted = json.loads(output.read_text())
    ours = json.loads(render("gitlab", REPORT, Options()))
    places = {(each["location"]["path"], each["location"]["lines"]["begin"]) for each in ours}
    assert places == {
        (unquote(each["location"]["path"]), each["location"]["lines"]["begin"])
        for each in converted
    }
    assert {"type", "check_name", "description", "severity", "location", "fingerprint"} == set(
        ours[0]
    )
    assert set(converted[0]) <= {*ours[0], "categories", "content"}
