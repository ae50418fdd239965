"""A run: the snapshot is cut into shards, what is known already is left out, the rest is assessed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assay.assessment.shards import Rules
from assay.inventory.snapshot import Snapshot
from assay.operations.scale.plan import ROWS, plan
from assay.operations.scale.store import Done, Failed, Store
from assay.operations.scale.workers import Outcome, Task, Work, in_processes, on_cluster


@dataclass(frozen=True, slots=True)
class Options:
    """How a run is carried out; nothing of it changes a verdict.

    processes  On this machine, 0 for one for each processor; scheduler: address of a dask cluster in place of them.
    memory     What DuckDB may use in each process.
    rows       Resources of a shard.
    told       Is told of every shard that ended: how many of how many resources are done.
    """

    processes: int = 0
    scheduler: str = ""
    memory: str = "600MB"
    rows: int = ROWS
    told: Callable[[int, int], None] = field(default=lambda done, of: None)


@dataclass(frozen=True)
class Run:
    """What a run gave. fresh: of what is done, what was not known already."""

    rules: Rules
    store: Store
    done: tuple[Done, ...]
    failed: tuple[Failed, ...]
    fresh: tuple[Done, ...]

    @property
    def complete(self) -> bool:
        """Whether every shard was assessed."""
        return not self.failed

    @property
    def resources(self) -> int:
        """How many resources were assessed, fragments included."""
        return sum(each.rows for each in self.done)


def assess_snapshot(snapshot: Snapshot, rules: Rules, results: Path, options: Options) -> Run:
    """Assess a snapshot by rules, and keep the results in a folder; what is there already is not judged again."""
    store = Store(results)
    store.begin()
    store.keep_rules(rules)
    prior = {each.accounts: each for each in store.before()}
    shards = plan(snapshot, rules.digest, prior, rows=options.rows)
    known = [found for each in shards if (found := store.done(each))]
    names = {each.name for each in known}
    work: list[Work] = [(each, prior.get(each.accounts)) for each in shards if each.name not in names]
    done, failed = list(known), list[Failed]()
    total = sum(each.rows for each in shards)
    finished = sum(each.rows for each in shards if each.name in names)
    options.told(finished, total)
    sizes = {each.name: each.rows for each in shards}
    for outcome in _assessed(Task(rules, results, options.memory), work, options):
        if isinstance(outcome, Done):
            done.append(outcome)
        else:
            failed.append(outcome)
        finished += sizes[outcome.name]
        options.told(finished, total)
    ordered = sorted(done, key=lambda each: each.accounts)
    store.finish(snapshot.manifest.digest, rules, ordered, failed)
    return Run(rules, store, tuple(ordered), tuple(failed), tuple(each for each in ordered if each.name not in names))


def _assessed(task: Task, work: Sequence[Work], options: Options) -> Iterator[Outcome]:
    if not work:
        return iter(())
    if options.scheduler:
        return on_cluster(task, work, options.scheduler)
    return in_processes(task, work, options.processes)
