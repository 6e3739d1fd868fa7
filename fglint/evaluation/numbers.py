"""Terraform's numbers: binary floating point of 512 bits, rounded half to even, and their text.

A number is an int where it is whole, a Fraction otherwise; the only floats are the infinities and
-0.0, which Terraform prints as "-0". Fractions are dyadic: what 512 bits can hold. Numbers that
Terraform itself counts have 64 bits, and those that it computes in double precision 53: `Whole` and
`Fractional` are such numbers, which shows when they are divided by each other, or printed.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

from fglint.evaluation.errors import BeyondLimit, EvaluationError
from fglint.evaluation.values import Number

PRECISION = 512
MAXIMUM_EXACT = 512  # bits up to which the digits of a whole number are its shortest text
MAXIMUM_EXPONENT = 10_000  # decimal; Terraform's own limit is far beyond any memory
_LITERAL = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?(?:([eEpP])([+-]?\d+))?\Z", re.ASCII)
_INFINITY = re.compile(r"([+-]?)[Ii]nf\Z")


class Whole(int):
    """A whole number of less than 512 bits."""

    precision: int


class Fractional(Fraction):
    """A number of less than 512 bits that is not whole, or wider than an int's text shows."""

    __slots__ = ("precision",)
    precision: int


def of_precision(value: Fraction | int, precision: int) -> Number:
    """The nearest number of so many bits, which keeps that precision."""
    exact = rounded(value, precision)
    if precision >= PRECISION:
        return exact
    if isinstance(exact, int):
        whole = Whole(exact)
        whole.precision = precision
        return whole
    assert isinstance(exact, Fraction)
    fractional = Fractional(exact.numerator, exact.denominator)
    fractional.precision = precision
    return fractional


def counted(number: int) -> int:
    """A number that Terraform counted: a length, an index."""
    return _SMALL[number] if 0 <= number < len(_SMALL) else _counted(number)


def _counted(number: int) -> int:
    whole = Whole(number)
    whole.precision = 64
    return whole


_SMALL = tuple(map(_counted, range(64)))


def precision_of(number: Number) -> int:
    """How many bits a number has."""
    return number.precision if isinstance(number, (Whole, Fractional)) else PRECISION


def rounded(value: Fraction | int, precision: int = PRECISION) -> Number:
    """The nearest number of so many bits."""
    if isinstance(value, int):
        if value.bit_length() <= precision:
            return value if type(value) is int else int(value)
        return _round_whole(value, precision)
    numerator, denominator = value.numerator, value.denominator
    if denominator == 1:
        return rounded(numerator, precision)
    if not denominator & (denominator - 1) and numerator.bit_length() <= precision:
        return value
    # Scale so that the quotient has the wanted bits, and round it.
    shift = precision - (numerator.bit_length() - denominator.bit_length())
    quotient = _divide(numerator, denominator, shift)
    if quotient.bit_length() > precision:
        shift -= 1
        quotient = _divide(numerator, denominator, shift)
    result = Fraction(quotient, 1 << shift) if shift >= 0 else Fraction(quotient << -shift)
    return result.numerator if result.denominator == 1 else result


def _divide(numerator: int, denominator: int, shift: int) -> int:
    if shift >= 0:
        numerator <<= shift
    else:
        denominator <<= -shift
    return round(Fraction(numerator, denominator))  # half to even


def _round_whole(value: int, precision: int) -> int:
    excess = value.bit_length() - precision
    return round(Fraction(value, 1 << excess)) << excess


