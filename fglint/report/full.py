"""Text for people: findings with source frames, causes of the undecided, the scorecard."""

from __future__ import annotations

from collections.abc import Iterator

from fglint.diagnostic import Diagnostic
from fglint.finding import CRITERIA, UNDECIDED, Finding, Report, RootReport, Verdict
from fglint.report.fixes import Fixes
from fglint.report.frame import Frames, gutter_of
from fglint.report.options import Options
from fglint.report.redaction import Masks
from fglint.report.selection import (
    alike,
    causes,
    ordered,
    shown,
    summary,
    suppression_text,
    where,
)
from fglint.report.text import Paint, listing, one_line, visible, width, wrapped
from fglint.source import Range

_SHORT = {
    Verdict.PASS: ("pass", "pass"),
    Verdict.FAIL: ("fail", "fail"),
    Verdict.UNKNOWN: ("unknown", "undecided"),
    Verdict.NOT_APPLICABLE: ("n/a", "dim"),
}
_COLUMN = len("unknown*")
_MOST_VALUES = 8  # of a failed condition
_MOST_GROUPS = 6  # of rules under one cause
_MOST_RULES = 4  # of one group
_MOST_SUBJECTS = 3  # of one group


def render(report: Report, options: Options) -> str:
    """The whole report, root by root, and the summary line."""
    writer = _Writer(report, options)
    return "\n".join(writer.lines()) + "\n"


