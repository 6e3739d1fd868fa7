"""Every node covers the text that it was read from."""

from __future__ import annotations

from syntax.notation import read_file

from fglint.source import SourceFile
from fglint.syntax import parse_file
from fglint.syntax.nodes import (
    Attribute,
    Block,
    Body,
    Comment,
    Label,
    Literal,
    Node,
    ObjectItem,
    SplatItem,
    Template,
    children,
)

TEXT = """\
# é
resource "aws_lb" main {
  name = "x-${var.a}-😀" # comment
  cond = (a || !b) ? -1.5 : c[0].d
  tags = { Name = "n", (k) : 1, "q" = [for x in y : x if z] }
  all  = aws_subnet.x.*.id[count.index]
  full = aws_subnet.x[*].id[0]
  call = f(a, b...)
  text = <<-EOT
    ${~ a ~}
    %{ if b }c%{ else }d%{ endif }
    %{ for k, v in m }${k}%{ endfor }
  EOT

  rule { on = true }
}
"""

EXPECTED = """\
Body: whole
Block: resource "aws_lb" main { … }
Label: "aws_lb"
Label: main
Body: { … }
Attribute: name = "x-${var.a}-😀"
Template: "x-${var.a}-😀"
Literal: x-
GetAttr: var.a
Variable: var
Literal: -😀
Attribute: cond = (a || !b) ? -1.5 : c[0].d
Conditional: (a || !b) ? -1.5 : c[0].d
Parentheses: (a || !b)
Binary: a || !b
Variable: a
Unary: !b
Variable: b
Unary: -1.5
Literal: 1.5
GetAttr: c[0].d
Index: c[0]
Variable: c
Literal: 0
Attribute: tags = { Name = "n", (k) : 1, "q" = [for x in y : x if z] }
ObjectCons: { Name = "n", (k) : 1, "q" = [for x in y : x if z] }
ObjectItem: Name = "n"
Literal: Name
Literal: "n"
ObjectItem: (k) : 1
Parentheses: (k)
Variable: k
Literal: 1
ObjectItem: "q" = [for x in y : x if z]
Literal: "q"
For: [for x in y : x if z]
Variable: y
Variable: x
Variable: z
Attribute: all  = aws_subnet.x.*.id[count.index]
Index: aws_subnet.x.*.id[count.index]
Splat: aws_subnet.x.*.id
GetAttr: aws_subnet.x
Variable: aws_subnet
GetAttr: .*.id
SplatItem: .*
GetAttr: count.index
Variable: count
Attribute: full = aws_subnet.x[*].id[0]
Splat: aws_subnet.x[*].id[0]
GetAttr: aws_subnet.x
Variable: aws_subnet
Index: [*].id[0]
GetAttr: [*].id
SplatItem: [*]
Literal: 0
Attribute: call = f(a, b...)
Call: f(a, b...)
Variable: a
Variable: b
"""


def _lines(node: Node, text: str) -> list[str]:
    shown = text[node.start : node.end]
    if isinstance(node, Body):
        shown = "{ … }" if shown.startswith("{") else "whole"
    elif isinstance(node, Block):
        shown = f"{text[node.start : node.header_end]} {{ … }}"
    lines = [f"{type(node).__name__}: {shown}"]
    for below in children(node):
        lines += _lines(below, text)
    return lines


def test_each_node_covers_its_text() -> None:
    expected = EXPECTED.splitlines()
    assert expected == _lines(read_file(TEXT).body, TEXT)[: len(expected)]


def test_heredoc_reaches_from_its_marker_to_its_marker() -> None:
    node = read_file(TEXT).body.blocks[0].body.attributes["text"].expression
    assert isinstance(node, Template)
    assert node.heredoc
    covered = TEXT[node.start : node.end]
    assert covered.startswith("<<-EOT\n")
    assert covered.endswith("  EOT")
    written = [TEXT[part.start : part.end] for part in node.parts]
    assert "a" == written[1]
    assert "%{ if b }c%{ else }d%{ endif }" in written
    assert "%{ for k, v in m }${k}%{ endfor }" in written


def test_parts_of_blocks_and_arguments() -> None:
    block = read_file(TEXT).body.blocks[0]
    assert 'resource "aws_lb" main' == block.header().text
    assert (2, 1) == block.header().begin
    assert (2, 23) == block.header().finish
    name = block.body.attributes["name"]
    assert "name" == TEXT[name.start : name.name_end]
    assert (3, 3) == block.body.range(name).begin
    assert (3, 24) == block.body.range(name).finish
    inner = block.body.blocks[0]
    assert "{ on = true }" == block.body.range(inner.body).text


def test_columns_count_code_points() -> None:
    file = read_file('a = ["😀", b]\n')
    assert (1, 11) == file.body.range(children(file.body.attributes["a"].expression)[1]).begin


def test_ranges_after_carriage_returns() -> None:
    file = read_file("a = 1\r\nb = [\r\n  c,\r\n]\r\n")
    item = children(file.body.attributes["b"].expression)[0]
    assert (3, 3) == file.body.range(item).begin
    assert "c" == file.body.range(item).text


JSON = """\
{
  "resource": {
    "aws_lb": {
      "a": {
        "name": "x-${var.\\u0061}\\n",
        "on": true,
        "n": -1.5
      }
    }
  }
}
"""


def test_ranges_in_json() -> None:
    file = parse_file(SourceFile("main.tf.json", JSON))
    assert () == file.diagnostics
    (block,) = file.body.blocks
    assert '"resource"' == JSON[block.start : block.start + 10]
    assert ['"aws_lb"', '"a"'] == [JSON[each.start : each.end] for each in block.labels]
    assert {"name": (5, 9), "on": (6, 9), "n": (7, 9)} == {
        name: file.body.range(each).begin for name, each in block.body.attributes.items()
    }
    name = block.body.attributes["name"].expression
    assert '"x-${var.\\u0061}\\n"' == JSON[name.start : name.end]
    text, reference, rest = children(name)
    assert "x-" == JSON[text.start : text.end]
    assert "var.\\u0061" == JSON[reference.start : reference.end]
    assert "\\n" == JSON[rest.start : rest.end]


def nodes(node: Node) -> list[Node]:
    """A node and all below it."""
    return [node, *(each for below in children(node) for each in nodes(below))]


def test_all_kinds_of_nodes_have_children_or_none() -> None:
    leaves = {type(each) for each in nodes(read_file(TEXT).body) if not children(each)}
    assert {Label, Literal, SplatItem}.issubset(leaves)
    assert not leaves & {Attribute, Block, ObjectItem, Comment}
