"""Functions of encodings: base64, character sets, gzip and URLs."""

from __future__ import annotations

import base64
import re
import zlib
from urllib.parse import quote_plus

from fglint.evaluation.functions import charsets, deflate
from fglint.evaluation.functions.arguments import failed, invalid, normalized
from fglint.evaluation.functions.pieces import map_text
from fglint.evaluation.functions.registry import Parameter, function
from fglint.evaluation.origins import Origin
from fglint.evaluation.types import STRING
from fglint.evaluation.values import Unknown, Value

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def decode_base64(text: str) -> bytes:
    """The bytes of standard base64, which may have line breaks; ValueError when it is none."""
    text = text.replace("\r", "").replace("\n", "")
    if not _BASE64.fullmatch(text):
        raise ValueError("no base64")
    return base64.b64decode(text)


def encode_base64(content: bytes) -> str:
    """The bytes as standard base64."""
    return base64.b64encode(content).decode("ascii")


@function(STRING, returns=STRING)
def base64encode(str: str) -> Value:
    """The text's UTF-8 as base64."""
    return encode_base64(str.encode("utf-8", "surrogatepass"))


@function(STRING, returns=STRING)
def base64decode(str: str) -> Value:
    """The text whose UTF-8 is encoded."""
    try:
        content = decode_base64(str)
    except ValueError:
        raise failed("base64decode", f'failed to decode base64 data "{str}"') from None
    try:
        return normalized(content.decode("utf-8"))
    except UnicodeDecodeError:
        message = "the result of decoding the provided string is not valid UTF-8"
        raise failed("base64decode", message) from None


@function(STRING, STRING, returns=STRING)
def textencodebase64(string: str, encoding: str) -> Value:
    """The text in a character set, as base64."""
    charset = _charset(encoding)
    try:
        return encode_base64(charset.encode(string))
    except charsets.TableMissing:
        return _no_table("textencodebase64", encoding)
    except UnicodeError:
        message = "the given string contains characters that cannot be represented in"
        raise invalid("string", f"{message} {encoding}") from None


@function(STRING, STRING, returns=STRING)
def textdecodebase64(source: str, encoding: str) -> Value:
    """The text that is encoded in a character set and then as base64."""
    charset = _charset(encoding)
    try:
        content = decode_base64(source)
    except ValueError:
        raise invalid("source", "the given value has an invalid base64 symbol") from None
    try:
        return normalized(charset.decode(content))
    except charsets.TableMissing:
        return _no_table("textdecodebase64", encoding)
    except UnicodeError:
        message = "the given string contains symbols that are not defined for"
        raise invalid("source", f"{message} {encoding}") from None


def _charset(name: str) -> charsets.Charset:
    charset = charsets.find(name)
    if charset is None:
        message = "is not a supported IANA encoding name or alias in this Terraform version"
        raise invalid("encoding", f'"{name}" {message}')
    return charset


def _no_table(name: str, encoding: str) -> Unknown:
    because = f"{name}() to {encoding} is computed by Terraform alone"
    return Unknown(STRING, (Origin("function", f"{name}()", because=because),), not_null=True)


@function(Parameter(STRING, unknown=True), returns=STRING)
def urlencode(str: Value) -> Value:
    """The text as a part of a URL's query."""
    return map_text(str, lambda text: quote_plus(text, safe="-_.~", errors="surrogatepass"))


# ---- gzip -------------------------------------------------------------------------------------

_GZIP_HEADER = bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF))  # no time, unknown system
_LAST_BLOCK = b"\1\0\0\xff\xff"


@function(STRING, returns=STRING)
def base64gzip(str: str) -> Value:
    """The text compressed and encoded; unknown for what is larger than one window."""
    content = str.encode("utf-8", "surrogatepass")
    if len(content) > deflate.WINDOW:
        prefix = encode_base64(_GZIP_HEADER)[:13]
        because = f"fglint compresses no more than {deflate.WINDOW // 1024} KiB"
        origin = Origin("function", "base64gzip()", because=because)
        return Unknown(STRING, (origin,), not_null=True, prefix=prefix)
    tail = zlib.crc32(content).to_bytes(4, "little") + len(content).to_bytes(4, "little")
    return encode_base64(_GZIP_HEADER + deflate.compress(content) + _LAST_BLOCK + tail)
