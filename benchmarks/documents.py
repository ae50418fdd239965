"""Made-up resources in the proportions of real accounts: most settings absent, some unknown, some of the wrong type.

Every document is drawn on its own, so that hardly two are alike.
"""

import random
from collections.abc import Callable, Mapping
from typing import Any

Document = dict[str, Any]
UNKNOWN = {"$unknown": {"reason": ["parameter", "Stage", "parameter Stage has no value"], "present": True}}


def sometimes(chance: random.Random, share: float, value: Any) -> Any:
    """Return the value in a share of cases, else None: absent."""
    return value if chance.random() < share else None


def odd(chance: random.Random, value: Any) -> Any:
    """Return the value; now and then one that is unknown, or text in place of what it is."""
    drawn = chance.random()
    if drawn < 0.01:
        return UNKNOWN
    return str(value).lower() if drawn < 0.03 and isinstance(value, bool | int) else value


def document(**properties: Any) -> Document:
    """Return the properties that are there."""
    return {name: value for name, value in properties.items() if value is not None}


def flag(chance: random.Random, stated: float = 0.7, on: float = 0.8) -> Any:
    """Return a boolean setting as it may stand."""
    return sometimes(chance, stated, odd(chance, chance.random() < on))


def account(chance: random.Random) -> str:
    """Return an account number, of a few hundred."""
    return f"{111111111111 + 7919 * chance.randrange(300)}"


def arn(chance: random.Random, service: str, kind: str) -> str:
    """Return the ARN of some resource."""
    return f"arn:aws:{service}:eu-west-1:{account(chance)}:{kind}/{chance.getrandbits(64):016x}"


def tags(chance: random.Random) -> list[Document]:
    """Return tags as most resources have them."""
    return [{"Key": name, "Value": f"{name}-{chance.randrange(500)}"} for name in ("Owner", "Stage", "Service")]


def rule(chance: random.Random) -> Document:
    """Return an ingress rule of a security group."""
    port = chance.choice([22, 80, 443, 443, 3306, 3389, 5432, 8080, chance.randrange(1024, 65536)])
    cidr = chance.choice(
        [
            "0.0.0.0/0",
            "10.0.0.0/8",
            f"10.{chance.randrange(256)}.0.0/16",
            f"10.{chance.randrange(256)}.{chance.randrange(256)}.0/24",
            f"{chance.randrange(1, 224)}.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(256)}/32",
        ]
    )
    return document(
        IpProtocol=chance.choice(["tcp", "tcp", "tcp", "udp", "6", "-1", "icmp"]),
        FromPort=odd(chance, port),
        ToPort=odd(chance, port + chance.choice([0, 0, 0, 10])),
        CidrIp=sometimes(chance, 0.7, odd(chance, cidr)),
        CidrIpv6=sometimes(chance, 0.1, "::/0"),
        SourceSecurityGroupId=sometimes(chance, 0.2, f"sg-{chance.getrandbits(68):017x}"),
        Description=sometimes(chance, 0.7, f"from system {chance.randrange(10_000)}"),
    )


def security_group(chance: random.Random) -> Document:
    return document(
        GroupDescription=f"group {chance.randrange(10**6)}",
        VpcId=f"vpc-{chance.getrandbits(68):017x}",
        SecurityGroupIngress=sometimes(chance, 0.95, [rule(chance) for _ in range(chance.randrange(1, 7))]),
        SecurityGroupEgress=sometimes(chance, 0.6, [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]),
        Tags=tags(chance),
    )


ACTIONS = ["s3:GetObject", "s3:*", "s3:PutObject", "kms:Decrypt", "iam:PassRole", "sqs:SendMessage", "logs:*", "*"]


def statement(chance: random.Random, *, principal: bool = False) -> Document:
    """Return a statement of an identity's policy, or with a principal of a resource's."""
    everybody = {"AWS": ["*"]} if chance.random() < 0.1 else {"AWS": [f"arn:aws:iam::{account(chance)}:root"]}
    return document(
        Effect=chance.choice(["Allow", "Allow", "Allow", "Deny"]),
        Principal=everybody if principal else None,
        Action=chance.sample(ACTIONS, k=chance.randrange(1, 4)),
        Resource=["*"] if chance.random() < 0.2 else [arn(chance, "s3", "bucket") for _ in range(2)],
        Condition=sometimes(chance, 0.2, {"StringEquals": {"aws:SourceAccount": [account(chance)]}}),
    )


def policy(chance: random.Random, *, principal: bool = False) -> Document:
    return {
        "Version": "2012-10-17",
        "Statement": [statement(chance, principal=principal) for _ in range(chance.randrange(1, 4))],
    }


