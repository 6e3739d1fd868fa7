"""Functions of hashes, identifiers and keys. No hash tells the secret that it was made of."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from fglint.evaluation.functions import rsa
from fglint.evaluation.functions.arguments import failed, invalid, normalized
from fglint.evaluation.functions.encoding import decode_base64, encode_base64
from fglint.evaluation.functions.reading import content_of
from fglint.evaluation.functions.registry import Context, function
from fglint.evaluation.types import NUMBER, STRING
from fglint.evaluation.values import Number, Unknown, Value

_NAMESPACES = {
    "dns": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    "url": "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    "oid": "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
    "x500": "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
}
_IDENTIFIER = re.compile(
    r"(?i:urn:uuid:)?(?P<plain>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})"
    r"|.(?P<braced>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})."
    r"|(?P<compact>[0-9a-fA-F]{32})",
    re.DOTALL,
)


def _hexadecimal(algorithm: str) -> Callable[[bytes], str]:
    return lambda content: hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()


def _encoded(algorithm: str) -> Callable[[bytes], str]:
    return lambda content: encode_base64(
        hashlib.new(algorithm, content, usedforsecurity=False).digest()
    )


def _declare(name: str, digest: Callable[[bytes], str]) -> None:
    """Declares the hash of a text and, with "file" before its name, that of a file."""

    def of_text(str: str) -> Value:
        return digest(str.encode("utf-8", "surrogatepass"))

    def of_file(context: Context, path: str) -> Value:
        content = content_of(context, f"file{name}", path)
        return content if isinstance(content, Unknown) else digest(content)

    function(STRING, returns=STRING, name=name, keeps_secret=False)(of_text)
    function(STRING, returns=STRING, name=f"file{name}", context=True, keeps_secret=False)(of_file)


for _name, _digest in {
    "md5": _hexadecimal("md5"),
    "sha1": _hexadecimal("sha1"),
    "sha256": _hexadecimal("sha256"),
    "sha512": _hexadecimal("sha512"),
    "base64sha256": _encoded("sha256"),
    "base64sha512": _encoded("sha512"),
}.items():
    _declare(_name, _digest)


@function(STRING, variadic=NUMBER, returns=STRING, context=True, keeps_secret=False)
def bcrypt(context: Context, str: str, *cost: Number) -> Value:
    """A salted hash: another one each time."""
    return Unknown.of(context.call_origin("bcrypt"), STRING, not_null=True)


@function(returns=STRING, context=True)
def uuid(context: Context) -> Value:
    """A random identifier: another one each time."""
    return Unknown.of(context.call_origin("uuid"), STRING, not_null=True)


@function(STRING, STRING, returns=STRING, keeps_secret=False)
def uuidv5(namespace: str, name: str) -> Value:
    """The identifier of a name in a namespace."""
    space = _NAMESPACES.get(namespace)
    if space is None:
        match = _IDENTIFIER.fullmatch(namespace)
        if match is None:
            raise failed("uuidv5", f"uuidv5() doesn't support namespace {namespace}")
        space = match["plain"] or match["braced"] or match["compact"]
    return _identifier(bytes.fromhex(space.replace("-", "")), name)


def _identifier(space: bytes, name: str) -> str:
    """The identifier of version 5: a hash of space and name, as RFC 9562 shapes it."""
    content = space + name.encode("utf-8", "surrogatepass")
    number = int.from_bytes(hashlib.sha1(content, usedforsecurity=False).digest()[:16], "big")
    number &= ~(0xC000 << 48 | 0xF000 << 64)
    number |= 0x8000 << 48 | 0x5000 << 64
    text = f"{number:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


@function(STRING, STRING, returns=STRING)
def rsadecrypt(ciphertext: str, privatekey: str) -> Value:
    """The text that was encrypted for a private key."""
    try:
        encrypted = decode_base64(ciphertext)
    except ValueError:
        message = "failed to decode input: cipher text must be base64-encoded"
        raise invalid("ciphertext", message) from None
    try:
        key = rsa.read_key(privatekey)
    except ValueError as error:
        raise invalid("privatekey", f"invalid private key: {error}") from None
    try:
        return normalized(rsa.decrypt(key, encrypted).decode("utf-8", "replace"))
    except ValueError:
        raise failed("rsadecrypt", "failed to decrypt: crypto/rsa: decryption error") from None
