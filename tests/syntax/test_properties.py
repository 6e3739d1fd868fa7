"""What holds for all texts."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from fglint.source import SourceFile
from fglint.syntax import parse, parse_expression, parse_file, parse_template
from fglint.syntax.nodes import Node, children

SETTINGS = settings(deadline=None, suppress_health_check=list(HealthCheck))
PIECES = [
    *"\"{}()[]=:,.?!<>+-*/%&|~$#'\\;@ \n\t\r\0é“",
    *("${", "%{", "$${", "%%{", "${~", "~}", "<<E\n", "<<-EOT\n", "\nE\n", "\n  EOT\n", "/*", "*/"),
    *("==", "=>", "...", "::", "&&", "[*]", ".*", "for x in y : ", "if", "else", "endif", "endfor"),
    *("%{ if a }", "%{ else }", "%{ endif }", "%{ for a in b ~}", "%{ endfor }", "in ", "true"),
    *("a", "b.c", 'resource "a" "b" {\n', "a = ", "\n}\n", '"x"', "1", "1.5e3", "\r\n", "// c\n"),
]
JSON_PIECES = [*'{}[]:,"1-. \\\nu0', '"a"', '"${b}"', "null", "true", r'"\n${', r"\u0041", '{"a":']
texts = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join),
)
json_texts = st.lists(st.sampled_from(JSON_PIECES), max_size=25).map("".join)


def _check_ranges(node: Node, text: str) -> None:
    """Ranges nest, follow each other, and lie in the text."""
    stack = [node]
    while stack:
        current = stack.pop()
        assert 0 <= current.start <= current.end <= len(text)
        last = current.start
        for below in children(current):
            assert last <= below.start, (current, below)
            assert below.end <= current.end, (current, below)
            last = below.end
            stack.append(below)


@SETTINGS
@given(texts)
@example("a=<<E\n${<<E\n}\nE\n")
@example("a {\n  b {\n c = [\n}\nresource {\n")
@example("a {\n b = {\n c {\n} = 1\n}\n")
def test_any_text_is_a_file(text: str) -> None:
    file = parse(SourceFile("main.tf", text))
    text = file.source.text
    _check_ranges(file.body, text)
    for diagnostic in file.diagnostics:
        place = diagnostic.range
        assert place is not None
        assert 0 <= place.start <= place.end <= len(text)
    starts = [comment.start for comment in file.comments]
    assert sorted(set(starts)) == starts


@SETTINGS
@given(texts)
def test_any_text_is_an_expression_and_a_template(text: str) -> None:
    for read in (parse_expression, parse_template):
        node, diagnostics = read(SourceFile("main.tf", text))
        if not diagnostics:
            _check_ranges(node, text.removeprefix("\ufeff"))


@SETTINGS
@given(st.one_of(texts, json_texts))
@example('{"a": "\ufeff\\n${b}"}')
def test_any_text_is_a_json_file(text: str) -> None:
    for path in ("main.tf.json", "x.tfvars.json"):
        file = parse_file(SourceFile(path, text))
        for diagnostic in file.diagnostics:
            assert diagnostic.range is not None
            assert diagnostic.range.end <= len(file.source.text)


@SETTINGS
@given(texts)
def test_a_broken_block_does_not_hide_its_neighbours(inside: str) -> None:
    assume("/*" not in inside and "<<" not in inside)  # these may well reach to the end
    text = f"""\
resource "first" "x" {{
  a = 1
}}

resource "broken" "x" {{
  b = {inside}
}}

resource "last" "x" {{
  c = 1
}}
"""
    body = parse(SourceFile("main.tf", text)).body
    found = {block.label(0): list(block.body.attributes) for block in body.blocks}
    assert ["a"] == found["first"]
    assert ["c"] == found["last"]
