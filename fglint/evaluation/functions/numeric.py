"""Numbers."""

from __future__ import annotations

import math
from fractions import Fraction

from fglint.evaluation import numbers
from fglint.evaluation.access import elements
from fglint.evaluation.convert import convert
from fglint.evaluation.functions.arguments import failed, invalid, whole_argument
from fglint.evaluation.functions.registry import Parameter, function
from fglint.evaluation.types import DYNAMIC, NUMBER
from fglint.evaluation.values import (
    EvaluationError,
    MapValue,
    Null,
    Number,
    ObjectValue,
    Unknown,
    Value,
    origins_of,
    plain,
)

DOUBLE = 53  # bits of a number that Terraform computes with the processor's own


@function(NUMBER, returns=NUMBER)
def abs_(num: Number) -> Value:
    """The number without its sign."""
    return numbers.negate(num) if numbers.is_negative(num) else num


@function(NUMBER, returns=NUMBER)
def ceil(num: Number) -> Value:
    """The next whole number upwards."""
    if isinstance(num, float):
        return num if math.isinf(num) else 0
    whole = numbers.of_precision(math.ceil(num), numbers.precision_of(num))
    return whole or (-0.0 if num < 0 else 0)


@function(NUMBER, returns=NUMBER)
def floor(num: Number) -> Value:
    """The next whole number downwards."""
    if isinstance(num, float):
        return num if math.isinf(num) else 0
    return numbers.of_precision(math.floor(num), numbers.precision_of(num))


@function(NUMBER, NUMBER, returns=NUMBER)
def log(num: Number, base: Number) -> Value:
    """The logarithm, in double precision as Terraform computes it."""
    try:
        top, bottom = _ln(float(num)), _ln(float(base))
        quotient = top / bottom if bottom else math.copysign(math.inf, top) if top else math.nan
    except OverflowError:
        quotient = math.inf
    if math.isnan(quotient):
        raise failed("log", "the result is not a number")
    if math.isinf(quotient):
        return quotient
    return numbers.of_precision(Fraction(quotient), DOUBLE)


def _ln(value: float) -> float:
    if value == 0:
        return -math.inf
    return math.log(value) if value > 0 else math.nan


@function(NUMBER, NUMBER, returns=NUMBER)
def pow_(num: Number, power: Number) -> Value:
    """The power, in double precision as Terraform computes it."""
    try:
        result = math.pow(float(num), float(power))
    except OverflowError:
        return math.inf
    except ValueError:
        raise failed("pow", "the result is not a number") from None
    if math.isinf(result):
        return result
    return numbers.of_precision(Fraction(result), DOUBLE)


@function(NUMBER, returns=NUMBER)
def signum(num: Number) -> Value:
    """-1, 0 or 1."""
    whole = whole_argument("signum", num)
    return (whole > 0) - (whole < 0)


@function(variadic=Parameter(NUMBER, unknown=True), returns=NUMBER)
def max_(*numbers: Value) -> Value:
    """The largest of the numbers."""
    return _extreme("max", numbers, True)


@function(variadic=Parameter(NUMBER, unknown=True), returns=NUMBER)
def min_(*numbers: Value) -> Value:
    """The smallest of the numbers."""
    return _extreme("min", numbers, False)


def _extreme(name: str, found: tuple[Value, ...], largest: bool) -> Value:
    if not found:
        raise failed(name, "must pass at least one number")
    known = [value for value in map(plain, found) if not isinstance(value, Unknown)]
    best = (max if largest else min)(known) if known else None  # type: ignore[type-var]
    if len(known) == len(found):
        assert best is not None
        return best
    origins = tuple(dict.fromkeys(o for value in found for o in origins_of(value)))
    bound: Number | None = best  # type: ignore[assignment]  # converted to numbers
    if largest:
        return Unknown(NUMBER, origins, not_null=True, minimum=bound)
    return Unknown(NUMBER, origins, not_null=True, maximum=bound)


@function(Parameter(DYNAMIC, deep=True), returns=NUMBER)
def sum_(list: Value) -> Value:
    """The sum of a list or set of numbers."""
    try:
        items = [value for _, value, _ in elements(list)]
    except EvaluationError:
        items = None
    if items is None or isinstance(list, (ObjectValue, MapValue)):
        raise invalid("list", "argument must be list, set, or tuple")
    if not items:
        raise failed("sum", "cannot sum an empty list")
    total: Number | None = None
    for item in items:
        if isinstance(plain(item), Null):
            raise invalid("list", "argument must be list, set, or tuple of number values")
        try:
            number = plain(convert(item, NUMBER))
        except EvaluationError:
            raise invalid("list", "argument must be list, set, or tuple of number values") from None
        total = number if total is None else numbers.add(total, number)  # type: ignore
    assert total is not None
    return total


@function(Parameter(DYNAMIC), NUMBER, returns=NUMBER)
def parseint(number: Value, base: Number) -> Value:
    """The whole number that a string writes in a base of 2 to 62."""
    text = plain(number)
    if not isinstance(text, str):
        raise invalid("number", "the first argument must be a string")
    radix = whole_argument("parseint", base)
    if not 2 <= radix <= 62:
        raise invalid("base", "base must be a whole number between 2 and 62 inclusive")
    value = _digits(text, radix)
    if value is None:
        raise failed("parseint", f"cannot parse the string as a base {radix} integer")
    return numbers.rounded(value)


_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def _digits(text: str, base: int) -> int | None:
    body = text[1:] if text[:1] in ("+", "-") else text
    if base <= 36:
        body = body.lower()
    if not body or len(body) > numbers.MAXIMUM_EXPONENT:
        return None
    value = 0
    for character in body:
        digit = _DIGITS.find(character)
        if not 0 <= digit < base:
            return None
        value = value * base + digit
    return -value if text[0] == "-" else value


