"""Reads a settings file, and says what is wrong with it at which line."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from fglint.finding import Severity
from fglint.settings import Fact, Ignore, RuleSettings, Settings, SettingsError
from fglint.settings.schema import FactsTable, FileTable, IgnoreTable, RuleTable, hyphens

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Key = tuple[str | int, ...]

WORDS = {
    "string_type": "must be a string",
    "list_type": "must be a list",
    "bool_type": "must be true or false",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "date_type": "must be a date, YYYY-MM-DD",
    "date_from_datetime_parsing": "must be a date, YYYY-MM-DD",
    "date_parsing": "must be a date, YYYY-MM-DD",
    "date_from_datetime_inexact": "must be a date, YYYY-MM-DD",
    "int_type": "must be a whole number",
    "greater_than_equal": "must be 1 or more",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "missing": "is required",
}


def read(path: Path) -> Settings:
    """The settings of one file; SettingsError when it cannot be used."""
    shown = os.path.relpath(path).replace(os.sep, "/")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"{shown}: the file is not encoded in UTF-8") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise SettingsError(f"{shown}: the file cannot be read: {reason}") from None
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(_syntax_error(error, text, shown)) from None
    prefix: Key = ()
    if path.name == "pyproject.toml":
        prefix = ("tool", "fglint")
        document = document.get("tool", {}).get("fglint", {})
    places = {key: f"{shown}:{line}" for key, line in _lines(text, prefix)}
    document = _with_directories(document, places)
    try:
        table = FileTable.model_validate(document)
    except ValidationError as error:
        explained = [_explain(each, places, shown) for each in error.errors()]
        raise SettingsError("\n".join(sorted(explained, key=_line))) from None
    return _settings(path, table, places, shown)


def _with_directories(document: dict[str, Any], places: dict[Key, str]) -> dict[str, Any]:
    """`rules = ["policies"]` is short for rule-directories where no rule has settings."""
    short = document.get("rules")
    if not isinstance(short, list):
        return document
    document = {key: value for key, value in document.items() if key != "rules"}
    document["rule-directories"] = [*document.get("rule-directories", []), *short]
    for key in [key for key in places if key[:1] == ("rules",)]:
        places.setdefault(("rule-directories", *key[1:]), places[key])
    return document


def _settings(path: Path, table: FileTable, places: dict[Key, str], shown: str) -> Settings:
    directory = path.parent
    items = list(enumerate(table.ignore))
    return Settings(
        path=path,
        profile=table.profile,
        select=tuple(table.select),
        extend_select=tuple(table.extend_select),
        ignore=tuple(item for _, item in items if isinstance(item, str)),
        ignored_findings=tuple(
            _ignore(item, places.get(("ignore", i)) or places.get(("ignore",), shown))
            for i, item in items
            if isinstance(item, IgnoreTable)
        ),
        rule_directories=tuple(directory / each for each in table.rule_directories),
        rules=MappingProxyType({name: _rule(rule) for name, rule in table.rules.items()}),
        fail_on=None if table.fail_on == "never" else Severity(table.fail_on),
        unknown=table.unknown,
        exclude=tuple(table.exclude),
        baseline=None if table.baseline is None else directory / table.baseline,
        var_files=tuple(directory / each for each in table.var_files),
        stand_ins=tuple(directory / each for each in table.stand_ins),
        environment_variables=table.environment_variables,
        inline_ignores=table.inline_ignores,
        require_reason=table.require_reason,
        non_ignorable=tuple(table.non_ignorable),
        facts=tuple(_facts(table.facts, places, shown)),
        places=MappingProxyType({".".join(map(str, key)): place for key, place in places.items()}),
    )


def _ignore(table: IgnoreTable, place: str) -> Ignore:
    return Ignore(
        tuple(table.rules), table.address, tuple(table.paths), table.reason, table.until, place
    )


def _facts(table: FactsTable, places: dict[Key, str], shown: str) -> Iterator[Fact]:
    for name in type(table).model_fields:
        for index, each in enumerate(getattr(table, name)):
            place = places.get(("facts", hyphens(name), index), shown)
            yield Fact(name, each.of, MappingProxyType(each.states), each.reason, place)


def _rule(table: RuleTable) -> RuleSettings:
    severity = None if table.severity is None else Severity(table.severity)
    return RuleSettings(severity, MappingProxyType(dict(table.model_extra or {})))


# ---- what is wrong ----------------------------------------------------------------------------


_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)$")
_DATE = re.compile(r"=\s*(\d{4}-\d{1,2}-\d{1,2})\b")


def _syntax_error(error: tomllib.TOMLDecodeError, text: str, shown: str) -> str:
    """What is wrong with the text and where, as other errors say it."""
    message, place = str(error), shown
    found = _PLACE.search(message)
    if found is not None:
        message, place = message[: found.start()], f"{shown}:{found[1]}:{found[2]}"
        date = _DATE.search(text.splitlines()[int(found[1]) - 1])
        if date is not None:  # tomllib stumbles behind the part that it can read as a number
            return f"{place}: {date[1]} is no date of the calendar, YYYY-MM-DD"
    message = message[:1].lower() + message[1:]
    if "[[ignore]]" in text and re.search(r"^\s*ignore\s*=", text, re.MULTILINE):
        message += "; ignore is a list or [[ignore]] tables, not both"
    return f"{place}: {message}"


def _explain(error: ErrorDetails, places: dict[Key, str], shown: str) -> str:
    """One error in one line: place, key, what is wrong, what to write."""
    key = tuple(part for part in error["loc"] if part not in ("name", "table"))
    place = shown
    for length in range(len(key), 0, -1):
        first = (*key[:length], 0)  # the first of [[tables]] stands for all of them
        if key[:length] in places or first in places:
            place = places.get(key[:length]) or places[first]
            break
    name = _dotted(key)
    if error["type"] == "extra_forbidden":
        return f"{place}: unknown setting {name}{_meant(key)}"
    if error["type"] == "literal_error":
        given, expected = error["input"], str(error["ctx"]["expected"])
        close = get_close_matches(str(given), re.findall("'(.+?)'", expected), 1)
        meant = f'; did you mean "{close[0]}"?' if close else ""
        wanted = expected.replace("'", '"')
        return f"{place}: {name} is {json.dumps(given, default=str)}, not one of {wanted}{meant}"
    if error["type"] == "value_error":
        return f"{place}: {name} {error['ctx']['error']}"
    if key == ("rules",):
        return (
            f"{place}: rules is a list of directories, or holds the settings of single rules, as "
            "in [rules.mutable-image]"
        )
    return f"{place}: {name} {WORDS.get(error['type'], error['msg'].lower())}"


def _line(explained: str) -> int:
    found = re.match(r".*?:(\d+): ", explained)
    return int(found[1]) if found else 0


def _dotted(key: Key) -> str:
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".")


def _meant(key: Key) -> str:
    known = [field.alias or name for name, field in _model(key).model_fields.items()]
    close = get_close_matches(str(key[-1]).replace("_", "-"), known, 1)
    return f"; did you mean {close[0]}?" if close else f"; there are {', '.join(known)}"


def _model(key: Key) -> type[BaseModel]:
    """The table that a key stands in."""
    model: type[BaseModel] = FileTable
    for part in key[:-1]:
        for name, field in model.model_fields.items():
            if part in (name, field.alias):
                model = next(_tables(field.annotation), model)
    return model


def _tables(annotation: object) -> Iterator[type[BaseModel]]:
    """The tables in a type, those in lists and unions, too."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _tables(inner)


# ---- places -----------------------------------------------------------------------------------

_HEADER = re.compile(r"\s*(\[\[?)\s*(.+?)\s*\]\]?\s*(?:#.*)?$")
_ASSIGNMENT = re.compile(
    r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_PART = re.compile(r"""[A-Za-z0-9_-]+|"([^"]*)"|'([^']*)'""")


def _lines(text: str, prefix: Key) -> Iterator[tuple[Key, int]]:
    """The keys of a TOML document below a prefix, and the line that each stands on.

    tomllib keeps no places. A line inside a long string or array that looks like an assignment
    gives a key that nobody asks for.
    """
    table: Key = ()
    counts: dict[Key, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header is not None and "=" not in header[2]:
            table = _parts(header[2])
            if header[1] == "[[":
                index = counts.get(table, -1) + 1
                counts[table] = index
                table = (*table, index)
            key = table
        else:
            assignment = _ASSIGNMENT.match(line)
            if assignment is None:
                continue
            key = (*table, *_parts(assignment[1]))
        if key[: len(prefix)] == prefix and key != prefix:
            yield key[len(prefix) :], number


def _parts(text: str) -> Key:
    return tuple(part[1] or part[2] or part[0] for part in _PART.finditer(text))
