"""Object lock: what is in the bucket stays for a time, and a bucket that cannot keep it is refused."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.server import ThreadedMotoServer
from tests.ledger.worlds import run

from assay.errors import UsageError
from assay.ledger.keys import read_public_key
from assay.ledger.log import append
from assay.ledger.retention import retain
from assay.ledger.verify import verify
from assay.operations import keeping


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An emulator that takes a checksum for one, as S3 does: moto looks only for the name of its algorithm."""
    dispatch = DomainDispatcherApplication.__call__

    def like_s3(self: Any, environ: Any, start: Any) -> Any:
        if "HTTP_X_AMZ_CHECKSUM_SHA256" in environ:
            environ["HTTP_X_AMZ_SDK_CHECKSUM_ALGORITHM"] = "SHA256"
        return dispatch(self, environ, start)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DomainDispatcherApplication, "__call__", like_s3)
        yield from serve()


def serve() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def s3(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in (
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_ACCESS_KEY_ID", "none"),
        ("AWS_SECRET_ACCESS_KEY", "none"),
        ("AWS_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    return boto3.session.Session(region_name="us-east-1").client("s3")


def retention_of(s3: Any, bucket: str) -> Any:
    found = s3.get_object_lock_configuration(Bucket=bucket)["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    return {name: value for name, value in found.items() if value}


def test_a_ledger_in_a_bucket_that_keeps_everything(s3: Any, tmp_path: Path) -> None:
    s3.create_bucket(Bucket="kept", ObjectLockEnabledForBucket=True)
    key = tmp_path / "key"
    begun = keeping.begin("s3://kept/ledger", key, "example.org/log", retain_days=30)
    assert retention_of(s3, "kept") == {"Mode": "COMPLIANCE", "Days": 30}
    bucket, signer = keeping.open_for_writing("s3://kept/ledger", key)
    append(bucket, signer, run("one", 3))
    assert verify(bucket, read_public_key(begun.public)).passed
    versions = s3.list_object_versions(Bucket="kept")["Versions"]
    assert {each["Key"] for each in versions} >= {"ledger/ledger.json", "ledger/checkpoint"}
    for each in versions:
        with pytest.raises(s3.exceptions.ClientError, match="Access Denied"):
            s3.delete_object(Bucket="kept", Key=each["Key"], VersionId=each["VersionId"])


def test_a_longer_retention_stays_and_a_shorter_or_weaker_one_grows(s3: Any) -> None:
    s3.create_bucket(Bucket="grows", ObjectLockEnabledForBucket=True)
    assert retain("s3://grows", 10) == 10
    assert retain("s3://grows/x", 30) == 30
    assert retain("s3://grows", 10) == 30
    assert retention_of(s3, "grows") == {"Mode": "COMPLIANCE", "Days": 30}
    weak = {"DefaultRetention": {"Mode": "GOVERNANCE", "Years": 1}}
    s3.put_object_lock_configuration(
        Bucket="grows", ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": weak}
    )
    assert retain("s3://grows", 10) == 365
    assert retention_of(s3, "grows")["Mode"] == "COMPLIANCE"


def test_a_bucket_without_object_lock_is_refused_and_nothing_is_written(s3: Any, tmp_path: Path) -> None:
    s3.create_bucket(Bucket="loose")
    with pytest.raises(UsageError, match="the bucket loose has no object lock"):
        keeping.begin("s3://loose/ledger", tmp_path / "key", "example.org/log", retain_days=30)
    assert "Contents" not in s3.list_objects_v2(Bucket="loose")
    assert not (tmp_path / "key").exists()


def test_a_bucket_that_is_not_there_is_refused(s3: Any) -> None:
    with pytest.raises(UsageError, match=r"could not be read: .*NoSuchBucket"):
        retain("s3://nowhere-at-all", 30)


@pytest.mark.parametrize(("address", "days"), [("folder", 30), ("s3://kept", 0), ("s3://kept", 36_501)])
def test_what_cannot_be_kept_is_refused(address: str, days: int) -> None:
    with pytest.raises(UsageError, match=r"only a bucket can retain|expected 1 to 36500"):
        retain(address, days, client=object())
