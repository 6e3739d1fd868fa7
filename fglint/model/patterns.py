"""Wildcard patterns of IAM against texts of which parts are not known.

A text is a sequence of symbols: characters, and what stands for more than one. A pattern is a text
in which `*` and `?` are wildcards. An answer is True or False only where it holds whatever stands
for the unknown parts; both are found by simulating the pattern as an automaton, once for what is
certain and once for what is possible.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import field
from functools import lru_cache

from fglint.evaluation.origins import Origin
from fglint.model.logic import Tri, unknown
from fglint.records import dataclass

_DIGITS = frozenset("0123456789")
_ALPHANUMERIC = frozenset("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_REGION = frozenset("0123456789abcdefghijklmnopqrstuvwxyz-")


@dataclass(frozen=True, slots=True)
class Atom:
    """The text that an origin denotes: two equal atoms are one text.

    Of two identities of one `kind` (a class such as "secret", with its provider configuration)
    the texts differ where the origins do; "" is no identity. Where one such text can begin like
    another (`/app/db` and `/app/db2`), `prefixes` is true.
    """

    origin: Origin
    kind: str = ""
    prefixes: bool = True


@dataclass(frozen=True, slots=True)
class Own:
    """The account, region or rest of the partition's name of one provider configuration."""

    what: str
    provider: str = ""
    because: str = field(default="", compare=False)

    @property
    def origin(self) -> Origin:
        """Why it is not known."""
        return Origin("data", self.provider or "provider.aws", f".{self.what}", self.because)

    @property
    def alphabet(self) -> frozenset[str]:
        """The characters that it may hold."""
        return _DIGITS if self.what == "account" else _REGION


@dataclass(frozen=True, slots=True)
class Random:
    """One letter or digit that AWS chooses."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Text that is not known, for some reason."""

    origins: tuple[Origin, ...] = field(default=(), compare=False)


Symbol = str | Atom | Own | Random | Hole
Text = tuple[Symbol, ...]
Forms = tuple[Text, ...]  # one text, written in several ways
Variants = tuple[Forms, ...]  # one of several texts, it is not known which

RANDOM = Random()
HOLE = Hole()


def matches(pattern: Variants, target: Variants, *, fold: bool = False) -> Tri:
    """Whether a pattern matches a text; `fold` leaves the case of letters aside."""
    answers = {_of_forms(one, other, fold) for one in pattern for other in target}
    if len(answers) == 1:
        (answer,) = answers
        if answer is not None:
            return answer
    return unknown(*_why(pattern, target))


def same(one: Variants, other: Variants) -> Tri:
    """Whether two texts are the same; nothing in them is a wildcard."""
    answers: set[bool | None] = set()
    for forms in one:
        for others in other:
            found = {_compare(a, b, False, True) for a in forms for b in others}
            answers.add(_settled(found))
    if len(answers) == 1:
        (answer,) = answers
        if answer is not None:
            return answer
    return unknown(*_why(one, other))


def causes(variants: Variants, form: int = 0) -> list[Origin]:
    """Why a text is not wholly known, as one of its forms has it; the partition never matters."""
    found: dict[Origin, None] = {}
    for forms in variants:
        for symbol in forms[form]:
            if isinstance(symbol, Atom) or (isinstance(symbol, Own) and symbol.what != "partition"):
                found[symbol.origin] = None
            elif isinstance(symbol, Hole):
                found.update(dict.fromkeys(symbol.origins))
    return list(found)


def _why(pattern: Variants, target: Variants) -> list[Origin]:
    """The causes of an unknown answer: those of the pattern, else what of the target is not known.

    Where the pattern is literal, a reference says less than the account and names behind it.
    """
    return causes(pattern) or causes(target, -1) or causes(target)


def _of_forms(pattern: Forms, target: Forms, fold: bool) -> bool | None:
    return _settled({_compare(one, other, fold) for one in pattern for other in target})


def _settled(found: set[bool | None]) -> bool | None:
    """All forms are one text: what is proved of one of them holds."""
    return True if True in found else False if False in found else None


@lru_cache(maxsize=16384)  # policies repeat themselves, and each is asked for many permissions
def _compare(pattern: Text, target: Text, fold: bool, literal: bool = False) -> bool | None:
    known = _known(pattern), _known(target)
    if known[0] is not None and known[1] is not None:
        if literal:
            return known[0] == known[1]
        return _expression(known[0], fold).fullmatch(known[1]) is not None
    if fold:
        pattern, target = _folded(pattern), _folded(target)
    machine = _Machine(pattern, literal)
    if machine.runs(target, machine.certain):
        return True
    return None if machine.runs(target, machine.possible) else False


def _known(text: Text) -> str | None:
    return "".join(text) if all(isinstance(s, str) for s in text) else None  # type: ignore[arg-type]


@lru_cache(maxsize=4096)
def _expression(pattern: str, fold: bool) -> re.Pattern[str]:
    parts = [".*" if c == "*" else "." if c == "?" else re.escape(c) for c in pattern]
    return re.compile("".join(parts), re.DOTALL | (re.IGNORECASE if fold else 0))


