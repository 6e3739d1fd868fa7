"""`fglint rules`: the rules that there are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fglint.commands import flags
from fglint.misuse import Misuse

if TYPE_CHECKING:
    from fglint.policy.rule import Rule


@click.command("rules", short_help="List the rules.")
@click.argument("names", nargs=-1, shell_complete=flags.rule_names)
@click.option("--rules", type=flags.PATH, multiple=True, metavar="DIR", help="Own rules, too.")
@click.option("-f", "--format", "format_", type=click.Choice(["text", "json"]), default="text")
def command(names: tuple[str, ...], rules: tuple[Path, ...], format_: str) -> None:
    """List the rules, or those of the NAMES given: rules, folders, core, extended.

    `fglint rules new KIND NAME` writes a rule file to start from, into the directory that --rules
    names, or this one.
    """
    if names[:1] == ("new",):
        _write(names[1:], rules)
        return
    from fglint.commands.ruleset import named

    found = sorted(named(names, rules), key=lambda rule: (rule.folder, rule.name))
    if format_ == "json":
        document = {"schema_version": 1, "rules": [_as_json(rule) for rule in found]}
        click.echo(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False))
        return
    width = max((len(rule.name) for rule in found), default=0)
    folder = ""
    for rule in found:
        if rule.folder != folder:
            click.echo(f"{'' if not folder else chr(10)}{rule.folder}")
            folder = rule.folder
        extended = "" if rule.default else " (when selected)"
        click.echo(f"  {rule.name:{width}}  {rule.severity.value:8}  {rule.summary}{extended}")


def _write(names: tuple[str, ...], directories: tuple[Path, ...]) -> None:
    from fglint.commands.new_rule import write

    if len(names) != 2 or len(directories) > 1:
        raise Misuse("a new rule has a kind and a name: fglint rules new KIND NAME [--rules DIR]")
    path = write(names[0], names[1], directories[0] if directories else Path())
    click.echo(f"wrote {path}; fill it in, then run: fglint test {path.parent}")


def _as_json(rule: Rule) -> dict[str, object]:
    from fglint.policy.wording import shown

    return {
        "name": rule.name,
        "folder": rule.folder,
        "kind": rule.kind,
        "severity": rule.severity.value,
        "default": rule.default,
        "summary": rule.summary,
        "remedy": rule.remedy,
        "references": list(rule.references),
        "same_as": list(rule.same_as),
        "options": [
            {
                "name": option.name,
                "type": str(option.type),
                "default": shown(option.default),
                "description": option.description,
            }
            for option in rule.options
        ],
    }
