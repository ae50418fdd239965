"""The search over all requests and the evaluation of one never disagree; nor does an independent encoding."""

import json
import os
import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from tests.laws.z3_strings import more_access
from tests.permissions.worlds import (
    ONE,
    THREE,
    TWO,
    callers_universe,
    pairs,
    policy,
    shared_pairs,
    shared_statements,
    some_requests,
    statements,
    universe,
)

from assay.permissions.evaluate import allows, covers
from assay.permissions.policy import Kind, Policy
from assay.permissions.questions import Comparison, minimise, public
from assay.permissions.request import CallerKind, Request
from assay.permissions.solve import Answer, Found, Query, search

Pair = tuple[list[dict[str, Any]], list[dict[str, Any]]]
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(
    max_examples=int(os.environ.get("ASSAY_LAW_CASES", "3000")), deadline=None, suppress_health_check=list(HealthCheck)
)
DIFFERENTIAL = settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck))


def more(left: Policy, right: Policy) -> Answer:
    return search(Query(allowed=((left,),), refused=((right,),)))


def shown(answer: Answer, left: Policy, right: Policy) -> None:
    """A request that is found is one."""
    if answer.found is Found.YES:
        assert answer.request is not None
        assert allows((left,), answer.request) is True
        assert allows((right,), answer.request) is False


def agrees(answer: Answer, left: Policy, right: Policy) -> None:
    """A request that is found is one; where none is, none of the small universe is one."""
    shown(answer, left, right)
    if answer.found is Found.NONE:
        for request in universe((left, right)):
            assert not (allows((left,), request) is True and allows((right,), request) is False), request


@QUICK
@given(pairs())
def test_none_is_none_in_the_whole_small_universe(pair: Pair) -> None:
    note(json.dumps(pair))
    left, right = policy(*pair[0]), policy(*pair[1])
    agrees(more(left, right), left, right)


def _against_single_requests(pair: Pair, chance: random.Random) -> None:
    """Both directions, and some requests of the universe: cheap, so many."""
    note(json.dumps(pair))
    left, right = policy(*pair[0]), policy(*pair[1])
    for one, other in ((left, right), (right, left)):
        answer = more(one, other)
        shown(answer, one, other)
        if answer.found is Found.NONE:
            for request in some_requests((left, right), chance, 12):
                assert not (allows((one,), request) is True and allows((other,), request) is False), request


@DIFFERENTIAL
@given(pairs(), st.randoms(use_true_random=False))
def test_the_search_and_the_evaluator_agree(pair: Pair, chance: random.Random) -> None:
    _against_single_requests(pair, chance)


@settings(DIFFERENTIAL, max_examples=400)
@given(shared_pairs())
def test_callers_are_searched_as_they_are_evaluated(pair: Pair) -> None:
    """Resource policies: principals of every kind, and the keys that follow from the caller."""
    note(json.dumps(pair))
    left, right = (policy(*each, kind=Kind.RESOURCE) for each in pair)
    answer = more(left, right)
    shown(answer, left, right)
    if answer.found is Found.NONE:
        for request in callers_universe():
            assert not (allows((left,), request) is True and allows((right,), request) is False), request


@settings(QUICK, max_examples=150)
@given(st.lists(shared_statements(), min_size=1, max_size=3))
def test_a_policy_that_is_not_public_lets_no_stranger_in(stated: list[dict[str, Any]]) -> None:
    shared = policy(*stated, kind=Kind.RESOURCE)
    answer = public(shared).answer
    if answer.found is Found.YES:
        assert answer.request is not None
        assert allows((shared,), answer.request) is True
        assert answer.request.caller.account not in (ONE, TWO)
    elif answer.found is Found.NONE:
        strangers = (each for each in callers_universe() if each.caller.account in ("", THREE) and _far(each))
        assert not any(allows((shared,), each) is True for each in strangers)


def _far(request: Request) -> bool:
    """Neither a service, nor of the network and organisation that the policies of the universe name."""
    ours = request.context["aws:sourcevpc"] == ("vpc-1",) or request.context["aws:principalorgid"] == ("o-1",)
    return request.caller.kind is not CallerKind.SERVICE and not ours


