"""Where a value is written that an argument takes from a local value, a variable or a module."""

from __future__ import annotations

from fglint.configuration.place import Place, module_of, name_of
from fglint.configuration.scopes import ModuleInstance
from fglint.evaluation.references import chain, reference_of
from fglint.model.entity import Entity
from fglint.model.reading import Node


def source_of(entity: Entity, name: str) -> tuple[Place, list[str]] | None:
    """The expression that writes an argument or member, and the names on the way to it.

    A name may lead down with dots. None where the way cannot be followed.
    """
    reading = getattr(entity, "node", None)
    if not isinstance(reading, Node):
        return None
    *parts, last = name.split(".")
    for part in parts:
        inner = reading.block(part)
        reading = inner if inner.is_set else reading.get(part)
    reading = reading.get(last)
    trail = reading.instance.trail(reading.path)
    return None if trail is None else _default(trail.place, list(trail.through))


def _default(place: Place, through: list[str]) -> tuple[Place, list[str]]:
    """The default of a variable that nothing gives a value; else the place."""
    found = chain(place.placed.node)
    module = module_of(place.scope)
    if found is None or not isinstance(module, ModuleInstance):
        return place, through
    reference = reference_of(found[1], found[0])
    name = reference.names[0]
    if reference.kind != "var" or reference.steps:
        return place, through
    given = module.call is not None and module.call.declaration.written.get(name) is not None
    if given or (module.call is None and name in module.session.given):
        return place, through
    declaration = module.written.variables.get(name)
    default = None if declaration is None else declaration.written.get("default")
    if default is None:
        return place, through
    return Place(default, place.scope), [*through, name_of(place, reference)]
