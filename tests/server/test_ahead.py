"""Findings that wait for the end of a check move with the text."""

from __future__ import annotations

import pytest

pytest.importorskip("pygls")

from fglint.server.ahead import moved
from fglint.source import SourceFile

OLD = "one\ntwo\nthree\n"


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (OLD, "two"),
        ("zero\n" + OLD, "two"),
        (OLD + "four\n", "two"),
        ("two\nthree\n", "two"),
        (OLD.replace("two", "2"), None),
        (OLD.replace("two", "twooo"), "two"),
        (OLD.replace("one\n", "one\none\n"), "two"),
        ("", None),
    ],
)
def test_places_follow_their_text(new: str, expected: str | None) -> None:
    at = SourceFile("main.tf", OLD).range(4, 7)
    found = moved(at, SourceFile("main.tf", new))
    assert expected == (None if found is None else found.text)
