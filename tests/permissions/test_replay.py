"""Events decided as if guardrails had been attached: who would have been denied, and the step that this allows."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from tests.permissions.events import ACCOUNT, OTHER, ROLE, event, session, user
from tests.permissions.worlds import Json, deny, policy

from assay.documents import read
from assay.governance.units import ROOT
from assay.permissions.attached import Attached
from assay.permissions.expected import Expected, read_expected
from assay.permissions.guardrails import Guardrail, Guardrails
from assay.permissions.policy import Kind
from assay.permissions.ramp import Asked, Stage, ask, findings
from assay.permissions.replay import Fate, Replay, Tally
from assay.permissions.request import Organisation
from assay.sources.cloudtrail import Event

NOW = datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)
ORGANISATION = Organisation("o-1", "999999999999", {ACCOUNT: "", OTHER: "", "999999999999": ""})


def attached(*statements: Mapping[str, Json], kind: Kind = Kind.SCP, at: str = ROOT, **more: Any) -> Attached:
    guard = Guardrail("guard", policy(*statements, kind=kind), frozenset({at}))
    return Attached(Guardrails((guard,), {Kind.SCP: (), Kind.RCP: ()}), **more)


def replayed(guards: Attached, events: Iterable[Event]) -> Tally:
    running = Replay(guards)
    for each in events:
        running.count(each)
    return running.tally


def fates(guards: Attached, *events: Event) -> dict[Fate, int]:
    found: dict[Fate, int] = {}
    for case, count in replayed(guards, events).cases():
        found[case.fate] = found.get(case.fate, 0) + count.events
    return found


def only(guards: Attached, each: Event) -> tuple[Fate, tuple[str, ...]]:
    ((case, _),) = replayed(guards, [each]).cases()
    return case.fate, case.because


NO_KEYS = deny("iam:CreateAccessKey", Sid="NoKeys")


def test_who_would_be_denied_how_often_when_and_by_which_line() -> None:
    key = "iam:CreateAccessKey"
    events = [
        event(key, eventID="b", eventTime="2026-11-20T09:00:00Z"),
        event(key, eventID="a", eventTime="2026-11-19T09:00:00Z", userIdentity=session(name="two")),
        event(key, eventID="c", eventTime="2026-11-21T09:00:00Z", userIdentity=user()),
        event("iam:ListRoles"),
    ]
    found = findings(replayed(attached(NO_KEYS), events), (), NOW.date())
    assert [(each.case.principal, each.count.events, each.asked) for each in found] == [
        (ROLE, 2, 2),  # sessions of one role are one
        (f"arn:aws:iam::{ACCOUNT}:user/ann", 1, 1),
    ]
    first = found[0]
    assert (first.count.first, first.count.last) == ("2026-11-19T09:00:00Z", "2026-11-20T09:00:00Z")
    assert first.case.because == ("Deny NoKeys (policy.json:4)",)
    assert first.count.example is not None
    assert first.count.example.id == "a"


def test_events_that_were_denied_already_are_told_apart() -> None:
    for code in ("AccessDenied", "Client.UnauthorizedOperation", "AccessDeniedException"):
        assert only(attached(NO_KEYS), event("iam:CreateAccessKey", errorCode=code))[0] is Fate.REFUSED
    assert only(attached(NO_KEYS), event("iam:CreateAccessKey", errorCode="LimitExceeded"))[0] is Fate.DENIED


def test_whom_guardrails_do_not_bind() -> None:
    guards = attached(deny(), organisation=ORGANISATION)
    management = event(userIdentity=user(account="999999999999"))
    stranger = event(userIdentity=user(account="333333333333"))
    linked = event(userIdentity=session(f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/x.amazonaws.com/AWSx"))
    service = event(userIdentity={"type": "AWSService", "invokedBy": "config.amazonaws.com"})
    found = fates(guards, management, stranger, linked, service, event())
    assert found == {Fate.UNBOUND: 4, Fate.DENIED: 1}


def test_a_guardrail_binds_below_its_node_only() -> None:
    units = {ACCOUNT: "Workloads/Prod", OTHER: "Sandbox"}
    guards = attached(deny(), at="Workloads", organisation=ORGANISATION, units=units)
    there = event(userIdentity=user(account=OTHER), recipientAccountId=OTHER)
    assert fates(guards, event(), there) == {Fate.DENIED: 1, Fate.ALLOWED: 1}


def test_a_list_of_what_is_allowed_denies_the_rest_once_full_access_is_detached() -> None:
    allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    guards = attached(allowed)
    assert fates(guards, event()) == {Fate.ALLOWED: 1}
    detached = Attached(guards.guardrails, full_access=False)
    assert only(detached, event()) == (*(Fate.DENIED, ("implicitly denied: the SCPs at level 1 do not allow it",)),)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (
            deny(Condition={"StringEquals": {"aws:PrincipalTag/team": "x"}}),
            "the key aws:principaltag/team is not given",
        ),
        (deny("iam:*", f"arn:aws:iam::{ACCOUNT}:role/team/app"), "which resource it is"),
    ],
)
def test_what_an_event_does_not_say_leaves_it_undetermined(statement: Json, why: str) -> None:
    asked = event("iam:DeleteRole", requestParameters={"roleName": "app"})
    assert only(attached(statement), asked) == (Fate.UNDETERMINED, (why,))


def test_only_what_decides_is_named_as_not_known() -> None:
    """A statement that does not apply for another reason is no reason."""
    elsewhere = {"StringEquals": {"aws:PrincipalTag/a": "x", "aws:RequestedRegion": "us-east-1"}}
    here = {"StringEquals": {"aws:PrincipalTag/b": "x"}}
    guards = attached(deny(Condition=elsewhere), deny(Condition=here))
    assert only(guards, event())[1] == ("the key aws:principaltag/b is not given",)


def test_a_role_of_another_name_is_surely_not_meant() -> None:
    guards = attached(deny("iam:*", "arn:aws:iam::*:role/pipeline"))
    assert only(guards, event("iam:DeleteRole", requestParameters={"roleName": "app"}))[0] is Fate.ALLOWED
    assert only(guards, event("iam:DeleteRole", requestParameters={"roleName": "pipeline"}))[0] is Fate.UNDETERMINED
    assert only(guards, event("iam:ListRoles"))[0] is Fate.ALLOWED, "it is asked on *, which the pattern does not match"


def test_an_unknown_action_is_undetermined_where_its_name_matters() -> None:
    new = event("iam:DoSomethingNew")
    assert only(attached(deny("iam:Do*")), new)[0] is Fate.UNDETERMINED
    assert only(attached(deny("iam:*")), new)[0] is Fate.DENIED
    assert only(attached(deny("s3:Do*")), new)[0] is Fate.ALLOWED


def test_what_could_not_be_read_might_deny() -> None:
    """A gap can only forbid more: it leaves a denial, and puts in doubt whatever gets through."""
    guards = attached(NO_KEYS)
    lossy = Attached(Guardrails(guards.guardrails.found, {Kind.SCP: ("t.yaml:3: a statement",), Kind.RCP: ()}))
    assert only(lossy, event()) == (Fate.UNDETERMINED, ("a part of the SCPs could not be read",))
    assert only(lossy, event("iam:CreateAccessKey"))[0] is Fate.DENIED
    nothing_read = Attached(Guardrails((), {Kind.SCP: ("t.yaml:3: a policy",), Kind.RCP: ()}))
    assert only(nothing_read, event())[0] is Fate.UNDETERMINED
    assert only(Attached(Guardrails((), {})), event()) == (Fate.UNBOUND, ("there is no guardrail",))


def rcp(**condition: Json) -> Attached:
    return attached(deny("s3:*", Principal="*", Condition=condition), kind=Kind.RCP, organisation=ORGANISATION)


OUTSIDE = {
    "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"},
    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
}
OBJECT = [
    {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::data/a"},
    {"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::data", "accountId": ACCOUNT},
]


def test_resource_control_policies_bind_strangers_at_our_resources() -> None:
    stranger = {"type": "AWSAccount", "accountId": "333333333333", "principalId": "AIDAX"}
    taken = event("s3:GetObject", userIdentity=stranger, resources=OBJECT)
    own = event("s3:GetObject", resources=OBJECT)
    assert fates(rcp(**OUTSIDE), taken, own) == {Fate.DENIED: 1, Fate.ALLOWED: 1}
    assert only(rcp(**OUTSIDE), event("s3:GetObject"))[0] is Fate.ALLOWED, "whosever bucket it is"
    everything = attached(deny("s3:*", Principal="*"), kind=Kind.RCP, organisation=ORGANISATION)
    assert only(everything, event("s3:GetObject")) == (Fate.UNDETERMINED, ("which account owns the resource",))
    assert only(rcp(**OUTSIDE), event("iam:ListRoles"))[0] is Fate.UNBOUND
    service = {"type": "AWSService", "invokedBy": "logging.s3.amazonaws.com"}
    assert only(rcp(**OUTSIDE), event("s3:PutObject", userIdentity=service, resources=OBJECT))[0] is Fate.ALLOWED


def test_of_a_stranger_any_other_organisation_is_possible_but_ours() -> None:
    stranger = event("s3:GetObject", userIdentity={"type": "AWSAccount", "accountId": "333333333333"}, resources=OBJECT)
    partner = {"StringNotEquals": {"aws:PrincipalOrgID": ["o-1", "o-partner"]}}
    assert only(rcp(**partner), stranger)[0] is Fate.UNDETERMINED
    assert only(rcp(Null={"aws:PrincipalOrgID": "true"}), stranger)[0] is Fate.UNDETERMINED
    assert only(rcp(StringEquals={"aws:PrincipalOrgID": "o-1"}), stranger)[0] is Fate.ALLOWED
    assert only(rcp(StringLike={"aws:PrincipalOrgID": "o-a*"}), stranger)[0] is Fate.UNDETERMINED
    assert only(rcp(StringEquals={"aws:SourceIp": "${aws:PrincipalOrgID}"}), stranger)[0] is Fate.UNDETERMINED


def test_whose_resource_it_is_decides_also_where_no_statement_is_about_it() -> None:
    guards = attached(deny("kms:Decrypt", Principal="*"), kind=Kind.RCP, organisation=ORGANISATION)
    ours, managements, others = (
        event("s3:GetObject", resources=[OBJECT[0], {**OBJECT[1], "accountId": account}])
        for account in (ACCOUNT, "999999999999", "333333333333")
    )
    assert fates(guards, ours, managements, others) == {Fate.ALLOWED: 1, Fate.UNBOUND: 2}


def test_an_event_in_two_trails_counts_once() -> None:
    """The trail of the resource's account knows the caller's account only; that of the caller says who it was."""
    seen_there = event(
        "s3:GetObject", userIdentity={"type": "AWSAccount", "accountId": OTHER}, resources=OBJECT, eventID="x"
    )
    seen_here = event(
        "s3:GetObject", userIdentity=user(account=OTHER), recipientAccountId=OTHER, resources=OBJECT, eventID="y"
    )
    guards = attached(
        deny("s3:*", Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:*"}}), organisation=ORGANISATION
    )
    assert fates(guards, seen_there) == {Fate.UNDETERMINED: 1}
    assert fates(guards, seen_there, seen_here) == {Fate.COPY: 1, Fate.DENIED: 1}
    assert fates(guards, seen_here, seen_there) == {Fate.COPY: 1, Fate.DENIED: 1}


def test_requests_that_differ_in_their_tags_alone_are_told_apart() -> None:
    untagged = deny("kms:CreateKey", Condition={"Null": {"aws:RequestTag/team": "true"}})
    asked: tuple[Any, ...] = ([{"tagKey": "team", "tagValue": "x"}], [{"tagKey": "cost", "tagValue": "1"}], [], None)
    events = [event("kms:CreateKey", requestParameters={} if each is None else {"tags": each}) for each in asked]
    assert fates(attached(untagged), *events) == {Fate.ALLOWED: 1, Fate.DENIED: 2, Fate.UNDETERMINED: 1}


PASSED = f"arn:aws:iam::{ACCOUNT}:role/admin"


def passing(service: str = "lambda.amazonaws.com", role: str = PASSED) -> Attached:
    return attached(deny("iam:PassRole", role, Condition={"StringEquals": {"iam:PassedToService": service}}))


@pytest.mark.parametrize(
    ("operation", "parameters", "guards", "fate"),
    [
        ("lambda:CreateFunction20150331", {"role": PASSED}, passing(), Fate.DENIED),
        ("lambda:CreateFunction20150331", {"role": f"{PASSED}2"}, passing(), Fate.ALLOWED),
        ("lambda:CreateFunction20150331", {"role": PASSED}, passing("ec2.amazonaws.com"), Fate.ALLOWED),
        ("lambda:UpdateFunctionConfiguration20150331v2", {"timeout": 3}, passing(), Fate.ALLOWED),
        ("ecs:RegisterTaskDefinition", {"executionRoleArn": PASSED}, passing("ecs-tasks.amazonaws.com"), Fate.DENIED),
        ("ec2:RunInstances", {"iamInstanceProfile": {"name": "x"}}, passing("ec2.amazonaws.com"), Fate.UNDETERMINED),
        ("ec2:RunInstances", {"iamInstanceProfile": {"name": "x"}}, passing("ec2.amazonaws.com", "*"), Fate.DENIED),
        ("ec2:RunInstances", {"imageId": "ami-1"}, passing("ec2.amazonaws.com", "*"), Fate.ALLOWED),
    ],
)
def test_who_hands_a_role_to_a_service_asks_to_pass_it(
    operation: str, parameters: dict[str, Any], guards: Attached, fate: Fate
) -> None:
    one = event(operation, requestParameters=parameters)
    assert only(guards, one)[0] is fate
    other = event(operation, requestParameters={"role": f"{PASSED}3"})
    assert fates(guards, other, one, other)[fate] >= 1, "what is alike for its own action is told apart"


# -- the ramp ----------------------------------------------------------------------------------------------------------


def asked(*expected: Expected, guards: Attached | None = None, events: Iterable[Event] = ()) -> Asked:
    guards = guards or attached(NO_KEYS)
    tally = replayed(guards, events or [event("iam:CreateAccessKey"), event()])
    return ask(Stage.ENFORCE, tally, findings(tally, expected, NOW.date()), guards.guardrails.found, NOW)


def expecting(**more: Any) -> Expected:
    given = {"who": ROLE, "action": "iam:Create*", "reason": "moves in May", "approver": "ciso", **more}
    return Expected(**{"expires": datetime.date(2026, 12, 1), **given})


def test_a_denial_that_nobody_expects_is_told_with_how_often_and_by_what() -> None:
    (why,) = asked().unexplained
    assert why == f"{ROLE} iam:CreateAccessKey in {ACCOUNT}: 1 of 1 would be denied, by Deny NoKeys (policy.json:4)"
    found = asked(expecting(place="expected.yaml:1"))
    assert found.unexplained == ()
    assert found.explained == ("expected.yaml:1: moves in May",)


@pytest.mark.parametrize(
    "other",
    [
        {"expires": datetime.date(2026, 11, 25)},  # the first day that it is over
        {"who": "arn:aws:iam::*:role/other"},
        {"action": "s3:*"},
        {"account": OTHER},
    ],
)
def test_an_expected_denial_explains_what_it_names_until_it_expires(other: dict[str, Any]) -> None:
    assert asked(expecting(**other)).unexplained


def test_only_events_that_were_decided_are_judged() -> None:
    assert asked().judged == 2
    assert asked(events=[event(eventType="AwsServiceEvent")]).judged == 0


def test_what_is_undetermined_has_to_be_explained_too() -> None:
    guards = attached(deny(Condition={"StringEquals": {"aws:PrincipalTag/team": "x"}}))
    assert asked(guards=guards, events=[event()]).unexplained


def test_a_step_is_for_a_policy_at_its_nodes_and_the_name_is_no_part_of_it() -> None:
    (here,) = attached(NO_KEYS).guardrails.found
    (there,) = attached(NO_KEYS, at="Workloads").guardrails.found
    (other,) = attached(deny("iam:CreateAccessKey", Sid="Other")).guardrails.found
    assert len({each.digest for each in (here, there, other)}) == 3
    assert replace(here, name="renamed").digest == here.digest
    assert asked().attached == {here.digest: "guard at Root"}


def test_the_file_of_expected_denials() -> None:
    text = f"""\
