"""Fixes: which are made, and the proof that each does what it says.

The edits of one round are tried together, over the texts in memory: all roots are checked again.
A fix stands when no new error appears, its finding is gone, and no rule fails for anything else.
Otherwise it is tried alone, and refused with the reason. Rounds follow each other until none is
left, because fixes of neighbouring lines wait for each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from difflib import unified_diff

from fglint.finding import Edit, Finding, Fix, RootReport, Verdict
from fglint.records import dataclass

_MAXIMUM_ROUNDS = 50

Texts = dict[str, str]  # the whole new text of files, by the path that reports print
Check = Callable[[Texts], list[RootReport]]
Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """A finding that has a fix which is not made, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Fixing:
    """What fixes came to: the new texts of files and the old ones, and the reports after them.

    `needs_unsafe` is how many findings have an unsafe fix, where those are not asked for.
    """

    texts: Texts
    before: Texts
    fixed: tuple[Finding, ...]
    refused: tuple[Refused, ...]
    reports: list[RootReport]
    needs_unsafe: int

    def diff(self, masked: Callable[[str, str], str] = lambda path, text: text) -> str:
        """All changes as a unified diff, files in the order of their paths.

        `masked` gives what is shown of a file's text.
        """
        return "".join(
            line
            for path in sorted(self.texts)
            for line in _diff(path, masked(path, self.before[path]), masked(path, self.texts[path]))
        )


def fix(
    reports: list[RootReport],
    check: Check,
    *,
    unsafe: bool,
    protection: Callable[[str], str] = lambda path: "",
) -> Fixing:
    """Makes all fixes that hold; `check` gives the reports over new texts of files.

    `protection` tells why the file at a path must not be changed; empty where it may be.
    """
    return _Fixer(reports, check, unsafe, protection).run()