def parse_number(text: str) -> Number:
    """The number that a string converts to; ValueError when it is none.

    Go's big.ParseFloat in base 10 is the grammar: "+5", ".5", "007", "1e3" and "Inf" are numbers,
    " 1", "0x10" and "1_000" are not.
    """
    found = _LITERAL.match(text)
    if found is None:
        infinite = _INFINITY.match(text)
        if infinite is None:
            raise ValueError("a number is required")
        return -math.inf if infinite[1] == "-" else math.inf
    sign, whole, fraction, letter, exponent = found.groups()
    fraction = fraction or ""
    if not whole and not fraction:
        raise ValueError("a number is required")
    if letter is None and not fraction:
        value: Number = rounded(int(whole)) if len(whole) <= MAXIMUM_EXPONENT else _too_large()
    else:
        value = _scaled(whole + fraction, len(fraction), letter or "e", exponent or "0")
    if sign == "-":
        return negate(value)
    return value


def _too_large() -> Number:
    raise BeyondLimit(f"a number has more than {MAXIMUM_EXPONENT} digits")


def _scaled(digits: str, fraction_digits: int, letter: str, exponent: str) -> Number:
    if len(digits) > MAXIMUM_EXPONENT or len(exponent) > 6 or abs(int(exponent)) > MAXIMUM_EXPONENT:
        return _too_large()
    value = Fraction(int(digits), 10**fraction_digits)
    base = 10 if letter in "eE" else 2
    return rounded(value * Fraction(base) ** int(exponent))


def format_number(number: Number) -> str:
    """The text that a number converts to: the shortest that is read back as the same number."""
    precision = precision_of(number)
    if isinstance(number, int) and number.bit_length() <= min(precision, MAXIMUM_EXACT):
        return str(int(number))
    if isinstance(number, float):
        if math.isinf(number):
            return "+Inf" if number > 0 else "-Inf"
        return "-0" if math.copysign(1, number) < 0 else "0"
    digits, point = shortest_digits(abs(Fraction(number)), precision)
    sign = "-" if number < 0 else ""
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    if point >= len(digits):
        return sign + digits + "0" * (point - len(digits))
    return f"{sign}{digits[:point]}.{digits[point:]}"


def shortest_digits(value: Fraction | int, precision: int = PRECISION) -> tuple[str, int]:
    """The fewest decimal digits that denote a positive number among those of that precision.

    Gives the digits and where the decimal point stands: ("15", 1) is 1.5. Go's math/big, unlike its
    strconv, takes the numbers below a power of two to be as far apart as those above it.
    """
    exact = Fraction(value)
    exponent = _floor_log2(exact)
    unit = Fraction(2) ** (exponent - precision + 1)
    mantissa = exact / unit
    even = mantissa.numerator % 2 == 0
    low, high = exact - unit / 2, exact + unit / 2
    point = _decimal_point(exact)

    def inside(candidate: Fraction) -> bool:
        return low <= candidate <= high if even else low < candidate < high

    def ends(count: int) -> tuple[bool, bool, int, Fraction]:
        scale = Fraction(10) ** (point - count)
        floor = int(exact / scale)
        return inside(floor * scale), inside((floor + 1) * scale), floor, scale

    least, most = 1, precision  # the decimal form needs no more than that many digits
    while least < most:
        middle = (least + most) // 2
        down, up, _, _ = ends(middle)
        if down or up:
            most = middle
        else:
            least = middle + 1
    down, up, floor, scale = ends(least)
    if down and up:
        below_by, above_by = exact - floor * scale, (floor + 1) * scale - exact
        floor += above_by < below_by or (above_by == below_by and floor % 2 == 1)
    elif up:
        floor += 1
    digits = str(floor)
    if len(digits) > least:  # 9.99 rounded up
        point += 1
    return digits.rstrip("0") or "0", point


def _floor_log2(value: Fraction) -> int:
    guess = value.numerator.bit_length() - value.denominator.bit_length()
    return guess if Fraction(2) ** guess <= value else guess - 1


def _decimal_point(value: Fraction) -> int:
    """The power of ten just above the value."""
    point = int(_floor_log2(value) * 0.30103)
    while Fraction(10) ** point <= value:
        point += 1
    while Fraction(10) ** (point - 1) > value:
        point -= 1
    return point


