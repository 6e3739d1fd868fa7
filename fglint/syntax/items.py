"""Adding items to lists and objects, on lines of their own where the others have such."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fglint.syntax.alignment import Edit
from fglint.syntax.layout import Layout
from fglint.syntax.members import CannotEditError
from fglint.syntax.nodes import Node, ObjectCons, TupleCons

_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"|(?:#|//).*')
_WIDTH = 100  # a list that would be longer is spread over several lines


def listed(layout: Layout, at: int, items: Sequence[str]) -> str:
    """A new list that begins in a column: on one line where it fits."""
    line = f"[{', '.join(items)}]"
    if at + len(line) <= _WIDTH or len(items) < 2 or "\n" in line:
        return line
    inner = "".join(f"\n{layout.unit}{item}," for item in items)
    return f"[{inner}\n]"


def extended(layout: Layout, node: ObjectCons | TupleCons, new: Sequence[str]) -> Iterator[Edit]:
    """The edits that put items behind the last one."""
    text = layout.text
    indent = layout.indent(node.start)
    if not node.items:
        if text[node.start + 1 : node.end - 1].strip():
            raise CannotEditError("it holds a comment alone")
        column = node.start - layout.line_start(node.start)
        joined = listed(layout, column, new)
        if isinstance(node, ObjectCons):
            joined = f"{{ {', '.join(new)} }}"
        yield Edit(node.start, node.end, layout.indented(joined, indent))
        return
    if isinstance(node, TupleCons) and _is_too_long(layout, node, new):
        items = [*(text[item.start : item.end] for item in node.items), *new]
        joined = "".join(f"\n{layout.unit}{item}," for item in items)
        yield Edit(node.start, node.end, layout.indented(f"[{joined}\n]", indent))
        return
    last = node.items[-1]
    own_line = not text[layout.line_start(last.start) : last.start].strip()
    closes = "\n" not in text[last.end : node.end]
    if own_line and not closes:
        yield from _below(layout, node, last, new)
    else:
        yield from _beside(layout, last, new)


def _is_too_long(layout: Layout, node: TupleCons, new: Sequence[str]) -> bool:
    """Whether a list on one line, which holds nothing but its items, would be too long."""
    written = layout.text[node.start : node.end]
    if "\n" in written or "/*" in written or any("\n" in each for each in new):
        return False
    line = layout.text[layout.line_start(node.start) : node.end]
    return len(line) + sum(len(each) + 2 for each in new) > _WIDTH


def _below(
    layout: Layout, node: ObjectCons | TupleCons, last: Node, new: Sequence[str]
) -> Iterator[Edit]:
    comma = layout.has_comma(last)
    needs = isinstance(node, TupleCons) or any(map(layout.has_comma, node.items))
    if needs and not comma:
        yield Edit(last.end, last.end, ",")
    indent = layout.indent(last.start)
    lines = [f"{indent}{layout.indented(each, indent)}" for each in new]
    between = f"{',' if needs else ''}{layout.newline}"
    at = layout.line_end(layout.past_comma(last))
    yield Edit(at, at, f"{between.join(lines)}{',' if comma else ''}{layout.newline}")


def _opened(line: str) -> int:
    """How many brackets more a line opens than it closes."""
    bare = _QUOTED.sub("", line)
    return sum(bare.count(each) for each in "([{") - sum(bare.count(each) for each in ")]}")


def _beside(layout: Layout, last: Node, new: Sequence[str]) -> Iterator[Edit]:
    """On the line on which the last one ends.

    A line that closes fewer brackets than that of the item's beginning opens stays one level
    deeper, as terraform fmt has it.
    """
    text, end, line = layout.text, layout.past_comma(last), layout.line_start(last.end)
    indent = layout.indent(last.end - 1)
    texts = [layout.indented(each, indent) for each in new]
    begins = layout.line_start(last.start)
    first, *more = ", ".join(texts).splitlines()
    after = text[line:end] + first + ("" if more else text[end : layout.line_end(end)])
    opened = _opened(text[begins : layout.line_end(begins)])
    if begins < line and not text[line : last.end - 1].strip() and -_opened(after) < opened:
        yield Edit(line + len(indent), line + len(indent), layout.unit)
        for index, text in enumerate(texts[:-1]):
            head, newline, brace = text.rpartition("\n")
            texts[index] = f"{head}{newline}{indent}{layout.unit}{brace.strip()}"
    comma = "" if layout.has_comma(last) else ","
    yield Edit(end, end, f"{comma} {', '.join(texts)}")
