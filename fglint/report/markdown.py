"""A comment for a pull request, and the summary of a job: Markdown as GitHub and GitLab read it.

All texts come from configurations that nobody has vouched for: they are escaped, and mention
nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fglint.finding import CRITERIA, Finding, Report, RootReport, Verdict
from fglint.report import selection
from fglint.report.options import Options
from fglint.report.results import diagnostic_text
from fglint.report.text import counted, listing, one_line
from fglint.source import Range

MARK = "<!-- fglint -->"  # by which a later run finds its comment again
COMMENT_LIMIT = 65_536  # that GitHub takes
SUMMARY_LIMIT = 1024 * 1024  # bytes of one step
_LONGEST = 1_000  # characters of one text
_OPEN_ROWS = 20  # findings that show without a click
_MOST_SERVICES = 50
_MOST_CAUSES = 20
_VERDICTS = {
    Verdict.PASS: "✅ pass",
    Verdict.FAIL: "❌ fail",
    Verdict.UNKNOWN: "❔ unknown",
    Verdict.NOT_APPLICABLE: "⚪ n/a",
}
_SIGNS = {
    "critical": "🟥",
    "high": "🟧",
    "medium": "🟨",
    "low": "🟦",
    "info": "⬜",
    "unknown": "❔",
}
_SPECIAL = re.compile(r"([\\`*_\[\]|~$!#])")
_HEAD = ["| severity | place | finding |", "| --- | --- | --- |"]


def render(report: Report, options: Options) -> str:
    """The comment, no longer than GitHub takes."""
    return _within(report, options, COMMENT_LIMIT)


def summary(report: Report, options: Options) -> str:
    """The summary of a job, to append to what other commands of the step wrote."""
    return _within(report, options, SUMMARY_LIMIT)


def _within(report: Report, options: Options, limit: int) -> str:
    """All sections; of the findings, as many as leave the text below the limit, worst first."""
    findings = selection.worst_first([f for r in report.roots for f in selection.shown(r, options)])
    before = [*_head(report), *_unread(report, options)]
    for root in report.roots:
        before += _scorecard(root, several=len(report.roots) > 1)
    after = list(_undecided(report)) if options.unknown == "summary" else []
    room = limit - 1_000 - sum(_size(line) for line in (*before, *after))
    rows = []
    for finding in findings:
        row = _row(finding, options)
        room -= _size(row)
        if room < 0:
            break
        rows.append(row)
    return "\n".join([*before, *_table(rows, len(findings)), *after]).rstrip("\n") + "\n"


def _size(line: str) -> int:
    return len(line.encode("utf-8", errors="replace")) + 1


def _head(report: Report) -> Iterator[str]:
    totals = selection.Totals.of(report)
    found = f"{counted(totals.failed, 'finding')} ({totals.by_severity})"
    nothing = "nothing found" if totals.judged else "nothing to check"
    yield f"{MARK}\n### fglint: {found if totals.failed else nothing}\n"
    yield f"{_text(selection.summary(report))}\n"


def _unread(report: Report, options: Options) -> Iterator[str]:
    """Errors of the input: what they hide is not checked."""
    diagnostics = [d for _, d in selection.all_diagnostics(report) if d.severity == "error"]
    if not diagnostics:
        return
    yield "#### Not checked whole\n"
    for diagnostic in diagnostics[:_MOST_CAUSES]:
        text = _text(diagnostic_text(diagnostic))
        if diagnostic.range is not None:
            text = f"{_code(_place(diagnostic.range, options))}: {text}"
        yield f"* {text}"
    if len(diagnostics) > _MOST_CAUSES:
        yield f"* … and {len(diagnostics) - _MOST_CAUSES} more"
    yield ""


def _scorecard(root: RootReport, *, several: bool) -> Iterator[str]:
    if not root.scorecard:
        return
    yield f"#### Scorecard{f' of {_code(root.path)}' if several else ''}\n"
    names = [criterion.replace("_", " ") for criterion in CRITERIA]
    yield f"| service | {' | '.join(names)} |"
    yield f"| --- |{' --- |' * len(names)}"
    for score in root.scorecard[:_MOST_SERVICES]:
        cells = [
            _VERDICTS[score.criteria.get(criterion, Verdict.NOT_APPLICABLE)]
            + (" (suppressed)" if criterion in score.criteria_suppressed else "")
            for criterion in CRITERIA
        ]
        yield f"| {_code(score.service, cell=True)} | {' | '.join(cells)} |"
    if len(root.scorecard) > _MOST_SERVICES:
        yield f"\n… and {counted(len(root.scorecard) - _MOST_SERVICES, 'service')} more"
    yield ""


def _table(rows: list[str], every: int) -> Iterator[str]:
    if not rows and not every:
        return
    yield "#### Findings\n"
    if rows:
        yield from (*_HEAD, *rows[:_OPEN_ROWS], "")
    if more := rows[_OPEN_ROWS:]:
        yield f"<details>\n<summary>{len(more)} more</summary>\n"
        yield from (*_HEAD, *more, "\n</details>\n")
    if len(rows) < every:
        yield f"{counted(every - len(rows), 'finding')} more did not fit here; see the log.\n"


def _row(finding: Finding, options: Options) -> str:
    decided = finding.verdict is Verdict.FAIL or options.unknown == "fail"
    severity = finding.severity.value if decided else "unknown"
    text = f"{_code(finding.rule, cell=True)} {_text(selection.statement(finding))}"
    if inside := selection.where(finding):
        text += f"<br>{_code(inside, cell=True)}"
    if finding.suppressed is not None:
        text += f"<br>*{_text(selection.suppression_text(finding.suppressed))}*"
    place = _code(_place(finding.range, options), cell=True)
    return f"| {_SIGNS[severity]} {severity} | {place} | {text} |"


def _place(place: Range, options: Options) -> str:
    return f"{options.repository_path(place.path)}:{place.begin.line}"


def _undecided(report: Report) -> Iterator[str]:
    """The undecided verdicts by cause, folded."""
    causes = selection.causes(finding for root in report.roots for finding in root.findings)
    if not causes:
        return
    number = sum(map(selection.size, causes.values()))
    yield f"<details>\n<summary>{number} undecided, by cause</summary>\n"
    for cause, rules in list(causes.items())[:_MOST_CAUSES]:
        held = [f"{rule}: {subject}" for rule, subjects in rules.items() for subject in subjects]
        yield f"* {_text(cause)}: {_code(listing(held, 3))}"
    if len(causes) > _MOST_CAUSES:
        yield f"* … and {len(causes) - _MOST_CAUSES} more causes"
    yield "\n</details>\n"


def _cut(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def _text(text: str) -> str:
    """A text that is no Markdown, no HTML and no mention."""
    line = _cut(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", line).replace("@", "@<!-- -->")


def _code(text: str, *, cell: bool = False) -> str:
    """A code span; in the cell of a table pipes are escaped even there."""
    line = _cut(text)
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    space = " " if longest or not line.strip() else ""
    line = line.replace("|", "\\|") if cell else line
    return f"{fence}{space}{line or '-'}{space}{fence}"
