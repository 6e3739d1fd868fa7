"""Reading: files, their text, and places in it. All reading of fglint goes through here."""

from __future__ import annotations

import os
from bisect import bisect_right
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from fglint.records import dataclass

MAXIMUM_SIZE = 8 * 1024 * 1024  # bytes of one file; more is a limit reached, not Terraform


class Position(NamedTuple):
    """A place in a text: line and column count from 1, columns in Unicode code points."""

    line: int
    column: int


class SourceFile:
    """The text of one file and where its lines begin.

    `path` is what reports print: relative to the working directory, forward slashes. A byte order
    mark is not part of `text`. Line breaks are kept as they are in the file.
    """

    __slots__ = ("__dict__", "path", "text")

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text.removeprefix("\ufeff")

    def __repr__(self) -> str:
        return f"SourceFile({self.path!r})"

    @cached_property
    def line_starts(self) -> list[int]:
        """The offsets at which lines begin; a line ends with its line feed."""
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return starts

    def position(self, offset: int) -> Position:
        """Line and column of an offset in code points."""
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its line break; empty past the end."""
        starts = self.line_starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def range(self, start: int, end: int) -> Range:
        """The half-open range between two offsets."""
        return Range(self, start, end)


@dataclass(frozen=True, slots=True)
class Range:
    """A half-open part of a file, in code-point offsets; lines and columns on demand."""

    source: SourceFile = field(compare=False)
    start: int
    end: int

    @property
    def path(self) -> str:
        """The file's path as reports print it."""
        return self.source.path

    @property
    def begin(self) -> Position:
        """Line and column of the first character."""
        return self.source.position(self.start)

    @property
    def finish(self) -> Position:
        """Line and column one past the last character."""
        return self.source.position(max(self.start, self.end))

    @property
    def text(self) -> str:
        """The text that the range covers."""
        return self.source.text[self.start : self.end]

    def __str__(self) -> str:
        line, column = self.begin
        return f"{self.path}:{line}:{column}"


class ReadError(Exception):
    """A file that cannot be read; the message says why, without the path."""


class Files:
    """What may be read: files below a boundary, each once, within a size.

    `base` is the directory that printed paths are relative to. `boundary` confines reading (the
    repository of the root module); None lifts that. `overlay` replaces the content of files
    (an editor's unsaved text). `read` collects every path read, and `missing` what was asked for
    and is not there.
    """

    def __init__(
        self,
        base: Path | None = None,
        boundary: Path | None = None,
        overlay: dict[Path, str] | None = None,
    ) -> None:
        self.base = Path(os.path.abspath(base or Path.cwd()))
        self.boundary = boundary.resolve() if boundary else None
        self.overlay = overlay or {}
        self.read: dict[Path, SourceFile] = {}
        self.invalid_utf8: set[Path] = set()
        self._bytes: dict[Path, bytes] = {}

    @property
    def opened(self) -> frozenset[Path]:
        """Every path that was read, as text or as bytes."""
        return frozenset({*self._bytes, *self.read})

    def display(self, path: Path) -> str:
        """The path as reports print it: relative to the base where possible."""
        try:
            shown = os.path.relpath(os.path.abspath(path), self.base)
        except ValueError:  # another drive
            shown = str(path)
        return shown.replace(os.sep, "/")

    def allowed(self, path: Path) -> bool:
        """Whether the path, symbolic links followed, lies inside the boundary."""
        if self.boundary is None:
            return True
        try:
            return path.resolve().is_relative_to(self.boundary)
        except (OSError, RuntimeError, ValueError):
            return True  # no file is there: reading says why

    def bytes(self, path: Path) -> bytes:
        """The content of a file; ReadError when it cannot or may not be read."""
        path = Path(os.path.abspath(path))
        if path in self.overlay:
            return self.overlay[path].encode()
        known = self._bytes.get(path)
        if known is not None:
            return known
        if not self.allowed(path):
            raise ReadError("it lies outside the repository")
        try:
            if path.stat().st_size > MAXIMUM_SIZE:
                raise ReadError(f"it is larger than {MAXIMUM_SIZE // 1024 // 1024} MiB")
            if not path.is_file():
                raise ReadError("it is a directory" if path.is_dir() else "it is no regular file")
            content = path.read_bytes()
        except FileNotFoundError:
            raise ReadError("there is no such file") from None
        except OSError as error:
            raise ReadError((error.strerror or str(error)).lower()) from None
        except ValueError:
            raise ReadError("no file can have that name") from None
        self._bytes[path] = content
        return content

    def source(self, path: Path) -> SourceFile:
        """The file's text; what is not UTF-8 is replaced and noted in `invalid_utf8`."""
        path = Path(os.path.abspath(path))
        known = self.read.get(path)
        if known is not None:
            return known
        content = self.bytes(path)
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            text = content.decode("utf-8", errors="replace")
            self.invalid_utf8.add(path)
        source = SourceFile(self.display(path), text)
        self.read[path] = source
        return source

    def exists(self, path: Path) -> bool:
        """Whether a regular file is there (and inside the boundary)."""
        path = Path(os.path.abspath(path))
        return path in self.overlay or (self.allowed(path) and os.path.isfile(path))

    def is_directory(self, path: Path) -> bool:
        """Whether a directory is there (and inside the boundary)."""
        return self.allowed(path) and os.path.isdir(path)

    def names(self, directory: Path) -> list[str]:
        """The sorted names in a directory; empty when it cannot be listed."""
        if not self.allowed(directory):
            return []
        try:
            names = set(os.listdir(directory))
        except OSError:
            return []
        here = Path(os.path.abspath(directory))
        names.update(path.name for path in self.overlay if path.parent == here)
        return sorted(names)
