"""A syntax error on its way to becoming a diagnostic."""

from __future__ import annotations

from fglint.diagnostic import Diagnostic
from fglint.source import SourceFile

MAXIMUM_ERRORS = 100  # of one file

_QUOTES = {
    "\u2018": "'",
    "\u2019": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u00ab": '"',
    "\u00bb": '"',
}
_SPACES = "\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"
_LOGICAL = {"&": ' Did you mean "&&"?', "|": ' Did you mean "||"?', "~": ' Did you mean "!"?'}
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"


class Trouble(Exception):
    """What is wrong, and the half-open range of offsets that it is about."""

    def __init__(self, summary: str, detail: str, start: int, end: int) -> None:
        super().__init__(summary)
        self.summary = summary
        self.detail = detail
        self.start = start
        self.end = end
        self.item = start  # where the outermost broken item begins, once that is known

    def diagnostic(self, source: SourceFile) -> Diagnostic:
        """The error as the user reads it."""
        return Diagnostic("error", self.summary, self.detail, source.range(self.start, self.end))


def at_most(diagnostics: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics of a file, the last of very many replaced by their number."""
    if len(diagnostics) <= MAXIMUM_ERRORS:
        return tuple(diagnostics)
    more = len(diagnostics) - MAXIMUM_ERRORS
    place = diagnostics[MAXIMUM_ERRORS].range
    last = Diagnostic(
        "error",
        "Too many syntax errors",
        f"There are {more} more errors in this file from here on; mend the first ones.",
        place,
    )
    return (*diagnostics[:MAXIMUM_ERRORS], last)


def unexpected_character(text: str, at: int) -> Trouble:
    """The error about a character that begins no token."""
    character = text[at]
    summary, code = "Invalid character", f"U+{ord(character):04X}"
    if character in _QUOTES:
        detail = f'The curly quote {character} ({code}) is not a quote in Terraform: write ".'
    elif character == "'":
        detail = "Single quotes are not valid: use double quotes to write a string."
    elif character in _SPACES:
        detail = f"Here is a special space ({code}), perhaps pasted: replace it with a blank."
    elif character in _INVISIBLE:
        detail = f"Here is an invisible character ({code}), perhaps pasted: remove it."
    elif character in "&|^~" or text.startswith("<<", at):
        return _operator(text, at)
    elif character == "`":
        detail = "Backquotes are not valid: use double quotes, or a heredoc for several lines."
    elif character == "$":
        detail = 'A "${" stands in strings only: write the expression alone, or inside quotes.'
    elif character == "\\":
        detail = (
            "A backslash has a meaning only in the text of strings: inside ${…}, write quotes "
            "without it."
        )
    elif character == ";":
        detail = "A semicolon is not valid: arguments are separated by new lines, items by commas."
    else:
        shown = f'"{character}" ' if character.isprintable() else ""
        detail = f"The character {shown}({code}) is not used in Terraform's language."
    return Trouble(summary, detail, at, at + 1)


def _operator(text: str, at: int) -> Trouble:
    if text.startswith("<<", at):
        return Trouble(
            "Invalid heredoc",
            "A heredoc begins with << or <<- and a name without quotes, directly followed by the "
            "end of the line.",
            at,
            at + 2,
        )
    wanted = _LOGICAL.get(text[at], "")
    return Trouble("Unsupported operator", f"There are no bitwise operators.{wanted}", at, at + 1)
