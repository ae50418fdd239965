"""OSCAL 1.2 assessment results (NIST): what assessors and their tools exchange.

One result per section. An objective of ours is an OSCAL control with one assessment objective, `<id>_obj`; a control of
ours is an activity; an evaluation is an observation, made by examining; what is not met is a risk with its remedy.
OSCAL knows two states of an objective and no third: everything but met and inherited is "not-satisfied", and only what
was seen to fail has the reason "fail". Properties in our namespace keep our own verdicts and counts.

Identifiers are UUIDs of version 5 of JSON texts. What lasts (resources, risks, activities, parties) keeps its own from
run to run; what was seen at one time (results, observations, findings) has one per as-of time.
"""

import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assay.assessment.verdicts import Counts, Verdict
from assay.governance.model import ApprovedException, Control
from assay.inventory.resource import Position
from assay.reports.context import ObjectiveRow, ReportContext, Row, Section
from assay.reports.sarif import uri

VERSION = "1.2.1"
HOME = "https://github.com/assay-security/assay"
NS = f"{HOME}/ns/oscal"
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, NS)

# (state, reason) of a finding's target; not applicable is left out, because there is neither state for it.
_STATE = {
    Verdict.MET: ("satisfied", "pass"),
    Verdict.INHERITED: ("satisfied", "pass"),
    Verdict.PARTLY_MET: ("not-satisfied", "fail"),
    Verdict.NOT_MET: ("not-satisfied", "fail"),
    Verdict.UNKNOWN: ("not-satisfied", "other"),
    Verdict.EXCEPTED: ("not-satisfied", "other"),
}
_IMPLEMENTED = {Verdict.MET: "implemented", Verdict.INHERITED: "implemented", Verdict.PARTLY_MET: "partial"}

# Characters that XML forbids, control characters and lone surrogates: OSCAL documents are converted to XML.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
# What OSCAL's markup (CommonMark, with ^ ~ and {{ }}) would not take for text.
_MARKUP = re.compile(r"[\\`*<\[^~]|(?<!\w)_|_(?!\w)|\{(?=\{)|&(?=#?\w+;)|^[#>+=|-]")


def render(context: ReportContext) -> str:
    """Return the report as OSCAL assessment results in JSON."""
    return json.dumps(document(context), indent=2, ensure_ascii=False) + "\n"


def document(context: ReportContext) -> Mapping[str, Any]:
    """Return OSCAL assessment results as plain JSON values."""
    plan = _uuid(context, "plan")
    results: dict[str, Any] = {
        "uuid": _uuid(context, "assessment-results"),
        "metadata": _metadata(context),
        "import-ap": {"href": f"#{plan}"},
    }
    if local := _present({"objectives-and-methods": _objectives(context), "activities": _activities(context)}):
        results["local-definitions"] = local
    results["results"] = [_result(_Run(context, section)) for section in context.sections]
    results["back-matter"] = {"resources": [_plan(plan)]}
    return {"assessment-results": results}


@dataclass(frozen=True, slots=True)
class _Run:
    """One section of a report, and the names of what is in it."""

    context: ReportContext
    section: Section

    def lasting(self, *parts: str) -> str:
        """Return the identifier of what is the same in every run."""
        return _uuid(self.context, self.section.id, self.section.stage, *parts)

    def once(self, *parts: str) -> str:
        """Return the identifier of what was seen at this time."""
        return self.lasting(self.context.as_of.isoformat(), *parts)

    @property
    def origins(self) -> list[Mapping[str, Any]]:
        return [self.origin]

    @property
    def origin(self) -> Mapping[str, Any]:
        return {"actors": [{"type": "tool", "actor-uuid": self.lasting("tool")}]}


def _uuid(context: ReportContext, *parts: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, json.dumps([context.kind, context.subject, *parts])))


