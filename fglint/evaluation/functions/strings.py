"""Functions of strings: case, parts of strings, and questions about them."""

from __future__ import annotations

from dataclasses import replace as changed

from fglint.evaluation.functions import graphemes
from fglint.evaluation.functions.arguments import (
    WHITE_SPACE,
    check_text,
    failed,
    invalid,
    normalized,
    whole_argument,
)
from fglint.evaluation.functions.pieces import (
    Piece,
    assemble,
    hole,
    leading,
    map_text,
    opened,
    overlaps,
    pieces,
    trailing,
    undecided,
)
from fglint.evaluation.functions.registry import Parameter, function
from fglint.evaluation.inspection import has_known_order, is_wholly_known, origins_of
from fglint.evaluation.refinement import STATE
from fglint.evaluation.types import BOOL, NUMBER, STRING, ListType
from fglint.evaluation.unions import union
from fglint.evaluation.values import (
    Item,
    ListValue,
    Null,
    Number,
    OpenList,
    Presence,
    SetValue,
    Unknown,
    Value,
    plain,
)

_STRINGS = ListType(STRING)
_PARTIAL = Parameter(STRING, unknown=True)


# ---- case -------------------------------------------------------------------------------------


def _single(character: str, *forms: str) -> str:
    """The first form that is one character: Terraform's case mapping never makes two of one."""
    return next((form for form in forms if len(form) == 1), character)


def _upper(text: str) -> str:
    if text.isascii():
        return text.upper()
    return normalized("".join(_single(c, c.upper(), c.title()) for c in text))


def _lower(text: str) -> str:
    if text.isascii():
        return text.lower()
    # The capital I with dot is the one character with a longer full lower-case form.
    return normalized("".join("i" if c == "İ" else c.lower() for c in text))


def _title(text: str) -> str:
    result: list[str] = []
    previous = " "
    for character in text:
        starts = _separates(previous)
        result.append(_single(character, character.title()) if starts else character)
        previous = character
    return normalized("".join(result))


def _separates(character: str) -> bool:
    if character.isascii():
        return not (character.isalnum() or character == "_")
    return character in WHITE_SPACE


@function(_PARTIAL, returns=STRING)
def upper(str: Value) -> Value:
    """All letters in upper case."""
    return map_text(str, _upper)


@function(_PARTIAL, returns=STRING)
def lower(str: Value) -> Value:
    """All letters in lower case."""
    return map_text(str, _lower)


@function(_PARTIAL, returns=STRING)
def title(str: Value) -> Value:
    """The first letter of each word in title case."""
    if isinstance(str, Unknown):
        return _known_until_hole(str, _title(leading(str)))
    return _title(_text(str))


def _known_until_hole(value: Value, prefix: str) -> Value:
    return assemble([prefix, hole(value)])


def _text(value: Value) -> str:
    assert isinstance(value, str)
    return value


# ---- parts of strings -------------------------------------------------------------------------


@function(_PARTIAL, NUMBER, NUMBER, returns=STRING)
def substr(str: Value, offset: Number, length: Number) -> Value:
    """The characters from an offset on; a negative length means to the end."""
    start, count = whole_argument("substr", offset), whole_argument("substr", length)
    if isinstance(str, Unknown):
        return _part_of_unknown(str, start, count)
    characters = graphemes.clusters(_text(str))
    if start >= 0 and count == 0:
        return ""
    if start < 0:
        start = max(0, start + len(characters))
    # With a negative offset Terraform takes a length of 0 as no limit.
    end = len(characters) if count <= 0 else start + count
    return normalized("".join(characters[start:end]))


def _part_of_unknown(value: Unknown, start: int, count: int) -> Value:
    if start < 0:
        return hole(value)
    if count == 0:
        return ""
    known = graphemes.clusters(leading(value))[:-1]  # the last one may grow
    if 0 <= start + count <= len(known) and count > 0:
        return normalized("".join(known[start : start + count]))
    return _known_until_hole(value, "".join(known[start:]))


@function(_PARTIAL, returns=STRING)
def strrev(str: Value) -> Value:
    """The characters in reverse order."""
    mirrored = [
        hole(piece) if isinstance(piece, Unknown) else "".join(graphemes.clusters(piece)[::-1])
        for piece in opened(str)[::-1]
    ]
    return assemble(mirrored)


@function(STRING, _PARTIAL, returns=_STRINGS)
def split(separator: str, str: Value) -> Value:
    """The strings between the separators."""
    if not isinstance(str, Unknown):
        text = _text(str)
        parts = text.split(separator) if separator else list(text)
        return ListValue(tuple(map(normalized, parts)), STRING)
    if not separator:
        return hole(str, type_=_STRINGS)
    items: list[Item] = []
    for segment in _segments(opened(str), separator):
        items.extend(_elements(segment, str))
    least = sum(item.presence is Presence.ONE for item in items)
    return changed(hole(str, type_=_STRINGS), minimum=least, content=OpenList(tuple(items)))


