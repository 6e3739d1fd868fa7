"""Leaves: each text that a task shows to whoever may read it, environment entries above all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fglint.evaluation.types import STRING
from fglint.evaluation.values import Presence
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.reading import Node

if TYPE_CHECKING:
    from fglint.model.task import Task


class Leaf(Entity):
    """One text that a task shows."""

    kind = "environment"

    def __init__(self, name: Node, node: Node, maybe: bool) -> None:
        super().__init__(node.instance.address, node.instance.header, maybe=maybe)
        self.name_node = name
        self.node = node

    @attribute(STRING, nullable=True)
    def name_(self) -> Attribute:
        """The name under which the text is shown."""
        return self.name_node.attribute(STRING)

    @attribute(STRING, nullable=True)
    def value(self) -> Attribute:
        """The text."""
        return self.node.attribute(STRING)


def leaves_of(task: Task) -> list[Leaf]:
    """The leaves of a task, in the order in which they are written."""
    found: list[Leaf] = []
    for container in task.container_list:
        for item in container.node.get("environment").elements().items:
            maybe = container.maybe or item.presence is not Presence.ONE
            entry = item.node
            found.append(Leaf(entry.get("name"), entry.get("value"), maybe))
    return found
