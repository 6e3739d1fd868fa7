from __future__ import annotations

import pytest

from fglint.report.text import Paint, counted, listing, one_line, visible, width, wrapped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("größe 容器 👍🏽", "größe 容器 👍🏽"),
        ("a\x1b[31m", "a\\x1b[31m"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("a\x9bb\u202ec\u2066d\ufeff", "a\\x9bb\\u202ec\\u2066d\\ufeff"),
        ("tag \U000e0041", "tag \\U000e0041"),
        ("\ud800", "\\ud800"),
        ("family 👩\u200d👧", "family 👩\u200d👧"),
    ],
)
def test_what_would_steer_a_terminal_is_escaped(text: str, expected: str) -> None:
    assert expected == visible(text)


def test_one_line_has_single_spaces() -> None:
    assert "a b c" == one_line("  a\n\tb \r\n c ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("abc", 3), ("größe", 5), ("容器", 4), ("e\u0301", 1), ("👍", 2), ("", 0)],
)
def test_width_is_in_columns(text: str, expected: int) -> None:
    assert expected == width(text)


def test_wrapped_lines_keep_within_the_columns() -> None:
    assert ["one two", "three", "incomprehensible", "容器 容器", "容器"] == list(
        wrapped("one two three incomprehensible 容器 容器 容器", 9)
    )


def test_listing_counts_what_it_leaves_out() -> None:
    assert ("a, b", "a, b and 2 more") == (listing("ab", 2), listing("abcd", 2))


def test_nouns_agree_with_their_number() -> None:
    assert ("1 file", "2 files", "0 files") == tuple(counted(n, "file") for n in (1, 2, 0))


def test_colours_are_given_only_when_asked_for() -> None:
    assert ("x", "\x1b[31mx\x1b[0m") == (Paint(False)("fail", "x"), Paint(True)("fail", "x"))
