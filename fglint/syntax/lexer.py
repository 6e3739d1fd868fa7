"""Text becomes tokens: one regular expression, and the modes that templates switch between.

Kinds of tokens are strings. Punctuation is its own kind; besides, there are "ident", "number",
"newline", "string" (a whole quoted string without interpolation), `"` and `end"` around a quoted
template, "<<" and ">>" around a heredoc, "text" (literal text of a template), "${" and "%{",
"}}" (what closes those two), "bad" (the lexer stops there; `Tokens.trouble` says why) and "end".

Line breaks are tokens only where the grammar looks at them: in bodies and objects, not inside
parentheses, brackets, interpolations or `{for …}`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import field
from typing import NamedTuple

from fglint.records import dataclass
from fglint.syntax.trouble import Trouble, unexpected_character

_IDENT, _NEWLINE, _PUNCTUATION, _STRING, _NUMBER, _OPEN, _CLOSE = range(1, 8)
_COMMENT, _LONG_COMMENT, _QUOTE, _HEREDOC, _OTHER = range(8, 13)

# Possessive quantifiers keep unterminated strings linear. Only single characters have them: with a
# group they match too little before Python 3.11.5, so that loops are unrolled.
_TEXT = r"\$\$\{|%%\{|\$(?!\{)|%(?!\{)"
_TOKEN = re.compile(
    rf"""[ \t]*+(?:
      ([A-Za-z_][A-Za-z0-9_-]*+(?![^\x00-\x7f]))
    | (\r?\n)
    | (==|=>|!=|<=|>=|&&|\|\||\.\.\.|::|<(?!<)|[=.,:+\-*%?!>]|/(?![/*]))
    | ("[^"\\\r\n$%]*+(?:(?:\\[^\r\n]|{_TEXT})[^"\\\r\n$%]*+)*")
    | ([0-9]++(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)
    | ([{{(\[])
    | ([)\]}}]|~\}})
    | (\#[^\n]*+|//[^\n]*+)
    | (/\*)
    | (")
    | (<<-?[^\W\d][\w-]*+(?=\r?\n))
    | (.)
    | \Z
    )""",
    re.VERBOSE,
)
_QUOTED_TEXT = re.compile(
    rf'([^"\\\r\n$%]*+(?:(?:\\[^\r\n]|{_TEXT})[^"\\\r\n$%]*+)*)("|\$\{{~?|%\{{~?|)'
)
_BARE_TEXT = re.compile(rf"([^$%]*+(?:(?:{_TEXT})[^$%]*+)*)(\$\{{~?|%\{{~?|)")
_MAXIMUM_HINTS = 10
_FOR = re.compile(
    r"(?:\s|\#[^\n]*+|//[^\n]*+|/\*[^*]*+(?:\*(?!/)[^*]*+)*\*/)*for(?![\w-])\s*+[^\s={(:\"]"
)
_MARKER_LINE = re.compile(r"^[^\S\n]*+([^\W\d][\w-]*+)[^\S\n]*$", re.MULTILINE)

TOP_LEVEL_HEADER = re.compile(
    r"(?:resource|data|ephemeral|variable|output|module|provider|terraform|locals|check|moved"
    r'|import|removed|rule)(?:[ \t]++(?:"[^"\n]*+"|[\w-]++))*[ \t]*+\{'
)


class _Marker(NamedTuple):
    line: int  # where the line begins
    end: int  # where the marker ends


@dataclass(slots=True)
class Tokens:
    """Parallel lists of the tokens' kinds and ranges. The last one is "end" or "bad"."""

    kinds: list[str]
    starts: list[int]
    ends: list[int]
    comments: list[tuple[int, int]]
    trouble: Trouble | None = None


class MarkerLines:
    """The lines of a text that can end a heredoc; looked for when the first heredoc begins."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.hints = 0  # how many errors have been explained with a search of the text
        self._lines: dict[str, list[_Marker]] | None = None

    def after(self, name: str, position: int, end: int) -> _Marker | None:
        """The first line at or after a position that consists of the name alone."""
        if self._lines is None:
            self._lines = {}
            for found in _MARKER_LINE.finditer(self.text):
                line = self._lines.setdefault(found[1], [])
                line.append(_Marker(found.start(), found.end(1)))
        lines = self._lines.get(name, [])
        index = bisect_left(lines, (position, 0))
        return lines[index] if index < len(lines) and lines[index].end <= end else None


@dataclass(slots=True)
class _Template:
    """An open template: what closes it, and where it began."""

    start: int
    marker: str | None = None  # of a heredoc
    quoted: bool = False


@dataclass(slots=True)
class Lexer:
    """Reads the tokens of a part of a text."""

    text: str
    end: int
    markers: MarkerLines
    tokens: Tokens = field(default_factory=lambda: Tokens([], [], [], []))
    _stack: list[str] = field(default_factory=list)
    _templates: list[_Template] = field(default_factory=list)

    def body(self, start: int, *, stop_at_headers: bool = False) -> Tokens:
        """The tokens of a body; optionally only up to the next top-level block header."""
        return self._run(start, True, stop_at_headers)

    def expression(self, start: int) -> Tokens:
        """The tokens of an expression alone, in which line breaks mean nothing."""
        return self._run(start, False, False)

    def template(self, start: int) -> Tokens:
        """The tokens of a template that begins and ends with the text."""
        self._templates.append(_Template(start))
        try:
            after = self._continue_template(start)
        except Trouble as trouble:
            return self._stopped(trouble)
        if not self._templates:
            self._add("end", after, after)
            return self.tokens
        return self._run(after, False, False)

    def _run(self, position: int, newlines: bool, stop_at_headers: bool) -> Tokens:
        try:
            while position >= 0:
                position = self._scan(position, newlines, stop_at_headers)
        except Trouble as trouble:
            return self._stopped(trouble)
        return self.tokens

    def _stopped(self, trouble: Trouble) -> Tokens:
        self.tokens.trouble = trouble
        self._add("bad", trouble.start, trouble.end)
        return self.tokens

    def _add(self, kind: str, start: int, end: int) -> None:
        self.tokens.kinds.append(kind)
        self.tokens.starts.append(start)
        self.tokens.ends.append(end)

    def _scan(self, position: int, outer: bool, stop_at_headers: bool) -> int:
        """Reads up to the next template or oddity; where to go on, -1 at the end.

        The loop is the hot path of all parsing, hence its length and the local names.
        """
        text, end, stack = self.text, self.end, self._stack
        kind, begin = self.tokens.kinds.append, self.tokens.starts.append
        finish, comments = self.tokens.ends.append, self.tokens.comments
        newlines = stack[-1] == "{" if stack else outer
        for found in _TOKEN.finditer(text, position, end):
            group = found.lastindex
            start, after = found.span(group or 0)
            if group == _IDENT:
                kind("ident")
            elif group == _NEWLINE:
                if stop_at_headers and TOP_LEVEL_HEADER.match(text, after):
                    break
                if not newlines:
                    continue
                kind("newline")
            elif group == _PUNCTUATION:
                kind(found[_PUNCTUATION])
            elif group == _STRING:
                kind("string")
            elif group == _NUMBER:
                kind("number")
            elif group == _OPEN:
                opening = text[start]
                newlines = opening == "{" and not _FOR.match(text, after, end)
                stack.append("{" if newlines else "f" if opening == "{" else opening)
                kind(opening)
            elif group == _COMMENT:
                comments.append((start, after))
                continue
            elif group is None:
                break
            elif group == _CLOSE:
                if self._closes_sequence(start, after):
                    return self._continue_template(after)
                kind(text[start])
                newlines = stack[-1] == "{" if stack else outer
            else:
                return self._special(group, start, after)
            begin(start)
            finish(after)
        start = start if stop_at_headers else end
        if self._templates:
            raise self._unterminated(self._templates[-1], start)
        self._add("end", start, start)
        return -1

    def _closes_sequence(self, start: int, after: int) -> bool:
        """Takes a closing bracket from the stack; whether it ends `${` or `%{`."""
        stack, closing = self._stack, self.text[start]
        if closing == "~" or (closing == "}" and "$" in stack[-1:]):
            if stack[-1:] != ["$"]:
                raise unexpected_character(self.text, start)
            stack.pop()
            self._add("}}", start, after)
            return True
        if closing == "}":
            # An unclosed parenthesis must not hide where a body ends.
            while stack and stack[-1] in "([":
                stack.pop()
            if stack and stack[-1] != "$":
                stack.pop()
        elif stack and stack[-1] in "([":
            stack.pop()
        return False

    def _special(self, group: int, start: int, after: int) -> int:
        if group == _LONG_COMMENT:
            return self._long_comment(start)
        if group == _QUOTE:
            self._add('"', start, after)
            self._templates.append(_Template(start, quoted=True))
            return self._continue_template(after)
        if group == _HEREDOC:
            self._add("<<", start, after)
            name = self.text[start:after].lstrip("<").removeprefix("-")
            self._templates.append(_Template(start, marker=name))
            return self._continue_template(self.text.index("\n", after) + 1)
        return self._word(start)

    def _long_comment(self, start: int) -> int:
        close = self.text.find("*/", start + 2, self.end)
        if close < 0:
            raise Trouble(
                "Unterminated comment",
                'The comment that begins here with "/*" is never closed with "*/".',
                start,
                start + 2,
            )
        self.tokens.comments.append((start, close + 2))
        return close + 2

    def _word(self, start: int) -> int:
        """An identifier with letters beyond ASCII."""
        text, after = self.text, start
        if not text[start].isidentifier():
            raise unexpected_character(text, start)
        while after < self.end and (text[after] == "-" or f"a{text[after]}".isidentifier()):
            after += 1
        self._add("ident", start, after)
        return after

    # ---- templates ----------------------------------------------------------------------------

    def _continue_template(self, position: int) -> int:
        """The text of the innermost template up to its end or its next sequence."""
        template = self._templates[-1]
        limit, marker = self.end, None
        if template.marker is not None:
            marker = self.markers.after(template.marker, position, self.end)
            if marker is None:
                raise self._unterminated(template, self.end)
            limit = marker.line
        pattern = _QUOTED_TEXT if template.quoted else _BARE_TEXT
        found = pattern.match(self.text, position, limit)
        assert found is not None, "the pattern matches the empty text"
        start, after = found.span(1)
        if after > start:
            self._add("text", start, after)
        stop = found[2]
        if stop[:2] in ("${", "%{"):
            self._add(stop[:2], after, found.end())
            self._stack.append("$")
            return found.end()
        if template.quoted and stop != '"':
            raise self._unterminated(template, after)
        self._templates.pop()
        if template.quoted:
            self._add('end"', after, found.end())
            return found.end()
        if marker is not None:
            self._add(">>", marker.line, marker.end)
            return marker.end
        return after

    def _unterminated(self, template: _Template, at: int) -> Trouble:
        if template.marker is not None:
            return self._unterminated_heredoc(template)
        if not template.quoted:
            start = self.text.rfind("{", template.start, at)
            return Trouble(
                "Unclosed template sequence",
                'A template sequence "${" or "%{" is not closed with "}".',
                max(template.start, start - 1),
                at,
            )
        self._raise_for_sequence(template, at)
        return Trouble(
            "Unterminated string",
            "The string that begins here has no closing quote on its line. Strings of several "
            "lines are written as heredocs, <<EOT.",
            template.start,
            at,
        )

    def _raise_for_sequence(self, template: _Template, at: int) -> None:
        """Raises when the quote was meant to close a string whose `${` lacks its brace."""
        if len(self._templates) < 2 or not self._templates[-2].quoted:
            return
        outer = self._templates[-2]
        if "\n" in self.text[outer.start : template.start]:
            return
        raise Trouble(
            "Unclosed template sequence",
            'A template sequence "${" or "%{" in this string is not closed with "}".',
            outer.start,
            at,
        )

    def _perhaps_its_end(self, template: _Template) -> str:
        """What to change on the first line that looks like the end of a heredoc."""
        text, body = self.text, self.text.find("\n", template.start, self.end) + 1
        self.markers.hints += 1
        if not body or self.markers.hints > _MAXIMUM_HINTS:
            return ""
        almost = rf"^[ \t]*(?:({template.marker})[ \t]*[^\s\w-]|([A-Z]{{2,}})[ \t\r]*$)"
        found = re.compile(almost, re.MULTILINE).search(text, body, self.end)
        if found is None:
            return ""
        line = text.count("\n", 0, found.start()) + 1
        if found[1]:
            return f" On line {line} something follows it: put that on the next line."
        return f' Line {line} is "{found[2]}": make both names the same.'

    def _unterminated_heredoc(self, template: _Template) -> Trouble:
        line_end = self.text.find("\n", template.start)
        return Trouble(
            "Unterminated heredoc",
            f"There is no line that consists of {template.marker} alone and ends this heredoc."
            f"{self._perhaps_its_end(template)}",
            template.start,
            line_end if line_end >= 0 else self.end,
        )
