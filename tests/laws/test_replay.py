"""Replaying events is deciding their requests: in any order, in any parts, however often; more policies forbid more."""

import random
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.permissions.events import ACCOUNT, OTHER, event, session, user
from tests.permissions.worlds import deny, policy

from assay.governance.units import ROOT
from assay.permissions.attached import Attached
from assay.permissions.evaluate import Outcome, covers, decide
from assay.permissions.globs import glob
from assay.permissions.guardrails import Guardrail, Guardrails
from assay.permissions.policy import Kind, Policy
from assay.permissions.recorded.requests import also_asked, no_request, request_of
from assay.permissions.replay import Fate, Replay, Tally, is_denied, judge
from assay.permissions.request import Organisation
from assay.sources.cloudtrail import Event

LAW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
ORGANISATION = Organisation("o-1", "999999999999", {ACCOUNT: "", OTHER: ""})

OPERATIONS = (
    *("iam:ListRoles", "iam:CreateRole", "iam:DeleteRole", "s3:GetObject", "s3:ListObjects", "s3:PutBucketEncryption"),
    *("ec2:RunInstances", "ec2:DescribeInstances", "kms:Decrypt", "sts:AssumeRole", "lambda:Invoke", "iam:NotKnownYet"),
)
IDENTITIES = (
    session(),
    session(name="two"),
    session(f"arn:aws:iam::{OTHER}:role/app"),
    session(invokedBy="cloudformation.amazonaws.com"),
    session(sessionContext=None),
    session(f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/x.amazonaws.com/AWSx"),
    user(),
    user(account="999999999999"),
    user(account="333333333333"),
    {"type": "Root", "accountId": ACCOUNT},
    {"type": "AWSService", "invokedBy": "config.amazonaws.com"},
    {"type": "AWSAccount", "accountId": OTHER},
    {"type": "IdentityCenterUser"},
)
BUCKET = {"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::data", "accountId": ACCOUNT}
MORE: tuple[dict[str, Any], ...] = (
    {},
    {"requestParameters": {"roleName": "app", "bucketName": "data", "key": "a/b"}},
    {"requestParameters": {"roleName": "pipeline", "permissionsBoundary": "arn:aws:iam::1:policy/b"}},
    {"requestParameters": {"roleName": "app", "tags": [{"key": "team", "value": "x"}]}},
    {"requestParameters": {"roleName": "app", "tags": []}},
    {"requestParameters": {"iamInstanceProfile": {"name": "app"}}},
    {"requestParameters": {"bucketName": "data", "key": "a/b", "versionId": "3"}},
    {"resources": [{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::data/a/b"}, BUCKET]},
    {"resources": [{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::data/c"}, {**BUCKET, "accountId": OTHER}]},
    {"resources": [{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::data/c"}, {**BUCKET, "accountId": "333333333333"}]},
    {"resources": [{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::data/c"}, {**BUCKET, "accountId": "999999999999"}]},
    {"resources": [{"ARN": f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1", "accountId": ACCOUNT}]},
)
events: st.SearchStrategy[Event] = st.builds(
    lambda operation, identity, more, **rest: event(operation, userIdentity=identity, **more, **rest),
    st.sampled_from(OPERATIONS),
    st.sampled_from(IDENTITIES),
    st.sampled_from(MORE),
    eventID=st.sampled_from(("a", "b", "c")),
    eventTime=st.sampled_from(("2026-11-20T09:00:00Z", "2026-11-21T09:00:00Z", None)),
    awsRegion=st.sampled_from(("eu-west-1", "us-east-1")),
    sourceIPAddress=st.sampled_from(("8.8.8.8", "10.0.0.1", "athena.amazonaws.com")),
    vpcEndpointId=st.sampled_from((None, None, "vpce-1")),
    userAgent=st.sampled_from(("aws-cli/2", "config.amazonaws.com")),
    tlsDetails=st.sampled_from((None, {"tlsVersion": "TLSv1.2"})),
    errorCode=st.sampled_from((None, None, None, "AccessDenied", "Throttling")),
    eventType=st.sampled_from(("AwsApiCall",) * 5 + ("AwsServiceEvent",)),
    recipientAccountId=st.sampled_from((ACCOUNT, ACCOUNT, OTHER)),
)
CONDITIONS: tuple[dict[str, Any], ...] = (
    {},
    {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}},
    {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/team/*"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}},
    {"NotIpAddressIfExists": {"aws:SourceIp": "8.8.0.0/16"}},
    {"Null": {"aws:SourceVpce": "true"}},
    {"Bool": {"aws:ViaAWSService": "false"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    {"StringLike": {"aws:userid": "*:two"}},
    {"DateGreaterThan": {"aws:CurrentTime": "2026-11-20T12:00:00Z"}},
    {"StringNotEquals": {"aws:ResourceAccount": ACCOUNT}},
    {"StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"}},
    {"StringEquals": {"aws:PrincipalTag/team": "x"}},
    {"Null": {"iam:PermissionsBoundary": "true"}},
    {"StringNotEquals": {"aws:RequestTag/team": "x"}},
    {"ForAnyValue:StringEquals": {"aws:TagKeys": "team"}},
    {"NumericLessThan": {"s3:TlsVersion": "1.3"}},
    {"StringLike": {"aws:UserAgent": "aws-cli*"}},
)
statements = st.builds(
    lambda action, resource, condition: deny(action, resource, **({"Condition": condition} if condition else {})),
    st.sampled_from(
        ("*", "iam:*", "s3:Get*", "s3:*", "kms:Decrypt", ["ec2:RunInstances", "iam:DeleteRole"], "iam:Not*")
    ),
    st.sampled_from(
        ("*", "*", "arn:aws:s3:::data/*", "arn:aws:iam::*:role/app", "arn:aws:s3:::${aws:PrincipalAccount}*")
    ),
    st.sampled_from(CONDITIONS),
)
scps = st.lists(statements, min_size=1, max_size=3).map(lambda each: policy(*each, kind=Kind.SCP))
rcps = st.lists(statements.map(lambda each: {**each, "Principal": "*"}), min_size=1, max_size=2).map(
    lambda each: policy(*each, kind=Kind.RCP)
)
policies = st.lists(st.one_of(scps, scps, rcps), min_size=1, max_size=3)
organisations = st.sampled_from((None, ORGANISATION))


def attached(given: list[Policy], organisation: Organisation | None) -> Attached:
    found = tuple(Guardrail(f"guard-{number}", each, frozenset({ROOT})) for number, each in enumerate(given))
    return Attached(Guardrails(found, {Kind.SCP: (), Kind.RCP: ()}), organisation)


def counted(guards: Attached, several: list[Event]) -> Tally:
    running = Replay(guards)
    for each in several:
        running.count(each)
    return running.tally


@LAW
@given(policies, organisations, st.lists(events, max_size=30), st.randoms(use_true_random=False))
def test_order_and_parts_do_not_matter(
    given_: list[Policy], organisation: Organisation | None, several: list[Event], chance: random.Random
) -> None:
    guards = attached(given_, organisation)
    whole = counted(guards, several)
    mixed = list(several)
    chance.shuffle(mixed)
    cut = chance.randrange(len(mixed) + 1)
    parts = counted(guards, mixed[cut:])
    parts.add(counted(guards, mixed[:cut]))
    assert parts.cases() == whole.cases()
    assert (parts.asked, parts.total()) == (whole.asked, whole.total())
    assert whole.total().events == len(several)


@LAW
@given(policies, organisations, st.lists(events, max_size=20))
def test_what_is_decided_once_for_many_is_decided_so_for_each(
    given_: list[Policy], organisation: Organisation | None, several: list[Event]
) -> None:
    """Remembering decisions by what matters changes none: each event is counted as it is judged alone."""
    guards = attached(given_, organisation)
    together = counted(guards, several)
    apart = Tally()
    for each in several:
        apart.add(counted(attached(given_, organisation), [each]))
    assert together.cases() == apart.cases()


@LAW
@given(policies, events)
def test_an_event_is_decided_as_its_request(given_: list[Policy], one: Event) -> None:
    guards = attached(given_, None)
    request = request_of(one, None)
    fate = judge(one, guards).case.fate
    if no_request(one):
        assert fate is Fate.NO_REQUEST
    elif request is None:
        assert fate is Fate.UNDETERMINED
    elif is_denied(one.error):
        assert fate is Fate.REFUSED
    elif fate is not Fate.UNBOUND:
        outcomes = set()
        for each in (request, *also_asked(one, request)):
            (setting,) = guards.settings(each)  # without an organisation, all accounts have the same guardrails
            outcomes.add(decide(each, setting).outcome)
        worst = next(each for each in (Outcome.DENIED, Outcome.UNDETERMINED, Outcome.ALLOWED) if each in outcomes)
        assert (
            fate
            is {
                Outcome.ALLOWED: Fate.ALLOWED,
                Outcome.DENIED: Fate.DENIED,
                Outcome.UNDETERMINED: Fate.UNDETERMINED,
            }[worst]
        )


@LAW
@given(policies, st.one_of(scps, rcps), organisations, events)
def test_another_policy_never_removes_a_denial(
    given_: list[Policy], added: Policy, organisation: Organisation | None, one: Event
) -> None:
    before = judge(one, attached(given_, organisation)).case.fate
    after = judge(one, attached([*given_, added], organisation)).case.fate
    if before is Fate.DENIED:
        assert after is Fate.DENIED
    if after is Fate.ALLOWED:
        assert before in (Fate.ALLOWED, Fate.UNBOUND)


@LAW
@given(policies, organisations, events)
def test_knowing_more_never_turns_a_decision(
    given_: list[Policy], organisation: Organisation | None, one: Event
) -> None:
    """An event that says less is decided alike, or not at all."""
    guards = attached(given_, organisation)
    less = one._replace(ip="", agent="", tls="", touched=(), request={}, time="")
    if "versionId" in one.request or one.endpoint:
        return  # without these it is another action, or it seems to come from somewhere else
    told, fate = judge(one, guards).case.fate, judge(less, guards).case.fate
    if fate in (Fate.ALLOWED, Fate.DENIED):
        assert told is fate


PLACES = (
    *("arn:aws:s3:::data", "arn:aws:s3:::data/a", "arn:aws:s3:::data/a:b", "arn:aws:iam::1:role/app"),
    *("arn:aws:iam::1:role/team/app", "arn:aws:iam::2:role/application", "*", "arn:aws:kms:eu:1:key/1"),
)
SHAPES = (
    *(
        "*",
        "arn:*:*:*:*:*",
        "arn:aws:s3:::*",
        "arn:aws:s3:::data/*",
        "arn:aws:iam::*:role/*app",
        "arn:aws:iam::1:role/*",
    ),
    *("arn:aws:*:*:*:*", "arn:aws:s3:::dat?", "arn:aws:s3:::${aws:PrincipalAccount}*", "arn:aws:iam::1:role/app"),
)


@LAW
@given(st.sampled_from(SHAPES), st.sampled_from(SHAPES), st.sampled_from(PLACES), st.booleans())
def test_a_resource_known_in_part_is_covered_as_each_that_it_may_be(
    stated: str, known: str, place: str, other_than: bool
) -> None:
    """True or false of a pattern is true or false of every resource that the pattern matches."""
    if "$" in known or not glob(known).matches(place):
        return
    name = "NotResource" if other_than else "Resource"
    (statement,) = policy({"Effect": "Deny", "Action": "*", name: stated}, kind=Kind.SCP).statements
    request = request_of(event(), None)
    assert request is not None
    in_part = covers(statement, replace(request, resource=known, resource_is_pattern=True))
    assert in_part in (None, covers(statement, replace(request, resource=place, resource_is_pattern=False)))
