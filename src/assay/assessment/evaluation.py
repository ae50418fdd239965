"""Does it hold: one control on one resource. Pure: the same control and configuration give the same verdict."""

import datetime
import fnmatch
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assay.assessment.verdicts import Method, Verdict, from_kleene
from assay.expressions import Evidence, evaluate
from assay.governance.compiled import CompiledControl, CompiledInvariant
from assay.governance.model import ApprovedException
from assay.inventory.resource import Inventory, Position, Resource
from assay.inventory.values import Reason, Value


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The verdict of one control on one resource, and why.

    verdict    What the configuration says; an exception does not change it.
    positions  Where the properties that decided are stated, most telling first; the resource itself when none is.
    evidence   The property values that decided, by path.
    reasons    Why it is unknown; empty otherwise.
    exception  Id of the exception laid over the verdict, "" for none.
    said       What decided where no property did, in one line: a request that gets through, statements of a proof.
    method     How it came about.
    basis      Of a proof: name → texts: the digests of query and policies, the statements used, the assumptions.
    """

    control: str
    resource: str
    verdict: Verdict
    positions: tuple[Position, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    reasons: tuple[Reason, ...] = ()
    exception: str = ""
    said: str = ""
    method: Method = Method.EXAMINED
    basis: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def effective(self) -> Verdict:
        """The verdict with the exception laid over it."""
        return Verdict.EXCEPTED if self.exception else self.verdict


def in_scope(compiled: CompiledControl | CompiledInvariant, resource: Resource) -> bool:
    """Whether the control speaks about the resource.

    Of a resource that is declared elsewhere we hold one part only; the controls that read that part are in scope, the
    others are judged where the rest is declared.
    """
    if isinstance(compiled, CompiledInvariant):
        return resource.type in compiled.subjects and not resource.fragment
    if compiled.control.resource != resource.type:
        return False
    return not resource.fragment or any(path and path[0] in resource.properties for path in compiled.require.reads)


def evaluate_control(
    compiled: CompiledControl,
    resource: Resource,
    inventory: Inventory,
    params: Mapping[str, Value],
    today: datetime.date,
) -> Evaluation:
    """Return the verdict of a control on a resource that is in its scope.

    today  The day (UTC) for which controls ask whether support has ended; no other control depends on it.
    """
    variables: dict[str, Value | Resource] = {"resource": resource, "params": params, "today": today.isoformat()}
    unless = evaluate(compiled.unless, variables, inventory, given=resource.condition) if compiled.unless else None
    if unless is not None and unless.truth is not False:
        decided, verdict = unless, from_kleene(unless.truth, None)
    else:
        decided = evaluate(compiled.require, variables, inventory, given=resource.condition)
        verdict = from_kleene(False, decided.truth)
    return Evaluation(
        control=compiled.control.id,
        resource=resource.id,
        verdict=verdict,
        positions=_positions(decided.evidence, resource, inventory),
        evidence=decided.evidence,
        reasons=decided.reasons if verdict is Verdict.UNKNOWN else (),
    )


def _positions(evidence: Sequence[Evidence], resource: Resource, inventory: Inventory) -> tuple[Position, ...]:
    """Return where the evidence stands: what the resource itself states, then its start, then other resources."""
    start = resource.origin.position
    own = [resource.position(each.path) for each in evidence if each.resource in ("", resource.id)]
    others = [
        inventory.by_id.get(each.resource, resource).position(each.path)
        for each in evidence
        if each.resource not in ("", resource.id)
    ]
    stated = [each for each in own if each != start]
    return tuple(dict.fromkeys((*stated, *own, *others))) or (start,)


def counts_on(exception: ApprovedException, today: datetime.date) -> bool:
    """Whether the exception is in force on a day: from its approval to the day before it expires."""
    return exception.approved <= today < exception.expires


@dataclass(frozen=True, slots=True)
class Place:
    """What an exception's scope is compared with, besides the control and the resource's name."""

    workload: str = ""
    stage: str = ""


def lay_exceptions(
    evaluations: Iterable[Evaluation],
    exceptions: Sequence[ApprovedException],
    *,
    place: Place,
    objective_of: Mapping[str, str],
    names: Mapping[str, str],
    today: datetime.date,
) -> tuple[Evaluation, ...]:
    """Return the evaluations with the first exception in force laid over each that is not met or unknown.

    objective_of: control id → objective id. names: resource id → name.
    """
    in_force = [each for each in exceptions if counts_on(each, today)]

    def covering(evaluation: Evaluation) -> str:
        objective, name = objective_of.get(evaluation.control, ""), names.get(evaluation.resource, "")
        found = (each.id for each in in_force if _covers(each, evaluation.control, objective, name, place))
        return next(found, "")

    return tuple(
        replace(each, exception=covering(each)) if each.verdict in (Verdict.NOT_MET, Verdict.UNKNOWN) else each
        for each in evaluations
    )


def covers_objective(
    exceptions: Sequence[ApprovedException], objective: str, place: Place, today: datetime.date
) -> str:
    """Return the id of the first exception in force for the whole objective at a place, "" for none.

    For answers without evaluations of the workload's own: the organisation's objectives, and those without a control.
    """
    found = (
        each.id
        for each in exceptions
        if counts_on(each, today)
        and each.scope.objective == objective
        and not each.scope.control
        and _covers(each, "", objective, "", place)
    )
    return next(found, "")


def _covers(exception: ApprovedException, control: str, objective: str, name: str, place: Place) -> bool:
    scope = exception.scope
    wanted = (
        (scope.workload, place.workload),
        (scope.stage, place.stage),
        (scope.control, control),
        (scope.objective, objective),
    )
    if not any((scope.workload, scope.control, scope.objective, scope.resource)):
        return False  # an exception for nothing in particular would be one for everything
    return all(not want or want == have for want, have in wanted) and fnmatch.fnmatchcase(name, scope.resource or "*")
