"""Made-up recordings of an organisation: accounts of very different size, sixty types, documents as AWS gives them.

Of each type some hundred documents are drawn in full, in the form that a source of live facts gives (what it does not
say is an explicit unknown). A resource is one of them with identifiers, references and addresses of its own, so that
hardly two documents are alike, and references lead to resources of the same account and region.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import documents
from documents import document, flag, policy, rule, sometimes, tags

from assay.inventory.identity import is_global
from assay.inventory.observed import observed
from assay.inventory.schema import ANY, Kind, Type, fields_of, resource_schema
from assay.inventory.values import to_json

SOURCE = "AWS Config"
OBSERVED = "2026-11-01T06:00:00Z"
REGIONS = {"eu-west-1": 0.6, "eu-central-1": 0.25, "us-east-1": 0.15}
GLOBAL = "global"  # of services that have no region
DRAWN = 300  # documents drawn of each type


@dataclass(frozen=True, slots=True)
class Made:
    """One resource of a recording."""

    account: str
    region: str
    type: str
    id: str
    name: str
    document: str


# Share of each type among the resources of an account, in a thousand.
SHARES: Mapping[str, float] = {
    "AWS::EC2::NetworkInterface": 130,
    "AWS::EC2::Volume": 90,
    "AWS::EC2::Instance": 85,
    "AWS::IAM::Role": 80,
    "AWS::EC2::SecurityGroup": 75,
    "AWS::Logs::LogGroup": 70,
    "AWS::CloudWatch::Alarm": 55,
    "AWS::Lambda::Function": 50,
    "AWS::S3::Bucket": 40,
    "AWS::EC2::Subnet": 38,
    "AWS::IAM::ManagedPolicy": 35,
    "AWS::CloudFormation::Stack": 30,
    "AWS::EC2::RouteTable": 22,
    "AWS::SQS::Queue": 20,
    "AWS::Events::Rule": 18,
    "AWS::SNS::Topic": 16,
    "AWS::SecretsManager::Secret": 15,
    "AWS::ECS::TaskDefinition": 12,
    "AWS::DynamoDB::Table": 12,
    "AWS::KMS::Key": 10,
    "AWS::EC2::LaunchTemplate": 9,
    "AWS::EC2::VPC": 8,
    "AWS::EC2::EIP": 8,
    "AWS::EC2::VPCEndpoint": 8,
    "AWS::ElasticLoadBalancingV2::TargetGroup": 8,
    "AWS::ElasticLoadBalancingV2::Listener": 7,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": 6,
    "AWS::RDS::DBInstance": 7,
    "AWS::EC2::NetworkAcl": 7,
    "AWS::ECR::Repository": 6,
    "AWS::AutoScaling::AutoScalingGroup": 5,
    "AWS::ECS::Service": 5,
    "AWS::IAM::User": 4,
    "AWS::CertificateManager::Certificate": 4,
    "AWS::RDS::DBCluster": 3,
    "AWS::RDS::DBSubnetGroup": 3,
    "AWS::RDS::DBSnapshot": 4,
    "AWS::RDS::DBParameterGroup": 2,
    "AWS::ApiGateway::RestApi": 2,
    "AWS::ApiGateway::Stage": 3,
    "AWS::StepFunctions::StateMachine": 3,
    "AWS::CodeBuild::Project": 3,
    "AWS::Kinesis::Stream": 2,
    "AWS::EFS::FileSystem": 2,
    "AWS::EKS::Cluster": 1,
    "AWS::ElastiCache::ReplicationGroup": 1,
    "AWS::ElastiCache::CacheCluster": 2,
    "AWS::OpenSearchService::Domain": 1,
    "AWS::Redshift::Cluster": 0.5,
    "AWS::CloudFront::Distribution": 1,
    "AWS::WAFv2::WebACL": 1,
    "AWS::EC2::NatGateway": 3,
    "AWS::EC2::InternetGateway": 4,
    "AWS::EC2::FlowLog": 4,
    "AWS::IAM::Group": 2,
    "AWS::IAM::InstanceProfile": 6,
    "AWS::CloudTrail::Trail": 1,
    "AWS::Backup::BackupPlan": 1,
    "AWS::Cognito::UserPool": 1,
    "AWS::SSM::Parameter": 12,
}
IDENTIFIERS = {
    "AWS::EC2::NetworkInterface": "eni-",
    "AWS::EC2::Volume": "vol-",
    "AWS::EC2::Instance": "i-",
    "AWS::EC2::SecurityGroup": "sg-",
    "AWS::EC2::Subnet": "subnet-",
    "AWS::EC2::RouteTable": "rtb-",
    "AWS::EC2::LaunchTemplate": "lt-",
    "AWS::EC2::VPC": "vpc-",
    "AWS::EC2::EIP": "eipalloc-",
    "AWS::EC2::VPCEndpoint": "vpce-",
    "AWS::EC2::NetworkAcl": "acl-",
    "AWS::EC2::NatGateway": "nat-",
    "AWS::EC2::InternetGateway": "igw-",
    "AWS::EC2::FlowLog": "fl-",
    "AWS::EFS::FileSystem": "fs-",
}


def identifier(kind: str, account: str, number: int) -> str:
    """Return how AWS calls a resource: unique in the organisation, and with no meaning for most."""
    unique = f"{int(account) % 0xFFFFF:05x}{number:08x}"
    prefix = IDENTIFIERS.get(kind)
    return f"{prefix}{unique:>017}" if prefix else f"{kind.rsplit('::', 1)[1].lower()}-{unique}"


# Documents. "@AWS::EC2::VPC@" in a text stands for the identifier of some resource of that type in the same place,
# "@SELF@" for the resource's own, "@ACCOUNT@" and "@REGION@" for where it is, "@ADDRESS@" for an address, "@NUMBER@".

_Draw = Callable[[random.Random], dict[str, Any]]


def _instance(chance: random.Random) -> dict[str, Any]:
    return document(
        InstanceId="@SELF@",
        ImageId=f"ami-{chance.randrange(60):017x}",
        InstanceType=chance.choice(["t3.medium", "m7g.large", "m6i.xlarge", "c7g.2xlarge", "r6g.large"]),
        SubnetId="@AWS::EC2::Subnet@",
        VpcId="@AWS::EC2::VPC@",
        SecurityGroupIds=["@AWS::EC2::SecurityGroup@" for _ in range(chance.randrange(1, 4))],
        IamInstanceProfile=sometimes(chance, 0.85, "@AWS::IAM::InstanceProfile@"),
        PrivateIpAddress="@ADDRESS@",
        PrivateDnsName="ip-@NUMBER@.@REGION@.compute.internal",
        PublicIp=sometimes(chance, 0.1, "@ADDRESS@"),
        EbsOptimized=chance.random() < 0.8,
        Monitoring=chance.random() < 0.3,
        Tenancy="default",
        SourceDestCheck=True,
        State={"Code": "16", "Name": "running"},
        KeyName=sometimes(chance, 0.4, f"key-{chance.randrange(40)}"),
        MetadataOptions={
            "HttpEndpoint": "enabled",
            "HttpTokens": chance.choice(["required", "required", "optional"]),
            "HttpPutResponseHopLimit": chance.choice([1, 1, 2, 64]),
            "InstanceMetadataTags": "disabled",
        },
        BlockDeviceMappings=[
            {
                "DeviceName": f"/dev/sd{letter}",
                "Ebs": {
                    "VolumeId": "@AWS::EC2::Volume@",
                    "DeleteOnTermination": letter == "a",
                    "VolumeSize": 50,
                    "VolumeType": "gp3",
                    "Encrypted": chance.random() < 0.9,
                },
            }
            for letter in "abc"[: chance.randrange(1, 4)]
        ],
        Volumes=[{"Device": "/dev/sda", "VolumeId": "@AWS::EC2::Volume@"}],
        NetworkInterfaces=[
            {
                "DeviceIndex": "0",
                "NetworkInterfaceId": "@AWS::EC2::NetworkInterface@",
                "SubnetId": "@AWS::EC2::Subnet@",
                "PrivateIpAddress": "@ADDRESS@",
                "GroupSet": ["@AWS::EC2::SecurityGroup@"],
                "DeleteOnTermination": True,
                "AssociatePublicIpAddress": chance.random() < 0.1,
            }
        ],
        CpuOptions={"CoreCount": 2, "ThreadsPerCore": 2},
        HibernationOptions={"Configured": False},
        EnclaveOptions={"Enabled": False},
        PrivateDnsNameOptions={"HostnameType": "ip-name", "EnableResourceNameDnsARecord": False},
        Tags=[*tags(chance), {"Key": "Name", "Value": "machine-@NUMBER@"}],
    )


def _interface(chance: random.Random) -> dict[str, Any]:
    return document(
        Id="@SELF@",
        Description=chance.choice(["", "ELB app/front/@NUMBER@", "AWS Lambda VPC ENI-function-@NUMBER@"]),
        GroupSet=["@AWS::EC2::SecurityGroup@" for _ in range(chance.randrange(1, 3))],
        InterfaceType=chance.choice(["interface", "lambda", "nat_gateway"]),
        PrivateIpAddress="@ADDRESS@",
        PrimaryPrivateIpAddress="@ADDRESS@",
        PrivateIpAddresses=[{"Primary": True, "PrivateIpAddress": "@ADDRESS@"}],
        SecondaryPrivateIpAddresses=[],
        SourceDestCheck=chance.random() < 0.9,
        SubnetId="@AWS::EC2::Subnet@",
        VpcId="@AWS::EC2::VPC@",
        Tags=tags(chance),
    )


def _volume(chance: random.Random) -> dict[str, Any]:
    return document(
        VolumeId="@SELF@",
        AvailabilityZone="@REGION@a",
        Encrypted=chance.random() < 0.9,
        KmsKeyId=sometimes(chance, 0.7, "arn:aws:kms:@REGION@:@ACCOUNT@:key/@AWS::KMS::Key@"),
        Iops=3000,
        Size=chance.choice([8, 20, 50, 100, 500]),
        Throughput=125,
        VolumeType="gp3",
        MultiAttachEnabled=False,
        AutoEnableIO=False,
        Tags=tags(chance),
    )


def _as_written(chance: random.Random, statements: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a policy as people write it: one action or resource not always in a list."""
    for each in statements:
        for name in ("Action", "Resource"):
            if len(each.get(name, ())) == 1 and chance.random() < 0.7:
                each[name] = each[name][0]
    return {"Version": "2012-10-17", "Statement": statements}


