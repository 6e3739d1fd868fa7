"""The way a value comes: the locals, variables and outputs between an argument and its source.

The way is read from the syntax alone, from where the value is used back to what it is made of. It
is followed only when a finding is told, not when values are computed.
"""

from __future__ import annotations

from collections.abc import Iterator

from fglint.configuration.locate import Search
from fglint.configuration.place import Place, name_of
from fglint.evaluation.references import chain, reference_of, references
from fglint.records import dataclass
from fglint.syntax.nodes import Call, Expression, Parentheses, Template
from fglint.syntax.nodes import Literal as LiteralNode

MAXIMUM_PLACES = 100
_RESOURCES = frozenset({"managed", "data"})


@dataclass(frozen=True, slots=True, eq=False)
class Trail:
    """Where a value is written in the end; `through` are the names passed on the way."""

    place: Place
    through: tuple[str, ...]
    in_file: bool = False

    @property
    def node(self) -> Expression:
        """The expression that writes the value."""
        return self.place.placed.node

    @property
    def is_literal(self) -> bool:
        """Whether the value is written as text, rather than computed."""
        node = self.node
        while isinstance(node, Parentheses):
            node = node.expression
        if isinstance(node, Template):
            return not any(isinstance(part, Call) for part in node.parts)
        return self.in_file or isinstance(node, LiteralNode) or self._is_given()

    def _is_given(self) -> bool:
        """Whether it is a variable, whose value comes from outside."""
        return any(r.kind == "var" and r.node is self.node for r in references(self.node))

    def attributes(self) -> list[str] | None:
        """The attributes of resources that it is made of alone; None where it is made of more."""
        found = list(references(self.node))
        if not found or any(each.kind not in _RESOURCES for each in found):
            return None
        names = [[step for step in each.steps if isinstance(step, str)] for each in found]
        return [steps[-1] for steps in names if steps] if all(names) else None

    def resources(self) -> list[tuple[str, str]]:
        """The type and attribute of each reference to a resource or data source."""
        return [
            (each.names[0], next((step for step in each.steps if isinstance(step, str)), ""))
            for each in references(self.node)
            if each.kind in _RESOURCES
        ]

    def to(self, source: str) -> tuple[str, ...]:
        """The names on the way to a source; those passed so far where it is not found."""
        found = _Way(source).find(self.place)
        names = [*self.through, *(found or ())]
        if source in names:
            names = names[: names.index(source)]
        return tuple(dict.fromkeys(names))


class _Way:
    """A search for a source, depth first; each place is visited once."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.seen: set[tuple[int, int, str]] = set()

    def find(self, place: Place) -> tuple[str, ...] | None:
        """The names between a place and the source; None where it does not lead there."""
        source = place.placed.source
        for node in _traversals(place.placed.node):
            search = Search()
            key = (id(source), node.start, place.module_address)
            if key in self.seen or len(self.seen) > MAXIMUM_PLACES:
                continue
            self.seen.add(key)
            here = place.at(node)
            if self._names(here):
                return ()
            search.find(here, ())
            if search.last is None or search.last.placed.node is node:
                continue
            names = tuple(search.through)
            if self.source in names:
                return names
            rest = self.find(search.last)
            if rest is not None:
                return (*names, *rest)
        return None

    def _names(self, place: Place) -> bool:
        """Whether a reference names the source itself."""
        found = chain(place.placed.node)
        if found is None:
            return False
        reference = reference_of(found[1], found[0])
        address = name_of(place, reference)
        rest = self.source.removeprefix(address)
        return rest != self.source and (not rest or rest[0] in ".[")


def _traversals(node: Expression) -> Iterator[Expression]:
    for reference in references(node):
        yield reference.node
