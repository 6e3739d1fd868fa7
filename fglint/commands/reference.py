"""`fglint reference`: the bundled stacks that pass every rule."""

from __future__ import annotations

from pathlib import Path

import click

from fglint.commands import flags
from fglint.misuse import spelled


def names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The stacks that complete a name."""
    from fglint import stacks

    return [name for name in stacks.stacks() if name.startswith(incomplete)]


@click.command("reference", short_help="List or copy the bundled reference stacks.")
@click.argument("name", required=False, shell_complete=names)
@click.argument("directory", type=flags.PATH, required=False)
def command(name: str | None, directory: Path | None) -> None:
    """List the bundled reference stacks, or copy the one of that NAME to a DIRECTORY.

    Without DIRECTORY, it is copied to a directory of its own name.
    """
    from fglint import stacks

    known = stacks.stacks()
    if name is None:
        width = max(map(len, known), default=0)
        for each, stack in known.items():
            click.echo(f"{each:{width}}  {stacks.title(stack)}")
        return
    target = directory or Path(name)
    files = stacks.copy(name, target)
    shown = spelled(target)
    click.echo(f"{len(files)} files in {shown}; check them with: fglint check {shown}", err=True)
