"""Functions on networks.

https://developer.hashicorp.com/terraform/language/functions#ip-network-functions
"""

from __future__ import annotations

import re

from recoverable.read.terraform.functions.arguments import Function, Given, unknown, wrong
from recoverable.read.terraform.kinds import STRING, ListOf
from recoverable.typed import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from recoverable.read.data import Content

_PREFIX = re.compile(r"([0-9A-Fa-f:.]{2,45})/([0-9]{1,3})")
_FOUR = re.compile(r"[0-9]{1,8}(?:\.[0-9]{1,8}){3}")


class Network(NamedTuple):
    """The first `length` of `bits` bits; those behind them in `start` are zero."""

    start: int
    length: int
    bits: int

    def address(self, number: int) -> str:
        import ipaddress  # noqa: PLC0415 (few ask)

        at = self.start + number
        return str(ipaddress.IPv4Address(at) if self.bits == 32 else ipaddress.IPv6Address(at))

    def shown(self) -> str:
        return f"{self.address(0)}/{self.length}"


def _network(given: Given) -> Network:
    import ipaddress  # noqa: PLC0415 (few ask)

    text = given.text(0)
    found = _PREFIX.fullmatch(text)
    if found is None:
        raise wrong(f"{given.name}() takes a network such as 10.0.0.0/8, not {text[:60]}")
    try:
        # Terraform takes zeros in front for nothing, where others see an octal number.
        plain = ".".join(str(int(part)) for part in found[1].split(".")) if _FOUR.fullmatch(found[1]) else found[1]
        address = ipaddress.ip_address(plain)
    except ValueError:
        raise wrong(f"{given.name}() takes a network such as 10.0.0.0/8, not {text[:60]}") from None
    if address.version == 6 and "." in text:
        raise unknown("an address of two kinds")
    length = int(found[2])
    bits = address.max_prefixlen
    if length > bits:
        raise wrong(f"{given.name}() takes a network of at most {bits} bits")
    return Network(int(address) >> (bits - length) << (bits - length), length, bits)


def host(given: Given) -> Content:
    network, number = _network(given), given.number(1)
    if not isinstance(number, int):
        raise wrong("cidrhost() takes a whole number")
    size = 1 << (network.bits - network.length)
    if not -size <= number < size:
        raise wrong(f"{network.shown()} has no host {number}")
    return network.address(number % size)


def netmask(given: Given) -> Content:
    network = _network(given)
    if network.bits != 32:
        raise wrong("cidrnetmask() takes networks of IPv4 only")
    return Network(0, 0, 32).address((1 << 32) - (1 << (32 - network.length)))


def subnet(given: Given) -> Content:
    network, more, number = _network(given), given.integer(1), given.number(2)
    if not isinstance(number, int):
        raise wrong("cidrsubnet() takes a whole number")
    if more < 0 or number < 0:
        raise unknown("cidrsubnet() with a number below zero")
    length = network.length + more
    if length > network.bits or number >= 1 << more:
        raise wrong(f"{network.shown()} has no such subnet")
    return Network(network.start + (number << (network.bits - length)), length, network.bits).shown()


def subnets(given: Given) -> Content:
    """One after the other, each at the first place that its size allows."""
    network = _network(given)
    made = []
    if not network.start:
        raise unknown("the first subnets of all")
    here = network.start
    end = network.start + (1 << (network.bits - network.length))
    for at in range(1, len(given)):
        more = given.integer(at)
        length = network.length + more
        if not 1 <= more <= 32 or length > network.bits:
            raise wrong(f"{network.shown()} cannot be extended by {more} bits")
        size = 1 << (network.bits - length)
        here = -(-here // size) * size
        if here + size > end:
            raise wrong(f"{network.shown()} has no room for another subnet")
        made.append(given.datum(Network(here, length, network.bits).shown()))
        here += size
    return ListOf(tuple(made), of=STRING)


FUNCTIONS = {
    "cidrhost": Function(host, 2, 2),
    "cidrnetmask": Function(netmask, 1, 1),
    "cidrsubnet": Function(subnet, 3, 3),
    "cidrsubnets": Function(subnets, 1, None),
}
