"""Bodies: arguments and blocks."""

from __future__ import annotations

from typing import Protocol

from fglint.syntax.cursor import Cursor
from fglint.syntax.expressions import whole_expression
from fglint.syntax.literals import quoted_text
from fglint.syntax.mistakes import (
    after_argument,
    neither,
    no_brace,
    no_item,
    not_an_equals_sign,
    unclosed_block,
)
from fglint.syntax.nodes import Attribute, Block, Body, Expression, Invalid, Label
from fglint.syntax.trouble import Trouble

_ITEM = ("=", "{", "string", "ident")  # what can follow a name that begins an item


class Recovery(Protocol):
    """What a body does about an error in one of its items."""

    def resume(self, trouble: Trouble, start: int, item: int, closing: str) -> bool:
        """Moves on to where parsing can go on; false when the body ends there, too.

        The item begins at the offset `start`; `item` is the first of its tokens that is there.
        """

    def unclosed(self, trouble: Trouble) -> None:
        """Keeps the error about a block without its closing brace."""


def parse_items(
    cursor: Cursor,
    closing: str,
    recovery: Recovery | None,
    attributes: dict[str, Attribute],
    blocks: list[Block],
) -> None:
    """Adds the items up to the closing token, which is left; without recovery errors are raised.

    An error that leaves the function knows where the outermost broken item begins.
    """
    while True:
        kind = cursor.kinds[cursor.index]
        if kind == "newline":
            cursor.index += 1
            continue
        if kind == closing or kind == "end":
            return
        tokens, item, depth, start = cursor.tokens, cursor.index, cursor.depth, cursor.start
        try:
            _item(cursor, attributes, blocks, recovery)
        except Trouble as trouble:
            if recovery is None:
                trouble.item = start
                raise
            cursor.depth, cursor.inline = depth, False
            broken = None
            if cursor.tokens is not tokens:
                item = 0  # an error inside the item has replaced them
            else:
                broken = _broken_attribute(cursor, item, trouble, closing == "end")
            goes_on = recovery.resume(trouble, start, item, closing)
            if broken is not None:
                broken.end = broken.expression.end = min(broken.end, cursor.start)
                attributes.setdefault(broken.name, broken)
            if not goes_on:
                return


def _broken_attribute(cursor: Cursor, item: int, trouble: Trouble, top: bool) -> Attribute | None:
    """The argument that an item with an error is; its value is not known."""
    if cursor.kinds[item] != "ident" or cursor.kinds[item + 1] in ("{", "string", "ident"):
        return None
    if top and cursor.kinds[item + 1] != "=":
        return None  # there are mostly blocks
    start, end = cursor.starts[item], cursor.ends[item]
    begin = cursor.ends[item + 1] if cursor.kinds[item + 1] == "=" else end
    expression_end = max(begin, trouble.end)
    return Attribute(
        start, expression_end, cursor.text[start:end], end, Invalid(begin, expression_end)
    )


def _item(
    cursor: Cursor,
    attributes: dict[str, Attribute],
    blocks: list[Block],
    recovery: Recovery | None,
) -> None:
    index = cursor.index
    kind = cursor.kinds[index]
    following = cursor.kinds[index + 1] if kind in ("ident", "string") else ""
    if kind == "ident":
        if following == "=":
            _keep(cursor, attributes, _attribute(cursor))
            return
        brace = _brace(cursor)
        if brace:
            blocks.append(_block(cursor, brace, recovery))
            _end_of_block(cursor)
        elif following in ("string", "ident") or (following == '"' and not _opens_a_block(cursor)):
            _keep(cursor, attributes, _without_equals_sign(cursor))
        elif following in (":", "=="):
            not_an_equals_sign(cursor)
            _keep(cursor, attributes, _attribute(cursor))
        else:
            raise neither(cursor)
    elif kind == "string" and following in ("=", ":"):
        cursor.report(
            "Invalid argument name",
            "Names of arguments are written without quotes.",
            cursor.starts[index],
            cursor.ends[index],
        )
        _keep(cursor, attributes, _attribute(cursor))
    else:
        raise no_item(cursor)


