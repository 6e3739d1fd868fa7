"""Functions of dates and times. What they read from a clock is unknown: there is no clock here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from fglint.evaluation.functions.arguments import failed, invalid, normalized
from fglint.evaluation.functions.registry import Context, function
from fglint.evaluation.functions.timestamps import Timestamp, parse_duration, parse_timestamp
from fglint.evaluation.origins import Origin
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import NUMBER, STRING
from fglint.evaluation.values import Unknown, Value

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split()
_PLAN = Origin("function", "plantimestamp()", because="plantimestamp() is the time of the plan")


@function(returns=STRING, context=True)
def timestamp(context: Context) -> Value:
    """The time of the apply, which nobody knows before."""
    recent = _recent(context.call_origin("timestamp"))
    return recent if STATE.refining else replace(recent, prefix="")


@function(returns=STRING)
def plantimestamp() -> Value:
    """The time of the plan: the same in all its calls."""
    return _recent(_PLAN)


def _recent(origin: Origin) -> Unknown:
    """A timestamp of this millennium: that it begins with a 2 is all that is known."""
    return replace(Unknown.of(origin, STRING, not_null=True), prefix="2")


@function(STRING, STRING, returns=STRING, may_be_null=True)
def timeadd(timestamp: str, duration: str) -> Value:
    """The timestamp that much later."""
    try:
        start = parse_timestamp(timestamp)
        return str(Timestamp(start.instant + parse_duration(duration), start.offset))
    except ValueError as error:
        raise failed("timeadd", f"{error}") from None


@function(STRING, STRING, returns=NUMBER)
def timecmp(timestamp_a: str, timestamp_b: str) -> Value:
    """-1, 0 or 1: whether the first instant is before, the same as, or after the second."""
    first = _parsed("timestamp_a", timestamp_a, strict=False).instant
    second = _parsed("timestamp_b", timestamp_b, strict=False).instant
    return (first > second) - (first < second)


@function(STRING, STRING, returns=STRING)
def formatdate(format: str, time: str) -> Value:
    """The timestamp in another notation, given with letters such as YYYY and hh."""
    moment = _parsed("time", time, strict=True)
    parts: list[str] = []
    position = 0
    while position < len(format):
        start = format[position]
        if start == "'":
            text, position = _quoted(format, position)
            parts.append(text)
        elif start.isascii() and start.isalpha():
            end = position
            while format[end : end + 1] == start:
                end += 1
            parts.append(_field(format[position:end], moment))
            position = end
        else:
            parts.append(start)
            position += 1
    return normalized("".join(parts))


def _parsed(parameter: str, text: str, *, strict: bool) -> Timestamp:
    try:
        return parse_timestamp(text, strict=strict)
    except ValueError as error:
        raise invalid(parameter, f"{error}") from None


def _quoted(format: str, start: int) -> tuple[str, int]:
    """The text of a quotation and where it ends; two quotes are one, inside and alone."""
    if format.startswith("''", start):
        return "'", start + 2
    end = start + 1
    while end < len(format):
        if format[end] != "'":
            end += 1
        elif format.startswith("''", end):
            end += 2
        else:
            return format[start + 1 : end].replace("''", "'"), end + 1
    raise invalid("format", "unterminated literal '")


def _number(value: int) -> dict[int, Callable[[], str]]:
    return {1: lambda: str(value), 2: lambda: f"{value:02d}"}


def _name(value: str) -> dict[int, Callable[[], str]]:
    return {3: lambda: value[:3], 4: lambda: value}


def _field(letters: str, moment: Timestamp) -> str:
    """What one run of a letter stands for."""
    year, month, day = moment.date
    hour, minute, second = moment.time
    half = "PM" if hour >= 12 else "AM"
    compact = moment.zone.replace(":", "")
    forms: dict[str, dict[int, Callable[[], str]]] = {
        "Y": {2: lambda: f"{year % 100:02d}", 4: lambda: f"{year:04d}"},
        "M": _number(month) | _name(_MONTHS[month - 1]),
        "D": _number(day),
        "E": _name(_WEEKDAYS[moment.weekday]),
        "h": _number(hour),
        "H": _number((hour + 11) % 12 + 1),
        "A": {2: lambda: half},
        "a": {2: lambda: half.lower()},
        "m": _number(minute),
        "s": _number(second),
        "Z": {
            1: lambda: moment.zone if moment.offset else "Z",
            3: lambda: compact if moment.offset else "UTC",
            4: lambda: compact,
            5: lambda: moment.zone,
        },
    }
    lengths = forms.get(letters[0])
    if lengths is None:
        raise invalid("format", f'invalid date format verb "{letters}"')
    form = lengths.get(len(letters))
    if form is None:
        allowed = ", ".join(letters[0] * length for length in lengths)
        raise invalid("format", f'invalid date format verb "{letters}": must be {allowed}')
    return form()
