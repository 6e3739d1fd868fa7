"""`fglint docs`: writes the pages that are made from the rules and the model."""

from __future__ import annotations

from pathlib import Path

import click

from fglint.commands import flags
from fglint.commands.status import FINDINGS


@click.command("docs", short_help="Write the pages of rules and of the model.")
@click.argument("directory", type=flags.PATH, default="docs")
@click.option("--check", is_flag=True, help="Write nothing; status 1 when a page is out of date.")
@click.option("--rules", type=flags.PATH, multiple=True, metavar="DIR", help="Own rules, too.")
def command(directory: Path, check: bool, rules: tuple[Path, ...]) -> int:
    """Write the pages of all rules, their index, the model's page, and the settings' schema."""
    pages = _pages(rules)
    changed = [name for name, text in pages.items() if _text(directory / name) != text]
    stale = [
        f"rules/{path.name}"
        for path in sorted((directory / "rules").glob("*.md"))
        if f"rules/{path.name}" not in pages
    ]
    if check:
        for name in [*changed, *stale]:
            click.echo(f"{directory / name} is out of date; run `fglint docs`", err=True)
        return FINDINGS if changed or stale else 0
    from fglint import output

    (directory / "rules").mkdir(parents=True, exist_ok=True)
    for name in changed:
        output.write(directory / name, pages[name])
    for name in stale:
        (directory / name).unlink()
    return 0


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


def _pages(directories: tuple[Path, ...]) -> dict[str, str]:
    """The texts of the pages by their names in the directory."""
    import json

    from fglint.commands.ruleset import named, page
    from fglint.model.deployment import KINDS, SUBJECTS
    from fglint.policy.documentation import model_page, rule_index
    from fglint.settings.schema import json_schema
    from fglint.source import Files

    rules = named((), directories)
    files = Files()
    pages = {f"rules/{rule.name}.md": page(rule, files) for rule in rules}
    pages["rules/README.md"] = rule_index(rules)
    pages["model.md"] = model_page(KINDS, SUBJECTS)
    pages["fglint.schema.json"] = json.dumps(json_schema(), indent=2) + "\n"
    return pages
