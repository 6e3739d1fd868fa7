"""Edits of text: what is added, changed and taken out, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fglint.source import SourceFile
from fglint.syntax import parse
from fglint.syntax.alignment import applied
from fglint.syntax.editing import Editor
from fglint.syntax.members import CannotEditError
from fglint.syntax.nodes import Block, ObjectCons


def edited(text: str, *steps: tuple[str, str, object]) -> str:
    """The text after steps on its first block: (method, name, value)."""
    source = SourceFile("a.tf", text)
    block = parse(source).body.blocks[0]
    editor = Editor(source)
    for method, name, value in steps:
        arguments = (block, name) if value is None else (block, name, value)
        getattr(editor, method)(*arguments)
    return applied(text, editor.edits())


TABLE = [
    ("a {\n  b = 1\n}\n", ("assign", "b", "2"), "a {\n  b = 2\n}\n"),
    ("a {\n  b = 1\n}\n", ("assign", "long", "2"), "a {\n  b    = 1\n  long = 2\n}\n"),
    ("a {\n  b    = 1\n  long = 2\n}\n", ("remove", "long", None), "a {\n  b = 1\n}\n"),
    ("a {\n b=1\n}\n", ("assign", "long", "2"), "a {\n b=1\n long = 2\n}\n"),
    ("a {}\n", ("assign", "b", "2"), "a {\n  b = 2\n}\n"),
    ("a { c = 1 }\n", ("remove", "c", None), "a {}\n"),
    ("a {\n  b = 1 # x\n  cc = 2\n}\n", ("remove", "cc", None), "a {\n  b = 1 # x\n}\n"),
    ("a {\r\n  b = 1\r\n}\r\n", ("assign", "c", "2"), "a {\r\n  b = 1\r\n  c = 2\r\n}\r\n"),
    (
        "a {\n  b = 1\n\n  c {\n  }\n}\n",
        ("remove", "c", None),
        "a {\n  b = 1\n}\n",
    ),
    (
        "a {\n  b = 1\n}\n",
        ("assign", "l.x", "true"),
        "a {\n  b = 1\n\n  l {\n    x = true\n  }\n}\n",
    ),
    (
        "a {\n  l {\n    i = [b]\n  }\n}\n",
        ("append", "l.i", ["b", "c"]),
        "a {\n  l {\n    i = [b, c]\n  }\n}\n",
    ),
    (
        "a {\n  d = [\n    b,\n  ]\n}\n",
        ("append", "d", ["c"]),
        "a {\n  d = [\n    b,\n    c,\n  ]\n}\n",
    ),
    (
        "a {\n  b = 1\n}\n",
        ("append", "depends_on", ["c"]),
        "a {\n  b = 1\n\n  depends_on = [c]\n}\n",
    ),
    ("a {\n  o = { x = 1, y = 2 }\n}\n", ("remove", "o.y", None), "a {\n  o = { x = 1 }\n}\n"),
    ("a {\n  o = { x = 1, y = 2 }\n}\n", ("remove", "o.x", None), "a {\n  o = { y = 2 }\n}\n"),
    ("a {\n  o = { x = 1 }\n}\n", ("remove", "o.x", None), "a {\n  o = {}\n}\n"),
    ("a {\n  o = { x = 1 }\n}\n", ("assign", "o.y", "2"), "a {\n  o = { x = 1, y = 2 }\n}\n"),
    (
        "a {\n  o = { x = 1 }\n}\n",
        ("append", "o.l.c.d", ['"ALL"']),
        'a {\n  o = { x = 1, l = { c = { d = ["ALL"] } } }\n}\n',
    ),
    (
        'a {\n  o = {\n    "x" : 1,\n    "y" : 2\n  }\n}\n',
        ("assign", "o.z", "3"),
        'a {\n  o = {\n    "x" : 1,\n    "y" : 2,\n    "z" : 3\n  }\n}\n',
    ),
    (
        'a {\n  o = { "x": 1 }\n}\n',
        ("assign", "o.z", "3"),
        'a {\n  o = { "x": 1, "z": 3 }\n}\n',
    ),
    (
        "a {\n  o = {\n    x = 1,\n    y = 2\n  }\n}\n",
        ("remove", "o.y", None),
        "a {\n  o = {\n    x = 1\n  }\n}\n",
    ),
]


@pytest.mark.parametrize(("text", "step", "expected"), TABLE)
def test_edits(text: str, step: tuple[str, str, object], expected: str) -> None:
    assert expected == edited(text, step)


@pytest.mark.parametrize(
    ("text", "step", "reason"),
    [
        ("a {\n  b = var.b\n}\n", ("assign", "b", "2"), "b is var.b: change the value"),
        ("a {\n  d = var.d\n}\n", ("append", "d", ["x"]), "no list that is written out"),
        ("a {\n}\n", ("remove", "b", None), "there is no b"),
        ("a {\n  c {}\n  c {}\n}\n", ("assign", "c.x", "1"), "there are several c blocks"),
        ('a {\n  dynamic "c" {\n  }\n}\n', ("assign", "c.x", "1"), "c is a dynamic block"),
    ],
)
def test_what_is_not_written_out_stays(
    text: str, step: tuple[str, str, object], reason: str
) -> None:
    with pytest.raises(CannotEditError, match=reason):
        edited(text, step)


def test_an_expression_goes_into_brackets() -> None:
    source = SourceFile("a.tf", "a {\n  b = f({ x = 1 })\n}\n")
    call = parse(source).body.blocks[0].body.attributes["b"].expression
    (node,) = call.arguments  # type: ignore[attr-defined]
    assert isinstance(node, ObjectCons)
    editor = Editor(source)
    editor.enclose(node)
    assert "a {\n  b = f([{ x = 1 }])\n}\n" == applied(source.text, editor.edits())


NAMES = st.sampled_from(["a", "bb", "ccc", "dddd", "eeeee"])
VALUES = st.sampled_from(["1", '"x"', "[1, 2]", "{ k = 1 }", "<<EOT\n${x}\nEOT", "{\n  k = 1\n}"])
ARGUMENTS = st.dictionaries(NAMES, VALUES, max_size=5)


def shape(block: Block) -> dict[str, str]:
    """The arguments of a block and their texts, blanks aside."""
    text = block.body.source.text
    return {
        name: "".join(text[each.expression.start : each.expression.end].split())
        for name, each in block.body.attributes.items()
    }


@given(ARGUMENTS, NAMES, st.booleans(), st.sampled_from(["\n", "\n\n", " # note\n"]))
def test_an_edit_changes_its_argument_alone(
    arguments: dict[str, str], name: str, removes: bool, gap: str
) -> None:
    lines = "".join(
        f"  {key} = {value}{gap if 'EOT' not in value else chr(10)}"
        for key, value in arguments.items()
    )
    before, after = "# before\nx {\n}\n", "\n# after\ny   {\n  q=1\n}\n"
    text = f"{before}z {{\n{lines}}}\n{after}"
    source = SourceFile("a.tf", text)
    block = parse(source).body.blocks[1]
    editor = Editor(source)
    expected = shape(block)
    try:
        if removes:
            editor.remove(block, name)
            del expected[name]
        else:
            editor.assign(block, name, "7")
            expected[name] = "7"
    except CannotEditError:
        return
    changed = applied(text, editor.edits())
    file = parse(SourceFile("a.tf", changed))
    assert () == file.diagnostics
    assert expected == shape(file.body.blocks[1])
    assert changed.startswith(before)
    assert changed.endswith(after)
    kept = [part for part in ("# note",) if part in text and not removes]
    assert all(changed.count(part) == text.count(part) for part in kept)
