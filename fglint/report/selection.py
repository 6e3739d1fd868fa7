"""What of a report is shown, and its numbers: the same in every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from fglint.diagnostic import Diagnostic
from fglint.finding import CRITERIA, Finding, Report, RootReport, Severity, Suppression, Verdict
from fglint.fix import fixable
from fglint.records import dataclass
from fglint.report.options import Options
from fglint.report.text import counted, listing, one_line
from fglint.source import Range


def shown(root: RootReport, options: Options) -> list[Finding]:
    """The findings that are listed one by one, sorted by place, rule and address."""
    return sorted(
        (finding for finding in root.findings if is_shown(finding, options)),
        key=lambda finding: (*finding.sort_key, finding.subject, finding.message),
    )


def is_shown(finding: Finding, options: Options) -> bool:
    """Whether a finding is listed: undecided and suppressed ones only when asked for."""
    if finding.suppressed is not None and not options.show_suppressed:
        return False
    return finding.verdict is Verdict.FAIL or options.unknown != "summary"


def worst_first(findings: list[Finding]) -> list[Finding]:
    """Suppressed last, failed before undecided, by severity, then as sorted before."""
    return sorted(
        findings,
        key=lambda finding: (
            finding.suppressed is not None,
            finding.verdict is not Verdict.FAIL,
            finding.severity.rank,
        ),
    )


def statement(finding: Finding) -> str:
    """What a finding says, on one line: what is and what to do, or why it is undecided."""
    text = finding.text if finding.verdict is Verdict.FAIL else finding.cause
    return one_line(text)


def where(finding: Finding) -> str:
    """The address and the part inside it, as people read it."""
    return one_line(", ".join(part for part in (finding.address, finding.subject) if part))


def causes(findings: Iterable[Finding]) -> dict[str, dict[str, list[str]]]:
    """What each cause leaves undecided: subjects by rule; the cause that settles most first."""
    found: dict[str, dict[str, list[str]]] = {}
    for finding in sorted(findings, key=lambda finding: finding.sort_key):
        if finding.verdict is Verdict.UNKNOWN and finding.suppressed is None:
            cause = one_line(finding.because or "the cause is not known")
            subjects = found.setdefault(cause, {}).setdefault(finding.rule, [])
            if where(finding) not in subjects:
                subjects.append(where(finding))
    return dict(sorted(found.items(), key=lambda item: (-size(item[1]), item[0])))


def alike(rules: dict[str, list[str]]) -> list[tuple[list[str], list[str]]]:
    """The rules under one cause in groups of the same subjects, the greatest first.

    A rule that decides a production criterion comes first in its group.
    """
    groups: dict[tuple[str, ...], list[str]] = {}
    for rule, subjects in rules.items():
        groups.setdefault(tuple(subjects), []).append(rule)
    deciding = [rule for criterion in CRITERIA.values() for rule in criterion]
    found = [
        (sorted(names, key=lambda name: (name not in deciding, name)), list(subjects))
        for subjects, names in groups.items()
    ]
    return sorted(found, key=lambda group: -len(group[0]) * len(group[1]))


def size(rules: dict[str, list[str]]) -> int:
    """How many verdicts one cause leaves undecided."""
    return sum(map(len, rules.values()))


def lines_of(place: Range) -> tuple[int, int]:
    """The first and last line of a place; the line break that ends a line is of that line."""
    begin, finish = place.begin, place.finish
    return begin.line, max(begin.line, finish.line - (finish.column == 1))


def suppression_text(suppression: Suppression) -> str:
    """Why a finding does not count, in words."""
    by = {"comment": "by a comment", "config": "in the settings", "baseline": "by the baseline"}
    text = f"suppressed {by[suppression.kind]}"
    if suppression.until:
        text += f" until {suppression.until}"
    return one_line(f"{text}: {suppression.reason}" if suppression.reason else text)


def ordered(diagnostics: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    """Diagnostics by place, those without one first, each once."""
    once = {_diagnostic_key(diagnostic): diagnostic for diagnostic in diagnostics}
    return [diagnostic for _, diagnostic in sorted(once.items(), key=lambda item: item[0])]


def _diagnostic_key(diagnostic: Diagnostic) -> tuple[str, int, int, str, str, str]:
    path, line, column = "", 0, 0
    if diagnostic.range is not None:
        path = diagnostic.range.path
        line, column = diagnostic.range.begin
    return path, line, column, diagnostic.severity, diagnostic.summary, diagnostic.detail


def all_diagnostics(report: Report) -> Iterator[tuple[RootReport | None, Diagnostic]]:
    """Every diagnostic with its root; those of no root first."""
    for diagnostic in ordered(report.diagnostics):
        yield None, diagnostic
    for root in report.roots:
        for diagnostic in ordered(root.diagnostics):
            yield root, diagnostic


@dataclass(frozen=True, slots=True)
class Totals:
    """The numbers of a report; suppressed findings count only as suppressed.

    `judged` is the number of verdicts other than not applicable.
    """

    fail: Counter[Severity]
    unknown: int
    suppressed: int
    files: int
    resources: int
    services: int
    rules: int
    judged: int
    errors: int
    fixable: int
    fixable_unsafe: int

    @classmethod
    def of(cls, report: Report) -> Totals:
        """The numbers over all roots."""
        findings = [finding for root in report.roots for finding in root.findings]
        counting = [finding for finding in findings if finding.suppressed is None]
        safe = len(fixable(report.roots, unsafe=False))
        counts = [verdicts for root in report.roots for verdicts in root.rules.values()]
        return cls(
            fail=Counter(f.severity for f in counting if f.verdict is Verdict.FAIL),
            unknown=sum(f.verdict is Verdict.UNKNOWN for f in counting),
            suppressed=len(findings) - len(counting),
            files=sum(root.files for root in report.roots),
            resources=sum(root.resources for root in report.roots),
            services=sum(root.services for root in report.roots),
            rules=len({rule for root in report.roots for rule in root.rules}),
            judged=sum(
                number
                for verdicts in counts
                for verdict, number in verdicts.items()
                if verdict is not Verdict.NOT_APPLICABLE
            ),
            errors=sum(d.severity == "error" for _, d in all_diagnostics(report)),
            fixable=safe,
            fixable_unsafe=len(fixable(report.roots, unsafe=True)) - safe,
        )

    @property
    def failed(self) -> int:
        """How many findings failed, whatever their severity."""
        return sum(self.fail.values())

    @property
    def by_severity(self) -> str:
        """The failed findings by severity, worst first: "1 critical, 2 high"."""
        return ", ".join(f"{self.fail[s]} {s.value}" for s in Severity if self.fail[s])


def summary(report: Report) -> str:
    """One line: what was found, what was checked, and what could not be read."""
    totals = Totals.of(report)
    return " ".join((*_found(totals), *_checked(report, totals), *_unread(report, totals)))


def _found(totals: Totals) -> Iterator[str]:
    parts = []
    if totals.failed:
        parts.append(f"{counted(totals.failed, 'finding')} ({totals.by_severity})")
    elif totals.judged:
        parts.append("nothing found")
    if totals.unknown:
        parts.append(f"{totals.unknown} undecided")
    if totals.suppressed:
        parts.append(f"{totals.suppressed} suppressed")
    if parts:
        text = ", ".join(parts)
        yield f"{text[0].upper()}{text[1:]}."
    if totals.fixable:
        more = f", {totals.fixable_unsafe} more with --unsafe-fixes"
        yield f"{totals.fixable} fixable with --fix{more if totals.fixable_unsafe else ''}."
    elif totals.fixable_unsafe:
        yield f"{totals.fixable_unsafe} fixable with --fix --unsafe-fixes."


def _checked(report: Report, totals: Totals) -> Iterator[str]:
    if not report.roots:
        yield "Nothing was checked: no directory with Terraform files is among the paths."
        return
    if not totals.files:
        yield "Nothing was checked: no Terraform file was read."
        return
    read = f"{counted(totals.files, 'file')} with {counted(totals.resources, 'resource')}"
    roots = f" in {len(report.roots)} roots" if len(report.roots) > 1 else ""
    rules = counted(totals.rules, "rule")
    if not totals.judged:
        none = "no Fargate service" if not totals.services else "nothing that a rule judges"
        yield f"Nothing to check: {none} among {read}{roots}."
    elif totals.services:
        yield f"Checked {counted(totals.services, 'service')}, {read}{roots} by {rules}."
    else:
        yield f"Checked {read}{roots} by {rules}; no Fargate service is among them."


def _unread(report: Report, totals: Totals) -> Iterator[str]:
    modules = _names(report, [root.not_here for root in report.roots])
    variables = _names(report, [root.unset_variables for root in report.roots])
    parts = []
    if modules:
        noun = counted(len(modules), "module")
        parts.append(f"{noun} not downloaded ({listing(modules, 3)})")
    if variables:
        noun = counted(len(variables), "variable")
        parts.append(f"{noun} without a value ({listing(variables, 3)})")
    if parts:
        yield f"Not read: {'; '.join(parts)}."
    broken = sorted({rule for root in report.roots for rule in root.broken_rules})
    if broken:
        yield f"{counted(len(broken), 'rule')} failed to run ({listing(broken, 3)})."
    if totals.errors:
        yield f"The check is incomplete: {counted(totals.errors, 'error')}."


def _names(report: Report, groups: list[tuple[str, ...]]) -> list[str]:
    """The names of all groups, each once; with several roots, each with its root."""
    several = len(report.roots) > 1
    return [
        one_line(f"{root.path}: {name}" if several else name)
        for root, names in zip(report.roots, groups, strict=True)
        for name in names
    ]
