"""What the reports are made from: the answer, and beside it an earlier one to compare it with."""

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.assessment.assess import Assessment
from assay.errors import UsageError
from assay.governance.repository import Repository
from assay.operations.assess import assess_repository


@dataclass(frozen=True, slots=True)
class Gathered:
    """The answer, and what stands beside it.

    files    Name → (bytes, SHA-256) of every file of the repository, and of every template that was read.
    earlier  The same repository's answer as of an earlier day, where one was asked for.
    """

    repository: Repository
    assessment: Assessment
    files: Mapping[str, tuple[int, str]]
    earlier: Assessment | None = None


def gather(
    directory: Path,
    *,
    now: datetime.datetime,
    since: datetime.datetime | None = None,
    workloads: Sequence[str] = (),
) -> Gathered:
    """Return what the reports of a repository are made from.

    Raises FaultyFiles when the repository is wrong, UsageError on an unknown workload and on a `since` that is not
    before `now`.
    """
    if since is not None and since >= now:
        raise UsageError(f"--since {since.date()} is not before the day of the report, {now.date()}")
    repository, assessment = assess_repository(directory, now=now, workloads=workloads)
    earlier = None
    if since is not None:
        _, earlier = assess_repository(directory, now=since, workloads=workloads)
    return Gathered(repository, assessment, _digests(directory, assessment), earlier)


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
