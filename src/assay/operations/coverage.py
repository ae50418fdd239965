"""What is covered and what is not: by the catalogue alone, or by a repository and over its workloads' resources."""

import datetime
from collections import Counter
from pathlib import Path

from assay.assessment.assess import evaluate_all
from assay.assessment.check import unjudged
from assay.governance.coverage import Survey, survey
from assay.governance.knowledge import knowledge
from assay.governance.repository import Repository
from assay.operations.assess import read_workload


def cover(directory: Path | None, today: datetime.date) -> Survey:
    """Return the survey of the catalogue, or of the repository at `directory`. Raises FaultyFiles."""
    known = knowledge(directory)
    missed: Counter[str] = Counter()
    resources = 0
    if isinstance(known, Repository):
        for workload in known.workloads.values():
            inventory = read_workload(known, workload, "")
            evaluations = evaluate_all(known.controls.values(), inventory, known.params, today)
            missed.update(unjudged(inventory, evaluations))
            resources += len(inventory.resources)
    return survey(known, dict(sorted(missed.items())), resources)
