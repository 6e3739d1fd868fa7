"""YAML text, read as Terraform reads it: YAML 1.1 with the scalars of its own library.

PyYAML scans and parses; what the events mean is decided here, because Terraform's library differs:
quoted scalars are strings whatever their tag, `1_000` and `0b1` are strings, `y` and `on` are
booleans, a date is a string in RFC 3339, and keys are strings.
"""

from __future__ import annotations

import math
import re
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
    StreamStartEvent,
)
from yaml.scanner import ScannerError

from fglint.evaluation.convert import convert
from fglint.evaluation.errors import EvaluationError
from fglint.evaluation.functions.arguments import normalized
from fglint.evaluation.functions.encoding import decode_base64
from fglint.evaluation.functions.timestamps import parse_timestamp
from fglint.evaluation.numbers import parse_number
from fglint.evaluation.types import STRING
from fglint.evaluation.values import NULL, Null, Number, ObjectValue, TupleValue, Value

MAXIMUM_TEXT = 512 * 1024  # characters
MAXIMUM_NODES = 200_000  # aliases multiply
MAXIMUM_DEPTH = 200
_PREFIX = "tag:yaml.org,2002:"
_WORDS: dict[str, Value] = {
    **dict.fromkeys(
        ("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y"), True
    ),
    **dict.fromkeys(
        ("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N"), False
    ),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), NULL),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_MERGE = "<<"


class BeyondLimits(Exception):
    """A text that is too large, or nests too deep, to be read here."""


_ESCAPES = {key: text for key, text in yaml.SafeLoader.ESCAPE_REPLACEMENTS.items() if key != "/"}
_LINE_ENDS = "\0\r\n\x85\u2028\u2029"


class _Loader(yaml.SafeLoader):
    """PyYAML's scanner where it differs from Terraform's: escapes, tabs, directives."""

    ESCAPE_REPLACEMENTS = _ESCAPES  # type: ignore[misc]  # it is looked up by instance

    def scan_to_next_token(self) -> None:
        """Skips white space, tabs too where no indentation is counted, and comments."""
        if self.index == 0 and self.peek() == "\ufeff":
            self.forward()
        while True:
            tabs = self.flow_level or not self.allow_simple_key
            while self.peek() == " " or (tabs and self.peek() == "\t"):
                self.forward()
            if self.peek() == "#":
                while self.peek() not in _LINE_ENDS:
                    self.forward()
            if not self.scan_line_break():  # type: ignore[no-untyped-call]
                return
            if not self.flow_level:
                self.allow_simple_key = True

    def scan_directive_name(self, start_mark: yaml.Mark) -> str:
        """The name of a directive; there are two."""
        name: str = super().scan_directive_name(start_mark)  # type: ignore[no-untyped-call]
        if name not in ("YAML", "TAG"):
            problem = "found unknown directive name"
            raise ScannerError("while scanning a directive", start_mark, problem, start_mark)
        return name


def read(text: str) -> Value:
    """The value of the one document in a text; EvaluationError where there is none."""
    if len(text) > MAXIMUM_TEXT:
        raise BeyondLimits
    try:
        return _Reader(text).document()
    except yaml.YAMLError as error:
        raise EvaluationError("Invalid YAML", _told(error)) from None


