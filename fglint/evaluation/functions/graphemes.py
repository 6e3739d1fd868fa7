"""Characters as users see them: grapheme clusters, which Terraform counts in strings."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex


def clusters(text: str) -> list[str]:
    """The grapheme clusters of a text, as of Unicode 15.0."""
    if text.isascii() and "\r\n" not in text:
        return list(text)
    found: list[str] = []
    for cluster in _pattern().findall(text):
        found.extend([cluster] if len(cluster) == 1 else _split_conjuncts(cluster))
    return found


def length(text: str) -> int:
    """How many grapheme clusters a text has."""
    if text.isascii() and "\r\n" not in text:
        return len(text)
    return len(clusters(text))


# ASCII characters that nothing after them joins.
_ALONE = frozenset("-_:;/\\,.(){}[]|?!~ \t@#$%^&*+\"'")


def safe_prefix(text: str) -> str:
    """What of a text stays when any other text is appended: the last cluster may grow."""
    if not text or text[-1] in _ALONE:
        return text
    if text.isascii():
        return text[: -2 if text.endswith("\r\n") else -1]
    return text[: len(text) - len(clusters(text)[-1])]


@cache
def _pattern() -> regex.Pattern[str]:
    import regex

    return regex.compile(r"\X")


def _split_conjuncts(cluster: str) -> list[str]:
    """Unicode 15.1 joins Indic conjuncts to one cluster; Terraform's tables are older."""
    parts: list[str] = []
    start = 0
    for index in range(1, len(cluster)):
        if (
            "\u0900" <= cluster[index] <= "\u0d7f"
            and unicodedata.category(cluster[index]) == "Lo"
            and unicodedata.category(cluster[index - 1]) in ("Mn", "Mc", "Cf")
            and cluster[index - 1] > "\u08ff"
        ):
            parts.append(cluster[start:index])
            start = index
    return [*parts, cluster[start:]]
