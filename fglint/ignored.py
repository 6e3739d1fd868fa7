"""Paths that git ignores, by the .gitignore files of a repository.

Only what a search for root modules needs: patterns of directories and files, negation, anchors.
Asking git itself would run a program in a repository that may not be trusted.
"""

from __future__ import annotations

import re
from pathlib import Path

from fglint.records import dataclass


@dataclass(frozen=True, slots=True)
class _Pattern:
    expression: re.Pattern[str]
    directories_only: bool
    negated: bool


class Ignored:
    """Answers for the paths below a top directory, whose .gitignore files count."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self._patterns: dict[Path, tuple[_Pattern, ...]] = {}

    def __call__(self, path: Path, is_directory: bool) -> bool:
        """Whether git ignores a path; its parents are known not to be ignored."""
        verdict = False
        relative = path.relative_to(self.top)
        directory = self.top
        for depth in range(len(relative.parts)):
            inner = "/".join(relative.parts[depth:])
            for pattern in self._of(directory):
                if pattern.directories_only and not is_directory:
                    continue
                if pattern.expression.fullmatch(inner):
                    verdict = not pattern.negated
            directory = directory / relative.parts[depth]
        return verdict

    def _of(self, directory: Path) -> tuple[_Pattern, ...]:
        known = self._patterns.get(directory)
        if known is None:
            try:
                text = (directory / ".gitignore").read_text(encoding="utf-8", errors="replace")
            except OSError:
                text = ""
            found = (_pattern(line) for line in text.splitlines())
            known = self._patterns[directory] = tuple(each for each in found if each is not None)
        return known


def _pattern(line: str) -> _Pattern | None:
    text = line.rstrip()
    if not text or text.startswith("#"):
        return None
    negated = text.startswith("!")
    text = text.removeprefix("!").removeprefix("\\")
    directories_only = text.endswith("/")
    text = text.rstrip("/")
    anchored = "/" in text
    text = text.removeprefix("/")
    expression = "" if anchored else "(?:.*/)?"
    for piece in re.split(r"(\*\*/|/\*\*$|\*|\?|\[[^\]]+\])", text):
        match piece:
            case "**/":
                expression += "(?:.*/)?"
            case "/**":
                expression += "/.*"
            case "*":
                expression += "[^/]*"
            case "?":
                expression += "[^/]"
            case _ if piece.startswith("[") and piece.endswith("]"):
                expression += piece.replace("[!", "[^", 1)
            case _:
                expression += re.escape(piece)
    try:
        return _Pattern(re.compile(expression), directories_only, negated)
    except re.error:
        return None  # git ignores what it cannot read, too
