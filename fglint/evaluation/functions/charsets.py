"""The character sets of textencodebase64() and textdecodebase64(), by their IANA names.

Source: https://www.iana.org/assignments/character-sets, as far as Terraform 1.11 supports them.
"""

from __future__ import annotations

from fglint.records import dataclass

_UNICODE = {
    "utf-8": "UTF-8 csUTF8",
    "utf-16": "UTF-16 csUTF16",
    "utf-16-le": "UTF-16LE csUTF16LE",
    "utf-16-be": "UTF-16BE csUTF16BE",
}
_SINGLE_BYTE = {
    "ascii": "US-ASCII iso-ir-6 ANSI_X3.4-1968 ANSI_X3.4-1986 ISO_646.irv:1991 ISO646-US us IBM367 "
    "cp367 csASCII",
    "iso8859-1": "ISO_8859-1:1987 iso-ir-100 ISO_8859-1 ISO-8859-1 latin1 l1 IBM819 CP819 "
    "csISOLatin1",
    "iso8859-2": "ISO_8859-2:1987 iso-ir-101 ISO_8859-2 ISO-8859-2 latin2 l2 csISOLatin2",
    "iso8859-3": "ISO_8859-3:1988 iso-ir-109 ISO_8859-3 ISO-8859-3 latin3 l3 csISOLatin3",
    "iso8859-4": "ISO_8859-4:1988 iso-ir-110 ISO_8859-4 ISO-8859-4 latin4 l4 csISOLatin4",
    "iso8859-5": "ISO_8859-5:1988 iso-ir-144 ISO_8859-5 ISO-8859-5 cyrillic csISOLatinCyrillic",
    "iso8859-6": "ISO_8859-6:1987 iso-ir-127 ISO_8859-6 ISO-8859-6 ECMA-114 ASMO-708 arabic "
    "csISOLatinArabic ISO_8859-6-E csISO88596E ISO-8859-6-E ISO_8859-6-I csISO88596I ISO-8859-6-I",
    "iso8859-7": "ISO_8859-7:1987 iso-ir-126 ISO_8859-7 ISO-8859-7 ELOT_928 ECMA-118 greek greek8 "
    "csISOLatinGreek",
    "iso8859-8": "ISO_8859-8:1988 iso-ir-138 ISO_8859-8 ISO-8859-8 hebrew csISOLatinHebrew "
    "ISO_8859-8-E csISO88598E ISO-8859-8-E ISO_8859-8-I csISO88598I ISO-8859-8-I",
    "iso8859-9": "ISO_8859-9:1989 iso-ir-148 ISO_8859-9 ISO-8859-9 latin5 l5 csISOLatin5",
    "iso8859-10": "ISO-8859-10 iso-ir-157 l6 ISO_8859-10:1992 csISOLatin6 latin6",
    "iso8859-13": "ISO-8859-13 csISO885913",
    "iso8859-14": "ISO-8859-14 iso-ir-199 ISO_8859-14:1998 ISO_8859-14 latin8 iso-celtic l8 "
    "csISO885914",
    "iso8859-15": "ISO-8859-15 ISO_8859-15 Latin-9 csISO885915",
    "iso8859-16": "ISO-8859-16 iso-ir-226 ISO_8859-16:2001 ISO_8859-16 latin10 l10 csISO885916",
    "cp1250": "windows-1250 cswindows1250",
    "cp1251": "windows-1251 cswindows1251",
    "cp1252": "windows-1252 cswindows1252",
    "cp1253": "windows-1253 cswindows1253",
    "cp1254": "windows-1254 cswindows1254",
    "cp1255": "windows-1255 cswindows1255",
    "cp1256": "windows-1256 cswindows1256",
    "cp1257": "windows-1257 cswindows1257",
    "cp1258": "windows-1258 cswindows1258",
    "cp874": "windows-874 cswindows874",
    "koi8-r": "KOI8-R csKOI8R",
    "koi8-u": "KOI8-U csKOI8U",
    "cp037": "IBM037 cp037 ebcdic-cp-us ebcdic-cp-ca ebcdic-cp-wt ebcdic-cp-nl csIBM037",
    "cp437": "IBM437 cp437 437 csPC8CodePage437",
    "cp850": "IBM850 cp850 850 csPC850Multilingual",
    "cp852": "IBM852 cp852 852 csPCp852",
    "cp855": "IBM855 cp855 855 csIBM855",
    "cp858": "IBM00858 CCSID00858 CP00858 PC-Multilingual-850+euro csIBM00858",
    "cp860": "IBM860 cp860 860 csIBM860",
    "cp862": "IBM862 cp862 862 csPC862LatinHebrew",
    "cp863": "IBM863 cp863 863 csIBM863",
    "cp865": "IBM865 cp865 865 csIBM865",
    "cp866": "IBM866 cp866 866 csIBM866",
    "cp1140": "IBM01140 CCSID01140 CP01140 ebcdic-us-37+euro csIBM01140",
    "mac_roman": "macintosh mac csMacintosh",
}
# Terraform's tables of these differ from Python's in places: only their ASCII part is certain.
_EAST_ASIAN = (
    "EUC-JP Extended_UNIX_Code_Packed_Format_for_Japanese csEUCPkdFmtJapanese ISO-2022-JP "
    "csISO2022JP Shift_JIS MS_Kanji csShiftJIS EUC-KR csEUCKR GBK CP936 MS936 windows-936 csGBK "
    "GB18030 csGB18030 HZ-GB-2312 Big5 csBig5"
)
_OTHER_EBCDIC = "IBM1047 IBM-1047 csIBM1047"
# Where Terraform's tables are newer than Python's.
_DIFFERENCES = {
    "cp1255": {0xCA: "\u05ba"},
    "koi8-u": {0xAE: "\u045e", 0xBE: "\u040e"},
}
_SHARED_ASCII = frozenset(map(chr, range(0x80))) - frozenset("\\~\x0e\x0f\x1b\x5c\x7e")