# ---- arithmetic -------------------------------------------------------------------------------


def same(left: Number, right: Number) -> bool:
    """Whether two numbers are equal: Terraform compares their texts."""
    if precision_of(left) == precision_of(right):
        return left == right
    return left == right or format_number(left or 0) == format_number(right or 0)


def is_negative(number: Number) -> bool:
    """Whether the sign is set, as it is on -0.0."""
    if isinstance(number, float):
        return math.copysign(1, number) < 0
    return number < 0


def negate(number: Number) -> Number:
    """The number with the other sign; of 0 that is -0.0."""
    if isinstance(number, float):
        return -number if math.isinf(number) else 0 if is_negative(number) else -0.0
    return of_precision(-number, precision_of(number)) if number else -0.0


def _exact(number: Number) -> Fraction | int:
    return 0 if isinstance(number, float) else number


def _infinite(number: Number) -> bool:
    return isinstance(number, float) and math.isinf(number)


def _wider(left: Number, right: Number) -> int:
    return max(precision_of(left), precision_of(right))


def add(left: Number, right: Number) -> Number:
    """The sum."""
    if type(left) is int and type(right) is int:
        return rounded(left + right)
    if _infinite(left) or _infinite(right):
        if _infinite(left) and _infinite(right) and left != right:
            raise EvaluationError("Operation failed", "It adds infinities of opposite signs.")
        return left if _infinite(left) else right
    if isinstance(left, float) and isinstance(right, float):
        return -0.0 if is_negative(left) and is_negative(right) else 0
    total = _exact(left) + _exact(right)
    return of_precision(total, _wider(left, right))


def subtract(left: Number, right: Number) -> Number:
    """The difference."""
    return add(left, negate(right)) if right or left else _difference_of_zeros(left, right)


def _difference_of_zeros(left: Number, right: Number) -> Number:
    return -0.0 if is_negative(left) and not is_negative(right) else 0


def multiply(left: Number, right: Number) -> Number:
    """The product; its zero has a sign, and it has as many bits as it needs, up to 512."""
    negative = is_negative(left) != is_negative(right)
    if _infinite(left) or _infinite(right):
        if not left or not right:
            raise EvaluationError("Operation failed", "It multiplies zero by infinity.")
        return -math.inf if negative else math.inf
    product = Fraction(_exact(left)) * Fraction(_exact(right))
    if not product:
        return -0.0 if negative else 0
    needed = (abs(product.numerator) >> _trailing_zeros(product.numerator)).bit_length()
    return of_precision(product, max(_wider(left, right), min(needed, PRECISION)))


def _trailing_zeros(number: int) -> int:
    return (number & -number).bit_length() - 1


def divide(left: Number, right: Number) -> Number:
    """The quotient; by zero it is infinite."""
    negative = is_negative(left) != is_negative(right)
    if (_infinite(left) and _infinite(right)) or (not left and not right):
        raise EvaluationError(
            "Division by zero" if not left else "Operation failed",
            "The quotient of two zeros, or of two infinities, is no number.",
        )
    if _infinite(left) or not right:
        return -math.inf if negative else math.inf
    if _infinite(right) or not left:
        return -0.0 if negative else 0
    quotient = Fraction(_exact(left)) / Fraction(_exact(right))
    return of_precision(quotient, _wider(left, right))


def modulo(left: Number, right: Number) -> Number:
    """What truncated division leaves; all of it when the divisor is zero."""
    if _infinite(left) or _infinite(right):
        return multiply(left, right)
    if not right:
        return left
    quotient = rounded(Fraction(_exact(left)) / Fraction(_exact(right)), _wider(left, right))
    precision = precision_of(left)  # in which Terraform takes each step
    times = rounded(int(quotient), precision)
    product = rounded(Fraction(_exact(right)) * _exact(times), precision)
    return of_precision(_exact(left) - _exact(product), precision)
