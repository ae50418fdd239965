"""The pipeline gate: templates and plans in, verdicts out; a governance repository may add to the catalogue."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.assessment.assess import evaluate_all
from assay.assessment.check import Check, unjudged
from assay.assessment.evaluation import Place, lay_exceptions
from assay.errors import UsageError
from assay.governance.compiled import FACTS, CompiledControl
from assay.governance.knowledge import Knowledge, controls_matching, knowledge
from assay.governance.model import Severity
from assay.governance.repository import Repository
from assay.operations import reading
from assay.operations.assess import wanted_workloads
from assay.sources import cloudformation


@dataclass(frozen=True, slots=True)
class Selection:
    """What to judge with.

    controls    Ids; () for every control about resources (templates do not state the organisation's own facts).
    severity    The least severity of a control that counts.
    repository  Governance repository whose controls, parameters and exceptions count; None: the catalogue alone.
    workload    With a repository: the workload, and the stage, whose exceptions count.
    """

    controls: tuple[str, ...] = ()
    severity: str = Severity.LOW
    repository: Path | None = None
    workload: str = ""
    stage: str = ""


def check(
    paths: Sequence[Path], context: cloudformation.Context, selection: Selection, *, now: datetime.datetime
) -> Check:
    """Judge the templates and plans at `paths`.

    Raises FaultyFiles when the catalogue or the repository is wrong, UsageError on an unknown control, severity,
    workload or stage, and on a path without a template or plan; a malformed file is a fault in the result's inventory.
    """
    known = knowledge(selection.repository)
    controls = _selected(known, selection)
    inventory = reading.read(paths, context)
    today = now.astimezone(datetime.UTC).date()
    evaluations = evaluate_all(controls.values(), inventory, known.params, today)
    if isinstance(known, Repository):
        evaluations = lay_exceptions(
            evaluations,
            tuple(known.exceptions.values()),
            place=_place(known, selection),
            objective_of={name: each.control.objective for name, each in controls.items()},
            names={each.id: each.name for each in inventory.resources},
            today=today,
        )
    overlooked = unjudged(inventory, evaluations)
    return Check(now, tuple(map(str, paths)), controls, inventory, evaluations, overlooked, known.params)


def _selected(known: Knowledge, selection: Selection) -> Mapping[str, CompiledControl]:
    for name in selection.controls:
        controls_matching(known, name)  # refuses an unknown one
    severities = [each.value for each in Severity]  # worst first
    if selection.severity not in severities:
        raise UsageError(f"no severity {selection.severity!r}; known: {', '.join(severities)}")
    counting = severities[: severities.index(selection.severity) + 1]
    return {
        name: each
        for name, each in known.controls.items()
        if (name in selection.controls if selection.controls else each.control.resource not in FACTS)
        and each.control.severity in counting
    }


def _place(repository: Repository, selection: Selection) -> Place:
    wanted_workloads(repository, [selection.workload] if selection.workload else (), selection.stage)  # refuses others
    return Place(selection.workload, selection.stage)