def _managed_policy(chance: random.Random) -> dict[str, Any]:
    """Return a policy as people write them for a service: from a few lines to several kilobytes."""
    statements = [documents.statement(chance) for _ in range(chance.choice([1, 2, 3, 5, 8, 14]))]
    return document(
        PolicyArn="arn:aws:iam::@ACCOUNT@:policy/@SELF@",
        ManagedPolicyName="@SELF@",
        Path="/",
        Description="made up",
        PolicyDocument=_as_written(chance, statements),
        Roles=["@AWS::IAM::Role@" for _ in range(chance.randrange(0, 3))],
    )


def _role(chance: random.Random) -> dict[str, Any]:
    arns = ["arn:aws:iam::@ACCOUNT@:policy/@AWS::IAM::ManagedPolicy@", "arn:aws:iam::aws:policy/ReadOnlyAccess"]
    made = documents.role(chance)
    _as_written(chance, made["AssumeRolePolicyDocument"]["Statement"])
    return {
        **made,
        "RoleName": "@SELF@",
        "Arn": "arn:aws:iam::@ACCOUNT@:role/@SELF@",
        "RoleId": "AROA@NUMBER@",
        "Path": "/",
        "ManagedPolicyArns": arns[: chance.randrange(0, 3)],
    }


def _group(chance: random.Random) -> dict[str, Any]:
    return {
        **documents.security_group(chance),
        "GroupId": "@SELF@",
        "GroupName": "group-@NUMBER@",
        "VpcId": "@AWS::EC2::VPC@",
        "SecurityGroupIngress": [
            {
                **rule(chance),
                **({"SourceSecurityGroupId": "@AWS::EC2::SecurityGroup@"} if chance.random() < 0.3 else {}),
            }
            for _ in range(chance.choice([0, 1, 2, 3, 5, 8, 20]))
        ],
        "SecurityGroupEgress": [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}],
    }


