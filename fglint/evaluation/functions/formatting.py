"""format() and formatlist(): the verbs, and what is known of a text whose arguments are not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace as changed

from fglint.evaluation.convert import convert
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.functions import graphemes, numerals
from fglint.evaluation.functions.arguments import (
    MAXIMUM_TEXT,
    failed,
    invalid,
    normalized,
    whole_number,
)
from fglint.evaluation.functions.numerals import Layout
from fglint.evaluation.functions.pieces import Piece, assemble, hole, pieces
from fglint.evaluation.functions.registry import Parameter, function
from fglint.evaluation.functions.sequences import has_known_length
from fglint.evaluation.inspection import has_known_order, is_wholly_known, type_of
from fglint.evaluation.numbers import format_number
from fglint.evaluation.origins import Origin
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    Dynamic,
    ListType,
    SetType,
    TupleType,
)
from fglint.evaluation.values import (
    Item,
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    OpenList,
    SetValue,
    TupleValue,
    Unknown,
    Value,
    plain,
    sorted_items,
)
from fglint.records import dataclass

_ANY = Parameter(DYNAMIC, nullable=True, unknown=True)
_STRINGS = ListType(STRING)
_VERB = re.compile(
    r"%(?P<flags>[0#\-+ ]*)(?P<width>[1-9][0-9]*)?(?P<precision>\.[0-9]*)?"
    r"(?:\[(?P<index>[1-9][0-9]*)\])?(?P<mode>[A-Za-z])?"
)


@dataclass(frozen=True, slots=True)
class _Verb:
    raw: str
    offset: int
    mode: str
    index: int  # of the argument, from 0
    layout: Layout

    def unsupported(self, why: str) -> ValueError:
        return ValueError(f'unsupported value for "{self.raw}" at {self.offset}: {why}')


@function(STRING, variadic=_ANY, returns=STRING, name="format")
def format_(format: str, *args: Value) -> Value:
    """The format with its verbs replaced by the arguments."""
    return _formatted("format", format, args, lambda why: failed("format", why))


@function(STRING, variadic=_ANY, returns=_STRINGS)
def formatlist(format: str, *args: Value) -> Value:
    """The format applied to each element of the arguments that are lists."""
    sequences = {index: items for index, arg in enumerate(args) if (items := _items(arg))}
    lengths = [(index, len(items)) for index, items in sequences.items() if items is not _OPEN]
    for index, count in lengths[1:]:
        if count != lengths[0][1]:
            raise invalid(
                "args",
                f"argument {index + 1} has length {count}, which is inconsistent with argument "
                f"{lengths[0][0] + 1} of length {lengths[0][1]}",
            )
    if not STATE.refining and any(plain(arg) == Null() for arg in args):
        return hole(*args, type_=_STRINGS)
    unknown = [arg for arg in args if isinstance(plain(arg), Unknown)]
    if any(items is _OPEN for items in sequences.values()) or any(map(_is_untyped, unknown)):
        return _formatted_open(format, args, len(sequences))
    return _formatted_rows(format, args, sequences)


# ---- lists ------------------------------------------------------------------------------------


class _Items(tuple[Value, ...]):
    """The elements of an argument of formatlist; true also when there are none."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return True


_OPEN = _Items()


def _items(value: Value) -> _Items | None:
    """The elements of a list, tuple or set, `_OPEN` when they are unknown, None for all else."""
    match plain(value):
        case SetValue() if not STATE.refining and not has_known_length(value):
            return _OPEN
        case ListValue(items, _) | TupleValue(items) | SetValue(items, _):
            return _Items(items)
        case Unknown(type=ListType() | SetType() | TupleType()):
            return _OPEN
        case Unknown(content=OpenList()):
            return _OPEN
    return None


def _is_untyped(value: Value) -> bool:
    return isinstance(type_of(value), Dynamic)


def _formatted_rows(format: str, args: Sequence[Value], sequences: dict[int, _Items]) -> Value:
    count = min((len(items) for items in sequences.values()), default=1)
    rows: list[Value] = []
    for row in range(count):
        values = [
            _text_or_null(sequences[index][row]) if index in sequences else arg
            for index, arg in enumerate(args)
        ]

        def error(why: str, row: int = row) -> EvaluationError:
            return failed("formatlist", f"error on format iteration {row}: {why}")

        rows.append(_without_prefix(_formatted("formatlist", format, values, error)))
    return ListValue(tuple(rows), STRING)


