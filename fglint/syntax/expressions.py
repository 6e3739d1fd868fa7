"""Expressions: operators by their binding power, names, calls and traversals."""

from __future__ import annotations

from fglint.syntax import templates
from fglint.syntax.collections import object_of, tuple_of
from fglint.syntax.cursor import Cursor
from fglint.syntax.depth import FLAT_CHAIN, check_depth
from fglint.syntax.literals import number, quoted_text
from fglint.syntax.mistakes import no_attribute_name, no_expression, no_separator, unclosed
from fglint.syntax.nodes import (
    Binary,
    Call,
    Conditional,
    Expression,
    GetAttr,
    Index,
    Literal,
    Parentheses,
    Splat,
    SplatItem,
    Unary,
    Variable,
)

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


def whole_expression(cursor: Cursor) -> Expression:
    """The expression here, which is no part of another: not deeper than can be evaluated."""
    cursor.deep = False
    node = expression(cursor)
    if cursor.deep:
        check_depth(node)
    return node


def expression(cursor: Cursor, floor: int = 0) -> Expression:
    """The expression here; with a floor, only operators that bind more tightly than it."""
    cursor.enter()
    node = _term(cursor)
    kinds = cursor.kinds
    terms = 0
    while (power := _POWERS.get(kinds[cursor.index], 0)) > floor:
        terms += 1
        operator = kinds[cursor.index]
        cursor.index += 1
        right = expression(cursor, power)
        node = Binary(node.start, right.end, operator, node, right)
    if terms > FLAT_CHAIN:
        cursor.deep = True
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
        node = tuple_of(cursor, expression)
    elif kind == "{":
        node = object_of(cursor, expression)
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
        raise no_expression(cursor)
    if cursor.kind in (".", "["):
        return _traversal(cursor, node)
    return node


def _parentheses(cursor: Cursor) -> Expression:
    start = cursor.start
    cursor.index += 1
    inner = expression(cursor)
    if cursor.kind != ")":
        raise unclosed(cursor, start, "Unbalanced parentheses", "parenthesis", ")")
    cursor.index += 1
    return Parentheses(start, cursor.ends[cursor.index - 1], inner)


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
                raise unclosed(
                    cursor, opening, "Missing closing parenthesis", "call's parenthesis", ")"
                )
        elif cursor.kind == ",":
            cursor.index += 1
        elif cursor.kind != ")":
            raise no_separator(cursor, opening, "Missing argument separator", "argument", ")")
    cursor.index += 1
    return Call(start, cursor.ends[cursor.index - 1], name, tuple(arguments), expand)


# ---- traversals -------------------------------------------------------------------------------


def _traversal(cursor: Cursor, node: Expression) -> Expression:
    """The node with the steps that follow it: `.name`, `[key]`, `.0`, `[*]`, `.*`."""
    kinds, base = cursor.kinds, cursor.depth
    steps = 0
    while True:
        kind = kinds[cursor.index]
        if kind == ".":
            is_splat = kinds[cursor.index + 1] == "*"
            node = _attribute_splat(cursor, node) if is_splat else _dot(cursor, node)
        elif kind == "[":
            if kinds[cursor.index + 1] == "*":
                node = _full_splat(cursor, node)
            else:
                node = _index(cursor, node)
        else:
            break
        steps += 1
    if steps > FLAT_CHAIN:
        cursor.deep = True
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
        raise no_attribute_name(cursor)
    if node.end == cursor.starts[index - 1] and _is_number(cursor, node):
        raise cursor.trouble("Invalid number literal", "A number has one decimal point at most.")
    if "." in cursor.text[start:end]:
        raise cursor.trouble(
            "Invalid legacy index syntax",
            "Two indices in a row are written in brackets: a[0][1], not a.0.1.",
        )
    cursor.index = index + 1
    return Index(node.start, end, node, number(cursor, start, end), True)


def _is_number(cursor: Cursor, node: Expression) -> bool:
    return isinstance(node, Literal) and cursor.text[node.end - 1].isdigit()


def _index(cursor: Cursor, node: Expression) -> Expression:
    opening = cursor.start
    cursor.index += 1
    key = expression(cursor)
    if cursor.kind != "]":
        raise unclosed(cursor, opening, "Missing close bracket on index", "index", "]")
    cursor.index += 1
    return Index(node.start, cursor.ends[cursor.index - 1], node, key)


def _full_splat(cursor: Cursor, node: Expression) -> Expression:
    """`source[*]`: all following steps are applied to each element."""
    start = cursor.start
    cursor.index += 2
    if cursor.kind != "]":
        raise unclosed(cursor, start, "Missing close bracket on splat index", "splat", "]")
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
    if steps > FLAT_CHAIN:
        cursor.deep = True
    return Splat(node.start, body.end, node, body, False)
