"""What people ask about policies: is it public, does it grant, what changed, what is superfluous."""

import enum
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from assay.errors import UsageError
from assay.permissions.evaluate import applying
from assay.permissions.findings import Finding, Level
from assay.permissions.patterns import Mode, pattern
from assay.permissions.policy import Condition, Kind, Policy, Statement
from assay.permissions.request import Organisation
from assay.permissions.solve import Answer, Found, Query, search, without


@dataclass(frozen=True)
class Asked:
    """One question with its answer. `title` says what is asked; `query` is what the answer is about."""

    title: str
    query: Query
    answer: Answer


@dataclass(frozen=True)
class Checked:
    """One policy file with its findings and answers. `policy` is None when AWS would refuse it; nothing was asked."""

    file: str
    kind: Kind
    policy: Policy | None
    findings: tuple[Finding, ...]
    asked: tuple[Asked, ...] = field(default=())

    @property
    def fails(self) -> bool:
        """Whether AWS would refuse the policy or it gives the access that was asked about."""
        return any(each.level is Level.REFUSED for each in self.findings) or any(
            each.answer.found is Found.YES for each in self.asked
        )

    @property
    def undetermined(self) -> bool:
        """Whether a question could not be answered."""
        return any(each.answer.found is Found.UNDETERMINED for each in self.asked)


def public(policy: Policy) -> Asked:
    """Ask whether somebody whom the policy does not know can do something: anonymous, or any other account."""
    query = Query(allowed=((policy,),), strangers=True)
    return Asked("access for everybody", query, search(query))


def outside(policy: Policy, organisation: Organisation | None, trusted: Sequence[str]) -> Asked:
    """Ask whether a principal outside of the organisation and the trusted accounts can do something.

    AWS services are not outside: whom they act for is another question.
    """
    query = Query(allowed=((policy,),), strangers=True, trusted=tuple(trusted), organisation=organisation)
    return Asked("access from outside the organisation", query, search(query))


def grants(policies: Sequence[Policy], action: str, resource: str = "", within: Sequence[Policy] = ()) -> Asked:
    """Ask whether the policies together allow an action (a pattern), on a resource (a pattern; any when empty).

    within  Policies each of which must allow as well: a boundary, an SCP of each level.
    """
    if ":" not in action and action != "*":
        raise UsageError(f"action {action!r}: expected service:Operation, such as s3:GetObject")
    wanted = Statement(
        allow=True,
        actions=(pattern(action, Mode.WILD, folded=True),),
        resources=(pattern(resource, Mode.RESOURCE),) if resource else (),
    )
    query = Query(allowed=(tuple(policies), *((each,) for each in within)), such=(wanted,))
    return Asked(f"{action} on {resource or 'any resource'}", query, search(query))


class Comparison(enum.StrEnum):
    """How two policies stand to one another."""

    EQUAL = "equal"
    MORE = "new access"
    LESS = "lost access"
    INCOMPARABLE = "new and lost access"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Difference:
    """How policies differ from earlier ones, each direction with its answer."""

    new: Asked
    lost: Asked

    @property
    def comparison(self) -> Comparison:
        """The relation in one word."""
        found = (self.new.answer.found, self.lost.answer.found)
        if found == (Found.NONE, Found.NONE):
            return Comparison.EQUAL
        if found == (Found.YES, Found.YES):
            return Comparison.INCOMPARABLE
        if Found.UNDETERMINED in found:
            return Comparison.UNDETERMINED
        return Comparison.MORE if found[0] is Found.YES else Comparison.LESS


def difference(before: Sequence[Policy], after: Sequence[Policy]) -> Difference:
    """Return what the policies `after` allow that those `before` do not, and the other way round."""
    more = Query(allowed=(tuple(after),), refused=(tuple(before),))
    less = Query(allowed=(tuple(before),), refused=(tuple(after),))
    return Difference(Asked("new access", more, search(more)), Asked("lost access", less, search(less)))


class Waste(enum.StrEnum):
    """Why a part of a policy is superfluous."""

    NEVER = "can never apply"
    SHADOWED = "is always denied"
    REDUNDANT = "changes nothing"
    CONDITION = "decides nothing"


@dataclass(frozen=True)
class Superfluous:
    """One part that can go: a statement, or one condition of it. The answer is the proof."""

    statement: Statement
    waste: Waste
    asked: Asked
    condition: Condition | None = None


@dataclass(frozen=True)
class Minimised:
    """What can go, the policy without it, and the parts for which that could not be decided.

    equal  The proof that the smaller policy allows exactly what the whole one does.
    """

    policy: Policy
    superfluous: tuple[Superfluous, ...]
    undecided: tuple[Statement, ...]
    equal: Difference


