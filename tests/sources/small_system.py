"""One small system, written by hand in three forms: a template, configuration items, and resource descriptions."""

import json
from typing import Any
from urllib.parse import quote

ACCOUNT, REGION = "111122223333", "eu-west-1"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0a1b2c3d-0000-4000-8000-0123456789ab"
CAPTURED = "2026-10-01T08:00:00.000Z"

TLS_ONLY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": ["arn:aws:s3:::orders", "arn:aws:s3:::orders/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    ],
}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
BLOCKED = {"BlockPublicAcls": True, "BlockPublicPolicy": True, "IgnorePublicAcls": True, "RestrictPublicBuckets": True}
TAGS = [{"Key": "owner", "Value": "orders-team"}]

# logical id → (type, identifier in the account, properties): the system as CloudFormation says it.
SYSTEM: dict[str, tuple[str, str, dict[str, Any]]] = {
    "Orders": (
        "AWS::S3::Bucket",
        "orders",
        {
            "BucketName": "orders",
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}
                ]
            },
            "PublicAccessBlockConfiguration": BLOCKED,
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            "VersioningConfiguration": {"Status": "Enabled"},
            "LoggingConfiguration": {"DestinationBucketName": "access-logs", "LogFilePrefix": "orders/"},
            "LifecycleConfiguration": {"Rules": [{"Id": "old", "Status": "Enabled", "ExpirationInDays": 400}]},
            "Tags": TAGS,
        },
    ),
    "OrdersPolicy": ("AWS::S3::BucketPolicy", "orders", {"Bucket": "orders", "PolicyDocument": TLS_ONLY}),
    "Open": (
        "AWS::EC2::SecurityGroup",
        "sg-0001",
        {
            "GroupDescription": "administration",
            "GroupName": "administration",
            "VpcId": "vpc-0001",
            "SecurityGroupIngress": [
                {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0", "Description": "ssh"},
                {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv6": "::/0", "Description": "https"},
            ],
            "SecurityGroupEgress": [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0", "Description": "all"}],
        },
    ),
    "Network": (
        "AWS::EC2::VPC",
        "vpc-0001",
        {"CidrBlock": "10.0.0.0/16", "InstanceTenancy": "default"},
    ),
    "NetworkLog": (
        "AWS::EC2::FlowLog",
        "fl-0001",
        {
            "ResourceId": "vpc-0001",
            "ResourceType": "VPC",
            "TrafficType": "ALL",
            "LogDestinationType": "s3",
            "LogDestination": "arn:aws:s3:::flow-logs",
            "MaxAggregationInterval": 60,
        },
    ),
    "Worker": (
        "AWS::IAM::Role",
        "worker",
        {
            "RoleName": "worker",
            "Path": "/",
            "AssumeRolePolicyDocument": TRUST,
            "Policies": [{"PolicyName": "all", "PolicyDocument": EVERYTHING}],
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
        },
    ),
    "Database": (
        "AWS::RDS::DBInstance",
        "orders",
        {
            "DBInstanceIdentifier": "orders",
            "DBInstanceClass": "db.t4g.medium",
            "Engine": "postgres",
            "EngineVersion": "16.4",
            "AllocatedStorage": "100",
            "StorageEncrypted": False,
            "PubliclyAccessible": True,
            "MultiAZ": True,
            "BackupRetentionPeriod": 14,
            "AutoMinorVersionUpgrade": True,
            "CopyTagsToSnapshot": True,
            "DeletionProtection": True,
            "EnableIAMDatabaseAuthentication": True,
            "EnableCloudwatchLogsExports": ["postgresql"],
            "MonitoringInterval": 0,
            "CACertificateIdentifier": "rds-ca-rsa2048-g1",
            "VPCSecurityGroups": ["sg-0001"],
        },
    ),
    "Queue": (
        "AWS::SQS::Queue",
        f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/work",
        {"QueueName": "work", "KmsMasterKeyId": KEY, "SqsManagedSseEnabled": False, "MessageRetentionPeriod": 345600},
    ),
    "Table": (
        "AWS::DynamoDB::Table",
        "carts",
        {
            "TableName": "carts",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY},
            "DeletionProtectionEnabled": False,
        },
    ),
    "Disk": (
        "AWS::EC2::Volume",
        "vol-0001",
        {"AvailabilityZone": "eu-west-1a", "Size": 20, "Encrypted": True, "KmsKeyId": KEY, "VolumeType": "gp3"},
    ),
}


def template() -> str:
    """The system as a template."""
    resources: dict[str, dict[str, Any]] = {}
    for name, (kind, _, stated) in SYSTEM.items():
        resources[name] = {"Type": kind, "Properties": stated}
    resources["NetworkLog"]["Properties"] = {**SYSTEM["NetworkLog"][2], "ResourceId": {"Ref": "Network"}}
    return json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})


