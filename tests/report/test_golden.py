"""Golden files: each format of the sample report, byte by byte.

`FGLINT_REWRITE=1 pytest tests/report/test_golden.py` writes them anew; read the difference.
"""

from __future__ import annotations

import os

import pytest

from fglint import __version__
from fglint.finding import Report
from fglint.report import FORMATS, Options, job_summary, render

from .sample import EMPTY, FIXTURES, REPORT

GOLDEN = FIXTURES / "golden"
EVERYTHING = Options(unknown="report", show_suppressed=True, directory="deep dir")

CASES = {
    **{f"{name}.txt": (name, REPORT, Options()) for name in ("full", "concise", "github")},
    "full-everything.txt": ("full", REPORT, EVERYTHING),
    "full-color.txt": ("full", REPORT, Options(color=True, width=70, quiet=True)),
    "full-empty.txt": ("full", EMPTY, Options()),
    "report.json": ("json", REPORT, Options()),
    "report.sarif": ("sarif", REPORT, Options()),
    "everything.sarif": ("sarif", REPORT, EVERYTHING),
    "gitlab.json": ("gitlab", REPORT, Options()),
    "junit.xml": ("junit", REPORT, EVERYTHING),
    "markdown.md": ("markdown", REPORT, Options()),
}


@pytest.mark.parametrize("name", CASES)
def test_report_is_as_the_golden_file(name: str) -> None:
    format_, report, options = CASES[name]
    rendered = render(format_, report, options).replace(f'{__version__}"', 'VERSION"')
    text = rendered.encode()
    path = GOLDEN / name
    if os.environ.get("FGLINT_REWRITE"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text)
    assert path.read_bytes().decode() == text.decode()


def test_every_format_has_a_golden_file() -> None:
    assert set(FORMATS) == {format_ for format_, _, _ in CASES.values()}


def test_no_golden_file_is_left_over() -> None:
    assert set(CASES) == {path.name for path in GOLDEN.iterdir()}


def test_job_summary_is_the_comment_while_both_are_short() -> None:
    assert render("markdown", REPORT) == job_summary(REPORT)


def test_unknown_format_names_the_formats() -> None:
    with pytest.raises(ValueError, match=r"^html is no report format; there are full, concise"):
        render("html", Report(()))