def bucket(chance: random.Random) -> Document:
    encryption = {"SSEAlgorithm": chance.choice(["AES256", "aws:kms"]), "KMSMasterKeyID": arn(chance, "kms", "key")}
    blocked = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    return document(
        BucketName=f"bucket-{chance.getrandbits(48):012x}",
        BucketEncryption=sometimes(
            chance, 0.6, {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": encryption}]}
        ),
        PublicAccessBlockConfiguration=sometimes(chance, 0.8, document(**{each: flag(chance) for each in blocked})),
        VersioningConfiguration=sometimes(chance, 0.5, {"Status": odd(chance, "Enabled")}),
        LoggingConfiguration=sometimes(chance, 0.4, {"DestinationBucketName": f"logs-{account(chance)}"}),
        LifecycleConfiguration=sometimes(
            chance, 0.5, {"Rules": [{"Status": "Enabled", "ExpirationInDays": chance.randrange(1, 400)}]}
        ),
        OwnershipControls=sometimes(chance, 0.5, {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}),
        Policy=sometimes(chance, 0.4, policy(chance, principal=True)),
        Tags=tags(chance),
    )


def database(chance: random.Random) -> Document:
    return document(
        DBInstanceIdentifier=f"db-{chance.getrandbits(48):012x}",
        DBInstanceClass="db.m6g.large",
        Engine=chance.choice(["postgres", "mysql", "mariadb", "aurora-postgresql", "oracle-ee"]),
        EngineVersion=chance.choice(["16.3", "15.7", "11.22", "8.0.39", "5.7.44", "10.6"]),
        DBClusterIdentifier=sometimes(chance, 0.2, f"cluster-{chance.randrange(10**5)}"),
        StorageEncrypted=flag(chance),
        KmsKeyId=sometimes(chance, 0.4, arn(chance, "kms", "key")),
        PubliclyAccessible=flag(chance, on=0.1),
        MultiAZ=flag(chance),
        DeletionProtection=flag(chance),
        AutoMinorVersionUpgrade=flag(chance),
        BackupRetentionPeriod=sometimes(chance, 0.8, odd(chance, chance.choice([0, 1, 7, 14, 35]))),
        CopyTagsToSnapshot=flag(chance),
        EnablePerformanceInsights=flag(chance),
        MasterUsername=sometimes(chance, 0.8, chance.choice(["admin", "postgres", f"user{chance.randrange(1000)}"])),
        ManageMasterUserPassword=flag(chance, 0.4),
        MonitoringInterval=sometimes(chance, 0.5, odd(chance, 60)),
        Port=sometimes(chance, 0.6, chance.choice(["3306", "5432", str(chance.randrange(1024, 60000))])),
        Tags=tags(chance),
    )


def role(chance: random.Random) -> Document:
    service = {"Service": [chance.choice(["lambda.amazonaws.com", "ec2.amazonaws.com", "events.amazonaws.com"])]}
    trust = document(
        Effect="Allow",
        Principal=service if chance.random() < 0.8 else {"AWS": [f"arn:aws:iam::{account(chance)}:root"]},
        Action=["sts:AssumeRole"],
        Condition=sometimes(chance, 0.3, {"StringEquals": {"aws:SourceAccount": [account(chance)]}}),
    )
    policies = [
        {"PolicyName": f"p{number}", "PolicyDocument": policy(chance)} for number in range(chance.randrange(0, 3))
    ]
    return document(
        RoleName=f"role-{chance.getrandbits(48):012x}",
        AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": [trust]},
        Policies=sometimes(chance, 0.8, policies),
        ManagedPolicyArns=sometimes(chance, 0.6, [f"arn:aws:iam::aws:policy/P{chance.randrange(50)}"]),
        MaxSessionDuration=sometimes(chance, 0.3, odd(chance, 3600 * chance.randrange(1, 13))),
        PermissionsBoundary=sometimes(chance, 0.2, f"arn:aws:iam::{account(chance)}:policy/boundary"),
        Tags=tags(chance),
    )


def function(chance: random.Random) -> Document:
    names = ["TABLE", "QUEUE_URL", "LOG_LEVEL", "API_KEY", "DB_PASSWORD", "STAGE"]
    variables = {name: f"value-{chance.randrange(10**4)}" for name in chance.sample(names, k=chance.randrange(0, 5))}
    subnets = [f"subnet-{chance.getrandbits(68):017x}" for _ in range(chance.randrange(0, 4))]
    return document(
        FunctionName=f"function-{chance.getrandbits(48):012x}",
        Runtime=chance.choice(["python3.12", "python3.8", "nodejs20.x", "nodejs16.x", "java21", "dotnet8"]),
        Role=arn(chance, "iam", "role"),
        Environment=sometimes(chance, 0.8, {"Variables": variables}),
        VpcConfig=sometimes(chance, 0.5, {"SubnetIds": subnets}),
        TracingConfig=sometimes(chance, 0.6, {"Mode": odd(chance, "Active")}),
        KmsKeyArn=sometimes(chance, 0.2, arn(chance, "kms", "key")),
        ReservedConcurrentExecutions=sometimes(chance, 0.3, odd(chance, 10)),
        DeadLetterConfig=sometimes(chance, 0.3, {"TargetArn": arn(chance, "sqs", "queue")}),
        Permissions=sometimes(
            chance, 0.3, [document(Principal="s3.amazonaws.com", SourceAccount=sometimes(chance, 0.7, account(chance)))]
        ),
        Tags=tags(chance),
    )


# Resource type → its documents, and their share of all.
TYPES: Mapping[str, tuple[Callable[[random.Random], Document], float]] = {
    "AWS::EC2::SecurityGroup": (security_group, 0.25),
    "AWS::S3::Bucket": (bucket, 0.25),
    "AWS::RDS::DBInstance": (database, 0.20),
    "AWS::IAM::Role": (role, 0.15),
    "AWS::Lambda::Function": (function, 0.15),
}
