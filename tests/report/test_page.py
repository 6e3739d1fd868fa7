"""docs/reports.md names every format and every field of JSON, and no others."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from fglint.finding import FactTaken, Report
from fglint.report import FORMATS, Options, render

from .sample import REPORT

PAGE = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
TABLES = [
    re.findall(r"^\| `(\w+)`", table, re.MULTILINE)
    for table in re.split(r"\n\n", PAGE)
    if table.startswith("|")
]


def log() -> dict[str, Any]:
    first, *rest = REPORT.roots
    facts = (FactTaken("fglint.toml:1", "var.x", "public = false", "they say so"),)
    report = Report((replace(first, facts=facts), *rest), REPORT.diagnostics, REPORT.rules)
    found: dict[str, Any] = json.loads(render("json", report, Options(show_suppressed=True)))
    return found


def test_formats_are_those_there_are() -> None:
    assert list(FORMATS) == TABLES[0]


def test_fields_are_those_there_are() -> None:
    found = log()
    root = found["roots"][0]
    assert [set(found), set(root), set(root["findings"][0])] == [set(each) for each in TABLES[1:]]


def test_fields_within_fields_are_named() -> None:
    found = log()
    root = found["roots"][0]
    every: set[str] = {*found["summary"], *found["tool"], *root["facts"][0]}
    every |= {*root["scorecard"][0], *root["scorecard"][0]["criteria"], *root["diagnostics"][0]}
    for finding in root["findings"]:
        every |= {*finding["location"], *(finding["suppressed"] or ()), *(finding["fix"] or ())}
        every |= {key for edit in (finding["fix"] or {}).get("edits", ()) for key in edit}
        every |= {key for related in finding["related"] for key in related}
    assert set() == {name for name in every if f"`{name}`" not in PAGE}
