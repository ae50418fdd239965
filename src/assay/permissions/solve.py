"""The search for a request: a candidate from the SAT solver, checked subject by subject, replayed on the evaluator.

A candidate fixes some atoms. Per subject (action, resource, each key) a value is sought that satisfies them; where
there is none, a small set of atoms that contradict one another becomes a lemma, and the solver goes on. A request so
found is evaluated by `evaluate` before it is an answer. Where a lemma would not be certain, the candidate is set aside;
if nothing else is found, the question is undetermined. Budgets count candidates and states, never seconds.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from assay.permissions.callers import Table, caller_table
from assay.permissions.encode import Encoder
from assay.permissions.evaluate import allows, covers
from assay.permissions.formula import Conflicts, negation
from assay.permissions.matching import Unknowns
from assay.permissions.policy import Policy, Statement
from assay.permissions.request import Organisation, Request
from assay.permissions.witness import Assignment, Contradiction, Doubt, display

MOST_CANDIDATES: Final = 20_000
MOST_DOUBTS: Final = 60
MOST_CALLERS: Final = 6_000  # four for each account that a policy names


@dataclass(frozen=True)
class Query:
    """Is there a request that every group of `allowed` allows, every group of `refused` does not, and that is such?

    allowed, refused  Groups of policies; a group allows when one Allow applies and no Deny.
    such, unless      Statements that cover the request, and that do not.
    strangers         Only callers outside of the organisation and of `trusted` accounts.
    """

    allowed: tuple[tuple[Policy, ...], ...] = ()
    refused: tuple[tuple[Policy, ...], ...] = ()
    such: tuple[Statement, ...] = ()
    unless: tuple[Statement, ...] = ()
    strangers: bool = False
    trusted: tuple[str, ...] = ()
    organisation: Organisation | None = None

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Every policy that is asked about, once."""
        return tuple({id(each): each for group in (*self.allowed, *self.refused) for each in group}.values())

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement that plays a part."""
        return (*(each for policy in self.policies for each in policy.statements), *self.such, *self.unless)


class Found(enum.StrEnum):
    """Whether there is such a request."""

    YES = "found"
    NONE = "none"
    UNDETERMINED = "undetermined"


ASSUMPTIONS: Final = (
    "actions are an open list: any service:Operation may exist",
    "a resource is an ARN or *; whether the action takes it is not checked",
    "a context key that plain operators read has at most one value",
    "aws:SecureTransport, aws:CurrentTime, aws:ViaAWSService and aws:PrincipalIsAWSService are in every request",
    "keys of the caller (account, ARN, type, organisation) follow from the caller; other keys are independent",
)


@dataclass(frozen=True)
class Answer:
    """The answer, with the request that shows it or the statements that refute it.

    used        Deny statements that the refutation needed; the Allows of `allowed` all count.
    candidates  How many were examined.
    """

    found: Found
    request: Request | None = None
    why: str = ""
    used: tuple[Statement, ...] = ()
    candidates: int = 0
    assumptions: tuple[str, ...] = field(default=ASSUMPTIONS)


def search(query: Query, *, budget: int = MOST_CANDIDATES) -> Answer:
    """Answer a query. Every request that is returned has been confirmed by the concrete evaluator."""
    table = _callers(query)
    if len(table.shapes) > MOST_CALLERS:
        return Answer(Found.UNDETERMINED, why=f"the policies name more callers than the budget of {MOST_CALLERS:,}")
    conflicts = Conflicts()
    try:
        return _Search(query, conflicts, table).run(budget)
    finally:
        conflicts.close()


def _callers(query: Query) -> Table:
    mentioned = [*query.policies, *(_as_policy(each, query) for each in (*query.such, *query.unless))]
    return caller_table(mentioned, query.organisation, trusted=query.trusted, strangers=query.strangers)


class _Search:
    def __init__(self, query: Query, conflicts: Conflicts, table: Table) -> None:
        self.query = query
        self.conflicts = conflicts
        self.incomplete = table.incomplete
        self.encoder = Encoder(conflicts, query.statements, table)
        self.doubts: list[str] = []
        self.assignment = Assignment(self.encoder, query.statements)
        self._demand()

    def _demand(self) -> None:
        query, encoder = self.query, self.encoder
        for group in query.allowed:
            grants, denials = encoder.allowed(group)
            self.conflicts.demand(grants)
            for statement, formula in denials:
                self.conflicts.demand(formula, statement)
        for group in query.refused:
            self.conflicts.demand(encoder.refused(group))
        for statement in query.such:
            self.conflicts.demand(encoder.covers(statement))
        for statement in query.unless:
            self.conflicts.demand(negation(encoder.covers(statement)))

    def run(self, budget: int) -> Answer:
        spent = 0
        for count in range(1, budget + 1):
            if not self.conflicts.solve():
                return self._refuted(count)
            literals, model = self.conflicts.justification()
            shape = next(each for each in self.encoder.shapes if each in model)
            try:
                request = self.assignment.request(literals, shape, self.query.organisation)
            except Contradiction as contradiction:
                self._learn(contradiction)
                continue
            except Doubt as doubt:
                reason, spent = str(doubt), spent + doubt.weight
            else:
                spent += 1
                reason = confirm(self.query, request)
                if not reason:
                    return Answer(Found.YES, display(request, self.query.statements), candidates=count)
            self.doubts.append(reason)
            if spent >= MOST_DOUBTS:
                break
            self.conflicts.clause([-each for each in literals if each in self.encoder.atoms] + [-shape])
        why = self.doubts[0] if self.doubts else f"more than {budget:,} candidates"
        return Answer(Found.UNDETERMINED, why=why, candidates=count)

    def _learn(self, contradiction: Contradiction) -> None:
        for clause in contradiction.clauses:
            self.conflicts.clause(clause)

    def _refuted(self, count: int) -> Answer:
        reason = self.doubts[0] if self.doubts else self.incomplete
        if reason:
            return Answer(Found.UNDETERMINED, why=reason, candidates=count)
        used = tuple(each for each in self.conflicts.used() if isinstance(each, Statement))
        return Answer(Found.NONE, why="no request satisfies the query", used=used, candidates=count)


def confirm(query: Query, request: Request) -> str:
    """Return why a request does not show what was asked, by the concrete evaluator; "" when it does."""
    unknowns = Unknowns()
    for group in query.allowed:
        if allows(group, request, unknowns) is not True:
            return _reason(unknowns)
    for group in query.refused:
        if allows(group, request, unknowns) is not False:
            return _reason(unknowns)
    if not all(covers(each, request) for each in query.such):
        return _reason(unknowns)
    if any(covers(each, request) is not False for each in query.unless):
        return _reason(unknowns)
    return ""


def _reason(unknowns: Unknowns) -> str:
    return min(unknowns.reasons, default="the evaluator does not confirm the request that was found")


def _as_policy(statement: Statement, query: Query) -> Policy:
    kind = query.policies[0].kind
    return replace(query.policies[0], kind=kind, statements=(statement,))


def without(policy: Policy, statement: Statement) -> Policy:
    """Return the policy without one of its statements."""
    return replace(policy, statements=tuple(each for each in policy.statements if each is not statement), source=None)


def policies_of(query: Query) -> Sequence[str]:
    """Return the files and digests of the policies that a query asks about."""
    return [f"{each.file} {each.digest}" for each in query.policies]
