"""Tuples, objects and `for`, and what is said when they do not end as they should."""

from __future__ import annotations

from fglint.syntax.cursor import Cursor
from fglint.syntax.mistakes import no_separator, unclosed
from fglint.syntax.nodes import Expression, For, Literal, ObjectCons, ObjectItem, TupleCons
from fglint.syntax.templates import ParseExpression, for_names
from fglint.syntax.trouble import Trouble


def tuple_of(cursor: Cursor, expression: ParseExpression) -> Expression:
    """The tuple, or the `for` that makes one, that begins at the bracket here."""
    start = cursor.start
    cursor.index += 1
    if cursor.kind == "ident" and cursor.word() == "for":
        return _for(cursor, expression, start, "]")
    items: list[Expression] = []
    while cursor.kind != "]":
        items.append(expression(cursor))
        if cursor.kind == ",":
            cursor.index += 1
        elif cursor.kind != "]":
            raise no_separator(cursor, start, "Missing item separator", "item", "]")
    cursor.index += 1
    return TupleCons(start, cursor.ends[cursor.index - 1], tuple(items))


def object_of(cursor: Cursor, expression: ParseExpression) -> Expression:
    """The object, or the `for` that makes one, that begins at the brace here."""
    start = cursor.start
    cursor.index += 1
    if cursor.kind == "ident" and cursor.word() == "for":
        return _for(cursor, expression, start, "}")
    items: list[ObjectItem] = []
    while True:
        while cursor.kind == "newline":
            cursor.index += 1
        if cursor.kind == "}":
            break
        if cursor.kind == "end":
            raise unclosed(cursor, start, 'Missing "}"', "object", "}")
        items.append(_object_item(cursor, expression, start))
        kind = cursor.kind
        if kind == "newline" or kind == ",":
            cursor.index += 1
        elif kind != "}":
            raise _no_member_separator(cursor, start)
    cursor.index += 1
    return ObjectCons(start, cursor.ends[cursor.index - 1], tuple(items))


def _object_item(cursor: Cursor, expression: ParseExpression, opening: int) -> ObjectItem:
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
    index = cursor.index
    same_line = "newline" not in cursor.kinds[index - 1 : index + 1]
    if cursor.kind in ("ident", ".") and same_line:
        detail += " A key that is more than one word stands in quotes."
    elif cursor.kind in ("string", "ident", "{", '"'):
        line, column = cursor.source.position(opening)
        detail += (
            f" This is inside the object opened on line {line}, column {column}: is its closing "
            "brace missing?"
        )
    return cursor.trouble("Missing key/value separator", detail)


def _no_member_separator(cursor: Cursor, opening: int) -> Trouble:
    if cursor.kind in ("end", "]", ")"):
        return unclosed(cursor, opening, 'Missing "}"', "object", "}")
    return cursor.trouble(
        "Missing attribute separator",
        "Expected a new line or a comma before the next member of the object.",
    )


def _for(cursor: Cursor, expression: ParseExpression, start: int, closing: str) -> Expression:
    """`for …` up to the closing bracket; the position is at "for"."""
    cursor.index += 1
    key_name, value_name = for_names(cursor)
    collection = expression(cursor)
    if cursor.kind != ":":
        raise cursor.trouble("Invalid 'for' expression", 'Expected ":" after the collection.')
    cursor.index += 1
    key: Expression | None = None
    value = expression(cursor)
    if closing == "}":
        key, value = value, _for_value(cursor, expression)
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
        raise unclosed(cursor, start, "Invalid 'for' expression", "'for' expression", closing)
    cursor.index += 1
    end = cursor.ends[cursor.index - 1]
    return For(start, end, key_name, value_name, collection, key, value, condition, group)


def _for_value(cursor: Cursor, expression: ParseExpression) -> Expression:
    if cursor.kind != "=>":
        raise cursor.trouble(
            "Invalid 'for' expression",
            'A "for" in braces needs a key: {for k, v in c : k => v}. Without one, write [for …].',
        )
    cursor.index += 1
    return expression(cursor)
