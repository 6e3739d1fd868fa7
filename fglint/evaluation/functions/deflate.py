"""DEFLATE, as Go's compress/flate writes it at its default level: to the bit.

What a compressor finds is its own affair. base64gzip() is compared and hashed, so that only
Terraform's own choice is right. Texts of up to one window (32 KiB) are compressed here.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import field

from fglint.evaluation.functions.huffman import Code, generate, reverse
from fglint.records import dataclass

WINDOW = 32768
_SHORTEST, _LONGEST = 4, 258  # bytes of a match
_LAZY, _NICE, _CHAIN = 16, 128, 128
_BLOCK = 1 << 14  # tokens
_END = 256
_FIRST_LENGTH = 257
_BAD = 255

_LENGTH_BASES = (
    0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128,
    160, 192, 224, 255,
)  # fmt: skip
_LENGTH_EXTRA = (0,) * 8 + (1,) * 4 + (2,) * 4 + (3,) * 4 + (4,) * 4 + (5,) * 4 + (0,)
_OFFSET_BASES = (
    0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536,
    2048, 3072, 4096, 6144, 8192, 12288, 16384, 24576,
)  # fmt: skip
_OFFSET_EXTRA = (0, 0, *(bits for bits in range(14) for _ in (0, 1)))
_CODEGEN_ORDER = (16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15)
_CODEGEN_EXTRA = {16: 2, 17: 3, 18: 7}


def _fixed_literal(symbol: int) -> Code:
    if symbol < 144:
        return Code(reverse(symbol + 48, 8), 8)
    if symbol < 256:
        return Code(reverse(symbol + 400 - 144, 9), 9)
    if symbol < 280:
        return Code(reverse(symbol - 256, 7), 7)
    return Code(reverse(symbol + 192 - 280, 8), 8)


_FIXED_LITERALS = [_fixed_literal(symbol) for symbol in range(286)]
_FIXED_OFFSETS = [Code(reverse(symbol, 5), 5) for symbol in range(30)]

Token = tuple[int, int]  # (byte, 0), or (length, offset)


def compress(content: bytes) -> bytes:
    """The blocks of a content of at most WINDOW bytes, flushed to a whole byte."""
    writer = _Writer()
    start = 0
    for tokens, end in _blocks(content):
        writer.block(tokens, content[start:end])
        start = end
    writer.stored(b"")
    return bytes(writer.out)


# ---- matches ----------------------------------------------------------------------------------


def _blocks(content: bytes) -> list[tuple[list[Token], int]]:
    """The tokens of each block, and where it ends."""
    blocks: list[tuple[list[Token], int]] = []
    tokens: list[Token] = []
    finder = _Finder(content)
    index, length, offset, pending = 0, _SHORTEST - 1, 0, False
    while index < len(content):
        finder.insert(index)
        before, before_offset = length, offset
        length, offset = _SHORTEST - 1, 0
        if len(content) - index > before and before < _LAZY:
            length, offset = finder.find(index)
        if before >= _SHORTEST and length <= before:
            tokens.append((before, before_offset))
            for inner in range(index + 1, index + before - 1):
                finder.insert(inner, look=False)
            index += before - 1
            pending, length = False, _SHORTEST - 1
            end = index
        else:
            end = index
            if pending:
                tokens.append((content[index - 1], 0))
            index += 1
            pending = True
        if len(tokens) == _BLOCK:
            blocks.append((tokens, end))
            tokens = []
    if pending:
        tokens.append((content[-1], 0))
    if tokens:
        blocks.append((tokens, len(content)))
    return blocks


class _Finder:
    """The earlier places of each four bytes, latest first."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.heads: dict[int, int] = {}
        self.previous = [-1] * len(content)
        self.head = -1

    def insert(self, index: int, *, look: bool = True) -> None:
        """Notes a place; near the end, where four bytes are missing, the last head stays."""
        if index + _SHORTEST > len(self.content):
            return
        key = _hash(self.content[index : index + _SHORTEST])
        head = self.heads.get(key, -1)
        self.previous[index] = head
        self.heads[key] = index
        if look:
            self.head = head

    def find(self, at: int) -> tuple[int, int]:
        """Length and offset of the best match for a place; length 3 and offset 0 for none."""
        content = self.content
        best, offset = _SHORTEST - 1, 0
        most = min(_LONGEST, len(content) - at)
        nice = min(_NICE, most)
        candidate = self.head
        for _ in range(_CHAIN):
            if candidate < 0:
                break
            if content[candidate + best] == content[at + best]:
                length = _common(content, candidate, at, most)
                if length > best and (length > _SHORTEST or at - candidate <= 4096):
                    best, offset = length, at - candidate
                    if length >= nice:
                        break
            candidate = self.previous[candidate]
        return best, offset


def _hash(four: bytes) -> int:
    return (int.from_bytes(four, "big") * 0x1E35A7BD & 0xFFFFFFFF) >> 15


def _common(content: bytes, one: int, other: int, most: int) -> int:
    length = 0
    while length < most and content[one + length] == content[other + length]:
        length += 1
    return length


# ---- blocks -----------------------------------------------------------------------------------


