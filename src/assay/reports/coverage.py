"""What is covered, with what is not said first: for the terminal and as JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assay.governance.coverage import Survey

FORMAT = "assay.coverage/1"
_NAMED = 12  # gaps named for one framework; `assay framework show --gaps` names all


def render(survey: Survey) -> RenderableType:
    """Return the survey for a terminal."""
    return Group(*_parts(survey))


def _parts(survey: Survey) -> Iterator[RenderableType]:
    yield Text("Not covered", style="bold underline")
    yield from _uncovered(survey)
    yield Text()
    yield Text("Frameworks", style="bold underline")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, justify in (
        ("framework", "left"),
        ("answered", "right"),
        ("outside", "right"),
        ("gaps", "right"),
        ("of", "right"),
    ):
        table.add_column(name, justify=justify)  # type: ignore[arg-type]  # rich's literal
    for framework, covered in survey.frameworks:
        counts = (len(covered.answered), len(covered.outside), len(covered.gaps), covered.total)
        table.add_row(framework.id, *map(str, counts))
    yield table
    yield Text()
    yield Text("Domains", style="bold underline")
    domains = Table(box=None, pad_edge=False, header_style="bold")
    for name, justify in (("domain", "left"), ("objectives", "right"), ("controls", "right")):
        domains.add_column(name, justify=justify)  # type: ignore[arg-type]
    for each in survey.domains:
        domains.add_row(each.domain.replace("-", " "), str(len(each.objectives)), str(each.controls))
    yield domains
    yield Text()
    yield Text("Resource types", style="bold underline")
    yield Text(", ".join(f"{kind} {count}" for kind, count in survey.types.items()), style="dim")
    yield Text()
    yield Text(f"{survey.controls} controls over {len(survey.types)} resource types, {survey.objectives} objectives")


def _uncovered(survey: Survey) -> Iterator[RenderableType]:
    for each in survey.domains:
        if not each.objectives:
            yield Text(f"  {each.domain}: no objective", style="red")
        if each.unserved:
            yield Text(f"  {each.domain}: no control serves {', '.join(each.unserved)}", style="yellow")
    for framework, covered in survey.frameworks:
        if covered.gaps:
            named = ", ".join(covered.gaps[:_NAMED])
            more = f" and {len(covered.gaps) - _NAMED} more" if len(covered.gaps) > _NAMED else ""
            yield Text(f"  {framework.id}: nothing answers {named}{more}", style="yellow")
    if survey.resources:
        missed = sum(survey.unjudged.values())
        yield Text(
            f"  {missed} of {survey.resources} resources of the workloads are looked at by no control", style="yellow"
        )
        for kind, count in survey.unjudged.items():
            yield Text(f"    {kind}: {count}", style="dim")


def document(survey: Survey) -> Mapping[str, Any]:
    """Return the survey as plain JSON values."""
    return {
        "format": FORMAT,
        "controls": survey.controls,
        "objectives": survey.objectives,
        "resource_types": dict(survey.types),
        "domains": [asdict(each) for each in survey.domains],
        "frameworks": [
            {"id": framework.id, "version": framework.version, "total": covered.total, **asdict(covered)}
            for framework, covered in survey.frameworks
        ],
        "resources": survey.resources,
        "unjudged": dict(survey.unjudged),
    }
