"""Large inventories: verdicts in columns where SQL decides them, by the interpreter elsewhere; the same as one by one.

The interpreter also says why, of everything that is not met or unknown.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence

from assay.assessment.evaluation import Evaluation, evaluate_control, in_scope
from assay.assessment.verdicts import Verdict
from assay.expressions.columns import HOLDS, NOT_APPLICABLE, Engine, Query, Question, document
from assay.governance.compiled import CompiledControl
from assay.inventory.resource import Inventory, Resource
from assay.inventory.values import Value

_DECIDED = {HOLDS: Verdict.MET, NOT_APPLICABLE: Verdict.NOT_APPLICABLE}


def evaluate_in_columns(
    controls: Iterable[CompiledControl],
    inventory: Inventory,
    params: Mapping[str, Mapping[str, Value]],
    today: datetime.date,
) -> Mapping[str, Sequence[Evaluation]]:
    """Return control id → one evaluation for each resource in its scope, in order of the resources."""
    by_type: dict[str, list[CompiledControl]] = {}
    for each in controls:
        by_type.setdefault(each.control.resource, []).append(each)
    found: dict[str, list[Evaluation]] = {}
    with Engine() as engine:
        for kind, several in by_type.items():
            query = Query([_question(each, params, today) for each in several])
            resources = inventory.by_type.get(kind, ())
            answers = list(engine.judge(query, map(_document, resources)))
            for number, compiled in enumerate(several):
                given = params.get(compiled.control.id, {})
                decided = zip(resources, (pattern[number] for pattern in answers), strict=True)
                found[compiled.control.id] = list(_evaluations(compiled, decided, inventory, given, today))
    return found


def _question(compiled: CompiledControl, params: Mapping[str, Mapping[str, Value]], today: datetime.date) -> Question:
    given: dict[str, Value] = {"params": params.get(compiled.control.id, {}), "today": today.isoformat()}
    return Question(compiled.control.id, compiled.require, compiled.unless, given)


def _document(resource: Resource) -> str | None:
    """Return the text to judge; None when more than the properties decides: for fragments, and under conditions."""
    return document(resource.properties) if resource.condition is True and not resource.fragment else None


def _evaluations(
    compiled: CompiledControl,
    decided: Iterable[tuple[Resource, str]],
    inventory: Inventory,
    params: Mapping[str, Value],
    today: datetime.date,
) -> Iterator[Evaluation]:
    for resource, answer in decided:
        verdict = _DECIDED.get(answer)
        if verdict is not None:
            yield Evaluation(compiled.control.id, resource.id, verdict, (resource.origin.position,))
        elif in_scope(compiled, resource):
            yield evaluate_control(compiled, resource, inventory, params, today)