def descriptions() -> list[dict[str, Any]]:
    """The system as Cloud Control describes it: each resource, and lists of what may be a part of another."""
    added: dict[str, dict[str, Any]] = {
        "AWS::EC2::SecurityGroup": {"GroupId": "sg-0001", "Id": "sg-0001"},
        "AWS::EC2::VPC": {"VpcId": "vpc-0001"},
        "AWS::EC2::FlowLog": {"Id": "fl-0001"},
        "AWS::EC2::Volume": {"VolumeId": "vol-0001"},
        "AWS::IAM::Role": {"MaxSessionDuration": 3600, "Arn": f"arn:aws:iam::{ACCOUNT}:role/worker"},
        "AWS::RDS::DBInstance": {"EnablePerformanceInsights": False, "Port": "5432"},
    }
    return [_described(kind, name, {**stated, **added.get(kind, {})}) for kind, name, stated in SYSTEM.values()]


def _described(kind: str, identifier: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "TypeName": kind,
        "ResourceDescription": {"Identifier": identifier, "Properties": json.dumps(properties)},
    }


def listed(kind: str, *identifiers: str, more: str = "") -> dict[str, Any]:
    """What `list-resources` says of a type."""
    found: dict[str, Any] = {
        "TypeName": kind,
        "ResourceDescriptions": [{"Identifier": each, "Properties": "{}"} for each in identifiers],
    }
    return {**found, "NextToken": more} if more else found


def _item(kind: str, name: str, configuration: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "configurationItemVersion": "1.3",
        "configurationItemCaptureTime": CAPTURED,
        "configurationStateId": 1,
        "configurationItemStatus": "OK",
        "awsAccountId": ACCOUNT,
        "awsRegion": REGION,
        "resourceType": kind,
        "resourceId": name,
        "resourceName": name,
        "tags": {},
        "relationships": [],
        "relatedEvents": [],
        "configuration": configuration,
        "supplementaryConfiguration": {},
        **more,
    }


