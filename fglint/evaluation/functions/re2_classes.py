r"""Characters and classes of RE2: escapes, [...], [[:alpha:]], \d and \p{Greek}, for `regex`."""

from __future__ import annotations

_SIMPLE_ESCAPES = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
PERL = {
    "d": "0-9",
    "D": r"\x00-/:-\U0010ffff",
    "s": r"\t\n\f\r\x20",
    "S": r"\x00-\x08\x0b\x0e-\x1f!-\U0010ffff",
    "w": "0-9A-Za-z_",
    "W": r"\x00-/:-@\[-\^`\{-\U0010ffff",
}
POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t\x20",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": r"!-\~",
    "lower": "a-z",
    "print": r"\x20-\~",
    "punct": r"!-/:-@\[-`\{-\~",
    "space": r"\t\n\v\f\r\x20",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
# Complements within Unicode, because a class cannot hold a negated ASCII range otherwise.
POSIX_NOT = {
    "alnum": r"\x00-/:-@\[-`\{-\U0010ffff",
    "alpha": r"\x00-@\[-`\{-\U0010ffff",
    "ascii": r"\x80-\U0010ffff",
    "blank": r"\x00-\x08\n-\x1f!-\U0010ffff",
    "cntrl": r"\x20-\~\x80-\U0010ffff",
    "digit": PERL["D"],
    "graph": r"\x00-\x20\x7f-\U0010ffff",
    "lower": r"\x00-`\{-\U0010ffff",
    "print": r"\x00-\x1f\x7f-\U0010ffff",
    "punct": r"\x00-\x200-9A-Za-z\x7f-\U0010ffff",
    "space": r"\x00-\x08\x0e-\x1f!-\U0010ffff",
    "upper": r"\x00-@\[-\U0010ffff",
    "word": PERL["W"],
    "xdigit": r"\x00-/:-@G-`g-\U0010ffff",
}
# The general categories and scripts that Go's unicode package names (Unicode 15.0).
# Source: https://pkg.go.dev/unicode@go1.23.0#pkg-variables
_CATEGORIES = frozenset(
    "Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl "
    "Zp Zs".split()
)
_SCRIPTS = frozenset(
    "Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak "
    "Bengali Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian "
    "Caucasian_Albanian Chakma Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot "
    "Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs "
    "Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi "
    "Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic Inherited "
    "Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kawi Kayah_Li "
    "Kharoshthi Khitan_Small_Script Khmer Khojki Khudawadi Lao Latin Lepcha Limbu Linear_A "
    "Linear_B Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic Manichaean Marchen "
    "Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive Meroitic_Hieroglyphs "
    "Miao Modi Mongolian Mro Multani Myanmar Nabataean Nag_Mundari Nandinagari New_Tai_Lue Newa "
    "Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki Old_Hungarian Old_Italic Old_North_Arabian "
    "Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage "
    "Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic "
    "Samaritan Saurashtra Sharada Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo "
    "Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa "
    "Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho "
    "Warang_Citi Yezidi Yi Zanabazar_Square".split()
)


class PatternError(ValueError):
    """The pattern is none: RE2's words for why, and the part that is wrong."""

    def __init__(self, code: str, part: str) -> None:
        super().__init__(f"{code}: {part}")
        self.code = code
        self.part = part


def escaped(character: str) -> str:
    """A character as it is written in a pattern or class of `regex`."""
    if not character.isascii() or character.isalnum() or character == "_":
        return character
    return f"\\x{ord(character):02x}"


def property_class(pattern: str, start: int) -> tuple[str, int]:
    r"""The items of \pN, \p{Greek}, \P{^Greek} …, for use inside brackets; and where it ends."""
    negated = pattern[start + 1] == "P"
    name = pattern[start + 2 : start + 3]
    end = start + 3
    if name == "{":
        close = pattern.find("}", start)
        if close < 0:
            raise _range_error(pattern[start:])
        name, end = pattern[start + 3 : close], close + 1
        if name.startswith("^"):
            negated, name = not negated, name[1:]
    letter = "P" if negated else "p"
    if name == "Any":
        return (r"" if negated else r"\x00-\U0010ffff"), end
    if name == "C":  # without what is not assigned
        return (r"\P{C}\p{Cn}" if negated else r"\p{Cc}\p{Cf}\p{Co}\p{Cs}"), end
    if name in _CATEGORIES:
        return f"\\{letter}{{{name}}}", end
    if name in _SCRIPTS:
        return f"\\{letter}{{Script={name}}}", end
    raise _range_error(pattern[start:end])


