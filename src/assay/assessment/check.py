"""What the gate says of some templates: every verdict, and what nobody looked at."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from assay.assessment.evaluation import Evaluation
from assay.governance.compiled import CompiledControl
from assay.inventory.resource import Inventory, Resource
from assay.inventory.values import Value


@dataclass(frozen=True, slots=True)
class Check:
    """What the controls say about some templates.

    unjudged  resource type → number of resources that no control looks at.
    params    control id → its parameters' values that it was judged with.
    """

    as_of: datetime.datetime
    paths: tuple[str, ...]
    controls: Mapping[str, CompiledControl]
    inventory: Inventory
    evaluations: tuple[Evaluation, ...]
    unjudged: Mapping[str, int]
    params: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)


def unjudged(inventory: Inventory, evaluations: Sequence[Evaluation]) -> Mapping[str, int]:
    """Return, by type, how many resources no control looked at, neither themselves nor as a part of their owner."""
    return dict(sorted(Counter(each.type for each in unjudged_resources(inventory, evaluations)).items()))


def unjudged_resources(inventory: Inventory, evaluations: Iterable[Evaluation]) -> Iterator[Resource]:
    """Yield the resources that no control looked at, neither themselves nor as a part of their owner."""
    judged = {each.resource for each in evaluations}
    for resource in inventory.resources:
        if judged.isdisjoint(_owners(inventory, resource)):
            yield resource


def _owners(inventory: Inventory, resource: Resource) -> Iterator[str]:
    """Yield the ids of the resource, of its owner, of the owner's owner: a route, its table, the table's subnet."""
    seen: set[str] = set()
    owner: Resource | None = resource
    while owner is not None and owner.id not in seen:
        seen.add(owner.id)
        yield owner.id
        owner = inventory.by_id.get(owner.folded_into)
