"""What of an objective rests on the provider, and whether its audit reports still carry it."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

from assay.assessment.objectives import ObjectiveResult
from assay.assessment.verdicts import Verdict
from assay.governance.model import Layer
from assay.governance.repository import Repository
from assay.governance.responsibilities import PROVIDER, Share, shares
from assay.inventory.resource import Inventory


def with_provider(
    repository: Repository, inventory: Inventory, own: Sequence[ObjectiveResult], today: datetime.date
) -> tuple[ObjectiveResult, ...]:
    """Return the answers of one place with the provider's share in each.

    The share changes the verdict of objectives of the layer `inherited` alone: there is nothing else to rest them on.
    """
    services, strangers = repository.register.services_of(inventory.by_type)
    reports = tuple(repository.reports.values())
    found = []
    for answer in own:
        if answer.applicability.applies is False:
            found.append(answer)
            continue
        provided = shares(repository.register, reports, answer.objective, services, today)
        shown = replace(answer, shares=provided)
        if repository.objectives[answer.objective].objective.layer is Layer.INHERITED:
            named = bool(repository.register.duties_for(answer.objective))
            shown = rest_on_provider(shown, strangers if named else None, complete=inventory.complete)
        found.append(shown)
    return tuple(found)


def rest_on_provider(answer: ObjectiveResult, strangers: Sequence[str] | None, *, complete: bool) -> ObjectiveResult:
    """Return the answer of an objective that is the provider's: inherited while a report in force backs every share.

    strangers  Resource types here whose service has no entry in the register; None: no duty belongs to the objective.

    Controls that serve it as well keep their say: what they find wrong or cannot decide outweighs any report.
    """
    verdict, reason = _rested(answer.shares, strangers, complete=complete)
    if answer.applicability.applies is None and verdict is not Verdict.NOT_APPLICABLE:
        verdict, reason = Verdict.UNKNOWN, f"whether it applies is undecided; {reason}"
    if not answer.controls:
        return replace(answer, verdict=verdict, reason=reason, provider=PROVIDER)
    if not answer.verdict.passes or verdict is Verdict.NOT_APPLICABLE:
        return replace(answer, reason=f"{answer.reason}; {reason}")
    return replace(answer, verdict=verdict, reason=f"{answer.reason}; {reason}")


def _rested(found: Sequence[Share], strangers: Sequence[str] | None, *, complete: bool) -> tuple[Verdict, str]:
    if strangers is None:
        return Verdict.UNKNOWN, "no duty of the register belongs to it"
    unbacked = [each for each in found if not each.in_force]
    why = [f"{', '.join(names)}: {said}" for said, names in _by_backing(unbacked).items()]
    why += [f"no entry in the register of responsibilities for {', '.join(strangers)}"] if strangers else []
    why += [] if complete else ["part of the workload could not be read"]
    backed = f"{len(found) - len(unbacked)} of {len(found)} services in use are backed by a report in force"
    if why:
        return Verdict.UNKNOWN, "; ".join([backed, *why] if found else why)
    if not found:
        return Verdict.NOT_APPLICABLE, "no service is in use on which the provider has a part in it"
    reports = ", ".join(sorted({name for each in found for name, _ in each.in_force}))
    return Verdict.INHERITED, f"{backed}: {reports}"


def _by_backing(found: Sequence[Share]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for each in found:
        grouped.setdefault(each.backing, []).append(each.service)
    return grouped
