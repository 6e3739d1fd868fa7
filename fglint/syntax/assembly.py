"""Templates from their items: strip markers, the indentation of `<<-`, and nested directives."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import normalize

from fglint.records import dataclass
from fglint.syntax.cursor import Cursor
from fglint.syntax.literals import plain_text, quoted_text
from fglint.syntax.nodes import Expression, Literal, Template, TemplateFor, TemplateIf
from fglint.syntax.trouble import Trouble

# What Unicode calls White_Space; Python's own set has four control characters more.
_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
_FLAT = 2  # so many open directives are not worth a look at the depth


@dataclass(slots=True)
class Text:
    """Literal text: a line of it in a heredoc, because `~` and `<<-` work on lines."""

    start: int
    end: int
    value: str

    def strip_left(self) -> None:
        """Takes the white space before the text away, as `~}` wants it."""
        self.value = self.value.lstrip(_SPACE)

    def strip_right(self) -> None:
        """Takes the white space after the text away, as `${~` wants it."""
        self.value = self.value.rstrip(_SPACE)


@dataclass(slots=True)
class Directive:
    """`%{ … }`: if and for open, else and endif and endfor end a part."""

    start: int
    end: int
    keyword: str
    names: tuple[str | None, str] = (None, "")
    expression: Expression | None = None


Item = Text | Directive | Expression


def quoted_items(cursor: Cursor, start: int, end: int) -> list[Text]:
    """The text between quotes, or between a sequence and the next, with escapes decoded."""
    return [Text(start, end, quoted_text(cursor, start, end))]


def plain_items(text: str, start: int, end: int) -> list[Text]:
    """The lines of a part of a heredoc or a template file."""
    items: list[Text] = []
    for line in text[start:end].split("\n"):
        finish = min(start + len(line) + 1, end)
        if finish > start:
            items.append(Text(start, finish, plain_text(text[start:finish])))
        start = finish
    return items


def flush(items: list[Item]) -> None:
    """Takes the smallest common indentation from the lines, as `<<-` wants it.

    Lines of nothing but blanks do not count and stay as they are. A line that begins with a
    sequence counts as not indented.
    """
    adjusted: list[Text] = []
    smallest: int | None = None
    at_line_start = True
    for item in items:
        if at_line_start:
            spaces: int | None = 0
            if isinstance(item, Text):
                stripped = item.value.lstrip(_SPACE)
                spaces = len(item.value) - len(stripped)
                if not stripped and item.value.endswith("\n"):
                    spaces = None
                else:
                    adjusted.append(item)
            if spaces is not None and (smallest is None or spaces < smallest):
                smallest = spaces
        at_line_start = isinstance(item, Text) and item.value.endswith("\n")
    for text in adjusted:
        text.value = text.value[smallest:]


@dataclass(slots=True)
class _Open:
    """A directive that waits for its end, and the parts of it so far."""

    directive: Directive | None
    start: int
    parts: list[Expression]
    then: Template | None = None


def build(
    cursor: Cursor, items: Sequence[Item], start: int, end: int, *, heredoc: bool
) -> Expression:
    """The template that the items are; a Literal when it is text alone."""
    stack = [_Open(None, start, [])]
    index = 0
    while index < len(items):
        item = items[index]
        index += 1
        if isinstance(item, Text):
            run = [item]
            while index < len(items) and isinstance(text := items[index], Text):
                run.append(text)
                index += 1
            stack[-1].parts.append(_literal(run))
        elif isinstance(item, Directive):
            _apply(cursor, stack, item)
        else:
            stack[-1].parts.append(item)
    unclosed = stack[-1].directive
    if unclosed is not None:
        raise Trouble(
            "Unclosed template directive",
            f'The "{unclosed.keyword}" directive has no "end{unclosed.keyword}": write '
            f"%{{ end{unclosed.keyword} }} where it ends.",
            unclosed.start,
            unclosed.end,
        )
    parts = stack[0].parts
    if not parts:
        return Literal(start, end, "")
    only = parts[0]
    if len(parts) == 1 and isinstance(only, Literal) and isinstance(items[0], Text):
        return Literal(start, end, only.value)
    return Template(start, end, tuple(parts), heredoc)


def _literal(texts: list[Text]) -> Literal:
    value = "".join([text.value for text in texts])
    if not value.isascii():
        value = normalize("NFC", value)
    return Literal(texts[0].start, texts[-1].end, value)


def _apply(cursor: Cursor, stack: list[_Open], directive: Directive) -> None:
    keyword = directive.keyword
    if keyword in ("if", "for"):
        stack.append(_Open(directive, directive.end, []))
        cursor.deep |= len(stack) > _FLAT
        return
    current = stack[-1]
    opened = current.directive.keyword if current.directive else None
    wanted = "for" if keyword == "endfor" else "if"
    if opened != wanted or (keyword == "else" and current.then is not None):
        raise Trouble(
            "Unexpected template directive",
            f'There is no open "{wanted}" directive that this "{keyword}" belongs to: remove it, '
            f"or write %{{ {wanted} … }} before it.",
            directive.start,
            directive.end,
        )
    part = Template(current.start, directive.start, tuple(current.parts))
    if keyword == "else":
        current.then, current.parts, current.start = part, [], directive.end
        return
    stack.pop()
    stack[-1].parts.append(_closed(current, part, directive))


def _closed(opened: _Open, last: Template, end: Directive) -> Expression:
    begin = opened.directive
    assert begin is not None and begin.expression is not None, "if and for have an expression"
    if begin.keyword == "for":
        key_name, value_name = begin.names
        return TemplateFor(begin.start, end.end, key_name, value_name, begin.expression, last)
    then, otherwise = opened.then, last
    if then is None:
        then, otherwise = last, Template(end.start, end.start, ())
    return TemplateIf(begin.start, end.end, begin.expression, then, otherwise)
