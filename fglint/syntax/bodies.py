"""Bodies: arguments and blocks."""

from __future__ import annotations

from typing import Protocol

from fglint.syntax.cursor import Cursor
from fglint.syntax.expressions import whole_expression
from fglint.syntax.literals import quoted_text
from fglint.syntax.nodes import Attribute, Block, Body, Expression, Invalid, Label
from fglint.syntax.trouble import Trouble


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
            if cursor.tokens is not tokens:
                item = 0  # an error inside the item has replaced them
            else:
                broken = _broken_attribute(cursor, item, trouble)
                if broken is not None:
                    attributes.setdefault(broken.name, broken)
            if not recovery.resume(trouble, start, item, closing):
                return


def _broken_attribute(cursor: Cursor, item: int, trouble: Trouble) -> Attribute | None:
    if cursor.kinds[item : item + 2] != ["ident", "="]:
        return None
    start, end = cursor.starts[item], cursor.ends[item]
    begin = cursor.ends[item + 1]
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
        elif following == "{" or following == "string" or following == "ident":
            blocks.append(_block(cursor, recovery))
            _end_of_item(cursor, "block", "")
        elif following == ":" or following == "==":
            _not_an_equals_sign(cursor)
            _keep(cursor, attributes, _attribute(cursor))
        else:
            raise _neither(cursor)
    elif kind == "string" and following in ("=", ":"):
        cursor.report(
            "Invalid argument name",
            "Names of arguments are written without quotes.",
            cursor.starts[index],
            cursor.ends[index],
        )
        _keep(cursor, attributes, _attribute(cursor))
    else:
        raise _no_item(cursor)


def _not_an_equals_sign(cursor: Cursor) -> None:
    index = cursor.index
    written = cursor.kinds[index + 1]
    name = cursor.text[cursor.starts[index] : cursor.ends[index]]
    cursor.report(
        "Argument or block definition required",
        f'A value is given with "=": {name} = …, not {name}{written} ….',
        cursor.starts[index + 1],
        cursor.ends[index + 1],
    )


def _neither(cursor: Cursor) -> Trouble:
    name = cursor.word()
    cursor.index += 1
    if cursor.kind in ("newline", "end"):
        return Trouble(
            "Invalid block definition",
            f'"{name}" stands alone: a block is opened with "{{" on the same line, a value is '
            f"given with {name} = ….",
            cursor.starts[cursor.index - 1],
            cursor.ends[cursor.index - 1],
        )
    if cursor.kind == '"':
        return cursor.trouble(
            "Invalid block label", "Labels of blocks are constant: no interpolation is possible."
        )
    if cursor.kind in (".", "["):
        return cursor.trouble(
            "Invalid argument name", "The name of an argument is one word, without dots or indices."
        )
    return cursor.trouble(
        "Argument or block definition required",
        f'Expected "=" or "{{" after "{name}", but here is {cursor.found()}.',
    )


def _no_item(cursor: Cursor) -> Trouble:
    if cursor.kind == "}":
        return cursor.trouble(
            "Unexpected closing brace", "There is no open block that this brace closes."
        )
    return cursor.trouble(
        "Argument or block definition required",
        f"An argument or a block begins with a name, but here is {cursor.found()}.",
    )


# ---- arguments --------------------------------------------------------------------------------


def _attribute(cursor: Cursor) -> Attribute:
    index = cursor.index
    start, end = cursor.starts[index], cursor.ends[index]
    name = cursor.text[start:end].strip('"')
    cursor.index = index + 2
    value: Expression = whole_expression(cursor)
    _end_of_item(cursor, "argument", name)
    return Attribute(start, value.end, name, end, value)


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


