"""The history of the example organisation by the command line: what was so, what nobody saw, what was decided."""

import csv
import datetime
import io
import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from tests.journeys.conftest import Run, Said

from assay.governance import repository
from assay.inventory.values import Value
from assay.operations import evidence
from assay.operations.book import Book
from assay.operations.evidence import assess_and_record
from assay.operations.history import Wanted, open_history
from assay.operations.history_looks import moment_of
from assay.operations.keeping import begin, open_for_writing

ACME = Path(__file__).parents[2] / "examples" / "acme"
DAYS = ("2026-02-27", "2026-02-28", "2026-03-01", "2026-05-31", "2026-06-01")


def _same(value: Value) -> Value:
    return value


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger to which the example was assessed on some days, each as of that day and written down on it."""
    folder = tmp_path_factory.mktemp("evidence") / "ledger"
    begin(str(folder), None, "acme.example/assurance")
    bucket, signer = open_for_writing(str(folder), None)
    catalogue = repository.read_catalogue()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(repository, "read_catalogue", lambda: catalogue)
        for day in DAYS:
            now = datetime.datetime.fromisoformat(f"{day}T00:00:00+00:00")
            assess_and_record(ACME, Book(bucket, signer, _same, f"run-{day}", now), now=now)
    return folder


@pytest.fixture
def ask(run: Run, place: Path) -> Run:
    def call(*arguments: str | Path) -> Said:
        return run("history", place, "--index", place.with_name("index.duckdb"), *arguments)

    return call


def found(said: Said) -> dict[str, Any]:
    assert said.code == 0, said.err
    document: dict[str, Any] = json.loads(said.out)
    assert document["format"] == "assay.history/1"
    return document


@pytest.mark.parametrize(
    ("workload", "name", "day", "before", "after"),
    [
        ("pipeline", "LegacyImporter", "2026-03-01", "excepted", "failing"),
        ("shop", "MediaBucket", "2026-06-01", "failing", "excepted"),
    ],
)
def test_exceptions_begin_and_end_in_history_when_they_did(
    place: Path, workload: str, name: str, day: str, before: str, after: str
) -> None:
    moment = moment_of(f"{day}T00:00:00Z")
    with open_history(str(place), place.with_name("index.duckdb")) as history:
        wanted = Wanted(workloads=(workload,), detail="resource")
        states = [
            {
                each.subject: each.state
                for each in history.as_of(at, wanted).statuses
                if each.subject.resource.endswith(name)
            }
            for at in (moment - 1, moment)
        ]
    changed = {
        (one.value, states[1][subject].value) for subject, one in states[0].items() if one is not states[1][subject]
    }
    assert changed == {(before, after)}


def test_a_period_tells_what_was_met_what_was_blind_and_what_failed(ask: Run) -> None:
    document = found(ask("--from", "2026-02-27", "--to", "2026-06-02", "-f", "json"))
    total = document["total"]
    parts = ("met", "failing", "excepted", "excepted_unknown", "unknown", "stale", "unseen", "not_applicable", "gone")
    assert sum(total[each] for each in parts) == total["length"] == total["subjects"] * 95 * 86_400
    assert total["observed"] == total["met"] + total["failing"] + total["excepted"]
    assert 0 < total["share_met"] < 1
    assert total["stale"] > total["observed"]  # nobody looked from March to May
    summed = {key: sum(each[key] for each in document["workloads"]) for key in (*parts, "length", "begun", "ended")}
    assert summed == {key: total[key] for key in summed}


def test_the_answer_in_words(ask: Run) -> None:
    said = ask("--as-of", "2026-03-01")
    assert "As of 2026-03-01 23:59:59 UTC, from 15 looks." in said.out
    assert "recorded after that time" not in said.out
    said = ask("--from", "2026-02-27", "--to", "2026-03-03", "-w", "pipeline", "--limit", "0")
    assert "(4 d), from 3 looks." in said.out
    assert "met of observed" in said.out
    assert "has been failing since 2026-02-27 00:00 UTC, for 4 d" in said.out
    assert "stale: looked at too long ago" in ask("--as-of", "2026-04-15", "-w", "lake").out


def test_what_was_known_on_a_day_is_told_apart_from_what_is_known_since(ask: Run) -> None:
    known = found(ask("--as-of", "2026-06-01", "--recorded", "2026-03-15", "-f", "json"))
    assert known["looks"] == 15
    assert {each["state"] for each in known["subjects"]} == {"stale"}
    assert known["recorded"] == "2026-03-15T23:59:59Z"


def test_csv_has_one_row_for_each_subject(ask: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(ask("--from", "2026-02-27", "--to", "2026-03-01", "-f", "csv").out)))
    document = found(ask("--from", "2026-02-27", "--to", "2026-03-01", "-f", "json"))
    assert [int(each["met"]) for each in rows] == [each["met"] for each in document["subjects"]]
    assert {each["workload"] for each in rows} == {"", "lake", "pipeline", "platform", "shop"}


def test_what_cannot_be_asked_exits_with_2(ask: Run, run: Run, place: Path, tmp_path: Path) -> None:
    for arguments, said in (
        (("--as-of", "2999-01-01"), "nothing is known of the future"),
        (("--as-of", "yesterday"), "expected a day"),
        (("--to", "2026-03-01"), "--from"),
        (("--from", "2026-03-01", "--to", "2026-03-01"), "is not after"),
        (("--from", "2026-03-01", "--as-of", "2026-03-01"), "leave one out"),
        (("-w", "shopp"), "did you mean shop"),
    ):
        answer = ask(*arguments)
        assert (answer.code, said in answer.err) == (2, True), answer.err
    assert run("history", tmp_path / "none").code == 2
    inside = run("history", place, "--index", place / "index.duckdb")
    assert (inside.code, "inside the ledger" in inside.err) == (2, True)


def test_a_pack_and_a_missing_private_key_are_enough(run: Run, place: Path, tmp_path: Path) -> None:
    pack = tmp_path / "pack.zip"
    assert run("ledger", "pack", place, "-o", pack).code == 0
    key = place.with_name("ledger.key")
    key.rename(tmp_path / "away")
    try:
        said = run("history", pack, "--index", tmp_path / "index.duckdb", "--as-of", "2026-03-01", "-f", "json")
    finally:
        (tmp_path / "away").rename(key)
    assert found(said)["looks"] == 15


def test_the_gate_leaves_its_run_and_its_decision(run: Run, tmp_path: Path) -> None:
    ledger, templates = tmp_path / "ledger", tmp_path / "t.yaml"
    run("ledger", "init", ledger, "--name", "acme.example/assurance")
    secret = "AKIAIOSFODNN7EXAMPLE"
    codes = []
    for text in (
        "Resources: {A: {Type: AWS::KMS::Key, Properties: {EnableKeyRotation: true, KeyPolicy: {}}}}",
        f"Resources: {{A: {{Type: AWS::KMS::Key, Properties: {{Description: {secret}, KeyPolicy: {{}}}}}}}}",
        "Resources: {A: [",
        "Resources: {}",
    ):
        templates.write_text(text)
        checked = run("check", templates, "-c", "kms-key-rotated", "--ledger", ledger)
        plain = run("check", templates, "-c", "kms-key-rotated")
        assert (checked.code, checked.out) == (plain.code, plain.out)
        assert "recorded as run" in checked.err
        codes.append(checked.code)
    shown = json.loads(run("decisions", ledger, "-f", "json").out)
    assert shown["format"] == "assay.decisions/1"
    outcomes = [each["outcome"] for each in shown["decisions"]]
    assert [{"open": (0,), "closed": (1, 2), "undetermined": (3,)}[each] for each in outcomes] == [
        next(each for each in ((0,), (1, 2), (3,)) if code in each) for code in codes
    ]
    assert set(outcomes) == {"open", "closed", "undetermined"}
    assert {each["again"] for each in shown["decisions"]} == {"reproduced"}
    runs = json.loads(run("ledger", "show", ledger, "-f", "json").out)
    assert [each["status"] for each in runs] == ["complete", "complete", "partial", "complete"]
    assert {each["asked"]["kind"] for each in runs} == {"check"}
    assert not any(secret.encode() in each.read_bytes() for each in ledger.rglob("*") if each.is_file())
    assert run("verify", ledger, "-k", tmp_path / "ledger.key.pub").code == 0
    assert "0 looks" in run("history", ledger, "--index", tmp_path / "i.duckdb").out  # a gate looks at no workload


def test_a_check_that_fails_is_recorded_with_its_reason(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    run("ledger", "init", ledger, "--name", "acme.example/assurance")
    assert run("check", tmp_path / "none.yaml", "--ledger", ledger).code == 2
    assert run("check", tmp_path, "--ledger", ledger, "-c", "no-such-control").code == 2
    runs = json.loads(run("ledger", "show", ledger, "-f", "json").out)
    assert [(each["status"], each["records"]) for each in runs] == [("failed", 0)] * 2
    assert "no-such-control" in runs[1]["not_reached"][0]["reason"]
    assert run("check", tmp_path, "--key", tmp_path / "k").code == 2


def test_who_interrupts_leaves_a_failed_run(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = tmp_path / "ledger"
    run("ledger", "init", ledger, "--name", "acme.example/assurance")

    def impatient(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(10)

    monkeypatch.setattr(evidence, "assess_repository", impatient)
    monkeypatch.setattr(evidence, "check", impatient)
    assert run("assess", ACME, "--ledger", ledger).code == 130
    assert run("check", tmp_path, "--ledger", ledger).code == 130
    runs = json.loads(run("ledger", "show", ledger, "-f", "json").out)
    assert [(each["status"], each["asked"]["kind"]) for each in runs] == [("failed", "assessment"), ("failed", "check")]
    assert {each["not_reached"][0]["reason"] for each in runs} == {"it was interrupted"}


def test_exceptions_are_decided_once_and_again_when_they_expire(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    run("ledger", "init", ledger, "--name", "acme.example/assurance")
    first = run("decide", "exceptions", ACME, "--ledger", ledger, "--as-of", "2026-02-01")
    assert first.code == 1
    assert "refused" in first.out
    later = run("decide", "exceptions", ACME, "--ledger", ledger, "--as-of", "2026-06-10")
    assert "it expired on" in later.out
    assert "nothing new" in run("decide", "exceptions", ACME, "--ledger", ledger, "--as-of", "2026-08-01").err
    shown = json.loads(run("decisions", ledger, "-f", "json").out)["decisions"]
    assert [(each["subject"], each["outcome"]) for each in shown] == [
        ("pipeline-legacy-runtime", "accepted"),
        ("shop-public-media", "refused"),
        ("pipeline-legacy-runtime", "refused"),
        ("shop-public-media", "accepted"),
    ]
    assert shown[1]["reasons"] == ["its approval of 2026-06-01 is to come"]
    assert {each["by"] for each in shown} == {"security@acme.example"}


def test_a_guardrail_is_enforced_only_after_it_was_announced(run: Run, tmp_path: Path) -> None:
    ledger, inputs = tmp_path / "ledger", tmp_path / "inputs.json"
    run("ledger", "init", ledger, "--name", "acme.example/assurance")
    step = {"subject": "g", "policies": ["aa"], "judged": 9, "incomplete": [], "unexplained": []}

    def decide(before: str, to: str, **changed: object) -> int:
        inputs.write_text(json.dumps({**step, "from": before, "to": to, **changed}))
        return run("decide", "promotion", inputs, "--ledger", ledger, "--by", "ann@acme.example").code

    assert decide("warn", "enforce") == 1
    assert decide("observe", "warn", unexplained=["a role"]) == 0
    assert decide("warn", "enforce", unexplained=["a role"]) == 1
    assert decide("warn", "enforce", policies=["other"]) == 1
    assert decide("warn", "enforce") == 0
    assert decide("warn", "nowhere") == 2
    shown = run("decisions", ledger)
    assert shown.code == 0
    assert "unexplained: a role" in shown.out
