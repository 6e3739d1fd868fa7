"""One mistake does not hide the rest of a file, and no text makes the parser fail or hang."""

from __future__ import annotations

import time

import pytest
from syntax.notation import outline

from fglint.source import SourceFile
from fglint.syntax import parse_file
from fglint.syntax.nodes import File, Invalid
from fglint.syntax.trouble import MAXIMUM_ERRORS


def _read(text: str, path: str = "main.tf") -> File:
    return parse_file(SourceFile(path, text))


def _places(file: File) -> list[str]:
    return [f"{each.range} {each.summary}" for each in file.diagnostics]


BROKEN = {
    "missing brace": (
        'a "1" {\n  b = 1\n\nresource "x" "y" {\n  c = 2\n}\n',
        ["main.tf:1:1 Unclosed block"],
        ['a "1"', "  b = 1", 'resource "x" "y"', "  c = 2"],
    ),
    "missing quote": (
        'a {\n  b = "x\n  c = 1\n}\nd = 2\n',
        ["main.tf:2:7 Unterminated string"],
        ["a", "  b = ?", "  c = 1", "d = 2"],
    ),
    "missing bracket": (
        "a {\n  b = [\n    1,\n    2\n  c = 1\n}\nd = 2\n",
        ["main.tf:5:3 Missing item separator"],
        ["a", "  b = ?", "  c = 1", "d = 2"],
    ),
    "missing parenthesis": (
        "a {\n  b = f({\n    x = 1\n  }\n  c = 1\n}\nd {}\n",
        ["main.tf:5:3 Missing argument separator"],
        ["a", "  b = ?", "  c = 1", "d"],
    ),
    "wrong heredoc end": (
        "a {\n  b = <<EOF\n{\nEOT\n  c = 1\n}\nresource {}\n",
        ["main.tf:2:7 Unterminated heredoc"],
        ["a", "  b = ?", "  c = 1", "resource"],
    ),
    "unterminated comment": (
        "a {\n  b = 1 /* x\n  c = 1\n}\n",
        ["main.tf:2:9 Unterminated comment"],
        ["a", "  b = ?", "  c = 1"],
    ),
    "stray brace": (
        "a {\n  b = 1\n}\n}\nc {\n}\n",
        ["main.tf:4:1 Unexpected closing brace"],
        ["a", "  b = 1", "c"],
    ),
    "stray line": (
        "a {\n  ???\n  c = 1\n}\nd = 1\n",
        ["main.tf:2:3 Argument or block definition required"],
        ["a", "  c = 1", "d = 1"],
    ),
    "brace on the next line": (
        "a\n{\n  b\n  {\n    c = 1\n  }\n}\n",
        ["main.tf:2:1 Invalid block definition", "main.tf:4:3 Invalid block definition"],
        ["a", "  b", "    c = 1"],
    ),
    "arguments on one line": (
        "a {\n  b = 1, c = 2 d = 3\n}\n",
        [
            "main.tf:2:8 Unexpected comma after argument",
            "main.tf:2:16 Missing newline after argument",
        ],
        ["a", "  b = 1", "  c = 2", "  d = 3"],
    ),
    "block on one line": (
        "a { b = 1, c = 2 }\nd { e { f = 1 } }\n",
        [
            "main.tf:1:12 Invalid single-line block definition",
            "main.tf:2:5 Invalid single-line block definition",
        ],
        ["a", "  b = 1", "  c = 2", "d", "  e", "    f = 1"],
    ),
    "missing equals sign": (
        'a {\n  b "x"\n  c var.d\n  e = 1\n}\n',
        ["main.tf:2:3 Invalid block definition", "main.tf:3:3 Invalid block definition"],
        ["a", "  b = ?", "  c = ?", "  e = 1"],
    ),
    "quoted names": (
        'a {\n  "b": 1\n  "c" = 2\n}\n',
        ["main.tf:2:3 Invalid argument name", "main.tf:3:3 Invalid argument name"],
        ["a", "  b = 1", "  c = 2"],
    ),
    "duplicates": (
        "a {\n  b = 1\n  b = 2\n  c = 3\n}\n",
        ["main.tf:3:3 Attribute redefined"],
        ["a", "  b = 1", "  c = 3"],
    ),
    "member of a map": (
        'a {\n  tags["b"] = 1\n  c = 1\n}\n',
        ["main.tf:2:7 Invalid argument name"],
        ["a", "  tags = ?", "  c = 1"],
    ),
    "errors at several depths": (
        "a {\n  b = ]\n  c {\n    d = (\n    e = 1\n  }\n  f = )\n}\ng = ]\nh = 1\n",
        [
            "main.tf:2:7 Invalid expression",
            "main.tf:5:7 Unbalanced parentheses",
            "main.tf:7:7 Invalid expression",
            "main.tf:9:5 Invalid expression",
        ],
        ["a", "  b = ?", "  c", "    d = ?", "    e = 1", "  f = ?", "g = ?", "h = 1"],
    ),
    "something after a block": (
        "a {} 0\nb {}\n",
        ["main.tf:1:6 Missing newline after block"],
        ["a", "b"],
    ),
    "nothing but errors": ("???\n)))\n", ["main.tf:1:1 Argument or block definition required"], []),
}


@pytest.mark.parametrize(
    ("text", "errors", "expected"), [pytest.param(*row, id=name) for name, row in BROKEN.items()]
)
def test_what_is_left_of_a_broken_file(text: str, errors: list[str], expected: list[str]) -> None:
    file = _read(text)
    assert errors == _places(file)
    assert expected == outline(file.body)


