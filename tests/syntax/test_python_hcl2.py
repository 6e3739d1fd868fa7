"""python-hcl2 as second front end: the same trees, and what is said where they differ."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from syntax.notation import outline, read_file

from fglint.source import SourceFile
from fglint.syntax import parse
from fglint.syntax.backends import python_hcl2
from fglint.syntax.backends.masking import mask
from fglint.syntax.nodes import File, Literal

ROOT = Path(__file__).parent.parent.parent


def _both(text: str) -> tuple[File, File]:
    native = parse(SourceFile("main.tf", text))
    return native, python_hcl2.parse(native.source)


# What python-hcl2 alone rejects or misreads, and the mask makes readable.
DEFECTS = {
    "blanks after a marker": "a = <<EOF\nhi\nEOF  \nb = <<EOF\nyo\nEOF\n",
    "escape before an interpolation": 'a = "$${ ${var.x} }"\nb = "$${foo"\nc = "%%{x ${d}"\n',
    "index after a legacy splat": "a = aws_subnet.x.*.id[count.index].y\n",
    "interpolation in a heredoc": "a = <<EOF\nx ${var.y[0]} ${<<E\n${z}\nE\n}\nEOF\n",
    "indented heredoc": "a = <<-EOF\n    x\n  ${y}\n  %{ if z ~}\n  b\n  %{ endif ~}\n  EOF\n",
    "line break before a closing brace": 'a = "${\n var.x\n}"\n',
    "marker with an underscore": "a = <<_EOF\nx\n_EOF\n",
    "strip markers": 'a = "x ${~ y ~} z"\n',
    "comments in a header": 'a /* b */ "c" { # d\n}\n',
    "letters beyond ASCII": "é = ü.ö\n",
    "traversal over lines": "a = (b\n  .c\n  [0])\n",
    "byte order mark": "\ufeffa = 1\n",
    "end of an operation": "a = b +\\\n c\n".replace("\\\n", ""),
    "negative number": "a = -1.5\nb = -12\nc = 1 - 2.5\n",
    "empty body": "a {}\n",
    "escapes": 'a = "\\u00e9\\n\\"\\\\"\n',
    "keyword as key": "a = { for_each = 1, in : 2, true = 3 }\n",
    "comma on the next line": "a = [\n  1\n  , 2\n]\n",
    "splat after a splat": "a = b[*].c[*].d[0]\n",
    "splat with blanks": "a = b[ * ].c\n",
    "comments": "# a\nb = 1 # c\nd = [ // e\n/* f */ 1]\r\n#g\r\n",
    "comment markers in strings": 'a = "# ${b} //"\nc = <<E\n/* # ${d}\nE\n',
    "quotes in interpolations": 'a = "${f("x", "${b}")}"\n',
    "carriage returns": "a = 1\r\nb = <<-E\r\n  c\r\n  E\r\n",
    "for": "a = [\n  for k, v in b :\n  k\n  if v\n]\nc = {\n  for k in b :\n  k => k...\n}\n",
    "many parentheses": "a = " + "(" * 100 + "1" + ")" * 100 + "\n",
    "a long sum": "a = " + " + ".join("b" * 100) + "\n",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in DEFECTS.items()])
def test_both_read_the_same(text: str) -> None:
    native, other = _both(text)
    assert () == native.diagnostics
    assert () == other.diagnostics
    assert [] == python_hcl2.differences(native, other)
    assert outline(native.body) == outline(other.body)


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("reference/**/*.tf"), *ROOT.glob("rules/**/*.hcl")]), ids=str
)
def test_both_read_our_own_files_the_same(path: Path) -> None:
    native, other = _both(path.read_text())
    assert [] == [f"{each.range}: {each.detail}" for each in python_hcl2.differences(native, other)]


def test_mask_keeps_all_offsets() -> None:
    for text in DEFECTS.values():
        assert len(text) == len(mask(text).text)


# ---- where they do not agree ------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a = !!b\n", "a = - -b\n", "a = core::max(1)\n", "a = b.1e5\n"])
def test_only_python_hcl2_rejects(text: str) -> None:
    native, other = _both(text)
    assert () == native.diagnostics
    (difference,) = python_hcl2.differences(native, other)
    assert "warning" == difference.severity
    assert "fglint reads this file without an error, python-hcl2 does not" in difference.detail
    assert difference.range == other.diagnostics[0].range


@pytest.mark.parametrize(
    "text", ["a = b\n  + c\n", "a = b[0].0.1\n", "a\n{\n}\n", "a { b = 1\n}\n"]
)
def test_only_the_native_parser_rejects(text: str) -> None:
    native, other = _both(text)
    assert native.diagnostics
    assert () == other.diagnostics
    (difference,) = python_hcl2.differences(native, other)
    assert "warning" == difference.severity
    assert "python-hcl2 reads this file without an error" in difference.detail
    assert difference.range == native.diagnostics[0].range


def test_what_both_reject_is_no_difference() -> None:
    native, other = _both("a = ]\n")
    assert native.diagnostics
    assert other.diagnostics
    assert [] == python_hcl2.differences(native, other)


def _differing(one: str, two: str) -> list[str]:
    return [
        f"{each.severity} {each.range} {each.detail}"
        for each in python_hcl2.differences(read_file(one), read_file(two))
    ]


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("a = b", "a = 1", "main.tf:1:5 fglint reads this as: variable; python-hcl2 as: literal."),
        ("a = b", "a = c", "main.tf:1:5 variable: fglint reads name 'b', python-hcl2 'c'."),
        ("a = 1 ", "a =  1", "main.tf:1:1 argument: fglint reads end 5, python-hcl2 6."),
        ("a = [1]  ", "a = [1,2]", "main.tf:1:1 argument: fglint reads end 7, python-hcl2 9."),
        ("a = [1  ]", "a = [1,2]", "main.tf:1:5 tuple: fglint reads items 1, python-hcl2 2."),
        ("a = 1", "b = 1", "main.tf:1:1 only one of both parsers finds: a, b."),
        ("b 'c'".replace("'", '"') + " {}", 'b "d" {}', "main.tf:1:3 label: fglint reads value"),
        ("a = 1 #", "a = 1 \n", "main.tf:1:1 fglint finds 1 comments, python-hcl2 0."),
        ("a = true", "a = null", "main.tf:1:5 literal: fglint reads value True"),
    ],
)
def test_differences_say_where_and_what(one: str, two: str, expected: str) -> None:
    (found,) = _differing(one, two)
    assert found.startswith(f"error {expected}")


def test_a_number_is_not_a_bool() -> None:
    one, two = read_file("a = true"), read_file("a = true")
    literal = two.body.attributes["a"].expression
    assert isinstance(literal, Literal)
    literal.value = 1
    assert 1 == len(python_hcl2.differences(one, two))


def test_differences_are_capped() -> None:
    one = "".join(f"a{n} = b\n" for n in range(100))
    assert 20 == len(_differing(one, one.replace("= b", "= c")))


# ---- errors -----------------------------------------------------------------------------------


def test_a_broken_block_does_not_hide_the_others() -> None:
    text = 'resource "a" "b" {\n  c = ]\n}\n\nresource "d" "e" {\n  f = 1\n}\n'
    file = python_hcl2.parse(SourceFile("main.tf", text))
    assert ["main.tf:2:7 Invalid syntax"] == [f"{e.range} {e.summary}" for e in file.diagnostics]
    assert '"]" is not what python-hcl2 expects here' in file.diagnostics[0].detail
    assert ['resource "d" "e"', "  f = 1"] == outline(file.body)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a = "b\n', "1:5 Unterminated string"),
        ("a = <<E\n", "1:5 Unterminated heredoc"),
        ("a = 1 /*\n", "1:7 Unterminated comment"),
        ("a = 1\na = 2\n", "2:1 Attribute redefined"),
        ('a "${b}" {}\n', "1:3 Invalid block label"),
        ('a = "\\d"\n', "1:6 Invalid escape sequence"),
        ("a = <<E.F\nx\nE.F\n", "1:5 Invalid expression"),
        ("a = " + "(" * 500 + "1" + ")" * 500, "1:1 Nesting too deep"),
        ("a = b" + ".c" * 500, "1:5 Nesting too deep"),
        ("a = " + "-".join("1" * 500), "1:5 Nesting too deep"),
        ("a = " + '"${' * 500, "1:1 Nesting too deep"),
        ("a = 1e99999", "1:5 Number out of range"),
    ],
)
def test_errors_have_places(text: str, expected: str) -> None:
    found = [f"{e.range} {e.summary}" for e in python_hcl2.parse(SourceFile("m", text)).diagnostics]
    assert f"m:{expected}".split(" ", 1)[1] == found[0].split(" ", 1)[1]
    if "too deep" not in expected:
        assert f"m:{expected}" == found[0]


def test_python_hcl2_is_imported_only_when_asked() -> None:
    program = (
        "import sys, fglint.syntax, fglint.configuration.reader\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('hcl2', 'lark')])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert "[]" == run.stdout.strip()
