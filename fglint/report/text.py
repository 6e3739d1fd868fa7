"""Text for a terminal: what characters show, how wide they are, line breaking, colours.

Texts come from configurations that nobody has vouched for, so nothing that moves a cursor,
changes colours or reorders characters reaches the reader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from unicodedata import category, east_asian_width

# C0 and C1 controls, line and paragraph separators, marks that reorder text or have no shape;
# joiners stay, because emoji and scripts need them.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_NAMES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_STYLES = {
    "critical": "1;31",
    "high": "1;31",
    "medium": "1;33",
    "low": "1;36",
    "info": "1;34",
    "unknown": "1;33",
    "error": "1;31",
    "warning": "1;33",
    "fail": "31",
    "pass": "32",
    "undecided": "33",
    "bold": "1",
    "dim": "2",
    "place": "34",
}


def visible(text: str) -> str:
    """The text with each control character escaped: ESC shows as backslash, x1b."""
    if text.isascii() and text.isprintable():
        return text
    return _HIDDEN.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return _NAMES.get(character) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")


def one_line(text: str) -> str:
    """The text on one line, runs of white space as one space, control characters visible."""
    return visible(" ".join(text.split()))


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return len(text) if text.isascii() else sum(map(character_width, text))


def character_width(character: str) -> int:
    """0 for marks that combine with what stands before, 2 for wide characters, else 1."""
    if character.isascii():
        return 1
    if category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def wrapped(text: str, columns: int) -> Iterator[str]:
    """The words of the text in lines of at most so many columns, longer words alone."""
    line = ""
    for word in text.split():
        if line and width(line) + 1 + width(word) > columns:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield line


def listing(items: Iterable[str], most: int) -> str:
    """The items with commas between them; past `most`, the number of the others."""
    every = list(items)
    if len(every) <= most:
        return ", ".join(every)
    return f"{', '.join(every[:most])} and {len(every) - most} more"


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 file", "2 files"."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


class Paint:
    """Colours texts by what they mean, or leaves them alone."""

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled

    def __call__(self, style: str, text: str) -> str:
        """The text in a style: a severity, a verdict, "bold", "dim" or "place"."""
        if not self.enabled or not text:
            return text
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"