def _subnet(chance: random.Random) -> dict[str, Any]:
    return document(
        SubnetId="@SELF@",
        VpcId="@AWS::EC2::VPC@",
        CidrBlock="10.0.@BYTE@.0/24",
        AvailabilityZone="@REGION@a",
        MapPublicIpOnLaunch=chance.random() < 0.1,
        AssignIpv6AddressOnCreation=False,
        EnableDns64=False,
        Ipv6Native=False,
        NetworkAclAssociationId="aclassoc-@NUMBER@",
        PrivateDnsNameOptionsOnLaunch={"HostnameType": "ip-name"},
        Tags=[*tags(chance), {"Key": "Name", "Value": chance.choice(["private-@NUMBER@", "public-@NUMBER@"])}],
    )


def _function(chance: random.Random) -> dict[str, Any]:
    return {
        **documents.function(chance),
        "FunctionName": "@SELF@",
        "Arn": "arn:aws:lambda:@REGION@:@ACCOUNT@:function:@SELF@",
        "Role": "arn:aws:iam::@ACCOUNT@:role/@AWS::IAM::Role@",
    }


def _bucket(chance: random.Random) -> dict[str, Any]:
    made = {**documents.bucket(chance), "BucketName": "@SELF@", "Arn": "arn:aws:s3:::@SELF@"}
    if "LoggingConfiguration" in made:
        made["LoggingConfiguration"] = {"DestinationBucketName": "@AWS::S3::Bucket@", "LogFilePrefix": "@SELF@/"}
    return made