def _without_prefix(value: Value) -> Value:
    """An element, of which Terraform does not keep how it begins."""
    if isinstance(value, Unknown) and not STATE.refining:
        return changed(value, prefix="")
    return value


def _text_or_null(value: Value) -> Value:
    """An element; that one is null is an error even where nothing says of which type."""
    return Null(STRING) if isinstance(plain(value), Null) else value


def _formatted_open(format: str, args: Sequence[Value], sequences: int) -> Value:
    """The list when an argument is open: element by element where that one alone is a list."""
    result = hole(*args, type_=_STRINGS)
    for index, arg in enumerate(args):
        bare = plain(arg)
        if (
            sequences == 1
            and isinstance(bare, Unknown)
            and isinstance(bare.content, OpenList)
            and not isinstance(bare.type, SetType)
        ):
            items = tuple(
                Item(
                    _formatted(
                        "formatlist",
                        format,
                        [*args[:index], item.value, *args[index + 1 :]],
                        lambda why: failed("formatlist", f"error on format iteration: {why}"),
                    ),
                    item.presence,
                )
                for item in bare.content.items
            )
            return changed(
                result,
                minimum=bare.minimum,
                maximum=bare.maximum,
                content=OpenList(items, has_known_order(bare)),
            )
    return result


# ---- one text ---------------------------------------------------------------------------------


def _formatted(
    name: str, format: str, args: Sequence[Value], error: Callable[[str], EvaluationError]
) -> Value:
    untyped = [a for a in map(plain, args) if isinstance(a, Unknown) and a.type == DYNAMIC]
    if untyped and not STATE.refining:
        return Unknown(DYNAMIC, untyped[0].origins)
    untyped_nulls = [arg for arg in args if plain(arg) == Null()]
    if untyped_nulls:
        because = f"{name}() is given a null without a type, of which Terraform makes no text"
        return Unknown(DYNAMIC, (Origin("function", f"{name}()", because=because),))
    known = all(map(is_wholly_known, args))
    try:
        parts, used = _format_pieces(format, args)
    except ValueError as problem:
        if known:
            raise error(str(problem)) from None
        return hole(*args)  # Terraform looks at the verbs when all arguments are known
    if used < len(args):
        if not known:
            return hole(*args)
        which = f"only {used} used by format string" if used else "no verbs in format string"
        if name == "format":
            raise invalid("args", f"too many arguments; {which}")
        raise error(f"too many arguments; {which}")
    return assemble(parts)


def _format_pieces(format: str, args: Sequence[Value]) -> tuple[list[Piece], int]:
    """The pieces of the text and the highest argument used; ValueError as Terraform words it."""
    parts: list[Piece] = []
    position = following = used = size = 0
    while (start := format.find("%", position)) >= 0:
        parts.append(format[position:start])
        if format.startswith("%%", start):
            parts.append("%")
            position = start + 2
            continue
        verb, position = _verb(format, start, following)
        if verb.index >= len(args):
            raise ValueError(
                f'not enough arguments for "{verb.raw}" at {start}: need index {verb.index + 1} '
                f"but have {len(args)} total"
            )
        parts.extend(_verb_pieces(verb, args[verb.index]))
        size += sum(len(part) for part in parts[-1:] if isinstance(part, str))
        if size > MAXIMUM_TEXT:
            raise ValueError(f"the result would be longer than {MAXIMUM_TEXT} characters")
        following = verb.index + 1
        used = max(used, following)
    parts.append(format[position:])
    return parts, used


def _verb(format: str, start: int, following: int) -> tuple[_Verb, int]:
    match = _VERB.match(format, start)
    assert match is not None
    end = match.end()
    if match["mode"] is None:
        if end >= len(format):
            raise ValueError(f"invalid format string starting at offset {end}")
        raise ValueError(f"unrecognized format character '{format[end]}' at offset {end}")
    precision = None if match["precision"] is None else int("0" + match["precision"][1:])
    width = int(match["width"] or 0)
    if max(width, precision or 0) > MAXIMUM_TEXT:
        raise ValueError(f"the result would be longer than {MAXIMUM_TEXT} characters")
    index = int(match["index"]) - 1 if match["index"] else following
    layout = Layout(frozenset(match["flags"]), width, precision)
    return _Verb(match[0], start, match["mode"], index, layout), end


