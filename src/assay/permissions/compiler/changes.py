"""What a plan changes: for each group of accounts what becomes possible and impossible, and who loses what.

Guardrails that are attached today and not planned count as taken away. A guardrail is compared level by level: what all
levels of the one allow and some level of the other does not.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from assay.permissions.compiler.plan import KINDS
from assay.permissions.guardrails import FULL_ACCESS, Guardrails
from assay.permissions.identities import Identity
from assay.permissions.invariants import conditions
from assay.permissions.policy import Kind, Policy, Statement
from assay.permissions.proof import telling
from assay.permissions.questions import Asked
from assay.permissions.request import Organisation
from assay.permissions.solve import Found, Query, search

Levels = tuple[tuple[Policy, ...], ...]


@dataclass(frozen=True)
class Loss:
    """What an identity can do today and could not do under the plan. `certain`: whatever is not known of it."""

    identity: Identity
    statement: Statement
    asked: Asked
    certain: bool


@dataclass(frozen=True)
class Change:
    """What changes in accounts with the same guardrails, now and planned: at most one request for each direction."""

    kind: Kind
    accounts: tuple[str, ...]
    new: Asked
    lost: Asked

    @property
    def is_none(self) -> bool:
        """Whether it is proved that nothing changes."""
        return self.new.answer.found is Found.NONE and self.lost.answer.found is Found.NONE


def changes(
    now: Guardrails, planned: Guardrails, organisation: Organisation, units: Mapping[str, str]
) -> Iterator[Change]:
    """Yield what changes for each kind and group of accounts."""
    for kind in KINDS:
        groups: dict[tuple[object, ...], list[str]] = {}
        levels: dict[tuple[object, ...], tuple[Levels, Levels]] = {}
        for account, unit in sorted(units.items()):
            both = (telling(now.levels(kind, account, unit)), telling(planned.levels(kind, account, unit)))
            key: tuple[object, ...] = tuple(id(policy) for side in both for level in side for policy in (*level, None))
            groups.setdefault(key, []).append(account)
            levels[key] = both
        for key, accounts in groups.items():
            before, after = levels[key]
            known = replace(organisation, paths={accounts[0]: ""})
            who = (_of_account(accounts[0]),) if kind is Kind.SCP else ()  # RCPs bind whoever asks
            new = _first("new access", after, before, known, who)
            yield Change(kind, tuple(accounts), new, _first("lost access", before, after, known, who))


def _of_account(account: str) -> Statement:
    """Return a statement that covers whatever principals of an account do."""
    own = conditions(f'{{"StringEquals": {{"aws:PrincipalAccount": "{account}"}}}}')
    return Statement(allow=True, actions=FULL_ACCESS[Kind.SCP].statements[0].actions, conditions=own)


def _first(
    title: str, allowed: Levels, refused: Levels, organisation: Organisation, such: tuple[Statement, ...]
) -> Asked:
    """Ask for a request that one stack of levels allows and some level of the other does not."""
    undetermined: Asked | None = None
    last: Asked | None = None
    for level in refused:
        query = Query(allowed=allowed, refused=(level,), such=such, organisation=organisation)
        last = Asked(title, query, search(query))
        if last.answer.found is Found.YES:
            return last
        if last.answer.found is Found.UNDETERMINED:
            undetermined = last
    assert last is not None
    return undetermined or last


def losses(
    identities: Iterable[Identity], now: Guardrails, planned: Guardrails, organisation: Organisation,
    units: Mapping[str, str],
) -> Iterator[Loss]:  # fmt: skip
    """Yield what roles and users of member accounts can do now and a new Deny of an SCP would forbid."""
    for each in identities:
        if each.account not in units:
            continue
        unit = units[each.account]
        before, after = (telling(side.levels(Kind.SCP, each.account, unit)) for side in (now, planned))
        known = replace(organisation, paths={each.account: ""})
        held = {statement for level in before for policy in level for statement in policy.statements}
        denials = [
            statement
            for level in after
            for policy in level
            for statement in policy.statements
            if not statement.allow and statement not in held
        ]
        for statement in denials:
            loss = _loss(each, statement, before, known)
            if loss is not None:
                yield loss


def _loss(identity: Identity, statement: Statement, before: Levels, organisation: Organisation) -> Loss | None:
    # A role that is named when it is deployed may have any name; whether one is exempt is then not certain.
    key, value = ("aws:PrincipalArn", identity.arn) if identity.arn else ("aws:PrincipalAccount", identity.account)
    own = conditions(json.dumps({"StringEquals": {key: value}}))
    covered = replace(statement, allow=True, conditions=(*statement.conditions, *own))
    is_named = bool(identity.arn) or all(each.key != "aws:principalarn" for each in statement.conditions)
    for certain in (True, False):
        groups: Sequence[tuple[Policy, ...]] | None = identity.groups(widest=not certain)
        if groups is None:
            continue
        query = Query(allowed=(*groups, *before), such=(covered,), organisation=organisation)
        answer = search(query)
        if answer.found is not Found.NONE:
            title = f"{identity.resource.name} loses by {statement.sid or statement}"
            return Loss(
                identity, statement, Asked(title, query, answer), certain and is_named and answer.found is Found.YES
            )
    return None
