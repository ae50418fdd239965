"""Firewall rules: the spellings of ports and protocols that others trip over."""

import pytest

from assay.expressions.functions.ports import (
    from_anywhere,
    from_internet,
    opens_all_ports,
    opens_any_port,
    opens_only_ports,
    opens_port,
)
from assay.inventory.values import Cause, Reason, Unknown, Value

UNREAD = Unknown(Reason(Cause.PARAMETER, "Port"))


@pytest.mark.parametrize(
    "rule",
    [
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22},
        {"IpProtocol": "TCP", "FromPort": "22", "ToPort": "22"},
        {"IpProtocol": "6", "FromPort": 0, "ToPort": 65535},
        {"IpProtocol": 6, "FromPort": 20, "ToPort": 30.0},
        {"IpProtocol": "udp", "FromPort": 22, "ToPort": 22},
        {"IpProtocol": "-1"},
        {"IpProtocol": -1, "FromPort": 443, "ToPort": 443},
        {"IpProtocol": "tcp", "FromPort": -1, "ToPort": -1},
        {"IpProtocol": "tcp"},
        {"Protocol": 6, "PortRange": {"From": 22, "To": 22}},
        {"Protocol": -1},
    ],
)
def test_port_22_is_open(rule: Value) -> None:
    assert opens_port(rule, 22) is True


@pytest.mark.parametrize(
    "rule",
    [
        {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443},
        {"IpProtocol": "tcp", "FromPort": 23, "ToPort": 65535},
        {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1},
        {"IpProtocol": "50"},
        {"Protocol": 6, "PortRange": {"From": 80, "To": 80}},
        {},
    ],
)
def test_port_22_is_closed(rule: Value) -> None:
    assert opens_port(rule, 22) is False


def test_every_port() -> None:
    assert opens_all_ports({"IpProtocol": "-1"}) is True
    assert opens_all_ports({"IpProtocol": "tcp", "FromPort": 1, "ToPort": 65535}) is True
    assert opens_all_ports({"IpProtocol": "tcp", "FromPort": 2, "ToPort": 65535}) is False
    assert opens_all_ports({"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1}) is False


def test_one_side_of_a_range_may_decide() -> None:
    assert opens_port({"IpProtocol": "tcp", "FromPort": UNREAD, "ToPort": 21}, 22) is False
    assert opens_port({"IpProtocol": "tcp", "FromPort": 23, "ToPort": UNREAD}, 22) is False
    assert isinstance(opens_port({"IpProtocol": "tcp", "FromPort": UNREAD, "ToPort": 22}, 22), Unknown)
    assert opens_port({"IpProtocol": "-1", "FromPort": UNREAD}, 22) is True
    assert opens_port({"IpProtocol": "icmp", "FromPort": UNREAD}, 22) is False
    assert isinstance(opens_port({"IpProtocol": UNREAD, "FromPort": 443, "ToPort": 443}, 22), Unknown)
    assert isinstance(opens_port(UNREAD, 22), Unknown)


@pytest.mark.parametrize("port", ["http", True, 22.5, [22], "0x16", "1e1"])
def test_a_port_that_is_no_number_is_unknown(port: Value) -> None:
    answer = opens_port({"IpProtocol": "tcp", "FromPort": port, "ToPort": 65535}, 22)
    assert isinstance(answer, Unknown)
    assert answer.reason.cause is Cause.MALFORMED


def test_any_of_several_ports() -> None:
    rule: Value = {"IpProtocol": "tcp", "FromPort": 3000, "ToPort": 4000}
    assert opens_any_port(rule, [22, 3389]) is True
    assert opens_any_port(rule, [22, 443]) is False
    assert opens_any_port(rule, []) is False
    assert isinstance(opens_any_port(rule, [22, UNREAD]), Unknown)


def test_sources_of_both_ip_versions() -> None:
    assert from_anywhere({"CidrIp": "0.0.0.0/0"}) is True
    assert from_anywhere({"CidrIp": "10.0.0.0/8", "CidrIpv6": "::/0"}) is True
    assert from_anywhere({"CidrBlock": "0.0.0.0/0", "RuleAction": "allow"}) is True
    assert from_anywhere({"SourceSecurityGroupId": "sg-1"}) is False
    assert from_anywhere({"CidrIp": "0.0.0.0/1"}) is False
    assert from_internet({"CidrIp": "0.0.0.0/1"}) is True
    assert from_internet({"CidrIp": UNREAD, "CidrIpv6": "::/0"}) is True
    assert isinstance(from_internet({"CidrIp": UNREAD, "CidrIpv6": "fd00::/8"}), Unknown)


def test_only_some_ports() -> None:
    assert opens_only_ports({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}, [80, 443]) is True
    assert opens_only_ports({"IpProtocol": "tcp", "FromPort": 80, "ToPort": 443}, [80, 443]) is False
    assert opens_only_ports({"IpProtocol": "-1"}, [80, 443]) is False
    assert opens_only_ports({"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1}, []) is True
    assert opens_only_ports({"IpProtocol": "tcp", "FromPort": 80, "ToPort": 443}, [80, UNREAD]) is False
    assert isinstance(opens_only_ports({"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80}, [UNREAD]), Unknown)
    assert isinstance(opens_only_ports({"IpProtocol": "tcp", "FromPort": UNREAD, "ToPort": 80}, [80]), Unknown)
    assert isinstance(opens_only_ports({"IpProtocol": UNREAD, "FromPort": 80, "ToPort": 80}, [81]), Unknown)
