"""Small made-up accounts in which parts, references and names change: what a change may affect, it affects here."""

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assay.inventory.observed import observed
from assay.inventory.resource import Origin, Position, Resource
from assay.inventory.snapshot import Asked, Snapshot, Writer, open_snapshot

ACCOUNTS = ("111111111111", "222222222222")
REGION = "eu-west-1"
OPEN = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}
SHUT = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*", "Condition": {"Bool": {"a": "false"}}}

_Draw = Callable[[random.Random], Any]


def _one(*several: Any) -> _Draw:
    return lambda chance: chance.choice(several)


def _some(kind: str) -> _Draw:
    """Return a drawer of the name of a resource that is there, or was, or never will be."""
    return lambda chance: f"{kind}-{chance.randrange(4)}"


def _several(kind: str) -> _Draw:
    return lambda chance: [f"{kind}-{each}" for each in chance.sample(range(4), chance.randrange(3))]


_FLAG = _one(True, False)

# Type → (the property that names it, property → how a value is drawn). A value of None is left out.
TYPES: dict[str, tuple[str, dict[str, _Draw]]] = {
    "AWS::EC2::Instance": (
        "InstanceId",
        {
            "SubnetId": _some("Subnet"),
            "Volumes": lambda chance: [{"Device": "/dev/sda", "VolumeId": _some("Volume")(chance)}],
            "NetworkInterfaces": _one(None, [{"DeviceIndex": "0", "NetworkInterfaceId": "NetworkInterface-1"}]),
            "LaunchTemplate": lambda chance: {"LaunchTemplateId": _some("LaunchTemplate")(chance), "Version": "1"},
            "Monitoring": _FLAG,
        },
    ),
    "AWS::EC2::NetworkInterface": ("Id", {"SubnetId": _some("Subnet"), "SourceDestCheck": _FLAG}),
    "AWS::EC2::LaunchTemplate": (
        "LaunchTemplateId",
        {
            "LaunchTemplateData": lambda chance: {
                "MetadataOptions": {"HttpTokens": chance.choice(["required", "optional"])}
            }
        },
    ),
    "AWS::EC2::Volume": ("VolumeId", {"Encrypted": _FLAG}),
    "AWS::EC2::EIP": (
        "AllocationId",
        {"InstanceId": _one(None, "Instance-0", "Instance-1"), "PublicIp": _one("1.1.1.1")},
    ),
    "AWS::EC2::Subnet": (
        "SubnetId",
        {
            "VpcId": _some("VPC"),
            "MapPublicIpOnLaunch": _FLAG,
            "Tags": _one([], [{"Key": "Name", "Value": "private-a"}]),
        },
    ),
    "AWS::EC2::RouteTable": ("RouteTableId", {"VpcId": _some("VPC")}),
    "AWS::EC2::Route": (
        "Id",
        {
            "RouteTableId": _some("RouteTable"),
            "GatewayId": _some("InternetGateway"),
            "DestinationCidrBlock": _one("0.0.0.0/0", "10.0.0.0/8"),
        },
    ),
    "AWS::EC2::SubnetRouteTableAssociation": ("Id", {"SubnetId": _some("Subnet"), "RouteTableId": _some("RouteTable")}),
    "AWS::EC2::InternetGateway": ("InternetGatewayId", {"Tags": _one([], [{"Key": "Name", "Value": "out"}])}),
    "AWS::EC2::VPC": ("VpcId", {"CidrBlock": _one("10.0.0.0/16")}),
    "AWS::EC2::FlowLog": ("Id", {"ResourceId": _some("VPC"), "TrafficType": _one("ALL", "REJECT")}),
    "AWS::EC2::SecurityGroup": (
        "GroupId",
        {
            "SecurityGroupIngress": _one(
                [], [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}]
            )
        },
    ),
    "AWS::EC2::SecurityGroupIngress": (
        "Id",
        {
            "GroupId": _some("SecurityGroup"),
            "IpProtocol": _one("tcp"),
            "FromPort": _one(22, 443),
            "ToPort": _one(443),
            "CidrIp": _one("0.0.0.0/0", "10.0.0.0/8"),
        },
    ),
    "AWS::S3::Bucket": (
        "BucketName",
        {
            "LoggingConfiguration": _one(None, {"DestinationBucketName": "Bucket-0"}),
            "VersioningConfiguration": _one(None, {"Status": "Enabled"}),
        },
    ),
    "AWS::S3::BucketPolicy": (
        "Id",
        {"Bucket": _some("Bucket"), "PolicyDocument": _one(None, {"Statement": [OPEN]}, {"Statement": SHUT})},
    ),
    "AWS::SQS::Queue": (
        "QueueName",
        {"RedrivePolicy": _one(None, {"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:111111111111:Queue-0"})},
    ),
    "AWS::SQS::QueuePolicy": ("Id", {"Queues": _several("Queue"), "PolicyDocument": _one(None, {"Statement": [OPEN]})}),
    "AWS::IAM::Role": (
        "RoleName",
        {
            "ManagedPolicyArns": _one(
                [],
                ["arn:aws:iam::111111111111:policy/ManagedPolicy-0"],
                ["arn:aws:iam::aws:policy/AdministratorAccess"],
            ),
            "AssumeRolePolicyDocument": _one(
                {
                    "Statement": [
                        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
                    ]
                }
            ),
        },
    ),
    "AWS::IAM::ManagedPolicy": (
        "PolicyArn",
        {
            "PolicyDocument": _one(
                {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
                {"Statement": {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}},
            )
        },
    ),
    "AWS::Lambda::Function": (
        "FunctionName",
        {
            "Role": lambda chance: f"arn:aws:iam::111111111111:role/{_some('Role')(chance)}",
            "Runtime": _one("python3.12", "python2.7"),
        },
    ),
    "AWS::Lambda::Permission": (
        "Id",
        {
            "FunctionName": _some("Function"),
            "Principal": _one("*", "s3.amazonaws.com"),
            "Action": _one("lambda:InvokeFunction"),
        },
    ),
    "AWS::Lambda::Url": ("FunctionArn", {"TargetFunctionArn": _some("Function"), "AuthType": _one("NONE", "AWS_IAM")}),
    "AWS::KMS::Key": ("KeyId", {"EnableKeyRotation": _FLAG}),
}


