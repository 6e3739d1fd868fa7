"""Huffman codes of limited length, as Go's compress/flate makes them: to the bit."""

from __future__ import annotations

from collections.abc import Sequence

from fglint.records import dataclass

_NEVER = 1 << 31  # a frequency that nothing reaches


@dataclass(frozen=True, slots=True)
class Code:
    """A code word, its first bit lowest."""

    bits: int
    length: int


def generate(frequencies: Sequence[int], longest: int) -> list[Code]:
    """The code words of all symbols; of length 0 for those that do not occur."""
    codes = [Code(0, 0)] * len(frequencies)
    used = [(frequency, symbol) for symbol, frequency in enumerate(frequencies) if frequency]
    if len(used) <= 2:
        for index, (_, symbol) in enumerate(used):
            codes[symbol] = Code(index, 1)
        return codes
    used.sort()
    code = 0
    for length, count in enumerate(_lengths([frequency for frequency, _ in used], longest)):
        code <<= 1
        if not length or not count:
            continue
        for symbol in sorted(symbol for _, symbol in used[-count:]):
            codes[symbol] = Code(reverse(code, length), length)
            code += 1
        del used[-count:]
    return codes


def reverse(code: int, length: int) -> int:
    """The bits in the opposite order."""
    return int(f"{code:0{length}b}"[::-1], 2)


@dataclass(slots=True)
class _Level:
    """One row of the package-merge algorithm: what was taken last, and what may come next."""

    last: int
    next_leaf: int
    next_pair: int
    needed: int = 0


def _lengths(frequencies: Sequence[int], longest: int) -> list[int]:
    """How many symbols have codes of each length, for ascending frequencies."""
    count = len(frequencies)
    leaves = [*frequencies, _NEVER]
    longest = min(longest, count - 1)
    levels = [_Level(0, 0, 0)]
    taken = [[0] * (longest + 1) for _ in range(longest + 1)]
    for level in range(1, longest + 1):
        pair = _NEVER if level == 1 else leaves[0] + leaves[1]
        levels.append(_Level(leaves[1], leaves[2], pair))
        taken[level][level] = 2
    levels[longest].needed = 2 * count - 4
    level = longest
    while True:
        row = levels[level]
        if row.next_pair == _NEVER and row.next_leaf == _NEVER:
            row.needed = 0
            levels[level + 1].next_pair = _NEVER
            level += 1
            continue
        before = row.last
        if row.next_leaf < row.next_pair:
            row.last = row.next_leaf
            taken[level][level] += 1
            row.next_leaf = leaves[taken[level][level]]
        else:
            row.last = row.next_pair
            taken[level][:level] = taken[level - 1][:level]
            levels[level - 1].needed = 2
        row.needed -= 1
        if row.needed:
            while levels[level - 1].needed > 0:
                level -= 1
        elif level == longest:
            break
        else:
            levels[level + 1].next_pair = before + row.last
            level += 1
    top = taken[longest]
    return [0, *(top[level] - top[level - 1] for level in range(longest, 0, -1))]
