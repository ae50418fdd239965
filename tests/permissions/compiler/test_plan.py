"""The plan: proved where it is attached, tried by requests, compared with what is attached today."""

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest

from assay.governance.ec2_attributes import EC2_ATTRIBUTES
from assay.governance.model import Invariant as Stated
from assay.governance.model import Severity
from assay.governance.units import is_under
from assay.permissions.compiler.changes import changes
from assay.permissions.compiler.packing import policy_of
from assay.permissions.compiler.plan import OWN_PER_NODE, Plan, Wanted, _crowded, compile_guardrails, declare
from assay.permissions.compiler.probing import try_probes
from assay.permissions.compiler.reach import reach
from assay.permissions.compiler.statements import denials
from assay.permissions.guardrails import Guardrail, Guardrails
from assay.permissions.invariants import understand
from assay.permissions.policy import Kind
from assay.permissions.proof import Verdict
from assay.permissions.questions import Comparison
from assay.permissions.request import Organisation
from assay.permissions.solve import Found

ORGANISATION = Organisation("o-house000001", "111111111111")
UNITS = {"222222222222": "Workloads/Prod", "333333333333": "Workloads/Test", "444444444444": "Root"}
TRAIL: dict[str, object] = {"Action": ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"]}
REGION: dict[str, object] = {
    "NotAction": ["iam:*", "sts:*"],
    "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["{regions}"]}},
}


def invariant(name: str, never: dict[str, object], still: dict[str, object], **more: object) -> Stated:
    return Stated(name, name, "o", "why", Severity.HIGH, (never,), (still,), **more)  # type: ignore[arg-type]


STATED = (
    invariant("trail-stays", TRAIL, {"Action": "cloudtrail:LookupEvents"}, exempt=("{security}",)),
    invariant("only-regions", REGION, {"Action": "ec2:RunInstances"}),
    invariant("objects-stay-inside", {"Action": "s3:GetObject"}, {"Action": "s3:GetObject"}, side="resource"),
    invariant("roles-are-ours", {"Action": "sts:AssumeRole"}, {"Action": "sts:AssumeRole"}, side="trust"),
)
WORDS: dict[str, Sequence[str]] = {"regions": ("eu-west-1",), "security": ("arn:aws:iam::*:role/security",)}


def planned(*nodes: str) -> Plan:
    wanted = [Wanted(each, nodes or ("Root",)) for each in understand(STATED, WORDS)]
    return compile_guardrails(wanted, ORGANISATION, UNITS)


def test_every_invariant_that_a_guardrail_can_prove_is_proved_and_packing_changes_nothing() -> None:
    plan = planned()
    assert {each.invariant.id: each.verdict for each in plan.proofs} == {
        "trail-stays": Verdict.PROVED,
        "only-regions": Verdict.PROVED,
        "objects-stay-inside": Verdict.PROVED,
    }
    assert {difference.comparison for _, difference in plan.equal} == {Comparison.EQUAL}
    assert [name for name, _ in plan.left] == ["roles-are-ours"]
    assert [(each.packed.name, each.kind) for each in plan.attached] == [
        ("rcp-root-1", Kind.RCP),
        ("scp-root-1", Kind.SCP),
    ]
    assert not plan.troubles


def test_an_rcp_denies_outsiders_and_no_service() -> None:
    (document,) = [each.packed.document for each in planned().attached if each.kind is Kind.RCP]
    assert document["Statement"] == [
        {
            "Sid": "ObjectsStayInside",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": "*",
            "Condition": {
                "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-house000001"},
                "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
            },
        }
    ]


