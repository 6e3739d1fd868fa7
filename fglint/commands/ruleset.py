"""The rules that a command is about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from fglint.misuse import Misuse, spelled
from fglint.policy.bundle import rules_directory
from fglint.policy.documentation import rule_page
from fglint.policy.loader import load_rules, read_examples
from fglint.policy.mistakes import RuleError
from fglint.policy.rule import Rule
from fglint.selection import ALL, CORE, EXTENDED, unknown_name
from fglint.source import Files


def named(names: Sequence[str], directories: Sequence[Path] = ()) -> list[Rule]:
    """The rules of these names, folders, groups and ids of other tools; Misuse for an unknown one.

    What is wrong with rule files is printed on the standard error.
    """
    for directory in directories:
        if not directory.is_dir():
            raise Misuse(f"there is no directory {spelled(directory)}")
    rules = load_rules((rules_directory(), *directories))
    for diagnostic in rules.diagnostics:
        click.echo(f"{diagnostic.range}: {diagnostic.detail}", err=True)
    found = list(rules.rules.values())
    chosen: dict[str, Rule] = {}
    for name in names or (ALL,):
        of = [rule for rule in found if name in _names_of(rule)]
        if not of:
            raise Misuse(unknown_name(name, rules) or f"no rule is {name}")
        chosen.update((rule.name, rule) for rule in of)
    return [rule for rule in found if rule.name in chosen]


def _names_of(rule: Rule) -> set[str]:
    """All by which a rule may be asked for: other tools' ids in any case, too."""
    ids = {form for other in rule.same_as for form in (other, other.upper(), other.lower())}
    return {rule.name, rule.folder, ALL, CORE if rule.default else EXTENDED, *ids}


def page(rule: Rule, files: Files) -> str:
    """The page of a rule; Misuse when one of its examples is malformed."""
    try:
        return rule_page(rule, read_examples(rule, files))
    except RuleError as error:
        raise Misuse(f"{error.range}: {error}") from None
