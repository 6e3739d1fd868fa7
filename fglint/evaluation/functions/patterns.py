"""Functions of regular expressions: regex(), regexall(), and replace() with a pattern."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from fglint.evaluation.errors import BeyondLimit
from fglint.evaluation.functions import re2
from fglint.evaluation.functions.arguments import check_text, failed, invalid, normalized
from fglint.evaluation.functions.re2 import Pattern
from fglint.evaluation.functions.re2_classes import PatternError
from fglint.evaluation.functions.registry import function
from fglint.evaluation.types import DYNAMIC, STRING, ListType, TupleType, Type, object_type
from fglint.evaluation.values import ListValue, Null, ObjectValue, TupleValue, Value, plain

if TYPE_CHECKING:
    from fglint.evaluation.functions.re2 import Match

_Result = TypeVar("_Result")


def _compiled(pattern: str) -> Pattern:
    try:
        compiled = re2.compile(pattern)
    except PatternError as error:
        message = f"invalid regexp pattern: {error.code} in {error.part}"
        raise invalid("pattern", message) from None
    if any(compiled.names) and not all(compiled.names):
        raise invalid(
            "pattern", "invalid regexp pattern: cannot mix both named and unnamed capture groups"
        )
    return compiled


def _match_type(arguments: Sequence[Value]) -> Type:
    pattern = plain(arguments[0])
    if not isinstance(pattern, str):
        return DYNAMIC
    names = _compiled(pattern).names
    if not names:
        return STRING
    if names[0]:
        return object_type(dict.fromkeys(names, STRING))
    return TupleType((STRING,) * len(names))


def _list_type(arguments: Sequence[Value]) -> Type:
    return ListType(_match_type(arguments))


@function(STRING, STRING, returns=_match_type)
def regex(pattern: str, string: str) -> Value:
    """The first match: a string, or a tuple or object of the capture groups."""
    compiled = _compiled(pattern)
    match = _guarded("regex", lambda: compiled.search(string))
    if match is None:
        raise failed("regex", "pattern did not match any part of the given string")
    return _result(compiled, match)


@function(STRING, STRING, returns=_list_type)
def regexall(pattern: str, string: str) -> Value:
    """All matches that do not overlap."""
    compiled = _compiled(pattern)
    results: list[Value] = []

    def collect() -> None:
        end = -1
        for match in _matches(compiled, string):
            # An empty match right behind another match is none.
            if match.start() < match.end() or match.start() != end:
                results.append(_result(compiled, match))
            end = match.end()

    _guarded("regexall", collect)
    return ListValue(tuple(results), _match_type([pattern]))


def substitute(pattern: str, text: str, template: str) -> str:
    """The text with what matches replaced, $1 and ${name} in the template filled in."""
    try:
        compiled = re2.compile(pattern)
    except PatternError as error:
        raise failed("replace", f"error parsing regexp: {error.code}: `{error.part}`") from None
    pieces = _template(template)

    def replaced() -> str:
        result: list[str] = []
        end = size = 0
        for match in _matches(compiled, text):
            result.append(text[end : match.start()])
            if match.end() > end or match.start() == 0:
                result.append(_expanded(compiled, match, pieces))
                size += len(result[-1])
            end = match.end()
            check_text(size)
        return "".join([*result, text[end:]])

    return normalized(_guarded("replace", replaced))


def _guarded(name: str, search: Callable[[], _Result]) -> _Result:
    try:
        return search()
    except TimeoutError:
        raise BeyondLimit(f"the pattern of {name}() takes too long to match") from None


def _matches(pattern: Pattern, text: str) -> Iterator[Match]:
    """The matches in order, with one more tried behind each character after an empty one."""
    position = 0
    deadline = monotonic() + re2.SECONDS
    while position <= len(text):
        if monotonic() > deadline:
            raise TimeoutError
        match = pattern.search(text, position)
        if match is None:
            return
        yield match
        position = match.end() if match.end() > position else position + 1


def _result(pattern: Pattern, match: Match) -> Value:
    if not pattern.names:
        return normalized(match[0])
    values = [Null(STRING) if group is None else normalized(group) for group in match.groups()]
    if pattern.names[0]:
        return ObjectValue(dict(zip(pattern.names, values, strict=True)))
    return TupleValue(tuple(values))


# ---- templates of replace() -------------------------------------------------------------------


def _template(template: str) -> list[tuple[bool, str]]:
    """The template's pieces: (False, text) and (True, name of a group)."""
    pieces: list[tuple[bool, str]] = []
    rest = template
    while rest:
        before, dollar, rest = rest.partition("$")
        pieces.append((False, before))
        if not dollar:
            break
        if rest.startswith("$"):
            pieces.append((False, "$"))
            rest = rest[1:]
            continue
        name, length = _group_name(rest)
        pieces.append((bool(name), name or "$"))
        rest = rest[length:]
    return pieces


def _group_name(text: str) -> tuple[str, int]:
    """The group's name at the beginning of a text, and its length; empty where there is none."""
    braces = text.startswith("{")
    start = end = int(braces)
    while end < len(text) and (text[end] == "_" or text[end].isalpha() or text[end].isdecimal()):
        end += 1
    if start == end or (braces and not text.startswith("}", end)):
        return "", 0
    return text[start:end], end + braces


def _expanded(pattern: Pattern, match: Match, pieces: Sequence[tuple[bool, str]]) -> str:
    return "".join(_group(pattern, match, text) if is_group else text for is_group, text in pieces)


def _group(pattern: Pattern, match: Match, name: str) -> str:
    if name.isascii() and name.isdigit() and (name == "0" or name[0] != "0") and len(name) < 9:
        number = int(name)
        return (match[number] or "") if number <= len(pattern.names) else ""
    named = (match[i + 1] for i, own in enumerate(pattern.names) if own == name)
    return next((group for group in named if group is not None), "")
