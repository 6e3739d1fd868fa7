"""What can be done about a finding: a comment that ignores it, and the edits that fix it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol import types

from fglint.comments import ignore_comments
from fglint.finding import Finding
from fglint.server.checking import Checked
from fglint.server.positions import offset, range_of
from fglint.server.problems import SOURCE
from fglint.source import SourceFile
from fglint.syntax import parse_file
from fglint.syntax.nodes import Attribute, Block, Body, Node


def actions(
    source: SourceFile,
    uri: str,
    diagnostics: Iterable[types.Diagnostic],
    checked: Iterable[Checked],
    encoding: str,
) -> Iterator[types.CodeAction]:
    """The actions for the diagnostics of a file, fixes first."""
    known = list(checked)
    for diagnostic in diagnostics:
        if diagnostic.source != SOURCE or not isinstance(diagnostic.code, str):
            continue
        for root in known:
            yield from _fixes(diagnostic, root, encoding)
        ignore = _ignore(source, uri, diagnostic, encoding)
        if ignore is not None:
            yield ignore


def _fixes(
    diagnostic: types.Diagnostic, checked: Checked, encoding: str
) -> Iterator[types.CodeAction]:
    for problem in checked.problems:
        finding = problem.about
        if not isinstance(finding, Finding) or finding.fix is None or not finding.fix.edits:
            continue
        if not _is_of(diagnostic, finding):
            continue
        changes: dict[str, list[types.TextEdit]] = {}
        for edit in finding.fix.edits:
            uri = checked.path(edit.range).as_uri()
            change = types.TextEdit(range_of(edit.range, encoding), edit.text)
            changes.setdefault(uri, []).append(change)
        safe = finding.fix.safety == "safe"
        yield types.CodeAction(
            title=f"Fix {finding.rule}" + ("" if safe else " (unsafe: read what it changes)"),
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[diagnostic],
            is_preferred=safe,
            edit=types.WorkspaceEdit(changes=changes),
        )


def _is_of(diagnostic: types.Diagnostic, finding: Finding) -> bool:
    data = diagnostic.data
    given = data.get("fingerprint") if isinstance(data, dict) else getattr(data, "fingerprint", "")
    return bool(diagnostic.code == finding.rule and given == finding.fingerprint)


# ---- ignoring ---------------------------------------------------------------------------------


def _ignore(
    source: SourceFile, uri: str, diagnostic: types.Diagnostic, encoding: str
) -> types.CodeAction | None:
    """A comment above what the finding is about; None where the file can hold none."""
    if source.path.endswith(".json"):
        return None
    at = offset(source, diagnostic.range.start, encoding)
    line = _line_above(source, at)
    if line is None:
        return None
    comment = _comment(source, line, str(diagnostic.code))
    place = types.Position(line - 1, 0)
    edit = types.TextEdit(types.Range(place, place), comment)
    return types.CodeAction(
        title=f"Ignore {diagnostic.code} here with a comment",
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[diagnostic],
        edit=types.WorkspaceEdit(changes={uri: [edit]}),
    )


def _comment(source: SourceFile, line: int, rule: str) -> str:
    text = source.line(line)
    indent = text[: len(text) - len(text.lstrip())]
    start = source.line_starts[line - 1]
    end = source.text.find("\n", start)
    windows = end > 0 and source.text[end - 1] == "\r"
    return f"{indent}# fglint: ignore[{rule}] -- " + ("\r\n" if windows else "\n")


def _line_above(source: SourceFile, at: int) -> int | None:
    """The line of the innermost argument, element or block at an offset: never within a text.

    A comment above covers what begins on that line, so that the finding is covered.
    """
    found = _innermost(parse_file(source).body, at)
    if found is None:
        return None
    line = source.position(found.start).line
    comment = _comment(source, line, "x")
    start = source.line_starts[line - 1]
    tried = SourceFile(source.path, source.text[:start] + comment + source.text[start:])
    moved = at + len(comment)
    covering, _ = ignore_comments(parse_file(tried))
    covered = any(
        each.range.begin.line == line and each.covers.start <= moved < each.covers.end
        for each in covering
    )
    return line if covered else None


def _innermost(body: Body, at: int) -> Node | None:
    attributes: list[Attribute] = list(body.attributes.values())
    for attribute in attributes:
        if attribute.start <= at < attribute.end:
            return attribute
    for block in body.blocks:
        if block.start <= at < block.end:
            return _inside(block, at)
    return None


def _inside(block: Block, at: int) -> Node:
    return block if at < block.header_end else _innermost(block.body, at) or block
