"""Statements as formulas over atoms. An atom says that a subject's value satisfies one test.

Independent of `matching`, which says the same for one request: the two are tested against each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assay.permissions.callers import Shape, Table
from assay.permissions.formula import Conflicts, Formula, conjunction, disjunction, negation
from assay.permissions.globs import exactly
from assay.permissions.matching import account_named, arn_shaped
from assay.permissions.operators import Family, Operator, Quantifier
from assay.permissions.patterns import Pattern
from assay.permissions.policy import Condition, Policy, PrincipalName, PrincipalType, Statement
from assay.permissions.request import CallerKind
from assay.permissions.theory import PRESENT, Domain, Some, Test, Typed, representatives

ACTION: Final = " action"  # a blank begins no key
RESOURCE: Final = " resource"


@dataclass(frozen=True, slots=True)
class Unsure:
    """A test that AWS leaves open: its outcome cannot be confirmed."""

    about: str


AnyTest = Test | Pattern | Some | Unsure


@dataclass(frozen=True, slots=True)
class Atom:
    """One subject satisfies one test. A Pattern among the tests has variables."""

    subject: str
    test: AnyTest


class Encoder:
    """The atoms of one question, and the formulas of its statements."""

    def __init__(self, conflicts: Conflicts, statements: Iterable[Statement], table: Table) -> None:
        self.conflicts = conflicts
        self.atoms: dict[int, Atom] = {}
        self.shapes: dict[int, Shape] = {conflicts.variable(): each for each in table.shapes}
        self._by_account: dict[str, list[tuple[int, Shape]]] = {}
        for variable, shape in self.shapes.items():
            self._by_account.setdefault(shape.account, []).append((variable, shape))
        self.typed: dict[str, list[Typed]] = {}
        self._variables: dict[str, dict[AnyTest, int]] = {}
        self._covered: dict[Statement, Formula] = {}
        self.sets = self._set_keys(statements)
        self._one_shape()

    @staticmethod
    def _set_keys(statements: Iterable[Statement]) -> frozenset[str]:
        """Return the keys that only set operators read; the others have at most one value."""
        quantified: set[str] = set()
        plain: set[str] = set()
        for statement in statements:
            for each in statement.conditions:
                if each.operator.quantifier:
                    quantified.add(each.key)
                elif each.operator.family is not Family.NULL:
                    plain.add(each.key)
                plain |= {variable.key for value in each.values for variable in value.variables}
            plain |= {variable.key for each in statement.resources for variable in each.variables}
        return frozenset(quantified - plain)

    def _one_shape(self) -> None:
        """Exactly one shape; at most one by a ladder, which is linear."""
        literals = list(self.shapes)
        self.conflicts.clause(literals)
        before = 0
        for literal in literals:
            ladder = self.conflicts.variable()
            self.conflicts.clause([-literal, ladder])
            if before:
                self.conflicts.clause([-before, ladder])
                self.conflicts.clause([-before, -literal])
            before = ladder

    def atom(self, subject: str, test: AnyTest) -> int:
        """Return the variable of an atom. On keys it implies that the key is present."""
        known = self._variables.setdefault(subject, {})
        found = known.get(test)
        if found is not None:
            return found
        variable = known[test] = self.conflicts.variable()
        self.atoms[variable] = Atom(subject, test)
        if isinstance(test, Typed):
            self.typed.setdefault(subject, []).append(test)
        if isinstance(test, Some):
            for each in test.tests:
                if isinstance(each, Typed):
                    self.typed.setdefault(subject, []).append(each)
        if test != PRESENT and subject not in (ACTION, RESOURCE) and not isinstance(test, Unsure):
            self.conflicts.clause([-variable, self.present(subject)])
        if isinstance(test, Pattern):
            for needed in test.variables:
                if needed.default is None:
                    self.conflicts.clause([-variable, self.present(needed.key)])
        return variable

    def present(self, key: str) -> int:
        """Return the variable that says that a key is present."""
        return self.atom(key, PRESENT)

    # -- statements ----------------------------------------------------------------------------------------------------

    def allowed(self, policies: Sequence[Policy]) -> tuple[Formula, list[tuple[Statement, Formula]]]:
        """Return that one Allow covers the request, and for each Deny that it does not."""
        statements = [each for policy in policies for each in policy.statements]
        grants = disjunction(self.covers(each) for each in statements if each.allow)
        return grants, [(each, negation(self.covers(each))) for each in statements if not each.allow]

    def refused(self, policies: Sequence[Policy]) -> Formula:
        """Return that no Allow covers the request, or one Deny does."""
        statements = [each for policy in policies for each in policy.statements]
        lacking = conjunction(negation(self.covers(each)) for each in statements if each.allow)
        return disjunction([lacking, *(self.covers(each) for each in statements if not each.allow)])

    def covers(self, statement: Statement) -> Formula:
        """Return that a statement covers the request."""
        known = self._covered.get(statement)
        if known is None:
            known = conjunction(
                (
                    self._principals(statement),
                    self._texts(ACTION, statement.actions, negated=statement.not_actions),
                    self._texts(RESOURCE, statement.resources, negated=statement.not_resources)
                    if statement.resources
                    else True,
                    *(self._condition(each) for each in statement.conditions),
                )
            )
            self._covered[statement] = known
        return known

    def _texts(self, subject: str, patterns: Iterable[Pattern], *, negated: bool) -> Formula:
        found = disjunction(self._text(subject, each) for each in patterns)
        return negation(found) if negated else found

    def _text(self, subject: str, pattern: Pattern) -> Formula:
        if pattern.variables:
            return self.atom(subject, pattern)
        if pattern.whole and subject in (ACTION, RESOURCE):
            return True
        # Actions have no case: it suffices to look for one in lower case.
        return self.atom(subject, pattern.lower if subject == ACTION else pattern.glob)

    def _condition(self, condition: Condition) -> Formula:
        operator, key = condition.operator, condition.key
        if operator.family is Family.NULL:
            wanted = {each.text.lower() == "true" for each in condition.values}
            present = self.present(key)
            return disjunction([-present if absent else present for absent in sorted(wanted)])
        if operator.family is Family.ARN and not all(arn_shaped(each) for each in condition.values):
            return self.atom(key, Unsure(f"{operator} {condition.values}"))
        tests = tuple(self._test(operator, each) for each in condition.values)
        if key in self.sets:
            return self._set_condition(operator, key, tests)
        matched = disjunction(self.atom(key, each) for each in tests)
        if operator.negated:
            found = negation(matched)  # true on a missing key as well
            if operator.quantifier is Quantifier.ANY and not operator.if_exists:
                found = conjunction((self.present(key), found))
            return found
        if operator.if_exists or operator.quantifier is Quantifier.ALL:
            return disjunction((-self.present(key), matched))
        return matched

    def _set_condition(self, operator: Operator, key: str, tests: tuple[Test | Pattern, ...]) -> Formula:
        if operator.quantifier is Quantifier.ALL:
            return -self.atom(key, Some(tests, not operator.negated))  # no value fails
        found: Formula = self.atom(key, Some(tests, operator.negated))
        return disjunction((found, -self.present(key))) if operator.if_exists else found

    @staticmethod
    def _test(operator: Operator, value: Pattern) -> Test | Pattern:
        if operator.family not in (Family.STRING, Family.ARN):
            return Typed(operator, value.text)
        return value if value.variables else value.glob

    # -- principals ----------------------------------------------------------------------------------------------------

    def _principals(self, statement: Statement) -> Formula:
        if statement.principals is None:
            return True
        named = disjunction(self._principal(each) for each in statement.principals)
        if not statement.not_principals:
            return named
        found = [negation(named)]
        for each in statement.principals:
            account = account_named(each.name) if each.type is PrincipalType.AWS else ""
            if account:  # AWS does not define whether this excepts the account's users and roles
                others = [
                    variable
                    for variable, shape in self.shapes.items()
                    if shape.account == account and shape.kind is not CallerKind.ROOT
                ]
                unsure = self.atom(ACTION, Unsure(f"NotPrincipal {account}"))
                excepted = negation(disjunction(self._principal(name) for name in statement.principals if name != each))
                within = conjunction((disjunction(others), unsure, excepted))
                found = [disjunction((conjunction(found), within))]
        return conjunction(found)

    def _principal(self, name: PrincipalName) -> Formula:
        match name.type:
            case PrincipalType.EVERYBODY:
                return True
            case PrincipalType.SERVICE:
                return self._named(CallerKind.SERVICE, name.name)
            case PrincipalType.FEDERATED:
                return self._named(CallerKind.PROVIDER, name.name)
            case PrincipalType.CANONICAL:
                return self.atom(ACTION, Unsure(f"canonical id {name.name}"))
            case _:
                return self._aws(name.name)

    def _named(self, kind: CallerKind, name: str) -> Formula:
        return disjunction(
            variable for variable, shape in self.shapes.items() if shape.kind is kind and name in ("*", shape.name)
        )

    def _aws(self, name: str) -> Formula:
        account = account_named(name)
        if account:
            return disjunction(variable for variable, _ in self._by_account.get(account, ()))
        of_account = self._by_account.get(name.split(":")[4], ()) if name.count(":") > 4 else ()
        if ":assumed-role/" in name:
            return disjunction(variable for variable, shape in of_account if shape.session == name)
        able = [variable for variable, shape in of_account if shape.arns.matches(name)]
        return conjunction((disjunction(able), self.atom("aws:principalarn", exactly(name)))) if able else False


def base_domain(key: str, tests: Mapping[str, Sequence[Typed]]) -> Domain:
    """Return what values a context key has whoever calls: its representatives, where typed operators read it."""
    if key in tests:
        return Domain(choices=representatives(tests[key]))
    if key in BOOLEAN_KEYS:
        return Domain(choices=("true", "false"))
    return Domain()


BOOLEAN_KEYS: Final = frozenset(
    {
        "aws:securetransport",
        "aws:multifactorauthpresent",
        "aws:viaawsservice",
        "aws:principalisawsservice",
        "kms:grantisforawsresource",
    }
)
ALWAYS_SENT: Final = frozenset(
    {"aws:securetransport", "aws:principalisawsservice", "aws:viaawsservice", "aws:currenttime"}
)
"""Keys that every request carries (IAM user guide, "AWS global condition context keys")."""
