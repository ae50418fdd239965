"""Malformed, hostile and huge policies: a clear error, an answer, or undetermined with its reason, in bounded time."""

import json
import random
import resource
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.permissions.worlds import allow, deny, policy, request

from assay.permissions.evaluate import allows
from assay.permissions.lint import lint
from assay.permissions.parse import Reading, read_policy
from assay.permissions.policy import Kind
from assay.permissions.questions import minimise
from assay.permissions.solve import Found, Query, search

SECONDS = 30  # on a busy machine; a tenth of it on a quiet one


def read(content: bytes | str, kind: Kind = Kind.IDENTITY) -> Reading:
    return read_policy(content.encode() if isinstance(content, str) else content, "policy.json", kind)


def document(*statements: Any, **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **more})


MALFORMED = {
    "nothing": (b"", "empty"),
    "no JSON": (b'{"Version": ', "not valid"),
    "no UTF-8": (b'{"Version": "\xff"}', "UTF-8"),
    "a list": (b"[]", "a policy is a list"),
    "text": (b'"allow"', "a policy is text"),
    "no statements": (b'{"Version": "2012-10-17"}', "no Statement"),
    "statements as text": (b'{"Version": "2012-10-17", "Statement": "x"}', "Statement is text"),
    "a number as statement": (b'{"Version": "2012-10-17", "Statement": [1]}', "a statement is a number"),
    "the key twice": (b'{"Version": "2012-10-17", "Version": "2012-10-17", "Statement": []}', "given twice"),
    "a deep nest": (b'{"Version": "2012-10-17", "Statement": ' + b"[" * 500 + b"]" * 500 + b"}", "nested too deeply"),
    "an alias bomb": (b"a: &a [1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n", "unknown element"),
    "a control character": (b'{"Version": "2012-10-17\x01"}', "control character"),
    "too large": (b" " * 3_000_000 + b"{}", "too large"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_policy_is_named(name: str) -> None:
    content, expected = MALFORMED[name]
    reading = read(content)
    assert reading.policy is None
    assert any(expected in each.message for each in reading.findings), [str(each) for each in reading.findings]


REFUSED: dict[str, tuple[dict[str, Any], Kind, str]] = {
    "a misspelt operator": (allow(Condition={"StringEquls": {"k": "v"}}), Kind.IDENTITY, "did you mean StringEquals?"),
    "an operator of nobody": (allow(Condition={"Frobnicate": {"k": "v"}}), Kind.IDENTITY, "unknown condition operator"),
    "a prefix of nobody": (allow(Condition={"ForSomeValues:StringEquals": {"k": "v"}}), Kind.IDENTITY, "unknown"),
    "NullIfExists": (allow(Condition={"NullIfExists": {"k": "true"}}), Kind.IDENTITY, "unknown condition operator"),
    "a set form of Null": (allow(Condition={"ForAnyValue:Null": {"k": "true"}}), Kind.IDENTITY, "no set form"),
    "a misspelt element": (allow(Resources="*"), Kind.IDENTITY, "did you mean Resource?"),
    "an effect of nobody": ({**allow(), "Effect": "allow"}, Kind.IDENTITY, "Effect is 'allow'"),
    "Action and NotAction": (allow(NotAction="s3:*"), Kind.IDENTITY, "both Action and NotAction"),
    "no action": ({"Effect": "Allow", "Resource": "*"}, Kind.IDENTITY, "neither Action nor NotAction"),
    "no resource": ({"Effect": "Allow", "Action": "s3:*"}, Kind.IDENTITY, "neither Resource nor NotResource"),
    "an empty list": (allow([]), Kind.IDENTITY, "empty list"),
    "an action without service": (allow("GetObject"), Kind.IDENTITY, "the action 'GetObject'"),
    "a resource that is no ARN": (allow("s3:*", "bucket"), Kind.IDENTITY, "is no ARN"),
    "a principal in an identity policy": (allow(Principal="*"), Kind.IDENTITY, "Principal in an identity policy"),
    "a principal in an SCP": (deny(Principal="*"), Kind.SCP, "Principal in a service control policy"),
    "no principal in a resource policy": (allow(), Kind.RESOURCE, "neither Principal nor NotPrincipal"),
    "a wildcard in a principal": (
        allow(Principal={"AWS": "arn:aws:iam::111111111111:role/*"}),
        Kind.RESOURCE,
        "the principal",
    ),
    "a principal type of nobody": (allow(Principal={"Aws": "*"}), Kind.RESOURCE, "did you mean AWS?"),
    "a number that is none": (allow(Condition={"NumericEquals": {"k": "ten"}}), Kind.IDENTITY, "no number"),
    "a date that is none": (allow(Condition={"DateLessThan": {"k": "tomorrow"}}), Kind.IDENTITY, "no date"),
    "an address that is none": (allow(Condition={"IpAddress": {"k": "10.0.0.0/40"}}), Kind.IDENTITY, "no address"),
    "a boolean that is none": (allow(Condition={"Bool": {"k": "yes"}}), Kind.IDENTITY, "neither true nor false"),
    "a variable without end": (allow("*", "arn:aws:s3:::b/${aws:username"), Kind.IDENTITY, "no policy variable"),
    "a condition as text": (allow(Condition="StringEquals"), Kind.IDENTITY, "Condition is text"),
    "a version of nobody": ({}, Kind.IDENTITY, "the version"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_aws_refuses_is_named_with_its_line_and_never_evaluated(name: str) -> None:
    statement, kind, expected = REFUSED[name]
    wrong_version = json.dumps({"Version": "2026-01-01", "Statement": [allow()]})
    reading = read(document(statement) if statement else wrong_version, kind)
    assert reading.policy is None
    assert any(expected in f"{each.message}; {each.remedy}" for each in reading.findings), reading.findings
    assert all(each.line >= 1 and each.column >= 1 for each in reading.findings)


class Bounds:
    """CPU seconds and memory from here on."""

    def __init__(self) -> None:
        self.begun = time.process_time()
        self.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def check(self) -> None:
        assert time.process_time() - self.begun < SECONDS
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - self.memory
        assert grown < 1_000_000, "kilobytes"


def test_a_policy_of_a_megabyte() -> None:
    bounds = Bounds()
    names = [f"s3:Get{index:05}" for index in range(60_000)]
    reading = read(document(allow(names)))
    assert reading.policy is not None and reading.document is not None
    assert reading.policy.source is not None
    assert any(each.code == "policy-quota" for each in lint(reading.policy, reading.document))
    assert search(Query(allowed=((reading.policy,),))).found is Found.YES
    bounds.check()


def test_ten_thousand_statements() -> None:
    bounds = Bounds()
    statements = [
        {"Effect": "Deny" if index % 3 == 0 else "Allow", "Action": f"s{index % 50}:A{index}*", "Resource": "*"}
        for index in range(10_000)
    ]
    reading = read(document(*statements))
    assert reading.policy is not None
    less = policy(*statements[:-1])
    answer = search(Query(allowed=((reading.policy,),), refused=((less,),)))
    assert answer.found is (Found.NONE if statements[-1]["Effect"] == "Deny" else Found.YES)
    bounds.check()


@pytest.mark.parametrize("stars", [4, 20, 200])
def test_patterns_of_many_stars_match_in_linear_time(stars: int) -> None:
    bounds = Bounds()
    pathological = policy(allow("*", "arn:aws:s3:::" + "*a" * stars + "*b"))
    assert allows((pathological,), request(resource="arn:aws:s3:::" + "a" * 5_000)) is False
    assert allows((pathological,), request(resource="arn:aws:s3:::" + "a" * 5_000 + "b")) is True
    bounds.check()


@pytest.mark.parametrize("stars", [4, 12, 40])
def test_patterns_of_many_stars_are_compared(stars: int) -> None:
    bounds = Bounds()
    one = policy(allow("*", "arn:aws:s3:::" + "*a" * stars + "*"))
    other = policy(allow("*", "arn:aws:s3:::" + "*a" * (stars - 1) + "*"))
    expected = (Found.NONE,) if stars <= 12 else (Found.NONE, Found.UNDETERMINED)
    assert search(Query(allowed=((one,),), refused=((other,),))).found in expected
    assert search(Query(allowed=((other,),), refused=((one,),))).found is Found.YES
    bounds.check()


def test_a_dozen_infixes_at_once_are_answered_or_undetermined() -> None:
    """All of twelve infixes in one text is found; none of them beside twelve others is found or given up, with why."""
    bounds = Bounds()
    chance = random.Random(7)
    infixes = ["".join(chance.choices("abc", k=4)) for _ in range(12)]
    condition = {"StringLike": {f"k{index}": f"*{each}*" for index, each in enumerate(infixes)}}
    assert search(Query(allowed=((policy(allow(Condition=condition)),),))).found is Found.YES
    wanted = [{"StringLike": {"k": f"*{each}*"}} for each in infixes]
    groups = tuple((policy(allow(Condition=each)),) for each in wanted)
    answer = search(Query(allowed=groups))
    assert answer.found in (Found.YES, Found.UNDETERMINED)
    assert answer.found is Found.YES or "budget" in answer.why
    bounds.check()


def test_infixes_against_infixes_end() -> None:
    """Six infixes wanted and a dozen barred at once: the product of their automata is huge, the search is not."""
    bounds = Bounds()
    chance = random.Random(11)
    wanted = ["".join(chance.choices("ab", k=5)) for _ in range(6)]
    barred = ["".join(chance.choices("ab", k=4)) for _ in range(12)]
    groups = tuple((policy(allow(Condition={"StringLike": {"k": f"*{each}*"}})),) for each in wanted)
    closed = policy(allow(), deny(Condition={"StringLike": {"k": [f"*{each}*" for each in barred]}}))
    answer = search(Query(allowed=(*groups, (closed,))))
    assert answer.found in (Found.NONE, Found.UNDETERMINED)
    assert answer.why
    bounds.check()


@pytest.mark.parametrize(("accounts", "expected"), [(300, Found.NONE), (8_000, Found.UNDETERMINED)])
def test_policies_for_many_accounts_end(accounts: int, expected: Found) -> None:
    bounds = Bounds()
    roles = [f"arn:aws:iam::{100_000_000_000 + each}:role/r{each}" for each in range(accounts)]
    shared = policy(*(allow(Principal={"AWS": each}) for each in roles), kind=Kind.RESOURCE)
    answer = search(Query(allowed=((shared,),), refused=((shared,),)))
    assert answer.found is expected
    assert expected is Found.NONE or "more callers than the budget" in answer.why
    bounds.check()


def test_a_budget_of_candidates_ends_the_search() -> None:
    chance = random.Random(3)
    names = ["".join(chance.choices("ab", k=3)) for _ in range(40)]
    one = policy(*(allow(f"s:*{each}*", Sid=f"S{at}") for at, each in enumerate(names)))
    other = policy(*(allow(f"s:*{each[:2]}*", Sid=f"S{at}") for at, each in enumerate(names)))
    answer = search(Query(allowed=((one,),), refused=((other,),)), budget=3)
    assert answer.found is Found.UNDETERMINED
    assert "candidates" in answer.why


def test_a_policy_of_many_equal_statements_is_minimised() -> None:
    bounds = Bounds()
    result = minimise(policy(*(allow("s3:Get*", Sid=f"S{index}") for index in range(60))))
    assert len(result.policy.statements) == 1
    bounds.check()


_KEYS = ("Version", "Statement", "Effect", "Action", "Resource", "Principal", "Condition", "StringEquals", "k")
_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(_ANYTHING)
def test_no_document_breaks_the_reader(value: Any) -> None:
    for kind in Kind:
        reading = read(json.dumps(value), kind)
        assert (reading.policy is None) == bool(reading.findings)
        if reading.policy is not None and reading.document is not None:
            lint(reading.policy, reading.document)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    assert read(content).policy is None
