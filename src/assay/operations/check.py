"""The pipeline gate: templates in, verdicts out, no governance repository needed."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.assessment.assess import evaluate_all
from assay.assessment.evaluation import Evaluation
from assay.governance.compiled import CompiledControl
from assay.governance.repository import read_catalogue
from assay.inventory.resource import Inventory
from assay.sources import cloudformation


@dataclass(frozen=True, slots=True)
class Check:
    """What the catalogue says about some templates.

    unjudged  resource type → number of resources that no control looks at.
    """

    as_of: datetime.datetime
    paths: tuple[str, ...]
    controls: Mapping[str, CompiledControl]
    inventory: Inventory
    evaluations: tuple[Evaluation, ...]
    unjudged: Mapping[str, int]


def check(
    paths: Sequence[Path], context: cloudformation.Context, *, now: datetime.datetime, only: Sequence[str] = ()
) -> Check:
    """Judge the templates at `paths` with every control of the catalogue, or with those whose ids are in `only`.

    Raises FaultyFiles when the catalogue is wrong; a malformed template is a fault in the result's inventory.
    """
    catalogue = read_catalogue()
    controls = {name: each for name, each in catalogue.controls.items() if not only or name in only}
    inventory = cloudformation.read(paths, context)
    evaluations = evaluate_all(controls.values(), inventory, catalogue.params)
    return Check(now, tuple(map(str, paths)), controls, inventory, evaluations, unjudged(inventory, evaluations))


def unjudged(inventory: Inventory, evaluations: Sequence[Evaluation]) -> Mapping[str, int]:
    """Return, by type, how many resources no control looked at, neither themselves nor as a part of their owner."""
    judged = {each.resource for each in evaluations}
    missed: dict[str, int] = {}
    for resource in inventory.resources:
        if resource.id not in judged and resource.folded_into not in judged:
            missed[resource.type] = missed.get(resource.type, 0) + 1
    return dict(sorted(missed.items()))
