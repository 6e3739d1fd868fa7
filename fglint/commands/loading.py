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


def loaded(path: Path, options: LoadOptions) -> Configuration:
    """The configuration in a directory, or of the directory that a file is in; Misuse.

    Its errors are printed on the standard error.
    """
    if not path.exists():
        raise Misuse(f"{spelled(path)} does not exist")
    directory = Path(os.path.abspath(path if path.is_dir() else path.parent))
    files = Files(boundary=repository_root(directory))
    configuration = load(directory, files, options)
    secrecy = Secrecy(configuration)
    for diagnostic in configuration.diagnostics:
        if diagnostic.severity == "error":
            place = f"{diagnostic.range}: " if diagnostic.range else ""
            detail = secrecy.hidden(diagnostic.detail)
            click.echo(f"{place}{diagnostic.summary}: {detail}", err=True)
    return configuration
