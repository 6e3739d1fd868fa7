"""Bugs of fglint itself: what is said when something raises that nothing foresaw."""

from __future__ import annotations

import os

from fglint.diagnostic import Diagnostic


def diagnose(error: Exception, path: str) -> Diagnostic:
    """The diagnostic for an exception that ended the check of a root."""
    import traceback  # no check without a bug pays for it

    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(frame.filename)}:{frame.lineno}"
    return Diagnostic(
        "error",
        "A bug in fglint",
        f"{path} could not be checked: {type(error).__name__} at {where}: {error}. Report it with "
        "the configuration that leads to it; -v prints the whole trace.",
    )


def trace(error: Exception) -> str:
    """Where the exception comes from, for a report of the bug."""
    import traceback

    return "".join(traceback.format_exception(error))
