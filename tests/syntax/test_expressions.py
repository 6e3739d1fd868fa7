"""Expressions as trees. The rows agree with the syntax trees of Go's HCL parser."""

from __future__ import annotations

from fractions import Fraction

import pytest
from syntax.notation import notation, read

from fglint.source import SourceFile
from fglint.syntax import parse_expression
from fglint.syntax.nodes import Invalid, Literal

LITERALS = {
    "null": "null",
    "true": "true",
    "false": "false",
    "0": "0",
    "007": "7",
    "1.5": "3/2",
    "1.50": "3/2",
    "2.0": "2",
    "1e3": "1000",
    "1E+3": "1000",
    "1e-2": "1/100",
    "12345678901234567890123": "12345678901234567890123",
    '""': '""',
    '"a"': '"a"',
    r'"\n\r\t\"\\"': r'"\n\r\t\"\\"',
    r'"A\u00e9\U0001F600"': '"Aé😀"',
    '"$${a} %%{b} $ % $$ %%"': '"${a} %{b} $ % $$ %%"',
    '"e\u0301"': '"\u00e9"',
    '"#  // /* no comment */"': '"#  // /* no comment */"',
}

OPERATORS = {
    "a + b * c": "(+ a (* b c))",
    "a * b + c": "(+ (* a b) c)",
    "a - b - c": "(- (- a b) c)",
    "a / b % c": "(% (/ a b) c)",
    "a || b && c": "(|| a (&& b c))",
    "a && b || c": "(|| (&& a b) c)",
    "a == b && c != d": "(&& (== a b) (!= c d))",
    "a < b == c >= d": "(== (< a b) (>= c d))",
    "a + 1 <= b - 1": "(<= (+ a 1) (- b 1))",
    "a > b": "(> a b)",
    "-a.b[0]": "(- ([] (. a b) 0))",
    "-1": "(- 1)",
    "- -a": "(- (- a))",
    "!!a": "(! (! a))",
    "!a == b": "(== (! a) b)",
    "-a * b": "(* (- a) b)",
    "a - -b": "(- a (- b))",
    "a-b": "a-b",
    "a -b": "(- a b)",
    "a ? b : c": "(? a b c)",
    "a ? b : c ? d : e": "(? a b (? c d e))",
    "a ? b ? c : d : e": "(? a (? b c d) e)",
    "a || b ? c + 1 : d": "(? (|| a b) (+ c 1) d)",
    "(a)": "(() a)",
    "(a + b) * c": "(* (() (+ a b)) c)",
    "(\n  a\n  + b\n)": "(() (+ a b))",
}

TRAVERSALS = {
    "a": "a",
    "a-1": "a-1",
    "_a": "_a",
    "é.ü": "(. é ü)",
    "null.a": "(. null a)",
    "a.b.c": "(. (. a b) c)",
    "a . b": "(. a b)",
    "a.for": "(. a for)",
    "a.true": "(. a true)",
    'a["b"]': '([] a "b")',
    "a[b.c]": "([] a (. b c))",
    "a[-1]": "([] a (- 1))",
    'a["x${b}"]': '([] a (template "x" b))',
    "a.0": "(.[] a 0)",
    "a.0.b": "(. (.[] a 0) b)",
    "a[*]": "([*] a @)",
    "a[ * ]": "([*] a @)",
    "a[*].b[0].c": "([*] a (. ([] (. @ b) 0) c))",
    "a[*].b[*].c": "([*] a ([*] (. @ b) (. @ c)))",
    "a.*": "(.* a @)",
    "a.*.b.c": "(.* a (. (. @ b) c))",
    "a.*.b[0]": "([] (.* a (. @ b)) 0)",
    "a.*.b[count.index].c": "(. ([] (.* a (. @ b)) (. count index)) c)",
    "a.*.b.0": "(.* a (.[] (. @ b) 0))",
    "a.*.b[*].c": "([*] (.* a (. @ b)) (. @ c))",
    "f(a).b": "(. (call f a) b)",
    "[a][0]": "([] (tuple a) 0)",
    "{ a = 1 }.a": '(. (object ("a" 1)) a)',
    "(a).b": "(. (() a) b)",
    '"a".b': '(. "a" b)',
    "(a\n  .b\n  [0])": "(() ([] (. a b) 0))",
}

CALLS = {
    "f()": "(call f)",
    "f(a, 1)": "(call f a 1)",
    "f(a,)": "(call f a)",
    "f(a...)": "(call f a...)",
    "f(a, b...)": "(call f a b...)",
    "f(\n  a,\n  b\n)": "(call f a b)",
    "f (a)": "(call f a)",
    "provider::aws::arn_parse(a)": "(call provider::aws::arn_parse a)",
    "core::max(1, 2)": "(call max 1 2)",
    "true(a)": "(call true a)",
}

