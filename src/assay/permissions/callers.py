"""The callers that can matter for a question: a finite table of shapes. A shape fixes kind and account, not the name.

An account that no policy names is represented by one; so patterns that match part of an account number make the table
incomplete, and a refutation then decides nothing.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
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
    """One kind of caller. `name`: of a service or provider. `session`: of a role, which has a path when `pathed`."""

    kind: CallerKind
    account: str = ""
    name: str = ""
    session: str = ""
    outside: bool = False
    domains: dict[str, Domain] = field(default_factory=dict)
    pathed: bool = False
    partition: str = "aws"

    @property
    def stem(self) -> str:
        """What the ARNs of its callers begin with, up to the name."""
        service = "sts" if self.kind is CallerKind.FEDERATED_USER else "iam"
        return f"arn:{self.partition}:{service}::{self.account}:{_NAMES.get(self.kind, 'root')}"

    @property
    def arns(self) -> Glob:
        """The ARNs of its callers."""
        if self.kind is CallerKind.ROOT:
            return exactly(self.stem)
        if self.session:
            name = self.session.split("/")[1]
            return glob(f"{self.stem}/*/{name}") if self.pathed else exactly(f"{self.stem}/{name}")
        return glob(f"{self.stem}/?*")

    @property
    def arns_example(self) -> str:
        """An ARN with a plain name; it need not be one of theirs."""
        return f"{self.stem}/example"

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
            session = f"arn:{self.partition}:sts::{self.account}:assumed-role/{arn.rpartition('/')[2]}/example"
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
    world = _World(survey, frozenset(inside), organisation, strangers, survey.fresh(inside))
    if not (survey.concerned or strangers):
        return Table((world.in_account(CallerKind.ROLE, world.fresh),))
    accounts = [world.fresh, *sorted((survey.accounts | inside) - {"", world.fresh})]
    shapes = [world.in_account(kind, each) for each in accounts for kind in _IN_ACCOUNTS]
    if survey.names_principals:
        shapes += [shape for each in sorted(survey.sessions) for shape in world.of_session(each)]
        shapes.append(world.without_account(CallerKind.ANONYMOUS, ""))
        shapes += [world.without_account(CallerKind.SERVICE, each) for each in sorted(survey.services)]
        shapes += [world.without_account(CallerKind.PROVIDER, each) for each in sorted(survey.providers)]
    kept = [each for each in shapes if each.outside] if strangers else shapes
    return Table(tuple(kept), survey.incomplete)


@dataclass(frozen=True)
class _World:
    """What is known about accounts: who is inside, and whether only strangers are asked about.

    fresh  An account that nobody mentions; it stands for all of them.
    """

    survey: "_Survey"
    inside: frozenset[str]
    organisation: Organisation | None
    strangers: bool
    fresh: str

    def in_account(self, kind: CallerKind, account: str, session: str = "", *, pathed: bool = False) -> Shape:
        """Return a shape with the domains of the keys that follow from it."""
        outside = account not in self.inside and (bool(self.inside) or account == self.fresh)
        shape = Shape(kind, account, "", session, outside, pathed=pathed, partition=self.survey.partition)
        domains = {
            ARN: Domain(required=(shape.arns,), sent=True, hints=(shape.arns_example,)),
            ACCOUNT: Domain(choices=(account,), sent=True),
            "aws:principaltype": Domain(choices=(PRINCIPAL_TYPES[kind],), sent=True),
            "aws:principalisawsservice": Domain(choices=("false",), sent=True),
            "aws:principalservicename": Domain(absent=True),
            USERNAME: Domain(sent=True) if kind is CallerKind.USER else Domain(absent=True),
        }
        domains |= self._organisational(account, outside=outside)
        return replace(shape, domains=domains)

    def _organisational(self, account: str, *, outside: bool) -> dict[str, Domain]:
        known = self.organisation
        if known and account in known:
            path = known.paths.get(account)
            paths = Domain(choices=(path,), sent=True) if path else Domain(required=(glob(f"{known.id}/*"),))
            return {"aws:principalorgid": Domain(choices=(known.id,), sent=True), "aws:principalorgpaths": paths}
        if self.strangers and outside:
            return self.survey.strange(known)
        return {"aws:principalorgid": Domain(avoided=(exactly(known.id),))} if known and outside else {}

    def of_session(self, session: str) -> tuple[Shape, Shape]:
        """Return the shapes of one role session: its ARN does not tell whether the role has a path."""
        account = session.split(":")[4]
        plain = self.in_account(CallerKind.ROLE, account, session)
        return plain, self.in_account(CallerKind.ROLE, account, session, pathed=True)

    def without_account(self, kind: CallerKind, name: str) -> Shape:
        """Return the shape of anonymous callers, of one service, or of the identities of one provider."""
        absent = Domain(absent=True)
        domains = dict.fromkeys(FOLLOWING, absent)
        service, anonymous = kind is CallerKind.SERVICE, kind is CallerKind.ANONYMOUS
        domains["aws:principalisawsservice"] = Domain(choices=("true" if service else "false",), sent=True)
        domains["aws:principalservicename"] = Domain(choices=(name,), sent=True) if service else absent
        if kind in PRINCIPAL_TYPES:
            domains["aws:principaltype"] = Domain(choices=(PRINCIPAL_TYPES[kind],), sent=True)
        else:
            others = tuple(exactly(each) for each in PRINCIPAL_TYPES.values())
            domains["aws:principaltype"] = Domain(avoided=others)
        if anonymous and self.strangers:
            domains = self.survey.strange(None) | domains
        return Shape(kind, name=name, outside=anonymous, domains=domains)


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
        self.partition = "aws"
        self.arns_seen = False
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

    def _arn(self, text: str) -> None:
        """Take over the partition that ARNs of principals name. Accounts of two partitions never meet."""
        match = re.match(r"arn:(aws[a-z-]*):", text)
        if match and match[1] != self.partition:
            if self.partition != "aws" or self.arns_seen:
                self.incomplete = "the policies name principals of two partitions"
            self.partition = match[1]
        self.arns_seen |= match is not None

    def _principal(self, kind: PrincipalType, name: str) -> None:
        if kind is PrincipalType.AWS:
            self._arn(name)
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
            self._arn(value.text)
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
