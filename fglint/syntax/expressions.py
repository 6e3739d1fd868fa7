"""Expressions: operators by their binding power, traversals, collections, calls and `for`."""

from __future__ import annotations

from fglint.syntax import templates
from fglint.syntax.cursor import Cursor
from fglint.syntax.literals import number, quoted_text
from fglint.syntax.nodes import (
    Binary,
    Call,
    Conditional,
    Expression,
    For,
    GetAttr,
    Index,
    Literal,
    ObjectCons,
    ObjectItem,
    Parentheses,
    Splat,
    SplatItem,
    TupleCons,
    Unary,
    Variable,
)
from fglint.syntax.trouble import Trouble

_POWERS = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    ">": 4,
    "<=": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
_KEYWORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_MAXIMUM_STEPS = 150  # of one traversal: its nodes nest


def expression(cursor: Cursor, floor: int = 0) -> Expression:
    """The expression here; with a floor, only operators that bind more tightly than it."""
    cursor.enter()
    node = _term(cursor)
    kinds = cursor.kinds
    while (power := _POWERS.get(kinds[cursor.index], 0)) > floor:
        operator = kinds[cursor.index]
        cursor.index += 1
        right = expression(cursor, power)
        node = Binary(node.start, right.end, operator, node, right)
    if floor == 0 and kinds[cursor.index] == "?":
        cursor.index += 1
        then = expression(cursor)
        if cursor.kind != ":":
            raise cursor.trouble(
                "Missing false expression in conditional",
                'The conditional needs a second value, after ":".',
            )
        cursor.index += 1
        otherwise = expression(cursor)
        node = Conditional(node.start, otherwise.end, node, then, otherwise)
    cursor.depth -= 1
    return node


def _term(cursor: Cursor) -> Expression:
    """One operand with its traversal."""
    kind, start = cursor.kind, cursor.start
    if kind == "string":
        end = cursor.ends[cursor.index]
        node: Expression = Literal(start, end, quoted_text(cursor, start + 1, end - 1))
        cursor.index += 1
    elif kind == "ident":
        node = _name(cursor)
    elif kind == "number":
        node = number(cursor, start, cursor.ends[cursor.index])
        cursor.index += 1
    elif kind == "[":
        node = _tuple(cursor)
    elif kind == "{":
        node = _object(cursor)
    elif kind == '"':
        node = templates.quoted(cursor, expression)
    elif kind == "<<":
        node = templates.heredoc(cursor, expression)
    elif kind == "(":
        node = _parentheses(cursor)
    elif kind == "-" or kind == "!":
        cursor.enter()
        cursor.index += 1
        operand = _term(cursor)
        cursor.depth -= 1
        return Unary(start, operand.end, kind, operand)
    else:
        raise _no_expression(cursor)
    if cursor.kind in (".", "["):
        return _traversal(cursor, node)
    return node


def _no_expression(cursor: Cursor) -> Trouble:
    kind = cursor.kind
    if kind in ("newline", "end"):
        return cursor.trouble(
            "Missing expression", f"An expression is expected, but here is {cursor.found()}."
        )
    if kind == "=":
        return cursor.trouble(
            "Invalid expression", 'Here is one "=" too many; two values are compared with "==".'
        )
    return cursor.trouble(
        "Invalid expression", f"An expression is expected, but here is {cursor.found()}."
    )


def _parentheses(cursor: Cursor) -> Expression:
    start = cursor.start
    cursor.index += 1
    inner = expression(cursor)
    if cursor.kind != ")":
        raise _unclosed(cursor, start, "Unbalanced parentheses", "parenthesis", ")")
    cursor.index += 1
    return Parentheses(start, cursor.ends[cursor.index - 1], inner)


def _unclosed(cursor: Cursor, start: int, summary: str, what: str, closing: str) -> Trouble:
    line, column = cursor.source.position(start)
    return cursor.trouble(
        summary,
        f'Expected "{closing}" to close the {what} opened on line {line}, column {column}, but '
        f"here is {cursor.found()}.",
    )


# ---- names, calls -----------------------------------------------------------------------------


def _name(cursor: Cursor) -> Expression:
    index = cursor.index
    start, end = cursor.starts[index], cursor.ends[index]
    name = cursor.text[start:end]
    cursor.index = index + 1
    following = cursor.kinds[index + 1]
    if following == "(":
        return _call(cursor, name, start)
    if following == "::":
        return _call(cursor, _namespaced(cursor, name), start)
    if name in _KEYWORDS:
        return Literal(start, end, _KEYWORDS[name])
    return Variable(start, end, name)


