"""Comments that say that findings do not count, and what each of them covers.

    # fglint: ignore[plaintext-secret, iam] until=2027-03-31 -- the vendor wants it so
    # fglint: ignore-file[iam] -- generated

On a line with code, or alone above one, a comment covers what begins on that line: an argument, an
element, or a block with all that is in it. In JSON syntax, the member "//" of an object covers the
block that holds it. In brackets stand names of rules, and of folders of rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from fglint.diagnostic import Diagnostic
from fglint.records import dataclass
from fglint.source import Range, SourceFile
from fglint.syntax.nodes import (
    Block,
    Body,
    Call,
    Conditional,
    Expression,
    File,
    For,
    Node,
    ObjectCons,
    Parentheses,
    TupleCons,
)

_MARKS = ("fglint", "FGLINT", "Fglint")  # how somebody may begin a comment that is meant for us

_DIRECTIVE = re.compile(r"^(?:#+|//+|/\*+)?\s*fglint:\s*(?P<rest>.*?)\s*(?:\*/)?$", re.DOTALL)
_ALMOST = re.compile(r"^(?:#+|//+|/\*+)?\s*fglint\b[\s:]*ignor", re.IGNORECASE)
_IGNORE = re.compile(
    r"(?P<verb>ignore-file|ignore)\s*\[(?P<rules>[^\]]*)\](?P<options>.*?)(?:\s--\s*(?P<reason>.*))?$",
    re.DOTALL,
)
_JSON_COMMENT = re.compile(r'"//"\s*:\s*"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True, eq=False)
class IgnoreComment:
    """One comment: whose findings it hides, and where.

    `covers` is the range of text, `block` the block when it covers one, so that findings about
    the block are covered wherever their place is.
    """

    rules: tuple[str, ...]
    range: Range
    covers: Range
    block: Block | None = None
    whole_file: bool = False
    reason: str | None = None
    until: date | None = None


def ignore_comments(file: File) -> tuple[list[IgnoreComment], list[Diagnostic]]:
    """The ignore comments of a file, and what is wrong with those that are none."""
    found: list[IgnoreComment] = []
    wrong: list[Diagnostic] = []
    if not _mentions(file.source.text):
        return found, wrong
    starts: dict[int, Node] | None = None
    for text, at in _texts(file):
        directive = _DIRECTIVE.match(text)
        if directive is None:
            if _ALMOST.match(text):
                wrong.append(
                    _wrong(at, "write fglint: ignore[RULE], with the colon, in lower case")
                )
            continue
        parsed = _parse(directive["rest"], at)
        if isinstance(parsed, Diagnostic):
            wrong.append(parsed)
            continue
        if starts is None:
            starts = _starts(file)
        found.append(_covering(parsed, file, starts))
    return found, wrong


def _mentions(text: str) -> bool:
    return any(mark in text for mark in _MARKS)


def _texts(file: File) -> Iterator[tuple[str, Range]]:
    """The comments of a file; those that stand in JSON's way of writing them, too."""
    source = file.source
    for comment in file.comments:
        if _mentions(comment.text):
            yield comment.text, source.range(comment.start, comment.end)
    if file.body.json:
        for match in _JSON_COMMENT.finditer(source.text):
            yield match[1], source.range(match.start(1), match.end(1))


# ---- the text ---------------------------------------------------------------------------------


def _parse(text: str, at: Range) -> IgnoreComment | Diagnostic:
    ignore = _IGNORE.match(text)
    if ignore is None:
        return _wrong(at, _why_not(text))
    rules = tuple(name for name in re.split(r"[\s,]+", ignore["rules"].strip()) if name)
    if not rules:
        return _wrong(at, "it names no rule; write ignore[RULE]")
    until: date | None = None
    for option in ignore["options"].split():
        key, _, value = option.partition("=")
        if key != "until":
            return _wrong(at, f'it has no option "{option}"; write until=YYYY-MM-DD or -- reason')
        try:
            until = date.fromisoformat(value)
        except ValueError:
            return _wrong(at, f'"{value}" is no date; write until=YYYY-MM-DD')
    reason = (ignore["reason"] or "").strip() or None
    whole_file = ignore["verb"] == "ignore-file"
    return IgnoreComment(rules, at, at, None, whole_file, reason, until)