@dataclass(slots=True)
class _Counts:
    """How often each symbol occurs in a block, and the codes that this gives."""

    literals: list[int] = field(default_factory=lambda: [0] * 286)
    offsets: list[int] = field(default_factory=lambda: [0] * 30)
    extra: int = 0

    def count(self, tokens: list[Token]) -> None:
        """Counts the symbols of the tokens and of the end."""
        for value, offset in tokens:
            if not offset:
                self.literals[value] += 1
                continue
            length_code, offset_code = _length_code(value), _offset_code(offset)
            self.literals[_FIRST_LENGTH + length_code] += 1
            self.offsets[offset_code] += 1
            self.extra += _LENGTH_EXTRA[length_code] + _OFFSET_EXTRA[offset_code]
        self.literals[_END] = 1
        if not any(self.offsets):
            self.offsets[0] = 1

    def size(self, literals: list[Code], offsets: list[Code]) -> int:
        """How many bits the tokens take in these codes."""
        return self.extra + _weight(self.literals, literals) + _weight(self.offsets, offsets)


def _weight(counts: list[int], codes: list[Code]) -> int:
    return sum(count * code.length for count, code in zip(counts, codes, strict=True))


def _length_code(length: int) -> int:
    return bisect_right(_LENGTH_BASES, length - 3) - 1


def _offset_code(offset: int) -> int:
    return bisect_right(_OFFSET_BASES, offset - 1) - 1


def _used(counts: list[int]) -> int:
    return max(index for index, count in enumerate(counts) if count) + 1


def _run_lengths(lengths: list[int]) -> list[tuple[int, int]]:
    """The lengths of codes as symbols of the header, each with its extra bits."""
    found: list[tuple[int, int]] = []
    index = 0
    while index < len(lengths):
        size = lengths[index]
        end = index
        while end < len(lengths) and lengths[end] == size:
            end += 1
        count = end - index
        index = end
        if size:
            found.append((size, 0))
            count -= 1
            while count >= 3:
                repeated = min(6, count)
                found.append((16, repeated - 3))
                count -= repeated
        else:
            while count >= 11:
                repeated = min(138, count)
                found.append((18, repeated - 11))
                count -= repeated
            if count >= 3:
                found.append((17, count - 3))
                count = 0
        found.extend([(size, 0)] * count)
    return found


class _Writer:
    """Writes blocks, bit by bit."""

    def __init__(self) -> None:
        self.out = bytearray()
        self._bits = 0
        self._count = 0

    def put(self, bits: int, count: int) -> None:
        """Writes some bits, the lowest first."""
        self._bits |= bits << self._count
        self._count += count
        while self._count >= 8:
            self.out.append(self._bits & 0xFF)
            self._bits >>= 8
            self._count -= 8

    def stored(self, content: bytes) -> None:
        """Writes a block without compression."""
        self.put(0, 3)
        self.put(0, -self._count % 8)
        self.put(len(content), 16)
        self.put(len(content) ^ 0xFFFF, 16)
        self.out += content

    def block(self, tokens: list[Token], content: bytes) -> None:
        """Writes a block in the way that takes fewest bits."""
        counts = _Counts()
        counts.count(tokens)
        literals, offsets = generate(counts.literals, 15), generate(counts.offsets, 15)
        used, used_offsets = _used(counts.literals), _used(counts.offsets)
        lengths = [code.length for code in (*literals[:used], *offsets[:used_offsets])]
        header = _run_lengths(lengths)
        frequencies = [0] * 19
        for symbol, _ in header:
            frequencies[symbol] += 1
        codegen = generate(frequencies, 7)
        shown = 19
        while shown > 4 and not frequencies[_CODEGEN_ORDER[shown - 1]]:
            shown -= 1
        size = 3 + counts.size(_FIXED_LITERALS, _FIXED_OFFSETS)
        extra = sum(_CODEGEN_EXTRA.get(symbol, 0) for symbol, _ in header)
        dynamic = 17 + 3 * shown + _weight(frequencies, codegen) + extra
        dynamic += counts.size(literals, offsets)
        if (len(content) + 5) * 8 < min(size, dynamic):
            self.stored(content)
            return
        if dynamic < size:
            self.put(4, 3)
            self.put(used - 257, 5)
            self.put(used_offsets - 1, 5)
            self.put(shown - 4, 4)
            for symbol in _CODEGEN_ORDER[:shown]:
                self.put(codegen[symbol].length, 3)
            for symbol, more in header:
                self.code(codegen[symbol])
                self.put(more, _CODEGEN_EXTRA.get(symbol, 0))
            self.tokens(tokens, literals, offsets)
        else:
            self.put(2, 3)
            self.tokens(tokens, _FIXED_LITERALS, _FIXED_OFFSETS)

    def code(self, code: Code) -> None:
        """Writes a code word."""
        self.put(code.bits, code.length)

    def tokens(self, tokens: list[Token], literals: list[Code], offsets: list[Code]) -> None:
        """Writes the tokens and the end of the block."""
        for value, offset in tokens:
            if not offset:
                self.code(literals[value])
                continue
            length_code, offset_code = _length_code(value), _offset_code(offset)
            self.code(literals[_FIRST_LENGTH + length_code])
            self.put(value - 3 - _LENGTH_BASES[length_code], _LENGTH_EXTRA[length_code])
            self.code(offsets[offset_code])
            self.put(offset - 1 - _OFFSET_BASES[offset_code], _OFFSET_EXTRA[offset_code])
        self.code(literals[_END])
