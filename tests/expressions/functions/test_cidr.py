"""Address ranges: spellings, halves, and ranges with holes."""

import pytest

from assay.expressions.functions.cidr import is_anywhere, is_public_range, within
from assay.inventory.values import Cause, Reason, Unknown, Value


def partly(*parts: str) -> Unknown:
    return Unknown(Reason(Cause.PARAMETER, "Range"), present=True, parts=parts)


@pytest.mark.parametrize("cidr", ["0.0.0.0/0", "::/0", "0::/0", "0:0:0:0:0:0:0:0/0", "10.1.2.3/0", " 0.0.0.0/0 "])
def test_anywhere_in_every_spelling(cidr: str) -> None:
    assert is_anywhere(cidr) is True
    assert is_public_range(cidr) is True


@pytest.mark.parametrize("cidr", ["0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1", "8.8.8.8", "8.8.8.8/32", "2600::/12"])
def test_part_of_the_internet_is_public_and_not_anywhere(cidr: str) -> None:
    assert is_anywhere(cidr) is False
    assert is_public_range(cidr) is True


@pytest.mark.parametrize(
    "cidr",
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.4.0/24", "100.64.0.0/10", "169.254.169.254/32", "fd00::/8", "fe80::/10"],
)
def test_private_ranges_are_not_public(cidr: str) -> None:
    assert is_public_range(cidr) is False


def test_a_range_that_straddles_private_space_is_public() -> None:
    assert is_public_range("172.16.0.0/11") is True
    assert is_public_range("8.0.0.0/6") is True


@pytest.mark.parametrize("cidr", [None, ""])
def test_no_range_holds_nothing(cidr: Value) -> None:
    assert is_anywhere(cidr) is False
    assert is_public_range(cidr) is False


@pytest.mark.parametrize("cidr", ["everyone", "10.0.0.0/33", "1.2.3/8", ["0.0.0.0/0"], {}])
def test_malformed_is_unknown_and_says_so(cidr: Value) -> None:
    answer = is_anywhere(cidr)
    assert isinstance(answer, Unknown)
    assert answer.reason.cause is Cause.MALFORMED


def test_holes_leave_what_the_known_part_decides() -> None:
    assert is_anywhere(partly("10.", ".0.0/16")) is False
    assert is_public_range(partly("10.", ".0.0/16")) is False
    assert is_public_range(partly("8.", ".0.0/16")) is True
    assert isinstance(is_public_range(partly("172.", ".0.0/16")), Unknown)
    assert isinstance(is_anywhere(partly("10.0.0.0/", "")), Unknown)
    assert isinstance(is_public_range(partly("10.", ".0.0/4")), Unknown)
    assert within(partly("10.1.", ".0/24"), "10.0.0.0/8") is True
    assert within(partly("11.1.", ".0/24"), "10.0.0.0/8") is False


def test_within_never_holds_across_ip_versions() -> None:
    assert within("10.1.0.0/16", "10.0.0.0/8") is True
    assert within("10.0.0.0/7", "10.0.0.0/8") is False
    assert within("::/0", "0.0.0.0/0") is False
