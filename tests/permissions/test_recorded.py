"""What request an event records: action, resource, caller, context; and what it leaves unknown."""

from typing import Any

import pytest
from tests.permissions.events import ACCOUNT, OTHER, ROLE, event, session, user

from assay.permissions.recorded.actions import action_of
from assay.permissions.recorded.catalogue import action_named
from assay.permissions.recorded.requests import caller_of, no_request, request_of
from assay.permissions.recorded.resources import Asked, resource_of
from assay.permissions.request import CallerKind
from assay.sources.cloudtrail import Event


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        ("s3:ListObjects", "s3:ListBucket"),
        ("s3:HeadObject", "s3:GetObject"),
        ("s3:PutBucketEncryption", "s3:PutEncryptionConfiguration"),
        ("s3:DeleteBucketEncryption", "s3:PutEncryptionConfiguration"),
        ("s3:PutBucketLifecycle", "s3:PutLifecycleConfiguration"),
        ("s3:ListBuckets", "s3:ListAllMyBuckets"),
        ("s3:DeleteBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
        ("lambda:CreateFunction20150331", "lambda:CreateFunction"),
        ("lambda:UpdateFunctionCode20150331v2", "lambda:UpdateFunctionCode"),
        ("lambda:Invoke", "lambda:InvokeFunction"),
        ("cloudfront:CreateDistribution2020_05_31", "cloudfront:CreateDistribution"),
        ("monitoring:PutMetricAlarm", "cloudwatch:PutMetricAlarm"),
        ("email:SendEmail", "ses:SendEmail"),
        ("apigateway:CreateRestApi", "apigateway:POST"),
        ("apigateway:UpdateStage", "apigateway:PATCH"),
        ("apigateway:DeleteRestApi", "apigateway:DELETE"),
        ("sqs:SendMessageBatch", "sqs:SendMessage"),
        ("budgets:UpdateBudget", "budgets:ModifyBudget"),
        ("iam:CreateRole", "iam:CreateRole"),
    ],
)
def test_the_action_of_an_operation(operation: str, action: str) -> None:
    assert action_of(event(operation)) == action
    assert action_named(action) is not None, "the table names actions that exist"


def test_an_operation_on_a_version_is_another_action() -> None:
    assert action_of(event("s3:GetObject", requestParameters={"versionId": "3"})) == "s3:GetObjectVersion"
    assert action_of(event("s3:DeleteObjectTagging", requestParameters={"versionId": "3"})) == (
        "s3:DeleteObjectVersionTagging"
    )
    assert action_of(event("s3:GetObject", requestParameters={"versionId": ""})) == "s3:GetObject"


