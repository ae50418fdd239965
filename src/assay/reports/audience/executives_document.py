"""The executives' report as JSON: every row of everything, where the pages show the first few."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assay.reports.audience import figures
from assay.reports.audience.basis import Basis, head
from assay.reports.audience.changes import Changes
from assay.reports.audience.decisions import decisions
from assay.reports.audience.figures import Posture, Risk

FORMAT = "assay.executives/1"


def document(basis: Basis) -> Mapping[str, Any]:
    """Return the report as JSON."""
    context = basis.context
    standing = figures.postures(context, basis.repository.organisation.appetite)
    seen = figures.sight(context)
    return {
        **head(FORMAT, basis),
        "decisions": [asdict(each) for each in decisions(basis, standing)],
        "postures": [_posture_document(each) for each in standing],
        "changes": _changes_document(basis.changes),
        "trend": [asdict(each) for each in basis.trend],
        "ages": {severity: dict(each) for severity, each in basis.ages.items()},
        "risks": [_risk_document(each) for each in figures.risks(context)],
        "formula": figures.FORMULA,
        "exceptions": [
            {
                "id": each.id,
                "in_force": live,
                "expires": each.expires.isoformat(),
                "evaluations": sum(row.exception == each.id for row in context.rows),
            }
            for each, live in context.exceptions
        ],
        "unseen": {
            "unknown": seen.unknown,
            "causes": dict(seen.causes),
            "unread": seen.unread,
            "unjudged": seen.unjudged,
            "unjudged_types": seen.unjudged_types,
            "unanswered": [{"workload": place, "objective": each.id} for place, each in seen.unanswered],
        },
    }


def _posture_document(each: Posture) -> Mapping[str, Any]:
    return {
        "tier": each.tier,
        "workloads": each.workloads,
        "within": each.within,
        "objectives": figures.answers_document(each.answers),
        "evaluations": figures.counts_document(each.counts),
        "not_met_by_severity": dict(each.open),
        "appetite": None if each.appetite is None else asdict(each.appetite),
        "excess": [asdict(one) for one in each.excess],
    }


def _risk_document(each: Risk) -> Mapping[str, Any]:
    return {
        "risk": each.score,
        "workload": each.section.id,
        "objective": each.objective.id,
        "title": each.objective.title,
        "not_met": len(each.rows),
        "applicable": each.objective.counts.applicable,
        "controls": sorted({row.control for row in each.rows}),
    }


def _changes_document(changes: Changes | None) -> Mapping[str, Any] | None:
    if changes is None:
        return None
    return {
        "since": changes.earlier.as_of.isoformat(),
        "source": changes.earlier.source,
        "places": changes.places,
        "evaluations": changes.evaluations,
        "worse": sum(each.worse for each in changes.changes),
        "better": sum(each.better for each in changes.changes),
        "changes": [
            {
                "workload": each.key[0],
                "stage": each.key[1],
                "control": each.key[2],
                "resource": each.key[3],
                "before": each.before,
                "after": each.after,
                "why": each.why,
            }
            for each in changes.changes
        ],
    }