class TableMissing(Exception):
    """An encoding that Terraform knows, and fglint does not."""


@dataclass(frozen=True, slots=True)
class Charset:
    """A character set; `codec` is Python's name for it, empty where only ASCII is certain."""

    codec: str
    has_ascii: bool = True

    def encode(self, text: str) -> bytes:
        """The text in this set; UnicodeError where it has other characters."""
        if not self.codec:
            return self._ascii(text).encode("ascii")
        if self.codec == "utf-16":
            return b"\xfe\xff" + text.encode("utf-16-be")
        if self.codec in _UNICODE:
            return text.encode(self.codec)
        table = self._table()
        try:
            return bytes(map(table.__getitem__, text))
        except KeyError:
            raise UnicodeError("not in this set") from None

    def decode(self, content: bytes) -> str:
        """The text; UnicodeError where bytes stand for nothing."""
        if not self.codec:
            return self._ascii(content.decode("latin-1"))
        if self.codec == "utf-16" and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
            text = content.decode("utf-16-be")
        elif self.codec in _UNICODE:
            text = content.decode(self.codec)
        else:
            characters = {code: character for character, code in self._table().items()}
            text = "".join(characters.get(code, "\ufffd") for code in content)
        if "\ufffd" in text:
            raise UnicodeError("undefined")
        return text

    def _ascii(self, text: str) -> str:
        if (not self.has_ascii and text) or not _SHARED_ASCII.issuperset(text):
            raise TableMissing
        return text

    def _table(self) -> dict[str, int]:
        table: dict[str, int] = {}
        # Of ISO 8859 Terraform has the control characters of the upper half in part 1 only.
        no_controls = self.codec.startswith("iso8859-") and self.codec != "iso8859-1"
        for code in range(256):
            if no_controls and 0x80 <= code < 0xA0:
                continue
            try:
                table[bytes((code,)).decode(self.codec)] = code
            except UnicodeDecodeError:
                continue
        for code, character in _DIFFERENCES.get(self.codec, {}).items():
            table = {known: at for known, at in table.items() if at != code}
            table[character] = code
        return table


_BY_NAME: dict[str, Charset] = {
    name.lower(): Charset(codec)
    for codec, names in (_UNICODE | _SINGLE_BYTE).items()
    for name in names.split()
}
_BY_NAME.update((name.lower(), Charset("")) for name in _EAST_ASIAN.split())
_BY_NAME.update((name.lower(), Charset("", has_ascii=False)) for name in _OTHER_EBCDIC.split())


def find(name: str) -> Charset | None:
    """The character set of an IANA name or alias, in any case; None when Terraform has none."""
    return _BY_NAME.get(name.lower())
