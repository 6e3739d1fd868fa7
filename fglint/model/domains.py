"""Which domain names a certificate covers."""

from __future__ import annotations

from collections.abc import Sequence

from fglint.evaluation.equality import compare
from fglint.evaluation.values import Parts, Unknown, Value, plain
from fglint.model.logic import Tri, any_of, unknown


def covers_any(domains: Sequence[Value], names: Sequence[Value]) -> Tri:
    """Whether one of a certificate's domains covers one of the names."""
    return any_of(covers(domain, name) for domain in domains for name in names)


def covers(domain: Value, name: Value) -> Tri:
    """Whether a domain covers a name: exactly, or a wildcard for its one first label."""
    if compare(domain, name) is True:
        return True
    one, other = _pieces(domain), _pieces(name)
    if not any(isinstance(piece, Unknown) for piece in (*one, *other)):
        return _text_covers(str(plain(domain)), str(plain(name)))
    if one and isinstance(one[0], str) and one[0].startswith("*."):
        rest = _after_label(other)
        if rest is not None and _same([one[0][2:], *one[1:]], rest):
            return True
    elif _same(one, other):
        return True
    return unknown(domain, name)


def _text_covers(domain: str, name: str) -> bool:
    domain, name = domain.lower().rstrip("."), name.lower().rstrip(".")
    if domain.startswith("*."):
        label, dot, rest = name.partition(".")
        return bool(label and dot) and rest == domain[2:]
    return domain == name


def _pieces(value: Value) -> list[str | Unknown]:
    bare = plain(value)
    if isinstance(bare, str):
        return [bare]
    if isinstance(bare, Unknown) and isinstance(bare.content, Parts):
        return [
            p if isinstance(p, (str, Unknown)) else str(p) for p in map(plain, bare.content.parts)
        ]
    return [bare] if isinstance(bare, Unknown) else [str(bare)]


def _after_label(pieces: list[str | Unknown]) -> list[str | Unknown] | None:
    """What follows the first label; None where the first label is not known to end."""
    if pieces and isinstance(pieces[0], str) and "." in pieces[0]:
        return [pieces[0].partition(".")[2], *pieces[1:]]
    if len(pieces) > 1 and isinstance(pieces[1], str) and pieces[1].startswith("."):
        return [pieces[1][1:], *pieces[2:]]
    return None


def _same(one: list[str | Unknown], other: list[str | Unknown]) -> bool:
    mine, theirs = [p for p in one if p != ""], [p for p in other if p != ""]
    return len(mine) == len(theirs) and all(
        compare(a, b) is True for a, b in zip(mine, theirs, strict=True)
    )
