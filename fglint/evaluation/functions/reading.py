"""Files that functions read."""

from __future__ import annotations

from fglint.evaluation.functions.arguments import failed
from fglint.evaluation.functions.registry import Context
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import STRING
from fglint.evaluation.values import Unknown
from fglint.source import ReadError


def outside(context: Context, name: str, path: str) -> Unknown | None:
    """An unknown with the reason where a path may not be read, None where it may."""
    if path.startswith("~"):
        because = f'"{path}" lies in the home directory of whoever runs Terraform'
    elif not context.files.allowed(context.directory / path):
        because = f'"{path}" lies outside the repository'
    else:
        return None
    return Unknown.of(
        Origin("function", f'{name}("{path}")', because=because), STRING, not_null=True
    )


def content_of(context: Context, name: str, path: str) -> bytes | Unknown:
    """A file's bytes; unknown when it may not be read, an error when it cannot."""
    unreadable = outside(context, name, path)
    if unreadable is not None:
        return unreadable
    try:
        return context.files.bytes(context.directory / path)
    except ReadError as error:
        raise failed(name, f'cannot read "{path}": {error}') from None
