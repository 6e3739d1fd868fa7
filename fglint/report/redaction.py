"""What source frames must not show: literal secrets.

The policy engine names the places whose text is or holds a secret. Beside them, a frame masks
what looks like one: the line that a finding of another rule points to may hold a password, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from fglint.finding import Report
from fglint.provider.credentials import HOLE, is_reference, text_format
from fglint.provider.secrets import secret_name
from fglint.source import Range, SourceFile

Span = tuple[int, int]  # half-open

MASK = "••••••••"  # stands for a secret, whatever its length
_SHORTEST = 4  # characters of what is known again where nothing marks it

_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
_HOLE = re.compile(r"(?<!\$)\$\{[^{}]*\}")
# What begins an expression, and no password ever: a reference, or a call that passes secrets on.
_START = (
    r"(?:(?:var|local|module|data|each|(?:aws|random|tls|vault)_\w+)\.\w"
    r"|(?:base64encode|coalesce|concat|format|join|jsonencode|lookup|lower|merge|nonsensitive"
    r"|replace|sensitive|templatefile|tostring|trimspace|try|upper|urlencode|yamlencode)\()"
)
_EXPRESSION = re.compile(_START)
_REFERENCE = re.compile(rf"(?<!\$)\$\{{~?\s*{_START}[^{{}}]*\}}")
_HEADER = re.compile(r'(?:data|module|output|resource|variable)(?:[ \t]+"[\w-]+")+\s*\Z')
_KEY = re.compile(r"([\w.-]+)\"?'?\s*[:=]\s*$")
_NAMED = re.compile(r"\bname\"?\s*[:=]\s*\"([^\"]+)\"", re.IGNORECASE)


class Masks:
    """The places that hold secrets, by file."""

    def __init__(self, report: Report) -> None:
        self._spans: dict[str, list[Span]] = {}
        self._texts: set[str] = set()
        self._lines: dict[str, dict[int, list[Span]]] = {}
        for root in report.roots:
            for place in root.secret:
                self._add(place)
            for finding in root.findings:
                for place in finding.secret:
                    self._add(place)

    def _add(self, place: Range) -> None:
        spans = self._spans.setdefault(place.path, [])
        for start, end in literal_spans(place.text):
            spans.append((place.start + start, place.start + end))
            lines = map(str.strip, place.text[start:end].splitlines())
            self._texts.update(line for line in lines if len(line) >= _SHORTEST)

    def in_line(self, source: SourceFile, number: int) -> list[Span]:
        """The parts of a line to mask, as offsets into its text, sorted, disjoint."""
        text = source.line(number)
        if not text:
            return []
        if source.path not in self._lines:
            self._lines[source.path] = _by_line(source, self._spans.get(source.path, []))
        known = self._lines[source.path].get(number, [])
        spans = _merged([*known, *_guessed(source, number)])
        return [(a, min(b, len(text))) for a, b in spans if a < len(text)]

    def hold(self, text: str) -> bool:
        """Whether a text that stands nowhere yet holds one of the secrets."""
        return any(secret in text for secret in self._texts)

    def masked(self, path: str, text: str) -> str:
        """A text without secrets, whole: what stands in a file, or would stand in it."""
        source = SourceFile(path, text)
        spans: list[Span] = []
        for number, start in enumerate(source.line_starts, 1):
            line = source.line(number)
            found = [*_guessed(source, number), *self._occurrences(line)]
            spans += [(start + a, start + b) for a, b in found]
        for start, end in reversed(_merged(spans)):
            text = text[:start] + MASK + text[end:]
        return text

    def _occurrences(self, line: str) -> Iterator[Span]:
        for secret in self._texts:
            start = line.find(secret)
            while start >= 0:
                yield start, start + len(secret)
                start = line.find(secret, start + len(secret))


def literal_spans(text: str) -> list[Span]:
    """The literal parts of a text that holds a secret: all but references.

    Quotes around the whole and `${…}` stay, apart from the strings in them; the header of a block
    holds names alone. What is not clearly an expression is masked whole.
    """
    if _HEADER.match(text):
        return []
    start, end = 0, len(text)
    if end > 1 and text[0] == text[-1] == '"':
        start, end = 1, end - 1
    elif _EXPRESSION.match(text):
        return [match.span(1) for match in _STRING.finditer(text) if match[1]]
    spans: list[Span] = []
    for match in _REFERENCE.finditer(text, start, end):
        spans.append((start, match.start()))
        spans += [inner.span(1) for inner in _STRING.finditer(text, *match.span())]
        start = match.end()
    spans.append((start, end))
    return [(a, b) for a, b in spans if a < b]


def _by_line(source: SourceFile, spans: list[Span]) -> dict[int, list[Span]]:
    """The spans as offsets into the lines that they touch."""
    lines: dict[int, list[Span]] = {}
    for start, end in spans:
        for number in range(source.position(start).line, source.position(end).line + 1):
            begin = source.line_starts[number - 1]
            lines.setdefault(number, []).append((max(start - begin, 0), end - begin))
    return lines


def _merged(spans: list[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _guessed(source: SourceFile, number: int) -> Iterator[Span]:
    """What in a line looks like a secret by its format or its name."""
    text = source.line(number)
    in_strings = False
    for match in _STRING.finditer(text):
        value = _HOLE.sub(HOLE, match[1])
        if not value.strip(HOLE):
            continue
        if _format(value):
            in_strings = True
            yield match.span(1)
        elif not is_reference(value):
            key = _KEY.search(text, 0, match.start())
            if key and _is_secret(key[1], source, number):
                yield match.span(1)
    if not in_strings and _format(_HOLE.sub(HOLE, text)):
        yield (len(text) - len(text.lstrip()), len(text))


def _is_secret(key: str, source: SourceFile, number: int) -> bool:
    if key != "value":
        return secret_name(key)
    # { name = "DB_PASSWORD", value = "…" }: the name stands in the line or next to it.
    near = _NAMED.search(source.line(number))
    if near is not None:
        return secret_name(near[1])
    around = (_NAMED.search(source.line(other)) for other in (number - 1, number + 1))
    return any(match is not None and secret_name(match[1]) for match in around)


@lru_cache(maxsize=256)
def _format(text: str) -> str | None:
    return text_format(text, command=True)
