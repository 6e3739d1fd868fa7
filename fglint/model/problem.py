"""Mistakes that a reader of a text finds in it, each at its place."""

from __future__ import annotations

from fglint.evaluation.types import STRING
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.reading import Node
from fglint.records import dataclass
from fglint.source import Range


@dataclass(frozen=True, slots=True, eq=False)
class Mistake:
    """What is wrong, as a clause, the node that is, and what to do where that is known."""

    text: str
    node: Node
    remedy: str = ""


class Problem(Entity):
    """A mistake in a text that AWS reads: a policy document, container definitions."""

    kind = "problem"

    def __init__(self, owner: Entity, mistake: Mistake) -> None:
        super().__init__(owner.address, owner.header, maybe=owner.maybe)
        self.part_of = owner
        self.mistake = mistake

    def __str__(self) -> str:
        return self.mistake.text

    def place(self) -> Range | None:
        """Where the mistake is."""
        return self.mistake.node.place()

    @attribute(STRING)
    def text(self) -> Attribute:
        """What is wrong, as a clause."""
        return Attribute(self.mistake.text, self.place)

    @attribute(STRING)
    def remedy(self) -> Attribute:
        """What to do about it, as a sentence; empty where that differs from case to case."""
        return Attribute(self.mistake.remedy, self.place)
