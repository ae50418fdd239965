"""The examples of a control, judged: do they get the verdict under which they stand, and would they notice a change?

An example is a resource in CloudFormation's form; it is read as a template of which it is the resource "This".
"""

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assay.assessment.evaluation import Evaluation, evaluate_control
from assay.expressions import Expression, mutation
from assay.governance.compiled import CompiledControl
from assay.governance.parameters import defaults
from assay.inventory.resource import Inventory
from assay.sources import cloudformation

SUBJECT = "This"
AS_OF = datetime.date(2026, 11, 1)
"""The day for which examples are judged: an example of a supported version must not fail when its support ends."""

HEADINGS = ("met", "not_met", "unknown", "not_applicable")


@dataclass(frozen=True, slots=True)
class Judged:
    """One example with the verdict it stands under, and the evaluation it gets; None when it could not be read."""

    heading: str
    index: int
    evaluation: Evaluation | None
    inventory: Inventory

    @property
    def agrees(self) -> bool:
        """Whether the verdict is the one under which the example stands."""
        return self.evaluation is not None and self.evaluation.verdict.value == self.heading


def template(compiled: CompiledControl, example: Mapping[str, Any]) -> dict[str, Any]:
    """Return the example as a CloudFormation template."""
    properties, others = example, example.get("with", {})
    if "properties" in example and example.keys() <= {"properties", "with"} and isinstance(others, Mapping):
        properties = example["properties"]
    else:
        others = {}
    return {"Resources": {SUBJECT: {"Type": compiled.control.resource, "Properties": properties}, **others}}


def judge(compiled: CompiledControl) -> Iterator[Judged]:
    """Yield every example of the control, judged with the control's default parameters."""
    for heading in HEADINGS:
        for index, example in enumerate(getattr(compiled.control.examples, heading)):
            inventory = _read(compiled, example)
            yield Judged(heading, index, _evaluate(compiled, inventory), inventory)


def _read(compiled: CompiledControl, example: Mapping[str, Any]) -> Inventory:
    content = json.dumps(template(compiled, example)).encode()
    context = cloudformation.Context(undeclared_parameters=True)
    return cloudformation.read_text(content, compiled.control.id, context)


def _evaluate(compiled: CompiledControl, inventory: Inventory) -> Evaluation | None:
    subject = next((each for each in inventory.resources if each.name == SUBJECT and not each.fragment), None)
    if subject is None or inventory.faults:  # a gap, such as a nested template elsewhere, leaves the subject whole
        return None
    params = defaults({compiled.control.id: compiled}).get(compiled.control.id, {})
    return evaluate_control(compiled, subject, inventory, params, AS_OF)


def complaints(compiled: CompiledControl) -> Iterator[str]:
    """Yield, for each example that does not get the verdict under which it stands, what it gets instead."""
    for each in judge(compiled):
        where = f"example {each.heading}[{each.index}]"
        if each.evaluation is None:
            said = "; ".join(map(str, (*each.inventory.faults, *each.inventory.gaps))) or "it declares no resource"
            yield f"{where} cannot be judged: {said}"
        elif not each.agrees:
            reasons = "; ".join(map(str, each.evaluation.reasons))
            yield f"{where} is {each.evaluation.verdict.value}" + (f" ({reasons})" if reasons else "")


def surviving_mutants(compiled: CompiledControl) -> Iterator[str]:
    """Yield each small change of the control's expressions that none of its examples notices, in words."""
    examples = list(judge(compiled))
    for name, mutant, change in _mutants(compiled):
        if all(_same(mutant, each) for each in examples):
            yield f"in {name!r}: {change}"


def _mutants(compiled: CompiledControl) -> Iterator[tuple[str, CompiledControl, str]]:
    for root, change in mutation.mutants(compiled.require.root):
        yield "require", replace(compiled, require=_with(compiled.require, root)), change
    if compiled.unless is not None:
        yield "unless", replace(compiled, unless=None), "all of it dropped"
        for root, change in mutation.mutants(compiled.unless.root):
            yield "unless", replace(compiled, unless=_with(compiled.unless, root)), change


def _with(expression: Expression, root: Any) -> Expression:
    return Expression(expression.text, root, expression.reads)


def _same(mutant: CompiledControl, example: Judged) -> bool:
    found = _evaluate(mutant, example.inventory)
    before = example.evaluation
    return (found and found.verdict) == (before and before.verdict)
