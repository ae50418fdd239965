"""Questions about firewall rules: security group rules and network ACL entries, in CloudFormation's property names.

A rule is an object with IpProtocol, FromPort, ToPort, CidrIp and CidrIpv6 (security groups), or with Protocol,
PortRange.From, PortRange.To, CidrBlock and Ipv6CidrBlock (network ACLs). Protocols are names or numbers; -1 is every
protocol, and then ports do not count. A port that is absent or -1 leaves its side of the range open.
(https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html)
"""

import re

from assay.expressions.functions.cidr import is_anywhere, is_public_range
from assay.expressions.functions.kleene import Truth, all_of, any_of, doubt_of, items_of, malformed, negate, property_of
from assay.inventory.values import Unknown, Value

HIGHEST_PORT = 65535

EVERY_PROTOCOL = ("-1", "all")
WITH_PORTS = ("tcp", "6", "udp", "17")


def opens_port(rule: Value, port: Value) -> Truth:
    """Whether the rule lets TCP or UDP traffic to the port through.

    `opensPort({IpProtocol: "tcp", FromPort: 20, ToPort: 30}, 22)` is true; so it is for every port when the protocol is
    "-1".
    """
    if doubt := doubt_of(port) or doubt_of(rule):
        return doubt
    number = _number(port)
    if isinstance(number, Unknown) or number is None:
        return malformed(port, "a port number")
    lowest, highest = _range(rule)
    inside = all_of((_at_most(lowest, number), _at_most(number, highest)))
    return any_of((_protocol_is(rule, EVERY_PROTOCOL), all_of((_protocol_is(rule, WITH_PORTS), inside))))


def opens_any_port(rule: Value, ports: Value) -> Truth:
    """Whether the rule lets traffic to one of the ports through: `opensAnyPort(rule, [22, 3389])`."""
    return any_of(opens_port(rule, port) for port in items_of(ports))


def opens_all_ports(rule: Value) -> Truth:
    """Whether the rule lets traffic to every TCP or UDP port through.

    `opensAllPorts({IpProtocol: "-1"})` is true; so is 0-65535 or 1-65535 over "tcp" or "udp".
    """
    if doubt := doubt_of(rule):
        return doubt
    lowest, highest = _range(rule)
    wide = all_of((_at_most(lowest, 1), _at_most(HIGHEST_PORT, highest)))
    return any_of((_protocol_is(rule, EVERY_PROTOCOL), all_of((_protocol_is(rule, WITH_PORTS), wide))))


def opens_only_ports(rule: Value, ports: Value) -> Truth:
    """Whether every TCP or UDP port that the rule opens is one of the ports: `opensOnlyPorts(rule, [80, 443])`.

    True for a rule that opens none, such as one for ICMP; false for every protocol ("-1").
    """
    if doubt := doubt_of(rule) or doubt_of(ports):
        return doubt
    allowed = [_number(each) for each in items_of(ports)]
    known = {each for each in allowed if isinstance(each, int)}
    doubts = [each for each in allowed if isinstance(each, Unknown)]
    inside = _all_within(*_range(rule), known, doubts)
    portless = negate(any_of((_protocol_is(rule, EVERY_PROTOCOL), _protocol_is(rule, WITH_PORTS))))
    return any_of((portless, all_of((negate(_protocol_is(rule, EVERY_PROTOCOL)), inside))))


def _all_within(low: int | Unknown, high: int | Unknown, ports: set[int], doubts: list[Unknown]) -> Truth:
    """Return whether every number from low to high is one of the ports, or of those that are not known."""
    if isinstance(low, int) and isinstance(high, int):
        missing = high - low + 1 - sum(low <= each <= high for each in ports)
        if missing <= 0:
            return True
        return doubts[0] if missing <= len(doubts) else False
    unread = low if isinstance(low, Unknown) else high
    assert isinstance(unread, Unknown)
    return unread


def from_anywhere(rule: Value) -> Truth:
    """Whether the rule's source is all of IPv4 or all of IPv6: `fromAnywhere({CidrIpv6: "::/0"})` is true."""
    if doubt := doubt_of(rule):
        return doubt
    return any_of(is_anywhere(property_of(rule, name)) for name in SOURCES)


def from_internet(rule: Value) -> Truth:
    """Whether the rule's source holds a public address: `fromInternet({CidrIp: "0.0.0.0/1"})` is true."""
    if doubt := doubt_of(rule):
        return doubt
    return any_of(is_public_range(property_of(rule, name)) for name in SOURCES)


SOURCES = ("CidrIp", "CidrIpv6", "CidrBlock", "Ipv6CidrBlock")


def _protocol_is(rule: Value, names: tuple[str, ...]) -> Truth:
    """Return whether the rule's protocol is one of the names; an absent one is none of them."""
    protocol = property_of(rule, "IpProtocol")
    if protocol is None:
        protocol = property_of(rule, "Protocol")
    if doubt := doubt_of(protocol):
        return doubt
    return str(protocol).strip().lower() in names


def _range(rule: Value) -> tuple[int | Unknown, int | Unknown]:
    """Return the lowest and the highest open port."""
    ports = property_of(rule, "PortRange")
    lowest = _first(property_of(rule, "FromPort"), property_of(ports, "From"))
    highest = _first(property_of(rule, "ToPort"), property_of(ports, "To"))
    return (0 if lowest is None else lowest), (HIGHEST_PORT if highest is None else highest)


def _first(one: Value, other: Value) -> int | Unknown | None:
    number = _number(other if one is None else one)
    return None if isinstance(number, int) and number < 0 else number


def _number(value: Value) -> int | Unknown | None:
    """Return a port that may be written as text; None when absent."""
    if value is None:
        return None
    if doubt := doubt_of(value):
        return doubt
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"\s*-?\d{1,9}\s*", value, re.ASCII):
        return int(value)
    return malformed(value, "a port number")


def _at_most(low: int | Unknown, high: int | Unknown) -> Truth:
    if isinstance(low, Unknown):
        return low
    return high if isinstance(high, Unknown) else low <= high
