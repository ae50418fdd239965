"""The pipeline gate: templates in, verdicts out, no governance repository needed."""

import datetime
from collections.abc import Sequence
from pathlib import Path

from assay.assessment.assess import evaluate_all
from assay.assessment.check import Check, unjudged
from assay.errors import UsageError, nearest
from assay.governance.repository import Catalogue, read_catalogue
from assay.sources import cloudformation


def check(
    paths: Sequence[Path], context: cloudformation.Context, *, now: datetime.datetime, only: Sequence[str] = ()
) -> Check:
    """Judge the templates at `paths` with every control of the catalogue, or with those whose ids are in `only`.

    Controls about the organisation's own facts are left out: templates do not state them.
    Raises FaultyFiles when the catalogue is wrong, UsageError on an unknown control or a path without a template; a
    malformed template is a fault in the result's inventory.
    """
    catalogue = read_catalogue()
    _known(catalogue, only)
    controls = {
        name: each
        for name, each in catalogue.controls.items()
        if (name in only if only else not each.control.resource.startswith("Assay::"))
    }
    inventory = cloudformation.read(paths, context)
    evaluations = evaluate_all(controls.values(), inventory, catalogue.params, now.astimezone(datetime.UTC).date())
    return Check(now, tuple(map(str, paths)), controls, inventory, evaluations, unjudged(inventory, evaluations))


def _known(catalogue: Catalogue, names: Sequence[str]) -> None:
    for name in names:
        if name not in catalogue.controls:
            raise UsageError(f"no control {name!r}; {nearest(name, catalogue.controls) or 'see `assay controls`'}")
