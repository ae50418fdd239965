"""Controls, objectives and frameworks: lists, and one with everything around it; for the terminal and as JSON."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import yaml
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from assay.governance.compiled import CompiledControl, CompiledObjective
from assay.governance.coverage import coverage
from assay.governance.knowledge import Knowledge, duties_of, requirements_for, rests_on_provider, serving
from assay.governance.model import Domain, Framework, Requirement


def control_table(known: Knowledge, found: Sequence[CompiledControl]) -> RenderableType:
    """Return all controls, grouped by resource type."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("resource type", "control", "severity", "objective"):
        table.add_column(name, overflow="fold")
    last = ""
    for compiled in sorted(found, key=lambda each: (each.control.resource, each.control.id)):
        control = compiled.control
        table.add_row(
            "" if control.resource == last else control.resource, control.id, control.severity, control.objective
        )
        last = control.resource
    types = len({each.control.resource for each in found})
    return Group(table, Text(f"{len(found)} of {len(known.controls)} controls, {types} resource types", style="dim"))


def objective_table(known: Knowledge, found: Sequence[CompiledObjective]) -> RenderableType:
    """Return all objectives by domain; a domain without any stays visible."""
    parts: list[RenderableType] = []
    for domain in Domain:
        rows = [each for each in found if each.objective.domain == domain]
        parts.append(Text(domain.replace("-", " "), style="bold"))
        table = Table(box=None, pad_edge=False, show_header=False)
        for compiled in rows:
            count = len(serving(known, compiled.objective.id))
            served = Text(f"{count} controls", style="" if count else "red")
            if not count and rests_on_provider(known, compiled.objective.id):
                served = Text("the provider's reports")
            table.add_row(" ", compiled.objective.id, compiled.objective.scope, served)
        parts.append(table if rows else Text("  no objective", style="red"))
    return Group(*parts, Text(f"{len(found)} objectives", style="dim"))


def control(known: Knowledge, compiled: CompiledControl) -> RenderableType:
    """Return one control with its expression, examples and remedy."""
    return Group(*_control(known, compiled))


def _control(known: Knowledge, compiled: CompiledControl) -> Iterator[RenderableType]:
    it = compiled.control
    yield Text.assemble((it.id, "bold underline"), f"  {it.severity}, {', '.join(it.behavior)}, layer {it.layer}")
    yield Text(it.title)
    yield Text(it.why, style="dim")
    yield Text.assemble("\nresource  ", (it.resource, "bold"))
    if it.unless:
        yield Text.assemble("unless    ", (it.unless.strip(), "cyan"))
    yield Text.assemble("require   ", (it.require.strip(), "cyan"))
    for name, parameter in it.params.items():
        yield Text(
            f"parameter {name}: default {parameter.default}, tighter is {parameter.tighter}. {parameter.description}"
        )
    yield Text(f"objective {it.objective}")
    requirements = requirements_for(known, it.objective, it.id)
    if requirements:
        yield Text(f"demanded  {', '.join(requirements)}")
    yield Text(f"\nRemedy: {it.remedy.strip()}")
    for heading in ("met", "not_met", "unknown", "not_applicable"):
        examples = getattr(it.examples, heading)
        if examples:
            yield Text(f"\n{heading.replace('_', ' ')}, for example", style="bold")
        for example in examples:
            form = yaml.safe_dump(example, default_flow_style=None, sort_keys=False, width=100).strip()
            yield Padding(Text(form), (0, 0, 0, 2))
    yield Text(f"\n{it.position}  {compiled.digest[:16]}", style="dim")


def objective(known: Knowledge, compiled: CompiledObjective) -> RenderableType:
    """Return one objective with what is behind it and what serves it."""
    return Group(*_objective(known, compiled))


