"""Writing: all files that fglint writes are written here.

A file is there whole or not at all: its text goes to a new file beside it, which then takes its
place. What exists and was not written by fglint, such as a job summary or a device, is appended to.
"""

from __future__ import annotations

import os
from pathlib import Path

from fglint.misuse import Misuse, spelled


class WriteError(Misuse):
    """A file that cannot be written; the message names it and says why."""


def write(path: Path, text: str, *, append: bool = False) -> None:
    """Writes a text file whole, or appends to what is there; WriteError when it cannot be."""
    try:
        if append or (path.exists() and not path.is_file()):
            with path.open("a", encoding="utf-8", newline="") as file:
                file.write(text)
        else:
            _replace(path.resolve(), text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise WriteError(f"{spelled(path)} cannot be written: {reason}") from None


def _replace(path: Path, text: str) -> None:
    import tempfile  # costs more than the rest, and most checks write no file

    mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
