"""The lines of a file, as an edit needs to know them: where they begin, how they are indented."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fglint.records import dataclass
from fglint.source import SourceFile
from fglint.syntax.nodes import Block, Node

_INDENTED = re.compile(r"^([ \t]+)[^\s#/*]", re.MULTILINE)
_COMMA = re.compile(r"[ \t]*,")


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Lines, indentation and line ends of one file."""

    source: SourceFile

    @property
    def text(self) -> str:
        """The text of the file."""
        return self.source.text

    @property
    def newline(self) -> str:
        """How the file ends its lines: as its first line ends."""
        first = self.text.find("\n")
        return "\r\n" if first > 0 and self.text[first - 1] == "\r" else "\n"

    @property
    def unit(self) -> str:
        """One level of indentation: two blanks, or a tab where the first indented line has one."""
        found = _INDENTED.search(self.text)
        return "\t" if found and found[1].startswith("\t") else "  "

    def line_start(self, offset: int) -> int:
        """Where the line begins."""
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Past the line break that ends the line."""
        at = self.text.find("\n", offset)
        return len(self.text) if at < 0 else at + 1

    def line_before(self, start: int) -> str:
        """The line that ends where another begins; empty for the first."""
        return self.text[self.line_start(start - 1) : start] if start else ""

    def indent(self, offset: int) -> str:
        """The blanks at the beginning of the line."""
        line = self.text[self.line_start(offset) : offset]
        return line[: len(line) - len(line.lstrip())]

    def above(self, nodes: Sequence[Node], otherwise: int) -> int:
        """Where the lines of nodes that follow each other begin, the comments above them, too."""
        if not nodes:
            return otherwise
        at = self.line_start(min(node.start for node in nodes))
        while at and self.line_before(at).lstrip().startswith(("#", "//")):
            at -= len(self.line_before(at))
        return at

    def inner_indent(self, block: Block) -> str:
        """The indentation of what a block holds."""
        return self.indent(block.start) + self.unit

    def opening(self, block: Block) -> int:
        """The place of a block's opening brace."""
        return self.text.index("{", block.header_end)

    def is_on_one_line(self, block: Block) -> bool:
        """Whether the braces of a block stand on one line."""
        return "\n" not in self.text[self.opening(block) : block.end]

    def indented(self, text: str, indent: str) -> str:
        """A text of several lines, those after the first indented, with the file's line ends."""
        first, *rest = text.split("\n")
        lines = (f"{indent}{line}" if line else "" for line in rest)
        return self.newline.join((first, *lines))

    def past_comma(self, node: Node) -> int:
        """Past the comma behind an item; its end where there is none."""
        comma = _COMMA.match(self.text, node.end)
        return comma.end() if comma else node.end

    def has_comma(self, node: Node) -> bool:
        """Whether a comma follows an item."""
        return _COMMA.match(self.text, node.end) is not None
