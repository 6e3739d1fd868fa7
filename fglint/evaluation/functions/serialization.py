"""JSON and YAML. What is known of a value is known of its text, and back."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Literal

from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.functions import graphemes
from fglint.evaluation.functions.arguments import check_text, failed, invalid
from fglint.evaluation.functions.registry import Context, Parameter, function
from fglint.evaluation.holes import decoded, json_text_value
from fglint.evaluation.inspection import is_wholly_known, marks_deep, origins_of
from fglint.evaluation.marks import terraform_marks
from fglint.evaluation.numbers import format_number
from fglint.evaluation.origins import Origin
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from fglint.evaluation.values import (
    ComposedText,
    Encoded,
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    OpenList,
    OpenMap,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    mark,
    plain,
    sorted_items,
    unmark,
)

_ANYTHING = Parameter(DYNAMIC, nullable=True, unknown=True)
_TEXT = Parameter(STRING, unknown=True)
# Go writes these so that JSON may stand in HTML.
_ESCAPED = re.compile("[<>&\u2028\u2029]")


@function(_ANYTHING, returns=STRING, sees_marks=True)
def jsonencode(val: Value) -> Value:
    """The value as JSON text."""
    texts = _Texts()
    known = _write(val, texts)
    return _encoded(val, "".join(texts), "json") if known else _partial(val, "".join(texts), "json")


def _encoded(value: Value, text: str, encoding: Literal["json", "yaml"]) -> Value:
    """A text that remembers its parts where they have marks."""
    marks = marks_deep(value)
    return mark(ComposedText(text, Encoded(value, encoding)), marks) if marks else text


def _partial(value: Value, prefix: str, encoding: Literal["json", "yaml"]) -> Value:
    result = Unknown(
        STRING,
        origins_of(value),
        not_null=encoding == "json" or STATE.refining,
        prefix=graphemes.safe_prefix(prefix),
        content=Encoded(value, encoding),
    )
    return mark(result, marks_deep(value))


def quoted(text: str) -> str:
    """A string of JSON as Go writes it."""
    written = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


class _Texts(list[str]):
    """The pieces of a text, up to a length."""

    length = 0

    def append(self, text: str) -> None:
        """Adds a piece; BeyondLimit where the text becomes too long."""
        self.length += len(text)
        check_text(self.length)
        super().append(text)


def _write(value: Value, out: _Texts) -> bool:
    """Writes the value up to the first unknown; whether there is none."""
    match plain(value):
        case str() as text:
            out.append(quoted(text))
        case bool() as flag:
            out.append("true" if flag else "false")
        case Null():
            out.append("null")
        case TupleValue(items) | ListValue(items, _):
            return _write_items(items, out)
        case SetValue(items, _) as whole:
            if not is_wholly_known(whole):
                out.append("[")  # an unknown element may come first
                return False
            return _write_items(items, out)
        case (ObjectValue() | MapValue()) as whole:
            return _write_members(whole, out)
        case Unknown() as unknown:
            out.append(_opening(unknown))
            return False
        case number:
            try:
                out.append(_number(number))
            except ValueError as error:
                raise failed("jsonencode", str(error)) from None
    return True


def _number(number: Value) -> str:
    text = format_number(number)  # type: ignore[arg-type]  # all else was matched
    if text.endswith("Inf"):
        raise ValueError("cannot encode an infinite number")
    return text


def _write_items(items: tuple[Value, ...], out: _Texts) -> bool:
    out.append("[")
    for index, item in enumerate(items):
        if index:
            out.append(",")
        if not _write(item, out):
            return False
    out.append("]")
    return True


def _write_members(value: ObjectValue | MapValue, out: _Texts) -> bool:
    out.append("{")
    for index, (key, item) in enumerate(sorted_items(value)):
        out.append(f"{',' if index else ''}{quoted(key)}:")
        if not _write(item, out):
            return False
    out.append("}")
    return True


def _opening(value: Unknown) -> str:
    """The first character of the JSON text of an unknown value."""
    if not value.not_null:
        return ""
    match value.type:
        case ListType() | SetType() | TupleType():
            return "["
        case MapType() | ObjectType():
            return "{"
    if value.type == STRING:
        return '"'
    if isinstance(value.content, OpenList):
        return "["
    return "{" if isinstance(value.content, OpenMap) else ""


# What the first character of a JSON text tells of its type.
_TYPES: dict[str, Type] = {
    '"': STRING,
    "t": BOOL,
    "f": BOOL,
    **dict.fromkeys("-.0123456789", NUMBER),
    **dict.fromkeys("{[n", DYNAMIC),
}


@function(_TEXT, returns=DYNAMIC, sees_marks=True, context=True, may_be_null=True)
def jsondecode(context: Context, str: Value) -> Value:
    """The value of a JSON text."""
    try:
        result = json_text_value(str, assuming=context.assuming)
    except EvaluationError as error:
        raise failed("jsondecode", error.detail) from None
    bare = plain(str)
    if isinstance(bare, Unknown):
        first = bare.prefix.lstrip()[:1]
        if first and first not in _TYPES:
            detail = f"a JSON document cannot begin with the character '{first}'"
            raise invalid("str", detail)
        if isinstance(result, Unknown) and result.type == DYNAMIC:
            result = replace(result, type=_TYPES.get(first, DYNAMIC))
    # Terraform's mark is on the whole, also where only a part of the text is sensitive.
    return mark(result, terraform_marks(marks_deep(str)))


@function(_ANYTHING, returns=STRING, sees_marks=True)
def yamlencode(value: Value) -> Value:
    """The value as YAML text."""
    if not is_wholly_known(value):
        return _partial(value, "", "yaml")
    from fglint.evaluation.functions import yaml_writer

    return _encoded(value, yaml_writer.write(value), "yaml")


@function(_TEXT, returns=DYNAMIC, sees_marks=True, may_be_null=True)
def yamldecode(src: Value) -> Value:
    """The value of a YAML text."""
    bare, marks = unmark(src)
    content = bare.content if isinstance(bare, (Unknown, ComposedText)) else None
    if isinstance(content, Encoded):  # JSON is YAML, too
        return mark(decoded(content.value), terraform_marks(marks))
    if isinstance(bare, Unknown):
        return mark(Unknown(origins=bare.origins), marks)
    from fglint.evaluation.functions import yaml_reader

    try:
        return mark(yaml_reader.read(str(bare)), marks)
    except EvaluationError as error:
        raise failed("yamldecode", error.detail) from None
    except yaml_reader.BeyondLimits:
        origin = Origin("function", "yamldecode()", because="the YAML text is too large to be read")
        return mark(Unknown.of(origin), marks)
