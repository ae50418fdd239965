"""Expressions of controls and objectives parsed and checked against the schema of what they judge."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from assay.errors import Fault, nearest
from assay.expressions import Environment, Expression, parse
from assay.expressions.check import ExpressionFaults
from assay.governance.compiled import CompiledControl, CompiledObjective
from assay.governance.files import Entry
from assay.governance.model import Control, Objective, Parameter
from assay.governance.parameters import parameter_type
from assay.governance.profiles import WORKLOAD
from assay.inventory.schema import STRING, object_of, resource_schema, resource_types


def compile_objective(entry: Entry[Objective], faults: list[Fault]) -> CompiledObjective | None:
    """Return the objective with its applicability parsed, or None with the reasons in `faults`."""
    objective = entry.value
    if not objective.applies:
        return CompiledObjective(objective, None)
    applies = _expression(entry, "applies", objective.applies, Environment({"workload": WORKLOAD}), faults)
    return CompiledObjective(objective, applies) if applies else None


def compile_control(entry: Entry[Control], faults: list[Fault]) -> CompiledControl | None:
    """Return the control with its expressions parsed, or None with the reasons in `faults`."""
    control = entry.value
    if control.resource not in resource_types():
        remedy = nearest(control.resource, resource_types())
        expected = "" if remedy else "a CloudFormation resource type"
        faults.append(entry.fault(("resource",), "there is no such resource type", control.resource, expected, remedy))
        return None
    faults.extend(_parameter_faults(entry))
    given = object_of(**{name: parameter_type(each.default) for name, each in control.params.items()})
    judged = resource_schema(control.resource).properties
    environment = Environment({"resource": judged, "params": given, "today": STRING})
    require = _expression(entry, "require", control.require, environment, faults)
    unless = _expression(entry, "unless", control.unless, environment, faults) if control.unless else None
    whole = require is not None and (unless is not None or not control.unless)
    reads = not whole or any(each.reads for each in (require, unless) if each)
    faults.extend(_example_faults(entry, reads))
    if require is None or not whole:
        return None
    return CompiledControl(control, require, unless, _digest(control))


def _expression(
    entry: Entry[Any], name: str, text: str, environment: Environment, faults: list[Fault]
) -> Expression | None:
    try:
        return parse(text, environment)
    except ExpressionFaults as error:
        for issue in error.issues:
            offset = sum(len(line) + 1 for line in text.split("\n")[: issue.line - 1]) + issue.column - 1
            line, column = entry.document.place_within((name,), text, offset)
            message = f"in {name!r}: {issue.message}"
            faults.append(Fault(entry.document.file, line, column, message, remedy=issue.remedy))
    return None


def _digest(control: Control) -> str:
    """Return the SHA-256 of what the control means; titles, reasons and examples do not change a verdict."""
    params = {name: each.default for name, each in control.params.items()}
    meaning = json.dumps([control.resource, control.unless, control.require, params], sort_keys=True)
    return hashlib.sha256(meaning.encode()).hexdigest()


_COMPARABLE: Mapping[str, type] = {
    "higher": int,
    "lower": int,
    "subset": tuple,
    "superset": tuple,
    "true": bool,
    "false": bool,
}


def _parameter_faults(entry: Entry[Control]) -> Iterator[Fault]:
    for name, parameter in entry.value.params.items():
        wanted = _COMPARABLE.get(parameter.tighter, object)
        if not isinstance(parameter.default, wanted) or (wanted is int and isinstance(parameter.default, bool)):
            message = f"a parameter of {_said(parameter)} is not tightened so"
            yield entry.fault(("params", name, "tighter"), message, parameter.tighter)


def _said(parameter: Parameter) -> str:
    return f"type {parameter_type(parameter.default)}"


def _example_faults(entry: Entry[Control], reads: bool) -> Iterator[Fault]:
    """Every verdict that the control can give has an example, and no other has. reads: it reads a property."""
    examples = entry.value.examples
    reachable = {"met": True, "not_met": True, "unknown": reads, "not_applicable": bool(entry.value.unless)}
    for heading, possible in reachable.items():
        given = getattr(examples, heading)
        if possible and not given:
            yield entry.key_fault(
                ("examples",), f"the control has no example that is {heading}", "", f"one or more under {heading!r}"
            )
        elif given and not possible:
            why = "it has no 'unless'" if heading == "not_applicable" else "its expressions read nothing"
            yield entry.key_fault(("examples", heading), f"no resource can be {heading}: {why}")
