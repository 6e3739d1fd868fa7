"""Elements of a policy that are one text or a list of them: actions, resources, principals."""

from __future__ import annotations

from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import STRING, ListType, Primitive
from fglint.evaluation.values import (
    Item,
    OpenList,
    Presence,
    TupleValue,
    Union,
    Unknown,
    Value,
    plain,
)
from fglint.model.arns import Texts
from fglint.model.logic import Tri, all_of, any_of, unknown
from fglint.model.patterns import Variants, matches, same
from fglint.model.reading import Node
from fglint.records import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """The texts of an element that is one text or a list of them.

    Each comes with whether it is there; `rest` tells why there may be others.
    """

    items: tuple[tuple[Tri, Value], ...]
    rest: Unknown | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it, and can be nothing."""
        return not self.items and self.rest is None

    def any_matches(self, texts: Texts, target: Variants, *, fold: bool = False) -> Tri:
        """Whether one of the texts, as a pattern, matches."""
        answers = [
            all_of([present, matches(texts.of(value), target, fold=fold)])
            for present, value in self.items
        ]
        return any_of(answers if self.rest is None else [*answers, self.rest])

    def any_is(self, texts: Texts, wanted: Variants) -> Tri:
        """Whether one of the texts is the one wanted."""
        answers = [
            all_of([present, same(texts.of(value), wanted)]) for present, value in self.items
        ]
        return any_of(answers if self.rest is None else [*answers, self.rest])

    def value(self) -> Value:
        """The texts as a list."""
        if self.rest is None and all(present is True for present, _ in self.items):
            return TupleValue(tuple(value for _, value in self.items))
        items = tuple(
            Item(value, Presence.ONE if present is True else Presence.MAYBE)
            for present, value in self.items
        )
        doubts = [present for present, _ in self.items if isinstance(present, Unknown)]
        if self.rest is not None:
            doubts.append(self.rest)
            more = Unknown(STRING, unknown(self.rest).origins)
            items = (*items, Item(more, Presence.MANY))
        origins = unknown(*doubts).origins
        return Unknown(ListType(STRING), origins, not_null=True, content=OpenList(items))


def listed(node: Node) -> Listed:
    """The texts of a node; what is no text, and can be none, is left out."""
    bare = plain(node.value)
    if not _is_collection(bare):
        text = _text(bare)
        return Listed(()) if text is None else Listed(((True, text),))
    found = node.elements()
    items: list[tuple[Tri, Value]] = []
    for item in found.items:
        text = _text(plain(item.node.value))
        if text is not None:
            present: Tri = True if item.presence is Presence.ONE else unknown(bare)
            items.append((present, text))
    return Listed(tuple(items), None if found.others is None else unknown(found.others))


def _text(value: Value) -> Value | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Unknown) and isinstance(value.content, Union):
        return None if all(map(is_null, value.content.leaves)) else value
    if isinstance(value, (str, Unknown)):
        return value
    return str(value) if isinstance(value, int) else None


def _is_collection(value: Value) -> bool:
    """Whether a value is a list; an unknown one of which nothing is known counts as one text."""
    if isinstance(value, Unknown):
        if isinstance(value.content, OpenList):
            return True
        return (
            value.content is None
            and not isinstance(value.type, Primitive)
            and (value.type != Unknown().type)
        )
    return not isinstance(value, (str, bool, int))
