"""The shop of acme as Cloud Control would describe it in its production account, with what people changed by hand."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ACCOUNT, REGION = "555555555555", "eu-west-1"
STACK = "shop-service"
BUCKET, BUCKET_ARN = "shop-service-mediabucket-1a2b3c4d5e6f", "arn:aws:s3:::shop-service-mediabucket-1a2b3c4d5e6f"
GROUP = "sg-0a1b2c3d4e5f60718"
KEY = "4f1b7c3a-1111-4000-8000-00000000000a"
KEY_ARN = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY}"

Live = dict[str, dict[str, dict[str, Any]]]
"""type → identifier → properties."""


def tags(logical: str, stack: str = STACK, **more: str) -> list[dict[str, str]]:
    own = {"aws:cloudformation:stack-name": stack, "aws:cloudformation:logical-id": logical, **more}
    return [{"Key": key, "Value": value} for key, value in own.items()]


def live() -> Live:
    """What is there when nobody changed anything."""
    return {
        "AWS::S3::Bucket": {
            BUCKET: {
                "BucketName": BUCKET,
                "Arn": BUCKET_ARN,
                "PublicAccessBlockConfiguration": {
                    "BlockPublicAcls": True,
                    "BlockPublicPolicy": False,
                    "IgnorePublicAcls": True,
                    "RestrictPublicBuckets": False,
                },
                "VersioningConfiguration": {"Status": "Enabled"},
                "BucketEncryption": {
                    "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
                },
                "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
                "Tags": tags("MediaBucket", team="shop"),
            }
        },
        "AWS::S3::BucketPolicy": {
            BUCKET: {
                "Bucket": BUCKET,
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [  # the other way round, and with lists: it allows the same
                        {
                            "Effect": "Deny",
                            "Principal": "*",
                            "Action": ["s3:*"],
                            "Resource": [f"{BUCKET_ARN}/*"],
                            "Condition": {"Bool": {"aws:SecureTransport": ["false"]}},
                        },
                        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"{BUCKET_ARN}/*"},
                    ],
                },
            }
        },
        "AWS::DynamoDB::Table": {
            "shop-service-OrdersTable-1ABCDEFGHIJK2": {
                "TableName": "shop-service-OrdersTable-1ABCDEFGHIJK2",
                "Arn": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/shop-service-OrdersTable-1ABCDEFGHIJK2",
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY_ARN},
                "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
                "DeletionProtectionEnabled": True,
                "Tags": [],
            }
        },
        "AWS::KMS::Key": {
            KEY: {
                "KeyId": KEY,
                "Arn": KEY_ARN,
                "EnableKeyRotation": True,
                "KeyPolicy": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                            "Action": "kms:*",
                            "Resource": "*",
                        }
                    ],
                },
                "Tags": tags("DataKey"),
            }
        },
        "AWS::EC2::SecurityGroup": {
            GROUP: {
                "Id": GROUP,
                "GroupId": GROUP,
                "GroupName": "shop-network-EntryGroup-1ABCDEFGHIJK2",
                "GroupDescription": "HTTPS from everywhere to the load balancer",
                "VpcId": "vpc-0a1b2c3d",
                "SecurityGroupIngress": [
                    {
                        "Description": "HTTPS over IPv6",
                        "IpProtocol": "tcp",
                        "FromPort": 443,
                        "ToPort": 443,
                        "CidrIpv6": "::/0",
                    },
                    {
                        "Description": "HTTPS",
                        "IpProtocol": "tcp",
                        "FromPort": 443,
                        "ToPort": 443,
                        "CidrIp": "0.0.0.0/0",
                    },
                ],
                "SecurityGroupEgress": [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}],
                "Tags": tags("EntryGroup", "shop-network"),
            }
        },
    }


def write(folder: Path, what: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Path:
    """Write what is there as list-resources and get-resource answer, one answer a line."""
    answers: list[dict[str, Any]] = []
    for kind, each in what.items():
        listed = [{"Identifier": name, "Properties": "{}"} for name in each]
        answers.append({"TypeName": kind, "ResourceDescriptions": listed})
        for name, properties in each.items():
            described = {"Identifier": name, "Properties": json.dumps(properties)}
            answers.append({"TypeName": kind, "ResourceDescription": described})
    path = folder / "live.jsonl"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in answers))
    return path
