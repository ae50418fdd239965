"""Questions about IP address ranges in CIDR notation."""

import ipaddress
import re
from collections.abc import Callable
from functools import lru_cache
from typing import TypeAlias

from assay.expressions.functions.holes import Text, parts_of, text_of
from assay.expressions.functions.kleene import Truth, doubt_of, malformed
from assay.inventory.values import Unknown, Value

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_EXPECTED = "an IP address range"

# Ranges that are not globally reachable as a source, and what within them yet is: registries of IANA (RFC 6890 and
# successors: iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry, as of
# 2025-10-09), and multicast.
NOT_GLOBAL: tuple[Network, ...] = tuple(
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/127",
        "::ffff:0:0/96",
        "64:ff9b:1::/48",
        "100::/64",
        "100:0:0:1::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "ff00::/8",
    )
)
YET_GLOBAL: tuple[Network, ...] = tuple(
    ipaddress.ip_network(each)
    for each in (
        "192.0.0.9/32",
        "192.0.0.10/32",
        "2001:1::1/128",
        "2001:1::2/128",
        "2001:1::3/128",
        "2001:3::/32",
        "2001:4:112::/48",
        "2001:20::/28",
        "2001:30::/28",
    )
)


def is_anywhere(cidr: Value) -> Truth:
    """Whether the range holds every IPv4 or every IPv6 address, however it is spelt.

    `isAnywhere("0::/0")` is true, `isAnywhere("0.0.0.0/1")` is false. Absent or "" is no range: false.
    """
    return _ask(cidr, lambda network: network.prefixlen == 0, _anywhere_by_parts)


def is_public_range(cidr: Value) -> Truth:
    """Whether the range holds an address that can be reached over the internet.

    `isPublicRange("128.0.0.0/1")` is true, `isPublicRange("10.1.0.0/16")` and `isPublicRange("")` are false.
    """
    return _ask(cidr, _has_global, _public_by_parts)


def within(cidr: Value, outer: Value) -> Truth:
    """Whether every address of the range lies in the outer range.

    `within("10.1.0.0/16", "10.0.0.0/8")` is true; ranges of different IP versions are never within each other.
    """
    if doubt := doubt_of(outer):
        return doubt
    boundary = parse_network(str(outer))
    if boundary is None:
        return malformed(outer, _EXPECTED)
    return _ask(cidr, lambda network: contains(boundary, network), lambda text: _within_by_parts(text, boundary))


@lru_cache(maxsize=4096)
def parse_network(text: str) -> Network | None:
    """Return the range, host bits cleared as AWS does; None when the text is not a range. A bare address is a range of
    one.
    """
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def contains(outer: Network, inner: Network) -> bool:
    """Return whether the inner range lies in the outer; False across IP versions."""
    if isinstance(outer, ipaddress.IPv4Network):
        return isinstance(inner, ipaddress.IPv4Network) and inner.subnet_of(outer)
    return isinstance(inner, ipaddress.IPv6Network) and inner.subnet_of(outer)


def _ask(cidr: Value, of_network: Callable[[Network], bool], of_parts: Callable[[Unknown], Truth]) -> Truth:
    """Answer for a known range by `of_network`, for one with holes by `of_parts`; nothing holds of an absent range."""
    if cidr is None or cidr == "":
        return False
    text = text_of(cidr, _EXPECTED)
    if isinstance(text, Unknown):
        return of_parts(text)
    network = parse_network(text)
    return malformed(cidr, _EXPECTED) if network is None else of_network(network)


@lru_cache(maxsize=4096)
def _has_global(network: Network) -> bool:
    """Return whether the network holds an address that is globally reachable."""
    return any(_overlap(network, each) for each in YET_GLOBAL) or _exceeds(network)


def _exceeds(network: Network) -> bool:
    """Return whether the special-purpose ranges leave an address of the network over."""
    if any(contains(block, network) for block in NOT_GLOBAL):
        return False
    if not any(contains(network, block) for block in NOT_GLOBAL):
        return True
    return any(_exceeds(half) for half in network.subnets())


def _overlap(one: Network, other: Network) -> bool:
    return contains(one, other) or contains(other, one)


def _prefix_of(text: Text) -> int | None:
    """Return the prefix length when the known end of the text says it."""
    found = re.search(r"/(\d{1,3})\s*$", parts_of(text)[-1])
    return int(found[1]) if found else None


def _known_block(text: Text) -> Network | None:
    """Return the IPv4 block that the leading whole octets fix: 10.0.0.0/8 for "10.", anything, "/16"."""
    found = re.match(r"\s*((?:\d{1,3}\.){1,3})", parts_of(text)[0])
    if not found:
        return None
    octets = found[1].rstrip(".").split(".")
    prefix = _prefix_of(text)
    if prefix is None or prefix < 8 * len(octets):
        return None
    return parse_network(".".join(octets + ["0"] * (4 - len(octets))) + f"/{8 * len(octets)}")


def _anywhere_by_parts(text: Unknown) -> Truth:
    prefix = _prefix_of(text)
    return text if prefix is None else prefix == 0


def _public_by_parts(text: Unknown) -> Truth:
    block = _known_block(text)
    if block is None:
        return True if _prefix_of(text) == 0 else text
    if not _has_global(block):
        return False
    return text if any(contains(block, special) for special in NOT_GLOBAL) else True


def _within_by_parts(text: Unknown, boundary: Network) -> Truth:
    block = _known_block(text)
    if block is None:
        return text
    if contains(boundary, block):
        return True
    return text if contains(block, boundary) else False