def _database(chance: random.Random) -> dict[str, Any]:
    return {
        **documents.database(chance),
        "DBInstanceIdentifier": "@SELF@",
        "DBSubnetGroupName": "@AWS::RDS::DBSubnetGroup@",
        "DBParameterGroupName": "@AWS::RDS::DBParameterGroup@",
        "VPCSecurityGroups": ["@AWS::EC2::SecurityGroup@"],
        "DBInstanceArn": "arn:aws:rds:@REGION@:@ACCOUNT@:db:@SELF@",
    }


def _key(chance: random.Random) -> dict[str, Any]:
    return document(
        KeyId="@SELF@",
        Arn="arn:aws:kms:@REGION@:@ACCOUNT@:key/@SELF@",
        Description="made up",
        Enabled=chance.random() < 0.95,
        EnableKeyRotation=flag(chance, 1.0),
        KeyPolicy=policy(chance, principal=True),
        KeySpec="SYMMETRIC_DEFAULT",
        KeyUsage="ENCRYPT_DECRYPT",
        MultiRegion=False,
        Tags=tags(chance),
    )


def _queue(chance: random.Random) -> dict[str, Any]:
    return document(
        QueueName="@SELF@",
        QueueUrl="https://sqs.@REGION@.amazonaws.com/@ACCOUNT@/@SELF@",
        Arn="arn:aws:sqs:@REGION@:@ACCOUNT@:@SELF@",
        SqsManagedSseEnabled=flag(chance, 1.0),
        KmsMasterKeyId=sometimes(chance, 0.3, "alias/aws/sqs"),
        MessageRetentionPeriod=345600,
        VisibilityTimeout=30,
        DelaySeconds=0,
        MaximumMessageSize=262144,
        ReceiveMessageWaitTimeSeconds=0,
        RedrivePolicy=sometimes(
            chance,
            0.5,
            {"deadLetterTargetArn": "arn:aws:sqs:@REGION@:@ACCOUNT@:@AWS::SQS::Queue@", "maxReceiveCount": 5},
        ),
        Tags=tags(chance),
    )


def _address(chance: random.Random) -> dict[str, Any]:
    return document(
        AllocationId="@SELF@",
        PublicIp="@ADDRESS@",
        Domain="vpc",
        InstanceId=sometimes(chance, 0.5, "@AWS::EC2::Instance@"),
        NetworkBorderGroup="@REGION@",
        Tags=tags(chance),
    )


