"""One request: who calls what, on which resource, with which context; and what follows for the keys of the caller.

Source: IAM user guide, "AWS global condition context keys", "Variables and tags", "Principal key values".
"""

import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final

from assay.errors import UsageError

Values = tuple[str, ...]
"""The values of a context key; () when it is absent."""


class CallerKind(enum.StrEnum):
    """What kind of principal calls."""

    ANONYMOUS = "anonymous"
    ROOT = "root user"
    USER = "user"
    ROLE = "role session"
    FEDERATED_USER = "federated user"
    PROVIDER = "identity of a provider"
    SERVICE = "service"


@dataclass(frozen=True, slots=True)
class Caller:
    """The principal of a request.

    account  Twelve digits; "" for those that have none: anonymous, services, identities of providers.
    arn      ARN of the user, role, root or federated user; name of the service or provider; "" for anonymous.
    session  ARN of the role session, "" when not known or no role.
    """

    kind: CallerKind
    account: str = ""
    arn: str = ""
    session: str = ""

    @property
    def service_linked(self) -> bool:
        """Whether this is a service-linked role, which no SCP or RCP binds."""
        return self.kind is CallerKind.ROLE and ":role/aws-service-role/" in self.arn

    def __str__(self) -> str:
        return self.session or self.arn or "anonymous"


@dataclass(frozen=True)
class Organisation:
    """Facts about the organisation. `paths`: account → its path, "o-x/r-x/ou-x/"."""

    id: str
    management: str = ""
    paths: Mapping[str, str] = field(default_factory=dict)

    def __contains__(self, account: str) -> bool:
        return account in self.paths or (bool(account) and account == self.management)


@dataclass(frozen=True)
class Request:
    """One request. Keys of `context` are in lower case; a key that is missing from it is unknown, () is absent.

    resource_account  Twelve digits; "" when not known.
    resource_is_pattern  Which resource it is is not known: one of those that `resource`, with IAM's wildcards, matches.
    """

    caller: Caller
    action: str
    resource: str
    context: Mapping[str, Values] = field(default_factory=dict)
    resource_account: str = ""
    organisation: Organisation | None = None
    resource_is_pattern: bool = False

    @cached_property
    def owner(self) -> str:
        """Account of the resource, "" when neither stated nor in its ARN."""
        fields = self.resource.split(":")
        named = fields[4] if len(fields) > 5 and re.fullmatch(r"\d{12}", fields[4]) else ""
        return self.resource_account or named

    @cached_property
    def known(self) -> Mapping[str, Values]:
        """What follows from caller, resource and organisation, before what the context says."""
        return MappingProxyType(caller_keys(self.caller, self.organisation) | self._resource_keys())

    def _resource_keys(self) -> dict[str, Values]:
        keys: dict[str, Values] = {}
        if self.owner:
            keys["aws:resourceaccount"] = (self.owner,)
            if self.organisation and self.owner in self.organisation:
                keys["aws:resourceorgid"] = (self.organisation.id,)
        return keys

    def values(self, key: str) -> Values | None:
        """Return the values of a key, () when it is absent, None when it is unknown. Empty text is no value."""
        found = self.known.get(key)
        if found is None and key.startswith("aws:principaltag/") and self.caller.kind in _UNTAGGED:
            found = ()
        if found is None:
            found = self.context.get(key)
        return None if found is None else tuple(each for each in found if each)


_UNTAGGED: Final = (CallerKind.ANONYMOUS, CallerKind.SERVICE, CallerKind.PROVIDER)
PRINCIPAL_TYPES: Final[Mapping[CallerKind, str]] = MappingProxyType(
    {
        CallerKind.ANONYMOUS: "Anonymous",
        CallerKind.ROOT: "Account",
        CallerKind.USER: "User",
        CallerKind.ROLE: "AssumedRole",
        CallerKind.FEDERATED_USER: "FederatedUser",
    }
)


def caller_keys(caller: Caller, organisation: Organisation | None) -> dict[str, Values]:
    """Return the keys whose values follow from who calls, in lower case; a key that does not follow is missing."""
    service = caller.kind is CallerKind.SERVICE
    keys: dict[str, Values] = {"aws:principalisawsservice": ("true" if service else "false",)}
    if caller.kind in PRINCIPAL_TYPES:
        keys["aws:principaltype"] = (PRINCIPAL_TYPES[caller.kind],)
    if not caller.account:
        keys |= dict.fromkeys(_OF_ACCOUNTS, ())
        keys["aws:principalservicename"] = (caller.arn,) if service else ()
        return keys
    keys["aws:principalaccount"] = (caller.account,)
    keys["aws:principalarn"] = (caller.arn,)
    keys["aws:principalservicename"] = ()
    keys["aws:username"] = (caller.arn.rpartition("/")[2],) if caller.kind is CallerKind.USER else ()
    if organisation and caller.account in organisation:
        keys["aws:principalorgid"] = (organisation.id,)
        path = organisation.paths.get(caller.account)
        if path:
            keys["aws:principalorgpaths"] = (path,)
    return keys


_OF_ACCOUNTS: Final = (
    *("aws:principalaccount", "aws:principalarn", "aws:principalorgid", "aws:principalorgpaths", "aws:username"),
)
FOLLOWING: Final = frozenset((*_OF_ACCOUNTS, "aws:principalisawsservice", "aws:principaltype"))
"""Keys that follow from the caller."""

_ARN = re.compile(r"arn:(aws[a-z-]*):(iam|sts)::(\d{12}):(root|(?:user|role|assumed-role|federated-user)/.+)")


def read_caller(text: str, role: str = "") -> Caller:
    """Return the caller that a text names: an ARN, a service, a provider, or "anonymous". Raises UsageError.

    role  ARN of the role of a session, needed only where the role has a path.
    """
    if text in ("anonymous", "*"):
        return Caller(CallerKind.ANONYMOUS)
    match = _ARN.fullmatch(text)
    if match:
        return _of_account(match, text, role)
    if re.fullmatch(r"[a-z0-9.-]+\.amazonaws\.com(\.cn)?", text):
        return Caller(CallerKind.SERVICE, arn=text)
    if re.fullmatch(r"arn:aws[a-z-]*:iam::\d{12}:(oidc|saml)-provider/.+|[a-z0-9.-]+\.[a-z]+", text):
        return Caller(CallerKind.PROVIDER, arn=text)
    raise UsageError(f"principal {text!r}: expected an ARN of a user, role, session or root, a service, or anonymous")


def _of_account(match: re.Match[str], text: str, role: str) -> Caller:
    partition, _, account, rest = match.groups()
    kind, _, name = rest.partition("/")
    if kind == "root":
        return Caller(CallerKind.ROOT, account, text)
    if kind == "user":
        return Caller(CallerKind.USER, account, text)
    if kind == "role":
        return Caller(CallerKind.ROLE, account, text)
    if kind == "federated-user":
        return Caller(CallerKind.FEDERATED_USER, account, text)
    arn = role or f"arn:{partition}:iam::{account}:role/{name.partition('/')[0]}"
    return Caller(CallerKind.ROLE, account, arn, text)


def context_of(pairs: Iterable[tuple[str, Values]]) -> Mapping[str, Values]:
    """Return a context with its keys in lower case."""
    return MappingProxyType({key.lower(): values for key, values in pairs})
