"""Files: arguments, blocks, comments, line breaks."""

from __future__ import annotations

import pytest
from syntax.notation import outline, read_file

from fglint.source import SourceFile
from fglint.syntax import parse, parse_file

BODIES = {
    "": [],
    "\n\n": [],
    "# only a comment": [],
    "a = 1": ["a = 1"],
    "a=1\nb   =   2\n": ["a = 1", "b = 2"],
    "a\t=\t1\n": ["a = 1"],
    "true = 1\nfor = 2\n": ["true = 1", "for = 2"],
    "b {}": ["b"],
    "b{\n}": ["b"],
    'b "c" d "e f" {}': ['b "c" "d" "e f"'],
    'b "é\\n" {}': ['b "é\\n"'],
    'b "$" {}': ['b "$"'],
    'b "x" { a = 1 }': ['b "x"', "  a = 1"],
    'b { a = "}" }': ["b", '  a = "}"'],
    "b { a = [\n1\n] }": ["b", "  a = (tuple 1)"],
    "b {\n  a = 1\n\n  c {\n    d = 2\n  }\n}\n": ["b", "  a = 1", "  c", "    d = 2"],
    "b {\n  c {}\n  c {}\n  a = 1\n}": ["b", "  c", "  c", "  a = 1"],
    'in {\n}\nif "x" {\n}': ["in", 'if "x"'],
    "é-ü = 1\nこんにちは {}": ["é-ü = 1", "こんにちは"],
    "\ufeffa = 1": ["a = 1"],
    "a = 1\r\nb {\r\n  c = 2\r\n}\r\n": ["a = 1", "b", "  c = 2"],
    "a = [ # one\n  1, // two\n  /* three */ 2,\n]": ["a = (tuple 1 2)"],
    'a /* b */ "c" /* d */ { /* e */\n}': ['a "c"'],
    "/* a\n b */ a = 1": ["a = 1"],
    "a = 1 /* b\n*/\nc = 2": ["a = 1", "c = 2"],
    "b {\n  a = <<E\nx\nE\n  c = 1\n}": ["b", '  a = "x\\n"', "  c = 1"],
}


@pytest.mark.parametrize(("text", "expected"), BODIES.items())
def test_outline(text: str, expected: list[str]) -> None:
    assert expected == outline(read_file(text).body)


def test_arguments_and_blocks_keep_the_order_of_the_text() -> None:
    file = read_file("b {}\na = 1\nc {}\nd = 2\n")
    assert ["a", "d"] == list(file.body.attributes)
    assert ["b", "c"] == [block.type for block in file.body.blocks]


def test_blocks_by_type_and_labels_by_index() -> None:
    body = read_file('a "b" "c" {}\nd {}\na "e" {}\n').body
    assert ["b", "e"] == [block.label(0) for block in body.blocks_of("a")]
    assert ["c", ""] == [block.label(1) for block in body.blocks_of("a")]


def test_comments_are_kept_in_order() -> None:
    text = (
        "# one\r\n"
        'a = [ // two\n  1, /* three\n */ ]\nb = "# no"\nc = <<E\n# no\n${d /* four */}\nE\n'
        "e {# five\n}\n#six"
    )
    comments = read_file(text).comments
    expected = ["# one", "// two", "/* three\n */", "/* four */", "# five", "#six"]
    assert expected == [comment.text for comment in comments]
    assert expected == [text[comment.start : comment.end] for comment in comments]


def test_comments_in_broken_files_are_kept_once() -> None:
    text = (
        "# one\na = 1 # two\nb = ] # three\n# four\nc {\n  d = ( # five\n}\n# six\ne = 1 # seven\n"
    )
    comments = parse(SourceFile("main.tf", text)).comments
    expected = ["one", "two", "three", "four", "five", "six", "seven"]
    assert expected == [comment.text.removeprefix("# ") for comment in comments]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("main.tf", "a = 1"),
        ("main.tofu", "a = 1"),
        ("terraform.tfvars", "a = 1"),
        ("main.tf.json", '{"a": 1}'),
        ("main.tofu.json", '{"a": 1}'),
        ("terraform.tfvars.json", '{"a": 1}'),
    ],
)
def test_syntax_goes_by_the_name_of_the_file(path: str, text: str) -> None:
    file = parse_file(SourceFile(path, text))
    assert () == file.diagnostics
    assert ["a = 1"] == outline(file.body)
