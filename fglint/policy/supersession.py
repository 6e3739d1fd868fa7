"""Declared overlaps: of two rules that say the same of one thing, the finding of one is shown.

They meet at an address: that of the one finding, or of an entity related to it, is the other's. Of
the parts of a subject that stand apart, such as the statements of a role, they meet where both are
about the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from fglint.evaluation.values import plain
from fglint.finding import Finding, Verdict
from fglint.model.entity import Entity
from fglint.policy.scope import SubjectScope
from fglint.source import Range


class Found(NamedTuple):
    """A finding and where the part of its subject is written that it is about.

    `read` are the addresses of all that it was decided from: the finding shows each place once.
    """

    finding: Finding
    part: Range | None = None
    read: frozenset[str] = frozenset()


def part_of(scope: SubjectScope | None) -> Range | None:
    """Where the element that a scope is about is written; None where it does not stand apart."""
    element = None if scope is None or scope.each is None else plain(scope.each.value)
    return element.place() if isinstance(element, Entity) and element.apart else None


def not_superseded(
    found: Iterable[Found], supersedes: Mapping[str, tuple[str, ...]]
) -> Iterator[Finding]:
    """The findings without those that another rule's finding at the same thing says already.

    `supersedes` names for each rule those whose findings say less.
    """
    kept = list(found)
    hidden: dict[tuple[str, str], set[Range | None]] = {}
    for finding, part, read in kept:
        if finding.verdict is Verdict.FAIL:
            places = {finding.address, *read, *(each.address for each in finding.related)}
            for name in supersedes.get(finding.rule, ()):
                for address in places:
                    hidden.setdefault((name, address), set()).add(part)
    for finding, part, _ in kept:
        parts = hidden.get((finding.rule, finding.address))
        if parts is None or (part is not None and part not in parts):
            yield finding
