"""What is said about usual mistakes, and exactly where: summary, place, advice."""

from __future__ import annotations

import re

import pytest

from fglint.source import SourceFile
from fglint.syntax import parse

# A row: the text with «…» around the range of its one error, its summary, a part of the detail.
MISTAKES = [
    # brackets and quotes that are missing
    ('«resource "a" "b"» {\n  c = 1\n', "Unclosed block", "on line 1, column 18"),
    ('resource "a" "b" {\n  «c» {\n    d = 1\n\n  e = 1\n}\n', "Unclosed block", "on line 6"),
    ("locals {\n  «a» = {\n    b = 1\n  c = 2\n}\n", "Unclosed block", "is closed on line 5"),
    ('a = «"b»\nc = 1\n', "Unterminated string", "as heredocs, <<EOT"),
    ('a = b«"»\nc = 1\n', "Missing newline after argument", "put it in double quotes"),
    ('b «"c {»\n  d = 1\n}\n', "Unterminated string", "no closing quote on its line"),
    ('a = "b-${var.c«"»\nd = 1\n', "Extra characters after interpolation expression", 'brace "}"'),
    ("a = [\n  1,\n  2\n«b» = 1\n", "Missing item separator", "opened on line 1, column 5"),
    ("a = f(1, {\n  b = 1\n}\n«b» = 1\n", "Missing argument separator", "line 1, column 6"),
    ("a = (1 + 2\n«»", "Unbalanced parentheses", "to close the parenthesis opened on line 1"),
    ("a = b[0\n«c» = 1\n", "Missing close bracket on index", 'Expected "]"'),
    ("a = 1 «/*» b\nc = 1\n", "Unterminated comment", '"*/"'),
    # commas, equals signs, colons
    ('a = [\n  "b"\n  «"c"»\n]\n', "Missing item separator", "Expected a comma before the next"),
    ("a = { b = 1 «c» = 2 }\n", "Missing attribute separator", "a new line or a comma"),
    ("a = merge(b «c»)\n", "Missing argument separator", "Expected a comma before the next"),
    ("b {\n  a«:» 1\n}\n", "Argument or block definition required", "a = …, not a: …"),
    ("b {\n  a «==» 1\n}\n", "Argument or block definition required", 'given with "="'),
    ('b {\n  «a "c"»\n}\n', "Invalid block definition", "a value is given with a = …"),
    ("b {\n  «a var.c»\n}\n", "Invalid block definition", "a value is given with a = …"),
    ("a =«\n»b = 1\n", "Missing expression", "here is the end of the line"),
    ("a = { for k, v in b «=» k => v }\n", "Invalid 'for' expression", 'Expected ":"'),
    ("a = { b «}»\n", "Missing key/value separator", 'Expected "=" and a value'),
    ("a = b ? c «=» d\n", "Missing false expression in conditional", 'after ":"'),
    ("a = b «=» c\n", "Invalid expression", 'compared with "==", not "="'),
    ("a = f(x «=» 1)\n", "Missing argument separator", "have no names"),
    ("a = 1«,»\nb = 2\n", "Unexpected comma after argument", "remove the comma"),
    ("a = 1«;»\nb = 2\n", "Invalid character", "separated by new lines"),
    # line breaks
    ("b {\n  a = 1 «c» = 2\n}\n", "Missing newline after argument", 'give "c" a line of its own'),
    ("b {\n  a = 1 «}»\n", "Missing newline after argument", "closing brace a line of its own"),
    ('b "c"\n«{»\n  a = 1\n}\n', "Invalid block definition", 'on the same line as "b"'),
    ("b {\n  c\n  «{»\n  }\n}\n", "Invalid block definition", 'on the same line as "c"'),
    ("b {} «c» {}\n", "Missing newline after block", 'here is "c"'),
    ("b { a = 1, «c» = 2 }\n", "Invalid single-line block definition", "a new line after"),
    ("b { «c» { a = 1 } }\n", "Invalid single-line block definition", "a single argument"),
    ("a = b\n  «&&» c\n", "Argument or block definition required", "put it in (…)"),
    ("a = b &&«\n»  c\n", "Missing expression", "put it in (…)"),
    # heredocs
    ("a = «<<EOF»\nx\nEOT\n", "Unterminated heredoc", 'Line 3 is "EOT": make both names the same'),
    ("a = f(«<<EOF»\nx\nEOF)\n", "Unterminated heredoc", "On line 3 something follows it"),
    ("a = <<EOF\nx\n«EOF»", "Unterminated heredoc", "has no line break; add one"),
    ('a = «<<»"EOF"\nx\nEOF\n', "Invalid heredoc", "a name without quotes"),
    # pasted characters
    ("a = «'»b'\n", "Invalid character", "use double quotes"),
    ("a = «`»b`\n", "Invalid character", "a heredoc for several lines"),
    ("a = «“»b”\n", "Invalid character", "The curly quote “ (U+201C) is not a quote"),
    ("a«\u00a0»= 1\n", "Invalid character", "special space (U+00A0)"),
    ("a = «\u200b»1\n", "Invalid character", "invisible character (U+200B)"),
    ("a = «@»b\n", "Invalid character", 'The character "@" (U+0040)'),
    ("«<<<<<<<» HEAD\na = 1\n", "Conflict marker", "resolve the conflict"),
    # strings and templates
    ("a = «$»{b}\n", "Invalid character", "write the expression alone, or inside quotes"),
    ("a = { «$»{b} = 1 }\n", "Invalid character", "write the expression alone, or inside quotes"),
    ('a = "x${«}»"\n', "Invalid expression", 'to write "${" itself, write "$${"'),
    ('a = "${f(«\\»"b\\")}"\n', "Invalid character", "write quotes without it"),
    ('a = "b«\\d»"\n', "Invalid escape sequence", r"A backslash itself is written \\."),
    ('a = "C:«\\U»sers"\n', "Invalid escape sequence", "eight hexadecimal digits"),
    ('a = "«\\ud800»"\n', "Invalid escape sequence", "U+D800 is no character"),
    (
        'a = "%{ if b }c%{ else «if» d }e%{ endif }"\n',
        "Extra characters in template directive",
        'no "else if"',
    ),
    ('a = "%{ if b }c%{ «elseif» d }e%{ endif }"\n', "Invalid template directive", 'no "else if"'),
    ('a = "«%{ if b }»c"\n', "Unclosed template directive", "%{ endif }"),
    ('a = "b«%{ endif }»"\n', "Unexpected template directive", 'no open "if"'),
    ('a = "%{ «while» b }"\n', "Invalid template directive", 'begins with "if", "else"'),
    # other languages
    ("a = not «b»\n", "Missing newline after argument", "is !a"),
    ("a = b «and» c\n", "Missing newline after argument", "a && b"),
    ("a = if «b» { 1 }\n", "Missing newline after argument", "condition ? a : b"),
    ("a = for «b» in c : b\n", "Missing newline after argument", "[for x in list : x]"),
    ("a = b «&» c\n", "Unsupported operator", 'Did you mean "&&"?'),
    ("a = «~»b\n", "Unsupported operator", 'Did you mean "!"?'),
    ("a = b ==«=» c\n", "Invalid expression", 'one "=" too many'),
    ("a = b «<>» c\n", "Unsupported operator", "a != b"),
    ("a = b «??» c\n", "Unsupported operator", "coalesce(a, b)"),
    ("a = b«?.»c\n", "Unsupported operator", "try(a.b, null)"),
    ("a = 2 «**» 3\n", "Unsupported operator", "pow(a, b)"),
    ("a = b[0«:»1]\n", "Missing close bracket on index", "slice(list, from, to)"),
    ("a = «.»/modules/b\n", "Invalid expression", "put it in double quotes"),
    ("a = hello «world»\n", "Missing newline after argument", "put it in double quotes"),
    ("a = { b «c» = 1 }\n", "Missing key/value separator", "more than one word stands in quotes"),
    ("b {\n  «1»c = 2\n}\n", "Argument or block definition required", "begins with a letter"),
    ("a = http«:»//b\n", "Missing newline after argument", "put it in double quotes"),
    ("a = 10«GB»\n", "Missing newline after argument", "put it in double quotes"),
    ('«{»\n  "a": 1\n}\n', "Argument or block definition required", "must end in .tf.json"),
    ('b {\n  «"a"»: 1\n}\n', "Invalid argument name", "without quotes"),
    # names and labels
    ("b {\n  a«.»c = 1\n}\n", "Invalid argument name", "a = { key = value }"),
    ('b {\n  a«[»"c"] = 1\n}\n', "Invalid argument name", "a = { key = value }"),
    ("a = b.«\n»", "Invalid attribute name", "here is the end of the line"),
    ('a = b.«"c"»\n', "Invalid attribute name", 'a["b"]'),
    ("b {\n  a = 1\n  «a» = 2\n}\n", "Attribute redefined", "already set on line 2"),
    ("resource aws_lb«.»a {\n}\n", "Invalid block definition", 'resource "type" "name" {'),
    (
        'resource "a", "b" {\n}\n'.replace(",", "«,»"),
        "Invalid block definition",
        "remove the comma",
    ),
    ('b "c" «1» {\n}\n', "Invalid block definition", "Expected a label in double quotes"),
    ('b "c" «=» {\n}\n', "Invalid block definition", 'without "="'),
    ('b «"»c-${d}" {\n}\n', "Invalid block label", "Labels of blocks are constant"),
    ("a {\n}\n«}»\n", "Unexpected closing brace", "remove it"),
    ("a = f(1)«)»\n", "Missing newline after argument", "no open bracket that it closes"),
    ("a = [1«)»\n", 'Missing "]"', "opened on line 1, column 5"),
    # things that were once valid, or never
    ("a = b.*.c.«*».d\n", "Nested splat expression not allowed", "write [*] instead"),
    ("a = b.«0.1»\n", "Invalid legacy index syntax", "a[0][1]"),
    ("a = [for k, v in b : k «=>» v]\n", "Invalid 'for' expression", "write {for …}"),
    ("a = {for v in b : v«}»\n", "Invalid 'for' expression", "needs a key"),
    ("a = [for v «of» b : v]\n", "Invalid 'for' expression", 'Expected "in"'),
    ("a = [for v in b : v «where» c]\n", "Invalid 'for' expression", 'here is "where"'),
    ("a = c::d«.»e\n", "Missing open parenthesis", 'Expected "(" after the name'),
]


@pytest.mark.parametrize(
    ("marked", "summary", "advice"), MISTAKES, ids=[row[0] for row in MISTAKES]
)
def test_mistake(marked: str, summary: str, advice: str) -> None:
    before, at, after = re.split("[«»]", marked)
    text = before + at + after
    (diagnostic,) = parse(SourceFile("main.tf", text)).diagnostics
    assert summary == diagnostic.summary
    assert advice in diagnostic.detail
    assert diagnostic.range is not None
    expected = (len(before), len(before) + len(at))
    assert expected == (diagnostic.range.start, diagnostic.range.end)
    assert "error" == diagnostic.severity


def test_messages_are_sentences() -> None:
    for marked, _, _ in MISTAKES:
        (diagnostic,) = parse(SourceFile("main.tf", re.sub("[«»]", "", marked))).diagnostics
        assert not diagnostic.summary.endswith("."), marked
        assert diagnostic.detail.endswith((".", "?")), marked
        assert "please" not in diagnostic.detail.lower(), marked
