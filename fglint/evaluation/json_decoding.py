"""JSON text that is wholly known, read as Terraform reads it."""

from __future__ import annotations

import json
import unicodedata

from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.numbers import parse_number
from fglint.evaluation.values import NULL, Number, ObjectValue, TupleValue, Value


class TooDeep(Exception):
    """A text that nests deeper than it can be read: a limit reached, not an error of JSON."""


def decode_json(text: str) -> Value:
    """The value of a JSON text; EvaluationError where it is none, TooDeep beyond the limit."""
    try:
        return _value(_decoder.decode(text))
    except json.JSONDecodeError as error:
        raise EvaluationError(
            "Invalid JSON", f"line {error.lineno}, column {error.colno}: {error.msg.lower()}"
        ) from None
    except ValueError as error:
        raise EvaluationError("Invalid JSON", str(error)) from None
    except RecursionError:
        raise TooDeep from None


def decoded_text(text: str) -> str:
    """A string of JSON as Terraform keeps it: normal form C, no half of a surrogate pair."""
    if text.isascii():
        return text
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return unicodedata.normalize("NFC", text)


def _value(decoded: object) -> Value:
    if isinstance(decoded, str):
        return decoded_text(decoded)
    if decoded is None:
        return NULL
    if isinstance(decoded, list):
        return TupleValue(tuple(map(_value, decoded)))
    return decoded  # type: ignore[return-value]  # a number, a bool, or what _object made


def _object(pairs: list[tuple[str, object]]) -> Value:
    return ObjectValue({decoded_text(key): _value(member) for key, member in pairs})


def _constant(name: str) -> Number:
    raise ValueError(f"{name} is no value of JSON")


_decoder = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=parse_number,
    parse_float=parse_number,
    parse_constant=_constant,
)
