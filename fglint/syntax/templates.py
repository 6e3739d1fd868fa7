"""Templates: quoted strings with interpolations, heredocs, and whole template files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import normalize

from fglint.syntax.cursor import Cursor
from fglint.syntax.literals import plain_text, quoted_text
from fglint.syntax.nodes import (
    Expression,
    Literal,
    Template,
    TemplateFor,
    TemplateIf,
)
from fglint.syntax.trouble import Trouble

# What Unicode calls White_Space; Python's own set has four control characters more.
_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
ParseExpression = Callable[[Cursor], Expression]


@dataclass(slots=True)
class _Text:
    start: int
    end: int
    value: str


@dataclass(slots=True)
class _Directive:
    """`%{ … }`: if and for open, else and endif and endfor end a part."""

    start: int
    end: int
    keyword: str
    names: tuple[str | None, str] = (None, "")
    expression: Expression | None = None


_Item = _Text | _Directive | Expression


def quoted(cursor: Cursor, expression: ParseExpression) -> Expression:
    """The template that begins at the quote here."""
    start = cursor.start
    cursor.index += 1
    items = _items(cursor, expression, 'end"')
    end = cursor.ends[cursor.index - 1]
    return _build(items, start, end, heredoc=False)


def heredoc(cursor: Cursor, expression: ParseExpression) -> Expression:
    """The heredoc that begins here."""
    start = cursor.start
    flush = cursor.text.startswith("<<-", start)
    cursor.index += 1
    items = _items(cursor, expression, ">>")
    end = cursor.ends[cursor.index - 1]
    if flush:
        _flush(items)
    return _build(items, start, end, heredoc=True)


def bare(cursor: Cursor, expression: ParseExpression) -> Expression:
    """The template that the whole text is."""
    start = cursor.start
    items = _items(cursor, expression, "end")
    return _build(items, start, cursor.ends[-1], heredoc=False)


# ---- from tokens to items ---------------------------------------------------------------------


def _items(cursor: Cursor, expression: ParseExpression, end: str) -> list[_Item]:
    items: list[_Item] = []
    trim = False  # whether ~} has just closed
    while True:
        kind, start, finish = cursor.kind, cursor.start, cursor.ends[cursor.index]
        if kind == "text":
            cursor.index += 1
            items.extend(_texts(cursor, start, finish, end == 'end"', trim))
            trim = False
            continue
        if kind not in ("${", "%{"):
            break
        if cursor.text[finish - 1] == "~" and items and isinstance(items[-1], _Text):
            items[-1].value = items[-1].value.rstrip(_SPACE)
        cursor.index += 1
        if kind == "${":
            items.append(expression(cursor))
        else:
            items.append(_directive(cursor, expression, start))
        if cursor.kind != "}}":
            raise _extra(cursor, kind)
        trim = cursor.text[cursor.start] == "~"
        last = items[-1]
        if isinstance(last, _Directive):
            last.end = cursor.ends[cursor.index]
        cursor.index += 1
    if cursor.kind != end:
        raise cursor.trouble("Unterminated template", "The template does not end here.")
    if end != "end":
        cursor.index += 1
    return items


def _texts(cursor: Cursor, start: int, end: int, is_quoted: bool, trim: bool) -> list[_Item]:
    """The lines of a text: strip markers and indentation work on lines, not beyond them."""
    if is_quoted:
        value = quoted_text(cursor, start, end)
        return [_Text(start, end, value.lstrip(_SPACE) if trim else value)]
    texts: list[_Item] = []
    for line in cursor.text[start:end].split("\n"):
        finish = min(start + len(line) + 1, end)
        if finish > start:
            value = plain_text(cursor.text[start:finish])
            texts.append(_Text(start, finish, value.lstrip(_SPACE) if trim else value))
            trim = False
        start = finish
    return texts


def _extra(cursor: Cursor, opening: str) -> Trouble:
    if opening == "%{":
        return cursor.trouble(
            "Extra characters in template directive",
            'Expected a closing brace "}" to end the template directive.',
        )
    return cursor.trouble(
        "Extra characters after interpolation expression",
        'Expected a closing brace "}" to end the interpolation.',
    )


def _directive(cursor: Cursor, expression: ParseExpression, start: int) -> _Directive:
    keyword = cursor.word() if cursor.kind == "ident" else ""
    if keyword not in ("if", "else", "endif", "for", "endfor"):
        raise cursor.trouble(
            "Invalid template directive",
            'A template directive begins with "if", "else", "endif", "for" or "endfor". To write '
            '"%{" itself, write "%%{".',
        )
    cursor.index += 1
    if keyword == "if":
        return _Directive(start, start, keyword, expression=expression(cursor))
    if keyword != "for":
        return _Directive(start, start, keyword)
    names = for_names(cursor)
    return _Directive(start, start, keyword, names, expression(cursor))


def for_names(cursor: Cursor) -> tuple[str | None, str]:
    """The names of `for k, v in`, after the "for" and including the "in"."""
    names: list[str] = []
    while True:
        if cursor.kind != "ident":
            raise cursor.trouble(
                "Invalid 'for' expression", "Expected the name of a variable after \"for\"."
            )
        names.append(cursor.word())
        cursor.index += 1
        if cursor.kind != "," or len(names) == 2:
            break
        cursor.index += 1
    if cursor.kind != "ident" or cursor.word() != "in":
        raise cursor.trouble(
            "Invalid 'for' expression", 'Expected "in" after the variables of "for".'
        )
    cursor.index += 1
    return (names[0], names[1]) if len(names) == 2 else (None, names[0])


# ---- indentation ------------------------------------------------------------------------------


def _flush(items: list[_Item]) -> None:
    """Takes the smallest common indentation from the lines, as `<<-` wants it.

    Lines of nothing but blanks do not count and stay as they are. A line that begins with a
    sequence counts as not indented.
    """
    adjusted: list[_Text] = []
    smallest: int | None = None
    at_line_start = True
    for item in items:
        is_text = isinstance(item, _Text)
        if at_line_start:
            spaces: int | None = 0
            if isinstance(item, _Text):
                stripped = item.value.lstrip(_SPACE)
                spaces = len(item.value) - len(stripped)
                if not stripped and item.value.endswith("\n"):
                    spaces = None
                else:
                    adjusted.append(item)
            if spaces is not None and (smallest is None or spaces < smallest):
                smallest = spaces
        at_line_start = is_text and item.value.endswith("\n")  # type: ignore[union-attr]
    for text in adjusted:
        text.value = text.value[smallest:]


# ---- from items to nodes ----------------------------------------------------------------------


@dataclass(slots=True)
class _Open:
    """A directive that waits for its end, and the parts of it so far."""

    directive: _Directive | None
    start: int
    parts: list[Expression]
    then: Template | None = None


def _build(items: list[_Item], start: int, end: int, *, heredoc: bool) -> Expression:
    stack = [_Open(None, start, [])]
    index = 0
    while index < len(items):
        item = items[index]
        index += 1
        if isinstance(item, _Text):
            first = index - 1
            while index < len(items) and isinstance(items[index], _Text):
                index += 1
            stack[-1].parts.append(_literal(items[first:index]))
        elif isinstance(item, _Directive):
            _apply(stack, item)
        else:
            stack[-1].parts.append(item)
    unclosed = stack[-1].directive
    if unclosed is not None:
        raise Trouble(
            "Unclosed template directive",
            f'The "{unclosed.keyword}" directive has no "end{unclosed.keyword}".',
            unclosed.start,
            unclosed.end,
        )
    parts = stack[0].parts
    if not parts:
        return Literal(start, end, "")
    only = parts[0]
    if len(parts) == 1 and isinstance(only, Literal) and isinstance(items[0], _Text):
        return Literal(start, end, only.value)
    return Template(start, end, tuple(parts), heredoc)


def _literal(texts: list[_Item]) -> Literal:
    value = "".join([text.value for text in texts if isinstance(text, _Text)])
    if not value.isascii():
        value = normalize("NFC", value)
    first, last = texts[0], texts[-1]
    return Literal(first.start, last.end, value)


def _apply(stack: list[_Open], directive: _Directive) -> None:
    keyword = directive.keyword
    if keyword in ("if", "for"):
        stack.append(_Open(directive, directive.end, []))
        return
    current = stack[-1]
    opened = current.directive.keyword if current.directive else None
    wanted = "for" if keyword == "endfor" else "if"
    if opened != wanted or (keyword == "else" and current.then is not None):
        raise Trouble(
            "Unexpected template directive",
            f'There is no open "{wanted}" directive that this "{keyword}" belongs to.',
            directive.start,
            directive.end,
        )
    part = Template(current.start, directive.start, tuple(current.parts))
    if keyword == "else":
        current.then, current.parts, current.start = part, [], directive.end
        return
    stack.pop()
    stack[-1].parts.append(_closed(current, part, directive))


def _closed(opened: _Open, last: Template, end: _Directive) -> Expression:
    begin = opened.directive
    assert begin is not None and begin.expression is not None, "if and for have an expression"
    if begin.keyword == "for":
        key_name, value_name = begin.names
        return TemplateFor(begin.start, end.end, key_name, value_name, begin.expression, last)
    then, otherwise = opened.then, last
    if then is None:
        then, otherwise = last, Template(end.start, end.start, ())
    return TemplateIf(begin.start, end.end, begin.expression, then, otherwise)
