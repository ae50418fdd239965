"""Reading delivered snapshots of AWS Config of growing size as a stream: memory must not grow with the file.

    python benchmarks/recorded.py [megabytes ...]

Each size is written and read in processes of their own, so that each has a peak of its own.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assay.sources import aws_config
from assay.sources.aws_config.read import Recorded

SIZES = (10, 100, 400)


def items(chance: random.Random) -> Iterator[dict[str, Any]]:
    """Yield configuration items without end, of five types, hardly two alike."""
    makers = (_volume, _group, _role, _bucket, _instance)
    while True:
        kind, configuration, more = chance.choice(makers)(chance)
        name = f"{kind.rsplit('::', 1)[1].lower()}-{chance.getrandbits(64):016x}"
        yield {
            "configurationItemVersion": "1.3",
            "configurationItemCaptureTime": f"2026-10-{chance.randrange(1, 29):02}T08:00:00.000Z",
            "configurationItemStatus": "OK",
            "awsAccountId": f"{111111111111 + 7919 * chance.randrange(300)}",
            "awsRegion": chance.choice(["eu-west-1", "eu-central-1", "us-east-1"]),
            "resourceType": kind,
            "resourceId": name,
            "resourceName": name,
            "tags": {"Owner": f"team-{chance.randrange(500)}", "Stage": chance.choice(["dev", "prod"])},
            "relatedEvents": [],
            "relationships": [{"resourceType": "AWS::EC2::VPC", "resourceId": f"vpc-{chance.getrandbits(32):08x}"}],
            "configuration": configuration,
            "supplementaryConfiguration": more,
        }


_Made = tuple[str, dict[str, Any], dict[str, Any]]


def _volume(chance: random.Random) -> _Made:
    sizes = {"size": chance.randrange(8, 2000), "iops": 3000, "volumeType": "gp3", "snapshotId": ""}
    return "AWS::EC2::Volume", {"encrypted": chance.random() < 0.9, "state": {"value": "in-use"}, **sizes}, {}


def _group(chance: random.Random) -> _Made:
    rules = [
        {
            "ipProtocol": "tcp",
            "fromPort": port,
            "toPort": port,
            "ipv4Ranges": [{"cidrIp": f"10.{chance.randrange(256)}.0.0/16"} for _ in range(chance.randrange(1, 5))],
            "ipv6Ranges": [],
            "userIdGroupPairs": [],
            "prefixListIds": [],
        }
        for port in (22, 443, 5432)
    ]
    return "AWS::EC2::SecurityGroup", {"description": "made up", "ipPermissions": rules, "ipPermissionsEgress": []}, {}


def _policy(chance: random.Random) -> str:
    statement = {
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": f"arn:aws:s3:::{chance.getrandbits(64):x}/*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement] * chance.randrange(1, 8)})


def _role(chance: random.Random) -> _Made:
    policies = [{"policyName": "own", "policyDocument": _policy(chance).replace('"', "%22").replace("{", "%7B")}]
    trust = "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%5D%7D"
    return "AWS::IAM::Role", {"assumeRolePolicyDocument": trust, "rolePolicyList": policies, "path": "/"}, {}


def _bucket(chance: random.Random) -> _Made:
    more = {
        "BucketPolicy": {"policyText": _policy(chance)},
        "BucketLoggingConfiguration": {"destinationBucketName": None, "logFilePrefix": None},
        "BucketVersioningConfiguration": {"status": chance.choice(["Off", "Enabled"]), "isMfaDeleteEnabled": None},
        "AccessControlList": '{"grantList":[{"grantee":{"id":"a"},"permission":"FullControl"}]}',
    }
    return "AWS::S3::Bucket", {"name": f"bucket-{chance.getrandbits(64):x}"}, more


def _instance(chance: random.Random) -> _Made:
    devices = [
        {"deviceName": "/dev/xvda", "ebs": {"volumeId": f"vol-{chance.getrandbits(32):x}", "status": "attached"}}
    ]
    options = {"httpTokens": chance.choice(["optional", "required"]), "httpEndpoint": "enabled"}
    found = {"instanceType": "m7g.large", "monitoring": {"state": "disabled"}, "metadataOptions": options}
    return "AWS::EC2::Instance", {**found, "blockDeviceMappings": devices, "securityGroups": [{"groupId": "sg-1"}]}, {}


def write(path: Path, megabytes: int) -> None:
    made = items(random.Random(7))
    with path.open("w") as stream:
        stream.write('{"fileVersion": "1.0", "configSnapshotId": "made-up", "configurationItems": [')
        separator = ""
        while stream.tell() < megabytes * 1_000_000:
            stream.write(separator + ",".join(json.dumps(next(made)) for _ in range(500)))
            separator = ","
        stream.write("]}")


def measure(path: Path) -> None:
    wall, cpu, count = time.perf_counter(), time.process_time(), 0
    for each in aws_config.stream(path):
        count += isinstance(each, Recorded)
    seconds, cpu_seconds = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    megabytes = path.stat().st_size / 1e6
    print(
        f"| {megabytes:,.0f} | {count:,} | {seconds:.1f} | {cpu_seconds:.1f} | {megabytes / cpu_seconds:.1f} | {peak} |"
    )


def main() -> None:
    if sys.argv[1:2] == ["read"]:
        measure(Path(sys.argv[2]))
        return
    print(
        "| MB | Items | Seconds | CPU s | MB per CPU s | Peak MiB |\n| ---: | ---: | ---: | ---: | ---: | ---: |",
        flush=True,
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "snapshot.json"
        for megabytes in map(int, sys.argv[1:] or SIZES):
            write(path, megabytes)
            subprocess.run([sys.executable, __file__, "read", str(path)], check=True)


if __name__ == "__main__":
    main()
