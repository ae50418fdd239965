"""Who assesses the shards: processes on this machine, or the workers of a dask cluster. The same function for both.

A worker that ends takes one shard with it, which is tried again by another. A shard that ends its workers, or that
cannot be read, is given up after a few attempts and reported; the rest goes on.
"""

import multiprocessing
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from assay.assessment.shards import Judge, Rules
from assay.errors import AssayError, UsageError
from assay.operations.scale.plan import Shard
from assay.operations.scale.shard import assess_shard
from assay.operations.scale.store import Done, Failed, Store

ATTEMPTS = 3

Outcome: TypeAlias = Done | Failed
Work: TypeAlias = tuple[Shard, Done | None]
"""A shard, and what is known of its accounts from before."""


@dataclass(frozen=True, slots=True)
class Task:
    """What a worker needs to know besides its shard."""

    rules: Rules
    results: Path
    memory: str


@lru_cache(maxsize=2)
def _judge(digest: str, memory: str, rules: "_Held") -> Judge:
    return Judge(rules.rules, memory=memory)


class _Held:
    """Rules, that compare as their digest does; so that they need not be hashed."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)


def assess_one(task: Task, work: Work) -> Done:
    """Assess a shard, in whichever process. Assessed already, by whomever, it is not assessed again."""
    shard, before = work
    store = Store(task.results)
    found = store.done(shard)
    return found or assess_shard(shard, store, _judge(task.rules.digest, task.memory, _Held(task.rules)), before)


# On this machine.

_task: Task | None = None


def _begin(task: Task) -> None:
    global _task  # noqa: PLW0603 - what a process is told once
    _task = task


def _work(work: Work) -> Done:
    assert _task is not None
    return assess_one(_task, work)


def in_processes(task: Task, several: Sequence[Work], number: int = 0) -> Iterator[Outcome]:
    """Assess shards in processes of their own; number: of processes, 0 for as many as there are processors.

    Each process is an executor of its own, so that when it ends, it is known with which shard.
    """
    waiting = [(work, 1) for work in reversed(several)]
    running: dict[Future[Done], tuple[ProcessPoolExecutor, Work, int]] = {}
    idle = [_executor(task) for _ in range(min(number or os.cpu_count() or 1, len(several)))]
    try:
        while waiting or running:
            while waiting and idle:
                work, attempt = waiting.pop()
                executor = idle.pop()
                running[executor.submit(_work, work)] = executor, work, attempt
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                executor, work, attempt = running.pop(future)
                outcome = _outcome(future, work, attempt)
                if isinstance(future.exception(), BrokenProcessPool):
                    executor.shutdown(wait=False)
                    executor = _executor(task)
                idle.append(executor)
                if outcome is None:
                    waiting.insert(0, (work, attempt + 1))  # last: what ends its workers must not hold up the others
                else:
                    yield outcome
    finally:
        for executor in [*idle, *(each for each, _, _ in running.values())]:
            executor.shutdown(wait=not running, cancel_futures=True)


def _executor(task: Task) -> ProcessPoolExecutor:
    context = multiprocessing.get_context("spawn")  # a fork would copy DuckDB's threads half-way
    return ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(task,))


def _outcome(future: Future[Done], work: Work, attempt: int) -> Outcome | None:
    """Return what became of a shard; None when it is to be tried again."""
    error = future.exception()
    if error is None:
        return future.result()
    shard = work[0]
    if isinstance(error, AssayError):  # it will not be otherwise the next time
        return Failed(shard.name, shard.accounts, shard.rows, attempt, str(error))
    if attempt < ATTEMPTS:
        return None
    why = "the process that assessed it ended" if isinstance(error, BrokenProcessPool) else _said(error)
    return Failed(shard.name, shard.accounts, shard.rows, attempt, why)


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error)[:300]}"


# On a cluster.


def on_cluster(task: Task, several: Sequence[Work], address: str) -> Iterator[Outcome]:
    """Assess shards on the workers of a dask cluster that see the snapshot and the results under the same paths.

    Raises UsageError when there is no such cluster.
    """
    try:
        from distributed import Client, as_completed
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise UsageError("a cluster needs dask: pip install 'assay[cluster]'") from None
    try:
        connected: Any = Client
        client = connected(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise UsageError(f"no scheduler of dask answers at {address}: {error}") from None
    with client, client.as_current():
        told = client.scatter(task, broadcast=True)
        works: Mapping[str, Work] = {f"assay-{work[0].name}": work for work in several}
        futures = [
            client.submit(assess_one, told, work, key=key, pure=True, retries=ATTEMPTS - 1)
            for key, work in works.items()
        ]
        ended: Any = as_completed
        for future in ended(futures):
            shard = works[future.key][0]
            failure = future.exception()
            if failure is None:
                yield future.result()
            else:
                why = "its workers ended" if isinstance(failure, KilledWorker) else _said(failure)
                yield Failed(shard.name, shard.accounts, shard.rows, ATTEMPTS, why)
            future.release()
