"""assay assess with attestations: a signed statement answers an objective that no control serves, until it expires."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
OBJECTIVE = "customers-can-delete-their-account"


@pytest.fixture
def signed(run: Run, tmp_path: Path) -> tuple[Path, Path]:
    """A ledger with one attestation, and the public key of its person."""
    ledger, key = tmp_path / "ledger", tmp_path / "ann"
    assert run("ledger", "init", ledger).code == 0
    assert run("ledger", "key", key, "--name", "ann").code == 0
    stated = ("--statement", "Tried it", "--objective", OBJECTIVE, "--workload", "shop", "--until", "2027-06-01")
    assert run("ledger", "attest", ledger, *stated, "--by", "ann", "--person-key", key).code == 0
    return ledger, tmp_path / "ann.pub"


def answer(run: Run, acme: Path, *options: object) -> dict[str, Any]:
    said = run("assess", acme, "-w", "shop", "-f", "json", *options)
    (shop,) = [each for each in json.loads(said.out)["sections"] if each["workload"] == "shop"]
    (found,) = [each for each in shop["objectives"] if each["id"] == OBJECTIVE]
    return found  # type: ignore[no-any-return]  # JSON


def test_it_counts_with_the_person_s_key_and_until_its_day(run: Run, acme: Path, signed: tuple[Path, Path]) -> None:
    ledger, person = signed
    assert answer(run, acme)["verdict"] == "unknown"
    found = answer(run, acme, "--attestations", ledger, "-p", person, "--as-of", "2027-05-31")
    assert (found["verdict"], found["methods"]) == ("met", ["attested"])
    assert "attested by ann: Tried it (counts until 2027-06-01)" in found["reason"]
    expired = answer(run, acme, "--attestations", ledger, "-p", person, "--as-of", "2027-06-01")
    assert (expired["verdict"], expired["methods"]) == ("unknown", [])
    assert "expired on 2027-06-01" in expired["reason"]


def test_without_the_person_s_key_it_is_told_and_does_not_count(
    run: Run, acme: Path, signed: tuple[Path, Path], tmp_path: Path
) -> None:
    ledger, _ = signed
    assert run("ledger", "key", tmp_path / "eve", "--name", "ann").code == 0
    for options in ((), ("-p", tmp_path / "eve.pub")):
        found = answer(run, acme, "--attestations", ledger, *options, "--as-of", "2027-05-31")
        assert found["verdict"] == "unknown"
        assert "does not count: the public key of ann was not given" in found["reason"]


def test_a_key_without_a_ledger_is_a_mistake(run: Run, acme: Path, signed: tuple[Path, Path]) -> None:
    said = run("assess", acme, "-p", signed[1])
    assert said.code == 2
    assert "--person is about attestations" in said.err
