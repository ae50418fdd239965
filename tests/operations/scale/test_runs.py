"""Runs that are disturbed: nothing is lost, nothing counts twice, and what could not be assessed is said."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.operations.scale.test_incremental import RULES, TODAY
from tests.operations.scale.worlds import ACCOUNTS, world, write

from assay.assessment.shards import Rules
from assay.errors import UsageError
from assay.governance.repository import read_catalogue
from assay.inventory.snapshot import Snapshot
from assay.operations.scale import Options, Run, assess_snapshot
from assay.operations.scale.plan import Shard, plan
from assay.operations.scale.store import Done, Failed, Store
from assay.operations.scale.summary import totals
from assay.operations.scale.workers import ATTEMPTS, Task, in_processes

FEW = 1  # resources of a shard: every account is one


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return write(tmp_path_factory.mktemp("world") / "s", world(random.Random(3), "aws").values(), listed=True)


@pytest.fixture(scope="module")
def rules() -> Rules:
    """A few controls, so that processes start quickly."""
    catalogue = read_catalogue()
    few = [each for name, each in catalogue.controls.items() if name.startswith(("s3-", "ec2-volume", "sqs-"))]
    return Rules.of(few, catalogue.params, TODAY)


@pytest.fixture(scope="module")
def undisturbed(snapshot: Snapshot, rules: Rules, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    return rows(assess_snapshot(snapshot, rules, tmp_path_factory.mktemp("results"), Options(processes=1, rows=FEW)))


def rows(run: Run) -> list[tuple[Any, ...]]:
    files = [str(run.store.parquet(each.name)) for each in run.done]
    return duckdb.execute(f"SELECT * FROM read_parquet({files}) ORDER BY id").fetchall()


def children() -> list[int]:
    own = os.getpid()
    return [int(each) for each in Path(f"/proc/{own}/task/{own}/children").read_text().split()]


def damaged(snapshot: Snapshot, folder: Path, account: str) -> Snapshot:
    """Return a copy of the snapshot in which a byte of one account's part is another."""
    for part in snapshot.manifest.parts:
        target = folder / part.path
        target.parent.mkdir(parents=True)
        content = bytearray((snapshot.directory / part.path).read_bytes())
        if part.account == account:
            content[len(content) // 2] ^= 1
        target.write_bytes(content)
    return Snapshot(folder, snapshot.manifest)


def test_a_second_run_judges_nothing(snapshot: Snapshot, rules: Rules, tmp_path: Path) -> None:
    first = assess_snapshot(snapshot, rules, tmp_path, Options(processes=1, rows=FEW))
    second = assess_snapshot(snapshot, rules, tmp_path, Options(processes=1, rows=FEW))
    assert (len(first.fresh), len(second.fresh)) == (2, 0)
    assert totals(first) == totals(second)
    assert second.complete


def test_how_the_work_is_cut_changes_no_verdict(
    snapshot: Snapshot, undisturbed: Any, rules: Rules, tmp_path: Path
) -> None:
    run = assess_snapshot(snapshot, rules, tmp_path, Options(processes=1))
    assert (len(run.done), rows(run)) == (1, undisturbed)


def test_a_damaged_part_is_reported_and_the_rest_is_assessed(snapshot: Snapshot, rules: Rules, tmp_path: Path) -> None:
    broken = damaged(snapshot, tmp_path / "s", ACCOUNTS[0])
    run = assess_snapshot(broken, rules, tmp_path / "r", Options(processes=1, rows=FEW))
    assert not run.complete
    assert [(each.accounts, each.attempts) for each in run.failed] == [((ACCOUNTS[0],), 1)]
    assert "not of the digest in its name" in run.failed[0].why
    assert [each.accounts for each in run.done] == [(ACCOUNTS[1],)]


def test_a_result_that_was_damaged_is_found_anew(
    snapshot: Snapshot, undisturbed: Any, rules: Rules, tmp_path: Path
) -> None:
    run = assess_snapshot(snapshot, rules, tmp_path, Options(processes=1, rows=FEW))
    run.store.parquet(run.done[0].name).write_bytes(b"PAR1")
    again = assess_snapshot(snapshot, rules, tmp_path, Options(processes=1, rows=FEW))
    assert ([each.name for each in again.fresh], rows(again)) == ([run.done[0].name], undisturbed)


def test_results_are_not_put_among_other_things(snapshot: Snapshot, rules: Rules, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="something else"):
        assess_snapshot(snapshot, rules, tmp_path, Options(processes=1))


def end_this_process() -> Shard:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


class Poison(Shard):
    """A shard that ends whatever process takes it up."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Callable[[], Shard], tuple[()]]:
        return end_this_process, ()


@pytest.mark.slow
def test_a_shard_that_ends_its_workers_is_given_up_and_the_rest_is_assessed(
    snapshot: Snapshot, rules: Rules, tmp_path: Path
) -> None:
    store = Store(tmp_path)
    store.begin()
    one, other = plan(snapshot, rules.digest, rows=FEW)
    poison = Poison(one.snapshot, one.accounts, one.parts, one.listed, one.around, "0" * 64)
    outcomes = list(in_processes(Task(rules, tmp_path, "500MB"), [(poison, None), (other, None)], 2))
    (lost,) = [each for each in outcomes if isinstance(each, Failed)]
    assert (lost.attempts, lost.accounts) == (ATTEMPTS, one.accounts)
    assert lost.why == "the process that assessed it ended"
    assert [each.name for each in outcomes if isinstance(each, Done)] == [other.name]


@pytest.mark.slow
def test_a_worker_that_is_killed_loses_nothing(
    snapshot: Snapshot, undisturbed: Any, rules: Rules, tmp_path: Path
) -> None:
    killed: list[int] = []

    def kill_one(done: int, of: int) -> None:
        for each in [] if killed or not done else children():
            if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes():
                os.kill(each, signal.SIGKILL)  # it is idle, or takes up the next shard
                killed.append(each)

    run = assess_snapshot(snapshot, rules, tmp_path, Options(processes=1, rows=FEW, told=kill_one))
    assert killed
    assert (run.complete, rows(run)) == (True, undisturbed)


RUN = """
import pickle, sys
from pathlib import Path
from assay.inventory.snapshot import open_snapshot
from assay.operations.scale import Options, assess_snapshot
if __name__ == "__main__":
    rules = pickle.loads(Path(sys.argv[1]).read_bytes())
    assess_snapshot(open_snapshot(Path(sys.argv[2])), rules, Path(sys.argv[3]), Options(processes=1, rows=1))
"""


@pytest.mark.slow
def test_a_run_that_is_killed_goes_on_where_it_stopped(
    snapshot: Snapshot, undisturbed: Any, rules: Rules, tmp_path: Path
) -> None:
    import pickle

    script, given, results = tmp_path / "run.py", tmp_path / "rules", tmp_path / "r"
    script.write_text(RUN)
    given.write_bytes(pickle.dumps(rules))
    command = [sys.executable, str(script), str(given), str(snapshot.directory), str(results)]
    with subprocess.Popen(command, start_new_session=True) as process:
        while process.poll() is None and not list(results.glob("shards/[0-9a-f]*.json")):
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    run = assess_snapshot(snapshot, rules, results, Options(processes=1, rows=FEW))
    assert len(run.fresh) < len(run.done)
    assert (run.complete, rows(run)) == (True, undisturbed)


@pytest.fixture
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as made:
        yield made


@pytest.mark.slow
def test_a_cluster_finds_the_same_and_a_worker_of_it_may_be_killed(
    snapshot: Snapshot, undisturbed: Any, rules: Rules, tmp_path: Path, cluster: Any
) -> None:
    killed: list[int] = []

    def kill_one(done: int, of: int) -> None:
        if not killed:
            killed.append(next(iter(cluster.workers.values())).process.pid)
            os.kill(killed[0], signal.SIGKILL)

    options = Options(rows=FEW, scheduler=cluster.scheduler_address, told=kill_one)
    run = assess_snapshot(snapshot, rules, tmp_path, options)
    assert (run.complete, rows(run)) == (True, undisturbed)


def test_a_scheduler_that_does_not_answer_is_said(snapshot: Snapshot, rules: Rules, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no scheduler of dask answers"):
        assess_snapshot(snapshot, rules, tmp_path, Options(scheduler="tcp://127.0.0.1:1"))


def test_the_rules_of_the_catalogue_have_one_digest_in_every_process() -> None:
    again = Rules.of(reversed(list(read_catalogue().controls.values())), read_catalogue().params, TODAY)
    assert again.digest == RULES.digest