def _metadata(context: ReportContext) -> Mapping[str, Any]:
    metadata: dict[str, Any] = {
        "title": _markup(f"Security assessment of {context.subject}"),
        "last-modified": context.as_of.isoformat(),
        "version": context.as_of.isoformat(),
        "oscal-version": VERSION,
        "props": [_prop("verdict", context.verdict), *_figures(context.counts)],
    }
    if context.kind == "assessment":
        party = {"uuid": _uuid(context, "organisation"), "type": "organization", "name": _line(context.subject)}
        metadata["parties"] = [party]
    return metadata


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
        "prose": _paragraphs(row.measure and f"Measure: {row.measure}", row.target and f"Target: {row.target}")
        or "Examine every resource in scope.",
    }
    return {
        "control-id": _token(row.id),
        "description": _paragraphs(f"{row.title}.", row.statement),
        "props": _props(
            {"objective": row.id, "domain": row.domain, "scope": row.scope, "layer": row.layer},
            *(("requirement", each) for each in row.requirements),
        ),
        "parts": [
            {
                "id": _target(row.id),
                "name": "assessment-objective",
                "title": _markup(row.title),
                "prose": _markup(row.statement),
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
        "uuid": _uuid(context, "activity", control.id),
        "title": _markup(control.title),
        "description": _markup(control.why),
        "props": _props(
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


def _result(run: _Run) -> Mapping[str, Any]:
    section, as_of = run.section, run.context.as_of.isoformat()
    own: dict[str, list[Row]] = {}
    for row in section.rows:
        own.setdefault(row.objective, []).append(row)
    kind = "Workload" if section.id else {"check": "Check of", "assessment": "Organisation"}[run.context.kind]
    return _present(
        {
            "uuid": run.once("result"),
            "title": _markup(" ".join(filter(None, (kind, section.title, section.stage and f"({section.stage})")))),
            "description": _markup(f"{_words(section.verdict)}: {section.counts}; {section.resources} resources"),
            "start": as_of,
            "end": as_of,
            "props": [
                *_props({"workload": section.id, "stage": section.stage, "verdict": section.verdict}),
                *_figures(section.counts),
                _prop("resources", str(section.resources)),
            ],
            "local-definitions": _definitions(run),
            "reviewed-controls": _reviewed(run),
            "observations": [_observation(run, row) for row in section.rows],
            "risks": [_risk(run, row) for row in section.rows if row.verdict is Verdict.NOT_MET],
            "findings": [
                _finding(run, row, own.get(row.id, ())) for row in section.objectives if row.verdict in _STATE
            ],
            "remarks": _unseen(section),
        }
    )


def _unseen(section: Section) -> str:
    """Return what could not be read and what is declared and not made: the limits of the result."""
    return _paragraphs(
        *(f"Could not be read: {each}" for each in section.faults),
        *(f"Could not be read: {each.subject}: {each.reason}" for each in section.gaps),
        *(f"Declared and not created: {name}: {why}" for name, why in section.absent),
    )


def _definitions(run: _Run) -> Mapping[str, Any]:
    resources = {row.resource: row for row in run.section.rows}
    return _present(
        {
            "inventory-items": [_item(run, row) for _, row in sorted(resources.items())],
            "assessment-assets": {
                "components": [
                    {
                        "uuid": run.lasting("tool"),
                        "type": "software",
                        "title": "Assay",
                        "description": "Evaluates controls on declared and recorded resources.",
                        "props": [{"name": "version", "value": run.context.version}],
                        "status": {"state": "operational"},
                    }
                ],
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


def _item(run: _Run, row: Row) -> Mapping[str, Any]:
    return {
        "uuid": run.lasting("resource", row.resource),
        "description": _markup(f"{row.type} {row.name}"),
        "props": _props({"resource": row.resource, "resource-type": row.type, "name": row.name}),
    }


def _reviewed(run: _Run) -> Mapping[str, Any]:
    section = run.section
    if not section.objectives:
        named = {row.control for row in section.rows} or set(run.context.controls)
        objectives = sorted({run.context.controls[each].control.objective for each in named})
        said = "" if section.rows else "No resource was in the scope of any control."
        return _present({"control-selections": [_including(objectives)], "remarks": said})
    judged = [row.id for row in section.objectives if row.verdict in _STATE]
    left = [row for row in section.objectives if row.verdict not in _STATE]
    chosen: dict[str, Any] = {"include-objectives": [{"objective-id": _target(each)} for each in judged]}
    if left:
        chosen["exclude-objectives"] = [{"objective-id": _target(row.id)} for row in left]
        chosen["remarks"] = _paragraphs(*(f"{row.id}: {row.reason}" for row in left))
    selection = _including([row.id for row in section.applicable], [row.id for row in left])
    reviewed: dict[str, Any] = {"control-selections": [selection]}
    return reviewed | ({"control-objective-selections": [chosen]} if judged else {})


def _including(objectives: Sequence[str], left: Sequence[str] = ()) -> Mapping[str, Any]:
    """Select the objectives. The schema has no empty selection: none of them is all without those `left` out."""
    if objectives:
        return {"include-controls": [{"control-id": _token(each)} for each in objectives]}
    excluded = [{"control-id": _token(each)} for each in left]
    rest = {"exclude-controls": excluded, "remarks": "No objective applies."}
    return {"include-all": {}, **_present(rest)}


def _observation(run: _Run, row: Row) -> Mapping[str, Any]:
    under = f" under the exception {row.exception}" if row.exception else ""
    return {
        "uuid": run.once("observation", row.control, row.resource),
        "title": _markup(row.title),
        "description": _paragraphs(f"{row.name}: {_words(row.verdict)}{under}", row.explanation),
        "props": _props(
            {
                "control": row.control,
                "severity": row.severity,
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


def _subject(run: _Run, row: Row) -> Mapping[str, Any]:
    return {
        "subject-uuid": run.lasting("resource", row.resource),
        "type": "inventory-item",
        "title": _markup(row.name),
    }


def _evidence(position: Position, explanation: str) -> Mapping[str, Any]:
    evidence = {"description": _paragraphs(str(position), explanation) or "As declared."}
    if position.file:
        evidence["href"] = uri(position.file) + (f"#L{position.line}" if position.line else "")
    return evidence


def _risk(run: _Run, row: Row) -> Mapping[str, Any]:
    observation = run.once("observation", row.control, row.resource)
    risk: dict[str, Any] = {
        "uuid": run.lasting("risk", row.control, row.resource),
        "title": _markup(f"Not met by {row.name}: {row.title}"),
        "description": _markup(row.why),
        "statement": _paragraphs(f"{row.name}: {_words(row.verdict)}", row.explanation),
        "props": _props({"control": row.control, "exception": row.exception}),
        "status": "deviation-approved" if row.exception else "open",
        "origins": run.origins,
        "characterizations": [
            {"origin": run.origin, "facets": [{"name": "severity", "system": NS, "value": row.severity}]}
        ],
        "remediations": [
            {
                "uuid": run.lasting("remedy", row.control, row.resource),
                "lifecycle": "recommendation",
                "title": _markup(f"Make it true: {row.title}"),
                "description": _markup(row.remedy),
                "origins": run.origins,
            }
        ],
        "related-observations": [{"observation-uuid": observation}],
    }
    approved = next((each for each, _ in run.context.exceptions if each.id == row.exception), None)
    if approved:
        risk["mitigating-factors"] = [_mitigation(run, row, approved)]
    return risk


def _mitigation(run: _Run, row: Row, approved: ApprovedException) -> Mapping[str, Any]:
    return {
        "uuid": run.lasting("mitigation", row.control, row.resource),
        "description": _paragraphs(approved.compensating_control, f"Reason of the exception: {approved.reason}"),
        "props": _props(
            {
                "exception": approved.id,
                "approver": approved.approver,
                "approved": approved.approved.isoformat(),
                "expires": approved.expires.isoformat(),
            }
        ),
        "subjects": [_subject(run, row)],
    }


def _finding(run: _Run, row: ObjectiveRow, own: Sequence[Row]) -> Mapping[str, Any]:
    """Return the answer for one objective; `own` are its evaluations in the section."""
    state, reason = _STATE[row.verdict]
    target: dict[str, Any] = {
        "type": "objective-id",
        "target-id": _target(row.id),
        "title": _markup(row.title),
        "status": {"state": state, "reason": reason, "remarks": _paragraphs(_words(row.verdict), row.reason)},
    }
    if row.verdict in _IMPLEMENTED:
        target["implementation-status"] = {"state": _IMPLEMENTED[row.verdict]}
    risks = [run.lasting("risk", each.control, each.resource) for each in own if each.verdict is Verdict.NOT_MET]
    observations = [run.once("observation", each.control, each.resource) for each in own]
    return _present(
        {
            "uuid": run.once("finding", row.id),
            "title": _markup(row.title),
            "description": _paragraphs(row.statement, f"{_words(row.verdict)}: {row.reason}"),
            "props": [
                *_props({"verdict": row.verdict, "depth": row.depth, "provider": row.provider}),
                *_figures(row.counts),
            ],
            "origins": run.origins,
            "target": target,
            "related-observations": [{"observation-uuid": each} for each in observations],
            "related-risks": [{"risk-uuid": each} for each in risks],
        }
    )


def _figures(counts: Counts) -> list[Mapping[str, str]]:
    figures = {**asdict(counts), "applicable": counts.applicable, "total": counts.total}
    return [_prop(name.replace("_", "-"), str(number)) for name, number in figures.items()]


def _props(values: Mapping[str, str], *more: tuple[str, str]) -> list[Mapping[str, str]]:
    return [_prop(name, value) for name, value in (*values.items(), *more) if value]


def _prop(name: str, value: str) -> Mapping[str, str]:
    return {"name": name, "ns": NS, "value": _line(value)}


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what is empty: OSCAL has no empty lists and texts."""
    return {name: value for name, value in values.items() if value not in ([], "", {})}


def _target(objective: str) -> str:
    return f"{_token(objective)}_obj"


def _token(text: str) -> str:
    """Return a TokenDatatype: a letter or _, then letters, digits and . - _ (the property beside it says the text)."""
    token = re.sub(r"[^\w.-]", "_", _FORBIDDEN.sub("_", text))
    return token if token[:1].isalpha() or token[:1] == "_" else f"_{token}"


def _words(verdict: Verdict) -> str:
    return verdict.replace("_", " ")


def _line(text: str) -> str:
    """Return a StringDatatype: one line without spaces at its ends."""
    return " ".join(_FORBIDDEN.sub("\ufffd", text).split()) or "(empty)"


def _markup(text: str) -> str:
    """Return a MarkupLineDatatype that shows the text as it is: no name becomes a tag, a link or emphasis."""
    return _MARKUP.sub(lambda found: f"\\{found[0]}", _line(text))


def _paragraphs(*texts: str) -> str:
    """Return a MarkupMultilineDatatype: every text that there is, as a paragraph of its own."""
    return "\n\n".join(_markup(each) for each in texts if each.strip())
