"""Writers that are killed at every step, and eight at once: nothing acknowledged is lost, nothing doubled."""

import itertools
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.ledger import worlds
from tests.ledger.worlds import MANIFEST

from assay.errors import UsageError
from assay.ledger.checkpoint import open_checkpoint
from assay.ledger.keys import PublicKey, Signer, new_signer, write_key
from assay.ledger.log import append, initialise, runs, settle
from assay.ledger.run import Manifest, Run
from assay.ledger.store import Bucket, Pack, open_bucket, open_objects, write_pack
from assay.ledger.verify import verify

WRITER = Path(__file__).with_name("writer.py")


@pytest.fixture
def place(tmp_path: Path) -> tuple[Path, Path, Signer]:
    """A ledger on disk with one run that leaves its tiles partial."""
    folder, key = tmp_path / "ledger", tmp_path / "ledger.key"
    signer = new_signer("example.org/log")
    write_key(signer, key)
    bucket = open_bucket(str(folder), new=True)
    initialise(bucket, signer)
    append(bucket, signer, Run("first", MANIFEST, [{"kind": "verdict", "verdict": "met"}] * 200))
    return folder, key, signer


def start(folder: Path | str, key: Path, name: str, count: int, stop: str = "") -> subprocess.Popen[str]:
    command = [sys.executable, str(WRITER), str(folder), str(key), name, str(count), stop]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def acknowledged(process: subprocess.Popen[str]) -> list[tuple[str, int, int]]:
    """What a writer said before it ended."""
    said, _ = process.communicate(timeout=120)
    lines = [each.split() for each in said.splitlines() if each != "end"]
    return [(run, int(first), int(count)) for run, first, count in (each for each in lines if len(each) == 3)]


