"""Finds a member of JSON in a text, with template holes in it, by position."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from fglint.source import SourceFile

_TOKEN = re.compile(r'\s+|"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')

Found = tuple[int, int, tuple[str | int, ...]]


def find(source: SourceFile, start: int, end: int, path: Sequence[str | int]) -> Found | None:
    """The range of the member at a path in the JSON between two offsets.

    The rest of the path is not empty where a hole (`${…}`) stands for what it leads into. None
    where the text is no JSON that leads there.
    """
    begin = _first_bracket(source.text, start, end)
    if begin is None:
        return None
    try:
        return _Scanner(source.text, begin, end).find(tuple(path))
    except _NoJsonError:
        return None


def _first_bracket(text: str, start: int, end: int) -> int | None:
    """Where the JSON begins: after a heredoc's marker or a quote."""
    if text.startswith("<<", start):
        start = text.find("\n", start) + 1
    found = re.compile(r"[\[{]").search(text, start, end)
    return found.start() if found else None


class _NoJsonError(Exception):
    pass


class _Scanner:
    def __init__(self, text: str, start: int, end: int) -> None:
        self.text = text
        self.at = start
        self.end = end

    def find(self, path: tuple[str | int, ...]) -> Found:
        start, is_hole = self._next()
        if not path or is_hole:
            self._skip()
            return start, self.at, path
        if self.text[start] == "{":
            return self._member(path)
        if self.text[start] == "[":
            return self._element(path)
        raise _NoJsonError

    def _member(self, path: tuple[str | int, ...]) -> Found:
        self.at += 1
        while True:
            start, _ = self._next()
            if self.text[start] == ",":
                self.at += 1
                continue
            if self.text[start] != '"':
                raise _NoJsonError
            self._skip()
            key = _decoded(self.text[start : self.at])
            colon, _ = self._next()
            if self.text[colon] != ":":
                raise _NoJsonError
            self.at += 1
            if key == path[0]:
                return self.find(path[1:])
            self._next()
            self._skip()

    def _element(self, path: tuple[str | int, ...]) -> Found:
        self.at += 1
        index = 0
        while True:
            start, is_hole = self._next()
            if self.text[start] == "]":
                raise _NoJsonError
            if self.text[start] == ",":
                self.at += 1
                index += 1
                continue
            if self.text.startswith("%{", start):
                raise _NoJsonError
            if index == path[0]:
                return self.find(path[1:])
            self._skip()
            del is_hole

    def _next(self) -> tuple[int, bool]:
        """The start of the next token, and whether it is a hole."""
        text = self.text
        while self.at < self.end and text[self.at] in " \t\r\n":
            self.at += 1
        if self.at >= self.end:
            raise _NoJsonError
        return self.at, text.startswith("${", self.at)

    def _skip(self) -> None:
        """Past one value: a scalar, a string, a hole, or all between brackets."""
        depth = 0
        while True:
            start, is_hole = self._next()
            if is_hole or self.text.startswith("%{", start):
                self.at = self._after_hole(start)
            elif self.text[start] == '"':
                self._string()
            elif self.text[start] in "[{":
                depth += 1
                self.at += 1
            elif self.text[start] in "]}":
                depth -= 1
                self.at += 1
            else:
                found = _TOKEN.match(self.text, start, self.end)
                if found is None:
                    raise _NoJsonError
                self.at = found.end()
            if depth <= 0:
                return

    def _string(self) -> None:
        self.at += 1
        while self.at < self.end:
            character = self.text[self.at]
            if character == '"':
                self.at += 1
                return
            if character == "\\":
                self.at += 2
            elif self.text.startswith("${", self.at):
                self.at = self._after_hole(self.at)
            else:
                self.at += 1
        raise _NoJsonError

    def _after_hole(self, start: int) -> int:
        """The offset after the brace that closes a hole; strings in it may hold braces."""
        depth, at, text = 0, start + 1, self.text
        while at < self.end:
            character = text[at]
            if character == "{":
                depth += 1
            elif character == "}":
                depth -= 1
                if depth == 0:
                    return at + 1
            elif character == '"':
                found = re.compile(r'"(?:[^"\\]|\\.)*"').match(text, at, self.end)
                if found is not None:
                    at = found.end()
                    continue
            at += 1
        raise _NoJsonError


def _decoded(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return text[1:-1]
