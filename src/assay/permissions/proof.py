"""Invariants over an organisation: for each, in which accounts the guardrails prove it, and where a request gets by.

Accounts with the same guardrails at every level are one group and are asked about once, by one of them; an account that
a guardrail names is a group of its own.
"""

import enum
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from assay.permissions.guardrails import Guardrails
from assay.permissions.invariants import Invariant, conditions, exempting
from assay.permissions.policy import Kind, Policy, Statement
from assay.permissions.questions import Asked
from assay.permissions.request import Organisation
from assay.permissions.solve import Found, Query, search

_SERVICE: Final = "aws:principalisawsservice"


class Verdict(enum.StrEnum):
    """What came of one invariant."""

    PROVED = "proved"
    FALLS = "falls"
    VACUOUS = "forbids too much"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Group:
    """Accounts with the same guardrails at every level. The first one stands for all."""

    accounts: tuple[str, ...]
    levels: tuple[tuple[Policy, ...], ...]


@dataclass(frozen=True)
class GroupProof:
    """One invariant in one group: the questions about `never` and about `still`."""

    group: Group
    never: tuple[Asked, ...]
    still: tuple[Asked, ...]
    verdict: Verdict


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
        order = (Verdict.FALLS, Verdict.VACUOUS, Verdict.UNDETERMINED, Verdict.PROVED)
        return next((each for each in order if each in found), Verdict.UNDETERMINED)


def prove(
    invariants: Sequence[Invariant],
    guardrails: Guardrails,
    organisation: Organisation,
    units: Mapping[str, str],
    exempt: Sequence[str] = (),
) -> tuple[Proof, ...]:
    """Return what the guardrails prove.

    units   account → path of its organisational unit, member accounts only: guardrails bind no other.
    exempt  Patterns of ARNs of principals whom no invariant is about.
    """
    groups = {kind: tuple(_groups(guardrails, kind, units)) for kind in (Kind.SCP, Kind.RCP)}
    return tuple(
        Proof(
            each,
            tuple(_in_group(each, group, organisation, units, exempt, guardrails) for group in groups[each.kind]),
            guardrails.gaps[each.kind],
        )
        for each in invariants
    )


def _groups(guardrails: Guardrails, kind: Kind, units: Mapping[str, str]) -> Iterator[Group]:
    named = _named(guardrails, kind)
    found: dict[tuple[object, str], list[str]] = {}
    levels: dict[tuple[object, str], tuple[tuple[Policy, ...], ...]] = {}
    for account, unit in sorted(units.items()):
        mine = _telling(guardrails.levels(kind, account, unit))
        ids = tuple(tuple(id(each) for each in level) for level in mine)
        key = (ids, account if account in named else "")
        found.setdefault(key, []).append(account)
        levels[key] = mine
    for same, accounts in found.items():
        yield Group(tuple(accounts), levels[same])


def _telling(levels: tuple[tuple[Policy, ...], ...]) -> tuple[tuple[Policy, ...], ...]:
    """Return the levels that have more than what AWS attaches to all: the others allow everything."""
    return tuple(each for each in levels if len(each) > 1) or levels[:1]


def _named(guardrails: Guardrails, kind: Kind) -> set[str]:
    """Return the accounts that guardrails name, with which they may do something of their own."""
    texts = (str(each.policy.source) for each in guardrails.found if each.policy.kind is kind)
    return {account for text in texts for account in re.findall(r"\d{12}", text)}


def _in_group(
    invariant: Invariant,
    group: Group,
    organisation: Organisation,
    units: Mapping[str, str],
    exempt: Sequence[str],
    guardrails: Guardrails,
) -> GroupProof:
    account = group.accounts[0]
    never = tuple(
        _ask(invariant, group, exempting(each, exempt), organisation, units, guardrails) for each in invariant.never
    )
    members = replace(organisation, paths={account: ""})
    still = tuple(
        _asked("what must still be possible", Query(group.levels, such=(_still(each, account),), organisation=members))
        for each in invariant.still
    )
    return GroupProof(group, never, still, _verdict(never, still, gaps=bool(guardrails.gaps[invariant.kind])))


def _ask(
    invariant: Invariant,
    group: Group,
    statement: Statement,
    organisation: Organisation,
    units: Mapping[str, str],
    guardrails: Guardrails,
) -> Asked:
    account = group.accounts[0]
    if invariant.kind is Kind.SCP:
        members = replace(organisation, paths={account: ""})
        return _asked(invariant.title, Query(group.levels, such=(_by(statement, account),), organisation=members))
    ours = _named(guardrails, Kind.RCP) & set(units)
    known = replace(organisation, paths=dict.fromkeys((account, *ours), ""))
    strangers = not _about_services(statement)
    return _asked(invariant.title, Query(group.levels, such=(statement,), strangers=strangers, organisation=known))


def _asked(title: str, query: Query) -> Asked:
    return Asked(title, query, search(query))


def _about_services(statement: Statement) -> bool:
    return any(each.key == _SERVICE for each in statement.conditions)


def _still(statement: Statement, account: str) -> Statement:
    return statement if _about_services(statement) else _by(statement, account)


def _by(statement: Statement, account: str) -> Statement:
    """Return the statement for principals of one account."""
    own = conditions(f'{{"StringEquals": {{"aws:PrincipalAccount": "{account}"}}}}')
    return replace(statement, conditions=(*statement.conditions, *own))


def _verdict(never: Sequence[Asked], still: Sequence[Asked], *, gaps: bool) -> Verdict:
    """A gap can only forbid more; so it leaves a proof, and puts in doubt whatever gets through."""
    if any(each.answer.found is Found.YES for each in never):
        return Verdict.UNDETERMINED if gaps else Verdict.FALLS
    if any(each.answer.found is Found.UNDETERMINED for each in never):
        return Verdict.UNDETERMINED
    if any(each.answer.found is Found.NONE for each in still):
        return Verdict.VACUOUS
    if any(each.answer.found is Found.UNDETERMINED for each in still) or (gaps and still):
        return Verdict.UNDETERMINED
    return Verdict.PROVED
