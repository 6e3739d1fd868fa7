"""Parses native syntax: files, expressions alone, and template files."""

from __future__ import annotations

from collections.abc import Callable

from fglint.diagnostic import Diagnostic
from fglint.source import SourceFile
from fglint.syntax import templates
from fglint.syntax.bodies import parse_items
from fglint.syntax.cursor import Cursor
from fglint.syntax.depth import check_depth
from fglint.syntax.expressions import expression, whole_expression
from fglint.syntax.lexer import Lexer, MarkerLines, Tokens
from fglint.syntax.nodes import (
    Attribute,
    Block,
    Body,
    Comment,
    Expression,
    File,
    Invalid,
    Literal,
    Template,
)
from fglint.syntax.trouble import Trouble, at_most


def parse(source: SourceFile) -> File:
    """The tree of a file in native syntax. Errors are its diagnostics, never exceptions."""
    text = source.text
    markers = MarkerLines(text)
    cursor = Cursor(source, Lexer(text, len(text), markers).body(0))
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    try:
        parse_items(cursor, "end", None, attributes, blocks)
        cursor.keep_comments(len(text))
    except Trouble as trouble:
        from fglint.syntax.recovery import Recoverer  # most files have no errors

        _drop_from(cursor, trouble.item)
        blocks[:] = [block for block in blocks if block.start < trouble.item]
        cursor.depth, cursor.inline = 0, False
        Recoverer(cursor, markers).parse(trouble.item, attributes, blocks)
    body = Body(0, len(text), source, attributes, tuple(blocks))
    comments = tuple(_comment(text, start, end) for start, end in cursor.comments)
    return File(source, body, comments, at_most(cursor.diagnostics))


def _comment(text: str, start: int, end: int) -> Comment:
    if text[end - 1] == "\r":
        end -= 1
    return Comment(start, end, text[start:end])


def _drop_from(cursor: Cursor, start: int) -> None:
    """Forgets what was said about the broken item, which is going to be parsed again."""
    cursor.keep_comments(start)
    cursor.diagnostics = [
        each for each in cursor.diagnostics if each.range is None or each.range.start < start
    ]


def parse_expression(
    source: SourceFile, start: int = 0, end: int | None = None
) -> tuple[Expression, list[Diagnostic]]:
    """The expression that a part of a text is; Invalid, with a diagnostic, where it is none."""
    end = len(source.text) if end is None else end
    lexer = Lexer(source.text, end, MarkerLines(source.text))
    return _alone(source, lexer.expression(start), _whole_expression, start, end)


def _whole_expression(cursor: Cursor) -> Expression:
    node = whole_expression(cursor)
    if cursor.kind != "end":
        raise cursor.trouble(
            "Extra characters after expression",
            f"The expression ends before {cursor.found()}.",
        )
    return node


def parse_template(source: SourceFile) -> tuple[Template | Literal, list[Diagnostic]]:
    """The template that a whole text is; one without interpolation is a Literal."""
    end = len(source.text)
    node, diagnostics = parse_template_part(source, 0, end)
    if isinstance(node, Template | Literal):
        return node, diagnostics
    return Template(0, end, (node,)), diagnostics


def parse_template_part(
    source: SourceFile, start: int, end: int
) -> tuple[Expression, list[Diagnostic]]:
    """The template that a part of a text is; Invalid, with a diagnostic, where it is none."""
    tokens = Lexer(source.text, end, MarkerLines(source.text)).template(start)
    return _alone(source, tokens, _whole_template, start, end)


def _whole_template(cursor: Cursor) -> Expression:
    node = templates.bare(cursor, expression)
    if cursor.deep:
        check_depth(node)
    return node


def _alone(
    source: SourceFile,
    tokens: Tokens,
    read: Callable[[Cursor], Expression],
    start: int,
    end: int,
) -> tuple[Expression, list[Diagnostic]]:
    cursor = Cursor(source, tokens)
    try:
        return read(cursor), cursor.diagnostics
    except Trouble as trouble:
        return Invalid(start, end), [*cursor.diagnostics, trouble.diagnostic(source)]
