"""`fglint graph`: the dependency graph of a root module, through networkx."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fglint.commands import deep, flags
from fglint.commands.status import INCOMPLETE

if TYPE_CHECKING:
    import networkx


@click.command("graph", cls=flags.VariablesCommand, short_help="Print the dependency graph.")
@click.argument("path", type=flags.PATH, default=".")
@click.option("-f", "--format", "format_", type=click.Choice(["json", "dot"]), default="json")
@flags.load_flags
@click.pass_context
def command(ctx: click.Context, /, path: Path, format_: str, **given: Any) -> int:
    """Print the dependency graph of the root module in PATH.

    An edge leads from what refers to what it refers to: the order that Terraform follows.
    """
    return deep.call(lambda: _graph(ctx, path, format_))


def _graph(ctx: click.Context, path: Path, format_: str) -> int:
    from fglint import graph
    from fglint.commands.loading import loaded

    configuration = loaded(path, flags.load_options(ctx))
    drawn = graph.build(configuration).to_networkx()
    click.echo(_json(drawn) if format_ == "json" else _dot(drawn), nl=False)
    complete = all(each.severity != "error" for each in configuration.diagnostics)
    return 0 if complete else INCOMPLETE


def _json(graph: networkx.DiGraph[str]) -> str:
    nodes = []
    for name, place in sorted(graph.nodes(data="place")):
        line, column = place.begin
        location = {"path": place.path, "line": line, "column": column}
        nodes.append({"address": name, "location": location})
    edges = [{"from": start, "to": end} for start, end in sorted(graph.edges)]
    document = {"schema_version": 1, "nodes": nodes, "edges": edges}
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _dot(graph: networkx.DiGraph[str]) -> str:
    lines = ["digraph {", "  rankdir = LR", "  node [shape = box]"]
    lines += [f"  {_quoted(name)}" for name in sorted(graph.nodes)]
    lines += [f"  {_quoted(start)} -> {_quoted(end)}" for start, end in sorted(graph.edges)]
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
