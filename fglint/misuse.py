"""Misuse: arguments, settings and files that fglint cannot work with. Status 2."""

from __future__ import annotations

import os
from pathlib import Path


class Misuse(Exception):
    """What was given cannot be used; each line of the message is one error, with its place."""


def spelled(path: Path) -> str:
    """A path as messages name it: from the working directory, or whole where that is shorter."""
    whole = os.path.abspath(path)
    try:
        relative = os.path.relpath(whole)
    except ValueError:  # another drive
        relative = whole
    return min(relative, whole, key=len).replace(os.sep, "/")
