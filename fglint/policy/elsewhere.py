"""Where a value is written that an argument takes from a local value, a variable or a module."""

from __future__ import annotations

from fractions import Fraction

from fglint.configuration.place import Place, module_of, name_of, value_of
from fglint.configuration.scopes import ModuleInstance
from fglint.evaluation.references import chain, reference_of
from fglint.evaluation.values import plain
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
    if trail is None:
        return None
    place, through = _default(trail.place, list(trail.through))
    return (place, through) if _writes(place, reading) else None


def _writes(place: Place, reading: Node) -> bool:
    """Whether an expression is the whole of a value, and not a text or an object around it."""
    written, known = value_of(place), plain(reading.value)
    scalars = (str, bool, int, Fraction)
    if not isinstance(written, scalars) or not isinstance(known, scalars):
        return False
    return _text(written) == _text(known)


def _text(value: str | bool | int | Fraction) -> str:
    """A value as Terraform converts it to a string."""
    return str(value).lower() if isinstance(value, bool) else str(value)


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
