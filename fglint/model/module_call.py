"""Module calls, and whether they always mean the same source.

Source: Terraform's documentation, "Module Sources".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fglint.configuration.loader import Configuration
from fglint.configuration.module import Declaration
from fglint.configuration.scopes import ModuleCall as Call
from fglint.evaluation.types import BOOL, STRING
from fglint.evaluation.values import NULL
from fglint.model.entity import Attribute, Entity, attribute
from fglint.source import Range
from fglint.syntax.nodes import Literal

_DOWNLOADED = ".terraform/"
_REGISTRY = re.compile(r"^(?:[\w.-]+\.[\w.-]+/)?[\w-]+/[\w-]+/[\w-]+(?://.*)?$")
_GIT = re.compile(r"^(?:git::|git@|github\.com[/:]|bitbucket\.org[/:])|\.git(?:$|[?/])")
_REF = re.compile(r"[?&]ref=([^&]+)")
_NUMBER = re.compile(r"\d")  # tags of versions and commits have one, names of branches seldom


class ModuleCall(Entity):
    """A module call of the user's own."""

    kind = "module_call"

    def __init__(self, call: Call) -> None:
        super().__init__(call.address, call.declaration.header)
        self.declaration: Declaration = call.declaration

    def _text(self, name: str) -> str:
        placed = self.declaration.written.get(name)
        node = None if placed is None else placed.node
        return node.value if isinstance(node, Literal) and isinstance(node.value, str) else ""

    def _place_of(self, name: str) -> Range | None:
        placed = self.declaration.written.get(name)
        return self.header if placed is None else placed.range

    @property
    def source_text(self) -> str:
        """Its source."""
        return self._text("source")

    @attribute(STRING)
    def source(self) -> Attribute:
        """Its source, as written."""
        return Attribute(self.source_text, lambda: self._place_of("source"))

    @property
    def form_text(self) -> str:
        """`local`, `registry`, `git` or `other`."""
        text = self.source_text
        if text.startswith(("./", "../", "/")):
            return "local"
        if _GIT.search(text):
            return "git"
        return "registry" if _REGISTRY.match(text) else "other"

    @attribute(STRING)
    def form(self) -> Attribute:
        """`local`, `registry`, `git` or `other`."""
        return Attribute(self.form_text, lambda: self._place_of("source"))

    @attribute(STRING, nullable=True)
    def version(self) -> Attribute:
        """The version that it asks a registry for; null where it asks for none."""
        return Attribute(self._text("version") or NULL, lambda: self._place_of("version"))

    @attribute(STRING, nullable=True)
    def ref(self) -> Attribute:
        """The revision of a git repository; null where it names none."""
        found = _REF.search(self.source_text)
        return Attribute(found[1] if found else NULL, lambda: self._place_of("source"))

    @attribute(BOOL)
    def pinned(self) -> Attribute:
        """Whether it always means the same source: a version, a tag or a commit; local ones do."""
        found = _REF.search(self.source_text)
        match self.form_text:
            case "registry":
                pinned = bool(self._text("version"))
            case "git":
                pinned = found is not None and _NUMBER.search(found[1]) is not None
            case _:
                pinned = True
        return Attribute(pinned, lambda: self._place_of("source"))


def module_calls(configuration: Configuration) -> Iterator[ModuleCall]:
    """The module calls that the user wrote, each once; those in downloaded modules are not."""
    seen: set[tuple[str, int]] = set()
    for call in configuration.calls:
        source = call.declaration.block.body.source
        key = (source.path, call.declaration.block.start)
        if call.parent.stands_in is None and _DOWNLOADED not in source.path and key not in seen:
            seen.add(key)
            yield ModuleCall(call)
