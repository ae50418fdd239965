"""How long a fact is evidence. What was observed too long before the day that is asked about, or after, is unknown."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from assay.assessment.evaluation import Evaluation
from assay.assessment.verdicts import Verdict
from assay.governance.compiled import CompiledControl, CompiledInvariant
from assay.inventory.resource import Inventory
from assay.inventory.values import Cause, Reason

_SKEW_DAYS = 1  # clocks differ, and days begin at different moments


def fresh(
    evaluations: Iterable[Evaluation],
    inventory: Inventory,
    controls: Mapping[str, CompiledControl | CompiledInvariant],
    today: datetime.date,
) -> Iterator[Evaluation]:
    """Yield the evaluations, unknown where the resource was observed too long before `today`, or after it.

    What a template or plan declares is not observed, and does not age.
    """
    for each in evaluations:
        resource = inventory.by_id[each.resource]
        control = controls[each.control].control
        stale = staleness(resource.id, resource.origin.observed, control.max_age_days, today)
        yield replace(each, verdict=Verdict.UNKNOWN, reasons=(stale,), evidence=()) if stale else each


def staleness(resource: str, observed: str, max_age_days: int, today: datetime.date) -> Reason | None:
    """Return why an observation is no evidence for a day; None when it is, or nothing was observed."""
    if not observed:
        return None
    counts = f"evidence counts for {max_age_days} day{'' if max_age_days == 1 else 's'}"
    try:
        seen = datetime.datetime.fromisoformat(observed)
        day = (seen if seen.tzinfo else seen.replace(tzinfo=datetime.UTC)).astimezone(datetime.UTC).date()
    except (ValueError, OverflowError):
        return Reason(Cause.STALE, resource, f"stale: nobody says when it was observed; {counts}")
    age = (today - day).days
    if age < -_SKEW_DAYS:
        return Reason(Cause.STALE, resource, f"stale: observed {day}, after {today}, and no evidence for days before")
    if age <= max_age_days:
        return None
    return Reason(Cause.STALE, resource, f"stale: observed {day}, {age} days before {today}; {counts}")
