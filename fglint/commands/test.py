"""`fglint test`: runs the examples of rule files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fglint.commands import deep, flags
from fglint.commands.status import FINDINGS, USAGE
from fglint.misuse import Misuse, spelled

if TYPE_CHECKING:
    from fglint.diagnostic import Diagnostic
    from fglint.policy.examples import Result
    from fglint.policy.rule import Rule
    from fglint.source import Files


@click.command("test", short_help="Run the examples of rule files.")
@click.argument("directories", nargs=-1, type=flags.PATH)
@click.option(
    "-f",
    "--output-format",
    type=click.Choice(["text", "junit"]),
    default="text",
    help="The format of the report on the standard output.",
)
@click.option("-v", "--verbose", is_flag=True, help="Name the examples that pass, too.")
def command(directories: tuple[Path, ...], output_format: str, verbose: bool) -> int:
    """Run the examples of the rules in DIRECTORIES, the bundled rules without any."""
    return deep.call(lambda: _test(directories, output_format, verbose))


def _test(directories: tuple[Path, ...], output_format: str, verbose: bool) -> int:
    from fglint.policy.bundle import rules_directory
    from fglint.policy.loader import load_rules
    from fglint.source import Files

    for directory in directories:
        if not directory.is_dir():
            raise Misuse(f"there is no directory {spelled(directory)}")
    rules = load_rules(directories or (rules_directory(),))
    diagnostics = list(rules.diagnostics)
    results: list[Result] = []
    files = Files()
    for rule in rules.rules.values():
        found = list(_results(rule, files, diagnostics))
        results.extend(found)
        if output_format == "text":
            _print(rule, found, verbose)
    for diagnostic in diagnostics:
        place = f"{diagnostic.range}: " if diagnostic.range else ""
        click.echo(f"{place}{diagnostic.detail or diagnostic.summary}", err=True)
    _summarize(len(rules.rules), results, diagnostics, output_format)
    if diagnostics:
        return USAGE
    return FINDINGS if any(result.problems for result in results) else 0


def _results(rule: Rule, files: Files, diagnostics: list[Diagnostic]) -> Iterator[Result]:
    """The examples of a rule that run; what is wrong with the others, and with its expressions."""
    from fglint.policy.blocks import read_example
    from fglint.policy.examples import run_example
    from fglint.policy.loader import example_blocks
    from fglint.policy.mistakes import RuleError
    from fglint.policy.schema import check_rule

    diagnostics.extend(check_rule(rule))
    try:
        blocks = example_blocks(rule, files)
    except RuleError as error:
        diagnostics.append(error.diagnostic())
        return
    for block in blocks:
        try:
            yield run_example(rule, read_example(block, rule), files)
        except RuleError as error:
            diagnostics.append(error.diagnostic())
    lacking = [name for name in ("pass", "fail") if all(each.type != name for each in blocks)]
    if lacking:
        text = f"{rule.range}: {rule.name} has no example of {' and of '.join(lacking)}"
        click.echo(text, err=True)


def _print(rule: Rule, results: list[Result], verbose: bool) -> None:
    for result in results:
        title = f'{result.example.range}: {rule.name}: "{result.example.title}"'
        if result.problems:
            click.echo(f"{title}:")
            for problem in result.problems:
                click.echo(f"  {problem}")
        elif verbose:
            click.echo(f"{title}: ok")


def _summarize(
    rules: int, results: list[Result], diagnostics: list[Diagnostic], output_format: str
) -> None:
    from fglint.report import junit
    from fglint.report.text import counted

    if output_format == "junit":
        cases = [junit.of_example(each) for each in results]
        cases.extend(junit.of_trouble(each) for each in diagnostics)
        click.echo(junit.document(cases), nl=False)
        return
    failed = sum(bool(result.problems) for result in results)
    ran = f"{counted(rules, 'rule')}, {counted(len(results), 'example')}"
    click.echo(f"{ran}, {failed} failed")
