"""The JSON form. `format` names the version of this shape; docs/formats.md describes it. A promise: see CHANGELOG."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assay.assessment.appropriateness import Inappropriate
from assay.inventory.resource import Position
from assay.reports.audience.figures import counts_document
from assay.reports.context import ObjectiveRow, ReportContext, Row, Section

FORMAT = "assay.report/1"


def render(context: ReportContext) -> str:
    """Return the report as indented JSON, keys in a fixed order."""
    return json.dumps(document(context), indent=2, ensure_ascii=False) + "\n"


def document(context: ReportContext) -> Mapping[str, Any]:
    """Return the report as plain JSON values."""
    return {
        "format": FORMAT,
        "kind": context.kind,
        "assay": context.version,
        "subject": context.subject,
        "as_of": context.as_of.isoformat(),
        "verdict": context.verdict,
        "counts": counts_document(context.counts),
        "sections": [_section(each) for each in context.sections],
        "unjudged": dict(context.unjudged),
        "appropriateness": [_inappropriate(each) for each in context.inappropriate],
        "loosenings": [
            {
                "control": each.control,
                "parameter": each.parameter,
                "default": each.default,
                "value": each.value,
                "position": _position(each.position),
            }
            for each in context.loosenings
        ],
        "exceptions": [
            {
                "id": each.id,
                "reason": each.reason,
                "approver": each.approver,
                "expires": each.expires.isoformat(),
                "in_force": live,
            }
            for each, live in context.exceptions
        ],
        "outside": [asdict(each) for each in context.outside],
    }


def _section(section: Section) -> Mapping[str, Any]:
    return {
        "workload": section.id,
        "title": section.title,
        "owner": section.owner,
        "tier": section.tier,
        "exposure": section.exposure,
        "stage": section.stage,
        "verdict": section.verdict,
        "counts": counts_document(section.counts),
        "resources": section.resources,
        "objectives": [_objective(each) for each in section.objectives],
        "evaluations": [_row(each) for each in section.rows],
        "appropriateness": [_inappropriate(each) for each in section.inappropriate],
        "faults": [asdict(each) for each in section.faults],
        "gaps": [
            {"subject": each.subject, "cause": each.reason.cause, "detail": str(each.reason)} for each in section.gaps
        ],
        "absent": [{"resource": name, "because": why} for name, why in section.absent],
        "unrecognised": [
            {
                "resource": each.resource,
                "path": list(each.path),
                "message": each.message,
                "position": _position(each.position),
            }
            for each in section.unrecognised
        ],
    }


def _objective(row: ObjectiveRow) -> Mapping[str, Any]:
    counts = {"counts": row.counts, "examined": row.examined, "proved": row.proved}
    return {**asdict(row), **{name: counts_document(each) for name, each in counts.items()}}


def _row(row: Row) -> Mapping[str, Any]:
    return {
        "control": row.control,
        "title": row.title,
        "severity": row.severity,
        "objective": row.objective,
        "method": row.method,
        "resource": row.resource,
        "type": row.type,
        "name": row.name,
        "verdict": row.verdict,
        "effective": row.effective,
        "exception": row.exception or None,
        "explanation": row.explanation,
        "position": _position(row.position),
        "related": [_position(each) for each in row.related],
        "account": row.account or None,
        "region": row.region or None,
        "observed": row.observed or None,
        "remedy": row.remedy,
    }


def _inappropriate(finding: Inappropriate) -> Mapping[str, Any]:
    return {
        "kind": finding.kind,
        "subject": finding.subject,
        "message": finding.message,
        "workload": finding.workload or None,
        "position": _position(finding.position),
    }


def _position(position: Position) -> Mapping[str, Any]:
    return {"file": position.file, "line": position.line, "column": position.column}
