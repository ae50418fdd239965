"""The callers that can matter for a question: a finite table of shapes. A shape fixes kind and account, not the name.

An account that no policy names is represented by one; so patterns that match part of an account number make the table
incomplete, and a refutation then decides nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from assay.permissions.globs import Glob, exactly, glob
from assay.permissions.operators import OPERATORS
from assay.permissions.patterns import Pattern
from assay.permissions.policy import Policy, PrincipalType
from assay.permissions.request import FOLLOWING, PRINCIPAL_TYPES, Caller, CallerKind, Organisation
from assay.permissions.theory import ANY, Domain, Typed, representatives
from assay.permissions.typed import network

ARN, ACCOUNT, USERNAME = "aws:principalarn", "aws:principalaccount", "aws:username"
_ON_BEHALF = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")
_NETWORKS = ("aws:sourcevpc", "aws:sourcevpce", "aws:sourcevpcarn")
_IN_ACCOUNTS: Final = (CallerKind.ROLE, CallerKind.USER, CallerKind.ROOT, CallerKind.FEDERATED_USER)
_NAMES = {CallerKind.ROLE: "role", CallerKind.USER: "user", CallerKind.FEDERATED_USER: "federated-user"}


@dataclass(frozen=True, eq=False)
class Shape:
    """One kind of caller. `name`: of a service or provider. `session`: this role session and no other."""

    kind: CallerKind
    account: str = ""
    name: str = ""
    session: str = ""
    outside: bool = False
    domains: dict[str, Domain] = field(default_factory=dict)

    @property
    def arns(self) -> Glob:
        """The ARNs of its callers."""
        if self.kind is CallerKind.ROOT:
            return exactly(f"arn:aws:iam::{self.account}:root")
        if self.session:
            return exactly(f"arn:aws:iam::{self.account}:role/{self.session.split('/')[1]}")
        service = "sts" if self.kind is CallerKind.FEDERATED_USER else "iam"
        return glob(f"arn:aws:{service}::{self.account}:{_NAMES[self.kind]}/?*")

    @property
    def arns_example(self) -> str:
        """An ARN with a plain name; it need not be one of theirs."""
        return f"arn:aws:iam::{self.account}:{_NAMES.get(self.kind, 'role')}/example"

    def domain(self, key: str) -> Domain:
        """Return what values a key has for such callers."""
        known = self.domains.get(key)
        if known is not None:
            return known
        if key.startswith("aws:principaltag/") and not self.account:
            return Domain(absent=True)
        return ANY

    def caller(self, arn: str) -> Caller:
        """Return a caller of this shape with an ARN that its `arns` match."""
        if not self.account:
            return Caller(self.kind, arn=self.name)
        session = self.session
        if self.kind is CallerKind.ROLE and not session:
            session = f"arn:aws:sts::{self.account}:assumed-role/{arn.rpartition('/')[2]}/example"
        return Caller(self.kind, self.account, arn, session)


@dataclass(frozen=True)
class Table:
    """The shapes, and why they may not be all; "" when they are."""

    shapes: tuple[Shape, ...]
    incomplete: str = ""


def caller_table(
    policies: Iterable[Policy],
    organisation: Organisation | None,
    *,
    trusted: Iterable[str] = (),
    strangers: bool = False,
) -> Table:
    """Return the shapes for these policies. `strangers`: only callers outside the organisation and trusted accounts."""
    survey = _Survey(policies)
    inside = set(trusted) | (set(organisation.paths) | {organisation.management} if organisation else set())
    if not (survey.concerned or strangers):
        fresh = survey.fresh(inside)
        return Table((_finished(Shape(CallerKind.ROLE, fresh), fresh, inside, organisation, survey),))
    fresh = survey.fresh(inside)
    accounts = [fresh, *sorted((survey.accounts | inside) - {"", fresh})]
    shapes = [
        _in_account(kind, each, fresh, inside, organisation, survey) for each in accounts for kind in _IN_ACCOUNTS
    ]
    if not survey.names_principals:
        return Table(tuple(each for each in shapes if each.outside or not strangers), survey.incomplete)
    shapes += [
        _finished(Shape(CallerKind.ROLE, each.split(":")[4], session=each), fresh, inside, organisation, survey)
        for each in sorted(survey.sessions)
    ]
    anonymous = Shape(CallerKind.ANONYMOUS, outside=True, domains=_without_account(CallerKind.ANONYMOUS, survey, ""))
    shapes.append(anonymous)
    for kind, names in ((CallerKind.SERVICE, survey.services), (CallerKind.PROVIDER, survey.providers)):
        shapes += [Shape(kind, name=name, domains=_without_account(kind, survey, name)) for name in sorted(names)]
    kept = [each for each in shapes if each.outside] if strangers else shapes
    return Table(tuple(kept), survey.incomplete)


def _in_account(
    kind: CallerKind,
    account: str,
    fresh: str,
    inside: set[str],
    organisation: Organisation | None,
    survey: "_Survey",
) -> Shape:
    return _finished(Shape(kind, account), fresh, inside, organisation, survey)


def _finished(
    shape: Shape, fresh: str, inside: set[str], organisation: Organisation | None, survey: "_Survey"
) -> Shape:
    """Return the shape with the domains of the keys that follow from it."""
    outside = shape.account not in inside and (bool(inside) or shape.account == fresh)
    domains = {
        ARN: Domain(required=(shape.arns,), sent=True, hints=(shape.arns_example,)),
        ACCOUNT: Domain(choices=(shape.account,), sent=True),
        "aws:principaltype": Domain(choices=(PRINCIPAL_TYPES[shape.kind],), sent=True),
        "aws:principalisawsservice": Domain(choices=("false",), sent=True),
        "aws:principalservicename": Domain(absent=True),
    }
    if shape.kind is not CallerKind.USER:
        domains[USERNAME] = Domain(absent=True)
    if organisation and shape.account in organisation:
        path = organisation.paths.get(shape.account)
        domains["aws:principalorgid"] = Domain(choices=(organisation.id,), sent=True)
        domains["aws:principalorgpaths"] = (
            Domain(choices=(path,), sent=True) if path else Domain(required=(glob(f"{organisation.id}/*"),))
        )
    elif outside:
        domains |= survey.strange(organisation)
    return Shape(shape.kind, shape.account, shape.name, shape.session, outside, domains)


def _without_account(kind: CallerKind, survey: "_Survey", name: str) -> dict[str, Domain]:
    absent = Domain(absent=True)
    domains = dict.fromkeys(FOLLOWING, absent)
    service = kind is CallerKind.SERVICE
    domains["aws:principalisawsservice"] = Domain(choices=("true" if service else "false",), sent=True)
    domains["aws:principalservicename"] = Domain(choices=(name,), sent=True) if service else absent
    if kind in PRINCIPAL_TYPES:
        domains["aws:principaltype"] = Domain(choices=(PRINCIPAL_TYPES[kind],), sent=True)
    else:
        del domains["aws:principaltype"]
    return domains | (survey.strange(None) if kind is CallerKind.ANONYMOUS else {})


class _Survey:
    """The accounts, sessions, services and providers that policies mention."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        self.accounts: set[str] = set()
        self.sessions: set[str] = set()
        self.services: set[str] = set()
        self.providers: set[str] = set()
        self.values: dict[str, list[Pattern]] = {}
        self.concerned = False
        self.names_principals = False
        self.incomplete = ""
        for policy in policies:
            for statement in policy.statements:
                for name in statement.principals or ():
                    self._principal(name.type, name.name)
                self.names_principals |= statement.principals is not None
                for condition in statement.conditions:
                    self._key(condition.key, condition.values)
                self.concerned |= any(
                    each.key in FOLLOWING for value in statement.resources for each in value.variables
                )
        self.concerned |= self.names_principals
        if self.concerned:
            self.services.add("example.amazonaws.com")
            self.providers.add("provider.example.com")

    def _principal(self, kind: PrincipalType, name: str) -> None:
        if kind is PrincipalType.AWS:
            self.accounts |= set(re.findall(r"\d{12}", name)[:1])
            if ":assumed-role/" in name:
                self.sessions.add(name)
        elif kind is PrincipalType.SERVICE and name != "*":
            self.services.add(name)
        elif kind is PrincipalType.FEDERATED and name != "*":
            self.providers.add(name)

    def _key(self, key: str, values: Sequence[Pattern]) -> None:
        self.values.setdefault(key, []).extend(values)
        variables = {each.key for value in values for each in value.variables}
        self.concerned |= bool(({key} | variables) & FOLLOWING) or key == "aws:principalservicename"
        if key not in (ARN, ACCOUNT):
            return
        for value in values:
            field_text = value.text if key == ACCOUNT else (value.text.split(":") + [""] * 5)[4]
            self.accounts |= set(re.findall(r"\d{12}", field_text))
            digits_alone = any(re.fullmatch(r"[\d:]*\d[\d:]*", each) for each in re.split(r"[*?]+", value.text))
            partial = re.search(r"[*?]", field_text) and field_text.strip("*?")
            if re.search(r"[*?]", value.text) and (partial or digits_alone):
                self.incomplete = f"{value.text!r} matches part of an account number"

    def fresh(self, inside: Iterable[str]) -> str:
        """Return an account that nobody mentions."""
        taken = self.accounts | set(inside)
        return next(
            each for each in (f"9{number:011}" for number in range(88_887_777, 99_999_999)) if each not in taken
        )

    def strange(self, organisation: Organisation | None) -> dict[str, Domain]:
        """Return what the keys of a stranger hold: not the organisations nor networks that the policies name.

        Source account and ARN are sent by services only.
        """
        domains = dict.fromkeys(_ON_BEHALF, Domain(absent=True))
        for key in ("aws:principalorgid", "aws:principalorgpaths", *_NETWORKS):
            named = [each.glob for each in self.values.get(key, ()) if not each.text.startswith(("*", "?", "${"))]
            if key == "aws:principalorgid" and organisation:
                named = [exactly(organisation.id)]
            domains[key] = Domain(avoided=tuple(named))
        return domains | self._far_addresses()

    def _far_addresses(self) -> dict[str, Domain]:
        """Return the addresses of a stranger: none in a range that the policies name, unless it is a large one.

        What counts as large is what Amazon S3 counts as public: IPv4 wider than /8, IPv6 wider than /32.
        """
        key = "aws:sourceip"
        stated = [each.text for each in self.values.get(key, ())]
        networks = [found for each in stated if (found := network(each)) is not None]
        if not networks:
            return {}
        narrow = [each for each in networks if each.prefixlen >= (8 if each.version == 4 else 32)]
        table = representatives(Typed(OPERATORS["ipaddress"], each) for each in stated)
        far = [each for each in table if not any(ip_address(each) in near for near in narrow)]
        return {key: Domain(choices=tuple(far))}
