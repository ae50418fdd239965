"""OSCAL plan of action and milestones: everything of one system that is not known to be met.

Every evaluation that is not met or unknown has a risk; an exception makes it an approved deviation with the day on
which that ends. What could not be read, and an objective that nothing decides, are items too: nothing empty passes.
Nobody has planned anything for the rest, so there are no milestones; the remedies are recommendations.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from assay.assessment.verdicts import Verdict
from assay.reports.context import ObjectiveRow, ReportContext, Row, Section
from assay.reports.oscal.seen import STATE, Run, by_objective, finding, item, observation, risk, tool, unread
from assay.reports.oscal.writing import markup, metadata, paragraphs, present, props, words

_OPEN = (Verdict.NOT_MET, Verdict.UNKNOWN)


def actions_file(section: Section) -> str:
    """Return the name of the file of a section's plan of action."""
    return f"poam-{section.id}.json" if section.id else "poam.json"


def plan_of_action(context: ReportContext, section: Section, plan: str) -> Mapping[str, Any] | None:
    """Return the plan of action of a section; None when nothing is left to do, for which OSCAL has no plan.

    plan  Name of the file beside this one that describes the system.
    """
    run = Run(context, section)
    rows = [row for row in section.rows if row.verdict in _OPEN]
    own = by_objective(rows)
    bare = [row for row in section.applicable if row.id not in own and not row.verdict.passes]
    items = [*(_evaluated(run, row) for row in rows), *(_bare(run, row) for row in bare), *_unread(run)]
    if not items:
        return None
    concerned = [row for row in section.objectives if row.verdict in STATE and (row.id in own or row in bare)]
    resources = {row.resource: row for row in rows}
    stated = {
        "uuid": run.lasting("poam"),
        "metadata": metadata(context, f"Plan of action of {section.title}"),
        "import-ssp": {"href": plan},
        "system-id": {"identifier-type": "http://ietf.org/rfc/rfc4122", "id": run.lasting("system")},
        "local-definitions": present(
            {
                "components": [tool(run)],
                "inventory-items": [item(run, row) for _, row in sorted(resources.items())],
            }
        ),
        "observations": [observation(run, row) for row in rows],
        "risks": [risk(run, row) for row in rows],
        "findings": [finding(run, row, own.get(row.id, ()), own.get(row.id, ())) for row in concerned],
        "poam-items": items,
    }
    return {"plan-of-action-and-milestones": present(stated)}


def _evaluated(run: Run, row: Row) -> Mapping[str, Any]:
    under = f", under the exception {row.exception}" if row.exception else ""
    return {
        "uuid": run.lasting("item", row.control, row.resource),
        "title": markup(f"{row.title}: {row.name}"),
        "description": paragraphs(f"{words(row.verdict)}{under}", row.explanation, row.remedy),
        "props": props({"control": row.control, "severity": row.severity, "verdict": row.verdict}),
        "origins": run.origins,
        "related-observations": [{"observation-uuid": run.once("observation", row.control, row.resource)}],
        "related-risks": [{"risk-uuid": run.lasting("risk", row.control, row.resource)}],
    }


def _bare(run: Run, row: ObjectiveRow) -> Mapping[str, Any]:
    """Return the item of an objective that is not met and has no open evaluation of its own here."""
    return {
        "uuid": run.lasting("item", "objective", row.id),
        "title": markup(row.title),
        "description": paragraphs(f"{words(row.verdict)}: {row.reason}"),
        "props": props({"objective": row.id, "verdict": row.verdict, "provider": row.provider}),
        "origins": run.origins,
        "related-findings": [{"finding-uuid": run.once("finding", row.id)}],
    }


def _unread(run: Run) -> Iterator[Mapping[str, Any]]:
    for said in dict.fromkeys(unread(run.section)):
        yield {
            "uuid": run.lasting("item", "unread", said),
            "title": "Could not be read, and is in no figure",
            "description": markup(said),
            "props": props({"verdict": Verdict.UNKNOWN}),
            "origins": run.origins,
        }
