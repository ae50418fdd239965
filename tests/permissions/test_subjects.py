"""Roles, users, trust policies and resource policies of templates, judged by their own statements under guardrails."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assay.governance.repository import read_catalogue
from assay.inventory.resource import Inventory
from assay.permissions.guardrails import Guardrail, Guardrails
from assay.permissions.invariants import understand
from assay.permissions.parse import read_policy
from assay.permissions.policy import Kind, Policy
from assay.permissions.proof import Verdict
from assay.permissions.request import Organisation
from assay.permissions.solve import Found
from assay.permissions.subjects import SubjectProof, Subjects
from assay.sources import cloudformation

HERE, OTHER, STRANGER = "222222222222", "333333333333", "999999999999"
ESCALATION = "identities-stay-within-their-boundary"
BOUNDARY = f"arn:aws:iam::{HERE}:policy/boundary"
LAMBDA = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
GITHUB = "token.actions.githubusercontent.com"
PROVIDER = {"Type": "AWS::IAM::OIDCProvider", "Properties": {"Url": f"https://{GITHUB}"}}

Ask = Callable[..., SubjectProof]


def load(kind: Kind, *statements: Mapping[str, Any]) -> Policy:
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    policy = read_policy(text.encode(), "guardrail.json", kind).policy
    assert policy is not None
    return policy


def policy(*statements: Mapping[str, Any], name: str = "own") -> dict[str, Any]:
    return {"PolicyName": name, "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}


def allow(*actions: str, on: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **more}


def role(*statements: Mapping[str, Any], trust: Any = None, **more: Any) -> dict[str, Any]:
    trusted = {"Version": "2012-10-17", "Statement": [trust or LAMBDA]}
    properties = {"AssumeRolePolicyDocument": trusted, "Policies": [policy(*statements)] if statements else [], **more}
    return {"Type": "AWS::IAM::Role", "Properties": properties}


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Ask about the resource This of a template with these resources."""

    def answer(
        invariant: str,
        this: Mapping[str, Any],
        *,
        beside: Mapping[str, Any] | None = None,
        guard: tuple[Policy, ...] = (),
        account: str = HERE,
        **words: tuple[str, ...],
    ) -> SubjectProof:
        inventory = read(tmp_path, {"This": this, **(beside or {})}, account)
        asking = subjects(guard, words)
        (understood,) = understand([read_catalogue().invariants[invariant].invariant], asking.words)
        (resource,) = [each for each in inventory.resources if each.name == "This"]
        return asking.prove(understood, resource, inventory)

    return answer


def read(folder: Path, resources: Mapping[str, Any], account: str) -> Inventory:
    path = folder / "template.json"
    path.write_text(json.dumps({"Parameters": {"Given": {"Type": "String"}}, "Resources": resources}, indent=1))
    inventory = cloudformation.read([path], cloudformation.Context(account=account, region="eu-west-1"))
    assert not inventory.faults
    return inventory


def subjects(guard: tuple[Policy, ...] = (), words: Mapping[str, tuple[str, ...]] | None = None) -> Subjects:
    found = tuple(Guardrail(f"guard{number}", each, frozenset({HERE})) for number, each in enumerate(guard))
    said = {
        "organisation": ("o-example1",),
        "accounts": (HERE, OTHER),
        "our-arns": tuple(f"arn:aws:*:*:{each}:*" for each in (HERE, OTHER)),
        **{name.replace("_", "-"): each for name, each in (words or {}).items()},
    }
    guardrails = Guardrails(found, {Kind.SCP: (), Kind.RCP: ()})
    return Subjects(guardrails, Organisation("o-example1", "111111111111"), {HERE: "Prod", OTHER: "Prod"}, said)


def ways(proof: SubjectProof) -> set[str]:
    return {each.way.name for each in proof.ways if each.found is Found.YES}


# -- privileges --------------------------------------------------------------------------------------------------------

(_STATED,) = understand([read_catalogue().invariants[ESCALATION].invariant], {})