def _flow_log(chance: random.Random) -> dict[str, Any]:
    return document(
        Id="@SELF@",
        ResourceId="@AWS::EC2::VPC@",
        ResourceType="VPC",
        TrafficType=chance.choice(["ALL", "ALL", "REJECT"]),
        LogDestinationType="cloud-watch-logs",
        LogGroupName="@AWS::Logs::LogGroup@",
        MaxAggregationInterval=60,
        Tags=tags(chance),
    )


_WRITTEN: Mapping[str, _Draw] = {
    "AWS::EC2::Instance": _instance,
    "AWS::EC2::NetworkInterface": _interface,
    "AWS::EC2::Volume": _volume,
    "AWS::EC2::SecurityGroup": _group,
    "AWS::EC2::Subnet": _subnet,
    "AWS::EC2::EIP": _address,
    "AWS::EC2::FlowLog": _flow_log,
    "AWS::IAM::ManagedPolicy": _managed_policy,
    "AWS::IAM::Role": _role,
    "AWS::Lambda::Function": _function,
    "AWS::S3::Bucket": _bucket,
    "AWS::RDS::DBInstance": _database,
    "AWS::KMS::Key": _key,
    "AWS::SQS::Queue": _queue,
}


# Types without a model of their own: values of the kinds that the schema states.

_REFERS = (
    ("VpcId", "@AWS::EC2::VPC@"),
    ("SubnetId", "@AWS::EC2::Subnet@"),
    ("SecurityGroup", "@AWS::EC2::SecurityGroup@"),
    ("RoleArn", "arn:aws:iam::@ACCOUNT@:role/@AWS::IAM::Role@"),
    ("Kms", "arn:aws:kms:@REGION@:@ACCOUNT@:key/@AWS::KMS::Key@"),
    ("Bucket", "@AWS::S3::Bucket@"),
    ("LoadBalancer", "@AWS::ElasticLoadBalancingV2::LoadBalancer@"),
    ("Allocation", "@AWS::EC2::EIP@"),
    ("Arn", "arn:aws:service:@REGION@:@ACCOUNT@:thing/@NUMBER@"),
    ("Address", "@ADDRESS@"),
    ("Cidr", "10.0.@BYTE@.0/24"),
    ("Name", "name-@NUMBER@"),
)


def _by_schema(kind: str, chance: random.Random) -> dict[str, Any]:
    schema = resource_schema(kind)
    stated = schema.document.get("properties", {})
    made = {
        name: _value(name, wanted, chance, 0)
        for name, wanted in fields_of(kind).items()
        if name in stated and (name in schema.required or chance.random() < 0.55)
    }
    for name in schema.primary_identifier[-1:]:
        made[name] = "@SELF@" if "Arn" not in name else "arn:aws:service:@REGION@:@ACCOUNT@:thing/@SELF@"
    if "Tags" in made and fields_of(kind)["Tags"].kind is Kind.LIST:
        made["Tags"] = tags(chance)
    return made


def _value(name: str, wanted: Type, chance: random.Random, depth: int) -> Any:
    match wanted.kind:
        case Kind.BOOLEAN:
            return chance.random() < 0.7
        case Kind.INTEGER | Kind.NUMBER:
            return chance.choice([0, 1, 7, 30, 443, 3600])
        case Kind.STRING:
            if wanted.enum:
                return chance.choice(wanted.enum)
            return next((text for part, text in _REFERS if part in name), f"some {chance.randrange(1000)}")
        case Kind.LIST:
            several = range(chance.choice([0, 1, 1, 2])) if depth < 3 else ()
            return [_value(name, wanted.items or ANY, chance, depth + 1) for _ in several]
        case Kind.MAP:
            return {f"key{each}": _value(name, wanted.items or ANY, chance, depth + 1) for each in range(2)}
        case Kind.OBJECT if depth < 3:
            return {
                key: _value(key, each, chance, depth + 1)
                for key, each in wanted.fields.items()
                if chance.random() < 0.5
            }
        case _:
            return {}


