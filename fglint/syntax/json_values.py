"""JSON values as expressions: a string is a template, an object an ObjectCons."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import field
from unicodedata import normalize

from fglint.diagnostic import Diagnostic
from fglint.records import dataclass
from fglint.source import SourceFile
from fglint.syntax.depth import MAXIMUM_DEPTH, too_deep
from fglint.syntax.literals import OUT_OF_RANGE, OUT_OF_RANGE_DETAIL, exact_number
from fglint.syntax.nodes import (
    Expression,
    Invalid,
    Literal,
    Node,
    ObjectCons,
    ObjectItem,
    TupleCons,
    children,
)
from fglint.syntax.parser import parse_template_part
from fglint.syntax.trouble import Trouble

_TOKEN = re.compile(
    r"""[ \t\r\n]*+(?:
      ("[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})[^"\\\x00-\x1f]*+)*")
    | (-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![\w.]))
    | (true|false|null)(?!\w)
    | ([\[\]{}:,])
    | (.)
    | \Z
    )""",
    re.VERBOSE | re.DOTALL,
)
_KINDS = {None: "end", 1: "string", 2: "number", 3: "word", 5: "bad"}
_ESCAPE = re.compile(
    r"\\(?:u([dD][89abAB][0-9A-Fa-f]{2})\\u([dD][c-fC-F][0-9A-Fa-f]{2})|u(.{4})|(.))"
)
_SIMPLE = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


def decoded(raw: str) -> str:
    """The text of a JSON string, without its quotes; lone surrogates are replaced."""
    return raw if "\\" not in raw else _ESCAPE.sub(_unescape, raw)


def _unescape(found: re.Match[str]) -> str:
    high, low, code, simple = found.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + int(low, 16) - 0xDC00)
    if code:
        point = int(code, 16)
        return "\ufffd" if 0xD800 <= point < 0xE000 else chr(point)
    return _SIMPLE.get(simple, simple)


@dataclass(slots=True)
class Reader:
    """Reads the values of one JSON text. With `literal`, strings are no templates."""

    source: SourceFile
    literal: bool = False
    diagnostics: list[Diagnostic] = field(default_factory=list)
    kind: str = field(init=False, default="")
    start: int = field(init=False, default=0)
    end: int = field(init=False, default=0)
    _depth: int = field(init=False, default=0)

    def advance(self) -> None:
        """Goes to the next token."""
        found = _TOKEN.match(self.source.text, self.end)
        assert found is not None, "the pattern matches at every place"
        group = found.lastindex
        self.start, self.end = found.span(group or 0)
        if group is None:
            self.start = self.end
        self.kind = found[4] if group == 4 else _KINDS[group]

    def value(self) -> Expression:
        """The value here; the token after it is the next."""
        start, end, kind = self.start, self.end, self.kind
        text = self.source.text[start:end]
        if kind == "{":
            return self._object()
        if kind == "[":
            return self._array()
        if kind == "string":
            self.advance()
            return self._string(start, end)
        if kind == "number":
            self.advance()
            number = exact_number(text)
            if number is not None:
                return Literal(start, end, number)
            self._report(OUT_OF_RANGE, OUT_OF_RANGE_DETAIL, start, end)
            return Invalid(start, end)
        if kind == "word":
            self.advance()
            return Literal(start, end, _WORDS[text])
        raise self.trouble("Invalid JSON value", "A JSON value is expected here.")

    def trouble(self, summary: str, detail: str) -> Trouble:
        """An error at the token here, in better words where the token is a usual mistake."""
        text = self.source.text
        if self.kind == "bad" and text[self.start] == '"':
            return Trouble(
                "Invalid JSON string",
                "The string that begins here has no closing quote on its line, or an escape or "
                "control character in it that JSON does not have.",
                self.start,
                self.end,
            )
        if self.kind == "bad" and text[self.start] in "#/":
            detail = 'JSON has no comments; a member named "//" is ignored.'
        elif self.kind == "bad" and text[self.start] == "'":
            detail = "JSON strings are written with double quotes."
        elif self.kind == "end":
            detail = f"{detail} The file ends here: is a closing brace missing?"
        return Trouble(summary, detail, self.start, self.end)

    def members(self, items: list[ObjectItem]) -> None:
        """Adds the members of the object here; the token after its brace is the next."""
        self._enter()
        self.advance()
        names: dict[str, ObjectItem] = {}
        while self.kind != "}":
            item = self._member()
            name = self.source.text[item.key.start : item.key.end]
            self._check_first(names.setdefault(name, item), item)
            items.append(item)
            if self.kind == ",":
                self.advance()
                if self.kind == "}":
                    raise self.trouble(
                        "Trailing comma in object", "JSON does not permit a comma before }."
                    )
            elif self.kind != "}":
                raise self.trouble(
                    "Missing comma between members", 'Expected "," or "}" after the member.'
                )
        self.advance()
        self._depth -= 1

    def _check_first(self, first: ObjectItem, item: ObjectItem) -> None:
        """Reports a member given twice; blocks may be, and only objects can be blocks."""
        if first is item or (
            isinstance(first.value, ObjectCons | TupleCons)
            and isinstance(item.value, ObjectCons | TupleCons)
        ):
            return
        line = self.source.position(first.start).line
        self._report(
            "Duplicate object member",
            f"This member was already set on line {line}.",
            item.key.start,
            item.key.end,
        )

    def _member(self) -> ObjectItem:
        if self.kind != "string":
            raise self.trouble(
                "Invalid object member name", "The name of a member is expected, in double quotes."
            )
        start, end = self.start, self.end
        self.advance()
        key = self._string(start, end)
        if self.kind != ":":
            raise self.trouble("Missing member value", 'Expected ":" after the name of the member.')
        self.advance()
        value = self.value()
        return ObjectItem(start, value.end, key, value)

    def _object(self) -> Expression:
        start = self.start
        items: list[ObjectItem] = []
        self.members(items)
        return ObjectCons(start, self._closed(), tuple(items))

    def _closed(self) -> int:
        """The offset after the bracket before the token here."""
        text, at = self.source.text, self.start - 1
        while text[at] not in "]}":
            at -= 1
        return at + 1

    def _array(self) -> Expression:
        start = self.start
        self._enter()
        self.advance()
        items: list[Expression] = []
        while self.kind != "]":
            items.append(self.value())
            if self.kind == ",":
                self.advance()
                if self.kind == "]":
                    raise self.trouble(
                        "Trailing comma in array", "JSON does not permit a comma before ]."
                    )
            elif self.kind != "]":
                raise self.trouble(
                    "Missing comma between items", 'Expected "," or "]" after the item.'
                )
        self.advance()
        self._depth -= 1
        return TupleCons(start, self._closed(), tuple(items))

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            raise too_deep(self.start, self.end)

    def _report(self, summary: str, detail: str, start: int, end: int) -> None:
        place = self.source.range(start, end)
        self.diagnostics.append(Diagnostic("error", summary, detail, place))

    # ---- strings ------------------------------------------------------------------------------

    def _string(self, start: int, end: int) -> Expression:
        raw = self.source.text[start + 1 : end - 1]
        text = decoded(raw)
        if self.literal or ("${" not in text and "%{" not in text):
            return Literal(start, end, text if text.isascii() else normalize("NFC", text))
        if text == raw:
            node, diagnostics = parse_template_part(self.source, start + 1, end - 1)
            self.diagnostics.extend(diagnostics)
        else:
            node = self._decoded_template(raw, text, start + 1)
        node.start, node.end = start, end
        return node

    def _decoded_template(self, raw: str, text: str, start: int) -> Expression:
        """A template in a string with escapes: parsed as it reads, then put where it stands."""
        inner = SourceFile(self.source.path, text)
        shift = len(text) - len(inner.text)  # a leading byte order mark is no text
        node, diagnostics = parse_template_part(inner, 0, len(inner.text))
        offsets = _Offsets(raw, start)
        for each in diagnostics:
            assert each.range is not None, "syntax errors have places"
            self._report(
                each.summary,
                each.detail,
                offsets.of(each.range.start + shift),
                offsets.of(each.range.end + shift),
            )
        stack: list[Node] = [node]
        while stack:
            current = stack.pop()
            current.start = offsets.of(current.start + shift)
            current.end = offsets.of(current.end + shift)
            stack.extend(children(current))
        return node


class _Offsets:
    """Where the characters of a decoded string stand in the file."""

    def __init__(self, raw: str, start: int) -> None:
        self._decoded = [0]
        self._written = [start]
        shift = start
        for found in _ESCAPE.finditer(raw):
            shift += len(found[0]) - 1
            self._decoded.append(found.start() + start + len(found[0]) - shift)
            self._written.append(start + found.end())

    def of(self, decoded_offset: int) -> int:
        """The offset in the file of an offset in the decoded text."""
        index = bisect_right(self._decoded, decoded_offset) - 1
        return self._written[index] + decoded_offset - self._decoded[index]
