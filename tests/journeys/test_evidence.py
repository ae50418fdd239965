"""Evidence by the command line: begin a ledger, assess into it, hand over a pack, verify it elsewhere."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from tests.conftest import Write
from tests.journeys.conftest import Run

ADDRESS = "ann.owner@shop.example"
SECRET = "hunter2-is-no-password"
TEMPLATE = f"""\
Parameters: {{Stage: {{Type: String}}}}
Resources:
  Bucket: {{Type: AWS::S3::Bucket}}
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Code: {{ZipFile: pass}}
      Role: arn:aws:iam::222222222222:role/work
      Environment: {{Variables: {{DB_PASSWORD: {SECRET}, Size: 1.0, OWNER: {ADDRESS}}}}}
"""


@pytest.fixture
def place(run: Run, tmp_path: Path) -> Path:
    folder = tmp_path / "evidence" / "ledger"
    said = run("ledger", "init", folder, "--name", "example.org/assurance")
    assert said.code == 0, said.err
    return folder


@pytest.fixture
def repository(write: Write, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write({"templates/shop/template.yaml": TEMPLATE})


def key_of(place: Path) -> Path:
    return place.with_name("ledger.key.pub")


def test_from_an_assessment_to_a_pack_that_others_verify(
    run: Run, place: Path, repository: Path, tmp_path: Path
) -> None:
    assessed = run("assess", repository, "--ledger", place)
    assert assessed.code in (1, 3)
    assert "recorded as run" in assessed.err
    assert run("assess", repository, "--format", "json").code == assessed.code
    verified = run("verify", place, "--public-key", key_of(place))
    assert verified.code == 0, verified.out
    assert "VERIFIED" in verified.out
    pack = tmp_path / "pack.zip"
    assert run("ledger", "pack", place, "-o", pack).code == 0
    shutil.rmtree(place)
    said = run("verify", pack, "-k", key_of(place), "--format", "json")
    assert said.code == 0
    found = json.loads(said.out)
    assert found["conclusion"] == "verified"
    assert [each["name"] for each in found["steps"]] == [
        "checkpoint",
        "history",
        "inclusion",
        "older checkpoint",
        "digests",
        "signatures",
        "completeness",
        "attestations",
        "time-stamps",
        "replay",
        "decisions",
    ]
    assert [each["state"] for each in found["steps"] if each["asked"]] == ["passed"] * 9


def test_the_answer_is_the_same_with_and_without_a_ledger(run: Run, place: Path, repository: Path) -> None:
    day = "2026-11-01"
    plain = run("assess", repository, "--as-of", day, "--format", "json")
    kept = run("assess", repository, "--as-of", day, "--format", "json", "--ledger", place)
    assert (plain.code, plain.out) == (kept.code, kept.out)


def test_secrets_never_reach_the_ledger_and_are_judged_all_the_same(run: Run, place: Path, repository: Path) -> None:
    run("assess", repository, "--ledger", place)
    stored = [each.read_bytes() for each in place.rglob("*") if each.is_file()]
    assert not any(SECRET.encode() in each for each in stored)
    assert not any(ADDRESS.encode() in each for each in stored)
    assert any(b"@redacted.invalid" in each for each in stored)
    assert any(b"AKIAREDACTEDREDACTED" in each for each in stored)
    assert any(b'"original"' in each for each in stored)
    assert run("verify", place, "-k", key_of(place)).code == 0


def test_the_same_run_tried_again_is_there_once(run: Run, place: Path, repository: Path) -> None:
    for _ in range(2):
        run("assess", repository, "--ledger", place, "--run", "pipeline-7")
    listed = json.loads(run("ledger", "show", place, "--format", "json").out)
    assert [each["run"] for each in listed] == ["pipeline-7"]
    assert listed[0]["status"] == "complete"
    assert listed[0]["asked"]["directory"] == str(repository)
    assert {each["workload"] for each in listed[0]["reached"]} == {"", "shop"}


def test_a_run_that_fails_is_recorded_with_its_reason(run: Run, place: Path, write: Write) -> None:
    broken = write({"objectives/data-can-be-recovered.yaml": "id: nothing\n"})
    said = run("assess", broken, "--ledger", place)
    assert said.code == 2
    (listed,) = json.loads(run("ledger", "show", place, "--format", "json").out)
    assert (listed["status"], listed["records"]) == ("failed", 0)
    assert any("data-can-be-recovered.yaml" in each["subject"] for each in listed["not_reached"])
    assert run("verify", place, "-k", key_of(place)).code == 0
    assert "failed" in run("ledger", "show", place).out


def test_a_run_that_could_not_read_everything_is_partial_and_says_what(run: Run, place: Path, write: Write) -> None:
    repository = write({"templates/shop/broken.yaml": "Resources: {A: {Type: AWS::S3::Bucket, Properties: [}}\n"})
    run("assess", repository, "--ledger", place)
    (listed,) = json.loads(run("ledger", "show", place, "--format", "json").out)
    assert listed["status"] == "partial"
    assert any("broken.yaml" in each["subject"] for each in listed["not_reached"])
    assert [each["complete"] for each in listed["reached"]] == [True, False]


def test_a_changed_verdict_is_named_with_exit_code_1(run: Run, place: Path, repository: Path) -> None:
    run("assess", repository, "--ledger", place)
    bundle = next(each for each in place.rglob("*") if each.is_file() and b'"not_met"' in each.read_bytes())
    bundle.write_bytes(bundle.read_bytes().replace(b'"not_met"', b'"is_met!"', 1))
    said = run("verify", place, "-k", key_of(place))
    assert said.code == 1
    assert "WRONG" in said.out
    assert "tile/entries/" in said.out
    document = json.loads(run("verify", place, "-k", key_of(place), "-f", "json").out)
    assert document["first_wrong"].startswith("tile/entries/")


def test_an_older_checkpoint_must_still_be_contained(run: Run, place: Path, repository: Path, tmp_path: Path) -> None:
    run("assess", repository, "--ledger", place)
    older, copy = tmp_path / "older", tmp_path / "copy"
    shutil.copytree(place, copy)
    run("assess", repository, "--ledger", place)
    older.write_bytes((place / "checkpoint").read_bytes())
    assert run("verify", place, "-k", key_of(place), "--checkpoint", older).code == 0
    said = run("verify", copy, "-k", key_of(place), "--checkpoint", older)
    assert said.code == 1
    assert "set back" in said.out


def test_another_key_cannot_tell_and_exits_with_3(run: Run, place: Path, repository: Path, tmp_path: Path) -> None:
    run("assess", repository, "--ledger", place)
    run("ledger", "init", tmp_path / "other", "--name", "example.org/assurance")
    said = run("verify", place, "-k", tmp_path / "other.key.pub")
    assert said.code == 3
    assert "UNVERIFIABLE" in said.out


def test_an_interrupted_append_exits_with_3_until_it_is_settled(run: Run, place: Path, repository: Path) -> None:
    before = (place / "checkpoint").read_bytes()
    run("assess", repository, "--ledger", place)
    (place / "checkpoint").write_bytes(before)
    assert run("verify", place, "-k", key_of(place)).code == 3
    assert run("ledger", "settle", place).code == 0
    assert run("verify", place, "-k", key_of(place)).code == 0


def test_what_cannot_be_done_exits_with_2(run: Run, place: Path, repository: Path, tmp_path: Path) -> None:
    for arguments, said in (
        (("verify", tmp_path / "none", "-k", key_of(place)), "no ledger"),
        (("verify", place, "-k", tmp_path / "none"), "cannot read the public key"),
        (("verify", place, "-k", key_of(place), "--checkpoint", tmp_path / "none"), "cannot read the checkpoint"),
        (("ledger", "init", place), "cannot write the key|not empty"),
        (("ledger", "init", tmp_path / "new", "--key", tmp_path / "new" / "key"), "inside the ledger"),
        (("ledger", "init", "s3://bucket/prefix"), "--key"),
        (("assess", repository, "--ledger", tmp_path / "none"), "no ledger"),
        (("assess", repository, "--ledger", place, "--key", tmp_path / "none"), "cannot read the key"),
        (("assess", repository, "--ledger", place, "--run", "a/b"), "letters, digits"),
        (("assess", repository, "--key", place.with_name("ledger.key")), "--ledger"),
    ):
        found = run(*arguments)
        assert found.code == 2, (arguments, found)
        assert any(each in found.err for each in said.split("|")), (arguments, found.err)
        assert "Traceback" not in found.err


def test_what_a_person_states_is_kept_until_it_expires(run: Run, place: Path, tmp_path: Path) -> None:
    person, document = tmp_path / "ann.key", tmp_path / "report.pdf"
    document.write_bytes(b"a report")
    assert run("ledger", "key", person, "--name", "ann@example.org").code == 0
    said = run(
        *("ledger", "attest", place, "--by", "ann@example.org", "--person-key", person, "--objective", "recovery"),
        *("--statement", "Restored, complete", "--observed", "2026-11-20", "--until", "2027-05-20"),
        *("--workload", "shop", "--document", document),
    )
    assert said.code == 0, said.err
    for day, standing in (("2026-11-19", "not yet in force"), ("2027-05-19", "in force"), ("2027-05-20", "expired")):
        (listed,) = json.loads(run("ledger", "attestations", place, "--as-of", day, "-f", "json").out)
        assert listed["standing"] == standing
    assert listed["about"] == {"objective": "recovery", "workload": "shop"}
    assert listed["document"] == hashlib.sha256(b"a report").hexdigest()
    assert "ann@example.org" in run("ledger", "attestations", place).out
    trusting = run("verify", place, "-k", key_of(place), "--person", person.with_name("ann.key.pub"))
    assert trusting.code == 0, trusting.out
    assert run("verify", place, "-k", key_of(place)).code == 3


def test_an_attestation_that_states_nothing_or_never_counts_exits_with_2(run: Run, place: Path, tmp_path: Path) -> None:
    person = tmp_path / "ann.key"
    run("ledger", "key", person, "--name", "ann@example.org")
    fixed = ("ledger", "attest", place, "--by", "ann@example.org", "--person-key", person, "--objective", "recovery")
    for arguments, message in (
        (("--statement", "", "--until", "2999-01-01"), "states something"),
        (("--statement", "so", "--until", "2000-01-01"), "expire"),
        (("--statement", "so", "--until", "soon"), "expected a day"),
        (("--statement", "so", "--until", "2999-01-01", "--document", tmp_path / "none"), "cannot read the document"),
    ):
        said = run(*fixed, *arguments)
        assert said.code == 2
        assert message in said.err
    assert json.loads(run("ledger", "show", place, "-f", "json").out) == []