def test_each_way_takes_all_of_its_steps_and_nothing_else(tmp_path: Path) -> None:
    assert len(_STATED.ways) >= 30
    cases = {}
    for number, way in enumerate(_STATED.ways):
        actions = [step.actions[0].text for step in way.steps]
        cases[f"Whole{number}"] = (way, actions, True)
        for gone in range(len(actions)):
            cases[f"Part{number}x{gone}"] = (way, [*actions[:gone], *actions[gone + 1 :], "s3:GetObject"], False)
    inventory = read(tmp_path, {name: role(allow(*actions)) for name, (_, actions, _) in cases.items()}, HERE)
    asking = subjects()
    for resource in inventory.resources:
        way, _, is_open = cases[resource.name]
        found = asking.prove(replace(_STATED, ways=(way,)), resource, inventory)
        assert found.verdict is (Verdict.FALLS if is_open else Verdict.PROVED), (resource.name, way.name)


@pytest.mark.parametrize(
    ("statements", "verdict"),
    [
        ([allow("s3:GetObject", "iam:GetRole", "iam:ListRoles")], Verdict.PROVED),
        ([allow("iam:*")], Verdict.FALLS),
        ([{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*"}], Verdict.FALLS),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], Verdict.FALLS),  # the code of functions
        ([allow("*"), {"Effect": "Deny", "NotAction": ["s3:*"], "Resource": "*"}], Verdict.PROVED),
        ([allow("iam:PutRolePolicy", on={"Ref": "Given"})], Verdict.UNDETERMINED),
        ([allow("s3:GetObject", on={"Ref": "Given"})], Verdict.PROVED),
        ([allow("iam:*"), {"Effect": "Deny", "Action": {"Ref": "Given"}, "Resource": "*"}], Verdict.UNDETERMINED),
        ([allow("iam:PassRole", on=f"arn:aws:iam::{HERE}:role/x"), allow("lambda:*")], Verdict.FALLS),
    ],
)
def test_what_its_statements_open(statements: list[dict[str, Any]], verdict: Verdict, ask: Ask) -> None:
    found = ask(ESCALATION, role(*statements))
    assert found.verdict is verdict, found
    assert bool(found.holes) is (verdict is Verdict.UNDETERMINED)


def test_the_request_is_the_role_s_own(ask: Ask) -> None:
    found = ask(ESCALATION, role(allow("lambda:UpdateFunctionCode"), RoleName="worker"))
    request = found.ways[0].asked[0].answer.request
    assert request is not None
    assert str(request.caller) == f"arn:aws:sts::{HERE}:assumed-role/worker/session"
    assert request.resource == f"arn:aws:lambda:eu-west-1:{HERE}:function:example"


def test_a_declared_boundary_makes_giving_harmless(ask: Ask) -> None:
    bounded = {"Condition": {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}}
    giving = role(allow("iam:PutRolePolicy", "iam:AttachRolePolicy", **bounded))
    assert ask(ESCALATION, giving, boundaries=(BOUNDARY,)).verdict is Verdict.PROVED
    assert ask(ESCALATION, giving).verdict is Verdict.FALLS
    assert ask(ESCALATION, giving, boundaries=(f"{BOUNDARY}-of-others",)).verdict is Verdict.FALLS


def test_its_own_boundary_limits_it(ask: Ask) -> None:
    document = {"Version": "2012-10-17", "Statement": [allow("s3:*")]}
    limit = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}
    bounded = role(allow("*"), PermissionsBoundary={"Ref": "Limit"})
    assert ask(ESCALATION, bounded, beside={"Limit": limit}).verdict is Verdict.PROVED
    unknown = ask(ESCALATION, role(allow("*"), PermissionsBoundary={"Ref": "Given"}))
    assert unknown.verdict is Verdict.UNDETERMINED
    assert any("a managed policy of This" in each for each in unknown.holes)


def test_a_guardrail_of_its_account_closes_the_way(ask: Ask) -> None:
    guard = (load(Kind.SCP, {"Effect": "Deny", "Action": "iam:*", "Resource": "*"}),)
    assert ask(ESCALATION, role(allow("iam:*", "s3:GetObject")), guard=guard).verdict is Verdict.PROVED
    assert ask(ESCALATION, role(allow("iam:*", "s3:GetObject")), guard=guard, account=OTHER).verdict is Verdict.FALLS


def test_a_guardrail_that_excepts_others_still_binds_it(ask: Ask) -> None:
    but = {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/pipeline"}}
    guard = (load(Kind.SCP, {"Effect": "Deny", "Action": "iam:*", "Resource": "*", "Condition": but}),)
    assert (
        ask(ESCALATION, role(allow("iam:*", "s3:GetObject"), RoleName="worker"), guard=guard).verdict is Verdict.PROVED
    )
    assert ask(ESCALATION, role(allow("iam:*"), RoleName="pipeline"), guard=guard).verdict is Verdict.FALLS


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("AdministratorAccess", Verdict.FALLS),
        ("PowerUserAccess", Verdict.FALLS),
        ("AmazonS3ReadOnlyAccess", Verdict.PROVED),
        ("service-role/AWSLambdaBasicExecutionRole", Verdict.PROVED),
        ("SomethingElse", Verdict.UNDETERMINED),
    ],
)
def test_policies_that_aws_manages(name: str, verdict: Verdict, ask: Ask) -> None:
    assert ask(ESCALATION, role(ManagedPolicyArns=[f"arn:aws:iam::aws:policy/{name}"])).verdict is verdict


def test_attached_policies_count(ask: Ask) -> None:
    document = {"Version": "2012-10-17", "Statement": [allow("iam:CreatePolicyVersion")]}
    attached = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": document, "Roles": [{"Ref": "This"}]},
    }
    assert ways(ask(ESCALATION, role(), beside={"Attached": attached})) == {"a new version of a policy"}
    named = role(ManagedPolicyArns=[{"Ref": "Attached"}])
    attached["Properties"] = {"PolicyDocument": document}
    assert ways(ask(ESCALATION, named, beside={"Attached": attached})) == {"a new version of a policy"}


