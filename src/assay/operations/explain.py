"""Ask one workload: its answer with the chain behind every objective."""

import datetime
from pathlib import Path

from assay.assessment.explanation import Explanation, explanation
from assay.operations.assess import assess_repository


def explain(directory: Path, workload: str, objective: str, *, stage: str, now: datetime.datetime) -> Explanation:
    """Return the answer for a workload. Raises FaultyFiles, and UsageError on an unknown workload or objective."""
    repository, assessment = assess_repository(directory, now=now, stage=stage, workloads=[workload])
    return explanation(repository, assessment, workload, objective)