def _verb_pieces(verb: _Verb, arg: Value) -> list[Piece]:
    bare = plain(arg)
    if verb.mode not in "vtbdoxXeEfgGsq":
        raise ValueError(
            f"unsupported format verb '{verb.mode}' in \"{verb.raw}\" at offset {verb.offset}"
        )
    if not is_wholly_known(bare):
        return _unknown_pieces(verb, bare)
    if isinstance(bare, Null) and verb.mode != "v":
        raise verb.unsupported("null value cannot be formatted")
    if verb.mode == "v":
        return [_default(verb, bare)]
    if verb.mode in "sq":
        return [_string(verb, bare)]
    converted = _converted(verb, bare, BOOL if verb.mode == "t" else NUMBER)
    if isinstance(converted, bool):
        return ["true" if converted else "false"]
    assert not isinstance(converted, str)
    if verb.mode in "eEfgG":
        return [numerals.real(converted, verb.mode, verb.layout)]  # type: ignore[arg-type]
    try:
        number = whole_number(converted, bounded=False)  # type: ignore[arg-type]
    except ValueError:
        raise verb.unsupported("an integer is required") from None
    return [numerals.integer(number, verb.mode, verb.layout)]


def _unknown_pieces(verb: _Verb, arg: Value) -> list[Piece]:
    """An unknown argument: itself where the verb prints it as a template would."""
    as_template = {
        "s": (STRING, NUMBER, BOOL, DYNAMIC),
        "v": (STRING, BOOL),
        "t": (BOOL,),
        "d": (NUMBER,),
    }
    plain_layout = verb.layout == Layout()
    if isinstance(arg, Unknown) and plain_layout and arg.type in as_template.get(verb.mode, ()):
        return pieces(_converted(verb, arg, STRING))
    return [hole(arg)]


def _converted(verb: _Verb, value: Value, type_: object) -> Value:
    try:
        return plain(convert(value, type_))  # type: ignore[arg-type]
    except EvaluationError as error:
        raise verb.unsupported(error.detail or error.summary) from None


def _string(verb: _Verb, value: Value) -> str:
    text = _converted(verb, value, STRING)
    assert isinstance(text, str)
    if verb.layout.precision:  # Terraform takes a precision of 0 for none
        text = "".join(graphemes.clusters(text)[: verb.layout.precision])
    return _padded(_json_string(text) if verb.mode == "q" else text, verb.layout)


def _default(verb: _Verb, value: Value) -> str:
    """%v: strings as they are, numbers like %g, anything else and %#v as JSON."""
    if "#" not in verb.layout.flags:
        if isinstance(value, str):
            return _padded(value, verb.layout)
        if type_of(value) == NUMBER and not isinstance(value, Null):
            return _padded(numerals.shortest(value), verb.layout)  # type: ignore[arg-type]
    try:
        return _padded(_json(value), verb.layout)
    except EvaluationError as error:
        raise verb.unsupported(error.detail) from None


def _padded(text: str, layout: Layout) -> str:
    missing = layout.width - graphemes.length(text)
    if missing <= 0:
        return text
    pad = ("0" if "0" in layout.flags else " ") * missing
    return text + pad if "-" in layout.flags else pad + text


# ---- JSON -------------------------------------------------------------------------------------

_ESCAPED = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})


def _json_string(text: str) -> str:
    return json.dumps(normalized(text), ensure_ascii=False).translate(_ESCAPED)


def _json(value: Value) -> str:
    match plain(value):
        case Null():
            return "null"
        case bool() as known:
            return "true" if known else "false"
        case str() as text:
            return _json_string(text)
        case TupleValue(items) | ListValue(items, _) | SetValue(items, _):
            return f"[{','.join(map(_json, items))}]"
        case ObjectValue() | MapValue() as mapping:
            members = (f"{_json_string(k)}:{_json(v)}" for k, v in sorted_items(mapping))
            return f"{{{','.join(members)}}}"
        case number:
            if number in (float("inf"), float("-inf")):
                raise EvaluationError("", "cannot serialize infinity as JSON")
            return format_number(number)  # type: ignore[arg-type]
