"""python-hcl2 as a second opinion: its parser's raw tree, converted to fglint's.

It serves `--parser python-hcl2`, `--cross-check` and the tests. Only Lark's tree is read, because
the layers above it lose positions, and of a masked text (see `masking`), because its grammar
misreads some things.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fglint.diagnostic import Diagnostic
from fglint.source import SourceFile
from fglint.syntax.backends.bodies import BodyConverter
from fglint.syntax.backends.comparison import differences
from fglint.syntax.backends.masking import mask
from fglint.syntax.cursor import Cursor
from fglint.syntax.lexer import TOP_LEVEL_HEADER, Tokens
from fglint.syntax.nodes import Body, Comment, File
from fglint.syntax.trouble import Trouble, at_most

if TYPE_CHECKING:
    from lark import Token, Tree

__all__ = ["differences", "parse"]

_WORD = re.compile(r"\w+|\S")
_MAXIMUM_ERRORS = 20  # python-hcl2 stops at each, so each costs a parse of the whole text


def parse(source: SourceFile) -> File:
    """The tree of a file in native syntax as python-hcl2 reads it.

    Errors are its diagnostics; a top-level item with an error is left out.
    """
    text = source.text
    troubles: list[Trouble] = []
    sink = Cursor(source, Tokens(["end"], [0], [0], []))
    body, comments = Body(0, len(text), source, {}, ()), []
    while len(troubles) < _MAXIMUM_ERRORS:
        sink.diagnostics.clear()
        try:
            masked = mask(text)
            comments = masked.comments
            body = BodyConverter(source, sink).file(_tree(masked.text, text))
            break
        except Trouble as trouble:
            troubles.append(trouble)
            text = _without_item(text, trouble.start)
    found = [trouble.diagnostic(source) for trouble in troubles] + sink.diagnostics
    found.sort(key=_place)
    kept = tuple(Comment(start, end, source.text[start:end]) for start, end in comments)
    return File(source, body, kept, at_most(found))


def _place(diagnostic: Diagnostic) -> int:
    return diagnostic.range.start if diagnostic.range else 0


def _tree(masked: str, text: str) -> Tree[Token]:
    """Lark's tree of a masked text; Trouble where python-hcl2 cannot read it."""
    from hcl2.parser import parser  # its import costs more than a check
    from lark.exceptions import UnexpectedInput

    try:
        return parser().parse(f"{masked}\n")
    except UnexpectedInput as error:
        start = error.pos_in_stream
        start = len(text) if start is None or start < 0 else min(start, len(text))
        word = _WORD.match(text, start)
        found = f'"{word[0]}"' if word else "The end of the line"
        raise Trouble(
            "Invalid syntax",
            f"{found} is not what python-hcl2 expects here.",
            start,
            word.end() if word else start,
        ) from None


def _without_item(text: str, position: int) -> str:
    """The text with blanks instead of the top-level item around a position."""
    start, end = 0, len(text)
    for header in re.finditer(rf"^(?:{TOP_LEVEL_HEADER.pattern})", text, re.MULTILINE):
        if header.start() <= position:
            start = header.start()
        else:
            end = header.start()
            break
    return text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
