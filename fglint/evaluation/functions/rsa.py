"""RSA decryption for rsadecrypt(): private keys in PEM, and PKCS #1 version 1.5 (RFC 8017)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from fglint.records import dataclass

_PEM = re.compile(
    r"^-----BEGIN (?P<label>[A-Z ]+)-----[ \t]*\r?\n(?P<body>.*?)^-----END (?P=label)-----",
    re.DOTALL | re.MULTILINE,
)
_RSA_IDENTIFIER = bytes.fromhex("2a864886f70d010101")  # 1.2.840.113549.1.1.1
_OPENSSH_MAGIC = b"openssh-key-v1\0"
_INTEGER, _OCTETS, _IDENTIFIER, _SEQUENCE = 0x02, 0x04, 0x06, 0x30


@dataclass(frozen=True, slots=True)
class Key:
    """Modulus and private exponent of an RSA key."""

    modulus: int
    exponent: int


def read_key(text: str) -> Key:
    """The RSA key in a PEM text: PKCS #1, PKCS #8 or OpenSSH; ValueError when there is none."""
    match = _PEM.search(text)
    if match is None:
        raise ValueError("ssh: no key found")
    body = match["body"]
    if ":" in body:
        if "ENCRYPTED" in body:
            raise ValueError("ssh: this private key is passphrase protected")
        body = body.rpartition("\n\n")[2]
    try:
        content = base64.b64decode("".join(body.split()), validate=True)
    except binascii.Error:
        raise ValueError("ssh: no key found") from None
    try:
        match match["label"]:
            case "RSA PRIVATE KEY":
                return _pkcs1(content)
            case "PRIVATE KEY":
                return _pkcs8(content)
            case "OPENSSH PRIVATE KEY":
                return _openssh(content)
            case label:
                raise ValueError(f'ssh: unsupported key type "{label}"')
    except (IndexError, StopIteration):
        raise ValueError("the data ends too early") from None


def decrypt(key: Key, encrypted: bytes) -> bytes:
    """The message; ValueError when it was not encrypted for this key."""
    size = (key.modulus.bit_length() + 7) // 8
    number = int.from_bytes(encrypted, "big")
    if len(encrypted) > size or size < 11 or number >= key.modulus:
        raise ValueError("decryption error")
    padded = pow(number, key.exponent, key.modulus).to_bytes(size, "big")
    end = padded.find(b"\0", 2)
    if padded[:2] != b"\0\2" or end < 10:
        raise ValueError("decryption error")
    return padded[end + 1 :]


def _elements(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Tags and contents of the elements of a DER sequence."""
    position = 0
    while position < len(content):
        tag, length = content[position], content[position + 1]
        position += 2
        if length >= 0x80:
            count = length & 0x7F
            length = int.from_bytes(content[position : position + count], "big")
            position += count
        if position + length > len(content):
            raise IndexError
        yield tag, content[position : position + length]
        position += length


def _expect(elements: Iterator[tuple[int, bytes]], wanted: int) -> bytes:
    tag, content = next(elements)
    if tag != wanted:
        raise ValueError("invalid ASN.1 data in the given private key")
    return content


def _pkcs1(content: bytes) -> Key:
    members = _elements(_expect(_elements(content), _SEQUENCE))
    numbers = [int.from_bytes(_expect(members, _INTEGER), "big") for _ in range(4)]
    return _checked(modulus=numbers[1], public=numbers[2], private=numbers[3])


def _pkcs8(content: bytes) -> Key:
    members = _elements(_expect(_elements(content), _SEQUENCE))
    _expect(members, _INTEGER)
    algorithm = _elements(_expect(members, _SEQUENCE))
    if _expect(algorithm, _IDENTIFIER) != _RSA_IDENTIFIER:
        raise ValueError("it is no RSA key")
    return _pkcs1(_expect(members, _OCTETS))


def _openssh(content: bytes) -> Key:
    if not content.startswith(_OPENSSH_MAGIC):
        raise ValueError("it is no OpenSSH key")
    fields = _fields(content[len(_OPENSSH_MAGIC) :])
    cipher, _derivation, _options = next(fields), next(fields), next(fields)
    if cipher != b"none":
        raise ValueError("ssh: this private key is passphrase protected")
    _count_and_public = content[len(_OPENSSH_MAGIC) + 12 + len(cipher) + len(_derivation) :]
    rest = _fields(_count_and_public[len(_options) + 4 :])
    next(rest)  # the public key
    members = _fields(next(rest)[8:])  # after two equal random numbers
    if next(members) != b"ssh-rsa":
        raise ValueError("it is no RSA key")
    modulus, public, private = (int.from_bytes(next(members), "big") for _ in range(3))
    return _checked(modulus=modulus, public=public, private=private)


def _fields(content: bytes) -> Iterator[bytes]:
    """The strings with their lengths before them, of which OpenSSH's format is made."""
    position = 0
    while position + 4 <= len(content):
        length = int.from_bytes(content[position : position + 4], "big")
        position += 4
        yield content[position : position + length]
        position += length


def _checked(*, modulus: int, public: int, private: int) -> Key:
    """The key, when a number can be encrypted and decrypted with it."""
    if modulus < 3 or modulus.bit_length() > 16_384:
        raise ValueError("its modulus is out of range")
    if pow(pow(2, public, modulus), private, modulus) != 2:
        raise ValueError("its exponents do not belong together")
    return Key(modulus, private)
