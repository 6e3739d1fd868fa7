from __future__ import annotations

import random

import pytest

from fglint.report.fingerprints import line_hashes

LOREM = "Lorem ipsum dolor sit amet.\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["c129715d7a2bc9a3:1"]),
        (
            " a\nb\n  \t\tc\n d",
            ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
        ),
        (
            LOREM * 10,
            [
                *(f"a7f2ff13bc495cf2:{number}" for number in range(1, 7)),
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ],
        ),
    ],
)
def test_hashes_are_those_that_github_computes(text: str, expected: list[str]) -> None:
    assert expected == line_hashes(text)


def test_kind_of_line_break_does_not_matter() -> None:
    hashes = line_hashes(LOREM * 3)
    assert hashes == line_hashes((LOREM * 3).replace("\n", "\r\n"))
    assert hashes == line_hashes((LOREM * 3).replace("\n", "\r"))


def test_spaces_and_tabs_do_not_matter() -> None:
    assert line_hashes("a = 1\n\tb\n") == line_hashes("a=1\nb \n")


def direct(text: str) -> list[str]:
    """The definition, written out."""
    for old, new in (("\r\n", "\n"), ("\r", "\n"), (" ", ""), ("\t", "")):
        text = text.replace(old, new)
    encoded = text.encode("utf-16-le")
    units = [int.from_bytes(encoded[i : i + 2], "little") for i in range(0, len(encoded), 2)]
    units += [0xFFFF]
    starts = [0] + [index + 1 for index, unit in enumerate(units) if unit == ord("\n")]
    found: list[str] = []
    for start in starts:
        window = (units[start : start + 100] + [0] * 100)[:100]
        value = sum(unit * 37 ** (99 - i) for i, unit in enumerate(window)) % 2**64
        found.append(f"{value:x}:{sum(f.startswith(f'{value:x}:') for f in found) + 1}")
    return found


def test_sums_agree_with_the_definition_for_any_text() -> None:
    choose = random.Random(7)
    alphabet = "ab \t\n\r{}=é容\u00a0😀"
    for length in (1, 99, 100, 101, 500):
        text = "".join(choose.choices(alphabet, k=length))
        assert direct(text) == line_hashes(text)
