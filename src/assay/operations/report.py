"""What the reports are made from: the answer, and beside it an earlier one to compare it with."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.assessment.assess import Assessment
from assay.errors import UsageError
from assay.governance.repository import Repository
from assay.operations.assess import assess_repository


@dataclass(frozen=True, slots=True)
class Gathered:
    """The answer, and the same repository's answer as of an earlier day where one was asked for."""

    repository: Repository
    assessment: Assessment
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
    return Gathered(repository, assessment, earlier)