def _segments(parts: list[Piece], separator: str) -> list[list[Piece]]:
    """The pieces between the separators that are certain."""
    segments: list[list[Piece]] = [[]]
    for index, piece in enumerate(parts):
        if isinstance(piece, Unknown):
            segments[-1].append(hole(piece))
        elif overlaps(piece, separator, index > 0, index + 1 < len(parts)):
            segments[-1].append(hole(*(part for part in parts if isinstance(part, Unknown))))
        else:
            first, *others = piece.split(separator)
            segments[-1].append(first)
            segments.extend([other] for other in others)
    return segments


def _elements(segment: list[Piece], whole: Value) -> list[Item]:
    """One element where all is known; else one that begins as known, and any number after it."""
    value = assemble(segment)
    if not isinstance(value, Unknown):
        return [Item(value)]
    return [Item(_known_until_hole(value, leading(value))), Item(hole(whole), Presence.MANY)]


@function(STRING, variadic=Parameter(_STRINGS, unknown=True), returns=STRING)
def join(separator: str, *lists: Value) -> Value:
    """The elements of all lists with a separator between them."""
    if not lists:
        raise failed("join", "at least one list is required")
    items = [item for one in lists for item in _items_to_join(one)]
    if not all(map(is_wholly_known, lists)):
        return _join_partial(separator, items, lists)
    texts: list[str] = []
    for index, item in enumerate(items):
        bare = plain(item.value)
        if isinstance(bare, Null):
            raise invalid("lists", f"element {index} is null; cannot concatenate null values")
        texts.append(_text(bare))
    check_text(sum(map(len, texts)) + len(separator) * len(texts))
    return normalized(separator.join(texts))


def _items_to_join(value: Value) -> tuple[Item, ...]:
    match plain(value):
        case ListValue(items, _) | SetValue(items, _):
            return tuple(map(Item, items))
        case Unknown(content=OpenList(items)):
            return items
        case other:
            return (Item(other, Presence.MANY),)


def _join_partial(separator: str, items: list[Item], lists: tuple[Value, ...]) -> Value:
    every = hole(*lists, *(item.value for item in items))
    if any(isinstance(plain(item.value), Null) for item in items):
        return every
    if len(items) == 1 and items[0].presence is Presence.MAYBE:
        return union(["", assemble(pieces(items[0].value))], every.origins, STRING)
    if not all(map(has_known_order, lists)):
        return every
    parts: list[Piece] = []
    for index, item in enumerate(items):
        if item.presence is not Presence.ONE:
            return assemble([*parts, every])
        parts.extend([separator] if index else [])
        parts.extend(pieces(item.value))
    return assemble(parts)


@function(_PARTIAL, STRING, STRING, returns=STRING)
def replace(str: Value, substr: str, replace: str) -> Value:
    """With each occurrence of a text, or match of a /pattern/, replaced."""
    is_pattern = len(substr) > 1 and substr.startswith("/") and substr.endswith("/")
    if isinstance(str, Unknown):
        return hole(str) if is_pattern or not substr else _replace_known(str, substr, replace)
    if is_pattern:
        from fglint.evaluation.functions import patterns

        return patterns.substitute(substr[1:-1], _text(str), replace)
    text = _text(str)
    check_text(text.count(substr) * len(replace))
    return normalized(text.replace(substr, replace))


def _replace_known(value: Unknown, old: str, new: str) -> Value:
    parts = opened(value)
    replaced: list[Piece] = []
    for index, piece in enumerate(parts):
        if isinstance(piece, Unknown):
            replaced.append(hole(piece))
        elif overlaps(piece, old, index > 0, index + 1 < len(parts)):
            replaced.append(hole(value))
        else:
            replaced.append(piece.replace(old, new))
    return assemble(replaced)


# ---- questions --------------------------------------------------------------------------------


@function(_PARTIAL, _PARTIAL, returns=BOOL)
def startswith(str: Value, prefix: Value) -> Value:
    """Whether a string begins with another one."""
    if not STATE.refining and isinstance(plain(prefix), Unknown):
        return Unknown(BOOL, origins_of(prefix), not_null=True)
    return _begins(str, prefix, leading(str), leading(prefix))


@function(_PARTIAL, _PARTIAL, returns=BOOL)
def endswith(str: Value, suffix: Value) -> Value:
    """Whether a string ends with another one."""
    return _begins(str, suffix, trailing(str)[::-1], trailing(suffix)[::-1])


def _begins(whole: Value, part: Value, known: str, wanted: str) -> Value:
    """Whether the part begins the whole, of which the first characters are known."""
    if not known.startswith(wanted):
        if isinstance(whole, Unknown) and not STATE.refining and len(wanted) > len(known):
            return undecided(whole, part)
        if isinstance(whole, Unknown) and wanted.startswith(known):
            return undecided(whole, part)
        return False
    return undecided(whole, part) if isinstance(part, Unknown) else True


@function(_PARTIAL, STRING, returns=BOOL)
def strcontains(str: Value, substr: str) -> Value:
    """Whether a string contains another one."""
    texts = [piece for piece in opened(str) if not isinstance(piece, Unknown)]
    if not substr or any(substr in text for text in texts):
        return True
    return undecided(str) if isinstance(str, Unknown) else False
