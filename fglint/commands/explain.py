"""`fglint explain`: the page of a rule."""

from __future__ import annotations

from pathlib import Path

import click

from fglint.commands import flags


@click.command("explain", short_help="Explain a rule.")
@click.argument("names", nargs=-1, required=True, shell_complete=flags.rule_names)
@click.option("--rules", type=flags.PATH, multiple=True, metavar="DIR", help="Own rules, too.")
def command(names: tuple[str, ...], rules: tuple[Path, ...]) -> None:
    """Explain rules: why, what to do, options, examples.

    NAMES are rules, folders, or ids of other tools such as CKV_AWS_103 and ECS.8.
    """
    from fglint.commands.ruleset import named, page
    from fglint.source import Files

    files = Files()
    click.echo("\n".join(page(rule, files) for rule in named(names, rules)), nl=False)