def read_class(pattern: str, start: int) -> tuple[str, int]:
    """The class in brackets that begins at this place, and where it ends."""
    position = start + 1
    negated = pattern.startswith("^", position)
    position += negated
    items: list[str] = []
    first = True
    while first or not pattern.startswith("]", position):
        if position >= len(pattern):
            raise PatternError("missing closing ]", pattern[start:])
        first = False
        item, position = _read_item(pattern, position, start)
        items.append(item)
    text = "".join(items)
    if not text:  # of \P{Any} alone
        return (r"(?s:.)" if negated else r"(?!)"), position + 1
    return f"[{'^' if negated else ''}{text}]", position + 1


def _read_item(pattern: str, position: int, start: int) -> tuple[str, int]:
    if pattern.startswith("[:", position):
        close = pattern.find(":]", position + 2)
        if close >= 0:
            return _posix(pattern[position : close + 2]), close + 2
    letter = pattern[position + 1 : position + 2] if pattern[position] == "\\" else ""
    if letter and letter in PERL:
        return PERL[letter], position + 2
    if letter in ("p", "P"):
        return property_class(pattern, position)
    low, end = _read_character(pattern, position, start)
    if pattern[end : end + 1] != "-" or pattern[end + 1 : end + 2] in ("", "]"):
        return escaped(low), end
    high, end = _read_character(pattern, end + 1, start)
    if high < low:
        raise _range_error(pattern[position:end])
    return f"{escaped(low)}-{escaped(high)}", end


def _posix(written: str) -> str:
    name = written[2:-2]
    table = POSIX
    if name.startswith("^"):
        table, name = POSIX_NOT, name[1:]
    if name not in table:
        raise _range_error(written)
    return table[name]


def _read_character(pattern: str, position: int, start: int) -> tuple[str, int]:
    if position >= len(pattern):
        raise PatternError("missing closing ]", pattern[start:])
    if pattern[position] == "\\":
        return read_escape(pattern, position)
    return pattern[position], position + 1


def _range_error(part: str) -> PatternError:
    return PatternError("invalid character class range", part)


def read_escape(pattern: str, start: int) -> tuple[str, int]:
    """The character that an escape at this place stands for, and where it ends."""
    if start + 1 >= len(pattern):
        raise PatternError("trailing backslash at end of expression", "")
    letter = pattern[start + 1]
    end = start + 2
    if letter in _SIMPLE_ESCAPES:
        return _SIMPLE_ESCAPES[letter], end
    if letter == "x":
        return _hexadecimal(pattern, start)
    if letter == "0" or (letter in "1234567" and pattern[end : end + 1] in tuple("01234567")):
        while end < min(len(pattern), start + 4) and pattern[end] in "01234567":
            end += 1
        return chr(int(pattern[start + 1 : end], 8)), end
    if letter.isascii() and not letter.isalnum():
        return letter, end
    raise PatternError("invalid escape sequence", pattern[start:end])


def _hexadecimal(pattern: str, start: int) -> tuple[str, int]:
    if pattern.startswith("{", start + 2):
        close = pattern.find("}", start)
        digits, end = pattern[start + 3 : max(close, 0)], close + 1
        right_length = len(digits) > 0
    else:
        digits, end = pattern[start + 2 : start + 4], start + 4
        right_length = len(digits) == 2
    digits = digits.lstrip("0") or digits[:1]
    if right_length and len(digits) <= 6 and all(c in "0123456789abcdefABCDEF" for c in digits):
        code = int(digits, 16)
        if code <= 0x10FFFF:
            return chr(code), end
    raise PatternError("invalid escape sequence", pattern[start : max(end, start + 3)])