COLLECTIONS = {
    "[]": "(tuple)",
    "[a, [b], ]": "(tuple a (tuple b))",
    "[\n  a, # one\n  b\n  ,\n]": "(tuple a b)",
    "{}": "(object)",
    "{ a = 1 }": '(object ("a" 1))',
    "{ a : 1, }": '(object ("a" 1))',
    '{ "a b" = 1 }': '(object ("a b" 1))',
    "{ a-b = 1 }": '(object ("a-b" 1))',
    "{ true = 1 }": '(object ("true" 1))',
    "{ if = 1, in = 2 }": '(object ("if" 1) ("in" 2))',
    "{ 1 = 2 }": "(object (1 2))",
    "{ (a) = 1 }": "(object ((() a) 1))",
    "{ a.b = 1 }": "(object ((. a b) 1))",
    '{ "${a}" = 1 }': "(object ((template a) 1))",
    "{\n  a = 1\n\n  b = 2,\n  c = 3\n}": '(object ("a" 1) ("b" 2) ("c" 3))',
    "{ a = b ? c : d }": '(object ("a" (? b c d)))',
    "{ # no for\n  a = 1 }": '(object ("a" 1))',
    "{ a = [\n1,\n2] }": '(object ("a" (tuple 1 2)))',
    "[{\n  a = 1\n  b = 2\n}]": '(tuple (object ("a" 1) ("b" 2)))',
}

FOR = {
    "[for a in b : a]": "(for a b a)",
    "[for a, b in c : b if a]": "(for a,b c b a)",
    "[for a in b : [for c in a : c]]": "(for a b (for c a c))",
    "{for a in b : a => a}": "(for a b a=>a)",
    "{for k, v in b : k => v...}": "(for k,v b k=>v...)",
    "{for k, v in b : k => v... if v}": "(for k,v b k=>v... v)",
    "[for\n  a\n  in\n  b\n  :\n  a\n]": "(for a b a)",
    "{\n  for k, v in b :\n  k => v\n  if v != null\n}": "(for k,v b k=>v (!= v null))",
    "{ /* c */ # d\n  for k in b : k => k }": "(for k b k=>k)",
    "[for a in b : {\n  c = a\n  d = 1\n}]": '(for a b (object ("c" a) ("d" 1)))',
    "[for for in in : if if if]": "(for for in if if)",
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(*row, id=row[0])
        for table in (LITERALS, OPERATORS, TRAVERSALS, CALLS, COLLECTIONS, FOR)
        for row in table.items()
    ],
)
def test_tree(text: str, expected: str) -> None:
    assert expected == notation(read(text))


def test_numbers_are_exact() -> None:
    node = read("0.1")
    assert isinstance(node, Literal)
    assert Fraction(1, 10) == node.value


@pytest.mark.parametrize("text", ["1e99999", "1e-99999", "1" * 5000])
def test_number_out_of_range_is_unknown_with_a_diagnostic(text: str) -> None:
    node, diagnostics = parse_expression(SourceFile("main.tf", text))
    assert isinstance(node, Invalid)
    assert ["Number out of range"] == [each.summary for each in diagnostics]


REJECTED = """
a b
1.
.5
0x1
1_000
'a'
a..b
a.
a.*.b.*.c
a.0.1
a[
a[]
a[0
a[0,1]
f(
f(,)
f(a b)
f(a..., b)
a::b
a::()
[,]
[a b]
[a
[a,,b]
{a}
{a=}
{=1}
{a=1 b=2}
{a=1;b=2}
{a=1
{for = 1}
{for a in b : a}
[for a in b : a => a]
[for a in b : a...]
[for a b : a]
[for in b : a]
[for a, b, c in d : a]
(a
()
a +
* a
a ? b
a ? : b
a ?? b
a & b
a | b
a === b
a <> b
not a
"a
"${a"
"${}"
"${a b}"
"%{ if a }"
"%{ endif }"
"%{ foo }"
"%{ for a in b }%{ endif }"
"%{ if a }%{ else }%{ else }%{ endif }"
"a
b"
`a`
$a
${a}
@
~a
a;
""".strip().split("\n")


@pytest.mark.parametrize("text", REJECTED)
def test_rejected(text: str) -> None:
    node, diagnostics = parse_expression(SourceFile("main.tf", text))
    assert isinstance(node, Invalid)
    assert 1 == len(diagnostics)


def test_part_of_a_text_has_the_offsets_of_the_text() -> None:
    source = SourceFile("main.tf", 'x = "a + b.c"')
    node, diagnostics = parse_expression(source, 5, 12)
    assert [] == diagnostics
    assert (5, 12) == (node.start, node.end)
    assert "(+ a (. b c))" == notation(node)


def test_part_of_a_text_does_not_read_beyond_its_end() -> None:
    node, diagnostics = parse_expression(SourceFile("main.tf", "abc + def"), 0, 2)
    assert [] == diagnostics
    assert "ab" == notation(node)
