"""What code scanning's results say: one for each rule and line, worst first, not too many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from fglint.diagnostic import Diagnostic
from fglint.finding import Edit, Finding, Related, Report, RuleInfo, Severity, Suppression, Verdict
from fglint.records import dataclass
from fglint.report.descriptors import LEVELS, OMITTED, UNPARSED, descriptor_id
from fglint.report.fixes import Fixes
from fglint.report.options import Options
from fglint.report.selection import all_diagnostics, statement, where
from fglint.report.text import counted, one_line
from fglint.source import Range

MOST_RESULTS = 5_000  # that GitHub shows
_LEVEL_ORDER = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Result:
    """One result: the findings of one rule, at one severity, in one line.

    GitHub takes such findings for the same one and would keep but one of them. `rule` is the
    descriptor's id.
    """

    rule: str
    severity: Severity
    level: str
    range: Range
    messages: tuple[str, ...]
    address: str = ""
    related: tuple[Related, ...] = ()
    flows: tuple[tuple[Related, ...], ...] = ()
    suppression: Suppression | None = None
    fingerprint: str = ""
    edits: tuple[Edit, ...] = ()  # of a safe fix of all that it says

    @property
    def key(self) -> tuple[str, str, int, bool]:
        """What makes a result the same one."""
        return self.rule, self.range.path, self.range.begin.line, self.suppression is not None

    @property
    def rank(self) -> tuple[int, int]:
        """Worst first."""
        return _LEVEL_ORDER.index(self.level), self.severity.rank

    def merged(self, other: Result) -> Result:
        """Both in one, at the place of the first."""
        return replace(
            self,
            level=min(self.level, other.level, key=_LEVEL_ORDER.index),
            messages=tuple(dict.fromkeys(self.messages + other.messages)),
            related=_distinct(self.related + other.related),
            flows=self.flows + other.flows,
            edits=_together(self.edits, other.edits),
        )


def results(
    report: Report, findings: Iterable[Finding], rules: Mapping[str, RuleInfo], options: Options
) -> list[Result]:
    """The results, worst first; past what code scanning shows, the last counts the rest."""
    merged: dict[tuple[str, str, int, bool], Result] = {}
    fixes = Fixes(report)
    found = (_result(finding, rules[finding.rule], fixes, options) for finding in findings)
    for result in (*_unread(report), *found):
        known = merged.get(result.key)
        merged[result.key] = known.merged(result) if known else result
    every = sorted(merged.values(), key=lambda result: result.rank)
    if len(every) <= MOST_RESULTS:
        return every
    rest = every[MOST_RESULTS - 1 :]
    text = f"{counted(len(rest), 'more result')} left out. {OMITTED.remedy}"
    level = LEVELS[OMITTED.severity]
    last = Result(OMITTED.name, OMITTED.severity, level, rest[0].range, (text,))
    return [*every[: MOST_RESULTS - 1], last]


def _result(finding: Finding, rule: RuleInfo, fixes: Fixes, options: Options) -> Result:
    """A finding as a result of its own; undecided ones are notes unless they are to fail."""
    undecided = finding.verdict is Verdict.UNKNOWN and options.unknown != "fail"
    text = statement(finding)
    if place := where(finding):
        text += f" ({place})"
    return Result(
        rule=descriptor_id(rule, finding.severity),
        severity=finding.severity,
        level="note" if undecided else LEVELS[finding.severity],
        range=finding.range,
        messages=(text,),
        address=one_line(finding.address),
        related=finding.related,
        flows=(finding.flow,) if finding.flow else (),
        suppression=finding.suppressed,
        fingerprint=finding.fingerprint,
        edits=fixes.edits(finding) if fixes.safety(finding) == "safe" else (),
    )


def _unread(report: Report) -> Iterator[Result]:
    """Errors of the input as results: code scanning shows its reader nothing else."""
    level = LEVELS[UNPARSED.severity]
    for _, diagnostic in all_diagnostics(report):
        if diagnostic.severity == "error" and diagnostic.range is not None:
            text = diagnostic_text(diagnostic)
            yield Result(UNPARSED.name, UNPARSED.severity, level, diagnostic.range, (text,))


def diagnostic_text(diagnostic: Diagnostic) -> str:
    """Summary and detail as sentences on one line."""
    summary = one_line(diagnostic.summary).rstrip(".")
    return f"{summary}. {one_line(diagnostic.detail)}" if diagnostic.detail else f"{summary}."


def _together(one: tuple[Edit, ...], other: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """The edits of both, each once; none where one has none, or where they overlap."""
    if not one or not other:
        return ()
    edits = {(e.range.path, e.range.start, e.range.end, e.text): e for e in (*one, *other)}
    order = sorted(edits)
    for (path, start, end, _), (other_path, other_start, other_end, _) in pairwise(order):
        same = (start, end) == (other_start, other_end)
        if path == other_path and (other_start < end or same):
            return ()
    return tuple(edits[key] for key in order)


def _distinct(places: tuple[Related, ...]) -> tuple[Related, ...]:
    """Each place once. Ranges of different files compare equal, so the path is in the key."""
    once = {(p.message, p.range.path, p.range.start, p.range.end): p for p in places}
    return tuple(once.values())
