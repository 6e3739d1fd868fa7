"""What code scanning's results say: one for each rule and line, worst first, not too many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from fglint.diagnostic import Diagnostic
from fglint.finding import Finding, Related, Report, RuleInfo, Severity, Suppression, Verdict
from fglint.records import dataclass
from fglint.report.descriptors import LEVELS, OMITTED, UNPARSED, descriptor_id
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
        )


def results(
    report: Report, findings: Iterable[Finding], rules: Mapping[str, RuleInfo], options: Options
) -> list[Result]:
    """The results, worst first; past what code scanning shows, the last counts the rest."""
    merged: dict[tuple[str, str, int, bool], Result] = {}
    for result in (*_unread(report), *(_result(f, rules[f.rule], options) for f in findings)):
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


def _result(finding: Finding, rule: RuleInfo, options: Options) -> Result:
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


def _distinct(places: tuple[Related, ...]) -> tuple[Related, ...]:
    """Each place once. Ranges of different files compare equal, so the path is in the key."""
    once = {(p.message, p.range.path, p.range.start, p.range.end): p for p in places}
    return tuple(once.values())