- who: {ROLE}
  action: iam:CreateAccessKey
  reason: replaced in December
  approver: ciso
  expires: 2026-12-31
- {{who: "*", action: "s3:*", exception: buckets, account: "{ACCOUNT}"}}
"""
    document, _ = read(text.encode(), "expected.yaml")
    assert document is not None
    known = {"buckets": expecting(reason="old buckets", approver="cto")}
    (first, second), faults = read_expected(document, known)
    assert faults == []
    assert (first.expires, first.place) == (datetime.date(2026, 12, 31), "expected.yaml:1")
    assert (second.reason, second.approver, second.account) == ("old buckets", "cto", ACCOUNT)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("who: x", "a list of expected denials"),
        ("- 3", "a mapping"),
        ("- {who: x, action: y, reason: z, approver: a, expires: soon}", "a day such as"),
        ("- {who: x, action: y, reason: z, expires: 2026-12-31}", "'approver' is missing"),
        ("- {who: x, action: y, exception: nothing}", "no approved exception 'nothing'"),
        ("- {who: x, action: y, exceptoin: nothing}", "did you mean exception?"),
        ('- {who: "*", action: "*", reason: z, approver: a, expires: 2026-12-31}', "expects every denial"),
        ("- {who: x, action: y, reason: z, approver: a, expires: 2026-12-31, account: '12'}", "twelve digits"),
        ("- {who: [x], action: y, reason: z, approver: a, expires: 2026-12-31}", "who is a list"),
    ],
)
def test_faults_of_the_file_of_expected_denials(text: str, told: str) -> None:
    document, _ = read(text.encode(), "expected.yaml")
    assert document is not None
    found, faults = read_expected(document, {})
    assert found == ()
    assert any(told in str(each) for each in faults), [str(each) for each in faults]


def test_a_step_says_from_when_to_when_its_events_are() -> None:
    events = [event("iam:CreateAccessKey", eventTime=f"2026-11-{day}T09:00:00Z") for day in (21, 19, 20)]
    inputs = asked(events=events).inputs()
    assert (inputs["first"], inputs["last"]) == ("2026-11-19T09:00:00Z", "2026-11-21T09:00:00Z")


def test_what_is_denied_comes_before_what_is_undecided() -> None:
    guards = attached(deny("iam:Do*"), NO_KEYS)
    tally = replayed(guards, [event("iam:DoNew"), event("iam:CreateAccessKey")])
    fates = [each.case.fate for each in findings(tally, (), NOW.date())]
    assert fates == [Fate.DENIED, Fate.UNDETERMINED]
