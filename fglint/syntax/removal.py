"""Taking out arguments, members and blocks, with the blank lines and commas that they leave."""

from __future__ import annotations

from collections.abc import Iterator

from fglint.syntax.alignment import Edit
from fglint.syntax.layout import Layout
from fglint.syntax.members import CannotEditError, index_of
from fglint.syntax.nodes import Block, Node, ObjectCons


def without_item(layout: Layout, node: ObjectCons, name: str) -> Iterator[Edit]:
    """The edits that take a member out of an object."""
    index = index_of(node, name)
    if index is None:
        raise CannotEditError(f"there is no {name} in the object that is written out")
    text, item = layout.text, node.items[index]
    end = layout.past_comma(item)
    before = node.items[index - 1] if index else None
    after = node.items[index + 1] if index + 1 < len(node.items) else None
    start_of_line, end_of_line = layout.line_start(item.start), layout.line_end(end)
    rest = text[end:end_of_line].strip()
    alone = not text[start_of_line : item.start].strip() and (
        not rest or rest.startswith(("#", "//"))
    )
    if alone:
        yield Edit(start_of_line, end_of_line, "")
        if after is None and not layout.has_comma(item) and before is not None:
            yield Edit(before.end, layout.past_comma(before), "")
    elif after is not None:
        yield Edit(item.start, after.start, "")
    elif before is not None:
        yield Edit(before.end, end, "")
    else:
        yield Edit(node.start + 1, node.end - 1, "")


def without_lines(layout: Layout, owner: Block, node: Node) -> Edit:
    """The edit that takes the lines of an argument or nested block out of a block."""
    opening = layout.opening(owner)
    if layout.is_on_one_line(owner):
        return Edit(opening + 1, owner.end - 1, "")
    start, end = _whole_lines(layout, node)
    following = layout.text[end : layout.line_end(end)].strip()
    previous = layout.line_before(start)
    if start > opening + 1 and not previous.strip() and following in ("", "}"):
        start -= len(previous)  # no two blank lines, and none before the brace
    elif previous.rstrip().endswith("{") and not following:
        end = layout.line_end(end)
    return Edit(start, end, "")


def without_block(layout: Layout, block: Block) -> Edit:
    """The edit that takes a top-level block out of its file, and a blank line with it."""
    start, end = _whole_lines(layout, block)
    if layout.text[end : layout.line_end(end)].strip() == "" and end < len(layout.text):
        end = layout.line_end(end)
    elif start and not layout.line_before(start).strip():
        start -= len(layout.line_before(start))
    return Edit(start, end, "")


def _whole_lines(layout: Layout, node: Node) -> tuple[int, int]:
    text = layout.text
    start, end = layout.line_start(node.start), layout.line_end(node.end)
    rest = text[node.end : end].strip()
    if text[start : node.start].strip() or (rest and not rest.startswith(("#", "//"))):
        raise CannotEditError("it shares its lines with something else")
    return start, end