BUCKET = {"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::data", "accountId": OTHER}
OBJECT = {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::data/a/b"}


@pytest.mark.parametrize(
    ("operation", "more", "asked"),
    [
        ("s3:GetObject", {"resources": [OBJECT, BUCKET]}, Asked("arn:aws:s3:::data/a/b", OTHER)),
        ("s3:ListObjects", {"resources": [OBJECT, BUCKET]}, Asked("arn:aws:s3:::data", OTHER)),
        (
            "s3:PutBucketPolicy",
            {"requestParameters": {"bucketName": "data"}, "awsRegion": "cn-north-1"},
            Asked("arn:aws-cn:s3:::data"),
        ),
        (
            "s3:GetObject",
            {"requestParameters": {"bucketName": "data", "key": "k*"}},
            Asked("arn:aws:s3:::data/k*"),  # a key with a star in it is that key
        ),
        ("s3:DeleteObjects", {"requestParameters": {"bucketName": "data"}}, Asked("arn:aws:s3:::data/*", "", True)),
        ("ec2:DescribeInstances", {}, Asked("*")),  # about no kind of resource
        ("ec2:RunInstances", {}, Asked("*", "", True)),  # about many
        (
            "iam:DeleteRole",
            {"requestParameters": {"roleName": "app"}},
            Asked(f"arn:aws:iam::{ACCOUNT}:role/*app", ACCOUNT, True),  # the path is not recorded
        ),
        (
            "kms:Decrypt",
            {"resources": [{"ARN": f"arn:aws:kms:eu-west-1:{OTHER}:key/1", "accountId": OTHER}]},
            Asked(f"arn:aws:kms:eu-west-1:{OTHER}:key/1", OTHER),
        ),
        (
            "kms:Decrypt",
            {"requestParameters": {"keyId": "alias/app"}},
            Asked("arn:aws:kms:*:*:key/*", "", True),
        ),
        (
            "sns:Publish",
            {"requestParameters": {"topicArn": "arn:aws:sns:eu-west-1:111111111111:alarms"}},
            Asked("arn:aws:sns:eu-west-1:111111111111:alarms"),
        ),
        (
            "secretsmanager:GetSecretValue",
            {"requestParameters": {"secretId": "db"}},
            Asked(f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:db-??????", ACCOUNT, True),
        ),
        (
            "cloudtrail:StopLogging",
            {"requestParameters": {"name": "organisation"}},
            Asked(f"arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/organisation", ACCOUNT),
        ),
        ("nothing:IsKnown", {}, Asked("*", "", True)),
    ],
)
def test_the_resource_of_an_event(operation: str, more: dict[str, Any], asked: Asked) -> None:
    found = event(operation, **more)
    assert resource_of(found, action_of(found)) == asked


def caller(identity: dict[str, Any]) -> Any:
    return caller_of(event(userIdentity=identity).identity, "aws")


def test_callers() -> None:
    role, hidden = caller(session())
    assert (role.kind, role.account, role.arn, role.session, hidden) == (
        *(CallerKind.ROLE, ACCOUNT, ROLE),
        *(f"arn:aws:sts::{ACCOUNT}:assumed-role/app/one", frozenset()),
    )
    assert caller(user())[0].kind is CallerKind.USER
    assert caller({"type": "Root", "accountId": ACCOUNT})[0].arn == f"arn:aws:iam::{ACCOUNT}:root"
    service = caller({"type": "AWSService", "invokedBy": "config.amazonaws.com"})[0]
    assert (service.kind, service.arn) == (CallerKind.SERVICE, "config.amazonaws.com")
    linked = caller(session(f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX"))[0]
    assert linked.service_linked
    assert caller({"type": "AWSAccount", "accountId": "ANONYMOUS_PRINCIPAL"})[0].kind is CallerKind.ANONYMOUS
    for nobody in ({}, {"type": "IdentityCenterUser"}, {"type": "IAMUser"}, {"type": "IAMUser", "accountId": "1"}):
        assert caller(nobody) is None


def test_of_a_session_without_its_issuer_the_path_of_the_role_is_unknown() -> None:
    request = request_of(event(userIdentity=session(sessionContext=None)), None)
    assert request is not None
    assert request.values("aws:PrincipalArn".lower()) is None
    assert request.values("aws:principalaccount") == (ACCOUNT,)


def test_of_a_caller_from_another_account_only_the_account_is_known() -> None:
    request = request_of(event(userIdentity={"type": "AWSAccount", "accountId": OTHER}), None)
    assert request is not None
    assert request.values("aws:principalaccount") == (OTHER,)
    for key in ("aws:principalarn", "aws:username", "aws:principaltype"):
        assert request.values(key) is None


def keys(found: Event) -> dict[str, Any]:
    request = request_of(found, None)
    assert request is not None
    return dict(request.context)


def test_keys_of_a_plain_call() -> None:
    found = keys(event(tlsDetails={"tlsVersion": "TLSv1.3"}, userAgent="[aws-cli/2]"))
    assert found["aws:requestedregion"] == ("eu-west-1",)
    assert found["aws:useragent"] == ("aws-cli/2",)
    assert found["aws:securetransport"] == ("true",)
    assert found["aws:currenttime"] == ("2026-11-20T09:00:00Z",)
    assert found["aws:multifactorauthpresent"] == ("false",)
    assert found["aws:viaawsservice"] == ("false",)
    assert found["aws:sourceaccount"] == ()
    assert "aws:principaltag/team" not in found
    assert "aws:resourcetag/team" not in found


def test_through_a_vpc_endpoint_there_is_no_source_ip() -> None:
    found = keys(event(vpcEndpointId="vpce-1", sourceIPAddress="10.0.0.1"))
    assert (found["aws:sourcevpce"], found["aws:vpcsourceip"], found["aws:sourceip"]) == (
        *(("vpce-1",), ("10.0.0.1",), ()),
    )
    assert "aws:sourcevpc" not in found


def test_from_a_public_address_there_is_no_endpoint_and_from_a_private_one_it_is_not_known() -> None:
    assert keys(event(sourceIPAddress="8.8.8.8"))["aws:sourcevpce"] == ()
    assert "aws:sourcevpce" not in keys(event(sourceIPAddress="10.0.0.1"))
    assert "aws:sourceip" not in keys(event(sourceIPAddress="cloudformation.amazonaws.com"))


def test_a_service_that_calls_for_somebody_and_one_with_a_role_of_its_own_look_alike() -> None:
    assert keys(event(userIdentity=user(invokedBy="cloudformation.amazonaws.com")))["aws:viaawsservice"] == ("true",)
    found = keys(event(userIdentity=session(invokedBy="cloudformation.amazonaws.com")))
    assert "aws:viaawsservice" not in found
    assert "aws:sourceaccount" not in found


def test_long_lived_keys_have_no_mfa() -> None:
    assert keys(event(userIdentity=user()))["aws:multifactorauthpresent"] == ()


def test_keys_of_services_come_from_parameters() -> None:
    boundary = keys(event("iam:CreateRole", requestParameters={"permissionsBoundary": "arn:b"}))
    assert boundary["iam:permissionsboundary"] == ("arn:b",)
    assert keys(event("iam:CreateRole", requestParameters={}))["iam:permissionsboundary"] == ()
    assert "iam:permissionsboundary" not in keys(event("iam:CreateRole", requestParameters={"permissionsBoundary": 3}))
    assert "iam:permissionsboundary" not in keys(event("iam:DeleteRole"))


LISTED, NAMED = [{"key": "Team", "value": "shop"}], [{"tagKey": "Team", "tagValue": "shop"}]
HIDDEN = [{"key": "Team", "value": "HIDDEN_DUE_TO_SECURITY_REASONS"}]


@pytest.mark.parametrize(
    ("operation", "parameters", "team", "other", "keys"),
    [
        ("iam:CreateRole", {"tags": LISTED}, ("shop",), (), ("Team",)),
        ("kms:CreateKey", {"tags": NAMED}, ("shop",), (), ("Team",)),
        ("lambda:CreateFunction20150331", {"tags": {"Team": "shop"}}, ("shop",), (), ("Team",)),
        ("ec2:CreateTags", {"tagSet": {"items": LISTED}}, ("shop",), (), ("Team",)),
        ("kms:CreateKey", {"tags": []}, (), (), ()),
        ("kms:CreateKey", {"description": "x"}, None, None, None),  # not stated is not none
        ("iam:CreateRole", {"tags": HIDDEN}, None, None, None),
        ("iam:CreateRole", {"tags": [*LISTED, {"key": "team", "value": "lake"}]}, None, None, None),
        ("iam:CreateRole", {"tags": [*LISTED, {"key": "cost"}]}, None, None, None),
        ("iam:CreateRole", {"tags": "Team=shop"}, None, None, None),
        ("ec2:RunInstances", {"tags": LISTED}, None, None, None),  # it has others for each type of resource
        ("dynamodb:Scan", {"tags": LISTED}, None, None, None),  # of this action they are no key
    ],
)
def test_the_tags_that_a_request_asks_to_set(
    operation: str, parameters: dict[str, Any], team: object, other: object, keys: object
) -> None:
    request = request_of(event(operation, requestParameters=parameters), None)
    assert request is not None
    asked = [request.values(key) for key in ("aws:requesttag/team", "aws:requesttag/other", "aws:tagkeys")]
    assert asked == [team, other, keys]


@pytest.mark.parametrize(
    "more",
    [
        {"eventType": "AwsServiceEvent"},
        {"eventType": "AwsConsoleSignIn"},
        {"eventType": "AwsVpceEvent"},
        {"eventCategory": "Insight"},
        {"eventSource": "signin.amazonaws.com"},
    ],
)
def test_what_is_no_request(more: dict[str, Any]) -> None:
    assert no_request(event(**more))
    assert not no_request(event())