# ---- arguments --------------------------------------------------------------------------------


def _attribute(cursor: Cursor) -> Attribute:
    index = cursor.index
    start, end = cursor.starts[index], cursor.ends[index]
    name = cursor.text[start:end].strip('"')
    cursor.index = index + 2
    value: Expression = whole_expression(cursor)
    attribute = Attribute(start, value.end, name, end, value)
    if cursor.kinds[cursor.index] not in ("newline", "end"):
        _after_argument(cursor, attribute)
    return attribute


def _without_equals_sign(cursor: Cursor) -> Attribute:
    """`name "value"`: an argument whose value is not known."""
    index = cursor.index
    start, end = cursor.starts[index], cursor.ends[index]
    name = cursor.text[start:end]
    cursor.index = index + 1
    value = whole_expression(cursor)
    cursor.report(
        "Invalid block definition",
        f'Here is no "{{" that opens a block; a value is given with {name} = ….',
        start,
        value.end,
    )
    attribute = Attribute(start, value.end, name, end, Invalid(value.start, value.end))
    if cursor.kinds[cursor.index] not in ("newline", "end"):
        _after_argument(cursor, attribute)
    return attribute


def _after_argument(cursor: Cursor, attribute: Attribute) -> None:
    """Goes on where an argument does not end its line, if what follows is clear."""
    kind = cursor.kind
    if kind == "}" and cursor.inline:
        return
    following = cursor.kinds[cursor.index + 1 : cursor.index + 2]
    if cursor.inline and (kind == "," or kind == "ident"):
        cursor.index += kind == ","  # that block has been reported as a whole
    elif kind == ",":
        cursor.report(
            "Unexpected comma after argument",
            "Arguments are separated by new lines; remove the comma.",
            cursor.start,
            cursor.start + 1,
        )
        cursor.index += 1
    elif kind == "}" and cursor.depth:
        cursor.report(
            "Missing newline after argument",
            f'A new line is expected after the argument of "{attribute.name}": give the closing '
            "brace a line of its own.",
            cursor.start,
            cursor.start + 1,
        )
    elif kind == "ident" and following == ["="]:
        cursor.report(
            "Missing newline after argument",
            f'A new line is expected after the argument of "{attribute.name}": give '
            f'"{cursor.word()}" a line of its own.',
            cursor.start,
            cursor.ends[cursor.index],
        )
    else:
        raise after_argument(cursor, attribute)


def _keep(cursor: Cursor, attributes: dict[str, Attribute], attribute: Attribute) -> None:
    first = attributes.setdefault(attribute.name, attribute)
    if first is not attribute:
        line = cursor.source.position(first.start).line
        cursor.report(
            "Attribute redefined",
            f'The argument "{attribute.name}" was already set on line {line}. Each argument may '
            "be set only once.",
            attribute.start,
            attribute.name_end,
        )


# ---- blocks -----------------------------------------------------------------------------------


def _brace(cursor: Cursor) -> int:
    """The token that opens the block whose header is here; 0 when there is none.

    Reports what is wrong before the brace, and raises what cannot be a header.
    """
    kinds, at = cursor.kinds, cursor.index + 1
    while kinds[at] == "string" or kinds[at] == "ident":
        at += 1
    if kinds[at] == "{":
        return at
    type_, labels = cursor.word(), at - cursor.index - 1
    if labels and kinds[at : at + 2] == ["=", "{"]:
        cursor.report(
            "Invalid block definition",
            f'A {type_} block is opened with "{{", without "=".',
            cursor.starts[at],
            cursor.ends[at],
        )
        return at + 1
    line_end = at
    while kinds[at] == "newline":
        at += 1
    if kinds[at] == "{" and at > line_end:
        cursor.report(
            "Invalid block definition",
            f'The "{{" that opens the {type_} block must be on the same line as "{type_}".',
            cursor.starts[at],
            cursor.ends[at],
        )
        return at
    if not labels or (labels == 1 and not _opens_a_block(cursor)):
        return 0
    cursor.index = line_end
    raise no_brace(cursor, type_)


