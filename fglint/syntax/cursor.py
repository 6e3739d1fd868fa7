"""A position among tokens, and what has been wrong so far."""

from __future__ import annotations

from dataclasses import field

from fglint.diagnostic import Diagnostic
from fglint.records import dataclass
from fglint.source import SourceFile
from fglint.syntax.depth import FLAT_NESTING, MAXIMUM_DEPTH, too_deep
from fglint.syntax.lexer import Tokens
from fglint.syntax.trouble import Trouble


@dataclass(slots=True)
class Cursor:
    """Where a parser stands. `kinds`, `starts` and `ends` are those of the tokens."""

    source: SourceFile
    tokens: Tokens
    index: int = 0
    depth: int = 0
    inline: bool = False  # inside a block that is written on one line
    deep: bool = False  # whether the depth of what is being read needs to be measured
    comments: list[tuple[int, int]] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    text: str = field(init=False)
    kinds: list[str] = field(init=False)
    starts: list[int] = field(init=False)
    ends: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.text = self.source.text
        self.replace(self.tokens)

    def replace(self, tokens: Tokens) -> None:
        """Goes on with other tokens of the same text, from the first."""
        self.tokens = tokens
        self.kinds, self.starts, self.ends = tokens.kinds, tokens.starts, tokens.ends
        self.index = 0

    @property
    def kind(self) -> str:
        """The kind of the token here."""
        return self.kinds[self.index]

    @property
    def start(self) -> int:
        """Where the token here begins."""
        return self.starts[self.index]

    def word(self) -> str:
        """The text of the token here."""
        return self.text[self.starts[self.index] : self.ends[self.index]]

    def found(self) -> str:
        """The token here as messages name it."""
        kind, text = self.kinds[self.index], self.word()
        if kind == "end":
            return "the end of the text" if self.start >= len(self.text) else "the end"
        if kind == "newline":
            return "the end of the line"
        if kind == '"' or kind == 'end"':
            return "a quote"
        if kind == "<<":
            return "a heredoc"
        line = text.split("\n", 1)[0]
        line = line if len(line) <= 40 else f"{line[:39]}…"
        return line if line.startswith('"') and line != '"' else f'"{line}"'

    def keep_comments(self, until: int) -> None:
        """Keeps the comments of the current tokens that begin before an offset."""
        last = self.comments[-1][0] if self.comments else -1
        self.comments.extend(each for each in self.tokens.comments if last < each[0] < until)

    def enter(self) -> None:
        """Counts one level of nesting; `depth` goes down again by hand."""
        self.depth += 1
        if self.depth > FLAT_NESTING:
            self.deep = True
            if self.depth > MAXIMUM_DEPTH:
                raise too_deep(self.starts[self.index], self.ends[self.index])

    def trouble(self, summary: str, detail: str) -> Trouble:
        """An error at the token here; what the lexer found wrong there comes first."""
        if self.kinds[self.index] == "bad" and self.tokens.trouble is not None:
            return self.tokens.trouble
        return Trouble(summary, detail, self.starts[self.index], self.ends[self.index])

    def report(self, summary: str, detail: str, start: int, end: int) -> None:
        """Keeps an error that parsing need not stop for."""
        place = self.source.range(start, end)
        self.diagnostics.append(Diagnostic("error", summary, detail, place))
