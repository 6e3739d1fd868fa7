"""What is said about usual mistakes: what is there, and what to write instead."""

from __future__ import annotations

import re

from fglint.syntax.cursor import Cursor
from fglint.syntax.nodes import Attribute, Block, Body, Expression, Node, Variable
from fglint.syntax.trouble import Trouble

_OPERATORS = frozenset("|| && == != <= >= < > + - * / %".split()) | {"?", ":"}
_FOREIGN = {
    "<>": "two values are different when a != b.",
    "??": "the first value that is not null is coalesce(a, b).",
    "?.": "an attribute that may be missing is read with try(a.b, null).",
    "**": "a power is pow(a, b).",
    "++": "a value is never changed; one more is a + 1.",
}
_WORDS = {
    "and": "Both conditions are a && b.",
    "or": "One of two conditions is a || b.",
    "not": "The opposite of a condition is !a.",
    "if": "A choice is written condition ? a : b.",
    "unless": "A choice is written condition ? a : b.",
    "for": "A for stands in brackets: [for x in list : x], or {for k, v in map : k => v}.",
    "is": "Two values are compared with ==.",
    "in": "Whether a list holds a value is contains(list, value).",
}
_OVER_LINES = (
    "An expression goes on over several lines only inside parentheses or brackets: put it in (…)."
)
_IN_QUOTES = "If this is text, put it in double quotes."
_CONFLICT = re.compile(r"^(?:<<<<<<<|=======|>>>>>>>)", re.MULTILINE)


# ---- expressions ------------------------------------------------------------------------------


def no_expression(cursor: Cursor) -> Trouble:
    """The error where an expression should begin."""
    kind, index = cursor.kind, cursor.index
    before = cursor.kinds[index - 1] if index else ""
    if kind in ("newline", "end"):
        hint = f" {_OVER_LINES}" if kind == "newline" and before in _OPERATORS else ""
        return cursor.trouble(
            "Missing expression",
            f"An expression is expected, but here is {cursor.found()}.{hint}",
        )
    if kind == "=":
        return cursor.trouble(
            "Invalid expression", 'Here is one "=" too many; two values are compared with "==".'
        )
    foreign = _FOREIGN.get(before + kind) if index else None
    if foreign is not None:
        return Trouble(
            "Unsupported operator",
            f'There is no operator "{before}{kind}"; {foreign}',
            cursor.starts[index - 1],
            cursor.ends[index],
        )
    if before == "[" and kind == "]":
        return cursor.trouble("Invalid expression", "An index is expected between the brackets.")
    hint = f" {_IN_QUOTES}" if kind in (".", "/") and before == "=" else ""
    return cursor.trouble(
        "Invalid expression", f"An expression is expected, but here is {cursor.found()}.{hint}"
    )


def no_attribute_name(cursor: Cursor) -> Trouble:
    """The error after a dot that no name follows."""
    hint = ""
    if cursor.kind in ("string", '"'):
        hint = ' A name in quotes stands in brackets: a["b"].'
    return cursor.trouble(
        "Invalid attribute name",
        f'The name of an attribute is expected after ".", but here is {cursor.found()}.{hint}',
    )


def unclosed(cursor: Cursor, start: int, summary: str, what: str, closing: str) -> Trouble:
    """The error about a bracket that is not closed where it should be."""
    line, column = cursor.source.position(start)
    hint = ""
    if what == "index" and cursor.kind == ":":
        hint = " A part of a list is slice(list, from, to)."
    return cursor.trouble(
        summary,
        f'Expected "{closing}" to close the {what} opened on line {line}, column {column}, but '
        f"here is {cursor.found()}.{hint}",
    )


def no_separator(cursor: Cursor, opening: int, summary: str, what: str, closing: str) -> Trouble:
    """The error about a missing comma, or a missing closing bracket."""
    line, column = cursor.source.position(opening)
    named = cursor.kind in ("=", ":") and cursor.kinds[cursor.index - 1] == "ident"
    if named and what == "argument":
        return cursor.trouble(
            summary, "Arguments of functions have no names: they are given in their order."
        )
    if cursor.kind in ("end", "newline", "}", "]", ")", "="):
        return unclosed(cursor, opening, f'Missing "{closing}"', "bracket", closing)
    return cursor.trouble(
        summary,
        f'Expected a comma before the next {what}, or "{closing}" to close the bracket opened on '
        f"line {line}, column {column}.",
    )


# ---- arguments --------------------------------------------------------------------------------


def not_an_equals_sign(cursor: Cursor) -> None:
    """Reports `name: value` and the like; the position is at the name."""
    index = cursor.index
    written = cursor.kinds[index + 1]
    name = cursor.text[cursor.starts[index] : cursor.ends[index]]
    cursor.report(
        "Argument or block definition required",
        f'A value is given with "=": {name} = …, not {name}{written} ….',
        cursor.starts[index + 1],
        cursor.ends[index + 1],
    )


