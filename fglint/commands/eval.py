"""`fglint eval`: the value of an expression in a root module, and why it is not known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fglint.commands import deep, flags
from fglint.commands.status import FINDINGS
from fglint.misuse import Misuse

if TYPE_CHECKING:
    from fglint.configuration.loader import Configuration
    from fglint.configuration.scopes import ModuleInstance


@click.command("eval", cls=flags.VariablesCommand, short_help="Evaluate an expression.")
@click.argument("expression")
@click.argument("path", type=flags.PATH, default=".")
@click.option(
    "-m",
    "--module",
    metavar="ADDRESS",
    default="",
    help="Evaluate in this module instead of the root, such as module.app[0].",
)
@flags.load_flags
@click.pass_context
def command(
    ctx: click.Context, /, expression: str, path: Path, module: str, **given: Any
) -> int:  # fmt: skip
    """Evaluate an EXPRESSION of Terraform's language in the root module in PATH.

    Prints its value; of what is not known, what it is and why; of a secret, where it comes from;
    and what each reference leads to, with its place.
    """
    return deep.call(lambda: _evaluate(ctx, expression, path, module))


def _evaluate(ctx: click.Context, text: str, path: Path, address: str) -> int:
    from fglint.commands.loading import loaded
    from fglint.configuration.module import Placed
    from fglint.configuration.provenance import way
    from fglint.evaluation.errors import EvaluationError
    from fglint.evaluation.inspection import origins_of
    from fglint.policy.notation import lines
    from fglint.secrecy import Secrecy
    from fglint.source import SourceFile
    from fglint.syntax import parse_expression

    configuration = loaded(path, flags.load_options(ctx))
    scope = _module(configuration, address)
    source = SourceFile("EXPRESSION", text)
    node, diagnostics = parse_expression(source)
    for diagnostic in diagnostics:
        if diagnostic.severity == "error":
            column = diagnostic.range.begin.column if diagnostic.range else 1
            raise Misuse(f"column {column}: {diagnostic.summary}: {diagnostic.detail}")
    try:
        placed = Placed(node, source)
        value = configuration.session.evaluate(placed, scope)
    except EvaluationError as error:
        detail = f": {error.detail}" if error.detail else ""
        told = Secrecy(configuration).hidden(f"{error.summary}{detail}")
        click.echo(f"fglint: {told}", err=True)
        return FINDINGS
    click.echo("\n".join(lines(value)))
    for cause in dict.fromkeys(origin.cause for origin in origins_of(value)):
        click.echo(f"# {Secrecy(configuration).hidden(cause)}")
    for step in way(placed, scope):
        at = f", at {step.at}" if step.at else ""
        line = f"{'  ' * step.depth}{step.name} {step.is_}{at}"
        click.echo(f"# {Secrecy(configuration).hidden(line)}")
    return 0


def _module(configuration: Configuration, address: str) -> ModuleInstance:
    from difflib import get_close_matches

    modules = {module.address: module for module in configuration.modules()}
    if address not in modules:
        close = get_close_matches(address, [name for name in modules if name], 1)
        meant = f"; did you mean {close[0]}?" if close else ""
        raise Misuse(f"there is no module {address}{meant}")
    return modules[address]
