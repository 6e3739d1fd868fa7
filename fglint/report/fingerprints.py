"""Line hashes, as code scanning on GitHub computes them to know a result again.

Source: src/fingerprints.ts of github/codeql-action, 2026-06.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter

_WINDOW = 100  # units that one hash covers
_FACTOR = 37
_MASK = 2**64 - 1
_END = 0xFFFF  # stands for the end of the file
_LINE_FEED = 0x0A


def line_hashes(text: str) -> list[str]:
    """The hash of each line, first line first: "271789c17abda88f:1".

    A hash covers 100 UTF-16 units from the line's first on, spaces and tabs left out; the number
    counts the lines with that hash so far. A text that ends with a line break has one more line.
    """
    folded = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
    units = array("H", folded.encode("utf-16-le", errors="surrogatepass"))
    if sys.byteorder == "big":
        units.byteswap()
    units.append(_END)
    starts = [0, *(index + 1 for index, unit in enumerate(units) if unit == _LINE_FEED)]
    units.extend([0] * _WINDOW)
    prefixes = [0]
    total = 0
    for unit in units:
        total = (total * _FACTOR + unit) & _MASK
        prefixes.append(total)
    shift = pow(_FACTOR, _WINDOW, 2**64)
    seen: Counter[int] = Counter()
    hashes = []
    for start in starts:
        value = (prefixes[start + _WINDOW] - prefixes[start] * shift) & _MASK
        seen[value] += 1
        hashes.append(f"{value:x}:{seen[value]}")
    return hashes
