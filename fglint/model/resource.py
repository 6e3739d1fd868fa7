"""What entities of the model that are one resource, data source, or value from outside share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from fglint.configuration.instance import Instance
from fglint.evaluation.inspection import is_null
from fglint.evaluation.types import BOOL, DYNAMIC, NUMBER, STRING, Type
from fglint.evaluation.values import (
    NULL,
    Item,
    OpenList,
    Presence,
    TupleValue,
    Unknown,
    Value,
    plain,
)
from fglint.model.entity import Attribute, Entity, attribute
from fglint.model.existence import may_not_exist
from fglint.model.links import Link
from fglint.model.logic import Tri, outside, unknown
from fglint.model.reading import Node, known_text, root, without_null

if TYPE_CHECKING:
    from fglint.model.deployment import Deployment


class Resource(Entity):
    """An entity that is one resource, data source, or a value from outside.

    `instance` is the resource of the configuration that it is; None for data sources, too.
    """

    def __init__(self, deployment: Deployment, link: Link) -> None:
        instance = link.instance
        super().__init__(
            instance.address if instance is not None else "",
            instance.header if instance is not None else None,
            maybe=link.maybe,
            external=instance is None or instance.mode == "data",
        )
        self.deployment = deployment
        self.link = link
        self.instance: Instance | None = None if self.external else instance

    def __str__(self) -> str:
        if self.address:
            return self.address
        bare = plain(self.link.value)
        if isinstance(bare, Unknown) and bare.origins:
            names = (str(origin).removesuffix("[*]") for origin in bare.origins[:2])
            return " or ".join(dict.fromkeys(names))
        return known_text(bare) or f"an unknown {self.kind.replace('_', ' ')}"

    @cached_property
    def node(self) -> Node | None:
        """The resource's arguments; None for what lies outside."""
        return None if self.instance is None else root(self.instance)

    @cached_property
    def written_node(self) -> Node | None:
        """The arguments of the resource or data source; None for what is only a value."""
        return None if self.link.instance is None else root(self.link.instance)

    def unseen(self) -> Unknown:
        """Why nothing is known of it."""
        bare = plain(self.link.value)
        if self.link.instance is None and isinstance(bare, Unknown):
            return unknown(bare)
        return outside(str(self), f"{self} lies outside the configuration")

    def given(self, name: str, type_: Type, default: Value = NULL) -> Attribute:
        """An argument, or its default; unknown for what lies outside."""
        node = self.written_node
        if node is None:
            return Attribute(Unknown(type_, self.unseen().origins), self.place)
        found = node.get(name)
        if self.node is None and isinstance(plain(found.as_type(type_)), Unknown):
            return Attribute(Unknown(type_, self.unseen().origins), found.place)
        return found.attribute(type_, default)

    def written(self, name: str, default: Value = NULL) -> Attribute:
        """A string argument."""
        return self.given(name, STRING, default)

    def number(self, name: str, default: Value = NULL) -> Attribute:
        """A number argument."""
        return self.given(name, NUMBER, default)

    def flag(self, name: str) -> Attribute:
        """A bool argument; false where neither it nor its default is set."""
        found = self.given(name, BOOL)
        if is_null(found.value):
            return Attribute(False, found.place, True)
        return Attribute(without_null(found.value, False), found.place, found.is_default)

    @attribute(BOOL)
    def in_configuration(self) -> Attribute:
        """Whether it is a resource of the configuration, and not read or named from outside."""
        return Attribute(not self.external, self.place)


def tri_of(value: Value) -> Tri:
    """A bool attribute's value as an answer; null is false."""
    bare = plain(value)
    return bare if isinstance(bare, (bool, Unknown)) else False


def entities(found: Sequence[tuple[Entity, bool]], rest: Unknown | None = None) -> Value:
    """Entities as rules see them, each with whether it may not be there.

    `rest` is why there may be others; where the found ones are certain, or there are none, an
    unknown element stands for those.
    """
    certain = not any(maybe for _, maybe in found)
    if rest is None and certain:
        return TupleValue(tuple(entity for entity, _ in found))
    items = [Item(entity, Presence.MAYBE if maybe else Presence.ONE) for entity, maybe in found]
    if rest is not None and certain:
        items.append(Item(Unknown(DYNAMIC, rest.origins), Presence.MANY))
    causes = [] if rest is None else [rest]
    causes.extend(_doubt(entity) for entity, maybe in found if maybe)
    origins = unknown(*causes).origins
    return Unknown(DYNAMIC, origins, not_null=True, content=OpenList(tuple(items)))


def _doubt(entity: Entity) -> Unknown:
    """Why an entity may not be there: its own count, or something that only its finder knows."""
    own = getattr(entity, "doubt", None)
    if isinstance(own, Unknown):
        return own
    instance: Instance | None = getattr(entity, "instance", None)
    if instance is not None and instance.maybe:
        return may_not_exist(instance)
    return outside(str(entity), f"what {entity} belongs to is not known")
