"""What the reports are made from: the answer, and beside it what was so earlier, by the clock or by a ledger."""

import datetime
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.assessment.assess import Assessment
from assay.assessment.periods import Period
from assay.errors import UsageError
from assay.governance.repository import Repository
from assay.ledger.log import entries, read_checkpoint, stated_key
from assay.ledger.store import open_objects
from assay.operations.assess import assess_repository
from assay.operations.keeping import list_runs

YEAR = datetime.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An earlier run in a ledger, with its records."""

    run: str
    effective: datetime.datetime
    records: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a ledger tells beside an answer.

    state       Entries, root hash and SHA-256 of the public key: nothing in it is anybody's name.
    runs        The last runs first: id, status, effective, recorded, records, first and last entry.
    earlier     The run to compare with; None: there is none before the day.
    objectives  Every objective over the last year at most, or since the first run, with its timeline.
    resources   Every resource under every control over the same time.
    """

    state: Mapping[str, str | int]
    runs: tuple[tuple[str | int, ...], ...]
    earlier: Recorded | None
    objectives: Period | None
    resources: Period | None


@dataclass(frozen=True, slots=True)
class Gathered:
    """The answer, and what stands beside it.

    files    Name → (bytes, SHA-256) of every file of the repository, and of every template that was read.
    earlier  The same repository's answer as of an earlier day, where one was asked for and no ledger was named.
    told     What the ledger tells, where one was named.
    """

    repository: Repository
    assessment: Assessment
    files: Mapping[str, tuple[int, str]]
    earlier: Assessment | None = None
    told: Told | None = None


def gather(
    directory: Path,
    *,
    now: datetime.datetime,
    since: datetime.datetime | None = None,
    workloads: Sequence[str] = (),
    ledger: str = "",
    snapshot: Path | None = None,
) -> Gathered:
    """Return what the reports of a repository are made from.

    since  The day to compare with; with a ledger and none given, the last run of an earlier day.

    Raises FaultyFiles when the repository is wrong, DamagedLedger, UsageError on an unknown workload, on a `since` that
    is not before `now`, and when the ledger has no run before it.
    """
    if since is not None and since >= now:
        raise UsageError(f"--since {since.date()} is not before the day of the report, {now.date()}")
    repository, assessment = assess_repository(directory, now=now, workloads=workloads, snapshot=snapshot)
    earlier = None
    if since is not None and not ledger:
        _, earlier = assess_repository(directory, now=since, workloads=workloads, snapshot=snapshot)
    told = _told(ledger, now, since) if ledger else None
    return Gathered(repository, assessment, _digests(directory, assessment), earlier, told)


def _digests(directory: Path, assessment: Assessment) -> Mapping[str, tuple[int, str]]:
    """Return what was read, by digest. A file that is gone meanwhile is left out."""
    said = {
        each.origin.position.file
        for answer in (assessment.organisation, *assessment.workloads)
        for each in answer.inventory.resources
    }
    paths = {Path(each) for each in said if each} | set(directory.rglob("*.y*ml"))
    return {str(each): _digest(each) for each in sorted(paths) if each.is_file()}


def _digest(path: Path) -> tuple[int, str]:
    with path.open("rb") as opened:
        return path.stat().st_size, hashlib.file_digest(opened, "sha256").hexdigest()


def _told(ledger: str, now: datetime.datetime, since: datetime.datetime | None) -> Told:
    from assay.operations.history import Wanted, open_history  # brings DuckDB

    objects = open_objects(ledger)
    key = stated_key(objects)
    head = read_checkpoint(objects, key)
    runs = [each for each in list_runs(ledger) if _effective(each) <= now]
    with open_history(ledger) as history:
        first, end = history.first(), int(now.timestamp()) + 1
        start = None if first is None or first >= end else max(first, int((now - YEAR).timestamp()))
        objectives = None if start is None else history.over(start, end, timelines=True)
        resources = None if start is None else history.over(start, end, Wanted(detail="resource"))
    return Told(
        state={"entries": head.size, "root": head.root.hex(), "public_key": key.id},
        runs=tuple(_run_row(each) for each in reversed(runs)),
        earlier=_earlier(ledger, runs, now, since),
        objectives=objectives,
        resources=resources,
    )


def _effective(run: Mapping[str, Any]) -> datetime.datetime:
    """Return when what a run looked at was so: the latest of its populations, else when it was observed."""
    said = [str(each["effective"]) for each in run.get("reached", ()) if "effective" in each]
    return datetime.datetime.fromisoformat(max(said, default=str(run["observed"])))


def _run_row(run: Mapping[str, Any]) -> tuple[str | int, ...]:
    effective = f"{_effective(run):%Y-%m-%dT%H:%M:%SZ}"
    last = int(run["size"]) - 1
    return (
        str(run["run"]),
        str(run["status"]),
        effective,
        str(run["recorded"]),
        int(run["records"]),
        int(run["first"]),
        last,
    )


def _earlier(
    ledger: str, runs: Sequence[Mapping[str, Any]], now: datetime.datetime, since: datetime.datetime | None
) -> Recorded | None:
    """Return the last run that answered before the day asked for. Raises UsageError when there is none."""
    midnight = datetime.datetime.combine(now.astimezone(datetime.UTC).date(), datetime.time(), datetime.UTC)
    answered = [each for each in runs if each["status"] != "failed" and each["records"] and each.get("reached")]
    before = [each for each in answered if _effective(each) < (since or midnight)]
    if not before and since is not None:
        first = min(map(_effective, answered), default=None)
        known = f"its first run is of {first.date()}" if first else "it has no run that answered"
        raise UsageError(f"--since {since.date()}: the ledger has no run before that day; {known}")
    if not before:
        return None
    run = max(before, key=_effective)
    objects = open_objects(ledger)
    stored = entries(objects, int(run["first"]), int(run["size"]) - 1, int(run["size"]))
    return Recorded(str(run["run"]), _effective(run), tuple(json.loads(each) for each in stored))
