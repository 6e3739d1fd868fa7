"""`fglint check --watch`: checks again whenever a file changes that the check read."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from fglint.configuration.module import is_configuration
from fglint.misuse import Misuse, spelled
from fglint.report.text import counted, listing
from fglint.settings import NAMES

INTERVAL = 0.3  # seconds between two looks
_MOST_NAMED = 3

State = dict[Path, object]  # of each file when it changed and how long it is, of directories: names


def watch(
    check: Callable[[set[Path]], object], told: Callable[[str], None], paths: Iterable[Path]
) -> None:
    """Checks for ever; `check` adds the files and directories that it read to the set.

    What is wrong with arguments ends it at once; with files that change later, it is told. Until
    the first check is done, `paths` are watched, so that a change meanwhile is not missed.
    """
    known = {each for path in paths for each in (path, *_files_in(path))}
    first = True
    while True:
        before = state(known)
        read: set[Path] = set()
        try:
            check(read)
        except Misuse as error:
            if first:
                raise
            told("\n".join(f"fglint: {line}" for line in str(error).splitlines()))
        first = False
        after = state(known)
        if before == after:  # else it changed while it was read
            known = read or known
            after = before = state(known)
            told(f"watching {counted(sum(map(Path.is_file, known)), 'file')}; Ctrl+C ends it")
        while before == after:
            time.sleep(INTERVAL)
            after = state(known)
        changed = sorted(path for path in known if before.get(path) != after.get(path))
        if sys.stdout.isatty():
            click.clear()
        told(f"{listing(map(spelled, changed), _MOST_NAMED)} changed")


def _is_input(name: str) -> bool:
    # Reports of the check itself may appear beside these.
    return is_configuration(name) or name in NAMES or name.endswith((".tfvars", ".tfvars.json"))


def _files_in(path: Path) -> list[Path]:
    return [each for each in path.iterdir() if each.is_file()] if path.is_dir() else []


def state(paths: Iterable[Path]) -> State:
    """What tells whether files changed, and which files are in directories."""
    found: State = {}
    for path in paths:
        try:
            if path.is_dir():
                found[path] = tuple(sorted(filter(_is_input, os.listdir(path))))
            else:
                about = path.stat()
                found[path] = (about.st_mtime_ns, about.st_size)
        except OSError:
            found[path] = None  # not there now; it may come back
    return found
