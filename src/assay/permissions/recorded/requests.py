"""The request that an event records. A key that the event does not say is unknown, never absent.

Sources: IAM user guide, "AWS global condition context keys" (which says of each key when it is in a request) and
CloudTrail user guide, "CloudTrail userIdentity element", "Record contents".
"""

import ipaddress
import re
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Final

from assay.permissions.recorded.actions import action_of
from assay.permissions.recorded.passing import PASS_ROLE, passed_roles
from assay.permissions.recorded.resources import Asked, partition_of, resource_of
from assay.permissions.recorded.tags import REQUEST_TAG, TAG_KEYS, Tags, is_tagged, request_tags
from assay.permissions.request import Caller, CallerKind, Organisation, Request, Values
from assay.sources.cloudtrail import Event, Identity

ASSUMPTIONS: Final = (
    "an operation asks for the action of its name, but for a dated table, and for iam:PassRole by another; what it "
    "needs besides (the source of a copy, a key) is not asked about",
    "the resources that an event lists are those that it asked for",
    "a session whose event says mfaAuthenticated: false has the key aws:MultiFactorAuthPresent, as false",
)


@dataclass(frozen=True)
class RecordedRequest(Request):
    """A request of which an event is the record.

    hidden  Keys that the caller would give and the event does not.
    tags    All tags that it asks to set, None when that is not known.
    """

    hidden: frozenset[str] = field(default=frozenset())
    tags: Tags | None = None

    @cached_property
    def known(self) -> Mapping[str, Values]:
        """What follows from caller, resource and organisation, as far as it was recorded."""
        found = super().known
        return MappingProxyType({key: each for key, each in found.items() if key not in self.hidden})

    def values(self, key: str) -> Values | None:
        """Return the values of a key: of tags that it does not ask to set, none."""
        if self.tags is None or not key.startswith((REQUEST_TAG, TAG_KEYS)):
            return super().values(key)
        if key == TAG_KEYS:
            return tuple(name for name, _ in self.tags)
        return tuple(value for name, value in self.tags if f"{REQUEST_TAG}{name.lower()}" == key and value)


_ACCOUNT = re.compile(r"[0-9]{12}")
_ROLE_KEYS: Final = frozenset({"aws:principalarn"})
_WHO_KEYS: Final = frozenset({"aws:principalarn", "aws:username", "aws:principaltype"})
_NOT_CALLS: Final = {
    "AwsServiceEvent": "an event of a service, no request",
    "AwsConsoleSignIn": "a sign-in, no request",
    "AwsConsoleAction": "an action in the console that calls no API",
    "AwsVpceEvent": "a copy that a VPC endpoint recorded",
    "AwsCloudTrailInsight": "a finding of CloudTrail Insights",
}


def no_request(event: Event) -> str:
    """Return why an event records no request that IAM decided, "" when it does."""
    if event.category == "Insight":
        return _NOT_CALLS["AwsCloudTrailInsight"]
    if event.source.startswith("signin."):
        return _NOT_CALLS["AwsConsoleSignIn"]
    return _NOT_CALLS.get(event.kind, "")


def request_of(event: Event, organisation: Organisation | None) -> RecordedRequest | None:
    """Return the request that an event records, None when it does not say who called."""
    who = caller_of(event.identity, partition_of(event.region))
    if who is None:
        return None
    caller, hidden = who
    action = action_of(event)
    asked: Asked = resource_of(event, action)
    return RecordedRequest(
        caller,
        action,
        asked.arn,
        MappingProxyType(context_of_event(event, caller, action)),
        asked.account,
        organisation,
        asked.pattern,
        hidden,
        request_tags(event, action),
    )


def also_asked(event: Event, request: RecordedRequest) -> tuple[RecordedRequest, ...]:
    """Return what an operation asks for beside its own action: to pass each role that it hands to a service."""
    return tuple(
        replace(
            request,
            action=PASS_ROLE,
            resource=role.arn,
            resource_account="",
            resource_is_pattern=role.pattern,
            context=MappingProxyType(
                context_of_event(event, request.caller, PASS_ROLE) | {"iam:passedtoservice": (service,)}
            ),
            tags=None,
        )
        for role, service in passed_roles(event, request.action)
    )


