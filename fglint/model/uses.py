"""Who refers to what: the static references of a configuration, with the attributes they read."""

from __future__ import annotations

from collections.abc import Iterator

from fglint.configuration.loader import Configuration
from fglint.configuration.module import Declaration
from fglint.configuration.scopes import ModuleInstance
from fglint.configuration.walk import Found, references_in, references_of
from fglint.records import dataclass
from fglint.source import Range

Key = tuple[str, str, str, str]  # module, mode, type, name


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """A reference to a resource: what holds it, and the attribute that it reads, if one."""

    module: str
    holder: Declaration | None
    attribute: str
    range: Range


def uses_of(configuration: Configuration) -> dict[Key, list[Use]]:
    """All references to resources and data sources, by what they name."""
    found: dict[Key, list[Use]] = {}
    for module in configuration.modules():
        for holder, each in _references(module):
            reference = each.reference
            if each.ordering:
                continue  # depends_on uses nothing
            if reference.kind in ("managed", "data") and len(reference.names) == 2:
                key = (module.address, reference.kind, *reference.names)
                steps = (step for step in reference.steps if isinstance(step, str))
                node = reference.node
                place = each.placed.source.range(node.start, node.end)
                found.setdefault(key, []).append(
                    Use(module.address, holder, next(steps, ""), place)
                )
    return found


def _references(module: ModuleInstance) -> Iterator[tuple[Declaration | None, Found]]:
    written = module.written
    for group in (written.resources, written.outputs, written.calls, written.providers):
        for declaration in group.values():
            for found in references_of(declaration):
                yield declaration, found
    for placed in written.locals.values():
        for found in references_in(placed):
            yield None, found