def mine_policies() -> list[dict[str, Any]]:
    return [policy(allow("iam:CreateAccessKey", on=f"arn:aws:iam::{HERE}:user/${{aws:username}}"))]


def test_a_user_has_what_its_groups_have_and_keys_of_its_own(ask: Ask) -> None:
    user = {"Type": "AWS::IAM::User", "Properties": {"Groups": [{"Ref": "Admins"}]}}
    admins = {"Type": "AWS::IAM::Group", "Properties": {"Policies": [policy(allow("iam:*"))]}}
    assert ask(ESCALATION, user, beside={"Admins": admins}).verdict is Verdict.FALLS
    unnamed = {"Type": "AWS::IAM::User", "Properties": {"Policies": mine_policies()}}
    assert ask(ESCALATION, unnamed).verdict is Verdict.PROVED
    elsewhere = {"Type": "AWS::IAM::User", "Properties": {"Groups": ["admins"]}}
    assert ask(ESCALATION, elsewhere).verdict is Verdict.UNDETERMINED
    mine = {"Type": "AWS::IAM::User", "Properties": {"UserName": "ann", "Policies": mine_policies()}}
    assert ask(ESCALATION, mine).verdict is Verdict.PROVED
    every = {"Type": "AWS::IAM::User", "Properties": {"Policies": [policy(allow("iam:CreateAccessKey"))]}}
    assert ways(ask(ESCALATION, every)) == {"credentials of another user"}


def test_who_is_exempt_is_named_and_has_a_name(ask: Ask) -> None:
    who = ("arn:aws:iam::*:role/pipeline*",)
    found = ask(ESCALATION, role(allow("*"), RoleName="pipeline-eu"), pipeline=who)
    assert found.verdict is Verdict.NOT_ABOUT
    assert "is exempt as arn:aws:iam::*:role/pipeline*" in found.why
    assert ask(ESCALATION, role(allow("*")), pipeline=who).verdict is Verdict.FALLS
    assert ask(ESCALATION, role(allow("*"), RoleName="other"), pipeline=who).verdict is Verdict.FALLS


def test_who_is_allowed_nothing_is_no_proof(ask: Ask) -> None:
    assert ask(ESCALATION, role()).verdict is Verdict.NOT_ABOUT
    closed = role(allow("s3:GetObject"), {"Effect": "Deny", "Action": "*", "Resource": "*"})
    assert ask(ESCALATION, closed).verdict is Verdict.NOT_ABOUT