def fixable(reports: Sequence[RootReport], *, unsafe: bool) -> list[Finding]:
    """The findings that have a fix to try, in the order of the text."""
    candidates = _Fixer(list(reports), lambda texts: [], unsafe).candidates()
    return [finding for candidate in candidates for finding in candidate.findings]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One change of the text, and the findings that it repairs."""

    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]

    @property
    def spans(self) -> list[tuple[str, int, int]]:
        """The parts of files that change."""
        return [(each.range.path, each.range.start, each.range.end) for each in self.edits]


@dataclass(eq=False)
class _Fixer:
    reports: list[RootReport]
    check: Check
    unsafe: bool
    protection: Callable[[str], str] = lambda path: ""
    texts: Texts = field(default_factory=dict)
    before: Texts = field(default_factory=dict)
    fixed: list[Finding] = field(default_factory=list)
    refused: dict[tuple[object, ...], Refused] = field(default_factory=dict)

    def run(self) -> Fixing:
        """All rounds."""
        for _ in range(_MAXIMUM_ROUNDS):
            batch = _disjoint(self.candidates())
            if not batch:
                break
            self._settle(batch)
        left = list(_counting(self.reports))
        needs = sum(each.fix is not None and each.fix.safety == "unsafe" for each in left)
        return Fixing(
            self.texts,
            self.before,
            tuple(self.fixed),
            tuple(self.refused.values()),
            self.reports,
            0 if self.unsafe else needs,
        )

    def candidates(self) -> list[_Candidate]:
        """What could be changed now, in the order of the text."""
        groups: dict[tuple[object, ...], list[tuple[Finding, Fix]]] = {}
        for finding in _counting(self.reports):
            fix = finding.fix
            if fix is None or fix.safety == "manual" or _identity(finding) in self.refused:
                continue
            if fix.safety == "unsafe" and not self.unsafe:
                continue
            reason = self._reason(fix)
            if reason:
                self._refuse([finding], reason)
                continue
            places = ((each.range.path, each.range.start, each.text) for each in fix.edits)
            key = (finding.rule, *places)
            groups.setdefault(key, []).append((finding, fix))
        found: list[_Candidate] = []
        for group in groups.values():
            findings = tuple(finding for finding, _ in group)
            targets = {each for _, fix in group for each in fix.targets}
            others = sorted({each for _, fix in group for each in fix.affects} - targets)
            if others:
                self._refuse(findings, f"it would change {others[0]}, too")
            else:
                found.append(_Candidate(group[0][1].edits, findings))
        return sorted(found, key=lambda each: each.spans)

    def _reason(self, fix: Fix) -> str:
        """Why a fix is not even tried."""
        if fix.refusal or not fix.edits:
            return fix.refusal or "its text is already as it should be"
        reasons = (self.protection(each.range.path) for each in fix.edits)
        return next(filter(None, reasons), "")

    def _refuse(self, findings: Sequence[Finding], reason: str) -> None:
        for finding in findings:
            self.refused[_identity(finding)] = Refused(finding, reason)

    def _settle(self, batch: Sequence[_Candidate]) -> None:
        """Makes those of a batch that hold, all over the texts that the round began with."""
        base, texts = self.reports, self.texts
        made: list[_Candidate] = []
        pending = [list(batch)]
        while pending:
            part = pending.pop()
            tried = {**texts, **_texts([*made, *part])}
            after = self.check(tried)
            reason = _objection(base, after, [*made, *part])
            if not reason:
                made += part
                self._keep(tried, part)
                self.reports = after
            elif len(part) == 1:
                if not made:  # else it may hold over the texts that the next round begins with
                    self._refuse(part[0].findings, reason)
            else:
                middle = len(part) // 2
                pending += [part[middle:], part[:middle]]

    def _keep(self, texts: Texts, part: Sequence[_Candidate]) -> None:
        self.texts = texts
        for candidate in part:
            self.fixed.extend(candidate.findings)
            for edit in candidate.edits:
                self.before.setdefault(edit.range.path, edit.range.source.text)


# ---- edits ------------------------------------------------------------------------------------


def _disjoint(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """Those that touch no text that one before them touches; the others wait."""
    taken: list[tuple[str, int, int]] = []
    kept: list[_Candidate] = []
    for candidate in candidates:
        clash = any(
            path == other and start <= last and first <= end
            for path, start, end in candidate.spans
            for other, first, last in taken
        )
        if not clash:
            kept.append(candidate)
            taken += candidate.spans
    return kept


def _texts(candidates: Sequence[_Candidate]) -> Texts:
    """The whole texts of the files that are changed."""
    by_path: dict[str, list[Edit]] = {}
    for candidate in candidates:
        for edit in candidate.edits:
            by_path.setdefault(edit.range.path, []).append(edit)
    found: Texts = {}
    for path, edits in by_path.items():
        text = edits[0].range.source.text
        for edit in sorted(edits, key=lambda each: each.range.start, reverse=True):
            text = text[: edit.range.start] + edit.text + text[edit.range.end :]
        found[path] = text
    return found


def _diff(path: str, before: str, after: str) -> Iterator[str]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    for line in unified_diff(old, new, path, path):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


# ---- what a check says ------------------------------------------------------------------------


def _counting(reports: Sequence[RootReport]) -> Iterator[Finding]:
    for report in reports:
        for finding in report.findings:
            if finding.suppressed is None and finding.verdict is Verdict.FAIL:
                yield finding


def _identity(finding: Finding) -> tuple[object, ...]:
    return finding.rule, finding.address, finding.subject, finding.message


def _objection(
    before: Sequence[RootReport], after: Sequence[RootReport], made: Sequence[_Candidate]
) -> str:
    """Why fixes do not hold; empty when they do."""
    errors = _errors(after) - _errors(before)
    if errors:
        summary, detail = min(errors)
        return f"the result would be in error: {summary}: {detail}"
    failing, was = _failing(after), _failing(before)
    gone: Counter[Key] = Counter()
    for finding in {_identity(f): f for each in made for f in each.findings}.values():
        gone[_key(finding)] += 1
    for key, count in gone.items():
        if failing[key] > max(0, was[key] - count):
            return "the finding would still be there"
    rules = {finding.rule for each in made for finding in each.findings}
    known = {key[:3] for key, count in was.items() if count}
    for key in sorted(failing):
        if key[0] in rules and key[:3] not in known:
            return f"{key[0]} would fail for {key[1] or 'the root module'} instead"
    more = _worse(before, after) - rules
    for finding in _counting(after):
        if finding.rule in more and _key(finding)[:3] not in known:
            return f"{finding.rule} would fail for {finding.address or 'the root module'} then"
    return ""


def _worse(before: Sequence[RootReport], after: Sequence[RootReport]) -> set[str]:
    """The rules that fail for more subjects, those counted whose findings another one hides."""
    was, now = Counter[str](), Counter[str]()
    for counter, reports in ((was, before), (now, after)):
        for report in reports:
            counter.update({name: each[Verdict.FAIL] for name, each in report.rules.items()})
    return set(now - was)


def _errors(reports: Sequence[RootReport]) -> Counter[tuple[str, str]]:
    return Counter(
        (each.summary, each.detail)
        for report in reports
        for each in report.diagnostics
        if each.severity == "error"
    )


def _failing(reports: Sequence[RootReport]) -> Counter[Key]:
    """How often each rule fails, or cannot decide any more, for each subject."""
    found: Counter[Key] = Counter()
    for report in reports:
        found.update({_key(f) for f in report.findings if f.verdict is Verdict.UNKNOWN})
        found.update(_key(f) for f in report.findings if f.verdict is Verdict.FAIL)
    return found


def _key(finding: Finding) -> Key:
    return finding.rule, finding.address, finding.subject, finding.severity.value
