"""The answer as documents, tables and findings for other systems, from the command line."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer
from tests.journeys.conftest import Run


def test_oscal_documents_are_written_into_one_folder(run: Run, acme: Path, tmp_path: Path) -> None:
    out = tmp_path / "oscal"
    said = run("export", "oscal", acme, "--out", out, "--as-of", "2026-11-25", "-w", "shop")
    assert said.code == 0, said.err
    names = {each.name for each in out.iterdir()}
    assert names >= {"catalog.json", "profile.json", "component-definition.json", "ssp-shop.json", "poam-shop.json"}
    assert {line.removeprefix(f"wrote {out}/") for line in said.out.splitlines()} == names
    other = run("export", "oscal", acme, "--out", out, "-w", "lake")
    assert (other.code, "of another export" in other.err) == (2, True)
    assert {each.name for each in out.iterdir()} == names


def test_only_the_models_asked_for_are_written(run: Run, acme: Path, tmp_path: Path) -> None:
    assert (
        run("export", "oscal", acme, "--out", tmp_path, "--model", "poam", "--model", "profile", "-w", "shop").code == 0
    )
    assert {each.name.split("-")[0].split(".")[0] for each in tmp_path.iterdir()} == {"poam", "profile"}
    said = run("export", "oscal", acme, "--out", tmp_path, "--model", "sap")
    assert (said.code, "no OSCAL model 'sap'; known: catalog, profile" in said.err) == (2, True)


def test_a_lake_is_written_and_a_region_is_needed(run: Run, acme: Path, tmp_path: Path) -> None:
    said = run(
        "export", "ocsf", acme, "--region", "eu-central-1", "--out", tmp_path, "--as-of", "2026-11-25", "-w", "shop"
    )
    assert said.code == 0, said.err
    found = list(tmp_path.glob("ext/assay-compliance/region=eu-central-1/accountId=*/eventDay=20261125/*.parquet"))
    assert len(found) == len(said.out.splitlines()) > 1
    without = run("export", "ocsf", acme, "--out", tmp_path)
    recorded = run(
        "export", "ocsf", acme, "--region", "eu-central-1", "--out", tmp_path, "--snapshot", tmp_path / "none"
    )
    assert (recorded.code, str(tmp_path / "none") in recorded.err) == (2, True)
    assert (without.code, "--region" in without.err) == (2, True)


def test_without_yes_findings_are_only_shown(run: Run, acme: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")  # nobody answers there
    said = run("send", "securityhub", acme, "--region", "eu-central-1", "-w", "lake")
    assert said.code == 0, said.err
    assert "nothing was sent; --yes sends them" in said.out
    document = json.loads(run("send", "securityhub", acme, "--region", "eu-central-1", "-w", "lake", "-f", "json").out)
    assert (document["format"], document["sent"]) == ("assay.sending/1", False)
    assert sum(document["counts"].values()) == len(document["findings"]) > 50
    assert run("send", "securityhub", acme, "--region", "mars-1").code == 2
    assert run("send", "securityhub", acme).code == 2


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    endpoint = f"http://127.0.0.1:{port}"
    urllib.request.urlopen(urllib.request.Request(f"{endpoint}/moto-api/reset", method="POST")).close()
    for name, value in (
        ("AWS_ENDPOINT_URL", endpoint),
        ("AWS_ACCESS_KEY_ID", "none"),
        ("AWS_SECRET_ACCESS_KEY", "none"),
    ):
        monkeypatch.setenv(name, value)
    yield endpoint
    server.stop()


def test_with_yes_they_are_sent_and_other_workloads_are_left_alone(run: Run, acme: Path, hub: str) -> None:
    def sent(*more: str) -> dict[str, Any]:
        said = run("send", "securityhub", acme, "--region", "eu-central-1", "--yes", "-f", "json", *more)
        assert said.code == 0, said.err
        document: dict[str, Any] = json.loads(said.out)
        return document

    first = sent("-w", "shop")
    assert (first["sent"], first["archived"], first["failed"]) == (True, 0, [])
    assert first["taken"] > 100
    assert sent("-w", "lake")["archived"] == 0, "shop was not looked at"


def test_a_hub_that_cannot_be_asked_is_said(run: Run, acme: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nonexistent")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    said = run("send", "securityhub", acme, "--region", "eu-central-1", "--yes")
    assert (said.code, "AWS cannot be asked" in said.err) == (2, True)
