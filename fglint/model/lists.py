"""Lists as rules see them, of which a part may not be known."""

from __future__ import annotations

from collections.abc import Sequence

from fglint.evaluation.inspection import is_null, origins_of
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import DYNAMIC, NUMBER, STRING
from fglint.evaluation.values import (
    Item,
    OpenList,
    Parts,
    Presence,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.model.container_parts import parts_of
from fglint.model.reading import Node


def concatenated(lists: Sequence[Value]) -> Value:
    """Lists as one, in which what is unknown of each stays unknown."""
    items: list[Item] = []
    origins: dict[Origin, None] = {}
    for each in lists:
        bare = plain(each)
        if isinstance(bare, TupleValue):
            items.extend(map(Item, bare.items))
        elif isinstance(bare, Unknown):
            origins.update(dict.fromkeys(bare.origins))
            if isinstance(bare.content, OpenList):
                items.extend(bare.content.items)
            else:
                items.append(Item(Unknown(DYNAMIC, bare.origins), Presence.MANY))
    if len(lists) == 1:
        return lists[0]
    if not origins:
        return TupleValue(tuple(item.value for item in items))
    return Unknown(DYNAMIC, tuple(origins), not_null=True, content=OpenList(tuple(items)))


def texts_of(node: Node) -> Value:
    """A list of strings."""
    return parts_of(node.elements(), lambda each: each.text())


def open_list(*causes: Value) -> Unknown:
    """A list of which nothing is known, for the causes given."""
    origins = dict.fromkeys(origin for cause in causes for origin in origins_of(cause))
    return Unknown(DYNAMIC, tuple(origins), not_null=True)


def count_of(node: Node) -> Value:
    """How many elements a list has; an unknown number has what is known as its bounds."""
    bare = plain(node.value)
    if is_null(bare):
        return 0
    found = node.elements()
    if found.rest is None:
        return len(found.items)
    least = len(found.certain)
    many = any(item.presence is Presence.MANY for item in found.items)
    unlimited = many or not (isinstance(bare, Unknown) and isinstance(bare.content, OpenList))
    most = None if unlimited else len(found.items)
    return Unknown(NUMBER, origins_of(found.rest), not_null=True, minimum=least, maximum=most)


def joined(parts: Sequence[Value]) -> Value:
    """Texts one after the other as one text."""
    pieces: list[Value] = []
    for part in parts:
        bare = plain(part)
        inner = bare.content.parts if _is_text(bare) else (bare,)  # type: ignore[union-attr]
        for piece in inner:
            if pieces and isinstance(piece, str) and isinstance(pieces[-1], str):
                pieces[-1] = pieces[-1] + piece
            elif piece != "":
                pieces.append(piece)
    if len(pieces) == 1:
        return pieces[0]
    origins = dict.fromkeys(origin for piece in pieces for origin in origins_of(piece))
    return Unknown(STRING, tuple(origins), not_null=True, content=Parts(tuple(pieces)))


def _is_text(value: Value) -> bool:
    return isinstance(value, Unknown) and isinstance(value.content, Parts)
