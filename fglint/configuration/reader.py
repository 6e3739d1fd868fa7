"""Reads and parses the files of modules, each once."""

from __future__ import annotations

import json
from dataclasses import field
from pathlib import Path
from typing import Literal

from fglint.configuration.module import Module, build_module, configuration_names
from fglint.diagnostic import Diagnostic
from fglint.evaluation.expressions import Compiler
from fglint.records import dataclass
from fglint.source import Files, ReadError, SourceFile
from fglint.syntax import parse_file
from fglint.syntax.nodes import File

Parser = Literal["native", "python-hcl2"]


@dataclass(eq=False)
class Memory:
    """What was parsed and compiled, for the next load that reads the same text.

    Roots share modules, and an editor checks a root again at each change of one file.
    """

    files: dict[Path, File] = field(default_factory=dict)
    compilers: dict[SourceFile, Compiler] = field(default_factory=dict)

    def file(self, path: Path, source: SourceFile) -> File | None:
        """The file parsed from this text before, with the source that it was parsed from."""
        known = self.files.get(path)
        if known is None or (known.source.path, known.source.text) != (source.path, source.text):
            return None
        return known

    def keep(self, path: Path, file: File) -> None:
        """Remembers a file in place of an older version of it."""
        older = self.files.get(path)
        if older is not None:
            self.compilers.pop(older.source, None)
        self.files[path] = file

    def compiler(self, source: SourceFile) -> Compiler:
        """The compiler of a file's expressions."""
        known = self.compilers.get(source)
        if known is None:
            known = self.compilers[source] = Compiler(source)
        return known


class Reader:
    """Parses with the chosen front end; `cross_check` compares both."""

    def __init__(
        self,
        files: Files,
        parser: Parser = "native",
        cross_check: bool = False,
        memory: Memory | None = None,
    ) -> None:
        self.files = files
        self.parser = parser
        self.cross_check = cross_check
        self.memory = memory or Memory()
        self._parsed: dict[Path, File] = {}

    def module(self, directory: Path, label: str) -> Module:
        """The module in a directory; its diagnostics tell what could not be read."""
        files: list[File] = []
        names: list[str] = []
        troubles: list[Diagnostic] = []
        for name in configuration_names(self.files.names(directory)):
            path = directory / name
            try:
                files.append(self.file(path))
                names.append(name)
            except ReadError as error:
                shown = self.files.display(path)
                troubles.append(
                    Diagnostic("error", "Unreadable file", f"{shown} cannot be read: {error}.")
                )
        module = build_module(directory, label, files, names)
        module.diagnostics[:0] = troubles
        return module

    def file(self, path: Path) -> File:
        """One parsed file; ReadError when it cannot be read."""
        known = self._parsed.get(path)
        if known is None:
            known = self._parsed[path] = self._parse(path)
        return known

    def _parse(self, path: Path) -> File:
        source = self.files.source(path)
        if path in self.files.invalid_utf8:
            return self._read(path, source)  # its text is not all that it is
        known = self.memory.file(path, source)
        if known is None:
            known = self._read(path, source)
            self.memory.keep(path, known)
        else:
            self.files.read[path] = known.source  # places are compared by their source
        return known

    def _read(self, path: Path, source: SourceFile) -> File:
        diagnostics: list[Diagnostic] = []
        if path in self.files.invalid_utf8:
            first = source.text.index("\ufffd")  # what stands for the bytes that are not
            diagnostics.append(
                Diagnostic(
                    "error",
                    "Invalid character encoding",
                    f"{source.path} is not encoded in UTF-8; save it as UTF-8.",
                    source.range(first, first + 1),
                )
            )
        file = parse_file(source)
        native = not path.name.endswith(".json")
        if native and (self.cross_check or self.parser == "python-hcl2"):
            from fglint.syntax.backends import python_hcl2

            other = python_hcl2.parse(source)
            if self.cross_check:
                diagnostics.extend(python_hcl2.differences(file, other))
            if self.parser == "python-hcl2":
                file = other
        if diagnostics:
            return File(source, file.body, file.comments, (*file.diagnostics, *diagnostics))
        return file

    @property
    def parsed(self) -> list[File]:
        """All files parsed so far."""
        return list(self._parsed.values())

    def installed(self, root: Path) -> dict[str, Path]:
        """Directories of downloaded modules by their dotted path, from modules.json."""
        manifest = root / ".terraform" / "modules" / "modules.json"
        if not self.files.exists(manifest):
            return {}
        try:
            entries = json.loads(self.files.bytes(manifest))["Modules"]
            return {entry["Key"]: root / entry["Dir"] for entry in entries if entry["Key"]}
        except (ReadError, ValueError, KeyError, TypeError):
            return {}  # as if nothing were downloaded: the calls say so
