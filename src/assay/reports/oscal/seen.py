"""What was seen in one section of a report, as OSCAL has it: items, observations, risks and findings.

Assessment results and plans of action take the same ones, under the same identifiers.
"""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.assessment.verdicts import Verdict
from assay.governance.model import ApprovedException
from assay.inventory.resource import Position
from assay.reports.context import ObjectiveRow, ReportContext, Row, Section
from assay.reports.oscal.writing import NS, figures, identifier, markup, paragraphs, present, props, target, words
from assay.reports.sarif import uri

# (state, reason) of a finding's target; not applicable is left out, because there is neither state for it.
STATE = {
    Verdict.MET: ("satisfied", "pass"),
    Verdict.INHERITED: ("satisfied", "pass"),
    Verdict.PARTLY_MET: ("not-satisfied", "fail"),
    Verdict.NOT_MET: ("not-satisfied", "fail"),
    Verdict.UNKNOWN: ("not-satisfied", "other"),
    Verdict.EXCEPTED: ("not-satisfied", "other"),
}
IMPLEMENTED = {Verdict.MET: "implemented", Verdict.INHERITED: "implemented", Verdict.PARTLY_MET: "partial"}


@dataclass(frozen=True, slots=True)
class Run:
    """One section of a report, and the names of what is in it."""

    context: ReportContext
    section: Section

    def lasting(self, *parts: str) -> str:
        """Return the identifier of what is the same in every run."""
        return identifier(self.context, self.section.id, self.section.stage, *parts)

    def once(self, *parts: str) -> str:
        """Return the identifier of what was seen at this time."""
        return self.lasting(self.context.as_of.isoformat(), *parts)

    @property
    def origins(self) -> list[Mapping[str, Any]]:
        """Who says so: this tool."""
        return [self.origin]

    @property
    def origin(self) -> Mapping[str, Any]:
        """This tool, as an actor."""
        return {"actors": [{"type": "tool", "actor-uuid": self.lasting("tool")}]}


