"""What is known before a check ends: the answers about a file under edit, the rest as it was.

Judging a whole root takes longer than an editor likes to wait. The subjects in the file that is
being edited are judged first; findings about others stay as they were, moved with the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from fglint.finding import Finding
from fglint.policy.check import Judgement
from fglint.source import Range, SourceFile


def carried(
    before: tuple[Finding, ...], judged: tuple[Judgement, ...], sources: dict[str, SourceFile]
) -> Iterator[Finding]:
    """The findings of the last check about what was not judged again, at their places of today.

    `sources` are today's files by path. A finding whose place was changed is left out.
    """
    addresses = {judgement.subject.address for judgement in judged}
    for finding in before:
        if finding.address in addresses:
            continue
        source = sources.get(finding.range.path)
        at = None if source is None else moved(finding.range, source)
        if at is not None:
            yield replace(finding, range=at)


def moved(at: Range, source: SourceFile) -> Range | None:
    """A place in a later text of its file; None where the text there was changed."""
    old, new = at.source.text, source.text
    if old == new:
        return source.range(at.start, at.end)
    same = _common(old, new)
    if at.end <= same:
        return source.range(at.start, at.end)
    rest = min(len(old), len(new)) - same
    tail = min(_common(old[::-1], new[::-1]), rest)
    if at.start < len(old) - tail:
        return None
    by = len(new) - len(old)
    return source.range(at.start + by, at.end + by)


def _common(one: str, other: str) -> int:
    """The length of the common beginning, by halving: comparing slices is fast."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low
