"""All expressions of a block, with the names that dynamic blocks bind around them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from weakref import WeakKeyDictionary

from fglint.configuration.module import Declaration, Placed, Written
from fglint.evaluation.references import Reference, references
from fglint.syntax.nodes import Body, TupleCons, Variable

NOT_EXPRESSIONS = {
    "variable": frozenset({"type", "sensitive", "nullable", "description", "ephemeral"}),
    "resource": frozenset({"provider"}),
    "data": frozenset({"provider"}),
    "module": frozenset({"source", "version", "providers"}),
    "lifecycle": frozenset({"ignore_changes", "create_before_destroy", "prevent_destroy"}),
}
NO_NAMES: frozenset[str] = frozenset()


class Found(NamedTuple):
    """A reference, the file it stands in, and whether it comes from depends_on."""

    reference: Reference
    placed: Placed
    ordering: bool = False


_known: WeakKeyDictionary[Declaration, tuple[Found, ...]] = WeakKeyDictionary()


def references_of(declaration: Declaration) -> tuple[Found, ...]:
    """All references in a declaration: of both branches, nested blocks and depends_on, too."""
    found = _known.get(declaration)
    if found is None:
        found = tuple(_of_written(declaration.written, declaration.block.type, NO_NAMES))
        _known[declaration] = found
    return found


def references_in(placed: Placed, bound: frozenset[str] = NO_NAMES) -> Iterator[Found]:
    """All references in one expression."""
    for reference in references(placed.node, bound):
        yield Found(reference, placed)


def _of_written(written: Written, kind: str, bound: frozenset[str]) -> Iterator[Found]:
    skipped = NOT_EXPRESSIONS.get(kind, NO_NAMES)
    for name, (attribute, body) in written.names().items():
        placed = Placed(attribute.expression, body.source)
        if name == "depends_on":
            yield from _depends_on(placed)
        elif name not in skipped and not (body.json and name in ("dynamic", "lifecycle")):
            yield from references_in(placed, bound)
    for block in written.blocks():
        if block.type == "dynamic":
            yield from _of_dynamic(block.body, block.label(0), bound)
        elif block.type == "provisioner" or block.type == "connection":
            continue  # `self` and what exists after apply
        else:
            yield from _of_written(Written((block.body,)), block.type, bound)


def _of_dynamic(body: Body, name: str, bound: frozenset[str]) -> Iterator[Found]:
    written = Written((body,))
    for argument in ("for_each", "labels"):
        placed = written.get(argument)
        if placed is not None:
            yield from references_in(placed, bound)
    iterator = written.get("iterator")
    if iterator is not None and isinstance(iterator.unquoted(), Variable):
        name = getattr(iterator.unquoted(), "name", name)
    for content in written.blocks_of("content"):
        yield from _of_written(Written((content.body,)), "content", bound | {name})


def _depends_on(placed: Placed) -> Iterator[Found]:
    if not isinstance(placed.node, TupleCons):
        return
    for item in placed.node.items:
        quoted = Placed(item, placed.source)
        node = quoted.unquoted()
        for reference in references(node):
            yield Found(reference, quoted, ordering=True)