def check_all_there(bucket: Bucket, key: PublicKey, promised: list[tuple[str, int, int]]) -> None:
    there = [(commit.run, commit.before, commit.checkpoint.size - commit.before) for commit, _ in runs(bucket, key)]
    assert set(promised) <= set(there)
    assert max(Counter(run for run, _, _ in there).values()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_writer_killed_at_any_step_leaves_a_ledger_that_verifies(place: tuple[Path, Path, Signer], when: str) -> None:
    """At every write of an append: nothing is wrong right after, and the next writer finishes what was begun.

    The retry of the same run, as a pipeline would try again, finds it there or appends it: in the end it is there once.
    """
    folder, key, signer = place
    bucket, public = open_bucket(str(folder)), signer.public
    promised, died = [("first", 0, 201)], 0
    for step in range(100):
        process = start(folder, key, f"run{step}", 1, f"{when}:{step}")
        promised += acknowledged(process)
        found = verify(bucket, public)
        assert not found.wrong, (step, found.wrong)
        check_all_there(bucket, public, promised)
        promised += acknowledged(start(folder, key, f"run{step}", 1))
        found = verify(bucket, public)
        assert found.passed, (step, found.wrong or found.open)
        check_all_there(bucket, public, promised)
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL
        died = step + 1
    assert died >= 10
    assert {run for run, _, _ in promised} >= {f"run{step}-0" for step in range(died)}


@pytest.mark.slow
def test_eight_writers_at_once_lose_and_double_nothing(place: tuple[Path, Path, Signer]) -> None:
    folder, key, signer = place
    writers = [start(folder, key, f"writer{number}", 6) for number in range(8)]
    promised = [each for writer in writers for each in acknowledged(writer)]
    assert len(promised) == 48
    bucket = open_bucket(str(folder))
    assert verify(bucket, signer.public).passed
    check_all_there(bucket, signer.public, promised)
    assert sum(count for _, _, count in promised) == 48 * 91


@pytest.mark.slow
def test_of_eight_writers_that_are_killed_everything_acknowledged_is_there(place: tuple[Path, Path, Signer]) -> None:
    folder, key, signer = place
    chance = random.Random(8)
    writers = [start(folder, key, f"writer{number}", 1_000) for number in range(8)]
    time.sleep(2)
    for writer in chance.sample(writers, len(writers)):
        time.sleep(chance.random() / 4)
        writer.kill()
    promised = [each for writer in writers for each in acknowledged(writer)]
    assert promised
    bucket = open_bucket(str(folder))
    found = verify(bucket, signer.public)
    assert not found.wrong, found.wrong
    head = settle(bucket, signer.public)
    found = verify(bucket, signer.public)
    assert found.passed, found.wrong or found.open
    check_all_there(bucket, signer.public, promised)
    assert head.size >= 201 + sum(count for _, _, count in promised)


def test_a_receipt_holds_what_the_log_has(place: tuple[Path, Path, Signer]) -> None:
    folder, _, signer = place
    bucket = open_bucket(str(folder))
    receipt = append(bucket, signer, Run("second", MANIFEST, [{"verdict": "met"}]))
    assert (receipt.first, receipt.count) == (201, 2)
    assert open_checkpoint(receipt.note.encode(), signer.public).size == 203
    assert (folder / "checkpoint").read_text() == receipt.note


def test_an_unfinished_append_is_neither_wrong_nor_passed(place: tuple[Path, Path, Signer]) -> None:
    folder, _, signer = place
    bucket = open_bucket(str(folder))
    before = (folder / "checkpoint").read_bytes()
    append(bucket, signer, Run("second", MANIFEST))
    (folder / "checkpoint").write_bytes(before)
    found = verify(bucket, signer.public)
    assert not found.wrong
    assert not found.passed
    settle(bucket, signer.public)
    assert verify(bucket, signer.public).passed


def test_a_log_that_grows_while_it_is_verified_is_never_called_wrong() -> None:
    """A writer appends a run at each moment of a verification in turn."""
    key = worlds.signer()
    for moment in range(1_000):
        memory = worlds.ledger((3, 260))
        reads = itertools.count()

        class Growing:
            names = memory.names

            def get(self, name: str) -> bytes | None:
                if next(reads) == moment:  # noqa: B023  # used before the next round
                    append(memory, key, worlds.run("meanwhile", 5))  # noqa: B023
                return memory.get(name)  # noqa: B023

        found = verify(Growing(), key.public)
        assert not found.wrong, (moment, found.wrong)
        if next(reads) <= moment:
            break
    assert found.passed
    assert moment > 20


def test_what_cannot_be_a_run_is_refused() -> None:
    with pytest.raises(UsageError, match="letters, digits"):
        Run("../up", MANIFEST)
    with pytest.raises(ValueError, match="closes a run"):
        Run("run", MANIFEST, [{"kind": "run", "verdict": "met"}])
    with pytest.raises(ValueError, match="not complete"):
        Manifest("complete", {}, "", "", not_reached=[{"subject": "x", "reason": "y"}])


def test_places_without_a_ledger_are_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no ledger at"):
        open_bucket(str(tmp_path / "none"))
    with pytest.raises(UsageError, match="cannot open"):
        open_bucket("nosuch://bucket")
    (tmp_path / "file").write_text("no pack")
    with pytest.raises(UsageError, match="no pack"):
        open_objects(str(tmp_path / "file"))


def test_a_ledger_is_begun_once_and_a_pack_is_never_overwritten(
    place: tuple[Path, Path, Signer], tmp_path: Path
) -> None:
    folder, _, signer = place
    bucket = open_bucket(str(folder))
    with pytest.raises(UsageError, match="already"):
        initialise(bucket, signer)
    target = tmp_path / "pack.zip"
    assert write_pack(bucket, target) == len(list(bucket.names()))
    assert verify(Pack(target), signer.public).passed
    with pytest.raises(UsageError, match="cannot write"):
        write_pack(bucket, target)


def test_what_may_not_be_read_is_unverifiable_and_not_wrong(place: tuple[Path, Path, Signer]) -> None:
    """Root may read everything, so the refusal is played."""
    from assay.ledger.store import Denied

    folder, _, signer = place
    bucket = open_bucket(str(folder))
    for refused in ("checkpoint", "commits/000", "tile/0/000.p/201", "ledger.json"):

        class Closed:
            def get(self, name: str) -> bytes | None:
                if name == refused:  # noqa: B023  # used before the next round
                    raise Denied(name)
                return bucket.get(name)

            names = bucket.names

        found = verify(Closed(), signer.public)
        assert not found.wrong
        assert found.open
        assert refused in found.open.detail


def test_a_pack_of_nothing_is_not_written(tmp_path: Path) -> None:
    """An auditor who gets an empty file would look for the ledger in it."""
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match="there is no ledger"):
        write_pack(open_bucket(str(tmp_path / "empty")), tmp_path / "pack.zip")
    assert not (tmp_path / "pack.zip").exists()
