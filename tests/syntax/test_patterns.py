"""Regular expressions work alike on every Python that is supported."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from fglint.source import SourceFile
from fglint.syntax import parse

PACKAGE = Path(__file__).parents[2] / "fglint"
_POSSESSIVE_GROUP = re.compile(r"\)(?:[*+?]|\{[\d,]+\})\+|\(\?>")


@pytest.mark.parametrize("directory", ["syntax", "source.py", "comments.py"])
def test_no_group_has_a_possessive_quantifier(directory: str) -> None:
    # Python before 3.11.5 matches too little with such a group.
    place = PACKAGE / directory
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    wrong = [
        f"{file.name}:{number}: {line.strip()}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if _POSSESSIVE_GROUP.search(line)
    ]
    assert [] == wrong


@pytest.mark.parametrize(
    "text",
    [
        'a = "' + "x" * 200_000,
        'a = "' + "\\n" * 100_000,
        'a = "' + "$$" * 100_000,
        'a = "' + "$${" * 70_000,
        'a = "' + "%" * 200_000,
        "a = {" + "/* x */ " * 20_000,
        "a = {" + "# x\n" * 20_000,
        "resource" + ' "x"' * 50_000,
        "x = <<A\n" + "$${" * 70_000,
        "x " * 50_000,
    ],
    ids=lambda text: text[:16].replace("\n", " "),
)
def test_what_never_ends_is_read_in_linear_time(text: str) -> None:
    for ending in ("", "\n"):
        assert parse(SourceFile("main.tf", text + ending)).diagnostics
