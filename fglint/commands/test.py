"""`fglint test`: runs the examples of rule files."""

from __future__ import annotations

from pathlib import Path

import click

from fglint.commands import deep, flags
from fglint.commands.status import FINDINGS, USAGE
from fglint.misuse import Misuse, spelled


@click.command("test", short_help="Run the examples of rule files.")
@click.argument("directories", nargs=-1, type=flags.PATH)
@click.option("-v", "--verbose", is_flag=True, help="Name the examples that pass, too.")
def command(directories: tuple[Path, ...], verbose: bool) -> int:
    """Run the examples of the rules in DIRECTORIES, the bundled rules without any."""
    return deep.call(lambda: _test(directories, verbose))


def _test(directories: tuple[Path, ...], verbose: bool) -> int:
    from fglint.policy.bundle import rules_directory
    from fglint.policy.examples import run
    from fglint.policy.loader import load_rules
    from fglint.policy.mistakes import RuleError
    from fglint.policy.schema import check_rule
    from fglint.report.text import counted
    from fglint.source import Files

    for directory in directories:
        if not directory.is_dir():
            raise Misuse(f"there is no directory {spelled(directory)}")
    rules = load_rules(directories or (rules_directory(),))
    diagnostics = list(rules.diagnostics)
    count = failed = 0
    files = Files()
    for rule in rules.rules.values():
        diagnostics.extend(check_rule(rule))
        try:
            for result in run(rule, files):
                count += 1
                title = f'{result.example.range}: {rule.name}: "{result.example.title}"'
                if result.problems:
                    failed += 1
                    click.echo(f"{title}:")
                    for problem in result.problems:
                        click.echo(f"  {problem}")
                elif verbose:
                    click.echo(f"{title}: ok")
        except RuleError as error:
            diagnostics.append(error.diagnostic())
    for diagnostic in diagnostics:
        place = f"{diagnostic.range}: " if diagnostic.range else ""
        click.echo(f"{place}{diagnostic.detail or diagnostic.summary}", err=True)
    ran = f"{counted(len(rules.rules), 'rule')}, {counted(count, 'example')}"
    click.echo(f"{ran}, {failed} failed")
    if diagnostics:
        return USAGE
    return FINDINGS if failed else 0