def _opens_a_block(cursor: Cursor) -> bool:
    """Whether the line here ends with a brace, or breaks off inside a label."""
    at = cursor.index
    while cursor.kinds[at] not in ("newline", "end", "bad"):
        at += 1
    return cursor.kinds[at] == "bad" or cursor.kinds[at - 1] == "{"


def _end_of_block(cursor: Cursor) -> None:
    kind = cursor.kind
    if kind in ("newline", "end"):
        return
    if cursor.inline and kind in ("}", "ident", ","):
        cursor.index += kind == ","  # the block around has been reported as a whole
        return
    if kind == "," or (kind == "ident" and cursor.kinds[cursor.index + 1] in _ITEM):
        cursor.report(
            "Missing newline after block",
            f"A new line is expected after the block, but here is {cursor.found()}.",
            cursor.start,
            cursor.ends[cursor.index],
        )
        cursor.index += kind == ","
        return
    raise cursor.trouble(
        "Missing newline after block",
        f"A new line is expected after the block, but here is {cursor.found()}.",
    )


def _block(cursor: Cursor, brace: int, recovery: Recovery | None) -> Block:
    index = cursor.index
    start, header_end = cursor.starts[index], cursor.ends[index]
    type_ = cursor.text[start:header_end]
    labels: list[Label] = []
    index += 1
    while (kind := cursor.kinds[index]) == "string" or kind == "ident":
        begin, header_end = cursor.starts[index], cursor.ends[index]
        if kind == "string":
            value = quoted_text(cursor, begin + 1, header_end - 1)
        else:
            value = cursor.text[begin:header_end]
        labels.append(Label(begin, header_end, value))
        index += 1
    cursor.index = brace + 1
    opening = cursor.starts[brace]
    cursor.enter()
    body = _body(cursor, opening, recovery)
    cursor.depth -= 1
    block = Block(start, body.end, type_, tuple(labels), body, header_end)
    if cursor.kind == "}":
        body.end = block.end = cursor.ends[cursor.index]
        cursor.index += 1
        return block
    if cursor.kind == "bad" and cursor.tokens.trouble is not None:
        raise cursor.tokens.trouble
    trouble = unclosed_block(cursor, block)
    if recovery is None or cursor.kind != "end":
        raise trouble
    recovery.unclosed(trouble)
    return block


def _body(cursor: Cursor, opening: int, recovery: Recovery | None) -> Body:
    """What stands between braces; the closing one is left."""
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    outer, cursor.inline = cursor.inline, cursor.kind not in ("newline", "end", "}")
    if cursor.inline:
        _inline_items(cursor, recovery, attributes, blocks)
    else:
        parse_items(cursor, "}", recovery, attributes, blocks)
    cursor.inline = outer
    return Body(opening, cursor.start, cursor.source, attributes, tuple(blocks))


def _inline_items(
    cursor: Cursor,
    recovery: Recovery | None,
    attributes: dict[str, Attribute],
    blocks: list[Block],
) -> None:
    """`{ name = value }`: a block on one line has one argument at most; more is reported."""
    if cursor.kind == "ident" and cursor.kinds[cursor.index + 1] == "=":
        attribute = _attribute(cursor)
        attributes[attribute.name] = attribute
        if cursor.kind == "}" and cursor.kinds[cursor.index - 1] != ",":
            return
    cursor.report(
        "Invalid single-line block definition",
        "A block on one line holds a single argument and closes on that line; begin a new line "
        "after its opening brace.",
        cursor.start,
        cursor.ends[cursor.index],
    )
    parse_items(cursor, "}", recovery, attributes, blocks)
