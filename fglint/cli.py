"""The command line: finds the command, and turns errors into one line and a status.

Only click is imported here; each command imports its own work when it runs.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from typing import NoReturn

import click

from fglint import __version__
from fglint.commands.status import INTERRUPTED, USAGE
from fglint.misuse import Misuse

COMMANDS = {
    "check": "Check root modules: the main command.",
    "explain": "Explain a rule.",
    "rules": "List the rules.",
    "reference": "List or copy the bundled reference stacks.",
    "baseline": "Write the findings of today to a baseline.",
    "config": "Show the settings and where each comes from.",
    "init": "Write a settings file to start from.",
    "trace": "Trace the life of a service's tasks.",
    "graph": "Print the dependency graph.",
    "eval": "Evaluate an expression in a root module.",
    "test": "Run the examples of rule files.",
    "docs": "Write the pages of rules and of the model.",
    "server": "Serve an editor by the language server protocol.",
    "completion": "Print the completion script of a shell.",
}


class Commands(click.Group):
    """The commands, imported when one of them runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"fglint.commands.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name, or what was meant."""
        name = args[0]
        if name in COMMANDS:
            return super().resolve_command(ctx, args)
        if os.path.exists(name):
            raise click.UsageError(
                f"{name} is a path, not a command; did you mean `fglint check {name}`?"
            )
        close = get_close_matches(name, COMMANDS, 1)
        meant = f'; did you mean "{close[0]}"?' if close else f"; there are {', '.join(COMMANDS)}"
        raise click.UsageError(f'there is no command "{name}"{meant}')

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, which imports none of them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 nothing found, 1 findings, 2 usage or settings, 3 incomplete check.",
)
@click.version_option(__version__, "-V", "--version", message="fglint %(version)s")
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Check ECS/Fargate infrastructure in Terraform before it is applied."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(USAGE)


def main() -> NoReturn:
    """Runs the command line and exits with its status."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    status = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError as error:
        status = _unwritable(error, status)
    with suppress(OSError):
        sys.stderr.flush()
    os._exit(status)  # taking a hundred thousand objects apart would be a sixth of the time


def run(arguments: list[str]) -> int:
    """The status of a command; errors are printed, one line each."""
    try:
        status = cli.main(arguments, prog_name="fglint", standalone_mode=False)
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.ClickException as error:
        from fglint.commands.usage import explained

        return _complain(explained(error), USAGE)
    except Misuse as error:
        return _complain(str(error), USAGE)
    except (KeyboardInterrupt, click.Abort):
        return _complain("interrupted", INTERRUPTED)
    except OSError as error:
        return _unwritable(error, USAGE)
    return status if isinstance(status, int) else 0


def _complain(message: str, status: int) -> int:
    for line in message.splitlines():
        click.echo(f"fglint: {line}", err=True)
    return status


def _unwritable(error: OSError, status: int) -> int:
    """What a closed or full standard output means: who closed a pipe has read enough."""
    reason = (error.strerror or str(error)).lower()
    if error.filename is not None:  # a file that nothing else took care of
        return _complain(f"{os.fsdecode(error.filename)}: {reason}", USAGE)
    if not isinstance(error, BrokenPipeError):
        status = _complain(f"the standard output cannot be written: {reason}", USAGE)
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)  # so that the last flush does not fail, too
    return status
