"""Over HTTP against an emulator: several accounts through a role, policies enforced, runs that are cut off."""

import datetime
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.sources.aws.emulator import HOME, ROLE, Emulated

from assay.assessment.evaluation import Evaluation
from assay.assessment.verdicts import Verdict
from assay.errors import UsageError
from assay.inventory.resource import Resource
from assay.inventory.snapshot import open_snapshot, resources
from assay.inventory.values import Cause, Unknown
from assay.operations.assess import assess_repository
from assay.operations.collect import Collection, Emulator, Wish, collect
from assay.sources.aws.calls import Insistence, Kind, Patient, Refused, Request
from assay.sources.aws.grants import needed, policies
from assay.sources.aws.identities import Role
from assay.sources.aws.sending import Sender
from assay.sources.aws.services import ENTRIES

SHOP, BANK = "222222222222", "333333333333"
EUROPE = "eu-west-1"
# What the emulator answers in full.
KINDS = (
    "AWS::CloudTrail::Trail",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Volume",
    "AWS::GuardDuty::Detector",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::KMS::Key",
    "AWS::RDS::DBInstance",
    "AWS::S3::Bucket",
    "Assay::PasswordPolicy",
    "Assay::RootUser",
)


def _at_once(sender: Any) -> Patient:
    return Patient(sender, Insistence(0, 0))


def _collect(aws: Emulated, out: Path, patient: Any = _at_once, **wish: Any) -> Collection:
    wanted = {"regions": (EUROPE,), "types": KINDS, **wish}
    return collect(Wish(**wanted), out, lambda value: value, emulator=Emulator(aws.url, patient))


def _found(out: Path) -> dict[str, Resource]:
    return {each.id: each for each in resources(open_snapshot(out))}


def _make(aws: Emulated, account: str, name: str) -> None:
    """One resource of several types in an account."""
    everything = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    s3 = aws.client("s3", account)
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": EUROPE})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    aws.client("kms", account).create_key()
    iam = aws.client("iam", account)
    arn = iam.create_policy(PolicyName="read", PolicyDocument=document)["Policy"]["Arn"]
    iam.create_user(UserName="ann")
    iam.attach_user_policy(UserName="ann", PolicyArn=arn)
    aws.client("guardduty", account).create_detector(Enable=True)
    aws.client("ec2", account).create_volume(AvailabilityZone=f"{EUROPE}a", Size=1)
    aws.client("cloudtrail", account).create_trail(Name="trail", S3BucketName=name)


def test_every_account_is_read_through_its_role(aws: Emulated, tmp_path: Path) -> None:
    for account, name in ((SHOP, "shop"), (BANK, "bank")):
        _make(aws, account, name)
    found = _collect(aws, tmp_path / "s", accounts=(SHOP, BANK), role=Role(ROLE))
    names = _found(tmp_path / "s")
    assert not found.manifest.gaps
    assert f"{SHOP}/{EUROPE}/AWS::S3::Bucket/shop" in names
    assert f"{BANK}/{EUROPE}/AWS::S3::Bucket/bank" in names
    assert f"{SHOP}/global/AWS::IAM::User/ann" in names
    assert f"{BANK}/global/AWS::IAM::User/ann" in names
    assert {each.origin.account for each in names.values()} == {SHOP, BANK}
    assert names[f"{SHOP}/{EUROPE}/AWS::S3::Bucket/shop"].properties["VersioningConfiguration"] == {"Status": "Enabled"}
    (policy,) = (each for each in names.values() if each.type == "AWS::IAM::ManagedPolicy" and SHOP in each.id)
    assert policy.properties["Users"] == ["ann"]


def test_what_was_looked_for_and_not_found_is_told_from_what_was_not_looked_for(aws: Emulated, tmp_path: Path) -> None:
    found = _collect(aws, tmp_path / "s", types=("AWS::S3::Bucket", "AWS::KMS::Key", "AWS::IAM::Role"))
    listed = found.manifest.listed
    assert listed[HOME, EUROPE] >= {"AWS::S3::Bucket", "AWS::KMS::Key", "AWS::S3::BucketPolicy"}
    assert listed[HOME, "global"] >= {"AWS::IAM::Role", "AWS::S3::Bucket"}
    assert "AWS::RDS::DBInstance" not in listed[HOME, EUROPE]


