"""OCSF 1.8 Compliance Findings (class 2003): what security lakes and SIEMs collect, one JSON object per line.

One line per evaluation, and one for everything that could not be read. What is unknown is a "Warning", which OCSF
defines as "did not yield a result due to missing information"; an exception makes a finding "Suppressed" and leaves
its compliance status as it is.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from assay.assessment.verdicts import Verdict
from assay.inventory.resource import Position
from assay.reports.context import ObjectiveRow, ReportContext, Row, Section
from assay.reports.sarif import fingerprint

VERSION = "1.8.0"
_CLASS, _CREATE = 2003, 1

_SEVERITY = {"critical": (5, "Critical"), "high": (4, "High"), "medium": (3, "Medium"), "low": (2, "Low")}
_INFORMATIONAL = (1, "Informational")  # nothing to act on
_UNRATED = (0, "Unknown")
_STATUS = {
    Verdict.MET: (1, "Pass"),
    Verdict.UNKNOWN: (2, "Warning"),
    Verdict.NOT_MET: (3, "Fail"),
    Verdict.NOT_APPLICABLE: (99, "Not Applicable"),
}
_NEW, _SUPPRESSED = (1, "New"), (3, "Suppressed")
_UNREAD = "assay.read"  # the name that JUnit has for it too

_SURROGATES = re.compile("[\ud800-\udfff]")  # parts of file names that are no UTF-8 (PEP 383)


def render(context: ReportContext) -> str:
    """Return the report as JSON lines."""
    return "".join(line(each) + "\n" for each in events(context))


def line(event: Mapping[str, Any]) -> str:
    """Return an event as one line of JSON."""
    return _SURROGATES.sub("\ufffd", json.dumps(event, ensure_ascii=False))


def events(context: ReportContext) -> Iterator[Mapping[str, Any]]:
    """Yield one event per evaluation, section by section, and per file or part that could not be read."""
    for section in context.sections:
        objectives = {each.id: each for each in section.objectives}
        for row in section.rows:
            yield _evaluation(context, row, objectives.get(row.objective))
        yield from _unread(context, section)


def _evaluation(context: ReportContext, row: Row, objective: ObjectiveRow | None) -> Mapping[str, Any]:
    passes = row.verdict in (Verdict.MET, Verdict.NOT_APPLICABLE)
    words = row.verdict.replace("_", " ")
    unmapped: dict[str, Any] = {
        "objective": row.objective,
        "workload": row.workload,
        "stage": row.stage,
        "severity": row.severity,
        "verdict": row.verdict,
        "effective": row.effective,
        "exception": row.exception,
        "related": [_place(each) for each in row.related],
    }
    return {
        **_event(context, fingerprint(row), _INFORMATIONAL if passes else _SEVERITY[row.severity]),
        **_status(() if passes else _SUPPRESSED if row.exception else _NEW),
        "message": "; ".join(filter(None, (f"{row.name}: {row.title}: {words}", row.explanation))),
        "compliance": _compliance(row, objective),
        "finding_info": {
            "uid": fingerprint(row),
            "title": row.title,
            "desc": row.why,
            "analytic": {"uid": row.control, "name": row.title, "type_id": 1, "type": "Rule"},
        },
        "resources": [_resource(row)],
        "remediation": {"desc": row.remedy},
        "unmapped": {name: value for name, value in unmapped.items() if value},
    }


def _resource(row: Row) -> Mapping[str, Any]:
    seen = {"account": row.account, "region": row.region, "observed": row.observed}
    data = {"position": _place(row.position), **{name: value for name, value in seen.items() if value}}
    return {"uid": row.resource, "name": row.name, "type": row.type, "data": data}


def _compliance(row: Row, objective: ObjectiveRow | None) -> Mapping[str, Any]:
    number, name = _STATUS[row.verdict]
    compliance: dict[str, Any] = {
        "control": row.control,
        "desc": row.title,
        "status_id": number,
        "status": name,
        "status_code": row.verdict,
        "status_details": [row.explanation] if row.explanation else [],
        "category": objective.domain if objective else "",
        # Of "framework requirement"; ids of frameworks are names of files.
        "standards": sorted({each.partition(" ")[0] for each in objective.requirements}) if objective else [],
        "requirements": list(objective.requirements) if objective else [],
    }
    return {name: value for name, value in compliance.items() if value or name == "standards"}


def _unread(context: ReportContext, section: Section) -> Iterator[Mapping[str, Any]]:
    """Yield what is missing from the evaluations, because it could not be read: a lake that lacks it looks clean."""
    for fault in section.faults:
        yield _missing(context, section, fault.file, str(fault), Position(fault.file, fault.line, fault.column))
    for gap in section.gaps:
        yield _missing(context, section, gap.subject, f"{gap.subject}: {gap.reason}", Position(""))


def _missing(
    context: ReportContext, section: Section, subject: str, said: str, position: Position
) -> Mapping[str, Any]:
    text = json.dumps([_UNREAD, section.id, section.stage, said])
    identifier = hashlib.sha256(text.encode()).hexdigest()
    number, name = _STATUS[Verdict.UNKNOWN]
    resource: dict[str, Any] = {"name": subject or "(unnamed)"}
    if position.file:
        resource["data"] = {"position": _place(position)}
    return {
        **_event(context, identifier, _UNRATED),
        **_status(_NEW),
        "message": f"could not be read: {said}",
        "compliance": {
            "control": _UNREAD,
            "desc": "What was asked for could be read",
            "status_id": number,
            "status": name,
            "status_code": Verdict.UNKNOWN,
            "status_details": [said],
            "standards": [],
        },
        "finding_info": {"uid": identifier, "title": "Could not be read, and is not in any figure", "desc": said},
        "resources": [resource],
        "unmapped": {"workload": section.id, "stage": section.stage} if section.id else {},
    }


def _event(context: ReportContext, identifier: str, severity: tuple[int, str]) -> Mapping[str, Any]:
    time = int(context.as_of.timestamp() * 1000)
    return {
        "class_uid": _CLASS,
        "class_name": "Compliance Finding",
        "category_uid": _CLASS // 1000,
        "category_name": "Findings",
        "activity_id": _CREATE,
        "activity_name": "Create",
        "type_uid": _CLASS * 100 + _CREATE,
        "type_name": "Compliance Finding: Create",
        "time": time,
        "severity_id": severity[0],
        "severity": severity[1],
        "metadata": {
            "version": VERSION,
            "uid": hashlib.sha256(f"{identifier} {time}".encode()).hexdigest(),
            "product": {"uid": "assay", "name": "Assay", "vendor_name": "Assay", "version": context.version},
        },
    }


def _status(status: tuple[int, str] | tuple[()]) -> Mapping[str, Any]:
    """Return the state of the work on the finding; nothing where there is no work."""
    return {"status_id": status[0], "status": status[1]} if status else {}


def _place(position: Position) -> Mapping[str, Any]:
    return {"file": position.file, "line": position.line, "column": position.column}
