"""Every control of the catalogue, on its examples and what becomes of them by chance: columns and interpreter agree."""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from assay.expressions import evaluate
from assay.expressions.columns import ASK, FAILS, HOLDS, NOT_APPLICABLE, Engine, Query, Question, document
from assay.governance.compiled import CompiledControl
from assay.governance.repository import read_catalogue
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value
from assay.operations import examples

CATALOGUE = read_catalogue()
MUTANTS = 2  # of each example


def resources(compiled: CompiledControl) -> Iterator[Mapping[str, Value]]:
    for judged in examples.judge(compiled):
        yield from (
            each.properties for each in judged.inventory.of_type(compiled.control.resource) if not each.fragment
        )


def mutated(chance: random.Random, value: Any, depth: int = 0) -> Any:
    """Return the value with something in it changed: left out, unknown, of another type, one of several."""
    if isinstance(value, dict | list) and value and (depth == 0 or chance.random() < 0.8):
        copy = dict(value) if isinstance(value, dict) else list(value)
        where = chance.choice(list(copy)) if isinstance(copy, dict) else chance.randrange(len(copy))
        copy[where] = mutated(chance, copy[where], depth + 1)
        return copy
    reason = Reason(Cause.PARAMETER, "Stage")
    strange = [
        None,
        Unknown(reason),
        Unknown(reason, True),
        Unknown(reason, True, ("a", "")),
        0,
        1,
        True,
        False,
        "",
        "*",
    ]
    return chance.choice(
        [*strange, [], {}, [value], str(value), [None, value], Choice("v", reason, (("x", value), ("y", None)))]
    )


def expected(compiled: CompiledControl, properties: Mapping[str, Value], given: Mapping[str, Value]) -> str:
    variables = {"resource": properties, **given}
    if compiled.unless is not None:
        unless = evaluate(compiled.unless, variables, explain=False).truth
        if unless is not False:
            return NOT_APPLICABLE if unless else ASK
    return {True: HOLDS, False: FAILS, None: ASK}[evaluate(compiled.require, variables, explain=False).truth]


def differences(
    engine: Engine, kind: str, controls: Sequence[CompiledControl], chance: random.Random
) -> Iterator[tuple[str, str, str, Any]]:
    """Yield (control, answer in columns, interpreter's, document) where the two differ; an "?" is no difference."""
    given: dict[str, dict[str, Value]] = {
        each.control.id: {"params": CATALOGUE.params.get(each.control.id, {}), "today": examples.AS_OF.isoformat()}
        for each in controls
    }
    query = Query([Question(each.control.id, each.require, each.unless, given[each.control.id]) for each in controls])
    found = [properties for each in controls for properties in resources(each)]
    found += [mutated(chance, each) for each in found for _ in range(MUTANTS)]
    for properties, pattern in zip(found, engine.judge(query, map(document, found)), strict=True):
        for compiled, answer in zip(controls, pattern, strict=True):
            wanted = ASK if answer == ASK else expected(compiled, properties, given[compiled.control.id])
            if answer != wanted:
                yield compiled.control.id, answer, wanted, properties


@pytest.mark.slow
def test_they_agree() -> None:
    by_type: dict[str, list[CompiledControl]] = {}
    for each in CATALOGUE.controls.values():
        by_type.setdefault(each.control.resource, []).append(each)
    chance = random.Random(20261125)
    with Engine() as engine:
        different = [each for kind, several in by_type.items() for each in differences(engine, kind, several, chance)]
    assert not different[:3]


def test_no_control_is_left_to_the_interpreter_as_a_whole() -> None:
    questions = [
        Question(
            each.control.id,
            each.require,
            each.unless,
            {"params": CATALOGUE.params.get(each.control.id, {}), "today": ""},
        )
        for each in CATALOGUE.controls.values()
    ]
    assert not [why for each in questions for why in Query([each]).interpreted.values()]
