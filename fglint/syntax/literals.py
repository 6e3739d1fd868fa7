"""What literals mean: numbers, and the text of strings."""

from __future__ import annotations

import re
from fractions import Fraction
from unicodedata import normalize

from fglint.syntax.cursor import Cursor
from fglint.syntax.nodes import Invalid, Literal

MAXIMUM_DIGITS = 4000  # Python converts no longer texts, and Terraform keeps 155 digits
OUT_OF_RANGE = "Number out of range"
OUT_OF_RANGE_DETAIL = f"Numbers of more than {MAXIMUM_DIGITS} digits are not evaluated."

_ESCAPES = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))|(\$\$\{|%%\{)", re.DOTALL)
_SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def exact_number(text: str) -> int | Fraction | None:
    """The number that a text in decimal notation is; None when it has thousands of digits."""
    mantissa, _, exponent = text.lower().partition("e")
    if len(mantissa) > MAXIMUM_DIGITS or len(exponent) > 6:
        return None
    if abs(int(exponent or 0)) > MAXIMUM_DIGITS:
        return None
    if not exponent and "." not in mantissa:
        return int(text)
    exact = Fraction(text)
    return exact.numerator if exact.denominator == 1 else exact


def number(cursor: Cursor, start: int, end: int) -> Literal | Invalid:
    """A number; one of thousands of digits is a diagnostic, its value unknown."""
    value = exact_number(cursor.text[start:end])
    if value is None:
        cursor.report(OUT_OF_RANGE, OUT_OF_RANGE_DETAIL, start, end)
        return Invalid(start, end)
    return Literal(start, end, value)


def quoted_text(cursor: Cursor, start: int, end: int) -> str:
    """The text between quotes: escapes decoded, normalised to NFC."""
    raw = cursor.text[start:end]
    if "\\" in raw or "${" in raw or "%{" in raw:
        raw = _ESCAPES.sub(lambda found: _unescape(cursor, start, found), raw)
    return raw if raw.isascii() else normalize("NFC", raw)


def _unescape(cursor: Cursor, start: int, found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code:
        point = int(code, 16)
        if point < 0xD800 or 0xE000 <= point <= 0x10FFFF:
            return chr(point)
        detail = f"U+{point:04X} is no character; one beyond U+FFFF is written \\UNNNNNNNN."
        return _bad_escape(cursor, start, found, detail)
    if found[4]:
        return found[4][1:]
    simple = _SIMPLE.get(found[3])
    if simple is not None:
        return simple
    if found[3] in "uU":
        digits = "four" if found[3] == "u" else "eight"
        detail = (
            f"\\{found[3]} is followed by {digits} hexadecimal digits; a backslash itself is "
            "written \\\\."
        )
        return _bad_escape(cursor, start, found, detail)
    detail = (
        f'"\\{found[3]}" is no escape sequence; there are \\n, \\r, \\t, \\", \\\\, \\uNNNN and '
        "\\UNNNNNNNN. A backslash itself is written \\\\."
    )
    return _bad_escape(cursor, start, found, detail)


def _bad_escape(cursor: Cursor, start: int, found: re.Match[str], detail: str) -> str:
    cursor.report("Invalid escape sequence", detail, start + found.start(), start + found.end())
    return found[0]


def plain_text(raw: str) -> str:
    """Text of a heredoc or a template file: only `$${` and `%%{` are escapes. Not normalised."""
    if "$${" in raw:
        raw = raw.replace("$${", "${")
    return raw.replace("%%{", "%{") if "%%{" in raw else raw