def test_whom_an_invariant_exempts_the_guardrail_does_not_deny() -> None:
    (document,) = [each.packed.document for each in planned().attached if each.kind is Kind.SCP]
    (trail,) = [each for each in document["Statement"] if each["Sid"] == "TrailStays"]
    assert trail["Condition"] == {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/security"}}


def test_a_word_that_nobody_said_leaves_the_invariant_out_and_says_so() -> None:
    tagged: dict[str, object] = {"Action": "a:b", "Condition": {"StringEquals": {"aws:PrincipalTag/team": "{nobody}"}}}
    plan = compile_guardrails([Wanted(understand([invariant("tagged", tagged, TRAIL)], {})[0])], ORGANISATION, UNITS)
    assert plan.left == (("tagged", "nothing says what nobody stands for"),)
    assert not plan.attached


def test_it_holds_below_its_nodes_and_nowhere_else() -> None:
    plan = planned("Workloads/Prod")
    (proof,) = [each for each in plan.proofs if each.invariant.id == "trail-stays"]
    found = {account: each.verdict for each in proof.groups for account in each.group.accounts}
    assert found == {
        "222222222222": Verdict.PROVED,
        "333333333333": Verdict.FALLS,
        "444444444444": Verdict.FALLS,
    }
    assert {each.account for each in plan.probes} == {"222222222222"}
    found_reach = reach(Kind.SCP, ("Workloads/Prod",), ORGANISATION, UNITS)
    assert found_reach.bound == ("222222222222",)
    assert found_reach.unbound == ("333333333333", "444444444444")
    assert "the management account 111111111111" in found_reach.never
    assert any("services other than" in each for each in reach(Kind.RCP, ("Root",), ORGANISATION, UNITS).never)


@pytest.mark.parametrize(
    ("account", "unit", "nodes", "expected"),
    [
        ("1", "A/B", ("Root",), True),
        ("1", "A/B", ("A",), True),
        ("1", "A/B", ("A/B",), True),
        ("1", "A/B", ("1",), True),
        ("1", "A/B", ("B", "A/C", "2"), False),
        ("1", "Root", ("A",), False),
        ("1", "AB", ("A",), False),
    ],
)
def test_which_nodes_bind_an_account(account: str, unit: str, nodes: tuple[str, ...], expected: bool) -> None:
    assert is_under(account, unit, nodes) is expected


def test_the_requests_to_try_are_decided_as_stated_and_removing_a_statement_flips_its_own_alone() -> None:
    plan = planned()
    assert {each.denied for each in plan.probes} == {True, False}
    assert all(each.is_right for each in try_probes(plan.probes, plan.guardrails, UNITS))
    for index, attached in enumerate(plan.attached):
        for removed in attached.packed.policy.statements:
            rest = [each for each in attached.packed.policy.statements if each is not removed]
            others = [each for number, each in enumerate(plan.guardrails.found) if number != index]
            changed = [Guardrail("x", policy_of("x", attached.kind, rest), frozenset(attached.nodes))] if rest else []
            guardrails = replace(plan.guardrails, found=(*others, *changed))
            wrong = [each.probe for each in try_probes(plan.probes, guardrails, UNITS) if not each.is_right]
            expected = {"TrailStays": "trail-stays", "OnlyRegions": "only-regions"}.get(
                removed.sid, "objects-stay-inside"
            )
            assert wrong
            assert {each.invariant for each in wrong} == {expected}
            assert all(each.denied for each in wrong)


def test_what_changes_is_shown_by_a_request_in_each_direction_or_proved_to_be_nothing() -> None:
    plan, none = planned(), Guardrails((), {Kind.SCP: (), Kind.RCP: ()})
    same = list(changes(plan.guardrails, plan.guardrails, ORGANISATION, UNITS))
    assert same
    assert all(each.is_none for each in same)
    for each in changes(none, plan.guardrails, ORGANISATION, UNITS):
        assert each.new.answer.found is Found.NONE
        assert each.lost.answer.found is Found.YES
    for each in changes(plan.guardrails, none, ORGANISATION, UNITS):
        assert each.new.answer.found is Found.YES
        assert each.lost.answer.found is Found.NONE


def test_more_documents_than_a_node_takes_are_said() -> None:
    never: dict[str, object] = {"Action": [f"service{number:03}:Operation{number:04}" for number in range(900)]}
    wide = understand([invariant("wide", never, {"Action": "a:b"})], {})
    plan = compile_guardrails([Wanted(wide[0])], ORGANISATION, UNITS)
    assert len(plan.attached) > OWN_PER_NODE[Kind.SCP]
    (trouble,) = plan.troubles
    assert "Root takes 4 documents" in trouble


def test_settings_of_ec2_are_grouped_by_where_they_hold() -> None:
    first, second, *_ = EC2_ATTRIBUTES
    root, prod = declare([(first, ("Root",)), (second, ("Workloads/Prod",))])
    assert (root.name, prod.name) == ("ec2-root", "ec2-workloads-prod")
    assert json.loads(json.dumps(root.document)) == {
        "ec2_attributes": {"snapshot_block_public_access": {"state": {"@@assign": "block_all_sharing"}}}
    }


def test_what_lacks_a_word_or_is_of_no_guardrail_denies_nothing() -> None:
    """A statement with a word left out would deny something else than was asked for."""
    whole, inside = understand(STATED[1:2], WORDS)[0], understand(STATED[3:], WORDS)[0]
    short = replace(whole, missing=("regions",))
    assert not whole.missing and inside.kind is None
    assert len(list(denials(whole, "o-x"))) == 1
    assert list(denials(short, "o-x")) == list(denials(inside, "o-x")) == []


def test_a_guardrail_about_services_keeps_their_condition_alone() -> None:
    never: dict[str, object] = {"Action": "s3:GetObject", "Condition": {"Bool": {"aws:PrincipalIsAWSService": "true"}}}
    (stated,) = understand([invariant("s", never, {"Action": "s3:GetObject"}, side="resource")], WORDS)
    (denial,) = denials(stated, "o-x")
    assert [each.key for each in denial.statement.conditions] == ["aws:PrincipalIsAWSService".lower()]


def test_as_many_documents_as_a_node_takes_are_no_trouble() -> None:
    (attached,) = [each for each in planned().attached if each.kind is Kind.SCP]
    allowed = OWN_PER_NODE[Kind.SCP]
    assert not list(_crowded([attached] * allowed))
    assert len(list(_crowded([attached] * (allowed + 1)))) == 1


def test_a_document_of_several_nodes_is_named_after_the_first_and_how_many_more() -> None:
    names = [each.packed.name for each in planned("Workloads/Test", "Workloads/Prod").attached]
    assert names == ["rcp-workloads-prod-and-1-more-1", "scp-workloads-prod-and-1-more-1"]