@cache
def drawn(kind: str) -> list[list[str]]:
    """Return the documents of a type as texts, each cut where something of the resource's own is put in."""
    chance = random.Random(f"assay {kind}")
    found = []
    for _ in range(DRAWN):
        stated = _WRITTEN[kind](chance) if kind in _WRITTEN else _by_schema(kind, chance)
        explicit = observed(kind, stated, SOURCE)
        text = json.dumps(to_json(explicit), separators=(",", ":"), sort_keys=True)
        found.append(re.split(r"@([A-Za-z0-9:]+)@", text))
    return found


# Accounts.


@dataclass(frozen=True, slots=True)
class Account:
    """One account: how many resources of each type it has in each region."""

    id: str
    counts: Mapping[tuple[str, str], int]  # (region, type)


def accounts(resources: int, number: int) -> list[Account]:
    """Return accounts with so many resources in all: a few huge ones, many small ones."""
    weights = [1 / (rank + 3) for rank in range(number)]
    ids = [f"{111111111111 + 7919 * rank}" for rank in range(number)]
    sizes = _shared(resources, weights)
    return [Account(account, _counts(size)) for account, size in zip(ids, sizes, strict=True)]


def _counts(size: int) -> dict[tuple[str, str], int]:
    places = [
        ((region, kind), share * portion)
        for kind, share in SHARES.items()
        for region, portion in ({GLOBAL: 1.0} if is_global(kind) else REGIONS).items()
    ]
    several = _shared(size, [weight for _, weight in places])
    return {place: count for (place, _), count in zip(places, several, strict=True) if count}


def _shared(total: int, weights: list[float]) -> list[int]:
    """Return whole numbers in proportion to the weights that add up to the total."""
    scale, found, carried = total / sum(weights), [], 0.0
    for weight in weights:
        exact = weight * scale + carried
        found.append(round(exact))
        carried = exact - found[-1]
    found[0] += total - sum(found)
    return found


def resources_of(account: Account, seed: int = 7) -> Iterator[Made]:
    """Yield the resources of an account in order of region and type; the same ones every time."""
    chance = random.Random(f"{seed} {account.id}")
    for (region, kind), count in sorted(account.counts.items()):
        for number in range(count):
            yield made(account, region, kind, number, chance)


def made(account: Account, region: str, kind: str, number: int, chance: random.Random) -> Made:
    """Return one resource; what it refers to is in the same account, and in its region where it has one."""
    own = _identifier(account, region, kind, number)
    pieces = chance.choice(drawn(kind)).copy()
    for place in range(1, len(pieces), 2):
        pieces[place] = _put(pieces[place], own, account, region, chance)
    return Made(account.id, region, kind, f"{account.id}/{region}/{kind}/{own}", own, "".join(pieces))


def _put(wanted: str, own: str, account: Account, region: str, chance: random.Random) -> str:
    match wanted:
        case "SELF":
            return own
        case "ACCOUNT":
            return account.id
        case "REGION":
            return region
        case "NUMBER":
            return f"{chance.getrandbits(40):010x}"
        case "BYTE":
            return str(chance.getrandbits(8))
        case "ADDRESS":
            bits = chance.getrandbits(24)
            return f"10.{bits >> 16}.{bits >> 8 & 255}.{bits & 255}"
        case _:
            where = GLOBAL if is_global(wanted) else region
            count = account.counts.get((where, wanted), 0)
            return _identifier(account, where, wanted, int(chance.random() * count)) if count else f"{wanted}-elsewhere"


def _identifier(account: Account, region: str, kind: str, number: int) -> str:
    return identifier(kind, account.id, 4 * number + [GLOBAL, *REGIONS].index(region))


def edited(of: Made, chance: random.Random) -> Made:
    """Return a resource after somebody changed a setting of it: one flag or number turned, or a tag added."""
    stated = json.loads(of.document)
    places = [name for name, value in stated.items() if isinstance(value, bool) or type(value) is int]
    if places and chance.random() < 0.7:
        name = chance.choice(places)
        stated[name] = not stated[name] if isinstance(stated[name], bool) else stated[name] + 1
    elif isinstance(stated.get("Tags"), list):
        stated["Tags"].append({"Key": "Changed", "Value": f"{chance.getrandbits(32):x}"})
    else:
        stated["Description"] = f"changed {chance.getrandbits(32):x}"
    text = json.dumps(stated, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return Made(of.account, of.region, of.type, of.id, of.name, text)
