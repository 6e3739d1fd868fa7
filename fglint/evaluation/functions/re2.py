r"""Terraform's regular expressions (RE2's syntax), translated to those of Python.

RE2 and Perl prefer the same match, so what differs is the syntax: which classes and escapes there
are, that classes like \d are ASCII, that $ is only the end of the text, and what is an error.
Source: https://github.com/google/re2/wiki/Syntax

The module `regex` does the matching, because it can give up: backtracking has no other limit. Its
import and each pattern cost milliseconds, so that simple patterns, which cannot backtrack for long
over a short text, are left to the module `re`.
"""

from __future__ import annotations

import re
from dataclasses import field
from functools import lru_cache
from typing import TYPE_CHECKING

from fglint.evaluation.functions.re2_classes import (
    PERL,
    PatternError,
    escaped,
    property_class,
    read_class,
    read_escape,
)
from fglint.records import dataclass

if TYPE_CHECKING:
    from typing import TypeAlias

    import regex

    Match: TypeAlias = regex.Match[str] | re.Match[str]

MAXIMUM_REPEAT = 1000
MAXIMUM_DEPTH = 200  # of groups; RE2 takes 1000
SECONDS = 2.0  # for one search; RE2 needs no limit, backtracking does
SHORT = 300  # characters of a text over which a simple pattern cannot take long
_AMBIGUOUS = ("[[", "[^[", "--", "&&", "~~", "||")  # in classes: set operations, one day
MAXIMUM_OPTIONS = 6  # places of a simple pattern at which an atom may be left out
_WORD_BOUNDARY = (
    r"(?:(?<=[0-9A-Za-z_])(?![0-9A-Za-z_])|(?<![0-9A-Za-z_])(?=[0-9A-Za-z_]))",
    r"(?:(?<=[0-9A-Za-z_])(?=[0-9A-Za-z_])|(?<![0-9A-Za-z_])(?![0-9A-Za-z_]))",
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A translated pattern. `names` has the name of each group, "" for one that has none."""

    names: tuple[str, ...]
    translated: str
    is_simple: bool

    def search(self, text: str, start: int = 0) -> Match | None:
        """The first match from a position on; TimeoutError when that takes too long."""
        if self.is_simple and len(text) <= SHORT:
            return re.compile(self.translated).search(text, start)
        return _engine(self.translated).search(text, pos=start, timeout=SECONDS)


@lru_cache(maxsize=256)
def compile(pattern: str) -> Pattern:
    """The translated pattern; PatternError when RE2 has none."""
    translator = _Translator(pattern)
    translated = translator.translate()
    is_simple = translator.is_simple() and _is_standard(translated)
    if not is_simple:
        _compiled(translated, pattern)
    return Pattern(tuple(translator.names), translated, is_simple)


def _is_standard(translated: str) -> bool:
    """Whether the module `re` reads a pattern, without a warning of what it may mean later."""
    if any(text in translated for text in _AMBIGUOUS):
        return False
    try:
        re.compile(translated)
    except re.error:
        return False
    return True


def _compiled(translated: str, pattern: str) -> None:
    """Compiles a pattern for those that search with it; PatternError when it cannot be."""
    import regex

    try:
        _engine(translated)
    except (regex.error, RecursionError, OverflowError):
        raise PatternError("expression is too large", pattern) from None


@lru_cache(maxsize=256)
def _engine(translated: str) -> regex.Pattern[str]:
    import regex

    return regex.compile(translated, regex.VERSION0)


@dataclass(slots=True)
class _Atom:
    text: str
    repeats: int = 1  # the largest product of repeat counts in it


@dataclass(slots=True)
class _Group:
    """An open group: its branches so far, and the flags to restore after it."""

    opening: str
    flags: frozenset[str]
    branches: list[str] = field(default_factory=list)
    atoms: list[_Atom] = field(default_factory=list)
    repeats: int = 1

    def end_branch(self) -> None:
        self.branches.append("".join(atom.text for atom in self.atoms))
        self.repeats = max([self.repeats, *(atom.repeats for atom in self.atoms)])
        self.atoms = []


class _Translator:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.position = 0
        self.names: list[str] = []
        self.flags: frozenset[str] = frozenset()
        self.groups = [_Group("", self.flags)]
        self.repeated_at: int | None = None  # where the repetition before this token begins
        self.loops = 0  # places at which the length of a match can vary widely
        self.options = 0  # and those at which it varies by one atom
        self.nests = False  # whether a group is repeated

    def is_simple(self) -> bool:
        """Whether matching takes no more than quadratic time in the length of the text.

        An unanchored search is one loop more: it begins at each character.
        """
        loops = self.loops + (not self.pattern.startswith(("^", "(?i)^")))
        return not self.nests and loops <= 2 and self.options <= MAXIMUM_OPTIONS

    def translate(self) -> str:
        while self.position < len(self.pattern):
            before, self.repeated_at = self.repeated_at, None
            self.step(before)
        if len(self.groups) > 1:
            raise PatternError("missing closing )", self.pattern)
        self.groups[0].end_branch()
        return "|".join(self.groups[0].branches)

    def step(self, repeated_at: int | None) -> None:
        character = self.pattern[self.position]
        if character in "*+?":
            self.repeat(character, character, 1, repeated_at)
        elif character == "{" and (count := self.count()) is not None:
            self.repeat_count(*count, repeated_at)
        elif character == "(":
            self.open_group()
        elif character == ")":
            self.close_group()
        elif character == "[":
            text, self.position = read_class(self.pattern, self.position)
            self.add(text)
        elif character == "\\":
            self.escape()
        else:
            self.position += 1
            self.plain(character)

    def plain(self, character: str) -> None:
        match character:
            case "|":
                self.groups[-1].end_branch()
            case "^":
                self.add("(?m:^)" if "m" in self.flags else r"\A", fold=False)
            case "$":
                self.add("(?m:$)" if "m" in self.flags else r"\Z", fold=False)
            case ".":
                self.add("(?s:.)" if "s" in self.flags else r"[^\n]", fold=False)
            case _:
                self.add(escaped(character))

    def add(self, text: str, *, fold: bool = True) -> None:
        if fold and "i" in self.flags and text.lower() != text.upper():
            text = f"(?i:{text})"
        self.groups[-1].atoms.append(_Atom(text))

    # ---- repetition ---------------------------------------------------------------------------

    def repeat(self, operator: str, written: str, times: int, repeated_at: int | None) -> None:
        start = self.position
        self.position += len(written)
        lazy = self.pattern.startswith("?", self.position)
        self.position += lazy
        if not self.groups[-1].atoms:
            raise PatternError(
                "missing argument to repetition operator", self.pattern[start : self.position]
            )
        if repeated_at is not None:
            raise PatternError(
                "invalid nested repetition operator", self.pattern[repeated_at : self.position]
            )
        atom = self.groups[-1].atoms[-1]
        repeats = atom.repeats * times
        if repeats > MAXIMUM_REPEAT:
            raise PatternError("invalid repeat count", written)
        self.nests |= atom.text.startswith("(") and not atom.text.startswith("(?i:")
        if written == "?":
            self.options += 1
        else:
            self.loops += 1
        suffix = "?" if lazy != ("U" in self.flags) else ""
        self.groups[-1].atoms[-1] = _Atom(f"(?:{atom.text}){operator}{suffix}", repeats)
        self.repeated_at = start

    def count(self) -> tuple[str, int, int] | None:
        """The text, least and greatest count ({2,} has -1) of {n}, {n,} or {n,m}; or None."""
        end = self.pattern.find("}", self.position)
        first, comma, last = self.pattern[self.position + 1 : max(end, 0)].partition(",")
        if not _is_count(first) or (last and not _is_count(last)):
            return None
        greatest = int(first) if not comma else int(last) if last else -1
        return self.pattern[self.position : end + 1], int(first), greatest

    def repeat_count(self, written: str, least: int, greatest: int, before: int | None) -> None:
        if max(least, greatest) > MAXIMUM_REPEAT or 0 <= greatest < least:
            raise PatternError("invalid repeat count", written)
        limits = f"{least}," if greatest < 0 else f"{least},{greatest}"
        times = least if greatest < 0 else greatest
        self.repeat(f"{{{limits}}}", written, times if times or greatest == 0 else 1, before)

    # ---- groups and flags ---------------------------------------------------------------------

    def open_group(self) -> None:
        if not self.pattern.startswith("(?", self.position):
            self.position += 1
            self.push("(", "")
        elif self.pattern.startswith(("(?P<", "(?<"), self.position):
            self.named_group()
        else:
            self.read_flags()

    def push(self, opening: str, name: str | None, flags: frozenset[str] | None = None) -> None:
        if len(self.groups) > MAXIMUM_DEPTH:
            raise PatternError("expression nests too deeply", self.pattern)
        if name is not None:
            self.names.append(name)
        self.groups.append(_Group(opening, self.flags))
        self.flags = self.flags if flags is None else flags

    def named_group(self) -> None:
        start = self.pattern.index("<", self.position) + 1
        end = self.pattern.find(">", start)
        rest = self.pattern[self.position :]
        if end < 0:
            raise PatternError("invalid named capture", rest)
        name = self.pattern[start:end]
        if not name or not all(c == "_" or (c.isascii() and c.isalnum()) for c in name):
            raise PatternError("invalid named capture", rest[: end + 1 - self.position])
        self.position = end + 1
        self.push("(", name)

    def read_flags(self) -> None:
        """(?flags) and (?flags:…), with - before those that are cleared."""
        flags, clearing, seen = set(self.flags), False, False
        for end in range(self.position + 2, len(self.pattern)):
            character = self.pattern[end]
            if character in "imsU":
                seen = True
                (flags.discard if clearing else flags.add)(character)
            elif character == "-" and not clearing:
                clearing, seen = True, False
            elif character in ":)" and (seen or not clearing):
                self.position = end + 1
                if character == ":":
                    self.push("(?:", None, frozenset(flags))
                else:
                    self.flags = frozenset(flags)
                return
            else:
                break
        else:
            raise PatternError("missing closing )", self.pattern)
        part = self.pattern[self.position : end + 1]
        raise PatternError("invalid or unsupported Perl syntax", part)

    def close_group(self) -> None:
        if len(self.groups) == 1:
            raise PatternError("unexpected )", self.pattern)
        self.position += 1
        group = self.groups.pop()
        group.end_branch()
        self.flags = group.flags
        text = f"{group.opening}{'|'.join(group.branches)})"
        self.groups[-1].atoms.append(_Atom(text, group.repeats))

    # ---- escapes ------------------------------------------------------------------------------

    def escape(self) -> None:
        if self.position + 1 >= len(self.pattern):
            raise PatternError("trailing backslash at end of expression", "")
        letter = self.pattern[self.position + 1]
        anchors = {"A": r"\A", "z": r"\Z", "b": _WORD_BOUNDARY[0], "B": _WORD_BOUNDARY[1]}
        if letter in anchors:
            self.add(anchors[letter], fold=False)
        elif letter in PERL:
            self.add(f"[{PERL[letter]}]")
        elif letter in "pP":
            text, self.position = property_class(self.pattern, self.position)
            self.add(f"[{text}]")
            return
        elif letter == "Q":
            self.quote()
            return
        else:
            character, self.position = read_escape(self.pattern, self.position)
            self.add(escaped(character))
            return
        self.position += 2

    def quote(self) -> None:
        start = self.position + 2
        end = self.pattern.find(r"\E", start)
        self.position = len(self.pattern) if end < 0 else end + 2
        for character in self.pattern[start : end if end >= 0 else None]:
            self.add(escaped(character))


def _is_count(text: str) -> bool:
    """Whether RE2 reads a number: digits, and no zero before others."""
    return text.isascii() and text.isdigit() and (text == "0" or text[0] != "0")
