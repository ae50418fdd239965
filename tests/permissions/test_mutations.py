"""Every rule of the semantics, turned wrong in the code, is noticed: by a worked case, or by a known difference."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from tests.permissions.cases import CASES
from tests.permissions.differences import DIFFERENCES, check

from assay.permissions import encode, evaluate, matching, parse, patterns, request, typed
from assay.permissions.formula import disjunction, negation
from assay.permissions.globs import Glob, exactly
from assay.permissions.kleene import every, opposite, some
from assay.permissions.matching import Reach
from assay.permissions.operators import Comparison, Family, Quantifier
from assay.permissions.patterns import Mode
from assay.permissions.request import CallerKind

Patch = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def _no_old_patterns() -> Iterator[None]:
    patterns.pattern.cache_clear()
    yield
    patterns.pattern.cache_clear()


Mutation = Callable[[Patch], None]


def swap(target: object, name: str, make: Callable[[Any], Any]) -> Mutation:
    """Replace a function by what `make` makes of it."""
    return lambda patch: patch.setattr(target, name, make(getattr(target, name)))


def written(change: Callable[[str, Mode, dict[str, Any]], tuple[Mode, dict[str, Any]]]) -> Mutation:
    """Change how texts of policies become patterns."""

    def apply(patch: Patch) -> None:
        def mutant(text: str, mode: Mode, **more: Any) -> Any:
            mode, more = change(text, mode, more)
            return patterns.pattern(text, mode, **more)

        patch.setattr(parse, "pattern", mutant)

    return apply


def missing(change: Callable[[Any, bool], bool]) -> Mutation:
    return swap(matching, "on_missing", lambda real: lambda operator: change(operator, real(operator)))


def _values_unknown_as_absent(real: Any) -> Any:
    return lambda self, key: real(self, key) or ()


def _reading_any(real: Any) -> Any:
    def mutant(condition: Any, of_request: Any, unknowns: Any) -> Any:
        if not condition.operator.quantifier and condition.operator.family is not Family.NULL:
            values = of_request.values(condition.key) or ()
            if len(values) > 1:
                condition = replace(condition, operator=replace(condition.operator, quantifier=Quantifier.ANY))
        return real(condition, of_request, unknowns)

    return mutant


def _presence_inverted(real: Any) -> Any:
    def mutant(condition: Any, of_request: Any, unknowns: Any) -> Any:
        found = real(condition, of_request, unknowns)
        return opposite(found) if condition.operator.family is Family.NULL else found

    return mutant


def _resolving(change: Callable[[Any, Any], Any]) -> Mutation:
    return swap(patterns.Pattern, "resolve", lambda real: change)


def _wild_values(pattern: Any, lookup: Any) -> Any:
    filled = pattern.text
    for each in pattern.variables:
        filled = filled.replace(f"${{{each.key}}}", str(lookup(each.key)))
    return patterns.pattern(filled, pattern.mode).glob


def _without_limits(real: Any) -> Any:
    return lambda of, setting, layers: real(of, replace(setting, boundary=None), layers)


def _without_session(real: Any) -> Any:
    return lambda of, setting, layers: real(of, replace(setting, session=None), layers)


def _across_as_within(real: Any) -> Any:
    return lambda of, setting, layers: real(replace(of, resource_account=of.caller.account), setting, layers)


def _levels_merged(real: Any) -> Any:
    def mutant(of: Any, setting: Any) -> Any:
        merged = tuple(policy for level in setting.scps for policy in level)
        return real(of, replace(setting, scps=(merged,) if setting.scps else ()))

    return mutant


def _reaching(change: Mapping[Reach, Reach]) -> Mutation:
    return swap(matching, "_aws_reach", lambda real: lambda *of: change.get(real(*of), real(*of)))


def _account_excepted(real: Any) -> Any:
    def mutant(statement: Any, caller: Any, unknowns: Any) -> Any:
        found = real(statement, caller, unknowns)
        return Reach.NONE if found is None and statement.not_principals else found

    return mutant


def _session_as_arn(real: Any) -> Any:
    def mutant(caller: Any, organisation: Any) -> Any:
        keys = real(caller, organisation)
        return keys | ({"aws:principalarn": (caller.session,)} if caller.session else {})

    return mutant


def _family(family: Family, accepts: Callable[[Any, str, str], bool]) -> Mutation:
    def make(real: Any) -> Any:
        return lambda operator, stated, value: (
            accepts(operator, stated, value) if operator.family is family else real(operator, stated, value)
        )

    return swap(typed, "accepts", make)


def _arn_mode(mode: Mode, *names: str) -> Mutation:
    def make(real: Any) -> Any:
        def mutant(known: Any, text: str, *, variables: bool) -> Any:
            found = real(known, text, variables=variables)
            return patterns.pattern(text, mode) if known.name in names else found

        return mutant

    return swap(parse, "value_pattern", make)


MUTATIONS: Mapping[str, Mutation] = {
    "a negated operator is false on a missing key": missing(lambda of, real: real and not of.negated),
    "a positive operator is true on a missing key": missing(lambda of, real: True),
    "IfExists changes nothing": missing(lambda of, real: real and not of.if_exists),
    "ForAllValues is false on a missing key": missing(lambda of, real: real and of.quantifier is not Quantifier.ALL),
    "ForAnyValue is true on a missing key": missing(lambda of, real: real or of.quantifier is Quantifier.ANY),
    "a negated ForAnyValue is true on a missing key": missing(lambda of, real: real or of.negated),
    "Null means present": swap(matching, "holds", _presence_inverted),
    "a key that is not given is absent": swap(request.Request, "values", _values_unknown_as_absent),
    "a plain operator reads any of several values": swap(matching, "holds", _reading_any),
    "conditions are alternatives": swap(matching, "every", lambda real: some),
    "values must all match": swap(matching, "some", lambda real: every),
    "negation is forgotten": swap(matching, "opposite", lambda real: lambda part: part),
    "actions have case": written(lambda text, mode, more: (mode, {**more, "folded": False})),
    "resources have no case": written(lambda text, mode, more: (mode, {**more, "folded": True})),
    "a star in a resource crosses colons": written(
        lambda text, mode, more: (Mode.WILD if mode is Mode.RESOURCE else mode, more)
    ),
    "a star in the last segment does not": swap(
        patterns,
        "narrowed",
        lambda real: lambda tokens, fields: tuple({"**": "*:", "??": "?:"}.get(t, t) for t in tokens),
    ),
    "ARN operators compare the whole text": _arn_mode(Mode.WILD, "ArnLike", "ArnEquals", "ArnNotEquals", "ArnNotLike"),
    "ArnEquals takes wildcards as plain": _arn_mode(Mode.EXACT, "ArnEquals"),
    "ArnNotEquals takes wildcards as plain": _arn_mode(Mode.EXACT, "ArnNotEquals"),
    "StringEquals takes wildcards": _arn_mode(Mode.WILD, "StringEquals"),
    "StringLike takes no wildcards": _arn_mode(Mode.EXACT, "StringLike"),
    "short ARN patterns are decided": swap(matching, "arn_shaped", lambda real: lambda stated: True),
    "variables under every version": written(lambda text, mode, more: (mode, {**more, "variables": True})),
    "no variables": written(lambda text, mode, more: (mode, {**more, "variables": False})),
    "an unresolved variable is empty": _resolving(lambda self, lookup: self.glob),
    "wildcards in a variable's value count": _resolving(_wild_values),
    "NotAction is Action": swap(
        matching, "action_covered", lambda real: lambda of, action: real(replace(of, not_actions=False), action)
    ),
    "NotResource is Resource": swap(
        matching, "resource_covered", lambda real: lambda of, *rest: real(replace(of, not_resources=False), *rest)
    ),
    "a Deny is nothing": swap(evaluate._Layers, "denied", lambda real: lambda self, policies: False),
    "numbers compare as texts": _family(Family.NUMBER, lambda operator, stated, value: value < stated),
    "less includes equal": _family(
        Family.NUMBER,
        lambda operator, stated, value: bool(
            typed._ordered(
                Comparison.LESS_EQUAL if operator.comparison is Comparison.LESS else operator.comparison,
                typed.number(value),
                typed.number(stated),
            )
        ),
    ),
    "dates compare as texts": _family(Family.DATE, lambda operator, stated, value: value < stated),
    "an address is a text": _family(Family.ADDRESS, lambda operator, stated, value: value == stated),
    "a boolean has case": _family(Family.BOOLEAN, lambda operator, stated, value: value == stated),
    "a boundary does not limit": swap(evaluate, "_granted", _without_limits),
    "a session policy does not limit": swap(evaluate, "_granted", _without_session),
    "two accounts are as one": swap(evaluate, "_granted", _across_as_within),
    "one level of SCPs suffices": swap(evaluate, "_gates", _levels_merged),
    "SCPs bind nobody": swap(evaluate, "scps_bind", lambda real: lambda of: False),
    "SCPs bind everybody": swap(evaluate, "scps_bind", lambda real: lambda of: True),
    "SCPs bind service-linked roles": swap(request.Caller, "service_linked", lambda real: False),
    "RCPs bind nobody": swap(evaluate, "rcps_bind", lambda real: lambda of: False),
    "RCPs bind everything": swap(evaluate, "rcps_bind", lambda real: lambda of: True),
    "keys and trust need no policy of their own": swap(
        evaluate, "needs_resource_policy", lambda real: lambda of: False
    ),
    "a role named is a session named": _reaching({Reach.ROLE: Reach.DIRECT}),
    "an account named is its principals named": _reaching({Reach.ACCOUNT: Reach.DIRECT}),
    "an account reaches nobody": _reaching({Reach.ACCOUNT: Reach.NONE}),
    "NotPrincipal with an account excepts its roles": swap(evaluate, "reach", _account_excepted),
    "aws:PrincipalArn is the session's": swap(request, "caller_keys", _session_as_arn),
    "services are everybody": swap(
        matching,
        "name_reach",
        lambda real: (
            lambda name, caller, unknowns: (
                Reach.DIRECT if caller.kind is CallerKind.SERVICE else real(name, caller, unknowns)
            )
        ),
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_wrong_rule_is_noticed_by_a_case(name: str, monkeypatch: Patch) -> None:
    MUTATIONS[name](monkeypatch)
    assert any(_fails(each) for each in CASES.values()), f"no case notices that {name}"


def _fails(test: Callable[[], None]) -> bool:
    try:
        test()
    except AssertionError:
        return True
    return False


# -- the symbolic side -----------------------------------------------------------------------------------------------


def _encoder(name: str, make: Callable[[Any], Any]) -> Mutation:
    return swap(encode.Encoder, name, make)


def _with_operator(**change: Any) -> Callable[[Any], Any]:
    def make(real: Any) -> Any:
        return lambda self, of: real(self, replace(of, operator=replace(of.operator, **change)))

    return make


SYMBOLIC: Mapping[str, Mutation] = {
    "conditions are not negated": _encoder("_condition", _with_operator(negated=False)),
    "IfExists changes nothing": _encoder("_condition", _with_operator(if_exists=False)),
    "set operators are plain": _encoder("_condition", _with_operator(quantifier=Quantifier.NONE)),
    "conditions do not count": _encoder("_condition", lambda real: lambda self, of: True),
    "principals do not count": _encoder("_principals", lambda real: lambda self, of: True),
    "a principal is negated": _encoder("_principals", lambda real: lambda self, of: negation(real(self, of))),
    "NotAction is Action": _encoder(
        "_texts", lambda real: lambda self, subject, patterns, *, negated: real(self, subject, patterns, negated=False)
    ),
    "variables are wildcards": _encoder(
        "_text",
        lambda real: (
            lambda self, subject, pattern: (
                self.atom(subject, pattern.glob) if pattern.variables else real(self, subject, pattern)
            )
        ),
    ),
    "patterns are fixed texts": _encoder(
        "_text", lambda real: lambda self, subject, pattern: self.atom(subject, exactly(pattern.text.lower()))
    ),
    "a colon is a letter like others": _encoder(
        "_text",
        lambda real: (
            lambda self, subject, pattern: self.atom(
                subject, Glob(tuple({"*:": "**", "?:": "??"}.get(each, each) for each in pattern.glob.tokens))
            )
        ),
    ),
    "a Deny is nothing": _encoder("allowed", lambda real: lambda self, policies: (real(self, policies)[0], [])),
    "a missing Allow refuses nothing": _encoder(
        "refused",
        lambda real: (
            lambda self, policies: disjunction(
                self.covers(each) for policy in policies for each in policy.statements if not each.allow
            )
        ),
    ),
    "present is absent": _encoder("present", lambda real: lambda self, key: -real(self, key)),
    "no key has several values": _encoder("_set_keys", lambda real: staticmethod(lambda statements: frozenset())),
}


@pytest.mark.parametrize("name", SYMBOLIC)
def test_a_wrong_encoding_is_noticed_by_a_difference(name: str, monkeypatch: Patch) -> None:
    """A wrong encoding gives another answer, or a request that the evaluator does not confirm."""
    SYMBOLIC[name](monkeypatch)
    assert any(_fails(partial(check, each)) for each in DIFFERENCES), f"no difference notices that {name}"
