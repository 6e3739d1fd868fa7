"""Wildcard patterns of IAM against values of which parts are not known.

Both sides become sequences of symbols: characters, atoms (an identity such as a secret's ARN), and
holes (text that is not known). An answer is True or False only where it holds whatever stands in
the holes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from fglint.evaluation.values import Origin, Parts, Union, Unknown, Value, plain
from fglint.model.logic import Tri, any_of, unknown

ANYTHING = "\ue000"  # a character that only a wildcard matches: "some name"
_LIMIT = 4096


@dataclass(frozen=True, slots=True)
class Atom:
    """One identity: two equal atoms are one text."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class Own:
    """The region, account or partition that everything in the configuration lies in."""

    what: str


@dataclass(frozen=True, slots=True)
class Hole:
    """Text that is not known."""


Symbol = str | Atom | Own | Hole
HOLE = Hole()

_OWN_ATTRIBUTES = {
    ("aws_caller_identity", "account_id"): "account",
    ("aws_caller_identity", "id"): "account",
    ("aws_region", "name"): "region",
    ("aws_region", "id"): "region",
    ("aws_region", "region"): "region",
    ("aws_partition", "partition"): "partition",
    ("aws_partition", "id"): "partition",
}


def symbols(value: Value) -> tuple[Symbol, ...]:
    """The symbols of a text."""
    bare = plain(value)
    if isinstance(bare, str):
        return tuple(bare[:_LIMIT])
    if not isinstance(bare, Unknown):
        return (HOLE,)
    if isinstance(bare.content, Parts):
        return tuple(symbol for part in bare.content.parts for symbol in symbols(part))
    if bare.ref is None:
        return (*bare.prefix, HOLE)
    return (own(bare.ref) or Atom(bare.ref),)


def own(origin: Origin) -> Own | None:
    """The region, account or partition that a data source names."""
    _, data, rest = origin.address.rpartition("data.")
    type_ = rest.partition(".")[0] if data else ""
    what = _OWN_ATTRIBUTES.get((type_, origin.path.removeprefix(".")))
    return Own(what) if what is not None else None


def matches(pattern: Value, target: Sequence[Sequence[Symbol]], *, fold: bool = False) -> Tri:
    """Whether a pattern matches a text, given in one or more forms that denote the same text."""
    bare = plain(pattern)
    if bare == "*":
        return True
    if isinstance(bare, Unknown) and isinstance(bare.content, Union):
        answers = [matches(leaf, target, fold=fold) for leaf in bare.content.leaves]
        if all(answer is answers[0] for answer in answers):
            return answers[0]
        return unknown(bare)
    own_symbols = _folded(symbols(bare)) if fold else symbols(bare)
    found = [_match(own_symbols, tuple(_folded(f) if fold else f)) for f in target]
    if any(answer == 2 for answer in found):
        return True
    if any(answer == 0 for answer in found):
        return False
    return unknown(bare) if isinstance(bare, Unknown) else _hidden(target)


def _hidden(target: Sequence[Sequence[Symbol]]) -> Unknown:
    origins = [s.origin for form in target for s in form if isinstance(s, Atom)]
    return unknown(*origins)


def _folded(text: Sequence[Symbol]) -> tuple[Symbol, ...]:
    return tuple(s.lower() if isinstance(s, str) else s for s in text)


def _match(pattern: tuple[Symbol, ...], target: tuple[Symbol, ...]) -> int:
    """0 for no, 1 for perhaps, 2 for yes."""

    @cache
    def at(p: int, t: int) -> int:
        if p == len(pattern):
            rest = target[t:]
            if not rest:
                return 2
            return 1 if all(isinstance(s, Hole) for s in rest) else 0
        symbol = pattern[p]
        if symbol == "*":
            best = at(p + 1, t)
            if best < 2 and t < len(target):
                best = max(best, at(p, t + 1))
            return best
        if isinstance(symbol, Hole):
            best = min(1, at(p + 1, t))
            if not best and t < len(target):
                best = min(1, at(p, t + 1))
            return best
        if t == len(target):
            return 0
        other = target[t]
        if isinstance(other, Hole):
            return min(1, max(at(p, t + 1), at(p + 1, t)))
        one = _same(symbol, other)
        if one == 1 and (isinstance(symbol, (Atom, Own)) or isinstance(other, (Atom, Own))):
            # An atom or a part of the ARN stands for text of any length.
            stretch = [at(p + 1, t + 1)]
            if not isinstance(symbol, str):
                stretch.append(at(p, t + 1))
            if not isinstance(other, str):
                stretch.append(at(p + 1, t))
            return min(1, max(stretch))
        return min(one, at(p + 1, t + 1)) if one else 0

    return at(0, 0)


def _same(symbol: Symbol, other: Symbol) -> int:
    if symbol == other:
        return 2
    if symbol == "?":
        return 2 if isinstance(other, str) else 1
    if isinstance(symbol, str) and isinstance(other, str):
        return 0
    if isinstance(symbol, Atom) and isinstance(other, Atom):
        return 0 if _differ(symbol.origin, other.origin) else 1
    return 1


def _differ(one: Origin, other: Origin) -> bool:
    """Two managed resources of one type never have the same ARN or id."""
    if one.kind != "computed" or other.kind != "computed" or one.path != other.path:
        return False
    same_type = one.address.split("[")[0].split(".")[-2:-1] == other.address.split("[")[0].split(
        "."
    )[-2:-1]
    unlike = one.address != other.address and "[*]" not in one.address + other.address
    return unlike and same_type and one.path in (".arn", ".id")


def arn(service: str, rest: Sequence[Symbol]) -> tuple[Symbol, ...]:
    """An ARN in the configuration's own partition, region and account."""
    return (
        *"arn:",
        Own("partition"),
        *f":{service}:",
        Own("region"),
        ":",
        Own("account"),
        ":",
        *rest,
    )


def any_matches(patterns: Sequence[Value], target: Sequence[Sequence[Symbol]], fold: bool) -> Tri:
    """Whether one of several patterns matches."""
    return any_of(matches(pattern, target, fold=fold) for pattern in patterns)