def _folded(text: Text) -> Text:
    return tuple(s.lower() if isinstance(s, str) else s for s in text)


class _Machine:
    """A pattern as an automaton: a state is a position in it."""

    def __init__(self, pattern: Text, literal: bool) -> None:
        self.pattern = pattern
        self.literal = literal

    def runs(self, target: Text, step: Callable[[int, Text, int], set[int]]) -> bool:
        """Whether the automaton can read a target and be at the end of the pattern."""
        possible = step == self.possible
        states = self._closed({0}, possible)
        for at in range(len(target)):
            reached: set[int] = set()
            for state in states:
                reached |= step(state, target, at)
            states = self._closed(reached, possible)
            if not states:
                return False
        return len(self.pattern) in states

    def _is_star(self, state: int) -> bool:
        return not self.literal and self.pattern[state] == "*"

    def _closed(self, states: set[int], possible: bool) -> set[int]:
        """With what is reached without reading: past `*`, and past unknown text."""
        found = set(states)
        pending = list(states)
        while pending:
            state = pending.pop()
            if state == len(self.pattern) or state + 1 in found:
                continue
            symbol = self.pattern[state]
            if self._is_star(state) or (possible and _may_be_empty(symbol)):
                found.add(state + 1)
                pending.append(state + 1)
        return found

    def certain(self, state: int, target: Text, at: int) -> set[int]:
        """The states after reading one symbol of the target, whatever it stands for."""
        if state == len(self.pattern):
            return set()
        symbol, read = self.pattern[state], target[at]
        if self._is_star(state):
            return {state}
        if isinstance(symbol, Hole):
            return set()
        if symbol == read and not isinstance(read, (Random, Hole)):
            return {state + 1}
        if symbol == "?" and not self.literal and isinstance(read, (str, Random)):
            return {state + 1}
        return set()

    def possible(self, state: int, target: Text, at: int) -> set[int]:
        """The states after reading one symbol of the target, with some text for the unknown."""
        read = target[at]
        if state == len(self.pattern):
            # Nothing is left of the pattern: only text that may be empty can follow.
            return {state} if _may_be_empty(read) else set()
        symbol = self.pattern[state]
        if self._is_star(state):
            return {state} | (self._beyond(state, target, at) if _is_elastic(read) else set())
        if isinstance(symbol, (Atom, Own)) and symbol == read:
            return {state + 1}
        if self._excluded(state, target, at):
            return set()
        if _is_elastic(read):
            return self._beyond(state, target, at)
        if _is_elastic(symbol):
            return {state, state + 1} if _may_hold(symbol, read) else set()
        if symbol == "?" and not self.literal:
            return {state + 1}
        if isinstance(symbol, Random) or isinstance(read, Random):
            return {state + 1} if _may_hold(symbol, read) or _may_hold(read, symbol) else set()
        return {state + 1} if symbol == read else set()

    def _beyond(self, state: int, target: Text, at: int) -> set[int]:
        """The states that unknown text of the target can lead to: any stretch of the pattern."""
        read = target[at]
        found = {state} if _may_be_empty(read) else set()
        while state < len(self.pattern):
            symbol = self.pattern[state]
            if self._excluded(state, target, at) or not (
                self._is_star(state) or _is_elastic(symbol) or _may_hold(read, symbol)
            ):
                break
            if self._is_star(state) or _is_elastic(symbol):
                found.add(state)  # it may hold more of what follows in the target
            state += 1
            found.add(state)
        return found

    def _excluded(self, state: int, target: Text, at: int) -> bool:
        """Whether two identities meet here that are known to differ."""
        one, other = self.pattern[state], target[at]
        if not isinstance(one, Atom) or not isinstance(other, Atom):
            return False
        if not one.kind or one.kind != other.kind or one.origin == other.origin:
            return False
        if not one.prefixes:
            return True
        # One may begin like the other, unless both end here: names hold no colon.
        return _ends(self.pattern, state + 1) and _ends(target, at + 1)


def _ends(text: Sequence[Symbol], at: int) -> bool:
    return at == len(text) or text[at] == ":"


def _is_elastic(symbol: Symbol) -> bool:
    return isinstance(symbol, (Atom, Own, Hole))


def _may_be_empty(symbol: Symbol) -> bool:
    return isinstance(symbol, Hole) or (isinstance(symbol, Atom) and not symbol.kind)


def _may_hold(text: Symbol, symbol: Symbol) -> bool:
    """Whether unknown text may hold what a symbol stands for."""
    match text, symbol:
        case ((Atom() | Hole()), _):
            return True
        case Own(), str():
            return symbol in text.alphabet or symbol == "?"
        case Own(), Random():
            return True
        case Own(), Own():
            return text.what == symbol.what
        case Random(), str():
            return symbol in _ALPHANUMERIC or symbol == "?"
        case Random(), Random():
            return True
        case _:
            return False
