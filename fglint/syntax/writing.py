"""New blocks as text, formatted as terraform fmt leaves them."""

from __future__ import annotations

from collections.abc import Iterator

from fglint.records import dataclass
from fglint.syntax.alignment import applied, misaligned


@dataclass(frozen=True, slots=True)
class NewBlock:
    """A block to be written: its header, its arguments and the blocks in it.

    An argument is a name and an expression, whose lines after the first are indented as if the
    argument stood at the left margin.
    """

    header: str
    arguments: tuple[tuple[str, str], ...]
    blocks: tuple[NewBlock, ...] = ()

    def text(self, unit: str = "  ") -> str:
        """The block at the left margin, without a line break at its end."""
        raw = "\n".join(self._lines(unit))
        return applied(raw, misaligned(raw, range(1, raw.count("\n") + 2)))

    def _lines(self, unit: str) -> Iterator[str]:
        if not self.arguments and not self.blocks:
            yield f"{self.header} {{}}"
            return
        yield f"{self.header} {{"
        for name, value in self.arguments:
            for line in f"{name} = {value}".split("\n"):
                yield f"{unit}{line}" if line else ""
        for index, block in enumerate(self.blocks):
            if self.arguments or index:
                yield ""
            for line in block._lines(unit):
                yield f"{unit}{line}" if line else ""
        yield "}"