# -- caller ------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=65_536)
def caller_of(identity: Identity, partition: str) -> tuple[Caller, frozenset[str]] | None:
    """Return who called, with the keys of a caller that are not recorded; None when nobody can tell."""
    account = identity.account or _account_in(identity.arn)
    match identity.type:
        case "AWSService":
            name = identity.invoked_by or identity.principal
            return (Caller(CallerKind.SERVICE, arn=name), frozenset()) if name else None
        case "SAMLUser" | "WebIdentityUser":
            return Caller(CallerKind.PROVIDER, arn=identity.provider), frozenset()
        case "AWSAccount" if not _ACCOUNT.fullmatch(account):
            nobody = "anonymous" in (account.lower(), identity.principal.lower()) or account == "ANONYMOUS_PRINCIPAL"
            return (Caller(CallerKind.ANONYMOUS), frozenset()) if nobody else None
    if not _ACCOUNT.fullmatch(account):
        return None
    return _of_account(identity, account, partition)


def _of_account(identity: Identity, account: str, partition: str) -> tuple[Caller, frozenset[str]] | None:
    match identity.type:
        case "Root":
            return Caller(CallerKind.ROOT, account, f"arn:{partition}:iam::{account}:root"), frozenset()
        case "IAMUser" if ":user/" in identity.arn:
            return Caller(CallerKind.USER, account, identity.arn), frozenset()
        case "FederatedUser" if ":federated-user/" in identity.arn:
            return Caller(CallerKind.FEDERATED_USER, account, identity.arn), frozenset()
        case "Role" if ":role/" in identity.arn:
            return Caller(CallerKind.ROLE, account, identity.arn), frozenset()
        case "AssumedRole" if ":role/" in identity.issuer:
            return Caller(CallerKind.ROLE, account, identity.issuer, identity.arn), frozenset()
        case "AssumedRole" if ":assumed-role/" in identity.arn:
            # The ARN of a session does not have the path of its role.
            name = identity.arn.rpartition(":assumed-role/")[2].partition("/")[0]
            role = f"arn:{partition}:iam::{account}:role/{name}"
            return Caller(CallerKind.ROLE, account, role, identity.arn), _ROLE_KEYS
        case "AWSAccount":
            # The trail of the resource's account: which principal of the other account called is not in it.
            return Caller(CallerKind.ROLE, account), _WHO_KEYS
    return None


def _account_in(arn: str) -> str:
    fields = arn.split(":")
    return fields[4] if len(fields) > 5 else ""


# -- context -----------------------------------------------------------------------------------------------------------

_SERVICE_ONLY: Final = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")
_CALLED: Final = ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast")
_WITHOUT_SESSION: Final = ("aws:multifactorauthpresent", "aws:multifactorauthage", "aws:tokenissuetime")

# Keys of services: actions, the key, the parameter that is its value; without the parameter the key is absent.
_BOUNDARIES: Final = ("CreateUser", "CreateRole", "PutUserPermissionsBoundary", "PutRolePermissionsBoundary")
_ATTACHMENTS: Final = tuple(
    f"{verb}{kind}Policy" for verb in ("Attach", "Detach") for kind in ("User", "Role", "Group")
)
_ACLS: Final = ("PutObject", "PutObjectAcl", "PutBucketAcl", "CreateBucket")
_ROWS: Final = (
    ("iam", _BOUNDARIES, "iam:permissionsboundary", "permissionsBoundary"),
    ("iam", _ATTACHMENTS, "iam:policyarn", "policyArn"),
    ("iam", ("CreateServiceLinkedRole",), "iam:awsservicename", "aWSServiceName"),
    ("sts", ("AssumeRole",), "sts:externalid", "externalId"),
    ("sts", ("AssumeRole",), "sts:rolesessionname", "roleSessionName"),
    ("s3", _ACLS, "s3:x-amz-acl", "x-amz-acl"),
)
_PARAMETERS: Final[Mapping[tuple[str, str], str]] = MappingProxyType(
    {(f"{prefix}:{action}", key): name for prefix, actions, key, name in _ROWS for action in actions}
)
_KEYS: Final = tuple(dict.fromkeys(key for _, _, key, _ in _ROWS))


