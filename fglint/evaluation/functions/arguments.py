"""What implementations of functions share: errors in Terraform's words, whole numbers, text."""

from __future__ import annotations

import unicodedata
from fractions import Fraction

from fglint.evaluation.errors import BeyondLimit, EvaluationError
from fglint.evaluation.values import Number

SMALLEST, LARGEST = -(1 << 63), (1 << 63) - 1
MAXIMUM_TEXT = 8 * 1024 * 1024  # characters that one call may produce
# What Go's unicode.IsSpace says; Python's str.isspace has U+001C to U+001F, too.
WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)


def invalid(parameter: str, detail: str) -> EvaluationError:
    """The error of one argument."""
    return EvaluationError(
        "Invalid function argument", f'Invalid value for "{parameter}" parameter: {detail}.'
    )


def failed(function: str, detail: str) -> EvaluationError:
    """The error of a call as a whole."""
    return EvaluationError(
        "Error in function call", f'Call to function "{function}" failed: {detail}.'
    )


def whole_number(number: Number, *, bounded: bool = True) -> int:
    """The number as an int; ValueError when it has a fraction or (if bounded) exceeds 64 bits."""
    if isinstance(number, Fraction):
        whole = number.denominator == 1
    else:
        whole = isinstance(number, int) or number == 0  # a float is an infinity or -0.0
    if not whole or (bounded and not SMALLEST <= number <= LARGEST):
        limits = f", between {SMALLEST} and {LARGEST}" if bounded else ""
        raise ValueError(f"value must be a whole number{limits}")
    return int(number)


def whole_argument(function: str, number: Number) -> int:
    """The number as an int of 64 bits; EvaluationError when it is none."""
    try:
        return whole_number(number)
    except ValueError as error:
        raise failed(function, f"{error}") from None


def check_text(length: int) -> None:
    """Raises BeyondLimit for a text that is too long."""
    if length > MAXIMUM_TEXT:
        raise BeyondLimit(f"the text would be longer than {MAXIMUM_TEXT} characters")


def normalized(text: str) -> str:
    """The text as Terraform keeps all strings: in normal form C."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)
