"""How deep trees may be: everything that walks them recurses, and must never run out of stack."""

from __future__ import annotations

from fglint.syntax.nodes import Expression, Node, children
from fglint.syntax.trouble import Trouble

MAXIMUM_DEPTH = 150

# A tree is as deep as brackets nest, times the longest chain of operators or traversal steps.
# Only what exceeds these is measured, and what does not stays below the maximum in any case.
FLAT_NESTING = 12
FLAT_CHAIN = 5


def too_deep(start: int, end: int) -> Trouble:
    """The error about too deep nesting."""
    return Trouble(
        "Nesting too deep",
        f"More than {MAXIMUM_DEPTH} levels of nesting are not evaluated; move a part of it into a "
        "local value.",
        start,
        end,
    )


def check_depth(expression: Expression) -> None:
    """Raises when an expression has more levels of nodes than can be evaluated."""
    level: list[Node] = [expression]
    for _ in range(MAXIMUM_DEPTH):
        level = [below for node in level for below in children(node)]
        if not level:
            return
    raise too_deep(expression.start, expression.end)