def _why_not(text: str) -> str:
    words = re.match(r"[\w-]*", text)
    verb = words[0] if words else ""
    if verb in ("ignore", "ignore-file"):
        return f"it must say which rules: {verb}[RULE]; a bare {verb} would hide future rules, too"
    return f'"{verb}" is not known; write ignore[RULE] or ignore-file[RULE]'


def _wrong(at: Range, why: str) -> Diagnostic:
    return Diagnostic(
        "warning", "Ignore comment without effect", f"The comment does not count: {why}.", at
    )


# ---- what it covers ---------------------------------------------------------------------------


def _covering(comment: IgnoreComment, file: File, starts: dict[int, Node]) -> IgnoreComment:
    source = file.source
    if comment.whole_file:
        return _with(comment, source.range(0, len(source.text)), None)
    if file.body.json:
        block = _innermost(file.body, comment.range.start)
        covers = comment.range if block is None else block.body.range(block.body)
        return _with(comment, covers, block)
    line = _line_of_code(file, comment.range)
    node = starts.get(line)
    end = _start(source, line + 1)
    covers = source.range(_start(source, line), end if node is None else max(end, node.end))
    return _with(comment, covers, node if isinstance(node, Block) else None)


def _with(comment: IgnoreComment, covers: Range, block: Block | None) -> IgnoreComment:
    return replace(comment, covers=covers, block=block)


def _start(source: SourceFile, line: int) -> int:
    starts = source.line_starts
    return starts[line - 1] if line <= len(starts) else len(source.text)


def _line_of_code(file: File, at: Range) -> int:
    """The comment's own line, or the next with code where it stands alone."""
    source = file.source
    line = at.begin.line
    if source.line(line)[: at.begin.column - 1].strip():
        return line
    commented = {
        number
        for comment in file.comments
        for number in range(
            source.position(comment.start).line, source.position(comment.end - 1).line + 1
        )
        if not source.line(number)[: _column(source, comment.start, number)].strip()
    }
    line = at.finish.line if at.finish.column > 1 else at.finish.line - 1
    while line in commented:
        line += 1
    return line


def _column(source: SourceFile, offset: int, line: int) -> int:
    """The column before which code may stand: none on a comment's later lines."""
    position = source.position(offset)
    return position.column - 1 if position.line == line else 0


def _starts(file: File) -> dict[int, Node]:
    """For each line, the widest piece of syntax that begins on it."""
    starts: dict[int, Node] = {}
    for node in _nodes(file.body):
        known = starts.setdefault(file.source.position(node.start).line, node)
        if node.end > known.end:
            starts[file.source.position(node.start).line] = node
    return starts


def _nodes(body: Body) -> Iterator[Node]:
    """All pieces that a comment may stand above."""
    for attribute in body.attributes.values():
        yield attribute
        yield from _elements(attribute.expression)
    for block in body.blocks:
        yield block
        yield from _nodes(block.body)


def _elements(expression: Expression) -> Iterator[Node]:
    match expression:
        case ObjectCons(items=items):
            for item in items:
                yield item
                yield from _elements(item.value)
        case TupleCons(items=elements) | Call(arguments=elements):
            for element in elements:
                yield element
                yield from _elements(element)
        case Parentheses(expression=inner):
            yield from _elements(inner)
        case Conditional(then=then, otherwise=otherwise):
            yield from _elements(then)
            yield from _elements(otherwise)
        case For(value=value):
            yield from _elements(value)
        case _:
            return


def _innermost(body: Body, offset: int) -> Block | None:
    for block in body.blocks:
        if block.body.start <= offset < block.body.end:
            return _innermost(block.body, offset) or block
    return None
