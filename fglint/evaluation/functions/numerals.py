"""Numbers as Go prints them with the verbs of format(): integers in any base, %f, %e and %g."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from fglint.evaluation.numbers import format_number
from fglint.evaluation.values import Number
from fglint.records import dataclass


@dataclass(frozen=True, slots=True)
class Layout:
    """The flags, width and precision of a verb."""

    flags: frozenset[str] = frozenset()
    width: int = 0
    precision: int | None = None


def integer(number: int, verb: str, layout: Layout) -> str:
    """The number with the verb b, d, o, x or X."""
    digits = _decimal(abs(number)) if verb == "d" else format(abs(number), verb)
    if layout.precision == 0 and number == 0:
        return ""
    zeros = "0" * max(0, (layout.precision or 0) - len(digits))
    prefix = (
        {"b": "0b", "o": "0", "x": "0x", "X": "0X"}.get(verb, "") if "#" in layout.flags else ""
    )
    head = _sign(number < 0, layout) + prefix
    missing = max(0, layout.width - len(head) - len(zeros) - len(digits))
    if "-" in layout.flags:
        return head + zeros + digits + " " * missing
    if "0" in layout.flags and layout.precision is None:
        return head + "0" * missing + digits
    return " " * missing + head + zeros + digits


def real(number: Number, verb: str, layout: Layout) -> str:
    """The number with the verb e, E, f, g or G."""
    if isinstance(number, float) and math.isinf(number):
        sign = "-" if number < 0 else " " if " " in layout.flags else "+"
        return _padded(sign, "Inf", layout, zero=False)
    negative = number < 0 or (isinstance(number, float) and math.copysign(1, number) < 0)
    precision = layout.precision
    if precision is None and verb not in "gG":
        precision = 6
    body = _body(abs(Fraction(number)), verb, precision)
    return _padded(_sign(negative, layout), body, layout, zero="0" in layout.flags)


def shortest(number: Number) -> str:
    """The number as %v prints it: %g with as few digits as tell it from all others."""
    if isinstance(number, float) and math.isinf(number):
        return "+Inf" if number > 0 else "-Inf"
    return real(number, "g", Layout())


def _decimal(number: int) -> str:
    # Python refuses to convert longer integers itself, and is slow at it.
    return str(number) if number.bit_length() < 10_000 else format(Decimal(number), "f")


def _sign(negative: bool, layout: Layout) -> str:
    if negative:
        return "-"
    return "+" if "+" in layout.flags else " " if " " in layout.flags else ""


def _padded(sign: str, body: str, layout: Layout, *, zero: bool) -> str:
    missing = max(0, layout.width - len(sign) - len(body))
    if zero:  # before "-", as in Go: floats with both flags are padded with zeros on the left
        return sign + "0" * missing + body
    if "-" in layout.flags:
        return sign + body + " " * missing
    return " " * missing + sign + body


def _body(number: Fraction, verb: str, precision: int | None) -> str:
    if verb == "f":
        assert precision is not None
        digits = _decimal(round(number * 10**precision)).rjust(precision + 1, "0")
        return f"{digits[:-precision]}.{digits[-precision:]}" if precision else digits
    if verb in "eE":
        assert precision is not None
        return _scientific(*_rounded(number, precision + 1), precision, verb)
    return _general(number, verb, precision)


def _general(number: Fraction, verb: str, precision: int | None) -> str:
    """%g: %e for exponents below -4 or from the precision on, else %f."""
    if precision is None:
        digits, point = _shortest_digits(number)
        limit = 6
        precision = len(digits)
    else:
        precision = max(1, precision)
        digits, point = _rounded(number, precision)
        limit = precision
        if limit > len(digits) >= point:
            limit = len(digits)
    if not -4 <= point - 1 < limit:
        shown = min(precision, len(digits)) - 1
        return _scientific(digits, point, shown, "e" if verb == "g" else "E")
    if point <= 0:
        return ("0." + "0" * -point + digits) if digits else "0"
    whole, fraction = digits[:point].ljust(point, "0"), digits[point:]
    return f"{whole}.{fraction}" if fraction else whole


def _scientific(digits: str, point: int, places: int, letter: str) -> str:
    exponent = point - 1 if digits else 0
    shown = digits.ljust(places + 1, "0")
    mantissa = f"{shown[0]}.{shown[1 : places + 1]}" if places > 0 else shown[0]
    return f"{mantissa}{letter}{'-' if exponent < 0 else '+'}{abs(exponent):02d}"


def _rounded(number: Fraction, count: int) -> tuple[str, int]:
    """`count` significant digits without zeros at the end, and where the point stands in them."""
    if not number:
        return "", 0
    point = len(_decimal(int(number))) if number >= 1 else 1 - _leading_zeros(number)
    scale = count - point
    scaled = number * 10**scale if scale >= 0 else number / 10**-scale
    digits = _decimal(round(scaled))
    point += len(digits) - count  # 9.99 may round up to one digit more
    return digits.rstrip("0"), point


def _leading_zeros(number: Fraction) -> int:
    """How many places after the point the first digit of a number below 1 stands."""
    places = max(1, len(_decimal(number.denominator)) - len(_decimal(number.numerator)))
    while number * 10**places < 1:
        places += 1
    while number * 10 ** (places - 1) >= 1:
        places -= 1
    return places


def _shortest_digits(number: Fraction) -> tuple[str, int]:
    whole, _, fraction = format_number(_plain(number)).partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) if whole != "0" else len(digits) - len(fraction)
    return digits.rstrip("0"), point


def _plain(number: Fraction) -> Number:
    return number.numerator if number.denominator == 1 else number