def items() -> list[dict[str, Any]]:
    """The system as configuration items of a delivered snapshot."""
    return [
        _item(
            "AWS::S3::Bucket",
            "orders",
            {"name": "orders", "creationDate": CAPTURED, "owner": {"displayName": None, "id": "abc"}},
            ARN="arn:aws:s3:::orders",
            tags={"owner": "orders-team"},
            supplementaryConfiguration={
                "AccessControlList": json.dumps(
                    {"grantSet": None, "grantList": [{"grantee": {"id": "abc"}, "permission": "FullControl"}]}
                ),
                "BucketAccelerateConfiguration": {"status": None},
                "BucketLoggingConfiguration": {"destinationBucketName": "access-logs", "logFilePrefix": "orders/"},
                "BucketNotificationConfiguration": {"configurations": {}},
                "BucketPolicy": {"policyText": json.dumps(TLS_ONLY)},
                "BucketVersioningConfiguration": {"status": "Enabled", "isMfaDeleteEnabled": None},
                "BucketLifecycleConfiguration": {
                    "rules": [
                        {
                            "id": "old",
                            "prefix": None,
                            "status": "Enabled",
                            "expirationInDays": 400,
                            "noncurrentVersionExpirationInDays": -1,
                            "filter": None,
                        }
                    ]
                },
                "IsRequesterPaysEnabled": False,
                "PublicAccessBlockConfiguration": {name[0].lower() + name[1:]: on for name, on in BLOCKED.items()},
                "ServerSideEncryptionConfiguration": {
                    "rules": [
                        {
                            "applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms", "kmsMasterKeyID": KEY},
                            "bucketKeyEnabled": False,
                        }
                    ]
                },
            },
        ),
        _item(
            "AWS::EC2::SecurityGroup",
            "sg-0001",
            {
                "description": "administration",
                "groupName": "administration",
                "groupId": "sg-0001",
                "ownerId": ACCOUNT,
                "vpcId": "vpc-0001",
                "ipPermissions": [
                    {
                        "fromPort": 22,
                        "ipProtocol": "tcp",
                        "toPort": 22,
                        "ipv6Ranges": [],
                        "prefixListIds": [],
                        "userIdGroupPairs": [],
                        "ipv4Ranges": [{"cidrIp": "0.0.0.0/0", "description": "ssh"}],
                        "ipRanges": ["0.0.0.0/0"],
                    },
                    {
                        "fromPort": 443,
                        "ipProtocol": "tcp",
                        "toPort": 443,
                        "ipv6Ranges": [{"cidrIpv6": "::/0", "description": "https"}],
                        "ipv4Ranges": [],
                        "ipRanges": [],
                    },
                ],
                "ipPermissionsEgress": [
                    {"ipProtocol": "-1", "ipv4Ranges": [{"cidrIp": "0.0.0.0/0", "description": "all"}]}
                ],
            },
            relationships=[{"resourceType": "AWS::EC2::VPC", "resourceId": "vpc-0001", "name": "Is contained in Vpc"}],
        ),
        _item(
            "AWS::EC2::VPC",
            "vpc-0001",
            {"vpcId": "vpc-0001", "cidrBlock": "10.0.0.0/16", "instanceTenancy": "default", "isDefault": False},
        ),
        _item(
            "AWS::EC2::FlowLog",
            "fl-0001",
            {
                "flowLogId": "fl-0001",
                "resourceId": "vpc-0001",
                "trafficType": "ALL",
                "logDestinationType": "s3",
                "logDestination": "arn:aws:s3:::flow-logs",
                "maxAggregationInterval": 60,
            },
        ),
        _item(
            "AWS::IAM::Role",
            "AROAEXAMPLE",
            {
                "path": "/",
                "roleName": "worker",
                "roleId": "AROAEXAMPLE",
                "arn": f"arn:aws:iam::{ACCOUNT}:role/worker",
                "assumeRolePolicyDocument": quote(json.dumps(TRUST)),
                "instanceProfileList": [],
                "rolePolicyList": [{"policyName": "all", "policyDocument": quote(json.dumps(EVERYTHING))}],
                "attachedManagedPolicies": [
                    {"policyName": "ReadOnlyAccess", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
                ],
                "permissionsBoundary": None,
            },
            awsRegion="global",
            resourceName="worker",
        ),
        _item(
            "AWS::RDS::DBInstance",
            "db-EXAMPLE",
            {
                "dBInstanceIdentifier": "orders",
                "dBInstanceClass": "db.t4g.medium",
                "engine": "postgres",
                "engineVersion": "16.4",
                "allocatedStorage": 100,
                "storageEncrypted": False,
                "publiclyAccessible": True,
                "multiAZ": True,
                "backupRetentionPeriod": 14,
                "autoMinorVersionUpgrade": True,
                "copyTagsToSnapshot": True,
                "deletionProtection": True,
                "iAMDatabaseAuthenticationEnabled": True,
                "enabledCloudwatchLogsExports": ["postgresql"],
                "monitoringInterval": 0,
                "cACertificateIdentifier": "rds-ca-rsa2048-g1",
                "vpcSecurityGroups": [{"vpcSecurityGroupId": "sg-0001", "status": "active"}],
                "endpoint": {"address": "orders.example", "port": 5432},
                "performanceInsightsEnabled": False,
            },
            resourceName="orders",
        ),
        _item(
            "AWS::SQS::Queue",
            f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/work",
            {
                "QueueName": "work",
                "QueueArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:work",
                "KmsMasterKeyId": KEY,
                "SqsManagedSseEnabled": "false",
                "MessageRetentionPeriod": "345600",
                "VisibilityTimeout": "30",
                "DelaySeconds": "0",
            },
        ),
        _item(
            "AWS::DynamoDB::Table",
            "carts",
            {
                "tableName": "carts",
                "billingModeSummary": {"billingMode": "PAY_PER_REQUEST"},
                "attributeDefinitions": [{"attributeName": "id", "attributeType": "S"}],
                "keySchema": [{"attributeName": "id", "keyType": "HASH"}],
                "ssedescription": {"status": "ENABLED", "ssetype": "KMS", "kmsmasterKeyArn": KEY},
                "deletionProtectionEnabled": False,
            },
            supplementaryConfiguration={
                "ContinuousBackupsDescription": {
                    "continuousBackupsStatus": "ENABLED",
                    "pointInTimeRecoveryDescription": {"pointInTimeRecoveryStatus": "ENABLED"},
                }
            },
        ),
        _item(
            "AWS::EC2::Volume",
            "vol-0001",
            {
                "volumeId": "vol-0001",
                "availabilityZone": "eu-west-1a",
                "size": 20,
                "encrypted": True,
                "kmsKeyId": KEY,
                "volumeType": "gp3",
                "snapshotId": "",
                "state": {"value": "in-use"},
            },
        ),
    ]


def snapshot(found: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A delivered snapshot file."""
    content = items() if found is None else found
    return {"fileVersion": "1.0", "configSnapshotId": "0a1b2c3d", "configurationItems": content}


def as_api(item: dict[str, Any]) -> dict[str, Any]:
    """A delivered item as the API would give it."""
    renamed = {"awsAccountId": "accountId", "configurationItemVersion": "version", "ARN": "arn"}
    found = {renamed.get(key, key): value for key, value in item.items()}
    found["configuration"] = json.dumps(item["configuration"])
    found["supplementaryConfiguration"] = {
        key: value if isinstance(value, str) else json.dumps(value)
        for key, value in item["supplementaryConfiguration"].items()
    }
    return found