def _objective(known: Knowledge, compiled: CompiledObjective) -> Iterator[RenderableType]:
    it = compiled.objective
    yield Text.assemble((it.id, "bold underline"), f"  {it.domain}, {it.scope} scope, layer {it.layer}")
    yield Text(it.title, style="bold")
    yield Text(it.statement)
    yield Text(f"\nmeasure   {it.measure or 'none'}")
    yield Text(f"target    {it.target or 'none'}")
    yield Text.assemble("applies   ", (it.applies.strip() or "to every workload", "cyan"))
    for threat in it.threats:
        yield Text(f"threat    {threat}")
    for requirement in requirements_for(known, it.id):
        yield Text(f"demanded  {requirement}")
    controls = serving(known, it.id)
    rested = rests_on_provider(known, it.id)
    yield Text(f"\n{len(controls)} controls serve it", style="bold" if controls or rested else "red")
    for each in controls:
        yield Text(f"  {each.control.id}  {each.control.resource}  {each.control.title}")
    for duty in duties_of(known, it.id):
        yield Text(f"duty      {duty.id}: {duty.title}")


def framework_table(known: Knowledge, found: Sequence[Framework]) -> RenderableType:
    """Return all frameworks with how much of each is answered."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("framework", "version", "requirements", "title"):
        table.add_column(name, overflow="fold")
    for each in found:
        table.add_row(each.id, each.version, str(coverage(known, each)), each.title)
    return Group(table, Text(f"{len(found)} frameworks", style="dim"))


def framework(known: Knowledge, it: Framework, *, gaps: bool = False) -> RenderableType:
    """Return one framework: every requirement, or only those that nothing answers, and what answers it."""
    covered = coverage(known, it)
    table = Table(box=None, pad_edge=False, show_header=False)
    for _ in ("requirement", "title", "answer"):
        table.add_column(overflow="fold")  # an id that is cut off cannot be looked up
    for key, requirement in it.requirements.items():
        if key in covered.gaps:
            table.add_row(key, Text(requirement.title), Text("nothing answers it", style="red"))
        elif not gaps:
            table.add_row(key, Text(requirement.title), Text(_answers(requirement), style="dim"))
    head = Text.assemble((it.id, "bold underline"), f"  {it.title}, version {it.version}")
    driven = f"for workloads with one of: {', '.join(it.drivers) or 'no driver'}; source {it.source}"
    return Group(head, Text(driven, style="dim"), table, Text(str(covered)))


def _answers(requirement: Requirement) -> str:
    found = [*requirement.objectives, *requirement.controls]
    return ", ".join(found) if found else f"outside: {requirement.outside}"


def framework_document(known: Knowledge, it: Framework) -> Mapping[str, Any]:
    """Return a framework with its coverage as plain JSON values."""
    stated = {key: value for key, value in asdict(it).items() if key != "position"}
    covered = coverage(known, it)
    return {**stated, "coverage": {**asdict(covered), "total": covered.total}}


def control_document(known: Knowledge, compiled: CompiledControl) -> Mapping[str, Any]:
    """Return a control as plain JSON values."""
    it = compiled.control
    return {
        "id": it.id,
        "title": it.title,
        "objective": it.objective,
        "why": it.why,
        "resource": it.resource,
        "require": it.require,
        "unless": it.unless or None,
        "severity": it.severity,
        "behavior": list(it.behavior),
        "layer": it.layer,
        "params": {name: asdict(each) for name, each in it.params.items()},
        "remedy": it.remedy,
        "requirements": list(requirements_for(known, it.objective, it.id)),
        "digest": compiled.digest,
    }


def objective_document(known: Knowledge, compiled: CompiledObjective) -> Mapping[str, Any]:
    """Return an objective as plain JSON values."""
    stated = {key: value for key, value in asdict(compiled.objective).items() if key != "position"}
    return {
        **stated,
        "requirements": list(requirements_for(known, compiled.objective.id)),
        "controls": [each.control.id for each in serving(known, compiled.objective.id)],
        "duties": [each.id for each in duties_of(known, compiled.objective.id)],
    }