def context_of_event(event: Event, caller: Caller, action: str) -> dict[str, Values]:
    """Return the context keys, in lower case, that an event determines."""
    found: dict[str, Values] = {
        **_network(event),
        **_forwarding(event.identity, caller),
        **_session(event.identity, caller),
    }
    if event.region:
        found["aws:requestedregion"] = (event.region,)
        if action.startswith("ec2:"):
            found["ec2:region"] = (event.region,)
    if event.time:
        found["aws:currenttime"] = (event.time,)
    if event.agent and not _is_service(event.agent):
        found["aws:useragent"] = (event.agent.removeprefix("[").removesuffix("]"),)
    if event.tls:
        found["aws:securetransport"] = ("true",)
        version = event.tls.removeprefix("TLSv")
        if action.startswith("s3:") and version != event.tls:
            found["s3:tlsversion"] = (version,)
    for key in _KEYS:
        name = _PARAMETERS.get((action, key))
        value = event.request.get(name) if name else False
        if value is None or isinstance(value, str):
            found[key] = (value,) if value else ()
    return found


def traces(action: str, key: str) -> tuple[Callable[[Event], Hashable], ...]:
    """Return what of an event decides the value of a key, besides who called in general and in which region."""
    name = _PARAMETERS.get((action, key))
    if name:
        return (lambda event: _parameter(event, name),)
    if is_tagged(action) and key.startswith((REQUEST_TAG, TAG_KEYS)):
        return (lambda event: request_tags(event, action),)
    return _TRACES.get(key, ())


def _parameter(event: Event, name: str) -> Hashable:
    value = event.request.get(name)
    return value if value is None or isinstance(value, str) else False


_FROM_WHERE: Final = (lambda event: event.ip, lambda event: event.endpoint)
_TRACES: Final[Mapping[str, tuple[Callable[[Event], Hashable], ...]]] = MappingProxyType(
    {
        **dict.fromkeys(("aws:sourceip", "aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip"), _FROM_WHERE),
        **dict.fromkeys(("aws:useragent",), (lambda event: event.agent,)),
        **dict.fromkeys(("aws:currenttime", "aws:epochtime"), (lambda event: event.time,)),
        **dict.fromkeys(("aws:securetransport", "s3:tlsversion"), (lambda event: event.tls,)),
        **dict.fromkeys(
            ("aws:userid", "aws:tokenissuetime", "aws:sourceidentity", "aws:federatedprovider"),
            (lambda event: event.identity,),
        ),
    }
)


def _network(event: Event) -> dict[str, Values]:
    if event.endpoint:
        inside: dict[str, Values] = {"aws:sourcevpce": (event.endpoint,), "aws:sourceip": ()}
        return inside | ({"aws:vpcsourceip": (event.ip,)} if _address(event.ip) else {})
    address = _address(event.ip)
    if address is None:
        return {}  # the name of a service: from where the request that it forwards came is not recorded
    found: dict[str, Values] = {"aws:sourceip": (event.ip,)}
    if address.is_global:
        found |= dict.fromkeys(("aws:sourcevpce", "aws:sourcevpc", "aws:vpcsourceip"), ())
    return found


@lru_cache(maxsize=65_536)
def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _forwarding(identity: Identity, caller: Caller) -> dict[str, Values]:
    """A role that a service uses and a request that it forwards look alike; that a user calls through it is certain."""
    if caller.kind is CallerKind.SERVICE:
        return {"aws:viaawsservice": ("false",)}
    if not identity.invoked_by:
        return {"aws:viaawsservice": ("false",), **dict.fromkeys((*_CALLED, *_SERVICE_ONLY), ())}
    direct = caller.kind in (CallerKind.ROOT, CallerKind.USER, CallerKind.FEDERATED_USER)
    return {"aws:viaawsservice": ("true",)} if direct else {}


def _session(identity: Identity, caller: Caller) -> dict[str, Values]:
    found: dict[str, Values] = {}
    if identity.principal and caller.kind in (CallerKind.ROOT, CallerKind.USER, CallerKind.ROLE):
        found["aws:userid"] = (identity.principal,)
    if identity.session:
        if identity.mfa in ("true", "false"):
            found["aws:multifactorauthpresent"] = (identity.mfa,)
        if identity.created:
            found["aws:tokenissuetime"] = (identity.created,)
    elif caller.kind is CallerKind.USER:
        found |= dict.fromkeys((*_WITHOUT_SESSION, "aws:sourceidentity", "aws:federatedprovider"), ())
    if identity.source:
        found["aws:sourceidentity"] = (identity.source,)
    if identity.provider:
        found["aws:federatedprovider"] = (identity.provider,)
    return found


def _is_service(text: str) -> bool:
    return text.endswith((".amazonaws.com", ".amazonaws.com.cn")) or text.startswith("AWS Internal")
