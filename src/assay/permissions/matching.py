"""Whether one statement applies to one request: True, False, or None where something that decides is unknown."""

import enum
import re
from dataclasses import dataclass, field

from assay.permissions import typed
from assay.permissions.globs import BudgetExceeded, disjoint, glob, within
from assay.permissions.kleene import Kleene, every, opposite, some
from assay.permissions.operators import Family, Operator, Quantifier
from assay.permissions.patterns import UNKNOWN, Pattern
from assay.permissions.policy import Condition, PrincipalName, PrincipalType, Statement
from assay.permissions.request import Caller, CallerKind, Request


class Reach(enum.IntEnum):
    """How a principal name reaches a caller. It decides what else must allow the request in the same account."""

    NONE = 0
    ACCOUNT = 1  # delegates to the account, whose own policies must allow
    ROLE = 2  # names the role; its boundary and session policy still limit it
    DIRECT = 3  # names the user or session, or everybody: allowed at once


@dataclass
class Unknowns:
    """Why something could not be decided; collected on the way."""

    reasons: set[str] = field(default_factory=set)

    def because(self, reason: str) -> Kleene:
        """Note a reason and answer "unknown"."""
        self.reasons.add(reason)
        return None


def applies(statement: Statement, request: Request, unknowns: Unknowns) -> Kleene:
    """Return whether the statement's action, resource and conditions cover the request. Its principal is apart."""
    return every(
        (
            action_covered(statement, request.action),
            resource_covered(statement, request, unknowns),
            *(holds(each, request, unknowns) for each in statement.conditions),
        )
    )


def action_covered(statement: Statement, action: str) -> bool:
    """Return whether Action or NotAction covers an action; actions have no case."""
    return any(each.glob.matches(action) for each in statement.actions) != statement.not_actions


def resource_covered(statement: Statement, request: Request, unknowns: Unknowns) -> Kleene:
    """Return whether Resource or NotResource covers the request's resource."""
    if not statement.resources:
        return True  # a role's trust policy
    match = _any_matches if request.resource_is_pattern else matches
    found = some(match(each, request.resource, request, unknowns) for each in statement.resources)
    return opposite(found) if statement.not_resources else found


def matches(pattern: Pattern, text: str, request: Request, unknowns: Unknowns) -> Kleene:
    """Return whether a text matches a pattern, its variables filled in. One that has no value matches nothing."""
    glob = pattern.glob
    if pattern.variables:
        if not glob.matches(text):
            return False
        values = {each.key: variable_value(each.key, request) for each in pattern.variables}
        unknown = [key for key, value in values.items() if value is UNKNOWN]
        if unknown:
            return unknowns.because(f"the key {unknown[0]} is not given, a policy variable")
        found = pattern.resolve(values.__getitem__)
        if found is None:
            return False
        glob = found
    return glob.matches(text)


def _any_matches(pattern: Pattern, known: str, _request: Request, unknowns: Unknowns) -> Kleene:
    """Return whether a pattern matches a resource of which only a pattern is known: all that it may be, none, or some.

    A variable in the policy's pattern stands for any text, so that only "none" is certain.
    """
    mine = glob(known)
    try:
        if disjoint(mine, pattern.glob):
            return False
        if not pattern.variables and within(mine, pattern.glob):
            return True
    except BudgetExceeded:
        pass
    return unknowns.because("which resource it is")


def variable_value(key: str, request: Request) -> object:
    """Return what a policy variable stands for: text, None when absent or several, or UNKNOWN."""
    values = request.values(key)
    if values is None:
        return UNKNOWN
    return values[0] if len(values) == 1 else None


# -- conditions --------------------------------------------------------------------------------------------------------


def holds(condition: Condition, request: Request, unknowns: Unknowns) -> Kleene:
    """Return whether one condition holds."""
    values = request.values(condition.key)
    if values is None:
        return unknowns.because(f"the key {condition.key} is not given")
    if condition.operator.family is Family.NULL:
        wants_absent = {each.text.lower() == "true" for each in condition.values}
        return (not values) in wants_absent
    if not values:
        return on_missing(condition.operator)
    match condition.operator.quantifier:
        case Quantifier.ALL:
            return every(_one(condition, each, request, unknowns) for each in values)
        case Quantifier.ANY:
            return some(_one(condition, each, request, unknowns) for each in values)
        case _ if len(values) > 1:
            return unknowns.because(f"the key {condition.key} has several values and {condition.operator} reads one")
        case _:
            return _one(condition, values[0], request, unknowns)


