"""One hop of a trace: what stands there, where it is written, what rules judge of it."""

from __future__ import annotations

from collections.abc import Iterable

from fglint.evaluation.values import Unknown, Value, plain
from fglint.model.entity import Entity
from fglint.model.logic import Tri
from fglint.records import dataclass
from fglint.source import Range


@dataclass(frozen=True, slots=True, eq=False)
class Hop:
    """One hop.

    `step` is its sort ("listener"). `words` are a sentence in pieces: text, values and entities.
    `subjects` are what rules judge there, and `elements` narrow it down to single elements of
    their for_each. `fact` decides where no rule does; None where nothing is to be decided.
    `source` is the address of what leads here, for the way through locals, variables and modules.
    """

    step: str
    words: tuple[Value, ...]
    address: str
    place: Range | None
    subjects: tuple[Entity, ...] = ()
    elements: tuple[Entity, ...] = ()
    fact: Tri | None = None
    source: str = ""


def answer(entity: Entity, name: str) -> Tri:
    """The value of an attribute that is a bool."""
    value = plain(entity.read(name).value)
    return value if isinstance(value, (bool, Unknown)) else False


def listed(values: Iterable[Value], word: str = " and ") -> tuple[Value, ...]:
    """Values with commas and a last word between them."""
    found = list(values)
    pieces: list[Value] = []
    for index, value in enumerate(found):
        if index:
            pieces.append(word if index == len(found) - 1 else ", ")
        pieces.append(value)
    return tuple(pieces)
