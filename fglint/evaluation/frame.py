"""The state of one evaluation of one expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fglint.evaluation.errors import BeyondLimit

if TYPE_CHECKING:
    from fglint.evaluation.scope import Scope
    from fglint.evaluation.values import Value


MAXIMUM_ELEMENTS = 200_000  # in one evaluation of one expression


class Frame:
    """The scope, the names that `for` and splats bind, and a count of doubts.

    `doubt` counts operations on unknown values (and, second, those that may fail although their
    result is known: an index with an unknown key): each may fail once the value is known, which is
    what `try` and `can` ask about. Frames that are bound from one another share it.
    """

    __slots__ = ("doubt", "names", "scope")

    def __init__(
        self, scope: Scope, names: dict[str, Value] | None = None, doubt: list[int] | None = None
    ) -> None:
        self.scope = scope
        self.names: dict[str, Value] = names or {}
        self.doubt = [0, 0, 0] if doubt is None else doubt

    def count(self) -> None:
        """Counts one more element that a `for` visits."""
        self.doubt[2] += 1
        if self.doubt[2] > MAXIMUM_ELEMENTS:
            raise BeyondLimit(f"its for expressions visit more than {MAXIMUM_ELEMENTS} elements")

    def bind(self, names: dict[str, Value]) -> Frame:
        """A frame with more names bound."""
        return Frame(self.scope, {**self.names, **names}, self.doubt)


Code = Callable[[Frame], "Value"]
