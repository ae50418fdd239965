"""The same ledger in an S3 bucket: an emulator's, over HTTP, from several processes at once."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer
from tests.ledger.test_writers import acknowledged, check_all_there, start
from tests.ledger.worlds import MANIFEST

from assay.ledger.keys import Signer, new_signer, write_key
from assay.ledger.log import append, initialise
from assay.ledger.run import Run
from assay.ledger.store import open_bucket
from assay.ledger.verify import verify


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[str, Path, Signer]]:
    """A new ledger in an emulated bucket, and where its key is."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    endpoint = f"http://127.0.0.1:{port}"
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/evidence", method="PUT")).close()
    for name, value in (
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_ACCESS_KEY_ID", "none"),
        ("AWS_SECRET_ACCESS_KEY", "none"),
        ("AWS_REGION", "us-east-1"),
    ):
        monkeypatch.setenv(name, value)
    signer, key = new_signer("example.org/log"), tmp_path / "ledger.key"
    write_key(signer, key)
    address = f"s3://evidence/{tmp_path.name}/ledger"  # servers in one process share their buckets
    initialise(open_bucket(address), signer)
    yield address, key, signer
    server.stop()


def test_a_bucket_creates_once_and_deletes_without_complaint(place: tuple[str, Path, Signer]) -> None:
    address, _, _ = place
    bucket = open_bucket(address)
    assert bucket.get("x") is None
    assert bucket.create("x", b"1")
    assert not bucket.create("x", b"2")
    assert bucket.get("x") == b"1"
    assert "x" in set(bucket.names())
    bucket.delete("x")
    bucket.delete("x")
    assert bucket.get("x") is None


def test_a_ledger_in_a_bucket_verifies(place: tuple[str, Path, Signer]) -> None:
    address, _, signer = place
    bucket = open_bucket(address)
    for count in (3, 0, 300):
        append(bucket, signer, Run(f"run-{count}", MANIFEST, [{"kind": "verdict", "verdict": "met"}] * count))
    assert verify(bucket, signer.public).passed


@pytest.mark.slow
def test_eight_writers_on_one_bucket_lose_nothing_though_one_is_killed(
    place: tuple[str, Path, Signer],
) -> None:
    address, key, signer = place
    writers = [start(address, key, f"writer{number}", 3) for number in range(7)]
    writers.append(start(address, key, "killed", 3, "after:4"))
    promised = [each for writer in writers for each in acknowledged(writer)]
    assert len(promised) >= 21
    bucket = open_bucket(address)
    found = verify(bucket, signer.public)
    assert not found.wrong, found.wrong
    check_all_there(bucket, signer.public, promised)
    append(bucket, signer, Run("last", MANIFEST))
    assert verify(bucket, signer.public).passed
