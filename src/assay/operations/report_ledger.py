"""What a ledger tells beside an answer: what was so earlier, how it was over time, and the state of the evidence."""

import datetime
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from assay.assessment.periods import Period
from assay.canonical import rfc3339
from assay.errors import UsageError
from assay.ledger.log import entries, read_checkpoint, stated_key
from assay.ledger.store import Objects, open_objects
from assay.operations.keeping import list_runs

YEAR = datetime.timedelta(days=365)
Run: TypeAlias = Mapping[str, Any]  # as `list_runs` has it
Place: TypeAlias = tuple[str, str]  # workload, stage
Key: TypeAlias = tuple[str, str, str, str]  # workload, stage, control, resource
Entry: TypeAlias = tuple[int, str]  # number in the log, verdict


@dataclass(frozen=True, slots=True)
class Asked:
    """What the answer is about.

    since     The day to compare with; None: the last run of an earlier day.
    deployed  Whether it judges a snapshot: a run that judged templates is none to compare with.
    """

    directory: Path
    now: datetime.datetime
    since: datetime.datetime | None
    deployed: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """Earlier runs, of each place the last one that reached it. `records` are those of these places alone."""

    runs: tuple[str, ...]
    effective: datetime.datetime  # of the latest
    places: frozenset[Place]
    records: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a ledger tells beside an answer.

    state       Entries, root hash and SHA-256 of the public key: nothing in it is anybody's name.
    runs        The last runs first: id, status, effective, recorded, records, first and last entry.
    entries     Where in the log the last verdict of everything stands.
    earlier     The runs to compare with; None: there are none.
    objectives  Every objective over the last year at most, or since the first run, with its timeline.
    resources   Every resource under every control over the same time.
    """

    state: Mapping[str, str | int]
    runs: tuple[tuple[str | int, ...], ...]
    entries: Mapping[Key, Entry]
    earlier: Recorded | None
    objectives: Period | None
    resources: Period | None


def tell(ledger: str, asked: Asked) -> Told:
    """Return what a ledger tells. Raises DamagedLedger, UsageError when there is none or no run before `since`."""
    from assay.operations.history import Wanted, open_history  # brings DuckDB

    objects = open_objects(ledger)
    key = stated_key(objects)
    head = read_checkpoint(objects, key)
    runs = [each for each in list_runs(ledger) if effective(each) <= asked.now]
    rebased = _rebased(runs, asked.directory)
    with open_history(ledger) as history:
        first, end = history.first(), int(asked.now.timestamp()) + 1
        start = None if first is None or first >= end else max(first, int((asked.now - YEAR).timestamp()))
        objectives = None if start is None else history.over(start, end, timelines=True)
        resources = None if start is None else history.over(start, end, Wanted(detail="resource"))
    return Told(
        state={"entries": head.size, "root": head.root.hex(), "public_key": key.id},
        runs=tuple(_row(each) for each in reversed(runs)),
        entries=_entries(objects, runs, asked, rebased),
        earlier=_earlier(objects, runs, asked, rebased),
        objectives=objectives,
        resources=resources and _renamed(resources, rebased),
    )


def effective(run: Run) -> datetime.datetime:
    """Return when what a run looked at was so: the latest of its populations, else when it was observed."""
    said = [str(each["effective"]) for each in run.get("reached", ()) if "effective" in each]
    found = datetime.datetime.fromisoformat(max(said, default=str(run["observed"])))
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)  # an attestation states a day


def _row(run: Run) -> tuple[str | int, ...]:
    when = rfc3339(effective(run))
    first, size = int(run["first"]), int(run["size"])
    return str(run["run"]), str(run["status"]), when, str(run["recorded"]), int(run["records"]), first, size - 1


def _rebased(runs: Iterable[Run], directory: Path) -> Callable[[str], str]:
    """Return what gives a resource's id as this run has it, when another run named the repository by another path."""
    others = {str(run["asked"].get("directory", "")) for run in runs} - {str(directory), "", "."}
    prefixes = sorted((f"{each}/" for each in others), key=len, reverse=True)

    def rebased(resource: str) -> str:
        found = next((each for each in prefixes if resource.startswith(each)), None)
        return resource if found is None else str(directory / resource[len(found) :])

    return rebased


def _renamed(period: Period, rebased: Callable[[str], str]) -> Period:
    rows = (replace(row, subject=replace(row.subject, resource=rebased(row.subject.resource))) for row in period.rows)
    return replace(period, rows=tuple(rows))


def _earlier(objects: Objects, runs: Sequence[Run], asked: Asked, rebased: Callable[[str], str]) -> Recorded | None:
    """Return the last run before the day for each place. Raises UsageError when a day was asked for and none is."""
    midnight = datetime.datetime.combine(asked.now.astimezone(datetime.UTC).date(), datetime.time(), datetime.UTC)
    answered = [each for each in runs if each["status"] != "failed" and any(_places(each))]
    alike = [each for each in answered if _is_alike(each, asked)]
    before = [each for each in alike if effective(each) < (asked.since or midnight)]
    if not before and asked.since is not None:
        first = min(map(effective, alike), default=None)
        known = f"its first run is of {first.date()}" if first else "it has no run that answers for the like"
        raise UsageError(f"--since {asked.since.date()}: the ledger has no run before that day; {known}")
    last = _last(before)
    if not last:
        return None
    chosen = sorted({str(run["run"]): run for run in last.values()}.values(), key=effective, reverse=True)
    records = tuple(record for _, record in _records(objects, last, rebased))
    return Recorded(tuple(str(each["run"]) for each in chosen), effective(chosen[0]), frozenset(last), records)


def _entries(objects: Objects, runs: Sequence[Run], asked: Asked, rebased: Callable[[str], str]) -> Mapping[Key, Entry]:
    """Return where in the log the last verdict of everything stands."""
    alike = [each for each in runs if each["status"] != "failed" and _is_alike(each, asked)]
    return {
        (str(each["workload"]), str(each["stage"]), str(each["control"]), str(each["resource"])): (
            at,
            str(each["verdict"]),
        )
        for at, each in _records(objects, _last(alike), rebased)
        if each.get("kind") == "verdict"
    }


def _is_alike(run: Run, asked: Asked) -> bool:
    return bool(run["asked"].get("snapshot")) is asked.deployed


def _last(runs: Iterable[Run]) -> Mapping[Place, Run]:
    """Return for each place the last run that reached it."""
    return {place: run for run in sorted(runs, key=effective) for place in _places(run)}


def _places(run: Run) -> Iterator[Place]:
    return ((str(each["workload"]), str(each["stage"])) for each in run.get("reached", ()) if "workload" in each)


def _records(
    objects: Objects, last: Mapping[Place, Run], rebased: Callable[[str], str]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (its number in the log, record) of every record of the run that is each place's last."""
    for name, run in {str(each["run"]): each for each in last.values()}.items():
        first, size = int(run["first"]), int(run["size"])
        for at, stored in enumerate(entries(objects, first, size - 1, size), first):
            record = json.loads(stored)
            place = str(record.get("workload", "")), str(record.get("stage", ""))
            if place in last and str(last[place]["run"]) == name:
                yield at, {**record, "resource": rebased(str(record.get("resource", "")))}
