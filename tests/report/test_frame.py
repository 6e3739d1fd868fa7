from __future__ import annotations

import pytest

from fglint.finding import Report
from fglint.report.frame import Frames, gutter_of
from fglint.report.redaction import Masks
from fglint.report.text import Paint
from fglint.source import Range, SourceFile


def draw(place: Range, columns: int = 100) -> list[str]:
    frames = Frames(Masks(Report(())), Paint(False), columns)
    return list(frames.draw(place, "high", "^", gutter_of([place])))


def frame(text: str, marked: str, columns: int = 100) -> list[str]:
    start = text.index(marked)
    return draw(SourceFile("a.tf", text).range(start, start + len(marked)), columns)


def test_place_is_underlined_below_its_line() -> None:
    expected = ["   |", " 2 | b = 22", "   |     ^^"]
    assert expected == frame("a = 1\nb = 22\n", "22")


@pytest.mark.parametrize(
    ("line", "marked", "expected"),
    [
        ("\tx = 1", "1", ["     x = 1"[1:], "        ^"]),
        ("a\tb = 1", "b", ["a   b = 1", "    ^"]),
        ('x = "容器" # y', "# y", ['x = "容器" # y', "           ^^^"]),
        ('x = "容器"', "容器", ['x = "容器"', "     ^^^^"]),
        ('x = "cafe\u0301" + y', "y", ['x = "cafe\u0301" + y', "             ^"]),
        ("x = 1\r", "1", ["x = 1", "    ^"]),
        ("\x1b[2J = 1", "1", ["\\x1b[2J = 1", "          ^"]),
        ("a\u202eb = 1", "1", ["a\\u202eb = 1", "           ^"]),
    ],
)
def test_underline_stands_where_the_characters_show(
    line: str, marked: str, expected: list[str]
) -> None:
    _, shown, under = frame(f"{line}\n", marked)
    assert expected == [shown.removeprefix(" 1 | "), under.removeprefix("   | ")]


def test_empty_place_has_one_mark() -> None:
    source = SourceFile("a.tf", "x = \n")
    assert ["   |", " 1 | x =", "   |     ^"] == draw(source.range(4, 4))


def test_place_past_the_end_has_one_mark() -> None:
    source = SourceFile("a.tf", "x {\n")
    assert ["   |", " 2 |", "   | ^"] == draw(source.range(4, 4))


def test_few_lines_are_all_shown() -> None:
    expected = ["   |", " 1 | a {", "   |   ^", " 2 |   b", "   |   ^", " 3 | }", "   | ^"]
    assert expected == frame("a {\n  b\n}\n", "{\n  b\n}")


def test_of_many_lines_the_first_is_shown() -> None:
    expected = ["   |", " 1 | a {", "   |   ^", "   | … 4 more lines"]
    assert expected == frame("a {\n  b\n  c\n  d\n}\n", "{\n  b\n  c\n  d\n}")


def test_long_line_is_cut_around_the_place() -> None:
    _, shown, under = frame("x" * 200 + "MARK" + "y" * 200, "MARK", columns=60)
    assert 60 == len(shown)
    assert shown.startswith(" 1 | …xxx")
    assert shown.endswith("yyy…")
    assert "MARK" == shown[under.index("^") : under.rindex("^") + 1]


def test_long_line_is_cut_at_the_end_only_where_the_place_is_early() -> None:
    _, shown, under = frame("MARK" + "y" * 200, "MARK", columns=60)
    assert (" 1 | MARKyyy", "y…", "   | ^^^^") == (shown[:12], shown[-2:], under)


def test_place_longer_than_the_room_is_cut() -> None:
    _, shown, under = frame("a = " + "M" * 200, "M" * 200, columns=60)
    assert len(shown) == len(under) == 60


def test_line_numbers_widen_the_gutter() -> None:
    assert ["     |", "1234 | x", "     | ^"] == frame("\n" * 1233 + "x", "x")
