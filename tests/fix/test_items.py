"""Items that are added stand as terraform fmt has them."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from fglint.source import SourceFile
from fglint.syntax import parse
from fglint.syntax.alignment import applied
from fglint.syntax.items import extended
from fglint.syntax.layout import Layout
from fglint.syntax.nodes import Call, ObjectCons, TupleCons

OBJECT = "f = true"
LINES = "{\n  g = 1\n}"


def added(text: str, *new: str) -> str:
    """The text after items are added to the innermost collection that `@` stands before."""
    at = text.index("@")
    source = SourceFile("a.tf", text.replace("@", ""))
    found: list[ObjectCons | TupleCons] = []

    def visit(node: object) -> None:
        if isinstance(node, (ObjectCons, TupleCons)):
            if node.start == at:
                found.append(node)
            for item in node.items:
                visit(getattr(item, "value", item))
        elif isinstance(node, Call):
            for each in node.arguments:
                visit(each)

    for attribute in parse(source).body.attributes.values():
        visit(attribute.expression)
    (node,) = found
    return applied(source.text, list(extended(Layout(source), node, new)))


CASES = {
    "an object on one line": ("a = @{ b = 1 }\n", OBJECT, "a = { b = 1, f = true }\n"),
    "behind a list in an object that closes with it": (
        "a = [\n  @{ b = 1, c = [\n    1,\n  ] },\n]\n",
        OBJECT,
        "a = [\n  { b = 1, c = [\n    1,\n  ], f = true },\n]\n",
    ),
    "behind a list in a call": (
        "a = [\n  @{ b = 1, c = concat([\n    1,\n  ], d) },\n]\n",
        OBJECT,
        "a = [\n  { b = 1, c = concat([\n    1,\n  ], d), f = true },\n]\n",
    ),
    "an object of several lines in a list that opens with one": (
        "a = f(@[{\n  b = 1\n}])\n",
        LINES,
        "a = f([{\n  b = 1\n  }, {\n  g = 1\n}])\n",
    ),
    "a short object in such a list": (
        "a = f(@[{\n  b = 1\n}])\n",
        "{ g = 1 }",
        "a = f([{\n  b = 1\n}, { g = 1 }])\n",
    ),
    "lines of their own": ("a = @[\n  1,\n]\n", "2", "a = [\n  1,\n  2,\n]\n"),
}


@pytest.mark.parametrize("name", CASES)
def test_an_item_is_added(name: str) -> None:
    text, new, expected = CASES[name]
    assert expected == added(text, new)


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not installed")
@pytest.mark.parametrize("name", CASES)
def test_terraform_leaves_it_as_it_is(name: str) -> None:
    text = added(*CASES[name][:2])
    ran = subprocess.run(["terraform", "fmt", "-"], input=text, capture_output=True, text=True)
    assert text == ran.stdout
