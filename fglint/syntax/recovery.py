"""Goes on after syntax errors, so that one mistake does not hide the rest of a file.

Where a body goes on is found by the layout of the text, not by brackets, because a missing quote
or bracket is what errors mostly are: at the next line with the indentation of the broken item, at
the brace that closes its body, or at the next top-level block.
"""

from __future__ import annotations

import re

from fglint.syntax.bodies import parse_items
from fglint.syntax.cursor import Cursor
from fglint.syntax.lexer import TOP_LEVEL_HEADER, Lexer, MarkerLines, Tokens
from fglint.syntax.nodes import Attribute, Block
from fglint.syntax.trouble import Trouble

_LINE = re.compile(
    r"^([ \t]*+)(?:[^\W\d][\w-]*+[ \t]*+(?:=(?![=>])|"
    r'(?:"[^"\n]*+"[ \t]*+|[\w-]++[ \t]*+)*\{)|(\}))',
    re.MULTILINE,
)
_WORK = 8  # how often the text is read again, in multiples of its length
_LEAST_WORK = 1_000_000


class Recoverer:
    """Parses the rest of a file whose next top-level item has an error."""

    def __init__(self, cursor: Cursor, markers: MarkerLines) -> None:
        self.cursor = cursor
        self.markers = markers
        self._work = _WORK * len(cursor.text) + _LEAST_WORK

    def parse(self, start: int, attributes: dict[str, Attribute], blocks: list[Block]) -> None:
        """Adds what stands from an offset to the end of the text."""
        cursor, end = self.cursor, len(self.cursor.text)
        while start < end:
            self._read(start)
            parse_items(cursor, "end", self, attributes, blocks)
            cursor.keep_comments(cursor.start)
            start = cursor.start + 1

    def _read(self, start: int) -> None:
        text = self.cursor.text
        if self._work <= 0:
            self.cursor.report(
                "Too many syntax errors", "The rest of this file was not read.", start, start
            )
            self._stop_at(len(text))
            return
        lexer = Lexer(text, len(text), self.markers)
        tokens = lexer.body(start, stop_at_headers=True)
        self._work -= tokens.ends[-1] - start + 100
        self.cursor.replace(tokens)

    def _stop_at(self, position: int) -> None:
        self.cursor.replace(Tokens(["end"], [position], [position], []))

    # ---- the protocol of bodies ---------------------------------------------------------------

    def resume(self, trouble: Trouble, start: int, item: int, closing: str) -> bool:
        """Keeps the error and moves on; false when the body ends where parsing goes on."""
        cursor = self.cursor
        self._keep(trouble)
        if closing == "end" and cursor.kinds[item] == "}" and cursor.starts[item] == start:
            cursor.index = item + 1
            return True
        line_start = cursor.text.rfind("\n", 0, start) + 1
        indentation = start - line_start
        if cursor.text[line_start:start].strip(" \t"):
            indentation = 0  # it shares a line with what is around it
        after = self._search_start(trouble, start, item)
        at, ends = self._resumption(after, indentation, closing == "end")
        cursor.keep_comments(at)
        if ends and TOP_LEVEL_HEADER.match(cursor.text, at):
            self._stop_at(at - 1)
            return False
        self._read(at)
        return not ends

    def unclosed(self, trouble: Trouble) -> None:
        """Keeps the error about a block without its closing brace, unless another explains it."""
        last = self.cursor.diagnostics[-1:]
        if not any(each.range is not None and each.range.start >= trouble.start for each in last):
            self._keep(trouble)

    def _keep(self, trouble: Trouble) -> None:
        self.cursor.diagnostics.append(trouble.diagnostic(self.cursor.source))

    # ---- layout -------------------------------------------------------------------------------

    def _resumption(self, after: int, indentation: int, top: bool) -> tuple[int, bool]:
        """Where to go on, and whether the body has ended there without a brace."""
        text = self.cursor.text
        for line in _LINE.finditer(text, after):
            start, inner = line.start(), line.end(1) - line.start()
            if inner == 0 and TOP_LEVEL_HEADER.match(text, start):
                return start, not top
            if line[2] is None:
                if inner == indentation or (inner < indentation and top):
                    return start, False
                if inner < indentation:
                    return start, True
            elif inner < indentation and not top:
                return line.start(2), False
            elif inner == indentation:
                end = text.find("\n", line.end())
                return (end if end >= 0 else len(text)), False
        return len(text), False

    def _search_start(self, trouble: Trouble, start: int, item: int) -> int:
        """The line of the error, or the next when the item begins there; past heredocs."""
        cursor, text = self.cursor, self.cursor.text
        at = max(trouble.start, start, cursor.starts[min(cursor.index, len(cursor.starts) - 1)])
        if trouble is cursor.tokens.trouble:
            at = max(trouble.start, start)
        line = text.rfind("\n", 0, at) + 1
        if line <= start:
            line = text.find("\n", start) + 1 or len(text)
        for index in range(min(cursor.index, len(cursor.kinds) - 1), item, -1):
            kind = cursor.kinds[index]
            if kind == ">>":
                return max(line, cursor.ends[index])
            if kind == "<<":
                name = text[cursor.starts[index] : cursor.ends[index]].lstrip("<-")
                marker = self.markers.after(name, cursor.ends[index], len(text))
                return line if marker is None else max(line, marker.end)
        return line