def _end_of_item(cursor: Cursor, what: str, name: str) -> None:
    kind = cursor.kinds[cursor.index]
    if kind == "newline" or kind == "end" or (kind == "}" and what == "argument" and cursor.inline):
        return
    if kind == "," and what == "argument":
        raise cursor.trouble(
            "Unexpected comma after argument",
            "Arguments are separated by new lines; remove the comma.",
        )
    if kind == "=":
        raise cursor.trouble("Invalid expression", 'Two values are compared with "==", not "=".')
    of = f' of "{name}"' if name else ""
    raise cursor.trouble(
        f"Missing newline after {what}",
        f"A new line is expected after the {what}{of}, but here is {cursor.found()}.",
    )


# ---- blocks -----------------------------------------------------------------------------------


def _block(cursor: Cursor, recovery: Recovery | None) -> Block:
    index = cursor.index
    start, header_end = cursor.starts[index], cursor.ends[index]
    type_ = cursor.text[start:header_end]
    labels: list[Label] = []
    index += 1
    while (kind := cursor.kinds[index]) in ("string", "ident"):
        begin, header_end = cursor.starts[index], cursor.ends[index]
        if kind == "string":
            value = quoted_text(cursor, begin + 1, header_end - 1)
        else:
            value = cursor.text[begin:header_end]
        labels.append(Label(begin, header_end, value))
        index += 1
    cursor.index = index
    if kind != "{":
        raise _no_brace(cursor, type_, start)
    cursor.index += 1
    body = _block_body(cursor, start, header_end, recovery)
    return Block(start, body.end, type_, tuple(labels), body, header_end)


def _no_brace(cursor: Cursor, type_: str, start: int) -> Trouble:
    if cursor.kind == "newline":
        return Trouble(
            "Invalid block definition",
            f'The "{{" that opens the {type_} block must be on the same line.',
            start,
            cursor.start,
        )
    if cursor.kind == '"':
        return cursor.trouble(
            "Invalid block label", "Labels of blocks are constant: no interpolation is possible."
        )
    if cursor.kind == "=":
        return cursor.trouble(
            "Invalid block definition", f'A {type_} block is opened with "{{", without "=".'
        )
    return cursor.trouble(
        "Invalid block definition",
        f'Expected a label or "{{" in the header of the {type_} block.',
    )


def _block_body(cursor: Cursor, start: int, header_end: int, recovery: Recovery | None) -> Body:
    """The body between braces, with them in its range."""
    opening = cursor.ends[cursor.index - 1] - 1
    cursor.enter()
    outer, cursor.inline = cursor.inline, cursor.kind not in ("newline", "end", "}")
    if cursor.inline:
        body = _inline_body(cursor)
    else:
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        parse_items(cursor, "}", recovery, attributes, blocks)
        body = Body(opening, cursor.start, cursor.source, attributes, tuple(blocks))
    cursor.inline = outer
    cursor.depth -= 1
    body.start = opening
    if cursor.kind == "}":
        cursor.index += 1
        body.end = cursor.ends[cursor.index - 1]
        return body
    line, column = cursor.source.position(opening)
    trouble = Trouble(
        "Unclosed block",
        f"The block that begins here has no closing brace for the one on line {line}, column "
        f"{column}.",
        start,
        header_end,
    )
    if recovery is None or cursor.kind != "end":
        raise cursor.tokens.trouble if cursor.kind == "bad" and cursor.tokens.trouble else trouble
    recovery.unclosed(trouble)
    return body


def _inline_body(cursor: Cursor) -> Body:
    """`{ name = value }`: a block on one line has one argument at most."""
    start, index = cursor.start, cursor.index
    if cursor.kind != "ident" or cursor.kinds[index + 1] != "=":
        raise cursor.trouble(
            "Invalid single-line block definition",
            "A block on one line holds a single argument; begin a new line after the brace.",
        )
    attribute = _attribute(cursor)
    if cursor.kind != "}":
        raise cursor.trouble(
            "Invalid single-line block definition",
            "A block that begins with an argument on the line of its brace must close on that "
            "line; begin a new line after the opening brace.",
        )
    return Body(start, cursor.start, cursor.source, {attribute.name: attribute}, ())
