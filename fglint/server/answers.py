"""Answers to an editor's questions: values, rules and declarations at a place."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from fglint.policy.documentation import rule_page
from fglint.server import lookup
from fglint.server.checking import Checked
from fglint.server.positions import offset, range_of
from fglint.server.session import Server, path_of


def _pointed(server: Server, uri: str, at: types.Position) -> list[tuple[Checked, lookup.Pointed]]:
    """The reference at a position in each root that has the file."""
    found: list[tuple[Checked, lookup.Pointed]] = []
    path, overlay = path_of(uri), server.overlay()
    for checked in _current(server, path, overlay):
        configuration = checked.configuration
        if configuration is None:
            continue
        shown = configuration.session.files.display(path)
        for file in configuration.files:
            if file.source.path == shown:
                place = offset(file.source, at, server.encoding)
                pointed = lookup.pointed(configuration, shown, place)
                if pointed is not None:
                    found.append((checked, pointed))
    return found


def _current(server: Server, path: Path, overlay: dict[Path, str]) -> list[Checked]:
    """The roots of a file, checked again where its text is newer than the last check."""
    roots = server.roots(path)
    found = [server.checked[root.directory] for root in roots if root.directory in server.checked]
    text = overlay.get(path)
    stale = len(found) < len(roots) or any(
        file.source.text != text
        for checked in found
        if checked.configuration is not None
        for file in checked.configuration.files
        if file.source.path == checked.configuration.session.files.display(path)
    )
    if stale:
        server.check([path], overlay)
        found = [server.checked[r.directory] for r in roots if r.directory in server.checked]
    return found


def hover_at(server: Server, uri: str, at: types.Position) -> types.Hover | None:
    """The value of the reference at a position, and the rules of the findings there."""
    texts: dict[str, None] = {}
    shown: types.Range | None = None
    for _, pointed in _pointed(server, uri, at):
        shown = range_of(pointed.range, server.encoding)
        texts.update(dict.fromkeys(lookup.values(pointed)))
    for checked in server.checked.values():
        by_file = server.found.get(checked.root.directory, {})
        for diagnostic in by_file.get(path_of(uri), []):
            inside = diagnostic.range.start <= at <= diagnostic.range.end
            rule = checked.rule(str(diagnostic.code)) if inside and diagnostic.code else None
            if rule is not None:
                texts.setdefault(rule_page(rule))
    if not texts:
        return None
    markdown = types.MarkupContent(types.MarkupKind.Markdown, "\n\n".join(texts))
    return types.Hover(markdown, shown)


def definition_at(server: Server, uri: str, at: types.Position) -> types.Location | None:
    """Where the reference at a position is declared."""
    for checked, pointed in _pointed(server, uri, at):
        found = lookup.definition(pointed)
        if found is not None:
            where = checked.path(found).as_uri()
            return types.Location(where, range_of(found, server.encoding))
    return None
