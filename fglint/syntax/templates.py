"""Templates: quoted strings with interpolations, heredocs, and whole template files."""

from __future__ import annotations

from collections.abc import Callable

from fglint.syntax.assembly import (
    Directive,
    Item,
    Text,
    build,
    flush,
    plain_items,
    quoted_items,
)
from fglint.syntax.cursor import Cursor
from fglint.syntax.nodes import Expression
from fglint.syntax.trouble import Trouble

_ELSE_IF = (
    'There is no "else if": write %{ else }%{ if … }…%{ endif }%{ endif }, or a conditional '
    "${a ? b : c ? d : e}."
)
ParseExpression = Callable[[Cursor], Expression]


def quoted(cursor: Cursor, expression: ParseExpression) -> Expression:
    """The template that begins at the quote here."""
    start = cursor.start
    cursor.index += 1
    items = _items(cursor, expression, 'end"')
    end = cursor.ends[cursor.index - 1]
    return build(cursor, items, start, end, heredoc=False)


def heredoc(cursor: Cursor, expression: ParseExpression) -> Expression:
    """The heredoc that begins here."""
    start = cursor.start
    indented = cursor.text.startswith("<<-", start)
    cursor.index += 1
    items = _items(cursor, expression, ">>")
    end = cursor.ends[cursor.index - 1]
    if cursor.text.find("\n", end) < 0:
        marker = cursor.text[cursor.starts[cursor.index - 1] : end]
        cursor.report(
            "Unterminated heredoc",
            f"The line {marker} that ends the heredoc is the last of the file and has no line "
            "break; add one, because Terraform wants it.",
            end - len(marker),
            end,
        )
    if indented:
        flush(items)
    return build(cursor, items, start, end, heredoc=True)


def bare(cursor: Cursor, expression: ParseExpression) -> Expression:
    """The template that the whole text is."""
    start = cursor.start
    items = _items(cursor, expression, "end")
    return build(cursor, items, start, cursor.ends[-1], heredoc=False)


def _items(cursor: Cursor, expression: ParseExpression, end: str) -> list[Item]:
    items: list[Item] = []
    trim = False  # whether ~} has just closed
    while True:
        kind, start, finish = cursor.kind, cursor.start, cursor.ends[cursor.index]
        if kind == "text":
            cursor.index += 1
            texts = (
                quoted_items(cursor, start, finish)
                if end == 'end"'
                else plain_items(cursor.text, start, finish)
            )
            if trim:
                texts[0].strip_left()
            items.extend(texts)
            trim = False
            continue
        if kind not in ("${", "%{"):
            break
        if cursor.text[finish - 1] == "~" and items and isinstance(text := items[-1], Text):
            text.strip_right()
        cursor.index += 1
        if kind == "${":
            items.append(_interpolation(cursor, expression))
        else:
            items.append(_directive(cursor, expression, start))
        if cursor.kind != "}}":
            raise _extra(cursor, kind)
        trim = cursor.text[cursor.start] == "~"
        last = items[-1]
        if isinstance(last, Directive):
            last.end = cursor.ends[cursor.index]
        cursor.index += 1
    if cursor.kind != end:
        raise cursor.trouble("Unterminated template", "The template does not end here.")
    if end != "end":
        cursor.index += 1
    return items


def _interpolation(cursor: Cursor, expression: ParseExpression) -> Expression:
    if cursor.kind == "}}":
        raise cursor.trouble(
            "Invalid expression",
            'There is no expression between "${" and "}"; to write "${" itself, write "$${".',
        )
    return expression(cursor)


def _extra(cursor: Cursor, opening: str) -> Trouble:
    index = cursor.index
    before = cursor.text[cursor.starts[index - 1] : cursor.ends[index - 1]]
    if opening == "%{" and before == "else" and cursor.word() == "if":
        return cursor.trouble("Extra characters in template directive", _ELSE_IF)
    if opening == "%{":
        return cursor.trouble(
            "Extra characters in template directive",
            f'Expected a closing brace "}}" to end the template directive, but here is '
            f"{cursor.found()}.",
        )
    return cursor.trouble(
        "Extra characters after interpolation expression",
        f'Expected a closing brace "}}" to end the interpolation, but here is {cursor.found()}; to '
        'write "${" itself, write "$${".',
    )


def _directive(cursor: Cursor, expression: ParseExpression, start: int) -> Directive:
    keyword = cursor.word() if cursor.kind == "ident" else ""
    if keyword in ("elseif", "elsif", "elif"):
        raise cursor.trouble("Invalid template directive", _ELSE_IF)
    if keyword not in ("if", "else", "endif", "for", "endfor"):
        raise cursor.trouble(
            "Invalid template directive",
            'A template directive begins with "if", "else", "endif", "for" or "endfor". To write '
            '"%{" itself, write "%%{".',
        )
    cursor.index += 1
    if keyword == "if":
        return Directive(start, start, keyword, expression=expression(cursor))
    if keyword != "for":
        return Directive(start, start, keyword)
    names = for_names(cursor)
    return Directive(start, start, keyword, names, expression(cursor))


def for_names(cursor: Cursor) -> tuple[str | None, str]:
    """The names of `for k, v in`, after the "for" and including the "in"."""
    names: list[str] = []
    while True:
        if cursor.kind != "ident":
            raise cursor.trouble(
                "Invalid 'for' expression",
                f'Expected the name of a variable after "for", but here is {cursor.found()}.',
            )
        names.append(cursor.word())
        cursor.index += 1
        if cursor.kind != "," or len(names) == 2:
            break
        cursor.index += 1
    if cursor.kind != "ident" or cursor.word() != "in":
        raise cursor.trouble(
            "Invalid 'for' expression",
            f'Expected "in" after the variables of "for", but here is {cursor.found()}.',
        )
    cursor.index += 1
    return (names[0], names[1]) if len(names) == 2 else (None, names[0])