def on_missing(operator: Operator) -> bool:
    """Return what a condition is on a key that is absent or empty.

    ForAllValues and …IfExists are true, ForAnyValue is false; a negated operator is true; every other is false.
    """
    if operator.if_exists or operator.quantifier is Quantifier.ALL:
        return True
    if operator.quantifier is Quantifier.ANY:
        return False
    return operator.negated


def _one(condition: Condition, value: str, request: Request, unknowns: Unknowns) -> Kleene:
    found = some(_accepts(condition.operator, each, value, request, unknowns) for each in condition.values)
    return opposite(found) if condition.operator.negated else found


def _accepts(operator: Operator, stated: Pattern, value: str, request: Request, unknowns: Unknowns) -> Kleene:
    if operator.family is Family.ARN and not arn_shaped(stated):
        return unknowns.because(f"{stated.text!r} has not the six components of an ARN, and {operator} compares these")
    if operator.family in (Family.STRING, Family.ARN):
        return matches(stated, value, request, unknowns)
    found = typed.accepts(operator, stated.text, value)
    if found is None:
        return unknowns.because(f"{value!r} is no {operator.family}")
    return found


def arn_shaped(stated: Pattern) -> bool:
    """Return whether a pattern has the six components that ARN operators compare one by one."""
    return stated.text.count(":") >= 5 or bool(stated.variables)


# -- principals --------------------------------------------------------------------------------------------------------


def reach(statement: Statement, caller: Caller, unknowns: Unknowns) -> Reach | None:
    """Return how a statement reaches a caller, None when that is unknown."""
    if statement.principals is None:
        return Reach.DIRECT
    found = [name_reach(each, caller, unknowns) for each in statement.principals]
    if not statement.not_principals:
        known = max((each for each in found if each is not None), default=Reach.NONE)
        return None if None in found and known is not Reach.DIRECT else known
    if any(each is not None and each > Reach.ACCOUNT for each in found):
        return Reach.NONE
    if None in found:
        return None
    if Reach.ACCOUNT in found and caller.kind is not CallerKind.ROOT:
        # The documentation asks to list the account beside its role, and does not say what the account alone excepts.
        unknowns.because("NotPrincipal names the caller's account, which AWS does not define")
        return None
    return Reach.NONE if Reach.ACCOUNT in found else Reach.DIRECT


def name_reach(name: PrincipalName, caller: Caller, unknowns: Unknowns) -> Reach | None:
    """Return how one principal name reaches a caller."""
    match name.type:
        case PrincipalType.EVERYBODY:
            return Reach.DIRECT
        case PrincipalType.SERVICE:
            found = caller.kind is CallerKind.SERVICE and name.name in ("*", caller.arn)
            return Reach.DIRECT if found else Reach.NONE
        case PrincipalType.FEDERATED:
            found = caller.kind is CallerKind.PROVIDER and name.name in ("*", caller.arn)
            return Reach.DIRECT if found else Reach.NONE
        case PrincipalType.CANONICAL:
            unknowns.because(f"whose canonical id {name.name[:8]}… is")
            return None if caller.account else Reach.NONE
        case _:
            return _aws_reach(name.name, caller)


def _aws_reach(name: str, caller: Caller) -> Reach:
    if not caller.account:
        return Reach.NONE
    if caller.account == account_named(name):
        return Reach.ACCOUNT
    if caller.kind is CallerKind.ROLE and name == caller.session:
        return Reach.DIRECT
    if name == caller.arn:
        return Reach.ROLE if caller.kind is CallerKind.ROLE else Reach.DIRECT
    return Reach.NONE


def account_named(name: str) -> str:
    """Return the account when a principal name is that of a whole account, else ""."""
    if re.fullmatch(r"\d{12}", name):
        return name
    match = re.fullmatch(r"arn:[a-z-]+:iam::(\d{12}):root", name)
    return match[1] if match else ""
