"""Source frames: the lines of a place with their numbers, the place underlined."""

from __future__ import annotations

from collections.abc import Iterator

from fglint.report.redaction import MASK, Masks
from fglint.report.selection import lines_of
from fglint.report.text import Paint, visible, width
from fglint.source import Range, SourceFile

_TAB = 4  # columns between tab stops
_MOST_LINES = 3  # of one place; more are only counted
_LEAST = 40  # columns of source, however narrow the terminal


class Frames:
    """Draws frames of a report's sources; one for each report."""

    def __init__(self, masks: Masks, paint: Paint, columns: int) -> None:
        self.masks = masks
        self.paint = paint
        self.columns = columns

    def draw(self, place: Range, style: str, mark: str, gutter: int) -> Iterator[str]:
        """The lines of the place with numbers in a gutter of so many columns, underlined."""
        begin, finish = place.begin, place.finish
        _, last = lines_of(place)
        edge = f"{'':{gutter}} |"
        yield self.paint("place", edge)
        shown = last if last - begin.line < _MOST_LINES else begin.line
        for number in range(begin.line, shown + 1):
            text = place.source.line(number)
            start = begin.column - 1 if number == begin.line else len(text) - len(text.lstrip())
            end = finish.column - 1 if number == finish.line else len(text.rstrip())
            shown_text, under = self._line(place.source, number, start, end, gutter)
            yield f"{self.paint('place', f'{number:{gutter}} |')} {shown_text}".rstrip()
            left, length = under
            yield f"{self.paint('place', edge)} {' ' * left}{self.paint(style, mark * length)}"
        if shown < last:
            yield self.paint("place", f"{edge} … {last - shown} more lines")

    def _line(
        self, source: SourceFile, number: int, start: int, end: int, gutter: int
    ) -> tuple[str, tuple[int, int]]:
        """A line as it is shown, and where its underline begins and how long it is."""
        cells = _cells(source.line(number), self.masks.in_line(source, number))
        widths = [width(cell) for cell in cells]
        left = sum(widths[:start]) + max(0, start - len(cells))
        length = max(1, sum(widths[start:end]))
        room = max(_LEAST, self.columns - gutter - 3)
        if sum(widths) <= room:
            return "".join(cells), (left, length)
        return _cropped(cells, widths, left, length, room)


def _cells(text: str, masked: list[tuple[int, int]]) -> list[str]:
    """What each character shows as; of a masked part the first shows the mask."""
    cells = list(text)
    if not (text.isascii() and text.isprintable()):
        column = 0
        for index, character in enumerate(text):
            if character == "\t":
                cells[index] = " " * (_TAB - column % _TAB)
            else:
                cells[index] = visible(character)
            column += width(cells[index])
    for start, end in masked:
        cells[start:end] = [MASK, *[""] * (end - start - 1)]
    return cells


def _cropped(
    cells: list[str], widths: list[int], left: int, length: int, room: int
) -> tuple[str, tuple[int, int]]:
    """A long line cut to the room around its underline, an ellipsis for what is cut."""
    first = 0
    if left + length > room - 1:
        # The underlined part begins at a quarter of the room, or later where the line ends.
        first = max(0, min(left - room // 4, sum(widths) - room + 1))
    text, column, begin = "", 0, 0
    for cell, cell_width in zip(cells, widths, strict=True):
        if column >= first:
            if not text and column:
                text, begin = "…", column - 1
            if column + cell_width - begin > room - 1:
                text += "…"
                break
            text += cell
        column += cell_width
    at = left - begin
    return text, (at, max(1, min(length, width(text) - at)))


def gutter_of(places: list[Range]) -> int:
    """How many columns the line numbers of these places need, two at least."""
    lines = [place.finish.line for place in places]
    return max(2, *(len(str(line)) for line in lines)) if lines else 2