def test_equal_policies_are_asked_about_once_and_told_of_each(tmp_path: Path) -> None:
    resources = {f"Role{number}": role(allow("iam:CreatePolicyVersion")) for number in range(20)}
    inventory, asking = read(tmp_path, resources, HERE), subjects()
    proofs = [asking.prove(_STATED, each, inventory) for each in inventory.resources]
    asked = {id(each): each for each in asking._answers.values()}
    assert len(asked) <= 3
    callers = {str(each.ways[0].asked[0].answer.request.caller) for each in proofs}  # type: ignore[union-attr]
    assert len(callers) == 20


# -- trust -------------------------------------------------------------------------------------------------------------


def oidc(**conditions: Any) -> dict[str, Any]:
    named = {"Fn::GetAtt": ["Provider", "Arn"]}
    stated = {"Effect": "Allow", "Principal": {"Federated": named}, "Action": "sts:AssumeRoleWithWebIdentity"}
    return {**stated, "Condition": conditions} if conditions else stated


AUD = {f"{GITHUB}:aud": "sts.amazonaws.com"}


@pytest.mark.parametrize(
    ("trusted", "verdict"),
    [
        (oidc(), Verdict.FALLS),
        (oidc(StringEquals=AUD), Verdict.FALLS),
        (oidc(StringEquals=AUD, StringLike={f"{GITHUB}:sub": "repo:*"}), Verdict.FALLS),
        (oidc(StringEquals=AUD, StringLikeIfExists={f"{GITHUB}:sub": "repo:ours/*"}), Verdict.FALLS),
        (oidc(StringLike={f"{GITHUB}:sub": "repo:ours/*"}), Verdict.FALLS),
        (oidc(StringEquals=AUD, StringLike={f"{GITHUB}:sub": "repo:ours/*:ref:refs/heads/main"}), Verdict.PROVED),
        (oidc(StringEquals={**AUD, f"{GITHUB}:sub": {"Ref": "Given"}}), Verdict.UNDETERMINED),
        (LAMBDA, Verdict.NOT_ABOUT),
    ],
)
def test_a_provider_is_bound_by_audience_and_subject(trusted: dict[str, Any], verdict: Verdict, ask: Ask) -> None:
    found = ask("trust-binds-audience-and-subject", role(trust=trusted), beside={"Provider": PROVIDER})
    assert found.verdict is verdict, found


@pytest.mark.parametrize("bound", [True, False])
def test_saml_is_bound_by_its_audience(bound: bool, ask: Ask) -> None:
    condition = {"Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}}} if bound else {}
    named = {"Federated": f"arn:aws:iam::{HERE}:saml-provider/corp"}
    trusted = {"Effect": "Allow", "Principal": named, "Action": "sts:AssumeRoleWithSAML", **condition}
    found = ask("trust-binds-audience-and-subject", role(trust=trusted))
    assert found.verdict is (Verdict.PROVED if bound else Verdict.FALLS)


def trusting(principal: Any, **condition: Any) -> dict[str, Any]:
    stated = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}
    return role(trust={**stated, "Condition": condition} if condition else stated)


OUTSIDE = "roles-are-not-assumed-from-outside"


@pytest.mark.parametrize(
    ("principal", "condition", "verdict"),
    [
        (f"arn:aws:iam::{OTHER}:root", {}, Verdict.PROVED),
        (f"arn:aws:iam::{STRANGER}:root", {}, Verdict.FALLS),
        ("*", {}, Verdict.FALLS),
        ("*", {"StringEquals": {"aws:PrincipalOrgID": "o-example1"}}, Verdict.PROVED),
        ("*", {"StringEqualsIfExists": {"aws:PrincipalOrgID": "o-example1"}}, Verdict.FALLS),
        (f"arn:aws:iam::{STRANGER}:root", {"StringEquals": {"sts:ExternalId": "agreed"}}, Verdict.FALLS),
        ({"Ref": "Given"}, {}, Verdict.UNDETERMINED),
    ],
)
def test_who_becomes_a_role(principal: Any, condition: dict[str, Any], verdict: Verdict, ask: Ask) -> None:
    assert ask(OUTSIDE, trusting(principal, **condition)).verdict is verdict


