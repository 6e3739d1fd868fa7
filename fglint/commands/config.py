"""`fglint config`: what is set, and where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fglint.commands import flags
from fglint.misuse import Misuse, spelled

if TYPE_CHECKING:
    from fglint.settings import Settings


@click.command("config", short_help="Show the settings and where each comes from.")
@click.argument("path", type=flags.PATH, default=".")
@flags.rule_flags
@click.option("--schema", is_flag=True, help="Print the JSON schema of the settings file.")
@click.pass_context
def command(ctx: click.Context, /, path: Path, schema: bool, **given: Any) -> None:
    """Show the settings that count for the root module in PATH, and where each comes from."""
    from fglint.configuration.session import LoadOptions

    if schema:
        from fglint.settings.schema import json_schema

        click.echo(json.dumps(json_schema(), indent=2))
        return
    if not path.exists():
        raise Misuse(f"{spelled(path)} does not exist")
    plans = flags.RuleFlags.of(ctx).plans(LoadOptions())
    settings = plans.settings(path if path.is_dir() else path.parent)
    rules = plans.rules(settings)
    from fglint.selection import choose

    selection = choose(rules, settings)
    rows = [*_rows(settings)]
    width = max(len(text) for _, text, _ in rows)
    column = max(len(key) for key, _, _ in rows)
    for key, text, place in rows:
        click.echo(f"{key:{column}} = {text:{width}}  # {place}")
    click.echo(f"# {len(selection.rules)} of {len(rules.rules)} rules run")


def _rows(settings: Settings) -> list[tuple[str, str, str]]:
    """Key, value as TOML writes it, and place, of each setting."""
    values: dict[str, object] = {
        "profile": settings.profile,
        "select": list(settings.select),
        "extend-select": list(settings.extend_select),
        "ignore": list(settings.ignore),
        "rule-directories": [_shown(path) for path in settings.rule_directories],
        "fail-on": "never" if settings.fail_on is None else settings.fail_on.value,
        "unknown": settings.unknown,
        "exclude": list(settings.exclude),
        "baseline": None if settings.baseline is None else _shown(settings.baseline),
        "var-files": [_shown(path) for path in settings.var_files],
        "stand-ins": [_shown(path) for path in settings.stand_ins],
        "environment-variables": settings.environment_variables,
        "inline-ignores": settings.inline_ignores,
        "require-reason": settings.require_reason,
        "non-ignorable": list(settings.non_ignorable),
    }
    rows = [(key, _toml(value), settings.place(key)) for key, value in values.items()]
    for name, rule in sorted(settings.rules.items()):
        given = dict(rule.options)
        if rule.severity is not None:
            given["severity"] = rule.severity.value
        rows += [
            (f"rules.{name}.{key}", _toml(value), settings.place("rules", name, key))
            for key, value in sorted(given.items())
        ]
    for ignore in settings.ignored_findings:
        parts: dict[str, object] = {
            "rules": list(ignore.rules),
            "address": ignore.address,
            "paths": list(ignore.paths),
            "until": ignore.until and ignore.until.isoformat(),
            "reason": ignore.reason,
        }
        text = ", ".join(f"{key} = {_toml(value)}" for key, value in parts.items() if value)
        rows.append(("[[ignore]]", f"{{ {text} }}", ignore.place))
    for fact in settings.facts:
        stated = {"of": fact.of, **fact.states, "reason": fact.reason}
        text = ", ".join(f"{key} = {_inline(value)}" for key, value in stated.items())
        rows.append((f"[[facts.{fact.kind.replace('_', '-')}]]", f"{{ {text} }}", fact.place))
    return rows


def _inline(value: object) -> str:
    """A value as TOML writes it on one line."""
    match value:
        case dict():
            inner = ", ".join(f"{key} = {_inline(each)}" for key, each in value.items())
            return f"{{ {inner} }}"
        case list():
            return f"[{', '.join(map(_inline, value))}]"
    return _toml(value)


def _shown(path: Path) -> str:
    import os

    return os.path.relpath(path).replace(os.sep, "/")


def _toml(value: object) -> str:
    """A value as TOML writes it: as JSON does, for these types."""
    return '""' if value is None else json.dumps(value, ensure_ascii=False, default=str)
