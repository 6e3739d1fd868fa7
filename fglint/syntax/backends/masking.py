"""A text as python-hcl2 can read it: of the same length, with what it misreads masked.

Its grammar takes heredocs as one opaque token, loses some of them and some interpolations, and
wants line breaks and comments in certain places only. So literal text becomes a run of x, a
heredoc the quoted string of the same length, and comments, strip markers and line breaks that
mean nothing become blanks. Every other character stays where it is, and so do all offsets.
"""

from __future__ import annotations

import re
from dataclasses import field

from fglint.records import dataclass
from fglint.syntax.depth import MAXIMUM_DEPTH, too_deep
from fglint.syntax.trouble import Trouble

_CODE = re.compile(
    r"""(?P<comment>\#[^\n]*|//[^\n]*)|(?P<long>/\*)|(?P<quote>")
      |(?P<heredoc><<-?(?P<marker>[^\W\d][\w-]*)\r?\n)
      |(?P<splat>\[\s*\*\s*\])|(?P<open>[({\[])|(?P<close>[)}\]])|(?P<line>\r?\n)|(?P<other>[^\x00-\x7f])""",
    re.VERBOSE,
)
_SEQUENCE = re.compile(r"\$\$\{|%%\{|(?P<open>[$%]\{~?)")
_QUOTED = re.compile(r'\\[^\n]|"|\n|\$\$\{|%%\{|(?P<open>[$%]\{~?)')
_FOR = re.compile(r"for(?![\w-])(?!\s*[=:])")
_BLANKS = re.compile(r"(?:\s|#[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)


@dataclass(slots=True)
class Masked:
    """The masked text, and the comments that it no longer shows."""

    text: str
    comments: list[tuple[int, int]]


@dataclass(slots=True)
class _Masker:
    text: str
    pieces: list[str] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)
    done: int = 0  # up to where the pieces reach
    depth: int = 0

    def keep(self, until: int) -> None:
        """Takes the text over as it is."""
        self.pieces.append(self.text[self.done : until])
        self.done = until

    def put(self, text: str) -> None:
        """Writes something instead of as much text."""
        self.pieces.append(text)
        self.done += len(text)

    def blank(self, until: int) -> None:
        """Writes blanks instead of the text."""
        self.put(" " * (until - self.done))

    def cross(self, until: int) -> None:
        """Writes a run of x."""
        self.put("x" * (until - self.done))

    # ---- code ---------------------------------------------------------------------------------

    def code(self, position: int, within: str) -> int:
        """Masks expressions and bodies; the offset after the bracket that closes `within`."""
        stack: list[str] = [within]
        while found := _CODE.search(self.text, position):
            self.keep(found.start())
            position = found.end()
            match found.lastgroup:
                case "comment":
                    self._comment(found.start(), position)
                case "long":
                    position = self._long_comment(found.start())
                case "quote":
                    position = self._quoted(found.start())
                case "heredoc" | "marker":
                    position = self._heredoc(found.start(), found["marker"], position)
                case "splat":
                    self.put("[*]")
                    self.blank(position)
                case "open":
                    self.keep(position)
                    stack.append(self._opened(found[0], position))
                case "close":
                    if len(stack) == 1 and within == "$" and found[0] == "}":
                        return self._close_sequence(found.start())
                    self.keep(position)
                    if len(stack) > 1:
                        stack.pop()
                case "line":
                    if stack[-1] == "{":
                        self.keep(position)
                    else:
                        self.blank(position)
                case _:
                    self._letter(found[0])
        self.keep(len(self.text))
        return len(self.text)

    def _opened(self, bracket: str, after: int) -> str:
        if bracket != "{":
            return bracket
        blanks = _BLANKS.match(self.text, after)
        begin = blanks.end() if blanks else after
        return "for" if _FOR.match(self.text, begin) else "{"

    def _comment(self, start: int, end: int) -> None:
        if self.text[end - 1] == "\r":
            end -= 1
        self.comments.append((start, end))
        self.blank(end)

    def _long_comment(self, start: int) -> int:
        end = self.text.find("*/", start + 2)
        if end < 0:
            raise Trouble(
                "Unterminated comment",
                'The comment that begins here with "/*" is never closed with "*/".',
                start,
                start + 2,
            )
        self.comments.append((start, end + 2))
        self.blank(end + 2)
        return end + 2

    def _letter(self, character: str) -> None:
        """A letter beyond ASCII is one of ASCII; names are read from the text itself."""
        if f"a{character}".isidentifier():
            self.put("x")
        else:
            self.keep(self.done + 1)

    # ---- templates ----------------------------------------------------------------------------

    def _quoted(self, start: int) -> int:
        self.keep(start + 1)
        position = start + 1
        while found := _QUOTED.search(self.text, position):
            if found[0] == "\n":
                break
            self.cross(found.start())
            position = found.end()
            if found[0] == '"':
                self.keep(position)
                return position
            if found["open"]:
                position = self._sequence(position, found["open"])
            else:
                self.cross(position)
        raise Trouble(
            "Unterminated string",
            "The string that begins here has no closing quote on its line. Strings of several "
            "lines are written as heredocs, <<EOT.",
            start,
            start + 1,
        )

    def _heredoc(self, start: int, marker: str, position: int) -> int:
        """A heredoc as the string that begins at its `<<` and ends with its marker."""
        self.put('"')
        closing = re.compile(rf"^[^\S\n]*{re.escape(marker)}(?=[^\S\n]*$)", re.MULTILINE)
        end = closing.search(self.text, position)
        while True:
            if end is not None and end.start() < position:
                end = closing.search(self.text, position)
            if end is None:
                raise Trouble(
                    "Unterminated heredoc",
                    f"There is no line that consists of {marker} alone and ends this heredoc.",
                    start,
                    start + 2,
                )
            found = _SEQUENCE.search(self.text, position, end.start())
            if found is None:
                self.cross(end.end() - 1)
                self.put('"')
                return end.end()
            position = found.end()
            if found["open"]:
                self.cross(found.start())
                position = self._sequence(position, found["open"])

    def _sequence(self, position: int, opening: str) -> int:
        self.put(opening[:2])
        self.blank(position)
        self.depth += 1
        if self.depth > MAXIMUM_DEPTH:
            raise too_deep(position - len(opening), position)
        after = self.code(position, "$")
        self.depth -= 1
        return after

    def _close_sequence(self, brace: int) -> int:
        """Takes the brace over, without the `~` before it."""
        if self.pieces and self.pieces[-1].endswith("~"):
            self.pieces[-1] = self.pieces[-1][:-1] + " "
        self.keep(brace + 1)
        return brace + 1


def mask(text: str) -> Masked:
    """The text for python-hcl2; Trouble when a string, heredoc or comment does not end."""
    masker = _Masker(text)
    masker.code(0, "{")
    return Masked("".join(masker.pieces), masker.comments)
