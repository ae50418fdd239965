"""Which objectives apply to a workload, and whether they are met."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assay.assessment.evaluation import Evaluation
from assay.assessment.verdicts import Counts, Method, Verdict, aggregate
from assay.expressions import evaluate
from assay.governance.compiled import FACTS, CompiledObjective
from assay.governance.model import Scope
from assay.governance.responsibilities import Share
from assay.inventory.values import Reason, Value


@dataclass(frozen=True, slots=True)
class Applicability:
    """Whether an objective applies to a workload. applies None: undecided. `rule` names the expression that decided."""

    applies: bool | None
    rule: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class ControlResult:
    """One control over its whole population: every resource in its scope."""

    control: str
    verdict: Verdict
    counts: Counts
    evaluations: tuple[Evaluation, ...]
    method: Method = Method.EXAMINED


@dataclass(frozen=True, slots=True)
class ObjectiveResult:
    """The answer for one objective at one place.

    verdict    Over the effective verdicts of all evaluations; `inherited` when the organisation meets it for the
               workload.
    reason     One sentence: the denominator, or why there is none.
    depth      How far effectiveness was examined: "none" (no control), "design" (mapped and in scope, not evaluated
               on the whole population), "operation" (every resource in scope evaluated and known).
    provider   Where it is met, if not here: "organisation", or "AWS" when nothing but the provider's reports answers.
    exception  Id of the exception laid over the whole objective, "" for none; `reason` keeps the verdict under it.
    shares     What the provider does for it with each service in use, and the reports that back that.
    attested   What persons have signed about it, each in one line.
    attested_until  The first day on which nothing of that counts any more; None when nothing does now.
    """

    objective: str
    applicability: Applicability
    verdict: Verdict
    reason: str
    counts: Counts
    depth: str
    controls: tuple[ControlResult, ...] = ()
    provider: str = ""
    exception: str = ""
    shares: tuple[Share, ...] = ()
    attested: tuple[str, ...] = ()
    attested_until: datetime.date | None = None

    def counted(self, method: Method) -> Counts:
        """Return the evaluations of one method: what prevents and what detects are not one figure."""
        return sum((each.counts for each in self.controls if each.method is method), Counts())

    @property
    def methods(self) -> tuple[Method, ...]:
        """The methods by which it was answered."""
        found = {each.method for each in self.controls}
        return tuple(each for each in Method if each in found or (each is Method.ATTESTED and self.attested_until))


def applicability(compiled: CompiledObjective, profile: Mapping[str, Value], stage: str) -> Applicability:
    """Decide whether the objective applies to the workload with this profile, at this stage."""
    objective = compiled.objective
    if objective.stages and stage and stage not in objective.stages:
        return Applicability(False, f"stages: {', '.join(objective.stages)}")
    if compiled.applies is None:
        return Applicability(True, "every workload")
    outcome = evaluate(compiled.applies, {"workload": profile})
    return Applicability(outcome.truth, objective.applies, outcome.reasons)


def result(
    compiled: CompiledObjective,
    decided: Applicability,
    controls: Sequence[tuple[str, str]],
    evaluations: Mapping[str, Sequence[Evaluation]],
    *,
    complete: bool,
    examined: int,
    proven: Sequence[str] = (),
) -> ObjectiveResult:
    """Return the answer for one objective.

    controls     (control id, resource type) of every control that serves it.
    proven       Ids of the invariants that serve it: they prevent what the controls detect.
    evaluations  control id → its evaluations here.
    complete     Whether everything here could be read.
    examined     Number of resources here.
    """
    if decided.applies is False:
        return _without(compiled, decided, Verdict.NOT_APPLICABLE, f"does not apply: {decided.rule}")
    detecting = [_control_result(control, evaluations.get(control, ()), complete) for control, _ in controls]
    preventing = [_control_result(each, evaluations.get(each, ()), complete, Method.PROVED) for each in proven]
    seen = sum((each.counts for each in detecting), Counts())
    kept = sum((each.counts for each in preventing), Counts())
    counts = seen + kept
    shown = not _unseen(compiled, controls, seen) if controls else bool(kept.total)
    verdict = aggregate(counts, complete=complete)
    if not shown and verdict.passes:  # what is missing cannot pass; what was found to fail still fails
        verdict = Verdict.UNKNOWN
    if decided.applies is None and verdict is not Verdict.NOT_APPLICABLE:
        verdict = Verdict.UNKNOWN
    return ObjectiveResult(
        objective=compiled.objective.id,
        applicability=decided,
        verdict=verdict,
        reason=_apart(_reason(decided, controls, seen, complete=complete, examined=examined), bool(controls), kept),
        counts=counts,
        depth=_depth(bool(controls) or bool(kept.total), counts, complete=complete),
        controls=(*detecting, *preventing),
    )


def _apart(reason: str, detected: bool, kept: Counts) -> str:
    """Return the reason with the figure of what is proved beside that of what is examined."""
    if not kept.total:
        return reason
    proved = f"proved: {kept}" if kept.applicable else f"proved: none of {kept.total} subjects needs it"
    return f"{reason}; {proved}" if detected else f"{proved}; no control examines it"


def _unseen(compiled: CompiledObjective, controls: Sequence[tuple[str, str]], counts: Counts) -> bool:
    """Whether the organisation would have to show something and nothing was found that could.

    A workload without databases needs no encryption of them. An organisation without a trail is not one that needs
    none: the trail may be declared elsewhere, or be missing. Only its own facts are known to be whole.
    """
    facts = all(kind in FACTS for _, kind in controls)
    return compiled.objective.scope is Scope.ORGANISATION and not counts.total and not facts


def inherit(own: ObjectiveResult, organisation: ObjectiveResult) -> ObjectiveResult:
    """Return the answer of a workload for an objective that the organisation meets, or fails to meet, for everybody."""
    met = organisation.verdict in (Verdict.MET, Verdict.EXCEPTED, Verdict.INHERITED)
    return ObjectiveResult(
        objective=own.objective,
        applicability=own.applicability,
        verdict=Verdict.INHERITED if met else organisation.verdict,
        reason=f"organisation: {organisation.reason}",
        counts=organisation.counts,
        depth=organisation.depth,
        controls=organisation.controls,
        provider="organisation",
        shares=organisation.shares,
        attested=(*own.attested, *organisation.attested),
        attested_until=organisation.attested_until,
    )


def excepted(answer: ObjectiveResult, exception: str) -> ObjectiveResult:
    """Return the answer with an exception laid over the whole objective; what it would be without stays readable."""
    said = f"exception {exception} is laid over: {answer.verdict.replace('_', ' ')}; {answer.reason}"
    return replace(answer, verdict=Verdict.EXCEPTED, reason=said, exception=exception)


def _without(compiled: CompiledObjective, decided: Applicability, verdict: Verdict, reason: str) -> ObjectiveResult:
    return ObjectiveResult(compiled.objective.id, decided, verdict, reason, Counts(), "none")


def _control_result(
    control: str, evaluations: Sequence[Evaluation], complete: bool, method: Method = Method.EXAMINED
) -> ControlResult:
    counts = Counts.of(each.effective for each in evaluations)
    return ControlResult(control, aggregate(counts, complete=complete), counts, tuple(evaluations), method)


def _reason(
    decided: Applicability, controls: Sequence[tuple[str, str]], counts: Counts, *, complete: bool, examined: int
) -> str:
    if not controls:
        return "no control serves it"
    undecided = ["whether it applies is undecided"] if decided.applies is None else []
    unread = [] if complete else ["part of the workload could not be read"]
    if counts.applicable:
        return "; ".join([str(counts), *undecided, *unread])
    types = sorted({kind for _, kind in controls})
    shown = ", ".join(types[:3]) + (f" and {len(types) - 3} more types" if len(types) > 3 else "")
    if counts.not_applicable:
        return "; ".join([f"none of {counts.not_applicable} resources in scope needs it", *undecided, *unread])
    return "; ".join([f"0 of {examined} resources are of type {shown}", *undecided, *unread])


def _depth(controlled: bool, counts: Counts, *, complete: bool) -> str:
    if not controlled:
        return "none"
    return "operation" if complete and counts.applicable and not counts.unknown else "design"


def total(results: Iterable[ObjectiveResult]) -> Mapping[Verdict, int]:
    """Count objectives by verdict; every verdict is a key."""
    tally = dict.fromkeys(Verdict, 0)
    for each in results:
        tally[each.verdict] += 1
    return tally
