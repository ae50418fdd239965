"""Statements packed into documents: within the quotas, and meaning exactly what the statements one by one mean."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.permissions.worlds import policy, statements

from assay.permissions.compiler.packing import Packed, TooLarge, pack, policy_of
from assay.permissions.compiler.statements import Denial, sid
from assay.permissions.guardrails import FULL_ACCESS
from assay.permissions.policy import Kind
from assay.permissions.quotas import QUOTAS, size
from assay.permissions.solve import Found, Query, search


def denials(*stated: dict[str, object]) -> list[Denial]:
    found = []
    for number, each in enumerate(stated):
        whole: dict[str, Any] = {"Sid": sid(f"invariant-{number}"), "Effect": "Deny", "Resource": "*", **each}
        found.append(Denial(f"invariant-{number}", Kind.SCP, policy(whole, kind=Kind.SCP).statements[0]))
    return found


def test_statements_that_differ_in_their_actions_are_one() -> None:
    (document,) = pack("scp-root", Kind.SCP, denials({"Action": "s3:DeleteBucket"}, {"Action": ["s3:Delete*", "a:b"]}))
    (statement,) = document.document["Statement"]
    assert statement["Action"] == ["a:b", "s3:Delete*"]  # the other one is covered
    assert statement["Sid"] == "Invariant0And1More"
    assert document.invariants == ("invariant-0", "invariant-1")


def test_statements_with_other_conditions_or_resources_and_all_but_some_actions_stay_apart() -> None:
    (document,) = pack(
        "scp-root",
        Kind.SCP,
        denials(
            {"Action": "a:b"},
            {"Action": "a:b", "Resource": "arn:aws:s3:::x"},
            {"Action": "a:b", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
            {"NotAction": "a:b"},
            {"NotAction": "a:c"},
        ),
    )
    assert len(document.document["Statement"]) == 5


def test_a_pattern_with_a_question_mark_covers_no_pattern_that_says_more() -> None:
    (document,) = pack(
        "scp-root", Kind.SCP, denials({"Action": "s3:Get?"}, {"Action": "s3:Get*"}, {"Action": "s3:G*t"})
    )
    assert document.document["Statement"][0]["Action"] == ["s3:G*t", "s3:Get*"]


def test_documents_keep_to_the_quota_and_long_statements_are_split() -> None:
    actions = [f"service{number:03}:Operation{number:04}" for number in range(600)]
    documents = pack("scp-root", Kind.SCP, denials({"Action": actions}))
    assert len(documents) > 1
    assert [each.name for each in documents] == [f"scp-root-{number}" for number in range(1, len(documents) + 1)]
    assert all(size(each.document) <= QUOTAS[Kind.SCP].characters for each in documents)
    kept = [one for each in documents for statement in each.document["Statement"] for one in statement["Action"]]
    assert sorted(kept) == sorted(actions)


def test_what_cannot_be_split_is_said() -> None:
    resources = [f"arn:aws:s3:::bucket-{number:04}" for number in range(400)]
    with pytest.raises(TooLarge, match="invariant-0 has"):
        pack("scp-root", Kind.SCP, denials({"Action": "s3:PutObject", "Resource": resources}))


def test_a_sid_is_given_once() -> None:
    stated = denials({"Action": "a:b"}, {"Action": "a:b", "Resource": "arn:aws:s3:::x"})
    same = [Denial("one", each.kind, replace(each.statement, sid="One")) for each in stated]
    (document,) = pack("scp-root", Kind.SCP, same)
    assert [each["Sid"] for each in document.document["Statement"]] == ["One1", "One2"]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(statements(), min_size=1, max_size=5))
def test_packing_changes_nothing(stated: list[dict[str, Any]]) -> None:
    single = [
        Denial(f"i{number}", Kind.SCP, policy({**each, "Effect": "Deny", "Sid": f"S{number}"}).statements[0])
        for number, each in enumerate(stated)
    ]
    packed: tuple[Packed, ...] = pack("scp-x", Kind.SCP, single)
    before = (FULL_ACCESS[Kind.SCP], *(policy_of(each.invariant, Kind.SCP, [each.statement]) for each in single))
    after = (FULL_ACCESS[Kind.SCP], *(each.policy for each in packed))
    for left, right in ((before, after), (after, before)):
        assert search(Query(allowed=(left,), refused=(right,))).found is Found.NONE


@pytest.mark.parametrize("longest", range(0, 60, 3))
def test_two_statements_that_fill_a_document_to_the_last_character_keep_to_the_quota(longest: int) -> None:
    most = QUOTAS[Kind.SCP].characters
    half = f"arn:aws:s3:::{'x' * (most // 2 - 150 + longest)}"
    stated = denials({"Action": "a:b", "Resource": half}, {"Action": "a:b", "Resource": f"{half}y"})
    assert all(size(each.document) <= most for each in pack("scp-root", Kind.SCP, stated))


def test_a_statement_of_two_long_actions_is_split() -> None:
    most = QUOTAS[Kind.SCP].characters
    long = "A" * (most // 2)
    documents = pack("scp-root", Kind.SCP, denials({"Action": [f"a:{long}", f"b:{long}"]}))
    assert [each.name for each in documents] == ["scp-root-1", "scp-root-2"]
    assert all(size(each.document) <= most for each in documents)


@pytest.mark.parametrize("longest", range(0, 120, 4))
def test_a_statement_that_fits_only_without_the_document_around_it_is_split(longest: int) -> None:
    most = QUOTAS[Kind.SCP].characters
    long = "A" * ((most - 200 + longest) // 2)
    documents = pack("scp-root", Kind.SCP, denials({"Action": [f"a:{long}", f"b:{long}"]}))
    assert all(size(each.document) <= most for each in documents)