def minimise(policy: Policy) -> Minimised:
    """Return a policy that allows the same with fewer statements and conditions, and why each of the others can go."""
    found: list[Superfluous] = []
    undecided: list[Statement] = []
    current = policy
    for statement in policy.statements:
        smaller = without(current, statement)
        asked = _weight(current, smaller, statement)
        if asked.answer.found is Found.NONE:
            found.append(Superfluous(statement, _why(current, statement), asked))
            current = smaller
            continue
        if asked.answer.found is Found.UNDETERMINED:
            undecided.append(statement)
        current = _without_conditions(current, statement, found)
    return Minimised(current, tuple(found), tuple(undecided), difference((policy,), (current,)))


def _weight(whole: Policy, smaller: Policy, statement: Statement) -> Asked:
    """Ask for a request on which dropping the statement matters. It can only lose access (Allow) or add it (Deny)."""
    more, less = (whole, smaller) if statement.allow else (smaller, whole)
    query = Query(allowed=((more,),), refused=((less,),))
    return Asked(f"what {statement} decides", query, search(query))


def _why(policy: Policy, statement: Statement) -> Waste:
    reached = Query(allowed=((_only(policy, [replace(statement, allow=True)]),),))
    if search(reached).found is Found.NONE:
        return Waste.NEVER
    if not statement.allow:
        return Waste.REDUNDANT
    denials = [each for each in policy.statements if not each.allow]
    alone = Query(allowed=((_only(policy, [statement, *denials]),),))
    return Waste.SHADOWED if search(alone).found is Found.NONE else Waste.REDUNDANT


def _only(policy: Policy, statements: Sequence[Statement]) -> Policy:
    return replace(policy, statements=tuple(statements), source=None)


def _without_conditions(policy: Policy, statement: Statement, found: list[Superfluous]) -> Policy:
    """Drop the conditions of a statement that decide nothing: an exemption that nobody can use, a second net."""
    current = statement
    for condition in statement.conditions:
        freed = replace(current, conditions=tuple(each for each in current.conditions if each is not condition))
        smaller = replace(
            policy, statements=tuple(freed if each is current else each for each in policy.statements), source=None
        )
        more, less = (smaller, policy) if statement.allow else (policy, smaller)
        query = Query(allowed=((more,),), refused=((less,),))
        asked = Asked(f"what {condition.operator} {condition.key} of {statement} decides", query, search(query))
        if asked.answer.found is Found.NONE:
            found.append(Superfluous(statement, Waste.CONDITION, asked, condition))
            policy, current = smaller, freed
    return policy


def written(policy: Policy) -> str:
    """Return a policy as JSON text."""
    statements = [as_document(each) for each in policy.statements]
    return json.dumps({"Version": policy.version, "Statement": statements}, indent=2) + "\n"


def as_document(statement: Statement) -> dict[str, object]:
    """Return a statement as its JSON document."""
    found: dict[str, object] = {"Sid": statement.sid} if statement.sid else {}
    found["Effect"] = "Allow" if statement.allow else "Deny"
    if statement.principals is not None:
        found["NotPrincipal" if statement.not_principals else "Principal"] = _principals(statement)
    found["NotAction" if statement.not_actions else "Action"] = _one_or_many(each.text for each in statement.actions)
    if statement.resources:
        name = "NotResource" if statement.not_resources else "Resource"
        found[name] = _one_or_many(each.text for each in statement.resources)
    if statement.conditions:
        conditions: dict[str, dict[str, object]] = {}
        for each in statement.conditions:
            block = conditions.setdefault(str(each.operator), {})
            block[each.name or each.key] = _one_or_many(value.text for value in each.values)
        found["Condition"] = conditions
    return found


def _principals(statement: Statement) -> object:
    if any(each.type.value == "*" for each in statement.principals or ()):
        return "*"
    found: dict[str, list[str]] = {}
    for each in statement.principals or ():
        found.setdefault(each.type.value, []).append(each.name)
    return {name: _one_or_many(names) for name, names in found.items()}


def _one_or_many(texts: Iterable[str]) -> object:
    listed = list(texts)
    return listed[0] if len(listed) == 1 else listed


def told(asked: Asked) -> str:
    """Return the request that was found in one line: who may call what, on what, with which keys, and by which Allow.

    A key that must be absent is a key that matters.
    """
    request = asked.answer.request
    if request is None:
        return asked.answer.why or asked.answer.found.value
    names = {each.key: each.name for one in asked.query.statements for each in one.conditions if each.name}
    keys = [
        f"{names.get(key, key)} {' and '.join(values) or 'absent'}"
        for key, values in request.context.items()
        if key not in request.known
    ]
    allows_it = [str(each) for each in applying(asked.query.policies, request) if each.allow and each.line]
    account = f" of account {request.caller.account}" if request.caller.account else ""
    said = f"{request.caller}{account} may call {request.action} on {request.resource}"
    return said + (f" with {', '.join(keys)}" if keys else "") + (f", by {', '.join(allows_it)}" if allows_it else "")