def _as_the_emulator_calls_them(policy: Mapping[str, Any]) -> Mapping[str, Any]:
    """The emulator takes asking for a bucket's encryption, and some other questions, for a list of its objects."""
    found: dict[str, Any] = json.loads(json.dumps(policy))
    for statement in found["Statement"]:
        statement["Action"] += ["s3:ListBucket"] if statement["Sid"] == "ReadS3" else []
    return found


ALL = [_as_the_emulator_calls_them(each) for each in policies(ENTRIES.values())]
# The emulator finds the signatures of some requests to GuardDuty wrong, once it looks at them.
ENFORCED = tuple(each for each in KINDS if "GuardDuty" not in each)


def _without(action: str) -> list[Mapping[str, Any]]:
    found = json.loads(json.dumps(ALL))
    for policy in found:
        for statement in policy["Statement"]:
            statement["Action"] = [each for each in statement["Action"] if each != action]
        policy["Statement"] = [each for each in policy["Statement"] if each["Action"]]
    return list(found)


@pytest.fixture(scope="module")
def made(server: Emulated) -> Mapping[str, str]:
    """An account with one resource of each type; the credentials of who collects, by the environment's names."""
    server.reset()
    _make(server, SHOP, "shop")
    return server.collector(ALL)


def _enforced(
    server: Emulated,
    made: Mapping[str, str],
    out: Path,
    monkeypatch: pytest.MonkeyPatch,
    allowed: list[Mapping[str, Any]],
) -> Collection:
    """Collect the account by a role that has some policies, and while policies count."""
    for name, value in {**made, "AWS_DEFAULT_REGION": "us-east-1"}.items():
        monkeypatch.setenv(name, value)
    server.reader(SHOP, allowed)
    with server.enforcing():
        return _collect(server, out, types=ENFORCED, accounts=(SHOP,), role=Role(ROLE))


def _denied(found: Mapping[str, Resource]) -> dict[str, set[str]]:
    """The properties that were denied, by type."""
    denied = {
        each.type: {
            name
            for name, value in each.properties.items()
            if isinstance(value, Unknown) and value.reason.cause is Cause.DENIED
        }
        for each in found.values()
    }
    return {kind: names for kind, names in denied.items() if names}