@pytest.mark.slow
@MANY
@given(pairs(), st.randoms(use_true_random=False))
def test_the_search_and_the_evaluator_agree_at_length(pair: Pair, chance: random.Random) -> None:
    """With ASSAY_LAW_CASES=200000 as many cases as a long run can have."""
    _against_single_requests(pair, chance)


@settings(QUICK, max_examples=100)
@given(st.lists(st.lists(statements(), min_size=1, max_size=2), min_size=1, max_size=3), statements(), statements())
def test_levels_and_descriptions_of_requests(
    levels: list[list[dict[str, Any]]], such: dict[str, Any], unless: dict[str, Any]
) -> None:
    """A request that every level allows, that one statement covers and another does not."""
    groups = tuple((policy(*each),) for each in levels)
    wanted, other = policy(such).statements[0], policy(unless).statements[0]
    answer = search(Query(allowed=groups, such=(wanted,), unless=(other,)))
    read = (*(each for group in groups for each in group), policy(such), policy(unless))
    candidates = [answer.request] if answer.request else some_requests(read, random.Random(len(str(levels))), 400)
    for request in candidates:
        fits = all(allows(group, request) is True for group in groups)
        fits = fits and covers(wanted, request) is True and covers(other, request) is False
        assert fits is (answer.found is Found.YES) or answer.found is Found.UNDETERMINED


@settings(QUICK, max_examples=120)
@given(pairs())
def test_an_encoding_in_strings_agrees(pair: Pair) -> None:
    """z3 and the search give the same answer wherever both decide."""
    note(json.dumps(pair))
    ours = more(policy(*pair[0]), policy(*pair[1])).found
    theirs = more_access(*pair)
    if ours is not Found.UNDETERMINED and theirs is not None:
        assert (ours is Found.YES) is theirs


def test_the_search_seldom_gives_up() -> None:
    """Of a fixed sample of pairs at most one in twenty is undetermined, all for policy variables."""
    answers: list[Answer] = []

    @settings(max_examples=300, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(pairs())
    def sample(pair: Pair) -> None:
        answers.append(more(policy(*pair[0]), policy(*pair[1])))

    sample()
    open_ones = [each for each in answers if each.found is Found.UNDETERMINED]
    assert len(open_ones) * 20 <= len(answers)
    assert {each.why for each in open_ones} <= {"no values were found for the policy variables"}


@QUICK
@given(st.lists(statements(), min_size=1, max_size=3), statements())
def test_a_deny_more_never_adds_access(base: list[dict[str, Any]], extra: dict[str, Any]) -> None:
    denied = {**extra, "Effect": "Deny"}
    assert more(policy(*base, denied), policy(*base)).found is not Found.YES


@QUICK
@given(st.lists(statements(), min_size=1, max_size=3), statements())
def test_an_allow_less_never_adds_access(base: list[dict[str, Any]], extra: dict[str, Any]) -> None:
    allowed = {**extra, "Effect": "Allow"}
    assert more(policy(*base), policy(*base, allowed)).found is not Found.YES


@QUICK
@given(st.lists(statements(), max_size=2), statements(), statements())
def test_a_condition_more_on_an_allow_never_adds_access(
    base: list[dict[str, Any]], one: dict[str, Any], other: dict[str, Any]
) -> None:
    plain = {**one, "Effect": "Allow"}
    plain.pop("Condition", None)
    bound = {**plain, "Condition": other.get("Condition", {"StringEquals": {"k": "a"}})}
    assert more(policy(*base, bound), policy(*base, plain)).found is not Found.YES


@settings(QUICK, max_examples=30)
@given(st.lists(statements(), min_size=1, max_size=4))
def test_a_minimised_policy_allows_the_same(whole: list[dict[str, Any]]) -> None:
    before = policy(*whole)
    result = minimise(before)
    after = result.policy
    assert result.equal.comparison in (Comparison.EQUAL, Comparison.UNDETERMINED)
    assert len(after.statements) <= len(before.statements)
    for request in universe((before,)):
        assert allows((before,), request) == allows((after,), request), request