def _namespaced(cursor: Cursor, name: str) -> str:
    while cursor.kind == "::":
        cursor.index += 1
        if cursor.kind != "ident":
            raise cursor.trouble(
                "Missing function name", 'The name of a function is expected after "::".'
            )
        name += f"::{cursor.word()}"
        cursor.index += 1
    if cursor.kind != "(":
        raise cursor.trouble(
            "Missing open parenthesis", f'Expected "(" after the name of the function {name}.'
        )
    return name.removeprefix("core::")  # core::max is max


def _call(cursor: Cursor, name: str, start: int) -> Expression:
    opening = cursor.start
    cursor.index += 1
    arguments: list[Expression] = []
    expand = False
    while cursor.kind != ")":
        arguments.append(expression(cursor))
        if cursor.kind == "...":
            expand = True
            cursor.index += 1
            if cursor.kind != ")":
                raise _unclosed(
                    cursor, opening, "Missing closing parenthesis", "call's parenthesis", ")"
                )
        elif cursor.kind == ",":
            cursor.index += 1
        elif cursor.kind != ")":
            raise _no_separator(cursor, opening, "Missing argument separator", "argument", ")")
    cursor.index += 1
    return Call(start, cursor.ends[cursor.index - 1], name, tuple(arguments), expand)


def _no_separator(
    cursor: Cursor, opening: int, summary: str, what: str, closing: str
) -> Trouble:
    line, column = cursor.source.position(opening)
    if cursor.kind in ("end", "newline", "}", "]", ")", "="):
        return _unclosed(cursor, opening, f'Missing "{closing}"', "bracket", closing)
    return cursor.trouble(
        summary,
        f'Expected a comma before the next {what}, or "{closing}" to close the bracket opened on '
        f"line {line}, column {column}.",
    )


# ---- traversals -------------------------------------------------------------------------------


def _traversal(cursor: Cursor, node: Expression) -> Expression:
    """The node with the steps that follow it: `.name`, `[key]`, `.0`, `[*]`, `.*`."""
    kinds, base = cursor.kinds, cursor.depth
    steps = 0
    while True:
        kind = kinds[cursor.index]
        if kind == ".":
            following = kinds[cursor.index + 1]
            if following == "*":
                node = _attribute_splat(cursor, node)
            else:
                node = _dot(cursor, node)
        elif kind == "[":
            if kinds[cursor.index + 1] == "*":
                node = _full_splat(cursor, node)
            else:
                node = _index(cursor, node)
        else:
            break
        steps += 1
        if steps > _MAXIMUM_STEPS:
            raise cursor.too_deep()
    cursor.depth = base
    return node


def _dot(cursor: Cursor, node: Expression) -> Expression:
    index = cursor.index + 1
    cursor.index = index
    kind, start, end = cursor.kinds[index], cursor.starts[index], cursor.ends[index]
    if kind == "ident":
        cursor.index = index + 1
        return GetAttr(node.start, end, node, cursor.text[start:end])
    if kind != "number":
        raise cursor.trouble("Invalid attribute name", 'The name of an attribute is expected after ".".')
    if isinstance(node, Literal):
        raise cursor.trouble("Invalid number literal", "A number has one decimal point at most.")
    if not cursor.text[start:end].isdigit():
        raise cursor.trouble(
            "Invalid legacy index syntax",
            "Two indices in a row are written in brackets: a[0][1], not a.0.1.",
        )
    cursor.index = index + 1
    return Index(node.start, end, node, number(cursor, start, end), True)


def _index(cursor: Cursor, node: Expression) -> Expression:
    opening = cursor.start
    cursor.index += 1
    key = expression(cursor)
    if cursor.kind != "]":
        raise _unclosed(cursor, opening, "Missing close bracket on index", "index", "]")
    cursor.index += 1
    return Index(node.start, cursor.ends[cursor.index - 1], node, key)


def _full_splat(cursor: Cursor, node: Expression) -> Expression:
    """`source[*]`: all following steps are applied to each element."""
    start = cursor.start
    cursor.index += 2
    if cursor.kind != "]":
        raise _unclosed(cursor, start, "Missing close bracket on splat index", "splat", "]")
    cursor.index += 1
    cursor.enter()
    body = _traversal(cursor, SplatItem(start, cursor.ends[cursor.index - 1]))
    cursor.depth -= 1
    return Splat(node.start, body.end, node, body, True)


