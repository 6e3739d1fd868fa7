"""The rules that a command is about."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from fglint.misuse import Misuse
from fglint.policy.bundle import rules_directory
from fglint.policy.documentation import rule_page
from fglint.policy.loader import RuleError, load_rules, read_examples
from fglint.policy.rule import Rule
from fglint.selection import ALL, unknown_name
from fglint.source import Files


def named(names: Sequence[str], directories: Sequence[Path] = ()) -> list[Rule]:
    """The rules of these names and folders, all without a name; Misuse for an unknown one.

    What is wrong with rule files is printed on the standard error.
    """
    for directory in directories:
        if not directory.is_dir():
            raise Misuse(f"there is no directory {os.path.relpath(directory)}")
    rules = load_rules((rules_directory(), *directories))
    for diagnostic in rules.diagnostics:
        click.echo(f"{diagnostic.range}: {diagnostic.detail}", err=True)
    for name in names:
        wrong = unknown_name(name, rules)
        if wrong is not None:
            raise Misuse(wrong)
    found = rules.rules.values()
    if not names or ALL in names:
        return list(found)
    return [rule for rule in found if rule.name in names or rule.folder in names]


def page(rule: Rule, files: Files) -> str:
    """The page of a rule; Misuse when one of its examples is malformed."""
    try:
        return rule_page(rule, read_examples(rule, files))
    except RuleError as error:
        raise Misuse(f"{error.range}: {error}") from None