def neither(cursor: Cursor) -> Trouble:
    """The error about a name that begins neither an argument nor a block."""
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
        return _no_label(cursor)
    if cursor.kind in (".", "["):
        return cursor.trouble(
            "Invalid argument name",
            "The name of an argument is one word, without dots or indices; members of a map are "
            f"given with {name} = {{ key = value }}.",
        )
    return cursor.trouble(
        "Argument or block definition required",
        f'Expected "=" or "{{" after "{name}", but here is {cursor.found()}.',
    )


def no_item(cursor: Cursor) -> Trouble:
    """The error where an argument or a block should begin."""
    if cursor.kind == "}":
        return cursor.trouble(
            "Unexpected closing brace",
            "There is no open block that this brace closes: remove it, or the brace before it that "
            "closes too early.",
        )
    if _CONFLICT.match(cursor.text, cursor.start):
        return Trouble(
            "Conflict marker",
            "Git wrote this line because it could not merge: resolve the conflict.",
            cursor.start,
            cursor.start + 7,
        )
    detail = f"An argument or a block begins with a name, but here is {cursor.found()}."
    if cursor.kind == "{" and not cursor.text[: cursor.start].strip():
        detail += " If the file is JSON, its name must end in .tf.json."
    elif cursor.kind in _OPERATORS or cursor.kind in ("(", "[", "."):
        detail += f" {_OVER_LINES}"
    elif cursor.kind == "number":
        detail += " A name begins with a letter."
    return cursor.trouble("Argument or block definition required", detail)


def after_argument(cursor: Cursor, attribute: Attribute) -> Trouble:
    """The error about what follows an argument on its line and begins no other one."""
    kind = cursor.kind
    if kind == "=":
        return cursor.trouble("Invalid expression", 'Two values are compared with "==", not "=".')
    hint = _WORDS.get(cursor.word() if kind == "ident" else "") or _leading(attribute.expression)
    joined = cursor.start == attribute.end and kind in ("ident", ":", '"', "number")
    words = isinstance(attribute.expression, Variable) and kind == "ident"
    if hint is None and (joined or words):
        hint = _IN_QUOTES
    elif hint is None and kind in (")", "]"):
        hint = "There is no open bracket that it closes: remove it."
    return cursor.trouble(
        "Missing newline after argument",
        f'A new line is expected after the argument of "{attribute.name}", but here is '
        f"{cursor.found()}.{f' {hint}' if hint else ''}",
    )


def _leading(expression: Expression) -> str | None:
    """What to write instead of a word that other languages have: `not x`, `if x …`."""
    return _WORDS.get(expression.name) if isinstance(expression, Variable) else None


# ---- blocks -----------------------------------------------------------------------------------


def no_brace(cursor: Cursor, type_: str) -> Trouble:
    """The error about a block's header that ends without a brace."""
    if cursor.kind == '"':
        return _no_label(cursor)
    if cursor.kind == ",":
        detail = "Labels are separated by blanks: remove the comma."
    elif cursor.kind == ".":
        detail = f'Labels are separate words in quotes: {type_} "type" "name" {{.'
    else:
        detail = (
            f'Expected a label in double quotes, or "{{" to open the {type_} block, but here is '
            f"{cursor.found()}."
        )
    return cursor.trouble("Invalid block definition", detail)


def _no_label(cursor: Cursor) -> Trouble:
    index = cursor.index
    kinds = cursor.kinds[index : index + 3]
    if "bad" in kinds and cursor.tokens.trouble is not None:
        return cursor.tokens.trouble
    return cursor.trouble(
        "Invalid block label",
        "Labels of blocks are constant: write one without ${…}, and use for_each for several "
        "blocks.",
    )


def unclosed_block(cursor: Cursor, block: Block) -> Trouble:
    """The error about a block that has no closing brace; what has taken it may be known."""
    suspect = _closed_by_another(cursor.text, block.body)
    if suspect is not None:
        line = cursor.source.position(suspect.end - 1).line
        end = suspect.header_end if isinstance(suspect, Block) else suspect.name_end
        return Trouble(
            "Unclosed block",
            f"A closing brace is missing, probably here: what begins here is closed on line {line} "
            "by a bracket that is indented like an outer one.",
            suspect.start,
            end,
        )
    line, column = cursor.source.position(block.body.start)
    return Trouble(
        "Unclosed block",
        f"The block that begins here has no closing brace for the one on line {line}, column "
        f"{column}.",
        block.start,
        block.header_end,
    )


def _closed_by_another(text: str, body: Body) -> Block | Attribute | None:
    """The first item whose closing bracket is indented less than the item, innermost first."""
    items: list[Block | Attribute] = [*body.attributes.values(), *body.blocks]
    for item in sorted(items, key=_place):
        inner = _closed_by_another(text, item.body) if isinstance(item, Block) else None
        if inner is not None:
            return inner
        own = _indentation(text, item.start)
        closing = _indentation(text, item.end - 1)
        if own is not None and closing is not None and closing < own:
            return item
    return None


def _place(node: Node) -> int:
    return node.start


def _indentation(text: str, offset: int) -> int | None:
    """How far a character that is the first of its line is indented; None when it is not."""
    line = text.rfind("\n", 0, offset) + 1
    return offset - line if not text[line:offset].strip() else None