def test_a_partner_is_outside_unless_it_is_one(ask: Ask) -> None:
    partner = trusting(f"arn:aws:iam::{STRANGER}:root")
    assert ask(OUTSIDE, partner, partners=(f"arn:aws:iam::{STRANGER}:*",)).verdict is Verdict.PROVED
    assert ask("trust-demands-an-external-id", partner).verdict is Verdict.FALLS
    agreed = trusting(f"arn:aws:iam::{STRANGER}:root", StringEquals={"sts:ExternalId": "agreed"})
    assert ask("trust-demands-an-external-id", agreed).verdict is Verdict.PROVED


def test_a_perimeter_keeps_strangers_from_roles(ask: Ask) -> None:
    ours = {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-example1"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    }
    deny = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole", "Resource": "*", "Condition": ours}
    guard = (load(Kind.RCP, deny),)
    stranger = trusting(["*", f"arn:aws:iam::{OTHER}:root"])
    assert ask(OUTSIDE, stranger, guard=guard).verdict is Verdict.PROVED
    assert ask(OUTSIDE, stranger, guard=guard, account=OTHER).verdict is Verdict.FALLS


# -- resources ---------------------------------------------------------------------------------------------------------


def queue(*statements: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a queue, and the policy of it that stands beside."""
    return {"Type": "AWS::SQS::Queue", "Properties": {}}, {
        "Attached": {
            "Type": "AWS::SQS::QueuePolicy",
            "Properties": {
                "Queues": [{"Ref": "This"}],
                "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)},
            },
        }
    }


def receiving(principal: Any, **condition: Any) -> dict[str, Any]:
    on = {"Fn::GetAtt": ["This", "Arn"]}
    stated = {"Effect": "Allow", "Principal": principal, "Action": "sqs:ReceiveMessage", "Resource": on}
    return {**stated, "Condition": condition} if condition else stated


@pytest.mark.parametrize(
    ("statement", "reading", "acting"),
    [
        (receiving("*"), Verdict.FALLS, Verdict.FALLS),
        (receiving({"AWS": f"arn:aws:iam::{STRANGER}:root"}), Verdict.FALLS, Verdict.NOT_ABOUT),
        (receiving({"AWS": f"arn:aws:iam::{OTHER}:root"}), Verdict.PROVED, Verdict.NOT_ABOUT),
        (receiving({"Service": "sns.amazonaws.com"}), Verdict.PROVED, Verdict.FALLS),
        (
            receiving({"Service": "sns.amazonaws.com"}, StringEquals={"aws:SourceAccount": HERE}),
            Verdict.PROVED,
            Verdict.PROVED,
        ),
        (
            receiving({"Service": "sns.amazonaws.com"}, StringEqualsIfExists={"aws:SourceAccount": HERE}),
            Verdict.PROVED,
            Verdict.FALLS,
        ),
        (
            receiving({"Service": "sns.amazonaws.com"}, ArnLike={"aws:SourceArn": f"arn:aws:sns:*:{HERE}:*"}),
            Verdict.PROVED,
            Verdict.PROVED,
        ),
        (
            receiving({"Service": "sns.amazonaws.com"}, StringEquals={"aws:SourceAccount": STRANGER}),
            Verdict.PROVED,
            Verdict.FALLS,
        ),
    ],
)
def test_whom_a_queue_lets_in(statement: dict[str, Any], reading: Verdict, acting: Verdict, ask: Ask) -> None:
    this, beside = queue(statement)
    assert ask("data-is-not-read-from-outside", this, beside=beside).verdict is reading
    assert ask("services-name-for-whom-they-act", this, beside=beside).verdict is acting


def test_a_resource_without_a_policy_lets_nobody_in(ask: Ask) -> None:
    found = ask("data-is-not-read-from-outside", {"Type": "AWS::S3::Bucket"})
    assert (found.verdict, found.why) == (Verdict.NOT_ABOUT, "it has no policy of its own")
