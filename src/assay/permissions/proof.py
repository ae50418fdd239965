"""Invariants over an organisation: for each, in which accounts the guardrails prove it, and where a request gets by.

Accounts with the same guardrails at every level are one group and are asked about once, by one of them; an account that
a guardrail names is a group of its own.
"""

import enum
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from assay.permissions.guardrails import Guardrails
from assay.permissions.invariants import Invariant, Way, conditions, exempting
from assay.permissions.policy import Kind, Policy, Statement
from assay.permissions.questions import Asked
from assay.permissions.readable import readable
from assay.permissions.request import Organisation
from assay.permissions.solve import Found, Query, search

_SERVICE: Final = "aws:principalisawsservice"


class Verdict(enum.StrEnum):
    """What came of one invariant."""

    PROVED = "proved"
    FALLS = "falls"
    VACUOUS = "forbids too much"
    UNDETERMINED = "undetermined"
    NOT_ABOUT = "not about it"


WORST_FIRST: Final = (Verdict.FALLS, Verdict.VACUOUS, Verdict.UNDETERMINED, Verdict.PROVED, Verdict.NOT_ABOUT)


@dataclass(frozen=True)
class Group:
    """Accounts with the same guardrails at every level. The first one stands for all."""

    accounts: tuple[str, ...]
    levels: tuple[tuple[Policy, ...], ...]


@dataclass(frozen=True)
class Walked:
    """One way to do harm with the answer for each of its steps, up to the first that nobody can take."""

    way: Way
    asked: tuple[Asked, ...]

    @property
    def found(self) -> Found:
        """Whether it can be gone: every step is possible. One step that is not closes it."""
        answers = {each.answer.found for each in self.asked}
        if Found.NONE in answers:
            return Found.NONE
        return Found.UNDETERMINED if Found.UNDETERMINED in answers else Found.YES


@dataclass(frozen=True)
class GroupProof:
    """One invariant in one group: the answers about its ways and about what must still be possible."""

    group: Group
    ways: tuple[Walked, ...]
    still: tuple[Asked, ...]
    verdict: Verdict
    why: str = ""

    @property
    def never(self) -> tuple[Asked, ...]:
        """The answers about every step."""
        return tuple(each for walked in self.ways for each in walked.asked)


