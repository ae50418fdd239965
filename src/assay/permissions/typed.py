"""Values with a type: numbers, dates, addresses, booleans, binary. Each comparison decides or says that it cannot."""

import base64
import binascii
import datetime
import ipaddress
import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from assay.permissions.operators import Comparison, Family, Operator

Address = ipaddress.IPv4Network | ipaddress.IPv6Network


def malformed(operator: Operator, text: str) -> tuple[str, str] | None:
    """Return what is wrong with a policy's value for an operator and what to do, or None."""
    family = operator.family
    if family is Family.NULL or family is Family.BOOLEAN:
        wrong = text.lower() not in ("true", "false") and not text.startswith("${")
        return ("neither true nor false", 'write "true" or "false"') if wrong else None
    if family is Family.NUMBER and number(text) is None:
        return "no number", "write digits"
    if family is Family.DATE and date(text) is None:
        return "no date", "write 2026-11-25T00:00:00Z"
    if family is Family.ADDRESS:
        return _malformed_address(text)
    if family is Family.BINARY and binary(text) is None:
        return "not base64", "encode the value"
    return None


def _malformed_address(text: str) -> tuple[str, str] | None:
    if network(text) is None:
        return "no address or range", "write CIDR notation, such as 203.0.113.0/24"
    return None


def accepts(operator: Operator, stated: str, value: str) -> bool | None:
    """Return whether a request's value satisfies the operator, before negation, for one stated value.

    None: the request's value has not the operator's type, and AWS does not say what follows.
    """
    match operator.family:
        case Family.BOOLEAN:
            return stated.lower() == value.lower() if value.lower() in ("true", "false") else None
        case Family.NUMBER:
            return _ordered(operator.comparison, number(value), number(stated))
        case Family.DATE:
            return _ordered(operator.comparison, date(value), date(stated))
        case Family.ADDRESS:
            return _inside(network(value), network(stated))
        case _:
            return stated == value


def _ordered(comparison: Comparison, value: Any, stated: Any) -> bool | None:
    if value is None or stated is None:
        return None
    results: dict[Comparison, bool] = {
        Comparison.EQUAL: value == stated,
        Comparison.LESS: value < stated,
        Comparison.LESS_EQUAL: value <= stated,
        Comparison.GREATER: value > stated,
        Comparison.GREATER_EQUAL: value >= stated,
    }
    return results[comparison]


def _inside(value: Address | None, stated: Address | None) -> bool | None:
    if value is None or stated is None:
        return None
    if isinstance(value, ipaddress.IPv4Network):
        return isinstance(stated, ipaddress.IPv4Network) and value.subnet_of(stated)
    return isinstance(stated, ipaddress.IPv6Network) and value.subnet_of(stated)


@lru_cache(maxsize=4096)
def number(text: str) -> Decimal | None:
    """Return a number, or None. Whole numbers and decimals; no infinities."""
    if not re.fullmatch(r"[-+]?\d{1,60}(\.\d{1,60})?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


@lru_cache(maxsize=4096)
def date(text: str) -> datetime.datetime | None:
    """Return a date in a form of ISO 8601 or as seconds since 1970, or None. Without a zone it is UTC."""
    try:
        if re.fullmatch(r"\d{5,12}", text):
            return datetime.datetime.fromtimestamp(int(text), datetime.UTC)
        found = datetime.datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return found.replace(tzinfo=datetime.UTC) if found.tzinfo is None else found.astimezone(datetime.UTC)


@lru_cache(maxsize=4096)
def network(text: str) -> Address | None:
    """Return an address or range, or None. Bits below the mask do not count."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def binary(text: str) -> bytes | None:
    """Return the bytes of base64 text, or None."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