def _attribute_splat(cursor: Cursor, node: Expression) -> Expression:
    """`source.*`: the following attributes are applied to each element, an index to the whole."""
    start = cursor.start
    cursor.index += 2
    body: Expression = SplatItem(start, cursor.ends[cursor.index - 1])
    steps = 0
    while cursor.kind == ".":
        if cursor.kinds[cursor.index + 1] == "*":
            cursor.index += 1
            raise cursor.trouble(
                "Nested splat expression not allowed",
                'A ".*" cannot follow another one; write [*] instead.',
            )
        body = _dot(cursor, body)
        steps += 1
        if steps > _MAXIMUM_STEPS:
            raise cursor.too_deep()
    return Splat(node.start, body.end, node, body, False)


# ---- collections ------------------------------------------------------------------------------


def _tuple(cursor: Cursor) -> Expression:
    start = cursor.start
    cursor.index += 1
    if cursor.kind == "ident" and cursor.word() == "for":
        return _for(cursor, start, "]")
    items: list[Expression] = []
    while cursor.kind != "]":
        items.append(expression(cursor))
        if cursor.kind == ",":
            cursor.index += 1
        elif cursor.kind != "]":
            raise _no_separator(cursor, start, "Missing item separator", "item", "]")
    cursor.index += 1
    return TupleCons(start, cursor.ends[cursor.index - 1], tuple(items))


def _object(cursor: Cursor) -> Expression:
    start = cursor.start
    cursor.index += 1
    if cursor.kind == "ident" and cursor.word() == "for":
        return _for(cursor, start, "}")
    items: list[ObjectItem] = []
    while True:
        while cursor.kind == "newline":
            cursor.index += 1
        if cursor.kind == "}":
            break
        if cursor.kind == "end":
            raise _unclosed(cursor, start, 'Missing "}"', "object", "}")
        items.append(_object_item(cursor, start))
        kind = cursor.kind
        if kind == "newline" or kind == ",":
            cursor.index += 1
        elif kind != "}":
            raise _no_member_separator(cursor, start)
    cursor.index += 1
    return ObjectCons(start, cursor.ends[cursor.index - 1], tuple(items))


def _object_item(cursor: Cursor, opening: int) -> ObjectItem:
    index = cursor.index
    if cursor.kinds[index] == "ident" and cursor.kinds[index + 1] in ("=", ":"):
        start, end = cursor.starts[index], cursor.ends[index]
        key: Expression = Literal(start, end, cursor.text[start:end])
        cursor.index = index + 1
    else:
        key = expression(cursor)
        if cursor.kind not in ("=", ":"):
            raise _no_value(cursor, opening)
    cursor.index += 1
    value = expression(cursor)
    return ObjectItem(key.start, value.end, key, value)


def _no_value(cursor: Cursor, opening: int) -> Trouble:
    detail = f'Expected "=" and a value after the key, but here is {cursor.found()}.'
    if cursor.kind in ("string", "ident", "{", '"'):
        line, column = cursor.source.position(opening)
        detail += (
            f" This is inside the object opened on line {line}, column {column}: is its closing "
            "brace missing?"
        )
    return cursor.trouble("Missing key/value separator", detail)


def _no_member_separator(cursor: Cursor, opening: int) -> Trouble:
    if cursor.kind in ("end", "]", ")"):
        return _unclosed(cursor, opening, 'Missing "}"', "object", "}")
    return cursor.trouble(
        "Missing attribute separator",
        "Expected a new line or a comma before the next member of the object.",
    )


def _for(cursor: Cursor, start: int, closing: str) -> Expression:
    """`for …` up to the closing bracket; the position is at "for"."""
    cursor.index += 1
    key_name, value_name = templates.for_names(cursor)
    collection = expression(cursor)
    if cursor.kind != ":":
        raise cursor.trouble("Invalid 'for' expression", 'Expected ":" after the collection.')
    cursor.index += 1
    key: Expression | None = None
    value = expression(cursor)
    if closing == "}":
        key, value = value, _for_value(cursor)
    elif cursor.kind == "=>":
        raise cursor.trouble(
            "Invalid 'for' expression", 'A "for" with "=>" makes an object: write {for …}.'
        )
    group = cursor.kind == "..." and closing == "}"
    cursor.index += group
    condition: Expression | None = None
    if cursor.kind == "ident" and cursor.word() == "if":
        cursor.index += 1
        condition = expression(cursor)
    if cursor.kind != closing:
        raise _unclosed(cursor, start, "Invalid 'for' expression", "'for' expression", closing)
    cursor.index += 1
    end = cursor.ends[cursor.index - 1]
    return For(start, end, key_name, value_name, collection, key, value, condition, group)


def _for_value(cursor: Cursor) -> Expression:
    if cursor.kind != "=>":
        raise cursor.trouble(
            "Invalid 'for' expression",
            'A "for" in braces needs a key: {for k, v in c : k => v}. Without one, write [for …].',
        )
    cursor.index += 1
    return expression(cursor)
