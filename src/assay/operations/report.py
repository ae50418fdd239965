"""What the reports are made from: the answer, and beside it what was so earlier, by the clock or by a ledger."""

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.assessment.assess import Assessment
from assay.errors import UsageError
from assay.governance.repository import Repository
from assay.operations.assess import assess_repository
from assay.operations.report_ledger import Asked, Told, tell


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
    told = tell(ledger, Asked(directory, now, since, snapshot is not None)) if ledger else None
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
