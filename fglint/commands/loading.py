"""Loads one root module for a command, and says what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from fglint.configuration.loader import Configuration, load
from fglint.configuration.session import LoadOptions
from fglint.misuse import Misuse, spelled
from fglint.secrecy import Secrecy
from fglint.settings import repository_root
from fglint.source import Files

MAXIMUM_ERRORS = 5  # that are printed


def loaded(path: Path, options: LoadOptions) -> Configuration:
    """The configuration in a directory, or of the directory that a file is in; Misuse.

    Its first errors are printed on the standard error.
    """
    if not path.exists():
        raise Misuse(f"{spelled(path)} does not exist")
    directory = Path(os.path.abspath(path if path.is_dir() else path.parent))
    files = Files(boundary=repository_root(directory))
    configuration = load(directory, files, options)
    secrecy = Secrecy(configuration)
    errors = [each for each in configuration.diagnostics if each.severity == "error"]
    for diagnostic in errors[:MAXIMUM_ERRORS]:
        place = f"{diagnostic.range}: " if diagnostic.range else ""
        detail = secrecy.hidden(diagnostic.detail)
        click.echo(f"{place}{diagnostic.summary}: {detail}", err=True)
    if len(errors) > MAXIMUM_ERRORS:
        more = len(errors) - MAXIMUM_ERRORS
        click.echo(f"and {more} more errors: fglint check lists them", err=True)
    return configuration
