"""Quoted templates, heredocs, template files. Values agree with those of Go's HCL parser."""

from __future__ import annotations

import pytest
from syntax.notation import notation, read, read_file

from fglint.source import SourceFile
from fglint.syntax import parse_template
from fglint.syntax.nodes import Literal, Template

QUOTED = {
    '"${a}"': "(template a)",
    '"${ a }"': "(template a)",
    '"x${a}y"': '(template "x" a "y")',
    '"${a}${b}"': "(template a b)",
    '"${"${a}"}"': "(template (template a))",
    '"${"a"}"': '(template "a")',
    '"${{ a = 1 }.a}"': '(template (. (object ("a" 1)) a))',
    '"${[a]}"': "(template (tuple a))",
    '"${f("x", "${a}")}"': '(template (call f "x" (template a)))',
    '"${\na\n}"': "(template a)",
    '"${a /* } */}"': "(template a)",
    '"$${a}${b}"': '(template "${a}" b)',
    '"$$${a}"': '"$${a}"',
    '"$${ ${a} }"': '(template "${ " a " }")',
    '"%${a}"': '(template "%" a)',
    '"a ${~ b ~} c"': '(template "a" b "c")',
    '"a ${~ b } c"': '(template "a" b " c")',
    r'"\n ${~ b ~} \n"': '(template "" b "")',
    '"%{ if a }b%{ endif }"': '(template (if a (template "b") (template)))',
    '"%{ if a }b%{ else }c%{ endif }"': '(template (if a (template "b") (template "c")))',
    '"%{if a}%{if b}c%{endif}%{endif}"': (
        '(template (if a (template (if b (template "c") (template))) (template)))'
    ),
    '"%{ for a in b }${a},%{ endfor }"': '(template (each a b (template a ",")))',
    '"%{ for a, b in c }%{ endfor }"': "(template (each a,b c (template)))",
    '"x %{~ if a ~} y %{~ endif ~} z"': '(template "x" (if a (template "y") (template)) "z")',
}


@pytest.mark.parametrize(("text", "expected"), QUOTED.items())
def test_quoted(text: str, expected: str) -> None:
    assert expected == notation(read(text))


HEREDOCS = {
    "<<E\nE\n": '""',
    "<<E\na\nE\n": r'"a\n"',
    "<<E\na\n\nb\nE\n": r'"a\n\nb\n"',
    "<<E\n  a\n  E\n": r'"  a\n"',
    "<<E\na\nE  \n": r'"a\n"',
    "<<E\n\\n \"q\" 'x'\nE\n": r'''"\\n \"q\" 'x'\n"''',
    "<<E\n$${a} %%{b}\nE\n": r'"${a} %{b}\n"',
    "<<E\nEE\nE x\n xE\nE\n": r'"EE\nE x\n xE\n"',
    "<<E-F_1\na\nE-F_1\n": r'"a\n"',
    "<<É\na\nÉ\n": r'"a\n"',
    "<<_\na\n_\n": r'"a\n"',
    "<<E\r\na\r\nb\r\nE\r\n": r'"a\r\nb\r\n"',
    "<<E\n# a /* b\nE\n": r'"# a /* b\n"',
    "<<E\n${a}\nE\n": r'(heredoc a "\n")',
    "<<E\nx ${a} y\nE\n": r'(heredoc "x " a " y\n")',
    "<<E\n${\na\n}\nE\n": r'(heredoc a "\n")',
    '<<E\n${f("E")}\nE\n': r'(heredoc (call f "E") "\n")',
    "<<E\n${<<F\nb\nF\n}\nE\n": r'(heredoc "b\n" "\n")',
    "<<E\n%{ for a in b ~}\n${a}\n%{ endfor ~}\nE\n": (
        r'(heredoc (each a b (template "" a "\n")) "")'
    ),
    "<<E\n  %{~ if a ~}  \n x\n  %{~ endif ~}\nE\n": (
        r'(heredoc "" (if a (template " x\n") (template)) "")'
    ),
}


@pytest.mark.parametrize(("text", "expected"), HEREDOCS.items())
def test_heredoc(text: str, expected: str) -> None:
    assert expected == notation(read(text))


INDENTED = {
    "  a\n   b\n  E": r'"a\n b\n"',
    "  a\n\n   b\n\n  E": r'"a\n\n b\n\n"',
    "    a\n  b\nE": r'"  a\nb\n"',
    "\ta\n\t\tb\n\tE": r'"a\n\tb\n"',
    "\ta\n  b\n  E": r'"a\n b\n"',
    "    a\n \n    b\n  E": r'"a\n \nb\n"',
    "  ${a}\n  b\n  E": r'(heredoc "" a "\nb\n")',
    "${a}\n  b\n  E": r'(heredoc a "\n  b\n")',
    "  a ${b}\n    c\n  E": r'(heredoc "a " b "\n  c\n")',
    "   \u2003a\n  b\n  E": '" \u2003a\\nb\\n"',
    "  x\n  %{ if a }\n    y\n  %{ endif }\n  E": (
        r'(heredoc "x\n" (if a (template "\n  y\n") (template)) "\n")'
    ),
}


@pytest.mark.parametrize(("body", "expected"), INDENTED.items())
def test_indented_heredoc(body: str, expected: str) -> None:
    assert expected == notation(read(f"<<-E\n{body}\n"))


def test_heredocs_inside_other_expressions() -> None:
    file = read_file("a = f(<<E\nx\nE\n, [<<-F\n  y\n  F\n], {\n b = <<G\nz\nG\n})\n")
    expected = r'(call f "x\n" (tuple "y\n") (object ("b" "z\n")))'
    assert expected == notation(file.body.attributes["a"].expression)


def test_two_heredocs_with_one_marker_are_two() -> None:
    file = read_file("a = <<E\nx\nE \nb = <<E\ny\nE\n")
    assert [r'"x\n"', r'"y\n"'] == [
        notation(each.expression) for each in file.body.attributes.values()
    ]


FILES = {
    "": '""',
    "a": '"a"',
    '"a" \\n': r'"\"a\" \\n"',
    "${a}": "(template a)",
    "x ${a}\n": r'(template "x " a "\n")',
    "%{ if a ~}\nb\n%{ endif ~}\n": r'(template (if a (template "b\n") (template)) "")',
    '{ "a": "${b}", "c": ${d} }': '(template "{ \\"a\\": \\"" b "\\", \\"c\\": " d " }")',
}


@pytest.mark.parametrize(("text", "expected"), FILES.items())
def test_template_file(text: str, expected: str) -> None:
    node, diagnostics = parse_template(SourceFile("task.tpl", text))
    assert [] == diagnostics
    assert expected == notation(node)


def test_template_of_one_interpolation_wraps_its_value() -> None:
    wraps = {
        '"${a}"': True,
        '"${1}"': True,
        '"${"a"}"': False,
        '"${a} "': False,
        '"%{ if a }b%{ endif }"': False,
    }
    for text, expected in wraps.items():
        node = read(text)
        assert isinstance(node, Template)
        assert expected == node.wraps, text


def test_text_alone_is_a_literal() -> None:
    assert isinstance(read("<<E\nx\nE\n"), Literal)
