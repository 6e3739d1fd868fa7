"""JSON text of which parts are not known, read as a structured value.

A template with unknown parts is JSON text with holes. Inside a JSON string a hole is part of that
string; outside it stands for one JSON value, its own structured value where it has one; a directive
over an unknown makes the array or object around it open. That a hole adds no JSON syntax of its own
is an assumption, which only the readers of plans make: see `json_text_value`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fglint.evaluation.elements import elements_of
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.hole_reader import Hole, Marking, Reader, Unreadable
from fglint.evaluation.inspection import is_wholly_known, marks_deep, origins_of
from fglint.evaluation.json_decoding import TooDeep, decode_json
from fglint.evaluation.marks import Marks
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import (
    DYNAMIC,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
)
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    ComposedText,
    Content,
    Encoded,
    Item,
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    OpenList,
    OpenMap,
    Parts,
    SetValue,
    TupleValue,
    Union,
    Unknown,
    Value,
    mark,
    plain,
    unmark,
)

_DEEP = Origin("function", "jsondecode()", because="the JSON text nests too deep to be read")


def json_text_value(value: Value, *, assuming: bool = True) -> Value:
    """The value that a JSON text denotes, partly unknown where the text is.

    EvaluationError where the text is known and no JSON. A mark of a part of the text is on what
    that part says, any other mark on the whole. Without `assuming`, only what follows in every case
    is known: a hole may then add syntax, unless it is itself a JSON text.
    """
    bare, marks = unmark(value)
    if isinstance(bare, Null):
        return value
    content = bare.content if isinstance(bare, (Unknown, ComposedText)) else None
    outer = marks - (_content_marks(content) if marks else frozenset())
    try:
        return mark(_read(bare, content, assuming), outer)
    except TooDeep:
        return mark(Unknown(origins=(_DEEP,)), outer)


def _read(bare: Value, content: Content | None, assuming: bool) -> Value:
    match content:
        case Encoded(inner, "json"):
            return decoded(inner)
        case Union(leaves):
            assert isinstance(bare, Unknown)
            return _union(leaves, bare.origins, assuming)
        case Parts(parts):
            return _with_holes(bare, parts, assuming)
    if isinstance(bare, Unknown):
        return Unknown(origins=bare.origins)
    if not isinstance(bare, str):
        raise EvaluationError("Invalid JSON", "a JSON text is a string")
    return decode_json(bare)


def _content_marks(content: Content | None) -> Marks:
    if content is None:
        return frozenset()
    return marks_deep(Unknown(content=content))


def _union(leaves: Sequence[Value], origins: tuple[Origin, ...], assuming: bool) -> Value:
    results: list[Value] = []
    error: EvaluationError | None = None
    for leaf in leaves:
        try:
            results.append(json_text_value(leaf, assuming=assuming))
        except EvaluationError as raised:
            error = raised
    if not results:
        assert error is not None
        raise error
    return Unknown(origins=origins) if error else union(results, origins, DYNAMIC)


def _with_holes(whole: Value, parts: Sequence[Value], assuming: bool) -> Value:
    reader = Reader(assuming, _single)
    _collect(reader, parts, frozenset())
    try:
        return reader.document()
    except Unreadable:
        if isinstance(whole, Unknown):
            return Unknown(origins=origins_of(whole))
        raise EvaluationError("Invalid JSON", "the text is no JSON") from None


def _collect(reader: Reader, parts: Sequence[Value], marks: Marks) -> None:
    """Puts the pieces of a text into a reader, pieces of pieces one by one."""
    for part in parts:
        bare, own = unmark(part)
        content = bare.content if isinstance(bare, (Unknown, ComposedText)) else None
        if isinstance(content, Parts):
            _collect(reader, content.parts, marks | (own - _content_marks(content)))
        elif isinstance(bare, Unknown) or content is not None:
            reader.holes.append(Hole(len(reader.text), mark(bare, marks | own)))
            reader.text += "\0"
        else:
            assert isinstance(bare, str)
            if marks | own:
                end = len(reader.text) + len(bare)
                reader.markings.append(Marking(len(reader.text), end, marks | own))
            reader.text += bare.replace("\0", "\1")  # neither may stand in JSON


def _single(text: Value, assuming: bool, *, fragment: bool = False) -> Reader:
    """A reader of one piece of a text: of a directive's branch, for example."""
    reader = Reader(assuming, _single)
    _collect(reader, (text,), frozenset())
    if fragment and len(reader.holes) == 1 and reader.text == "\0":
        raise Unreadable
    return reader


# ---- kinds ------------------------------------------------------------------------------------


def decoded(value: Value) -> Value:
    """The value after a way through JSON: lists and sets are tuples, maps are objects."""
    bare, marks = unmark(value)
    return mark(_decoded(bare), marks)


def _decoded(bare: Value) -> Value:
    match bare:
        case TupleValue(items) | ListValue(items, _):
            return TupleValue(tuple(map(decoded, items)))
        case SetValue(items, _):
            if len(items) > 1 and not is_wholly_known(bare):
                members = tuple(Item(decoded(item)) for item in items)
                return _open(bare, OpenList(members, ordered=False))
            return TupleValue(tuple(map(decoded, items)))
        case ObjectValue(entries) | MapValue(entries, _):
            return ObjectValue({key: decoded(entry) for key, entry in entries.items()})
        case Null():
            return Null()
        case Unknown():
            return _decoded_unknown(bare)
        case _:
            return bare


def _open(value: Value, content: Content) -> Unknown:
    return Unknown(origins=origins_of(value), not_null=True, content=content)


def _decoded_unknown(value: Unknown) -> Value:
    """An unknown collection has no type any more, but its elements are what they were."""
    match value.content:
        case OpenList(items, ordered):
            content: Content | None = OpenList(
                tuple(Item(decoded(item.value), item.presence) for item in items), ordered
            )
        case OpenMap(entries, rest):
            decoded_entries = {k: Item(decoded(i.value), i.presence) for k, i in entries.items()}
            content = OpenMap(decoded_entries, None if rest is None else decoded(rest))
        case Union(leaves):
            return union([decoded(leaf) for leaf in leaves], value.origins, DYNAMIC)
        case None:
            return _decoded_typed(value)
        case other:
            content = other
            if isinstance(content, (Parts, Encoded)):
                return value
    return replace(value, type=DYNAMIC, ref=None, content=content)


def _decoded_typed(value: Unknown) -> Unknown:
    match value.type:
        case ListType() | SetType() | TupleType():
            items = tuple(Item(decoded(item), how) for _, item, how in elements_of(value))
            return replace(value, type=DYNAMIC, ref=None, content=OpenList(items))
        case MapType():
            rest = elements_of(value)[0][1]
            return replace(value, type=DYNAMIC, ref=None, content=OpenMap({}, decoded(rest)))
        case ObjectType():
            members = {str(plain(key)): Item(decoded(item)) for key, item, _ in elements_of(value)}
            return replace(value, type=DYNAMIC, ref=None, content=OpenMap(members))
        case _ if value.not_null:
            return value
        case _:
            return replace(value, type=DYNAMIC)  # null has no type in JSON


__all__ = ["decoded", "json_text_value"]
