"""Trees, written as text, read as the same trees, in both front ends."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from syntax.growing import expressions
from syntax.notation import notation, outline, read, read_file
from syntax.printing import printed, printed_body

from fglint.syntax.backends import python_hcl2
from fglint.syntax.nodes import Expression

SETTINGS = settings(deadline=None, max_examples=200, suppress_health_check=list(HealthCheck))


@SETTINGS
@given(expressions())
def test_printed_expression_reads_as_the_same_tree(node: Expression) -> None:
    written = printed(node)
    again = read(written)
    assert notation(node) == notation(again)
    assert written == printed(again)


@SETTINGS
@given(st.lists(expressions(), max_size=3))
def test_both_front_ends_read_the_same_tree(nodes: list[Expression]) -> None:
    lines = "".join(f"a{n} = {printed(node)}\n" for n, node in enumerate(nodes))
    file = read_file(f'b "c" {{\n{lines}}}\n')
    other = python_hcl2.parse(file.source)
    known = ("!", "-")  # python-hcl2 takes one of them only
    if other.diagnostics and any(f"{one} {two}" in lines for one in known for two in known):
        return
    assert [] == [each.detail for each in python_hcl2.differences(file, other)]


def test_printed_body_reads_as_the_same_body() -> None:
    text = """\
a = 1
b "c" d {
  e = "${f}-$${g}"
  h {
    i = <<-E
      j
        ${k}
    E
  }
}
"""
    body = read_file(text).body
    again = read_file(printed_body(body)).body
    expected = [line.replace("heredoc", "template") for line in outline(body)]
    assert expected == outline(again)
    assert printed_body(body) == printed_body(again)