def drawn(chance: random.Random, account: str, kind: str, number: int, source: str) -> Resource:
    """Return a resource as a source describes it."""
    naming, properties = TYPES[kind]
    name = f"{kind.rsplit('::', 1)[1]}-{number}"
    stated = {key: value for key, draw in properties.items() if (value := draw(chance)) is not None}
    called = f"arn:aws:iam::111111111111:policy/{name}" if naming == "PolicyArn" else name
    if chance.random() < 0.95:
        stated[naming] = called
    origin = Origin(source, Position("recording"), account, REGION, "2026-11-01T00:00:00Z")
    return Resource(f"{account}/{REGION}/{kind}/{name}", kind, name, observed(kind, stated, source), origin)


def world(
    chance: random.Random, source: str, share: float = 0.7, accounts: Sequence[str] = ACCOUNTS
) -> dict[str, Resource]:
    """Return two accounts."""
    places = [(account, kind, number) for account in accounts for kind in TYPES for number in range(4)]
    found = (drawn(chance, *place, source) for place in places if chance.random() < share)
    return {each.id: each for each in found}


def edited(chance: random.Random, known: dict[str, Resource], source: str) -> dict[str, Resource]:
    """Return the world after a few changes: settings turned, resources gone, others come."""
    result = dict(known)
    for _ in range(chance.choice([1, 1, 2, 5])):
        account, kind, number = chance.choice(ACCOUNTS), chance.choice(sorted(TYPES)), chance.randrange(4)
        new = drawn(chance, account, kind, number, source)
        old = result.get(new.id)
        if old is not None and chance.random() < 0.2:
            del result[new.id]
        elif old is not None and chance.random() < 0.6:
            name = chance.choice(sorted(TYPES[kind][1]))
            result[new.id] = replace(old, properties={**old.properties, name: new.properties.get(name)})
        else:
            result[new.id] = new
    return result


def write(folder: Path, resources: Collection[Resource], *, listed: bool) -> Snapshot:
    """Write a snapshot; listed: whether it states to have every resource of the types."""
    writer = Writer(folder, Asked(regions=(REGION,)), redact=lambda value: value)
    for account in sorted({each.origin.account for each in resources}):
        with writer.unit(account) as unit:
            unit.append(each for each in resources if each.origin.account == account)
            if listed:
                unit.reached(account, REGION, TYPES)
    writer.finish()
    return open_snapshot(folder)
