"""Numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from fglint.evaluation import numbers
from fglint.evaluation.convert import convert
from fglint.evaluation.elements import elements_of
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.functions import doubles
from fglint.evaluation.functions.arguments import failed, invalid, whole_argument
from fglint.evaluation.functions.registry import Parameter, function
from fglint.evaluation.inspection import origins_of, type_of
from fglint.evaluation.types import DYNAMIC, NUMBER, STRING, Type
from fglint.evaluation.values import (
    ListValue,
    Null,
    Number,
    SetValue,
    TupleValue,
    Unknown,
    Value,
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
    top, bottom = doubles.logarithm(_double(num)), doubles.logarithm(_double(base))
    if bottom:
        return _of_double("log", top / bottom)
    return _of_double("log", top * math.inf)  # the logarithm of 1


@function(NUMBER, NUMBER, returns=NUMBER)
def pow_(num: Number, power: Number) -> Value:
    """The power, in double precision as Terraform computes it."""
    return _of_double("pow", doubles.power(_double(num), _double(power)))


def _double(number: Number) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _of_double(name: str, result: float) -> Number:
    if math.isnan(result):
        raise failed(name, "the result is not a number")
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


def _sum_type(arguments: Sequence[Value]) -> Type:
    if not isinstance(plain(arguments[0]), (ListValue, SetValue, TupleValue, Unknown)):
        raise invalid("list", "argument must be list, set, or tuple")
    return NUMBER


@function(Parameter(DYNAMIC, deep=True), returns=_sum_type)
def sum_(list: Value) -> Value:
    """The sum of a list or set of numbers."""
    _sum_type([list])
    items = [value for _, value, _ in elements_of(list)]
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


def _parsed_type(arguments: Sequence[Value]) -> Type:
    if type_of(arguments[0]) not in (STRING, DYNAMIC):
        raise invalid("number", "the first argument must be a string")
    return NUMBER


@function(Parameter(DYNAMIC), NUMBER, returns=_parsed_type)
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