class _Writer:
    """Writes one report."""

    def __init__(self, report: Report, options: Options) -> None:
        self.report = report
        self.options = options
        self.paint = Paint(options.color)
        self.frames = Frames(Masks(report), self.paint, options.width)
        self.fixes = Fixes(report)

    def lines(self) -> Iterator[str]:
        """All lines of the report."""
        yield from self.diagnostics(self.report.diagnostics)
        for root in self.report.roots:
            yield from self.root(root)
        if not self.options.quiet:
            yield self.paint("bold", summary(self.report))

    def root(self, root: RootReport) -> Iterator[str]:
        """What one root's check found."""
        body = [line for finding in shown(root, self.options) for line in self.finding(finding)]
        body += self.diagnostics(root.diagnostics)
        if not self.options.quiet:
            if self.options.unknown == "summary":
                body += self.undecided(root)
            body += self.facts(root)
            body += self.scorecard(root)
        if body and len(self.report.roots) > 1:
            yield self.paint("bold", f"── {one_line(root.path)} ──")
            yield ""
        yield from body

    def finding(self, finding: Finding) -> Iterator[str]:
        """A finding: what, where, the values behind it, what to do."""
        failed = finding.verdict is Verdict.FAIL
        style = finding.severity.value if failed or self.options.unknown == "fail" else "unknown"
        name = self.paint(style, f"{style}[{finding.rule}]")
        message = one_line(finding.message)
        yield f"{name}: {message}" if failed else f"{name}: {UNDECIDED}: {message}"
        gutter = gutter_of([finding.range, *(related.range for related in finding.related)])
        yield from self.place(finding.range, "-->", "", style, gutter)
        for related in finding.related:
            yield from self.place(related.range, ":::", related.message, "place", gutter)
        yield self.paint("place", f"{'':{gutter}} |")
        for label, text in self.notes(finding):
            yield from self.note(label, text, gutter)
        if finding.snippet:
            yield from self.snippet(finding.snippet, gutter)
        yield ""

    def place(
        self, place: Range, arrow: str, message: str, style: str, gutter: int
    ) -> Iterator[str]:
        """A place, what it is for, and its source frame."""
        arrow = self.paint("place", f"{'':{gutter}}{arrow}")
        text = f" {one_line(message)}" if message else ""
        yield f"{arrow} {visible(str(place))}{text}"
        yield from self.frames.draw(place, style, "-" if message else "^", gutter)

    def notes(self, finding: Finding) -> Iterator[tuple[str, str]]:
        """What stands below a finding's frames."""
        if place := where(finding):
            yield "in", place
        for reference, value in finding.values[:_MOST_VALUES]:
            yield "value", f"{one_line(reference)} is {one_line(value)}"
        if len(finding.values) > _MOST_VALUES:
            yield "value", f"… and {len(finding.values) - _MOST_VALUES} more"
        for step, related in enumerate(finding.flow, 1):
            yield "path", f"{step}. {one_line(related.message)} ({visible(str(related.range))})"
        if finding.because:
            yield "cause", one_line(finding.because)
        decided = finding.verdict is Verdict.FAIL
        if decided and finding.remedy and finding.remedy not in finding.message:
            yield "help", one_line(finding.remedy)
        safety = self.fixes.safety(finding)
        if safety is not None:
            yield "fix", f"fglint check --fix{'' if safety == 'safe' else ' --unsafe-fixes'}"
        if finding.suppressed is not None:
            yield "note", suppression_text(finding.suppressed)

    def note(self, label: str, text: str, gutter: int) -> Iterator[str]:
        """A labelled text, wrapped."""
        head = f"{'':{gutter}} = {label}: "
        lines = wrapped(text, max(40, self.options.width - len(head)))
        first = next(lines, "")
        yield f"{'':{gutter}} {self.paint('place', '=')} {self.paint('bold', label)}: {first}"
        for line in lines:
            yield f"{'':{len(head)}}{line}"

    def snippet(self, text: str, gutter: int) -> Iterator[str]:
        """What to add to the configuration, line by line."""
        yield f"{'':{gutter}} {self.paint('place', '=')} {self.paint('bold', 'add')}:"
        for line in text.split("\n"):
            yield f"{'':{gutter}}     {visible(line)}".rstrip()

    def diagnostics(self, diagnostics: tuple[Diagnostic, ...]) -> Iterator[str]:
        """Trouble with the input; only what makes the check incomplete, when quiet."""
        for diagnostic in ordered(diagnostics):
            if diagnostic.severity == "error" or not self.options.quiet:
                yield from self.diagnostic(diagnostic)

    def diagnostic(self, diagnostic: Diagnostic) -> Iterator[str]:
        """One of them."""
        style = diagnostic.severity
        yield f"{self.paint(style, style)}: {one_line(diagnostic.summary)}"
        gutter = gutter_of([diagnostic.range] if diagnostic.range else [])
        if diagnostic.range is not None:
            yield from self.place(diagnostic.range, "-->", "", style, gutter)
            if diagnostic.detail:
                yield self.paint("place", f"{'':{gutter}} |")
        if diagnostic.detail:
            yield from self.note("note", one_line(diagnostic.detail), gutter)
        yield ""

    def undecided(self, root: RootReport) -> Iterator[str]:
        """The undecided verdicts by cause, with the rules and subjects that each cause holds up.

        Rules share a line where they are undecided of the same subjects: one module that is not
        downloaded can leave a hundred verdicts open.
        """
        by_cause = causes(root.findings)
        if not by_cause:
            return
        yield self.paint("unknown", "Undecided, by cause:")
        for cause, rules in by_cause.items():
            yield from (f"  {line}" for line in wrapped(cause, max(40, self.options.width - 2)))
            groups = alike(rules)
            for names, subjects in groups[:_MOST_GROUPS]:
                text = listing(names, _MOST_RULES)
                if any(subjects):  # a root module has no address
                    text += f": {listing(subjects, _MOST_SUBJECTS)}"
                lines = wrapped(text, max(40, self.options.width - 6))
                yield from (f"      {self.paint('dim', line)}" for line in lines)
            more = sum(len(names) * len(subjects) for names, subjects in groups[_MOST_GROUPS:])
            if more:
                text = f"and {more} more; --unknown report lists them all"
                yield f"      {self.paint('dim', text)}"
        yield ""

    def facts(self, root: RootReport) -> Iterator[str]:
        """What facts of the settings settled, and who says so."""
        if not root.facts:
            return
        yield self.paint("bold", "Taken from the settings as facts:")
        for fact in root.facts:
            text = f"{fact.about}: {fact.words} ({fact.reason}; {fact.place})"
            yield from (f"  {line}" for line in wrapped(text, max(40, self.options.width - 2)))
        yield ""

    def scorecard(self, root: RootReport) -> Iterator[str]:
        """A table of the production criteria, a service a line."""
        if not root.scorecard:
            return
        names = [one_line(score.service) for score in root.scorecard]
        first = max(len("Scorecard"), *map(width, names)) + 2
        heads = [criterion.replace("_", " ") for criterion in CRITERIA]
        widths = [max(len(head), _COLUMN) for head in heads]
        head = "  ".join(f"{head:{columns}}" for head, columns in zip(heads, widths, strict=True))
        yield self.paint("bold", f"{'Scorecard':{first}}{head.rstrip()}")
        for name, score in zip(names, root.scorecard, strict=True):
            line = name + " " * (first - width(name))
            for criterion, columns in zip(CRITERIA, widths, strict=True):
                text, style = _SHORT[score.criteria.get(criterion, Verdict.NOT_APPLICABLE)]
                if criterion in score.criteria_suppressed:
                    text += "*"
                line += self.paint(style, text) + " " * (columns + 2 - len(text))
            yield line.rstrip()
        if any(score.criteria_suppressed for score in root.scorecard):
            yield self.paint("dim", "* fails only by suppressed findings")
        yield ""
