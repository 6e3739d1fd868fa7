"""Functions of IP networks in CIDR notation, of both versions."""

from __future__ import annotations

import ipaddress
import re

from fglint.evaluation.functions.arguments import failed, invalid, whole_number
from fglint.evaluation.functions.registry import function
from fglint.evaluation.types import NUMBER, STRING, ListType
from fglint.evaluation.values import ListValue, Number, Value
from fglint.records import dataclass

_LARGEST_64 = (1 << 64) - 1
_V4_IN_V6 = 0xFFFF << 32  # ::ffff:0:0/96, which Go takes for IPv4 in some places


@dataclass(frozen=True, slots=True)
class _Network:
    """An address and prefix length; `length` may be negative, then there is no such network."""

    address: int
    length: int
    bits: int  # of addresses: 32 or 128

    @property
    def last(self) -> int:
        """The last address."""
        return self.address | ((1 << (self.bits - self.length)) - 1)

    @property
    def is_v4(self) -> bool:
        """Whether Go takes the address for one of IPv4."""
        return self.bits == 32 or self.address >> 32 == 0xFFFF

    def __str__(self) -> str:
        if self.length < 0:
            return "<nil>"
        length = self.length - 96 if self.bits == 128 and self.is_v4 else self.length
        return f"{_address_text(self.address, self.bits)}/{max(0, length)}"


def _address_text(address: int, bits: int) -> str:
    if bits == 32:
        return str(ipaddress.IPv4Address(address))
    if address >> 32 == 0xFFFF:
        return str(ipaddress.IPv4Address(address & 0xFFFFFFFF))
    return str(ipaddress.IPv6Address(address))


def _parse(text: str) -> _Network:
    """The network, its host bits cleared; ValueError when the text is none."""
    wrong = ValueError(f"invalid CIDR expression: invalid CIDR address: {text}")
    address_text, slash, length_text = text.partition("/")
    if not slash or not re.fullmatch("[0-9]+", length_text):
        raise wrong
    try:
        address, bits = _parse_address(address_text)
    except ValueError:
        raise wrong from None
    digits = length_text.lstrip("0") or "0"
    if len(digits) > 3 or int(digits) > bits:
        raise wrong
    length = int(digits)
    return _Network(address >> (bits - length) << (bits - length), length, bits)


def _parse_address(text: str) -> tuple[int, int]:
    # Terraform reads zeros before a number in IPv4, as decimal.
    plain = re.sub(r"(?<![0-9a-fA-F:.])0+(?=[0-9]+\.)|(?<=\.)0+(?=[0-9])", "", text)
    if re.fullmatch(r"[0-9.]+", text):
        return int(ipaddress.IPv4Address(plain)), 32
    if "%" in text:
        raise ValueError("zones are no part of networks")
    return int(ipaddress.IPv6Address(plain)), 128


def _network(name: str, prefix: str) -> _Network:
    try:
        return _parse(prefix)
    except ValueError as error:
        raise failed(name, f"{error}") from None


def _whole(name: str, number: Number, *, bounded: bool) -> int:
    try:
        return whole_number(number, bounded=bounded)
    except ValueError as error:
        raise failed(name, f"{error}") from None


@function(STRING, NUMBER, returns=STRING)
def cidrhost(prefix: str, hostnum: Number) -> Value:
    """The address of a host in the network; negative numbers count from the end."""
    number = _whole("cidrhost", hostnum, bounded=False)
    network = _network("cidrhost", prefix)
    largest = (1 << (network.bits - network.length)) - 1
    tested = _as_signed(abs(number) & _LARGEST_64)  # Terraform tests the low 64 bits only
    if number < 0:
        tested = -number - 1
        number = largest - tested
    if tested > largest:
        raise failed(
            "cidrhost",
            f"prefix of {network.length} does not accommodate a host numbered {number}",
        )
    target = 32 if network.is_v4 else 128
    address = network.address | (number << (network.bits - target))
    return _address_text(_within("cidrhost", address, network.bits), network.bits)


def _as_signed(number: int) -> int:
    return number - (1 << 64) if number >> 63 else number


def _within(name: str, address: int, bits: int) -> int:
    address = abs(address)
    if address >> bits:
        raise failed(name, "the number lies outside the network")
    return address


@function(STRING, returns=STRING)
def cidrnetmask(prefix: str) -> Value:
    """The netmask of an IPv4 network."""
    network = _network("cidrnetmask", prefix)
    if not network.is_v4:
        raise failed("cidrnetmask", f"IPv6 addresses cannot have a netmask: {prefix}")
    hosts = network.bits - network.length
    mask = ((1 << network.bits) - 1) >> hosts << hosts
    return _address_text(mask, network.bits)


@function(STRING, NUMBER, NUMBER, returns=STRING)
def cidrsubnet(prefix: str, newbits: Number, netnum: Number) -> Value:
    """A network inside the network, `newbits` longer."""
    extension = _whole("cidrsubnet", newbits, bounded=True)
    number = _whole("cidrsubnet", netnum, bounded=False)
    network = _network("cidrsubnet", prefix)
    length = network.length + extension
    if length > network.bits:
        raise failed(
            "cidrsubnet",
            f"insufficient address space to extend prefix of {network.length} by {extension}",
        )
    # Terraform computes with 64 bits: what is wider or negative has no limit.
    largest = (1 << extension) - 1 if 0 <= extension < 64 else _LARGEST_64
    if abs(number) & _LARGEST_64 > largest:
        raise failed(
            "cidrsubnet",
            f"prefix extension of {extension} does not accommodate a subnet numbered {number}",
        )
    if length < 0:
        if number and extension < 0:  # Terraform panics, and reports that as the function's error
            raise failed("cidrsubnet", f"a prefix of {length} bits has no subnets")
        return "<nil>"
    address = network.address | (number << (network.bits - length))
    return str(_Network(_within("cidrsubnet", address, network.bits), length, network.bits))


@function(STRING, variadic=NUMBER, returns=ListType(STRING))
def cidrsubnets(prefix: str, *newbits: Number) -> Value:
    """Consecutive networks inside the network, each with its own extension of the prefix."""
    try:
        network = _parse(prefix)
    except ValueError as error:
        raise invalid("prefix", f"{error}") from None
    subnets: list[Value] = []
    following = network.address
    previous = ""
    for extension in newbits:
        length = network.length + _extension(extension, network)
        size = 1 << (network.bits - length)
        start = -(-following // size) * size
        if start > network.last or (network.bits == 128 and network.is_v4):
            raise invalid(
                "newbits",
                f"not enough remaining address space for a subnet with a prefix of {length} bits"
                f" after {previous or network}",
            )
        subnet = _Network(start, length, network.bits)
        previous = str(subnet)
        subnets.append(previous)
        following = start + size
    # Terraform begins behind the network before this one, and there is none before the first.
    if network.address == 0 and newbits:
        raise invalid("newbits", "not enough remaining address space before the first subnet")
    return ListValue(tuple(subnets), STRING)


def _extension(number: Number, network: _Network) -> int:
    try:
        extension = whole_number(number)
    except ValueError as error:
        raise invalid("newbits", f"{error}") from None
    length = network.length + extension
    if extension < 1:
        raise invalid("newbits", "must extend prefix by at least one bit")
    if extension > 32:
        raise invalid("newbits", "may not extend prefix by more than 32 bits")
    if length > network.bits:
        version = "IPv4" if network.bits == 32 else "IPv6"
        raise invalid(
            "newbits",
            f"would extend prefix to {length} bits, which is too long for an {version} address",
        )
    return extension
