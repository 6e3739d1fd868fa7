"""What is wrong with a rule file, at its place and in words."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from fglint.diagnostic import Diagnostic
from fglint.source import Range


class RuleError(Exception):
    """A rule file says something that no rule can say, at a place."""

    def __init__(self, message: str, range: Range) -> None:
        super().__init__(message)
        self.range = range

    def diagnostic(self) -> Diagnostic:
        """The error as trouble with the input."""
        return Diagnostic("error", "Error in rule file", str(self), self.range)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean "NAME"?` with the nearest known name, empty when none is near."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""


def article(noun: str) -> str:
    """The noun with "a" or "an" before it."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"
