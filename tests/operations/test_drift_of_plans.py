"""What a Terraform plan declares beside what Cloud Control says is there."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.operations.live_shop import Live
from tests.operations.live_shop import write as write_live

from assay.assessment.drift import Drifted, Found, Outcome
from assay.operations.drift import compare_deployed
from assay.reports.drift import render
from assay.reports.terminal import plain

ACCOUNT = "222222222222"
ADMIN, READER = (f"arn:aws:iam::aws:policy/{name}" for name in ("AdministratorAccess", "ReadOnlyAccess"))
TRUST = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},
         "Action": "sts:AssumeRole"}]}  # fmt: skip
CLOSED = {"block_public_acls": True, "block_public_policy": True, "ignore_public_acls": True,
          "restrict_public_buckets": True}  # fmt: skip
ENTRY = {"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8"], "description": "",
         "ipv6_cidr_blocks": [], "prefix_list_ids": [], "security_groups": [], "self": False}  # fmt: skip

# Address → values, what is known after apply, references.
PLANNED: Mapping[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "aws_iam_role.worker": ({"name": "worker", "path": "/", "assume_role_policy": json.dumps(TRUST)}, {}, {}),
    "aws_iam_role.reader": ({"name": "reader", "path": "/", "assume_role_policy": json.dumps(TRUST)}, {}, {}),
    "aws_iam_role_policy_attachment.reader": (
        {"role": "reader", "policy_arn": READER}, {}, {"role": "aws_iam_role.reader"},
    ),
    "aws_s3_bucket.media": ({"bucket": "media", "tags": {"team": "shop"}}, {}, {}),
    "aws_s3_bucket_public_access_block.media": (CLOSED, {"bucket": True}, {"bucket": "aws_s3_bucket.media"}),
    "aws_vpc.main": ({"id": "vpc-1", "cidr_block": "10.0.0.0/16"}, {}, {}),  # applied before: its id is known
    "aws_vpc.next": ({"cidr_block": "10.1.0.0/16"}, {"id": True}, {}),
    "aws_security_group.entry": (
        {"name": "entry", "description": "entry", "ingress": [ENTRY], "egress": []}, {"vpc_id": True},
        {"vpc_id": "aws_vpc.main"},
    ),
}  # fmt: skip


def plan() -> dict[str, Any]:
    parts: dict[str, list[dict[str, Any]]] = {"planned": [], "changes": [], "stated": []}
    for address, (values, unknown, references) in PLANNED.items():
        kind, _, name = address.partition(".")
        one = {"address": address, "mode": "managed", "type": kind, "name": name,
               "provider_name": "registry.terraform.io/hashicorp/aws"}  # fmt: skip
        parts["planned"].append({**one, "values": values})
        change = {"actions": ["create"], "before": None, "after": values, "after_unknown": unknown}
        parts["changes"].append({**one, "change": change})
        stated = {key: {"references": [f"{to}.id", to]} for key, to in references.items()}
        parts["stated"].append({"address": address, "mode": "managed", "type": kind, "name": name,
                                "provider_config_key": "aws", "expressions": stated})  # fmt: skip
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": parts["planned"]}},
        "resource_changes": parts["changes"],
        "configuration": {"root_module": {"resources": parts["stated"]}},
    }


def role(name: str, *attached: str) -> dict[str, Any]:
    return {
        "RoleName": name,
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "Path": "/",
        "MaxSessionDuration": 3600,
        "AssumeRolePolicyDocument": TRUST,
        "Policies": [],
        "ManagedPolicyArns": list(attached),
    }


def bucket(name: str) -> dict[str, Any]:
    closed = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True)
    return {
        "BucketName": name,
        "Arn": f"arn:aws:s3:::{name}",
        "PublicAccessBlockConfiguration": closed,
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "Tags": [{"Key": "team", "Value": "shop"}, {"Key": "cost", "Value": "7"}],
    }


def live() -> Live:
    allowed = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "10.0.0.0/8"}
    return {
        "AWS::IAM::Role": {"worker": role("worker"), "reader": role("reader", READER)},
        "AWS::S3::Bucket": {"media": bucket("media")},
        "AWS::EC2::VPC": {"vpc-1": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "InstanceTenancy": "default"},
                          "vpc-2": {"VpcId": "vpc-2", "CidrBlock": "10.1.0.0/16", "InstanceTenancy": "default"}},
        "AWS::EC2::SecurityGroup": {"sg-1": {"GroupId": "sg-1", "Id": "sg-1", "GroupName": "entry", "VpcId": "vpc-1",
            "GroupDescription": "entry", "SecurityGroupIngress": [allowed], "SecurityGroupEgress": []}},
    }  # fmt: skip


@pytest.fixture
def compared(write: Callable[..., Path]) -> Callable[[Live], Drifted]:
    stated = "../templates/shop, region: eu-west-1, parameters: {prod: {Stage: prod}}"
    directory = write(
        {"workloads/shop.yaml": (stated, "../plan.json, region: eu-west-1"), "plan.json": json.dumps(plan())}
    )
    (directory / "live").mkdir()
    return lambda what: compare_deployed(directory, [write_live(directory / "live", what)])


def named(drifted: Drifted, name: str) -> Found:
    (found,) = [each for each in drifted.found if each.resource.name == name]
    return found


def outcomes(drifted: Drifted) -> dict[str, Outcome]:
    return {each.resource.name: each.outcome for each in drifted.found}


def test_as_it_was_applied_nothing_drifted(compared: Callable[[Live], Drifted]) -> None:
    found = outcomes(compared(live()))
    assert found.pop("aws_vpc.next") is Outcome.NOT_CHECKED, "it has no name and no id yet"
    assert found.pop("vpc-2") is Outcome.UNKNOWN, "it may be the one without a name"
    assert found.pop("aws_iam_role_policy_attachment.reader") is Outcome.PART
    assert found.pop("aws_s3_bucket_public_access_block.media") is Outcome.PART
    assert set(found.values()) <= {Outcome.IN_SYNC, Outcome.UNKNOWN}
    assert found["aws_s3_bucket.media"] is found["aws_iam_role.reader"] is Outcome.IN_SYNC


def attach(what: Live) -> None:
    what["AWS::IAM::Role"]["worker"]["ManagedPolicyArns"].append(ADMIN)


def attach_more(what: Live) -> None:
    what["AWS::IAM::Role"]["reader"]["ManagedPolicyArns"].append(ADMIN)


def detach(what: Live) -> None:
    what["AWS::IAM::Role"]["reader"]["ManagedPolicyArns"].clear()


def open_the_bucket(what: Live) -> None:
    what["AWS::S3::Bucket"]["media"]["PublicAccessBlockConfiguration"]["BlockPublicPolicy"] = False


def open_the_group(what: Live) -> None:
    more = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}
    what["AWS::EC2::SecurityGroup"]["sg-1"]["SecurityGroupIngress"].append(more)


def tag_otherwise(what: Live) -> None:
    what["AWS::S3::Bucket"]["media"]["Tags"][0]["Value"] = "other"


@pytest.mark.parametrize(
    ("change", "name", "path"),
    [
        (attach, "aws_iam_role.worker", "ManagedPolicyArns"),
        (attach_more, "aws_iam_role.reader", "ManagedPolicyArns"),
        (detach, "aws_iam_role.reader", "ManagedPolicyArns"),
        (open_the_bucket, "aws_s3_bucket.media", "PublicAccessBlockConfiguration"),
        (open_the_group, "aws_security_group.entry", "SecurityGroupIngress"),
        (tag_otherwise, "aws_s3_bucket.media", "Tags"),
    ],
)
def test_one_change_by_hand_is_one_difference(
    compared: Callable[[Live], Drifted], change: Callable[[Live], None], name: str, path: str
) -> None:
    what = live()
    change(what)
    found = compared(what)
    (drifted,) = [each for each in found.found if each.outcome is Outcome.DRIFTED]
    assert drifted.resource.name == name
    assert [each.path[0] for each in drifted.compared.differences] == [path]
    assert "line 0" not in plain(render(found), 200), "a plan is one line, and has none to point at"


def test_a_policy_of_customers_may_attach_itself(compared: Callable[[Live], Drifted]) -> None:
    what = live()
    what["AWS::IAM::Role"]["worker"]["ManagedPolicyArns"].append(f"arn:aws:iam::{ACCOUNT}:policy/own")
    assert named(compared(what), "aws_iam_role.worker").outcome is Outcome.IN_SYNC


def test_what_has_another_name_is_none_of_those_that_are_missing(compared: Callable[[Live], Drifted]) -> None:
    what = live()
    what["AWS::S3::Bucket"] = {"stray": bucket("stray")}
    found = compared(what)
    assert named(found, "aws_s3_bucket.media").outcome is Outcome.MISSING
    stray = named(found, "stray")
    assert stray.outcome is Outcome.UNKNOWN
    assert "could be one of" not in stray.why
