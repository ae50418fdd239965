"""The shop of acme beside what Cloud Control says of its account, and who changed it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.operations.live_shop import ACCOUNT, BUCKET, BUCKET_ARN, GROUP, REGION, Live, live, write
from tests.permissions.events import record, session, user
from tests.permissions.events import write as write_trail

from assay.assessment.changes import By, Change
from assay.assessment.drift import Drifted, Found, Outcome
from assay.errors import UsageError
from assay.operations.changes import Roles, changes
from assay.operations.drift import compare_deployed
from assay.sources.cloudtrail.channel import Channel

ACME = Path(__file__).parents[2] / "examples" / "acme"
OPEN = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}


def shop(folder: Path, what: Live, *events: Path) -> Drifted:
    return compare_deployed(ACME, [write(folder, what)], workloads=["shop"], events=events)


def named(drifted: Drifted, name: str) -> Found:
    (found,) = [each for each in drifted.found if each.resource.name == name]
    return found


def test_as_it_was_deployed_nothing_drifted(tmp_path: Path) -> None:
    found = shop(tmp_path, live())
    assert not any(each.outcome in (Outcome.DRIFTED, Outcome.UNMANAGED) for each in found.found)
    assert named(found, "MediaBucket").outcome is Outcome.IN_SYNC
    assert named(found, "OrdersTable").outcome is not Outcome.DRIFTED
    assert named(found, "MediaPolicy").outcome is Outcome.PART


def close_the_bucket(what: Live) -> None:
    what["AWS::S3::Bucket"][BUCKET]["PublicAccessBlockConfiguration"]["BlockPublicAcls"] = False


def open_the_group(what: Live) -> None:
    what["AWS::EC2::SecurityGroup"][GROUP]["SecurityGroupIngress"].append(OPEN)


def let_anybody_write(what: Live) -> None:
    what["AWS::S3::BucketPolicy"][BUCKET]["PolicyDocument"]["Statement"][1]["Action"] = ["s3:GetObject", "s3:PutObject"]


def remove_the_policy(what: Live) -> None:
    what["AWS::S3::BucketPolicy"].clear()


def turn_off_protection(what: Live) -> None:
    next(iter(what["AWS::DynamoDB::Table"].values()))["DeletionProtectionEnabled"] = False


@pytest.mark.parametrize(
    ("change", "name", "path"),
    [
        (close_the_bucket, "MediaBucket", ("PublicAccessBlockConfiguration", "BlockPublicAcls")),
        (open_the_group, "EntryGroup", ("SecurityGroupIngress", 2)),
        (let_anybody_write, "MediaBucket", ("Policy",)),
        (remove_the_policy, "MediaBucket", ("Policy",)),
        (turn_off_protection, "OrdersTable", ("DeletionProtectionEnabled",)),
    ],
)
def test_one_change_by_hand_is_one_difference(
    tmp_path: Path, change: Callable[[Live], None], name: str, path: tuple[Any, ...]
) -> None:
    what = live()
    change(what)
    found = shop(tmp_path, what)
    drifted = [each for each in found.found if each.outcome is Outcome.DRIFTED]
    assert [each.resource.name for each in drifted] == [name]
    assert [each.path[: len(path)] for each in drifted[0].compared.differences] == [path]
    declared = drifted[0].declared
    assert declared is not None
    assert declared.position(path).line > 1


def test_what_is_gone_and_what_nobody_declares(tmp_path: Path) -> None:
    what = live()
    what["AWS::S3::Bucket"]["scratch"] = {"BucketName": "scratch", "Tags": []}
    what["AWS::DynamoDB::Table"].clear()
    found = shop(tmp_path, what)
    assert named(found, "scratch").outcome is Outcome.UNMANAGED
    assert named(found, "OrdersTable").outcome is Outcome.MISSING
    assert named(found, "Database").outcome is Outcome.NOT_CHECKED, "no databases were listed"


def test_every_declared_resource_is_accounted_for(tmp_path: Path) -> None:
    found = shop(tmp_path, live())
    declared = [each.declared.id for each in found.found if each.declared is not None]
    assert len(declared) == len(set(declared)) == 36


def test_a_folder_without_observations_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "live.jsonl").write_text(json.dumps({"TypeName": "AWS::S3::Bucket", "ResourceDescriptions": []}))
    with pytest.raises(UsageError, match="nothing was observed"):
        compare_deployed(ACME, [tmp_path / "live.jsonl"], workloads=["shop"])


# -- who changed it ----------------------------------------------------------------------------------------------------


def opened(**more: Any) -> dict[str, Any]:
    given = {"requestParameters": {"groupId": GROUP, "ipPermissions": {"items": [{"fromPort": 22}]}}, **more}
    given.setdefault("userIdentity", user("eve", ACCOUNT))
    return record("ec2:AuthorizeSecurityGroupIngress", recipientAccountId=ACCOUNT, awsRegion=REGION, **given)


@pytest.fixture(scope="module")
def drifted(tmp_path_factory: pytest.TempPathFactory) -> list[Found]:
    what = live()
    open_the_group(what)
    found = shop(tmp_path_factory.mktemp("observed"), what)
    return [each for each in found.found if each.outcome is Outcome.DRIFTED]


@pytest.fixture
def who(drifted: list[Found], tmp_path: Path) -> Callable[..., list[Change]]:
    def changed(*records: dict[str, Any], roles: Roles | None = None) -> list[Change]:
        trail = write_trail(tmp_path / "trail.json", records)
        found = changes([trail], drifted, roles or Roles())
        return list(found.found.get(drifted[0].resource.id, ()))

    return changed


Who = Callable[..., list[Change]]
STACKS = "cloudformation.amazonaws.com"
PIPELINE = f"arn:aws:iam::{ACCOUNT}:role/pipeline/deploy"


@pytest.mark.parametrize(
    ("more", "by", "channel"),
    [
        ({"userAgent": "aws-cli/2.15.0 Python/3.11"}, By.OTHER, Channel.COMMAND_LINE),
        ({"sessionCredentialFromConsole": "true", "userAgent": "Mozilla/5.0"}, By.OTHER, Channel.CONSOLE),
        ({"userAgent": "[S3Console/0.4, aws-internal/3]"}, By.OTHER, Channel.CONSOLE),
        ({"userAgent": "Boto3/1.34 md/Botocore#1.34"}, By.OTHER, Channel.LIBRARY),
        ({"userAgent": "APN/1.0 HashiCorp/1.0 Terraform/1.9"}, By.OTHER, Channel.TERRAFORM),
        ({"userAgent": "something else"}, By.OTHER, Channel.UNKNOWN),
        (
            {"userIdentity": session(PIPELINE, invokedBy="cloudformation.amazonaws.com")},
            By.PIPELINE,
            Channel.CLOUDFORMATION,
        ),
        ({"userIdentity": session(PIPELINE), "userAgent": "Boto3/1"}, By.PIPELINE, Channel.LIBRARY),
        ({"userIdentity": session(f"arn:aws:iam::{ACCOUNT}:role/break-glass")}, By.BREAK_GLASS, Channel.COMMAND_LINE),
        (
            {"userIdentity": session(f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/x.amazonaws.com/AWSx")},
            *(By.SERVICE, Channel.SERVICE),
        ),
        ({"userIdentity": {"type": "AWSService", "invokedBy": "x.amazonaws.com"}}, By.SERVICE, Channel.SERVICE),
    ],
)
def test_by_whom_and_through_what(who: Who, more: dict[str, Any], by: By, channel: Channel) -> None:
    roles = Roles(("arn:aws:iam::*:role/pipeline/*",), ("arn:aws:iam::*:role/break-glass",))
    (found,) = who(opened(**more), roles=roles)
    assert (found.by, found.channel) == (by, channel)
    assert found.action == "ec2:AuthorizeSecurityGroupIngress"


@pytest.mark.parametrize(
    "more",
    [
        {"errorCode": "Client.UnauthorizedOperation"},
        {"readOnly": True},
        {"recipientAccountId": "222222222222"},
        {"awsRegion": "us-east-1"},
        {"requestParameters": {"groupId": "sg-other"}},
    ],
)
def test_what_did_not_write_to_it_changed_nothing(who: Who, more: dict[str, Any]) -> None:
    assert who({**opened(), **more}) == []


def test_the_latest_change_comes_first(who: Who) -> None:
    records = [opened(eventTime=f"2026-11-{day:02d}T00:00:00Z", eventID=str(day)) for day in range(1, 29)]
    found = who(*records[::-1])
    assert [each.event for each in found] == [str(day) for day in range(28, 8, -1)]
    assert who(*records) == found


def test_by_the_arn_that_an_event_lists(tmp_path: Path) -> None:
    what = live()
    close_the_bucket(what)
    touched = [{"ARN": BUCKET_ARN, "accountId": ACCOUNT, "type": "AWS::S3::Bucket"}]
    event = record("s3:PutBucketPublicAccessBlock", recipientAccountId=ACCOUNT, awsRegion=REGION, resources=touched)
    found = shop(tmp_path, what, write_trail(tmp_path / "trail.json", [event]))
    assert found.changes.events == 1
    assert [each.who for each in found.changes.found[named(found, "MediaBucket").resource.id]] == [
        "arn:aws:sts::111111111111:assumed-role/app/one"
    ]
