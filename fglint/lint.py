"""The pipeline: from root modules to a report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field
from pathlib import Path

from fglint import bug
from fglint.baseline import Baseline
from fglint.configuration.loader import Configuration, load
from fglint.configuration.reader import Memory
from fglint.configuration.session import LoadOptions
from fglint.finding import FactTaken, RootReport, RuleInfo
from fglint.model.deployment import Deployment
from fglint.policy.check import Outcome, judge
from fglint.policy.scorecard import score
from fglint.records import dataclass
from fglint.roots import Root
from fglint.secrecy import Secrecy
from fglint.selection import Selection, describe
from fglint.settings import Fact, Settings, SettingsError, repository_root
from fglint.source import Files
from fglint.suppression import Suppressions


@dataclass(frozen=True, slots=True)
class Plan:
    """How one root is checked: its settings and what follows from them."""

    settings: Settings
    selection: Selection
    load: LoadOptions
    baseline: Baseline | None = None


@dataclass(eq=False)
class Lint:
    """One run over roots.

    `plan` tells how each root is checked, `base` is the directory that paths start from, and
    `overlay` replaces the text of files. `rules` describes the rules that ran, and `bugs` are the
    exceptions that nothing foresaw. `facts_taken` are the facts of settings that settled something,
    and `read` the files that were read. `memory` holds what was parsed.
    """

    plan: Callable[[Path], Plan]
    suppressions: Suppressions
    base: Path = field(default_factory=Path.cwd)
    overlay: dict[Path, str] = field(default_factory=dict)
    rules: dict[str, RuleInfo] = field(default_factory=dict)
    bugs: list[Exception] = field(default_factory=list)
    facts_taken: set[Fact] = field(default_factory=set)
    read: set[Path] = field(default_factory=set)
    memory: Memory = field(default_factory=Memory)

    def check(self, roots: Iterable[Root]) -> list[RootReport]:
        """The reports of all roots, without those that do not read the file they are here for."""
        found = (self._guarded(root, self.plan(root.directory)) for root in roots)
        return [report for report in found if report is not None]

    def _guarded(self, root: Root, plan: Plan) -> RootReport | None:
        """A bug costs the root that it met, never the others."""
        try:
            return self._check(root, plan)
        except SettingsError:
            raise
        except Exception as error:  # what is foreseen is a diagnostic by now
            self.bugs.append(error)
            path = Files(self.base).display(root.directory)
            return RootReport(path, (), {}, (), (bug.diagnose(error, path),), 0, 0, 0)

    def _check(self, root: Root, plan: Plan) -> RootReport | None:
        files = Files(self.base, repository_root(root.directory), self.overlay)
        configuration = load(root.directory, files, plan.load, self.memory)
        if root.reads is not None and root.reads.isdisjoint(files.opened):
            return None
        deployment = Deployment(configuration, plan.settings.facts)
        outcome = self._judge(plan, deployment)
        if deployment.facts.conflicts:
            raise SettingsError("\n".join(deployment.facts.conflicts))
        self.facts_taken.update(deployment.facts.used)
        self.rules.update((rule.name, describe(rule)) for rule in plan.selection.rules)
        return self._report(plan, configuration, deployment, outcome)

    def _judge(self, plan: Plan, deployment: Deployment) -> Outcome:
        return judge(deployment, plan.selection.rules, plan.selection.options)

    def _report(
        self, plan: Plan, configuration: Configuration, deployment: Deployment, outcome: Outcome
    ) -> RootReport:
        directory, ran = configuration.directory, plan.selection.names
        self.read.update(configuration.session.files.opened)
        secrecy = Secrecy(configuration)
        findings = self.suppressions.apply(outcome.findings, configuration, plan.settings, ran)
        findings = tuple(map(secrecy.finding, findings))
        if plan.baseline is not None:
            findings = plan.baseline.apply(findings, directory, ran)
        return RootReport(
            path=configuration.session.files.display(directory),
            scorecard=tuple(map(secrecy.score, score(deployment, outcome.judgements, findings))),
            rules=outcome.counts,
            findings=findings,
            diagnostics=tuple(
                map(secrecy.diagnostic, (*configuration.diagnostics, *outcome.diagnostics))
            ),
            files=len(configuration.files),
            resources=sum(each.mode == "managed" for each in configuration.instances),
            services=sum(each.runs_on_fargate is not False for each in deployment.services),
            broken_rules=outcome.broken,
            not_here=configuration.not_here,
            secret=tuple(secrecy.places),
            facts=tuple(
                FactTaken(each.place, each.about, each.words, each.reason)
                for each in deployment.facts.taken
            ),
            unset_variables=tuple(f"var.{name}" for name in configuration.unset_variables),
        )
