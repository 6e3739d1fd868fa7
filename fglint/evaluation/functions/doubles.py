"""Logarithms and powers in double precision, to the last bit as Terraform computes them.

Terraform's are those of Go's library on amd64, which differ in the last digit from those of C.
"""

from __future__ import annotations

import math
from fractions import Fraction

_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_LOGARITHM = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
_LOG2_E = 1.4426950408889634
_LN2_UPPER, _LN2_LOWER = 0.69314718055966295651160180568695068359375, 0.28235290563031577e-12
_TAYLOR = (
    2.4801587301587301587e-5,
    1.9841269841269841270e-4,
    1.3888888888888888889e-3,
    8.3333333333333333333e-3,
    4.1666666666666666667e-2,
    1.6666666666666666667e-1,
    0.5,
    1.0,
)
_LARGEST_EXPONENT = float(1 << 63)


def logarithm(value: float) -> float:
    """The natural logarithm: minus infinity of 0, not a number below."""
    if value == 0:
        return -math.inf
    if not value > 0:
        return math.nan
    if math.isinf(value):
        return value
    fraction, exponent = math.frexp(value)
    if fraction < math.sqrt(2) / 2:
        fraction, exponent = fraction * 2, exponent - 1
    f, k = fraction - 1, float(exponent)
    s = f / (2 + f)
    s2 = s * s
    s4 = s2 * s2
    one, two, three, four, five, six, seven = _LOGARITHM
    odd = s2 * (one + s4 * (three + s4 * (five + s4 * seven)))
    even = s4 * (two + s4 * (four + s4 * six))
    half = 0.5 * f * f
    return k * _LN2_HIGH - ((half - (s * (half + odd + even) + k * _LN2_LOW)) - f)


def power(base: float, exponent: float) -> float:
    """The power; not a number for a fractional power of what is negative."""
    special = _special_power(base, exponent)
    if special is not None:
        return special
    fraction, whole = math.modf(abs(exponent))
    if fraction and base < 0:
        return math.nan
    if whole >= _LARGEST_EXPONENT:
        if base == -1:
            return 1.0
        return 0.0 if (abs(base) < 1) == (exponent > 0) else math.inf
    result, scale = 1.0, 0
    if fraction:
        if fraction > 0.5:
            fraction, whole = fraction - 1, whole + 1
        result = _exponential(fraction * logarithm(base))
    mantissa, binary = math.frexp(base)
    remaining = int(whole)
    while remaining:
        if not -4096 <= binary <= 4096:
            scale += binary
            break
        if remaining & 1:
            result, scale = result * mantissa, scale + binary
        mantissa, binary = mantissa * mantissa, binary * 2
        if mantissa < 0.5:
            mantissa, binary = mantissa + mantissa, binary - 1
        remaining >>= 1
    if exponent < 0:
        result, scale = 1 / result, -scale
    try:
        return math.ldexp(result, scale)
    except OverflowError:
        return math.copysign(math.inf, result)


def _special_power(base: float, exponent: float) -> float | None:
    """The powers that need no computation, and None for all others."""
    if exponent == 0 or base == 1:
        return 1.0
    if exponent == 1:
        return base
    if base == 0 or math.isinf(base) or math.isinf(exponent):
        try:
            return math.pow(base, exponent)
        except (ValueError, OverflowError):
            return math.inf  # 0 to a negative power
    if exponent == 0.5:
        return math.sqrt(base) if base >= 0 else math.nan
    if exponent == -0.5:
        return 1 / math.sqrt(base) if base >= 0 else math.nan
    return None


def _exponential(value: float) -> float:
    """E to a power of moderate size."""
    exponent = round(_LOG2_E * value)
    k = float(exponent)
    value = _fused(-k, _LN2_UPPER, value)
    value = _fused(-k, _LN2_LOWER, value) * 0.0625
    series = _TAYLOR[0]
    for coefficient in _TAYLOR[1:]:
        series = _fused(series, value, coefficient)
    value *= series
    for _ in range(3):
        value *= value + 2.0
    return math.ldexp(_fused(value, value + 2.0, 1.0), exponent)


def _fused(left: float, right: float, addend: float) -> float:
    """The product plus the addend, rounded once."""
    return float(Fraction(left) * Fraction(right) + Fraction(addend))