def by_objective(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the evaluations of each objective."""
    own: dict[str, list[Row]] = {}
    for row in rows:
        own.setdefault(row.objective, []).append(row)
    return own


def unread(section: Section) -> list[str]:
    """Return what could not be read, and why."""
    return [*map(str, section.faults), *(f"{each.subject}: {each.reason}" for each in section.gaps)]


def tool(run: Run) -> Mapping[str, Any]:
    """Return this tool as a component."""
    return {
        "uuid": run.lasting("tool"),
        "type": "software",
        "title": "Assay",
        "description": "Evaluates controls on declared and recorded resources.",
        "props": [{"name": "version", "value": run.context.version}],
        "status": {"state": "operational"},
    }


def item(run: Run, row: Row) -> Mapping[str, Any]:
    """Return the resource as an inventory item."""
    return {
        "uuid": run.lasting("resource", row.resource),
        "description": markup(f"{row.type} {row.name}"),
        "props": props({"resource": row.resource, "resource-type": row.type, "name": row.name}),
    }


def observation(run: Run, row: Row) -> Mapping[str, Any]:
    """Return one evaluation as an observation, made by examining."""
    under = f" under the exception {row.exception}" if row.exception else ""
    return {
        "uuid": run.once("observation", row.control, row.resource),
        "title": markup(row.title),
        "description": paragraphs(f"{row.name}: {words(row.verdict)}{under}", row.explanation),
        "props": props(
            {
                "control": row.control,
                "severity": row.severity,
                "method": row.method,
                "verdict": row.verdict,
                "effective-verdict": row.effective,
                "exception": row.exception,
            }
        ),
        "methods": ["EXAMINE"],
        "types": ["control-objective"],
        "origins": run.origins,
        "subjects": [_subject(run, row)],
        "relevant-evidence": [_evidence(each, row.explanation) for each in (row.position, *row.related)],
        "collected": run.context.as_of.isoformat(),
    }


def _subject(run: Run, row: Row) -> Mapping[str, Any]:
    return {
        "subject-uuid": run.lasting("resource", row.resource),
        "type": "inventory-item",
        "title": markup(row.name),
    }


def _evidence(position: Position, explanation: str) -> Mapping[str, Any]:
    evidence = {"description": paragraphs(str(position), explanation) or "As declared."}
    if position.file:
        evidence["href"] = uri(position.file) + (f"#L{position.line}" if position.line else "")
    return evidence


def risk(run: Run, row: Row) -> Mapping[str, Any]:
    """Return what is not met, or may be, as a risk. Only an approved exception sets a day by which it must end."""
    unknown = row.verdict is Verdict.UNKNOWN
    stated: dict[str, Any] = {
        "uuid": run.lasting("risk", row.control, row.resource),
        "title": markup(f"{'Not known of' if unknown else 'Not met by'} {row.name}: {row.title}"),
        "description": markup(row.why),
        "statement": paragraphs(f"{row.name}: {words(row.verdict)}", row.explanation),
        "props": props({"control": row.control, "verdict": row.verdict, "exception": row.exception}),
        "status": "deviation-approved" if row.exception else "investigating" if unknown else "open",
        "origins": run.origins,
        "characterizations": [
            {"origin": run.origin, "facets": [{"name": "severity", "system": NS, "value": row.severity}]}
        ],
        "remediations": [
            {
                "uuid": run.lasting("remedy", row.control, row.resource),
                "lifecycle": "recommendation",
                "title": markup(f"Make it true: {row.title}"),
                "description": markup(row.remedy),
                "origins": run.origins,
            }
        ],
        "related-observations": [{"observation-uuid": run.once("observation", row.control, row.resource)}],
    }
    approved = next((each for each, _ in run.context.exceptions if each.id == row.exception), None)
    if approved:
        stated["mitigating-factors"] = [_mitigation(run, row, approved)]
        ends = datetime.datetime.combine(approved.expires, datetime.time(), datetime.UTC)
        stated["deadline"] = ends.isoformat()
    return stated


def _mitigation(run: Run, row: Row, approved: ApprovedException) -> Mapping[str, Any]:
    return {
        "uuid": run.lasting("mitigation", row.control, row.resource),
        "description": paragraphs(approved.compensating_control, f"Reason of the exception: {approved.reason}"),
        "props": props(
            {
                "exception": approved.id,
                "approver": approved.approver,
                "approved": approved.approved.isoformat(),
                "expires": approved.expires.isoformat(),
            }
        ),
        "subjects": [_subject(run, row)],
    }


def finding(run: Run, row: ObjectiveRow, own: Sequence[Row], missed: Sequence[Row]) -> Mapping[str, Any]:
    """Return the answer for one objective; `own` are its evaluations in the section, `missed` those with a risk."""
    state, reason = STATE[row.verdict]
    aim: dict[str, Any] = {
        "type": "objective-id",
        "target-id": target(row.id),
        "title": markup(row.title),
        "status": {"state": state, "reason": reason, "remarks": paragraphs(words(row.verdict), row.reason)},
    }
    if row.verdict in IMPLEMENTED:
        aim["implementation-status"] = {"state": IMPLEMENTED[row.verdict]}
    risks = [run.lasting("risk", each.control, each.resource) for each in missed]
    observations = [run.once("observation", each.control, each.resource) for each in own]
    return present(
        {
            "uuid": run.once("finding", row.id),
            "title": markup(row.title),
            "description": paragraphs(row.statement, f"{words(row.verdict)}: {row.reason}"),
            "props": [
                *props({"verdict": row.verdict, "depth": row.depth, "provider": row.provider}),
                *figures(row.counts),
            ],
            "origins": run.origins,
            "target": aim,
            "related-observations": [{"observation-uuid": each} for each in observations],
            "related-risks": [{"risk-uuid": each} for each in risks],
        }
    )
