"""Timestamps of RFC 3339 and durations as Go reads them; years may have any number of digits."""

from __future__ import annotations

import re

from fglint.records import dataclass

SECOND = 1_000_000_000  # nanoseconds
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": SECOND,
    "m": 60 * SECOND,
    "h": 3600 * SECOND,
}
_TIMESTAMP = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})T"
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})"
    r"(?P<fraction>[.,][0-9]+)?(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})"
)
_DURATION_PART = re.compile(
    r"(?P<whole>[0-9]*)(?P<point>\.?)(?P<fraction>[0-9]*)(?P<unit>[^0-9.]*)"
)
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_NAMES = ("year", "month", "day of month", "hour", "minute", "second")


@dataclass(frozen=True, slots=True)
class Timestamp:
    """An instant, in nanoseconds since 1970-01-01T00:00:00Z, and the offset it is written with."""

    instant: int
    offset: int = 0  # seconds east of UTC

    @property
    def date(self) -> tuple[int, int, int]:
        """Year, month and day where it is written."""
        return _civil(self._seconds // 86_400)

    @property
    def weekday(self) -> int:
        """The day of the week, Sunday is 0."""
        return (self._seconds // 86_400 + 4) % 7

    @property
    def time(self) -> tuple[int, int, int]:
        """Hour, minute and second where it is written."""
        second = self._seconds % 86_400
        return second // 3600, second // 60 % 60, second % 60

    @property
    def zone(self) -> str:
        """The offset as "+01:30"."""
        hours, minutes = divmod(abs(self.offset) // 60, 60)
        return f"{'-' if self.offset < 0 else '+'}{hours:02d}:{minutes:02d}"

    @property
    def _seconds(self) -> int:
        return self.instant // SECOND + self.offset

    def __str__(self) -> str:
        year, month, day = self.date
        hour, minute, second = self.time
        zone = self.zone if self.offset else "Z"
        sign = "-" if year < 0 else ""
        return (
            f"{sign}{abs(year):04d}-{month:02d}-{day:02d}"
            f"T{hour:02d}:{minute:02d}:{second:02d}{zone}"
        )


def parse_timestamp(text: str, *, strict: bool = True) -> Timestamp:
    """The timestamp that a text is; ValueError when it is none.

    Not strict is what Go's own parser lets through besides: one digit for the hour, a comma before
    the fraction, offsets of up to 24 hours and 60 minutes.
    """
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise ValueError(f"not a valid RFC3339 timestamp: {_why_not(text)}")
    year, month, day, hour, minute, second = (int(match[index]) for index in range(1, 7))
    _check_ranges(year, month, day, hour, minute, second)
    fraction = match["fraction"] or ""
    if strict and (len(match["hour"]) != 2 or fraction.startswith(",")):
        what = "hour must have exactly two digits" if len(match["hour"]) != 2 else "found a comma"
        raise ValueError(f"not a valid RFC3339 timestamp: {what}")
    offset = _offset(match["zone"], strict)
    nanoseconds = int(fraction[1:10].ljust(9, "0"))
    seconds = _days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
    return Timestamp(seconds * SECOND + nanoseconds, offset)


def _why_not(text: str) -> str:
    """Which part of a timestamp is missing or wrong."""
    expected = ("[0-9]{4}", "-[0-9]{2}", "-[0-9]{2}", "T[0-9]{2}", ":[0-9]{2}", ":[0-9]{2}")
    rest = text
    for name, pattern in zip(_NAMES, expected, strict=True):
        if not rest:
            return f"end of string before {name}"
        match = re.match(pattern, rest)
        if match is None:
            return f'cannot use "{rest.lstrip("-:T")}" as {name}'
        rest = rest[match.end() :]
    return f'cannot use "{rest}" as UTC offset' if rest else "end of string before UTC offset"


def _check_ranges(year: int, month: int, day: int, hour: int, minute: int, second: int) -> None:
    limits = (
        ("month", month, 1, 12),
        ("day", day, 1, _days_in(year, month) if 1 <= month <= 12 else 31),
        ("hour", hour, 0, 23),
        ("minute", minute, 0, 59),
        ("second", second, 0, 59),
    )
    for name, value, least, greatest in limits:
        if not least <= value <= greatest:
            raise ValueError(f"not a valid RFC3339 timestamp: {name} out of range")


def _offset(zone: str, strict: bool) -> int:
    if zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if hours > (23 if strict else 24) or minutes > (59 if strict else 60):
        raise ValueError(f'not a valid RFC3339 timestamp: cannot use "{zone}" as UTC offset')
    return (hours * 60 + minutes) * (-60 if zone[0] == "-" else 60)


def _days_in(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else _MONTH_DAYS[month - 1]


def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of a date in the proleptic Gregorian calendar."""
    year -= month <= 2  # years here begin in March, so that the leap day is their last
    era, of_era = divmod(year, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def _civil(days: int) -> tuple[int, int, int]:
    """The date that many days after 1970-01-01."""
    era, of_era = divmod(days + 719_468, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month_from_march = (5 * of_year + 2) // 153
    day = of_year - (153 * month_from_march + 2) // 5 + 1
    month = (month_from_march + 2) % 12 + 1
    return year + era * 400 + (month <= 2), month, day


def parse_duration(text: str) -> int:
    """Nanoseconds of a duration such as "1h30m"; ValueError when it is none."""
    wrong = ValueError(f'time: invalid duration "{text}"')
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return 0
    if not rest:
        raise wrong
    total = 0
    while rest:
        match = _DURATION_PART.match(rest)
        assert match is not None
        if not match["whole"] and not match["fraction"]:
            raise wrong
        if not match["unit"]:
            raise ValueError(f'time: missing unit in duration "{text}"')
        unit = _UNITS.get(match["unit"])
        if unit is None:
            raise ValueError(f'time: unknown unit "{match["unit"]}" in duration "{text}"')
        total += int(match["whole"] or "0") * unit
        if match["fraction"]:  # in floating point and cut off, as Go does it
            digits = match["fraction"][:18]
            total += int(float(int(digits)) * (float(unit) / 10.0 ** len(digits)))
        if total > 1 << 63:
            raise wrong
        rest = rest[match.end() :]
    if text[0] == "-":
        return -total
    if total == 1 << 63:
        raise wrong
    return total
