"""What the gate says of some templates: every verdict, and what nobody looked at."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assay.assessment.evaluation import Evaluation
from assay.governance.compiled import CompiledControl
from assay.inventory.resource import Inventory


@dataclass(frozen=True, slots=True)
class Check:
    """What the controls say about some templates.

    unjudged  resource type → number of resources that no control looks at.
    """

    as_of: datetime.datetime
    paths: tuple[str, ...]
    controls: Mapping[str, CompiledControl]
    inventory: Inventory
    evaluations: tuple[Evaluation, ...]
    unjudged: Mapping[str, int]


def unjudged(inventory: Inventory, evaluations: Sequence[Evaluation]) -> Mapping[str, int]:
    """Return, by type, how many resources no control looked at, neither themselves nor as a part of their owner."""
    judged = {each.resource for each in evaluations}
    missed: dict[str, int] = {}
    for resource in inventory.resources:
        if resource.id not in judged and resource.folded_into not in judged:
            missed[resource.type] = missed.get(resource.type, 0) + 1
    return dict(sorted(missed.items()))