def test_broken_argument_covers_what_could_not_be_read() -> None:
    file = _read("a = [1, 2\nb = 1\n")
    attribute = file.body.attributes["a"]
    assert isinstance(attribute.expression, Invalid)
    assert "a" == file.source.text[attribute.start : attribute.name_end]
    assert attribute.expression.start >= attribute.name_end


def test_other_blocks_of_a_large_file_survive_an_error_in_each_third() -> None:
    block = 'resource "a" "b%d" {\n  c = %s\n  d = 1\n}\n\n'
    text = "".join(block % (n, '"x' if n % 3 == 0 else "[1]") for n in range(90))
    file = _read(text)
    assert 30 == len(file.diagnostics)
    assert [f"b{n}" for n in range(90)] == [block.label(1) for block in file.body.blocks]
    assert all("d" in block.body.attributes for block in file.body.blocks)


def test_very_many_errors_are_counted() -> None:
    file = _read("a = ]\n" * 500)
    assert MAXIMUM_ERRORS + 1 >= len(file.diagnostics)
    duplicates = _read("a = 1\n" * 500)
    assert MAXIMUM_ERRORS + 1 == len(duplicates.diagnostics)
    assert "There are 399 more errors" in duplicates.diagnostics[-1].detail


MANY = 5_000
DEEP = {
    "parentheses": "a=" + "(" * MANY + "1" + ")" * MANY,
    "brackets": "a=" + "[" * MANY,
    "objects": "a=" + "{a=" * MANY,
    "blocks": "a {\n" * MANY,
    "blocks on a line": "a { " * MANY,
    "sums": "a=" + "+".join(["1"] * MANY),
    "conditionals": "a=" + "x?1:" * MANY + "1",
    "negations": "a=" + "!" * MANY + "x",
    "attributes": "a=a" + ".b" * MANY,
    "indices": "a=a" + "[0]" * MANY,
    "splats": "a=a" + "[*].b" * MANY,
    "interpolations": "a=" + '"${' * MANY,
    "closed interpolations": "a=" + '"${' * MANY + "b" + '}"' * MANY,
    "directives": 'a="' + "%{if x}" * MANY + "%{endif}" * MANY + '"',
    "calls": "a=" + "f(" * MANY,
    "for": "a=" + "[for x in " * MANY,
    "heredocs": "a=" + "<<E\n${" * MANY,
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in DEEP.items()])
def test_deep_nesting_is_a_diagnostic(text: str) -> None:
    summaries = {each.summary for each in _read(text).diagnostics}
    assert summaries & {
        "Nesting too deep",
        "Unterminated heredoc",
        "Invalid single-line block definition",
    }


def test_depth_that_people_write_is_fine() -> None:
    deep = "[" * 40 + "]" * 40
    long = " || ".join(f"var.a{n}" for n in range(100))
    assert () == _read(f"a = {deep}\nb = {long}\n").diagnostics


def test_chains_inside_chains_count_together() -> None:
    inner = "a" + ".b" * 100
    assert () == _read(f"a = {inner}\n").diagnostics
    outer = " + ".join([f"({inner})", *["1"] * 100])
    assert ["Nesting too deep"] == [each.summary for each in _read(f"a = {outer}\n").diagnostics]


VERY_MANY = 20_000
LINEAR = {
    "comments": "/*" * VERY_MANY,
    "quotes": '"' * VERY_MANY,
    "open strings": 'a="\n' * VERY_MANY,
    "open labels": 'a "x {\n' * VERY_MANY,
    "open blocks": 'resource "x" "y" {\n' * VERY_MANY,
    "open heredocs": "a=<<E\n" * VERY_MANY,
    "heredoc marker lookalikes": "a=<<E\n" + "E x\n" * VERY_MANY,
    "dollars": 'a="' + "$" * VERY_MANY,
    "backslashes": 'a="' + "\\" * VERY_MANY,
    "blanks": "a=" + " " * VERY_MANY * 10,
    "braces and comments": "a=" + ("{" + "/**/" * 100) * 200,
    "bad lines": "a b c d\n" * VERY_MANY,
    "bad blocks": 'resource "a" "b" {\n  x = "foo\n  y = [1\n}\n' * (VERY_MANY // 4),
    "bad heredocs": 'resource "a" "b" {\n  x = <<E\n  y = [1\n}\n' * (VERY_MANY // 4),
    "a long name": "a" * VERY_MANY * 10,
    "duplicates": "a = 1\n" * VERY_MANY,
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in LINEAR.items()])
def test_hostile_text_takes_time_in_proportion_to_its_length(text: str) -> None:
    """Quadratic time would be minutes here; the bound leaves room for a busy machine."""
    start = time.process_time()
    _read(text)
    assert time.process_time() - start < 8


@pytest.mark.parametrize(
    "text", ["\0", 'a = "\0"', "a = \0", "\x01\x02", "\x7f", "\ud800", "a = '\udfff'"]
)
def test_control_characters(text: str) -> None:
    assert isinstance(_read(text), File)


def test_nul_in_a_string_is_text_elsewhere_an_error() -> None:
    assert () == _read('a = "\0"\n').diagnostics
    assert ["main.tf:1:5 Invalid character"] == _places(_read("a = \0\n"))


def test_replaced_bytes_outside_strings_are_an_error_at_their_place() -> None:
    text = b"a = \xff\nb = 1\n".decode(errors="replace")
    file = _read(text)
    assert ["main.tf:1:5 Invalid character"] == _places(file)
    assert ["a = ?", "b = 1"] == outline(file.body)
