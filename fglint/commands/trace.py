"""`fglint trace`: the life of a service's tasks, hop by hop, each with its verdict."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fglint.commands import deep, flags
from fglint.commands.status import INCOMPLETE, USAGE
from fglint.misuse import Misuse

if TYPE_CHECKING:
    from fglint.model.service import Service
    from fglint.settings import Settings

_KEY = re.compile(r'\[(?:\d+|\*|"(?:[^"\\]|\\.)*")\]')


@click.command("trace", cls=flags.VariablesCommand, short_help="Trace the life of a task.")
@click.argument("service", required=False)
@click.argument("path", type=flags.PATH, required=False)
@click.option(
    "-f",
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="The format on the standard output.",
)
@click.option("--config", type=flags.PATH, metavar="FILE", help="The settings file to use.")
@click.option("--isolated", is_flag=True, help="Use no settings file.")
@flags.color_flag
@flags.load_flags
@click.pass_context
def command(
    ctx: click.Context, /, service: str | None, path: Path | None, **given: Any
) -> int:  # fmt: skip
    """Trace the life of a task: from clients to its container, and from its subnet to its start.

    SERVICE is the address of a service or run target of the root module in PATH; without it, all
    of them are traced. A single argument that is a directory or file is the PATH.
    """
    if service is not None and path is None and Path(service).exists():
        path, service = Path(service), None
    directory = path or Path()
    return deep.call(lambda: _trace(ctx, service, directory))


def _trace(ctx: click.Context, wanted: str | None, path: Path) -> int:
    from fglint.commands.loading import loaded
    from fglint.commands.reports import wants_color
    from fglint.model.deployment import Deployment
    from fglint.policy.trace import traces
    from fglint.report import trace as report
    from fglint.report.options import Options
    from fglint.secrecy import Secrecy

    given = ctx.params
    directory = path if path.is_dir() else path.parent
    rule_flags = flags.RuleFlags.of(ctx)
    plans = rule_flags.plans(flags.load_options(ctx))
    plans.override = _only_steps
    plan = plans(directory.resolve())
    configuration = loaded(path, plan.load)
    deployment = Deployment(configuration, plan.settings.facts)
    addresses = None if wanted is None else _named(wanted, deployment.services)
    found = traces(deployment, plan.selection.rules, plan.selection.options, addresses)
    if deployment.facts.conflicts:
        raise Misuse("\n".join(deployment.facts.conflicts))
    for diagnostic in (*plans.diagnostics, *found.diagnostics):
        click.echo(f"fglint: {diagnostic.detail}", err=True)
    secrecy = Secrecy(configuration)
    if given["output_format"] == "json":
        shown = configuration.session.files.display(configuration.directory)
        text = report.json(found, shown, configuration.diagnostics)
        click.echo(secrecy.hidden(text), nl=False)
    else:
        color = wants_color(given["color"])
        width = shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 100
        options = Options(color=color, width=width)
        click.echo(secrecy.hidden(report.text(found, options)), nl=False, color=color)
        if not found.traces:
            click.echo("no service or run target of this root module runs on Fargate", err=True)
    if plans.diagnostics or found.diagnostics:
        return USAGE
    complete = all(each.severity != "error" for each in configuration.diagnostics)
    return 0 if complete else INCOMPLETE


def _only_steps(settings: Settings) -> Settings:
    """The settings with the rules of the steps selected, those that are ignored, too."""
    from fglint.policy.bundle import rules_directory
    from fglint.policy.loader import load_rules
    from fglint.policy.trace import RULES

    known = load_rules((rules_directory(),)).rules
    selected = tuple(name for name in RULES if name in known)
    return replace(settings, select=selected, extend_select=(), ignore=(), baseline=None)


def _named(wanted: str, services: Sequence[Service]) -> list[str]:
    """The addresses that are meant: that one, or all instances of that resource; Misuse."""
    addresses = dict.fromkeys(service.address for service in services)
    if wanted in addresses:
        return [wanted]
    resources = {address: _KEY.sub("", address) for address in addresses}
    found = [address for address, resource in resources.items() if resource == wanted]
    if found:
        return found
    close = get_close_matches(wanted, [*addresses, *resources.values()], 1)
    listed = f"; there are {', '.join(addresses)}" if addresses else ""
    meant = f"; did you mean {close[0]}?" if close else listed
    raise Misuse(f"there is no service or run target {wanted}{meant}")
