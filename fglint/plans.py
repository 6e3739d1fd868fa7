"""How roots are checked: settings of files and flags, the rules that they choose, baselines."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from dataclasses import field, replace
from pathlib import Path
from typing import Literal

from fglint import baseline, settings
from fglint.baseline import Baseline
from fglint.configuration.session import LoadOptions
from fglint.diagnostic import Diagnostic
from fglint.lint import Plan
from fglint.misuse import spelled
from fglint.policy.bundle import rules_directory
from fglint.policy.loader import load_rules
from fglint.policy.rule import RuleSet
from fglint.policy.schema import check_rule
from fglint.records import dataclass
from fglint.selection import choose
from fglint.settings import Fact, Settings, SettingsError


def unchanged(found: Settings) -> Settings:
    """The settings as the file has them."""
    return found


@dataclass(eq=False)
class Plans:
    """Makes the plan of each root; what several roots share is read once.

    `override` puts flags over the settings of files. `config` is the one file to use, whatever
    lies nearer; with `isolated` there is none.
    """

    load: LoadOptions = field(default_factory=LoadOptions)
    override: Callable[[Settings], Settings] = unchanged
    config: Path | None = None
    isolated: bool = False
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _settings: dict[Path | None, Settings] = field(default_factory=dict)
    _plans: dict[Path | None, Plan] = field(default_factory=dict)
    _rules: dict[tuple[Path, ...], RuleSet] = field(default_factory=dict)
    _broken: set[str] = field(default_factory=set)
    _baselines: dict[Path, Baseline] = field(default_factory=dict)

    def __call__(self, directory: Path) -> Plan:
        """The plan for the root in a directory; SettingsError, BaselineError."""
        path = self.path(directory)
        if path not in self._plans:
            self._plans[path] = self._plan(self.settings(directory))
        return self._plans[path]

    def path(self, directory: Path) -> Path | None:
        """The settings file that counts for a directory."""
        if self.isolated:
            return None
        return self.config or settings.find(directory)

    def settings(self, directory: Path) -> Settings:
        """The settings for a directory, flags included; SettingsError."""
        path = self.path(directory)
        if path not in self._settings:
            found = Settings() if path is None else settings.load(path)
            self._settings[path] = self.override(found)
        return self._settings[path]

    def rules(self, chosen: Settings) -> RuleSet:
        """The bundled rules and those of the settings; SettingsError for what is no directory.

        What is wrong with rule files is kept in `diagnostics`.
        """
        for directory in chosen.rule_directories:
            if not directory.is_dir():
                place = chosen.places.get("rule-directories", "--rules")
                raise SettingsError(f"{place}: there is no directory {spelled(directory)}")
        directories = (rules_directory(), *chosen.rule_directories)
        if directories not in self._rules:
            self._rules[directories] = self._sound(load_rules(directories))
        return self._rules[directories]

    def _sound(self, rules: RuleSet) -> RuleSet:
        """The rules; those that do not fit the model are noted, with what is wrong with them.

        The bundled ones are known to fit, and checking them again would cost each run.
        """
        self.diagnostics.extend(rules.diagnostics)
        bundled = rules_directory()
        for rule in rules.rules.values():
            if not rule.path.is_relative_to(bundled):
                wrong = check_rule(rule)
                self.diagnostics.extend(wrong)
                self._broken.update({rule.name} if wrong else ())
        return rules

    @property
    def folders(self) -> dict[str, str]:
        """The folder of every rule that was loaded."""
        return {
            name: rule.folder
            for known in self._rules.values()
            for name, rule in known.rules.items()
        }

    @property
    def files(self) -> list[Path]:
        """The settings files in use."""
        return [path for path in self._settings if path is not None]

    @property
    def read(self) -> list[Path]:
        """The settings files, baselines and own rule files in use."""
        own = {path for found in self._settings.values() for path in found.rule_directories}
        rules = [path for directory in own for path in directory.rglob("*.hcl")]
        return [*self.files, *self._baselines, *own, *rules]

    def facts(self, files: Collection[Path]) -> list[Fact]:
        """The facts of some of the settings files in use."""
        return [
            fact for path, found in self._settings.items() if path in files for fact in found.facts
        ]

    @property
    def baselines(self) -> list[Baseline]:
        """The baselines in use."""
        return list(self._baselines.values())

    def _plan(self, chosen: Settings) -> Plan:
        given: list[tuple[Literal["var", "file"], str]] = []
        for path in chosen.var_files:
            if not path.is_file():
                place = chosen.place("var-files")
                raise SettingsError(f"{place}: there is no file {spelled(path)}")
            given.append(("file", str(path)))
        load = replace(
            self.load,
            variables=(*given, *self.load.variables),
            stand_ins=(*chosen.stand_ins, *self.load.stand_ins),
            environment=os.environ if chosen.environment_variables else self.load.environment,
        )
        selection = choose(self.rules(chosen), chosen)
        sound = tuple(rule for rule in selection.rules if rule.name not in self._broken)
        return Plan(chosen, replace(selection, rules=sound), load, self._baseline(chosen))

    def _baseline(self, chosen: Settings) -> Baseline | None:
        path = chosen.baseline
        if path is None:
            return None
        if path not in self._baselines:
            self._baselines[path] = baseline.read(path)
        return self._baselines[path]
