"""`fglint init`: a settings file, a pre-commit hook and a workflow to start from."""

from __future__ import annotations

from pathlib import Path

import click

from fglint import __version__
from fglint.commands import flags

SETTINGS = """\
# Settings of fglint. Every line with a value shows the default; `fglint config` shows what counts.

# Rules and options to start from: production, development or strict.
profile = "production"

# Rules to run: names of rules and of folders (`fglint rules`). Empty: those on by default.
select = []
extend-select = []

# Rules that do not run, by name or folder. TOML wants one form: this list, or the tables below.
# ignore = ["cost"]

# The least severity that makes a check fail: critical, high, medium, low, info or never.
fail-on = "medium"

# What becomes of verdicts that cannot be decided: summary, report or fail.
unknown = "summary"

# Directories that the search for root modules leaves out.
exclude = []

# Directories with rules of your own.
rule-directories = []

# Whether an ignore without a reason does not count.
require-reason = false

# Options and severity of one rule:
# [rules.plaintext-secret]
# severity = "high"

# Findings that do not count:
# [[ignore]]
# rules = ["task-in-public-subnet"]
# address = "module.demo"
# reason = "the demonstration has no customers"
# until = 2030-01-31
"""

_FILES = r"(\.(tf|tofu|tftpl|tpl)|\.(tf|tofu)\.json|\.tfvars(\.json)?|(^|/)\.?fglint\.toml)$"

HOOK = f"""\
repos:
  - repo: local
    hooks:
      - id: fglint
        name: fglint (ECS/Fargate Terraform)
        language: python
        additional_dependencies: ["fglint=={__version__}"]
        entry: fglint check
        files: {_FILES}
        exclude: (^|/)\\.terraform/
        require_serial: true
"""

WORKFLOW = f"""\
name: fglint

on:
  pull_request:
  push:
    branches: [main]

permissions:
  contents: read

jobs:
  fglint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0
        with:
          python-version: "3.12"
      - run: pip install fglint=={__version__}
      - run: fglint check --output-format github
"""


@click.command("init", short_help="Write a settings file to start from.")
@click.argument("directory", type=flags.PATH, default=".")
def command(directory: Path) -> None:
    """Write fglint.toml to DIRECTORY; in a repository a pre-commit hook, too.

    Where there is a directory .github, a workflow is written as well. No file is replaced.
    """
    from fglint import output
    from fglint.misuse import Misuse, spelled

    if not directory.is_dir():
        raise Misuse(f"there is no directory {spelled(directory)}")
    wanted = {directory / "fglint.toml": SETTINGS}
    if (directory / ".git").exists():
        wanted[directory / ".pre-commit-config.yaml"] = HOOK
    if (directory / ".github").is_dir():
        wanted[directory / ".github" / "workflows" / "fglint.yml"] = WORKFLOW
    for path, text in wanted.items():
        shown = spelled(path)
        if not path.exists():
            try:
                path.parent.mkdir(exist_ok=True)
            except OSError as error:
                reason = (error.strerror or str(error)).lower()
                raise Misuse(f"{spelled(path.parent)} cannot be made: {reason}") from None
            output.write(path, text)
            click.echo(f"{shown} is written")
        elif path.name == "fglint.toml" or _names_fglint(path):
            click.echo(f"{shown} exists and stays as it is")
        else:
            click.echo(f"{shown} exists and stays as it is; add what you want of this to it:\n")
            click.echo(text)
    inside = "" if directory == Path(".") else f" {spelled(directory)}"
    click.echo(f"next: fglint check{inside}", err=True)


def _names_fglint(path: Path) -> bool:
    """Whether a file that is there runs fglint already."""
    try:
        return "fglint" in path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
