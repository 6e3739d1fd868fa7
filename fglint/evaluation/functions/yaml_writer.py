"""Values as YAML text, in the form that Terraform writes.

Terraform's library is a port of the one that PyYAML's emitter became; the events are its own: all
strings are double-quoted, those of several lines are literal blocks.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from yaml.emitter import Emitter, ScalarAnalysis
from yaml.events import (
    DocumentEndEvent,
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

from fglint.evaluation.numbers import format_number
from fglint.evaluation.values import (
    ListValue,
    MapValue,
    Null,
    ObjectValue,
    SetValue,
    TupleValue,
    Value,
    plain,
    sorted_items,
)


class _Emitter(Emitter):
    """PyYAML's emitter, for which characters beyond the first plane are special, as in Go's."""

    def analyze_scalar(self, scalar: str) -> ScalarAnalysis:
        """What styles a scalar can have."""
        analysis = super().analyze_scalar(scalar)
        if any(character > "\uffff" for character in scalar):
            analysis.allow_block = False
        return analysis

    def check_empty_document(self) -> bool:
        """Whether the document needs its marker: never here."""
        return False

    def write_literal(self, text: str) -> None:
        """Writes a block, which is no reason to mark the document's end."""
        super().write_literal(text)
        self.open_ended = False

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        """Writes a scalar with escapes for what is special, in lines that end at spaces."""
        self.write_indicator('"', True)
        after_space = False
        for position, character in enumerate(text):
            if character == " ":
                inside = 0 < position < len(text) - 1
                if split and inside and not after_space and self.column > self.best_width:
                    self.write_indent()
                    self._put("\\" if text[position + 1] == " " else "")
                else:
                    self._put(" ")
            else:
                self._put(_written(character))
            after_space = character == " "
        self.write_indicator('"', False)
        self.whitespace = self.indention = False

    def _put(self, text: str) -> None:
        self.column += len(text)
        self.stream.write(text)


_ESCAPES = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r",
    "\x1b": "e", '"': '"', "\\": "\\", "\x85": "N", "\u2028": "L", "\u2029": "P",
}  # fmt: skip


def _written(character: str) -> str:
    escape = _ESCAPES.get(character)
    if escape is not None:
        return f"\\{escape}"
    if " " <= character <= "~" or ("\xa0" <= character <= "\ufffd" and character != "\ufeff"):
        return character
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def write(value: Value) -> str:
    """The document of a wholly known value."""
    stream = io.StringIO()
    emitter = _Emitter(stream, width=80, allow_unicode=True)
    for event in _document(value):
        emitter.emit(event)
    return stream.getvalue()


def _document(value: Value) -> Iterator[Event]:
    yield StreamStartEvent()
    yield DocumentStartEvent(explicit=False)
    yield from _events(value)
    yield DocumentEndEvent(explicit=False)
    yield StreamEndEvent()


def _events(value: Value) -> Iterator[Event]:
    match plain(value):
        case TupleValue(items) | ListValue(items, _) | SetValue(items, _):
            yield SequenceStartEvent(None, None, True, flow_style=False)
            for item in items:
                yield from _events(item)
            yield SequenceEndEvent()
        case (ObjectValue() | MapValue()) as whole:
            yield MappingStartEvent(None, None, True, flow_style=False)
            for key, item in sorted_items(whole):
                yield _string(key)
                yield from _events(item)
            yield MappingEndEvent()
        case str() as text:
            yield _string(text)
        case bool() as flag:
            yield _plain("true" if flag else "false")
        case Null():
            yield _plain("null")
        case number:
            yield _plain(format_number(number))  # type: ignore[arg-type]  # all else was matched


def _string(text: str) -> Event:
    return ScalarEvent(None, None, (False, True), text, style="|" if "\n" in text else '"')


def _plain(text: str) -> Event:
    return ScalarEvent(None, None, (True, False), text)
