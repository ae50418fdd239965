"""A million CloudTrail events replayed: seconds and memory.

    python benchmarks/replay.py [EVENTS] [FOLDER]

Writes a trail of files as CloudTrail delivers them (some hundred events each, compressed) with a skew like that of real
trails: few principals and operations make most of the calls, object names are all different. The policies deny regions,
the stopping of trails, the use of root, long-lived keys, and outsiders of buckets (an RCP).
"""

import gzip
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from processes import measure, shown

_ACCOUNTS = [f"{number:012d}" for number in range(100_000_000_000, 100_000_000_050)]
_CALLS = (
    *(("s3", "GetObject", 30), ("s3", "PutObject", 12), ("kms", "Decrypt", 14), ("sts", "AssumeRole", 10)),
    *(("ec2", "DescribeInstances", 8), ("logs", "CreateLogStream", 5), ("dynamodb", "GetItem", 6)),
    *(("iam", "GetRole", 3), ("lambda", "GetFunction20150331v2", 3), ("cloudtrail", "DescribeTrails", 1)),
    *(("ec2", "RunInstances", 1), ("iam", "CreateAccessKey", 1), ("cloudtrail", "StopLogging", 1)),
    *(("secretsmanager", "GetSecretValue", 3), ("sqs", "SendMessage", 2)),
)
_POLICIES = {
    "regions.json": {
        "Sid": "OnlyOurRegions",
        "Effect": "Deny",
        "NotAction": ["iam:*", "sts:*", "organizations:*", "cloudfront:*", "route53:*"],
        "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["eu-west-1", "eu-central-1"]}},
    },
    "trails.json": {
        "Sid": "TrailsStay",
        "Effect": "Deny",
        "Action": ["cloudtrail:StopLogging", "cloudtrail:DeleteTrail"],
        "Resource": "arn:aws:cloudtrail:*:*:trail/organisation",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/break-glass"}},
    },
    "root.json": {
        "Sid": "NoRoot",
        "Effect": "Deny",
        "Action": "*",
        "Resource": "*",
        "Condition": {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:root"}},
    },
    "keys.json": {"Sid": "NoKeys", "Effect": "Deny", "Action": "iam:CreateAccessKey", "Resource": "*"},
    "perimeter.json": {
        "Sid": "OnlyUs",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["s3:GetObject", "s3:PutObject", "secretsmanager:GetSecretValue"],
        "Resource": "*",
        "Condition": {
            "StringNotEqualsIfExists": {"aws:PrincipalAccount": _ACCOUNTS},
            "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
        },
    },
}


def records(count: int, seed: int) -> Iterator[dict[str, Any]]:
    random_ = random.Random(seed)
    weights = [weight for *_, weight in _CALLS]
    for number in range(count):
        account = _ACCOUNTS[min(int(random_.expovariate(0.15)), len(_ACCOUNTS) - 1)]
        service, name, _ = random_.choices(_CALLS, weights)[0]
        role = f"service-{int(random_.expovariate(0.1)):03d}"
        region = random_.choices(("eu-west-1", "eu-central-1", "us-east-1"), (80, 19, 1))[0]
        yield _record(account, service, name, role, region, f"{seed:08x}-{number:08x}", random_)


def _record(
    account: str, service: str, name: str, role: str, region: str, unique: str, random_: random.Random
) -> dict[str, Any]:
    second = random_.randrange(86_400)
    moment = f"2026-11-{random_.randrange(1, 25):02d}T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z"
    session = f"{role}-{random_.randrange(40)}"
    touched, request = _touched(account, service, name, region, unique)
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": f"AROA{role}:{session}",
            "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{session}",
            "accountId": account,
            "accessKeyId": f"ASIA{unique[:16]}",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": f"AROA{role}",
                    "arn": f"arn:aws:iam::{account}:role/{role}",
                    "accountId": account,
                    "userName": role,
                },
                "attributes": {"creationDate": moment, "mfaAuthenticated": "false"},
            },
        },
        "eventTime": moment,
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": region,
        "sourceIPAddress": f"203.0.{random_.randrange(256)}.{random_.randrange(256)}",
        "userAgent": f"[aws-sdk-java/2.20.{random_.randrange(20)} Linux/5.10 OpenJDK_64-Bit_Server_VM/17]",
        "requestParameters": request,
        "responseElements": None,
        "additionalEventData": {"SignatureVersion": "SigV4", "CipherSuite": "ECDHE-RSA-AES128-GCM-SHA256"},
        "requestID": unique,
        "eventID": f"{unique}-0000-0000",
        "readOnly": name.startswith(("Get", "Describe")),
        "resources": touched,
        "eventType": "AwsApiCall",
        "managementEvent": service != "s3",
        "recipientAccountId": account,
        "eventCategory": "Data" if service == "s3" else "Management",
        "tlsDetails": {"tlsVersion": "TLSv1.3", "clientProvidedHostHeader": f"{service}.{region}.amazonaws.com"},
    }


def _touched(
    account: str, service: str, name: str, region: str, unique: str
) -> tuple[list[dict[str, str]], dict[str, str]]:
    if service == "s3":
        bucket = f"data-{account}"
        arn = f"arn:aws:s3:::{bucket}"
        kinds = [{"type": "AWS::S3::Object", "ARN": f"{arn}/{unique}"}]
        kinds.append({"accountId": account, "type": "AWS::S3::Bucket", "ARN": arn})
        return kinds, {"bucketName": bucket, "key": unique, "Host": f"{bucket}.s3.amazonaws.com"}
    if service == "kms":
        arn = f"arn:aws:kms:{region}:{account}:key/{account}-{int(unique[-2:], 16) % 20}"
        return [{"accountId": account, "type": "AWS::KMS::Key", "ARN": arn}], {"encryptionAlgorithm": "SYMMETRIC"}
    names = {"iam": "roleName", "cloudtrail": "name", "secretsmanager": "secretId", "dynamodb": "tableName"}
    return [], {names.get(service, "filter"): "organisation" if service == "cloudtrail" else "orders"}


def write(folder: Path, events: int, each: int = 2_000) -> list[Path]:
    """Write a trail and the policies; return the files of the policies."""
    trail = folder / "AWSLogs"
    trail.mkdir()
    for number, start in enumerate(range(0, events, each)):
        content = json.dumps({"Records": list(records(min(each, events - start), number))}).encode()
        (trail / f"{number:06d}.json.gz").write_bytes(gzip.compress(content, 5))
    paths = []
    for name, statement in _POLICIES.items():
        path = folder / name
        path.write_text(json.dumps({"Version": "2012-10-17", "Statement": statement}))
        paths.append(path)
    return paths


def main(events: int, folder: Path) -> None:
    policies = write(folder, events)
    size = sum(path.stat().st_size for path in folder.rglob("*.gz")) / 1e6
    print(f"{events:,} events, {size:,.0f} MB compressed, {len(policies)} policies")
    for jobs in (1, 2):
        command = [sys.executable, "-m", "assay", "guardrail", "replay", str(folder / "AWSLogs"), "--format", "json"]
        command += ["--processes", str(jobs), *(part for path in policies for part in ("--policy", str(path)))]
        print(shown(f"{jobs} {'process' if jobs == 1 else 'processes'}", measure(command)))


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as made:
        main(count, Path(sys.argv[2]) if len(sys.argv) > 2 else Path(made))
