"""Checks of the roots that open files belong to, with the editor's unsaved text."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from datetime import date
from pathlib import Path

from fglint import baseline
from fglint.configuration.loader import Configuration
from fglint.configuration.reader import Memory
from fglint.diagnostic import Diagnostic
from fglint.finding import Finding, RootReport, Verdict
from fglint.lint import Lint, Plan
from fglint.misuse import Misuse
from fglint.model.deployment import Deployment
from fglint.plans import Plans
from fglint.policy.check import Outcome, judge
from fglint.policy.rule import Rule
from fglint.records import dataclass
from fglint.roots import Root, Search
from fglint.secrecy import Secrecy
from fglint.server.ahead import carried
from fglint.source import Range
from fglint.suppression import Suppressions


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding or a diagnostic at its place."""

    about: Finding | Diagnostic
    range: Range


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """One root as it was checked last; `configuration` is None where a bug ended the check."""

    root: Root
    base: Path
    plan: Plan | None
    configuration: Configuration | None
    problems: tuple[Problem, ...]

    def path(self, at: Range) -> Path:
        """The absolute path of a place."""
        return Path(os.path.normpath(self.base / at.path))

    def rule(self, name: str) -> Rule | None:
        """A rule that ran."""
        rules = () if self.plan is None else self.plan.selection.rules
        return next((rule for rule in rules if rule.name == name), None)


@dataclass(eq=False)
class _Keeping(Lint):
    """A run that keeps what it loaded, and first judges what stands in files under edit."""

    edited: frozenset[Path] = frozenset()
    before: Checked | None = None
    ahead: Callable[[Checked], None] | None = None
    loaded: dict[Path, tuple[Plan, Configuration]] = field(default_factory=dict)

    def _judge(self, plan: Plan, deployment: Deployment) -> Outcome:
        if self.ahead is not None and self.before is not None:
            self.ahead(self._first(self.before, plan, deployment))
        return super()._judge(plan, deployment)

    def _first(self, before: Checked, plan: Plan, deployment: Deployment) -> Checked:
        """What is known when the subjects in files under edit are judged."""
        files = deployment.configuration.session.files
        shown = {files.display(path) for path in self.edited}
        selection = plan.selection
        part = judge(
            deployment,
            selection.rules,
            selection.options,
            lambda subject: subject.header is not None and subject.header.path in shown,
        )
        configuration = deployment.configuration
        found = self.suppressions.apply(
            part.findings, configuration, plan.settings, selection.names
        )
        sources = {file.source.path: file.source for file in configuration.files}
        earlier = tuple(p.about for p in before.problems if isinstance(p.about, Finding))
        secrecy = Secrecy(configuration)
        found = (*map(secrecy.finding, found), *carried(earlier, part.judgements, sources))
        diagnostics = map(secrecy.diagnostic, configuration.diagnostics)
        problems = (*_counting(found, plan), *_placed(diagnostics, configuration))
        return replace(before, plan=plan, configuration=configuration, problems=problems)

    def _report(
        self, plan: Plan, configuration: Configuration, deployment: Deployment, outcome: Outcome
    ) -> RootReport:
        self.loaded[configuration.directory] = plan, configuration
        return super()._report(plan, configuration, deployment, outcome)


@dataclass(eq=False)
class Checks:
    """Checks roots and remembers what does not change between checks: settings, rules, roots, and
    the files that were parsed.

    `base` is the directory that the paths in messages are relative to.
    """

    base: Path
    _plans: Plans = field(default_factory=Plans)
    _search: Search | None = None
    _memory: Memory = field(default_factory=Memory)

    def forget(self) -> None:
        """Reads settings, rules and the modules' calls again."""
        self._plans = Plans()
        self._search = None

    def forget_calls(self) -> None:
        """Reads again which module calls which."""
        self._search = None

    def roots(self, path: Path) -> list[Root]:
        """The roots that a file's change can affect; none for what is no part of any."""
        if self._search is None:
            self._search = Search(self._plans.settings(self.base).exclude, self.base)
        try:
            return self._search.roots([path if path.exists() else path.parent])
        except Misuse:
            return []  # the directory of an unsaved file may not be there yet

    def check(
        self,
        root: Root,
        overlay: Mapping[Path, str],
        edited: Iterable[Path] = (),
        before: Checked | None = None,
        ahead: Callable[[Checked], None] | None = None,
    ) -> Checked | None:
        """What is found in a root; None when it does not read the file it is here for.

        With the check `before`, `ahead` is told sooner what is known of `edited` files. Misuse
        when the root's settings cannot be used.
        """
        plan = self._plans(root.directory)
        if plan.settings.baseline is not None and ahead is not None:
            ahead = None  # what a baseline allows is used up by counting
        plan = _afresh(plan)
        suppressions = Suppressions(self._plans.folders, date.today())
        lint = _Keeping(
            lambda _: plan,
            suppressions,
            self.base,
            dict(overlay),
            memory=self._memory,
            edited=frozenset(edited),
            before=before,
            ahead=ahead,
        )
        reports = lint.check([root])
        if not reports:
            return None
        (report,) = reports
        known = lint.loaded.get(root.directory)
        configuration = None if known is None else known[1]
        diagnostics = (*report.diagnostics, *suppressions.report(), *self._plans.diagnostics)
        problems = (*_counting(report.findings, plan), *_placed(diagnostics, configuration))
        return Checked(root, self.base, plan, configuration, problems)


def _afresh(plan: Plan) -> Plan:
    """The plan with a baseline of which nothing is used up."""
    path = plan.settings.baseline
    return plan if path is None else replace(plan, baseline=baseline.read(path))


def _counting(findings: Iterable[Finding], plan: Plan) -> Iterable[Problem]:
    """The findings that count; undecided ones where the settings ask for them."""
    for finding in findings:
        undecided = finding.verdict is Verdict.UNKNOWN and plan.settings.unknown == "summary"
        if finding.suppressed is None and not undecided:
            yield Problem(finding, finding.range)


def _placed(
    diagnostics: Iterable[Diagnostic], configuration: Configuration | None
) -> Iterable[Problem]:
    """Diagnostics at their places; at the root's first line what has none."""
    for diagnostic in diagnostics:
        at = diagnostic.range
        if at is None and configuration is not None and configuration.root.written.files:
            at = configuration.root_range
        if at is not None:
            yield Problem(diagnostic, at)