def _told(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    place = f"on line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
    return f"{place}{problem}"


class _Reader:
    """Turns the events of one text into a value."""

    def __init__(self, text: str) -> None:
        self.loader: Any = _Loader(text)  # PyYAML's methods have no types
        self.anchors: dict[str, Value | None] = {}  # None while the anchored node is read
        self.nodes = 0
        self.depth = 0

    def next(self) -> Event:
        """The next event."""
        event: Event = self.loader.get_event()
        return event

    def document(self) -> Value:
        """The value of the one document."""
        assert isinstance(self.next(), StreamStartEvent)
        start = self.next()
        if not isinstance(start, DocumentStartEvent):
            raise _wrong("missing start of document")
        if start.version not in (None, (1, 1)):
            raise _wrong("found incompatible YAML document")
        value = self.node(self.next())
        self.next()  # the document's end
        if not isinstance(self.next(), StreamEndEvent):
            raise _wrong("unexpected extra content after value")
        return value

    def node(self, event: Event) -> Value:
        """The value that begins with an event."""
        self.nodes += 1
        if self.nodes > MAXIMUM_NODES:
            raise BeyondLimits
        if isinstance(event, AliasEvent):
            return self.alias(event.anchor or "")
        anchor = getattr(event, "anchor", None)
        if anchor is not None:
            self.anchors[anchor] = None
        self.depth += 1
        if self.depth > MAXIMUM_DEPTH:
            raise BeyondLimits
        value = self.content(event)
        self.depth -= 1
        if anchor is not None:
            self.anchors[anchor] = value
        return value

    def content(self, event: Event) -> Value:
        """The value of a node that is no alias."""
        if isinstance(event, ScalarEvent):
            plain = event.style is None
            return scalar(event.value, event.tag, plain=plain)
        if isinstance(event, SequenceStartEvent):
            _check_tag(event.tag, "seq", "sequence")
            return self.sequence()
        assert isinstance(event, MappingStartEvent)
        _check_tag(event.tag, "map", "mapping")
        return self.mapping()

    def alias(self, anchor: str) -> Value:
        """The value of an anchor."""
        if anchor not in self.anchors:
            raise _wrong(f'reference to undefined anchor "{anchor}"')
        value = self.anchors[anchor]
        if value is None:
            raise _wrong(f'cannot refer to anchor "{anchor}" from inside its own definition')
        self.nodes += _size(value)
        return value

    def sequence(self) -> Value:
        """The elements up to the end of a sequence."""
        items: list[Value] = []
        while not isinstance(event := self.next(), SequenceEndEvent):
            items.append(self.node(event))
        return TupleValue(tuple(items))

    def mapping(self) -> Value:
        """The members up to the end of a mapping; later ones win, merged ones, too."""
        entries: dict[str, Value] = {}
        while not isinstance(event := self.next(), MappingEndEvent):
            key = _key(self.node(event), event)
            value = self.node(self.next())
            if key != _MERGE:
                entries[key] = value
            elif isinstance(value, ObjectValue):
                entries.update(value.items)
            else:
                raise _wrong("only a mapping can be merged into a mapping")
        return ObjectValue(entries)


def _wrong(detail: str) -> EvaluationError:
    return EvaluationError("Invalid YAML", detail)


def _size(value: Value) -> int:
    match value:
        case TupleValue(items):
            return 1 + sum(map(_size, items))
        case ObjectValue(entries):
            return 1 + sum(map(_size, entries.values()))
        case _:
            return 1


def _key(value: Value, event: Event) -> str:
    if isinstance(value, Null):
        raise _wrong("mapping key cannot be null")
    if isinstance(value, (TupleValue, ObjectValue)) or isinstance(event, AliasEvent):
        raise _wrong("only strings are allowed as mapping keys")
    text = convert(value, STRING)
    assert isinstance(text, str)
    return text


def _check_tag(tag: str | None, own: str, kind: str) -> None:
    if tag not in (None, f"{_PREFIX}{own}"):
        raise _wrong(f"cannot interpret a {kind} as {tag}")


# ---- scalars ----------------------------------------------------------------------------------

_KNOWN_TAGS = frozenset(
    f"{_PREFIX}{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "binary")
)
_CLOCK = r"(\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?"
_DATE = re.compile(
    rf"(\d{{4}})-(\d\d?)-(\d\d?)(?:[Tt]{_CLOCK}(Z|[+-]\d\d:\d\d)| +{_CLOCK})?\Z", re.ASCII
)


def scalar(text: str, tag: str | None, *, plain: bool) -> Value:
    """The value of a scalar."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise _wrong("found invalid Unicode character escape code")
    if not plain:
        if tag == f"{_PREFIX}binary":
            _check_base64(text)
        return normalized(text)
    if tag == "!" or (tag is not None and tag not in _KNOWN_TAGS):
        raise _wrong(f'unsupported tag "{tag}"')
    name = "" if tag is None else tag.removeprefix(_PREFIX)
    if name == "binary":
        _check_base64(text)
    if name in ("str", "binary"):
        return normalized(text)
    if name == "null":
        return NULL
    value = _resolved(text, name)
    if value is None:
        if name:
            raise _wrong(f'cannot parse "{text}" as {tag}')
        return normalized(text)
    return value


def _check_base64(text: str) -> None:
    try:
        decode_base64(text)
    except ValueError:
        raise _wrong(f'cannot parse "{text}" as {_PREFIX}binary: not valid base64') from None


def _resolved(text: str, tag: str) -> Value | None:
    """What a plain scalar means beside its text; None when it is no more than text."""
    if text in _WORDS:
        return _WORDS[text]
    if text in (".nan", ".NaN", ".NAN"):
        raise _wrong("floating point NaN is not supported")
    if not text or text[0] not in "0123456789+-.":
        return None
    date = _date(text) if tag in ("", "timestamp") and text[0] != "." else None
    return _number(text) if date is None else date


def _number(text: str) -> Number | None:
    try:
        if re.fullmatch(r"0x[0-9a-fA-F]+", text):
            return int(text[2:], 16)
        if re.fullmatch(r"0o[0-7]+", text):
            return int(text[2:], 8)
        return None if text[-1].isalpha() else parse_number(text)  # "+Inf" is text
    except ValueError:
        return None


def _date(text: str) -> str | None:
    found = _DATE.match(text)
    if found is None:
        return None
    year, month, day, *zoned = (found[i] for i in range(1, 8))
    clock = zoned[:3] if zoned[0] else [found[i] for i in range(8, 11)]
    hour, minute, second = (int(part or 0) for part in clock)
    date = f"{year}-{int(month):02}-{int(day):02}"
    try:
        text = f"{date}T{hour:02}:{minute:02}:{second:02}{found[7] or 'Z'}"
        return str(parse_timestamp(text))
    except ValueError:
        return None