@dataclass(frozen=True)
class Proof:
    """One invariant in all groups. `gaps`: what could not be read and might change a request that gets through."""

    invariant: Invariant
    groups: tuple[GroupProof, ...]
    gaps: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of all groups; without an account nothing is proved."""
        found = {each.verdict for each in self.groups}
        return next((each for each in WORST_FIRST if each in found), Verdict.UNDETERMINED)


def prove(
    invariants: Sequence[Invariant],
    guardrails: Guardrails,
    organisation: Organisation,
    units: Mapping[str, str],
    exempt: Sequence[str] = (),
    roles: Sequence[str] = (),
) -> tuple[Proof, ...]:
    """Return what the guardrails prove of the invariants that are about them; the others are about policies.

    units   account → path of its organisational unit, member accounts only: guardrails bind no other.
    exempt  Patterns of ARNs of principals whom no invariant is about.
    roles   ARNs of roles that there are: who is named in an example, where it may be one of them.
    """
    groups = {kind: tuple(groups_of(guardrails, kind, units)) for kind in (Kind.SCP, Kind.RCP)}
    asking = Asking(guardrails, organisation, frozenset(units), tuple(exempt), tuple(roles))
    return tuple(
        Proof(
            each, tuple(asking.in_group(each, group) for group in groups[each.kind]), guardrails.gaps[each.kind]
        )
        for each in invariants
        if each.kind is not None
    )  # fmt: skip


def groups_of(guardrails: Guardrails, kind: Kind, units: Mapping[str, str]) -> Iterator[Group]:
    """Yield the accounts by what binds them."""
    named = named_accounts(guardrails, kind)
    found: dict[tuple[object, str], list[str]] = {}
    levels: dict[tuple[object, str], tuple[tuple[Policy, ...], ...]] = {}
    for account, unit in sorted(units.items()):
        mine = telling(guardrails.levels(kind, account, unit))
        ids = tuple(tuple(id(each) for each in level) for level in mine)
        key = (ids, account if account in named else "")
        found.setdefault(key, []).append(account)
        levels[key] = mine
    for same, accounts in found.items():
        yield Group(tuple(accounts), levels[same])


def telling(levels: tuple[tuple[Policy, ...], ...]) -> tuple[tuple[Policy, ...], ...]:
    """Return the levels that have more than what AWS attaches to all: the others allow everything."""
    return tuple(each for each in levels if len(each) > 1) or levels[:1]


def named_accounts(guardrails: Guardrails, kind: Kind) -> set[str]:
    """Return the accounts that guardrails name, with which they may do something of their own."""
    texts = (str(each.policy.source) for each in guardrails.found if each.policy.kind is kind)
    return {account for text in texts for account in re.findall(r"\d{12}", text)}


@dataclass(frozen=True)
class Asking:
    """What every question about guardrails rests on."""

    guardrails: Guardrails
    organisation: Organisation
    accounts: frozenset[str]
    exempt: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

    def in_group(self, invariant: Invariant, group: Group) -> GroupProof:
        """Return what the guardrails of a group prove."""
        if invariant.missing:
            return GroupProof(group, (), (), Verdict.UNDETERMINED, unsaid(invariant))
        if invariant.void and not invariant.ways:
            return GroupProof(group, (), (), Verdict.NOT_ABOUT, about_nothing(invariant))
        ways = tuple(self._walk(invariant, group, each) for each in invariant.ways)
        members = replace(self.organisation, paths={group.accounts[0]: ""})
        still = tuple(
            asked(
                "what must still be possible",
                Query(group.levels, such=(_still(each, group.accounts[0]),), organisation=members),
            )
            for each in invariant.still
        )
        gaps = bool(invariant.kind and self.guardrails.gaps[invariant.kind])
        return GroupProof(group, ways, still, verdict_of(ways, still, gaps=gaps))

    def _walk(self, invariant: Invariant, group: Group, way: Way) -> Walked:
        return walk(way, lambda step: self._ask(invariant, group, exempting(step, self.exempt)))

    def _ask(self, invariant: Invariant, group: Group, statement: Statement) -> Asked:
        account = group.accounts[0]
        if invariant.kind is Kind.SCP:
            members = replace(self.organisation, paths={account: ""})
            query = Query(group.levels, such=(by(statement, account),), organisation=members)
            return asked(invariant.title, query, self.roles)
        ours = named_accounts(self.guardrails, Kind.RCP) & self.accounts
        known = replace(self.organisation, paths=dict.fromkeys((account, *ours), ""))
        strangers = not _about_services(statement)
        return asked(invariant.title, Query(group.levels, such=(statement,), strangers=strangers, organisation=known))


def unsaid(invariant: Invariant) -> str:
    """Return what would have to be said for an invariant to be decided."""
    words = ", ".join(f"{{{each}}}" for each in invariant.missing)
    return f"nothing says what {words} stands for; see `principals` in organisation.yaml, or declare the trail"


def about_nothing(invariant: Invariant) -> str:
    """Return what there is not, so that the invariant is about nothing."""
    return f"{', '.join(f'{{{each}}}' for each in invariant.void)} stands for nothing here"


def walk(way: Way, ask: Callable[[Statement], Asked]) -> Walked:
    """Return the answers for the steps of a way; the first that is impossible ends it."""
    found: list[Asked] = []
    for step in way.steps:
        found.append(ask(step))
        if found[-1].answer.found is Found.NONE:
            break
    return Walked(way, tuple(found))


def asked(title: str, query: Query, roles: Sequence[str] = ()) -> Asked:
    """Ask one question. roles: ARNs of roles that there are, for who may call."""
    return Asked(title, query, readable(query, search(query), roles))


def _about_services(statement: Statement) -> bool:
    return any(each.key == _SERVICE for each in statement.conditions)


def _still(statement: Statement, account: str) -> Statement:
    return statement if _about_services(statement) else by(statement, account)


def by(statement: Statement, account: str) -> Statement:
    """Return the statement for principals of one account."""
    own = conditions(f'{{"StringEquals": {{"aws:PrincipalAccount": "{account}"}}}}')
    return replace(statement, conditions=(*statement.conditions, *own))


def verdict_of(ways: Sequence[Walked], still: Sequence[Asked], *, gaps: bool) -> Verdict:
    """A gap can only forbid more; so it leaves a proof, and puts in doubt whatever gets through."""
    if any(each.found is Found.YES for each in ways):
        return Verdict.UNDETERMINED if gaps else Verdict.FALLS
    if any(each.found is Found.UNDETERMINED for each in ways):
        return Verdict.UNDETERMINED
    if any(each.answer.found is Found.NONE for each in still):
        return Verdict.VACUOUS
    if any(each.answer.found is Found.UNDETERMINED for each in still) or (gaps and still):
        return Verdict.UNDETERMINED
    return Verdict.PROVED
