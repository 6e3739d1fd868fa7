"""Bugs of fglint itself: what is said when something raises that nothing foresaw."""

from __future__ import annotations

import os

from fglint.diagnostic import Diagnostic

# Exceptions whose texts name code; those of others may quote a value, which may be a secret.
_OF_CODE = (
    ArithmeticError, AssertionError, AttributeError, ImportError, IndexError, NameError,
    RuntimeError, TypeError,
)  # fmt: skip


def diagnose(error: Exception, path: str) -> Diagnostic:
    """The diagnostic for an exception that ended the check of a root."""
    import traceback  # no check without a bug pays for it

    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{os.path.basename(frame.filename)}:{frame.lineno}"
    text = f": {error}" if isinstance(error, _OF_CODE) else ""
    return Diagnostic(
        "error",
        "A bug in fglint",
        f"{path} could not be checked: {type(error).__name__} at {where}{text}. Report it with "
        "the configuration that leads to it; -v prints the whole trace.",
    )


def trace(error: Exception) -> str:
    """Where the exception comes from, for a report of the bug."""
    import traceback

    lines = traceback.format_exception(error)
    if not isinstance(error, _OF_CODE):
        lines[-1] = f"{type(error).__name__}\n"
    return "".join(lines)