def test_the_policy_that_is_printed_suffices(
    server: Emulated, made: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _enforced(server, made, tmp_path / "s", monkeypatch, ALL)
    assert not found.manifest.gaps
    assert {each.type for each in _found(tmp_path / "s").values()} >= set(ENFORCED) - {"AWS::RDS::DBInstance"}
    assert _denied(_found(tmp_path / "s")) == {}


def test_enforcing_denies_what_no_policy_allows(
    server: Emulated, made: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the test before this one can fail."""
    found = _enforced(server, made, tmp_path / "s", monkeypatch, [])
    assert {gap.reason.cause for gap in found.manifest.gaps} == {Cause.DENIED}


@pytest.mark.parametrize(
    ("action", "kind", "properties"),
    [
        ("s3:GetBucketAcl", "AWS::S3::Bucket", {"AccessControl"}),
        ("kms:GetKeyRotationStatus", "AWS::KMS::Key", {"EnableKeyRotation", "RotationPeriodInDays"}),
        ("kms:GetKeyPolicy", "AWS::KMS::Key", {"KeyPolicy"}),
        ("cloudtrail:GetTrailStatus", "AWS::CloudTrail::Trail", {"IsLogging"}),
        ("iam:ListEntitiesForPolicy", "AWS::IAM::ManagedPolicy", {"Roles", "Users", "Groups"}),
    ],
)
def test_without_one_action_exactly_what_it_gives_is_unknown(
    server: Emulated,
    made: Mapping[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    action: str,
    kind: str,
    properties: set[str],
) -> None:
    assert action in needed(ENTRIES.values())
    found = _enforced(server, made, tmp_path / "s", monkeypatch, _without(action))
    assert not found.manifest.gaps
    assert _denied(_found(tmp_path / "s")) == {kind: properties}


def test_an_account_whose_role_cannot_be_assumed_is_a_gap_and_the_others_are_read(
    aws: Emulated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(aws, SHOP, "shop")
    aws.reader(SHOP, ALL)

    class Guarded:
        def __init__(self, sender: Sender) -> None:
            self.sender = sender
            credentials = sender.identities.credentials

            def only(account: str) -> Any:
                if account == BANK:
                    raise Refused(Kind.DENIED, "AccessDenied", f"{ROLE} cannot be assumed", "sts:AssumeRole")
                return credentials(account)

            monkeypatch.setattr(type(sender.identities), "credentials", lambda _, account: only(account))

    def patient(sender: Sender) -> Patient:
        Guarded(sender)
        return _at_once(sender)

    found = _collect(aws, tmp_path / "s", patient, accounts=(SHOP, BANK), role=Role(ROLE))
    (gap,) = found.manifest.gaps
    assert (gap.subject, gap.reason.cause, gap.reason.subject) == (BANK, Cause.DENIED, "sts:AssumeRole")
    assert {each.origin.account for each in _found(tmp_path / "s").values()} == {SHOP}


class Answering:
    """Sends requests to the emulator, but for some that are answered here."""

    def __init__(self, sender: Sender, answers: Mapping[str, Any]) -> None:
        self.sender = sender
        self.answers = answers

    def __call__(self, request: Request) -> Mapping[str, Any]:
        answer = self.answers.get(f"{request.service}:{request.operation}")
        if answer is None:
            return self.sender(request)
        found = answer(request) if callable(answer) else answer
        if isinstance(found, Refused):
            raise found
        return dict(found)


REGIONS = {
    "Regions": [
        {"RegionName": EUROPE, "RegionOptStatus": "ENABLED_BY_DEFAULT"},
        {"RegionName": "af-south-1", "RegionOptStatus": "DISABLED"},
    ]
}


def _answering(**answers: Any) -> Any:
    stated = {name.replace("__", ":"): answer for name, answer in answers.items()}
    return lambda sender: _at_once(Answering(sender, stated))


def test_a_region_that_is_asked_for_and_disabled_is_a_gap(aws: Emulated, tmp_path: Path) -> None:
    regions = _answering(account__ListRegions=REGIONS)
    found = _collect(aws, tmp_path / "s", regions, regions=(EUROPE, "af-south-1"), types=("AWS::KMS::Key",))
    (gap,) = found.manifest.gaps
    assert gap.subject == f"{HOME}/af-south-1"
    assert "is disabled in account" in str(gap.reason)
    assert "AWS::KMS::Key" in gap.types
    assert "AWS::IAM::Role" not in gap.types
    assert found.manifest.listed[HOME, EUROPE] == {"AWS::KMS::Key"}
    assert (HOME, "af-south-1") not in found.manifest.listed


def test_the_regions_that_an_account_has_enabled_are_read_and_the_others_named(aws: Emulated, tmp_path: Path) -> None:
    regions = _answering(account__ListRegions=REGIONS)
    found = _collect(aws, tmp_path / "s", regions, regions=(), types=("AWS::KMS::Key",))
    assert found.disabled == {HOME: ("af-south-1",)}
    assert set(found.manifest.listed) == {(HOME, EUROPE)}
    assert not found.manifest.gaps


ORGANISATION = {"Organization": {"MasterAccountId": HOME}}
ACCOUNTS = {
    "Accounts": [
        {"Id": HOME, "Status": "ACTIVE"},
        {"Id": SHOP, "Status": "ACTIVE"},
        {"Id": BANK, "Status": "SUSPENDED"},
    ]
}


def test_an_organisation_is_read_account_by_account_and_a_closed_one_is_a_gap(aws: Emulated, tmp_path: Path) -> None:
    known = _answering(organizations__DescribeOrganization=ORGANISATION, organizations__ListAccounts=ACCOUNTS)
    wish = {"organisation": True, "role": Role(ROLE), "types": ("AWS::KMS::Key",)}
    found = _collect(aws, tmp_path / "s", known, **wish)
    assert found.manifest.asked.accounts == (HOME, SHOP, BANK)
    assert [gap.subject for gap in found.manifest.gaps] == [BANK]
    assert set(found.manifest.listed) == {(HOME, EUROPE), (SHOP, EUROPE)}


FEW = ("AWS::IAM::User", "AWS::KMS::Key", "AWS::S3::Bucket", "Assay::RootUser")


def test_when_credentials_expire_nothing_that_was_read_is_lost(aws: Emulated, tmp_path: Path) -> None:
    aws.client("kms").create_key()
    aws.client("iam").create_user(UserName="ann")
    expired = Refused(Kind.EXPIRED, "ExpiredToken", "the token has expired")
    with pytest.raises(UsageError, match=r"the credentials have expired after .* with --finish"):
        _collect(aws, tmp_path / "s", _answering(kms__GetKeyPolicy=expired), types=FEW, workers=1)
    with pytest.raises(UsageError, match="was never finished"):
        open_snapshot(tmp_path / "s")
    again = _collect(aws, tmp_path / "s", types=FEW)
    _collect(aws, tmp_path / "whole", types=FEW)
    assert again.continued > 0
    assert _digests(tmp_path / "s") == _digests(tmp_path / "whole")


def _digests(out: Path) -> dict[str, Any]:
    return {name: dict(each.properties) for name, each in _found(out).items()}


def test_a_run_that_ended_can_be_finished_as_it_is(aws: Emulated, tmp_path: Path) -> None:
    aws.client("kms").create_key()
    aws.client("iam").create_user(UserName="ann")
    expired = Refused(Kind.EXPIRED, "ExpiredToken", "the token has expired")
    with pytest.raises(UsageError):
        _collect(aws, tmp_path / "s", _answering(kms__GetKeyPolicy=expired), types=FEW, workers=1)
    found = _collect(aws, tmp_path / "s", types=FEW, finish=True)
    kinds = {kind for gap in found.manifest.gaps for kind in gap.types}
    assert "AWS::KMS::Key" in kinds
    assert all("finished before" in str(gap.reason) for gap in found.manifest.gaps)
    assert kinds.isdisjoint(each.type for each in _found(tmp_path / "s").values())


@pytest.mark.parametrize("wish", [{"accounts": (SHOP,)}, {"organisation": True}])
def test_other_accounts_are_not_read_without_a_role(aws: Emulated, tmp_path: Path, wish: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=f"the credentials are of account {HOME}; to read others, add --role"):
        _collect(aws, tmp_path / "s", **wish)


def test_a_type_that_is_not_collected_is_refused_with_the_nearest_one(aws: Emulated, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'AWS::S3::Buckett' is not collected; did you mean AWS::S3::Bucket\?"):
        _collect(aws, tmp_path / "s", types=("AWS::S3::Buckett",))


@pytest.mark.slow
def test_the_objectives_that_rest_on_what_was_denied_say_so_and_no_others(
    aws: Emulated, tmp_path: Path, write: Callable[..., Path]
) -> None:
    _make(aws, SHOP, "shop")
    api = "s3:GetBucketVersioning"
    denied = Refused(Kind.DENIED, "AccessDenied", "no identity-based policy allows it")
    wish = {"types": ("AWS::S3::Bucket",), "accounts": (SHOP,), "role": Role(ROLE)}
    _collect(aws, tmp_path / "whole", **wish)
    _collect(aws, tmp_path / "less", _answering(s3__GetBucketVersioning=denied), **wish)
    repository = write()
    whole, less = (_verdicts(repository, tmp_path / name) for name in ("whole", "less"))
    differing = {name for name in whole if whole[name].verdict is not less[name].verdict}
    assert {"s3-bucket-versioned", "bucket-has-versions"} <= differing
    for each in (less[name] for name in differing):
        assert each.verdict is Verdict.UNKNOWN
        assert {(reason.cause, reason.subject) for reason in each.reasons} == {(Cause.DENIED, api)}
        assert f"{api} is denied to the collector (account {SHOP}, {EUROPE})" in str(each.reasons[0])


def _verdicts(repository: Path, snapshot: Path) -> Mapping[str, Evaluation]:
    """What the controls under the objectives of a workload say of its one bucket."""
    now = datetime.datetime.now(datetime.UTC)
    _, found = assess_repository(repository, now=now, workloads=["shop"], snapshot=snapshot)
    controls = [one for each in found.workloads for answer in each.objectives for one in answer.controls]
    return {one.control: each for one in controls for each in one.evaluations}
