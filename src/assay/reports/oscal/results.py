"""OSCAL 1.2 assessment results (NIST): what assessors and their tools exchange.

One result per section. An objective of ours is an OSCAL control with one assessment objective, `<id>_obj`; a control of
ours is an activity; an evaluation is an observation, made by examining; what is not met is a risk with its remedy.
OSCAL knows two states of an objective and no third: everything but met and inherited is "not-satisfied", and only what
was seen to fail has the reason "fail". Properties in our namespace keep our own verdicts and counts.

Identifiers are UUIDs of version 5 of JSON texts. What lasts (resources, risks, activities, parties) keeps its own from
run to run; what was seen at one time (results, observations, findings) has one per as-of time.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from assay.assessment.verdicts import Verdict
from assay.governance.model import Control
from assay.reports.context import ObjectiveRow, ReportContext, Row, Section
from assay.reports.oscal.seen import STATE, Run, by_objective, finding, item, observation, risk, tool, unread
from assay.reports.oscal.writing import (
    HOME,
    figures,
    identifier,
    markup,
    metadata,
    paragraphs,
    present,
    prop,
    props,
    target,
    token,
    words,
    written,
)


def render(context: ReportContext) -> str:
    """Return the report as OSCAL assessment results in JSON."""
    return written(document(context))


def document(context: ReportContext, plans: Mapping[str, str] | None = None) -> Mapping[str, Any]:
    """Return OSCAL assessment results as plain JSON values.

    plans  Section id → name of the file beside this one that describes the system, where there is one.
    """
    plan = identifier(context, "plan")
    results: dict[str, Any] = {
        "uuid": identifier(context, "assessment-results"),
        "metadata": metadata(
            context,
            f"Security assessment of {context.subject}",
            prop("verdict", context.verdict),
            *figures(context.counts),
        ),
        "import-ap": {"href": f"#{plan}"},
    }
    if local := present({"objectives-and-methods": _objectives(context), "activities": _activities(context)}):
        results["local-definitions"] = local
    results["results"] = [_result(Run(context, each), (plans or {}).get(each.id, "")) for each in context.sections]
    results["back-matter"] = {"resources": [_plan(plan)]}
    return {"assessment-results": results}


def _plan(identifier: str) -> Mapping[str, Any]:
    return {
        "uuid": identifier,
        "title": "No separate assessment plan",
        "description": "The activities in this document are the plan: every control is evaluated on every resource "
        "in its scope. None is sampled.",
        "rlinks": [{"href": HOME}],
    }


def _objectives(context: ReportContext) -> list[Mapping[str, Any]]:
    """Return every objective that applies somewhere, once."""
    known = {row.id: row for section in context.sections for row in section.applicable}
    return [_objective(row) for _, row in sorted(known.items())]


def _objective(row: ObjectiveRow) -> Mapping[str, Any]:
    method = {
        "name": "assessment-method",
        "props": [{"name": "method", "value": "EXAMINE"}],
        "prose": paragraphs(row.measure and f"Measure: {row.measure}", row.target and f"Target: {row.target}")
        or "Examine every resource in scope.",
    }
    return {
        "control-id": token(row.id),
        "description": paragraphs(f"{row.title}.", row.statement),
        "props": props(
            {"objective": row.id, "domain": row.domain, "scope": row.scope, "layer": row.layer},
            *(("requirement", each) for each in row.requirements),
        ),
        "parts": [
            {
                "id": target(row.id),
                "name": "assessment-objective",
                "title": markup(row.title),
                "prose": markup(row.statement),
            },
            method,
        ],
    }


def _activities(context: ReportContext) -> list[Mapping[str, Any]]:
    """Return every control that was evaluated on something."""
    evaluated = sorted({row.control for row in context.rows})
    return [_activity(context, context.controls[name].control) for name in evaluated]


def _activity(context: ReportContext, control: Control) -> Mapping[str, Any]:
    return {
        "uuid": identifier(context, "activity", control.id),
        "title": markup(control.title),
        "description": markup(control.why),
        "props": props(
            {
                "control": control.id,
                "severity": control.severity,
                "resource-type": control.resource,
                "require": control.require,
                "unless": control.unless,
            }
        ),
        "related-controls": {"control-selections": [_including([control.objective])]},
    }


def _result(run: Run, plan: str) -> Mapping[str, Any]:
    section, as_of = run.section, run.context.as_of.isoformat()
    own = by_objective(section.rows)
    kind = "Workload" if section.id else {"check": "Check of", "assessment": "Organisation"}[run.context.kind]
    return present(
        {
            "uuid": run.once("result"),
            "title": markup(" ".join(filter(None, (kind, section.title, section.stage and f"({section.stage})")))),
            "description": markup(f"{words(section.verdict)}: {section.counts}; {section.resources} resources"),
            "start": as_of,
            "end": as_of,
            "props": [
                *props({"workload": section.id, "stage": section.stage, "verdict": section.verdict}),
                *figures(section.counts),
                prop("resources", str(section.resources)),
            ],
            "links": [{"href": plan, "rel": "system-security-plan"}] if plan else [],
            "local-definitions": _definitions(run),
            "reviewed-controls": _reviewed(run),
            "observations": [observation(run, row) for row in section.rows],
            "risks": [risk(run, row) for row in missed(section.rows)],
            "findings": [
                finding(run, row, own.get(row.id, ()), missed(own.get(row.id, ())))
                for row in section.objectives
                if row.verdict in STATE
            ],
            "remarks": _unseen(section),
        }
    )


def missed(rows: Sequence[Row]) -> list[Row]:
    """Return the evaluations that were seen to fail, excepted ones among them."""
    return [row for row in rows if row.verdict is Verdict.NOT_MET]


def _unseen(section: Section) -> str:
    """Return what could not be read and what is declared and not made: the limits of the result."""
    return paragraphs(
        *(f"Could not be read: {each}" for each in unread(section)),
        *(f"Declared and not created: {name}: {why}" for name, why in section.absent),
    )


def _definitions(run: Run) -> Mapping[str, Any]:
    resources = {row.resource: row for row in run.section.rows}
    return present(
        {
            "inventory-items": [item(run, row) for _, row in sorted(resources.items())],
            "assessment-assets": {
                "components": [tool(run)],
                "assessment-platforms": [
                    {
                        "uuid": run.lasting("platform"),
                        "title": "Assay",
                        "uses-components": [{"component-uuid": run.lasting("tool")}],
                    }
                ],
            },
        }
    )


def _reviewed(run: Run) -> Mapping[str, Any]:
    section = run.section
    if not section.objectives:
        named = {row.control for row in section.rows} or set(run.context.controls)
        objectives = sorted({run.context.controls[each].control.objective for each in named})
        said = "" if section.rows else "No resource was in the scope of any control."
        return present({"control-selections": [_including(objectives)], "remarks": said})
    judged = [row.id for row in section.objectives if row.verdict in STATE]
    left = [row for row in section.objectives if row.verdict not in STATE]
    chosen: dict[str, Any] = {"include-objectives": [{"objective-id": target(each)} for each in judged]}
    if left:
        chosen["exclude-objectives"] = [{"objective-id": target(row.id)} for row in left]
        chosen["remarks"] = paragraphs(*(f"{row.id}: {row.reason}" for row in left))
    selection = _including([row.id for row in section.applicable], [row.id for row in left])
    reviewed: dict[str, Any] = {"control-selections": [selection]}
    return reviewed | ({"control-objective-selections": [chosen]} if judged else {})


def _including(objectives: Sequence[str], left: Sequence[str] = ()) -> Mapping[str, Any]:
    """Select the objectives. The schema has no empty selection: none of them is all without those `left` out."""
    if objectives:
        return {"include-controls": [{"control-id": token(each)} for each in objectives]}
    excluded = [{"control-id": token(each)} for each in left]
    rest = {"exclude-controls": excluded, "remarks": "No objective applies."}
    return {"include-all": {}, **present(rest)}
