"""assay drift: what is deployed beside what was declared."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.operations.live_shop import ACCOUNT, BUCKET, GROUP, REGION, live, write
from tests.permissions.events import record, user
from tests.permissions.events import write as write_trail

Run = Callable[..., Any]


@pytest.fixture
def observed(tmp_path: Path) -> Path:
    what = live()
    what["AWS::S3::Bucket"][BUCKET]["PublicAccessBlockConfiguration"]["BlockPublicAcls"] = False
    what["AWS::S3::Bucket"]["scratch\x1b[2J"] = {"BucketName": "scratch\x1b[2J", "Tags": []}
    what["AWS::EC2::SecurityGroup"][GROUP]["SecurityGroupIngress"].append({"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"})
    return write(tmp_path, what)


def test_what_drifted_and_who_did_it(run: Run, acme: Path, observed: Path, tmp_path: Path) -> None:
    opened = record(
        "ec2:AuthorizeSecurityGroupIngress",
        userIdentity=user("eve", ACCOUNT),
        recipientAccountId=ACCOUNT,
        awsRegion=REGION,
        requestParameters={"groupId": GROUP},
    )
    trail = write_trail(tmp_path / "trail" / "1.json.gz", [opened])
    said = run("drift", acme, "--snapshot", observed, "--workload", "shop", "--events", trail.parent)
    assert said.code == 1
    assert "555555555555  shop (prod)" in said.out
    assert "drifted  AWS::S3::Bucket  MediaBucket is shop-service-mediabucket-1a2b3c4d5e6f" in said.out
    assert "PublicAccessBlockConfiguration.BlockPublicAcls: true is declared, line 144, false is there" in said.out
    assert "2026-11-20T09:00:00Z  ec2:AuthorizeSecurityGroupIngress by somebody, command line" in said.out
    assert "arn:aws:iam::555555555555:user/eve" in said.out
    assert "unmanaged  AWS::S3::Bucket  scratch␛[2J" in said.out
    assert "\x1b" not in said.out
    assert "of 36 declared: 2 drifted; 3 missing;" in said.out


def test_as_data(run: Run, acme: Path, observed: Path) -> None:
    found = json.loads(run("drift", acme, "-s", observed, "-w", "shop", "-f", "json").out)
    assert found["format"] == "assay.drift/1"
    (account,) = found["accounts"]
    counts = account["counts"]
    assert (
        sum(counts["by_outcome"].values())
        == len(account["resources"]) + counts["by_outcome"]["compared within its owner"]
    )
    (bucket,) = [each for each in account["resources"] if (each["declared"] or {}).get("name") == "MediaBucket"]
    assert bucket["differences"] == [
        {
            "path": "PublicAccessBlockConfiguration.BlockPublicAcls",
            "declared": True,
            "live": False,
            "default": False,
        }
    ]
    assert account["not_checked_types"]["AWS::EC2::Subnet"] == 4
    rows = list(csv.DictReader(io.StringIO(run("drift", acme, "-s", observed, "-w", "shop", "-f", "csv").out)))
    (row,) = [each for each in rows if each["declared"] == "MediaBucket"]
    assert (row["outcome"], row["declared_value"], row["live_value"], row["line"]) == (
        "drifted",
        "true",
        "false",
        "144",
    )


def test_the_fields_are_documented(run: Run, acme: Path, observed: Path) -> None:
    found = json.loads(run("drift", acme, "-s", observed, "-w", "shop", "-f", "json").out)
    page = (Path(__file__).parents[2] / "docs" / "drift.md").read_text("utf-8")
    words = set(re.findall(r"\w+", page.split("## JSON")[1]))
    (account,) = found["accounts"]
    drifted = next(each for each in account["resources"] if each["differences"])
    for each in (found, found["events"], account, account["counts"], drifted, drifted["differences"][0]):
        assert set(each) - {"format"} <= words


def test_secrets_are_not_repeated(run: Run, acme: Path, tmp_path: Path) -> None:
    what = live()
    what["AWS::S3::Bucket"][BUCKET]["Tags"].append({"Key": "ApiToken", "Value": "hunter2hunter2"})
    what["AWS::ECS::TaskDefinition"] = {
        "shop": {
            "Family": "shop",
            "ContainerDefinitions": [
                {"Name": "shop", "Environment": [{"Name": "PAYMENT_API_TOKEN", "Value": "sk_live_x9"}]}
            ],
        }
    }
    for form in ("text", "json", "csv"):
        said = run("drift", acme, "-s", write(tmp_path, what), "-w", "shop", "-f", form, "--limit", "0")
        assert "sk_live_x9" not in said.out
        assert "pk_live_do_not_do_this" not in said.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "--snapshot"),
        (("-s", "{observed}"), "do not say of which account"),
        (("-s", "{observed}", "-w", "shopp"), "did you mean shop?"),
        (("-s", "nothing"), "nothing"),
    ],
)
def test_mistakes(run: Run, acme: Path, observed: Path, arguments: tuple[str, ...], told: str) -> None:
    said = run("drift", acme, *(each.format(observed=observed) for each in arguments))
    assert said.code == 2
    assert told in said.err
