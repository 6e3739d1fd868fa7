"""What is wrong with a command line, in one line: click's errors in fglint's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

import click

_CHOICE = re.compile(r"'(.*)' is not one of ", re.DOTALL)


def explained(error: click.ClickException) -> str:
    """One line that begins in lower case, with what was meant where that can be told."""
    match error:
        case click.NoSuchOption():
            return _no_option(error)
        case click.MissingParameter(ctx=click.Context() as context, param=param):
            return f"{_name(param)} is missing; see `{context.command_path} --help`"
        case click.BadParameter(param=click.Parameter()):
            return f"{_name(error.param)}: {_bad_value(error)}"
        case click.UsageError(ctx=click.Context() as context, message=message):
            hint = f"; see `{context.command_path} --help`" if message.startswith("Got un") else ""
            return _one_line(f"{message}{hint}")
    return _one_line(error.format_message())


def _no_option(error: click.NoSuchOption) -> str:
    given = error.option_name
    context = error.ctx
    if context is None:
        return f"there is no option {given}"
    options = [
        name
        for param in context.command.get_params(context)
        if isinstance(param, click.Option)
        for name in (*param.opts, *param.secondary_opts)
        if name.startswith("--")
    ]
    known = get_close_matches(given, options, 1)
    meant = f"did you mean {known[0]}?" if known else f"see `{context.command_path} --help`"
    return f"there is no option {given}; {meant}"


def _name(param: click.Parameter | None) -> str:
    """The longest spelling of an option; an argument as the help writes it."""
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return "" if param is None else param.human_readable_name


def _bad_value(error: click.BadParameter) -> str:
    type_ = None if error.param is None else error.param.type
    if isinstance(type_, click.Choice):
        found = _CHOICE.match(error.message)
        if found is not None:
            return f'"{found[1]}" is not {_one_of(type_.choices)}{_meant(found[1], type_.choices)}'
    if isinstance(type_, click.IntRange):
        return f"{error.message.split(' ', 1)[0]} is no whole number of {type_.min} or more"
    return _one_line(error.message)


def _one_of(choices: Sequence[str]) -> str:
    *first, last = choices
    return f"{', '.join(first)} or {last}" if first else last


def _meant(given: str, choices: Sequence[str]) -> str:
    close = get_close_matches(given, choices, 1, 0.5)
    return f'; did you mean "{close[0]}"?' if close else ""


def _one_line(message: str) -> str:
    text = " ".join(message.split()).removesuffix(".")
    return text if text[:2].isupper() else text[:1].lower() + text[1:]
