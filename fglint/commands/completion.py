"""`fglint completion`: the completion script of a shell."""

from __future__ import annotations

import click


@click.command("completion", short_help="Print the completion script of a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a SHELL.

    bash: eval "$(fglint completion bash)". zsh: eval "$(fglint completion zsh)".
    fish: fglint completion fish | source.
    """
    from click.shell_completion import get_completion_class

    completion = get_completion_class(shell)
    assert completion is not None
    root = ctx.find_root().command
    click.echo(completion(root, {}, "fglint", "_FGLINT_COMPLETE").source())
