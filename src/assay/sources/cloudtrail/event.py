"""One recorded event, as far as anybody here reads it.

Source: CloudTrail user guide, "CloudTrail record contents" and "CloudTrail userIdentity element" (event version 1.11).
Whatever has another type than documented reads as not recorded. Named tuples, because a trail has millions of them.
"""

import datetime
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from assay.canonical import rfc3339

_LONGEST = 512  # characters of the name of an operation or service; what is longer is no name
_EXACT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Touched(NamedTuple):
    """One resource that the event lists. `type` as CloudTrail calls it: "AWS::S3::Object"."""

    arn: str
    account: str
    type: str


class Identity(NamedTuple):
    """Who called. "" is: not recorded.

    issuer      ARN of the role (or user) that the session was made of.
    invoked_by  The service that made the request: for somebody, or by a role of its own.
    mfa         "true" or "false", of sessions only; `session`: whether there are temporary credentials.
    """

    type: str
    arn: str = ""
    account: str = ""
    principal: str = ""
    issuer: str = ""
    invoked_by: str = ""
    session: bool = False
    mfa: str = ""
    created: str = ""
    source: str = ""
    provider: str = ""


class Event(NamedTuple):
    """One event. `time` in UTC, "2026-11-25T10:00:00Z", "" when it cannot be read; `account` is that of the trail.

    read_only  None when it is not recorded. `console`: the credentials came of a session of the console.
    """

    id: str
    time: str
    source: str
    name: str
    region: str
    account: str
    identity: Identity
    kind: str = ""
    category: str = ""
    error: str = ""
    ip: str = ""
    agent: str = ""
    endpoint: str = ""
    tls: str = ""
    read_only: bool | None = None
    console: bool = False
    request: Mapping[str, Any] = _NOTHING
    response: Mapping[str, Any] = _NOTHING
    touched: tuple[Touched, ...] = ()


def event_of(record: object) -> Event | None:
    """Return the event of a record, None when it does not say which operation of which service was called."""
    if not isinstance(record, dict):
        return None
    get = record.get
    source, name = _text(get("eventSource")), _text(get("eventName"))
    if not source or not name or len(source) > _LONGEST or len(name) > _LONGEST:
        return None
    tls = get("tlsDetails")
    read_only = get("readOnly")
    touched = get("resources")
    return Event(
        _text(get("eventID")),
        moment(_text(get("eventTime"))),
        source,
        name,
        _text(get("awsRegion")),
        _text(get("recipientAccountId")),
        identity_of(get("userIdentity")),
        _text(get("eventType")),
        _text(get("eventCategory")),
        _text(get("errorCode")),
        _text(get("sourceIPAddress")),
        _text(get("userAgent")),
        _text(get("vpcEndpointId")),
        _text(tls.get("tlsVersion")) if isinstance(tls, dict) else "",
        read_only if isinstance(read_only, bool) else None,
        _is_true(get("sessionCredentialFromConsole")),
        _mapping(get("requestParameters")),
        _mapping(get("responseElements")),
        _touched(touched) if isinstance(touched, list) else (),
    )


def identity_of(value: object) -> Identity:
    """Return who called."""
    if not isinstance(value, dict):
        return Identity("")
    get = value.get
    session = get("sessionContext")
    issuer, attributes, federated = _NOTHING, _NOTHING, _NOTHING
    if isinstance(session, dict):
        issuer = _mapping(session.get("sessionIssuer"))
        attributes = _mapping(session.get("attributes"))
        federated = _mapping(session.get("webIdFederationData"))
    return Identity(
        _text(get("type")),
        _text(get("arn")),
        _text(get("accountId")),
        _text(get("principalId")),
        _text(issuer.get("arn")),
        _text(get("invokedBy")),
        bool(attributes),
        str(attributes.get("mfaAuthenticated", "")).lower(),
        _text(attributes.get("creationDate")),
        _text(session.get("sourceIdentity")) if isinstance(session, dict) else "",
        _text(get("identityProvider")) or _text(federated.get("federatedProvider")),
    )


def moment(text: str) -> str:
    """Return a time in UTC in the form that CloudTrail writes, "" when it is none."""
    if _EXACT.fullmatch(text):
        return text
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        return ""
    if found.tzinfo is None:
        found = found.replace(tzinfo=datetime.UTC)
    try:
        return rfc3339(found)
    except OverflowError:
        return ""


def _touched(listed: list[Any]) -> tuple[Touched, ...]:
    return tuple(
        # The names as CloudTrail delivers them, and as its documentation and console write them.
        Touched(_text(each.get("ARN") or each.get("arn")), _text(each.get("accountId")), _text(each.get("type")))
        for each in listed
        if isinstance(each, dict)
    )


def _text(value: object) -> str:
    return value if type(value) is str else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else _NOTHING


def _is_true(value: object) -> bool:
    return value is True or value == "true"
