"""AWS Security Finding Format: what Security Hub takes of an assessment.

One finding per evaluation that applies, and one for everything that could not be read. What is unknown is WARNING,
which ASFF defines as "some information is missing"; what could not be read is NOT_AVAILABLE; neither is ever PASSED. An
exception changes no status: ASFF would have us suppress the finding, and an import cannot take that back when the
exception ends. Lengths are those of the API's reference, counted in bytes of UTF-8, which is never less strict.
"""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assay.assessment.verdicts import Verdict
from assay.reports.context import ObjectiveRow, ReportContext, Row, Section
from assay.reports.sarif import fingerprint

SCHEMA = "2018-10-08"
_TYPE = "Software and Configuration Checks/Industry and Regulatory Standards"
_UNREAD = "assay.read"  # the name that OCSF and JUnit have for it too
_STATUS = {
    Verdict.MET: "PASSED",
    Verdict.NOT_MET: "FAILED",
    Verdict.UNKNOWN: "WARNING",
}
_MOST_REQUIREMENTS = 32
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Hub:
    """The Security Hub that findings are for: whose account sends them, and which resource types it knows.

    types  Names such as AwsS3Bucket.
    """

    account: str
    region: str
    partition: str
    types: Collection[str]

    @property
    def product(self) -> str:
        """The ARN under which an account sends findings of its own."""
        return f"arn:{self.partition}:securityhub:{self.region}:{self.account}:product/{self.account}/default"


def prefix(context: ReportContext) -> str:
    """Return how the ids of all findings about one subject begin."""
    return f"assay/{hashlib.sha256(context.subject.encode('utf-8', 'replace')).hexdigest()[:12]}/"


def place(section: Section) -> str:
    """Return what follows the prefix in the ids of a section's findings."""
    return f"{section.id or '_organisation'}/{section.stage}/"


def findings(context: ReportContext, hub: Hub, base: str) -> Iterator[dict[str, Any]]:
    """Yield a finding for every evaluation that applies, and for everything that could not be read.

    base  Folder of the repository as it was given: ids do not depend on where one calls from.
    """
    types = {each.casefold(): each for each in hub.types}
    for section in context.sections:
        objectives = {each.id: each for each in section.objectives}
        for row in section.rows:
            if row.verdict in _STATUS:
                resource = row.resource.removeprefix(f"{base}/")
                judged = replace(row, resource=resource)
                yield _evaluated(context, hub, section, judged, objectives.get(row.objective), types)
        faults = {(each.file.removeprefix(f"{base}/"), each.message): str(each) for each in section.faults}
        gaps = {(each.subject, str(each.reason.cause)): f"{each.subject}: {each.reason}" for each in section.gaps}
        for what, said in (faults | gaps).items():
            yield _unread(context, hub, section, what, said)


def covered(context: ReportContext, *, everything: bool) -> Callable[[str], bool]:
    """Return whether an id, without its prefix, is of something that this assessment looked at completely.

    That is a section in which everything could be read, and what could not be read of any. everything: also workloads
    that the repository no longer has.
    """
    complete = [place(each) for each in context.sections if not (each.faults or each.gaps)]
    looked_at = (*complete, *(f"{place(each)}{_UNREAD}-" for each in context.sections))
    known = tuple(f"{each.id or '_organisation'}/" for each in context.sections)
    return lambda name: name.startswith(looked_at) or (everything and not name.startswith(known))


def _evaluated(
    context: ReportContext,
    hub: Hub,
    section: Section,
    row: Row,
    objective: ObjectiveRow | None,
    types: Mapping[str, str],
) -> dict[str, Any]:
    fields = {
        "control": row.control,
        "objective": row.objective,
        "workload": row.workload,
        "stage": row.stage,
        "verdict": row.verdict,
        "effective": row.effective,
        "exception": row.exception,
        "position": str(row.position),
    }
    approved = next((each for each, _ in context.exceptions if each.id == row.exception), None)
    fields |= {"exception-expires": approved.expires.isoformat()} if approved else {}
    compliance: dict[str, Any] = {"Status": _STATUS[row.verdict], "SecurityControlId": trimmed(row.control, 256)}
    requirements = objective.requirements if objective else ()
    if requirements:
        compliance["RelatedRequirements"] = [trimmed(each, 256) for each in requirements[:_MOST_REQUIREMENTS]]
    finding = _finding(context, hub, f"{place(section)}{fingerprint(row)}", row.control, fields)
    return finding | {
        "Title": trimmed(f"{row.title}: {row.verdict.replace('_', ' ')}", 256),
        "Description": trimmed("; ".join(filter(None, (row.name, row.explanation, row.why))), 1024),
        "FindingProviderFields": _rated("INFORMATIONAL" if row.verdict is Verdict.MET else row.severity.upper()),
        "Remediation": {"Recommendation": {"Text": trimmed(row.remedy, 512)}},
        "Resources": [
            {
                "Type": types.get(row.type.replace("::", "").casefold(), "Other"),
                "Id": _identifier(row.resource),
                "Partition": hub.partition,
                **({"Region": trimmed(row.region, 16)} if row.region else {}),
                "Details": {"Other": {"name": trimmed(row.name, 1024), "type": trimmed(row.type, 1024)}},
            }
        ],
        "Compliance": compliance,
    }


def _unread(context: ReportContext, hub: Hub, section: Section, what: tuple[str, str], said: str) -> dict[str, Any]:
    """Return the finding that something could not be read: `what` stays from run to run, what is `said` may not."""
    digest = hashlib.sha256(json.dumps(what).encode()).hexdigest()
    fields = {"control": _UNREAD, "workload": section.id, "stage": section.stage, "verdict": Verdict.UNKNOWN}
    finding = _finding(context, hub, f"{place(section)}{_UNREAD}-{digest}", _UNREAD, fields)
    return finding | {
        "Title": "Could not be read, and is in no figure",
        "Description": trimmed(said, 1024),
        "FindingProviderFields": _rated("MEDIUM"),
        "Resources": [{"Type": "Other", "Id": _identifier(what[0]), "Partition": hub.partition}],
        "Compliance": {"Status": "NOT_AVAILABLE"},
    }


def _finding(
    context: ReportContext, hub: Hub, identifier: str, generator: str, fields: Mapping[str, str]
) -> dict[str, Any]:
    """Return what every finding has; its provider's fields are under names of ours."""
    at = moment(context)
    return {
        "SchemaVersion": SCHEMA,
        "Id": _identifier(prefix(context) + identifier),
        "ProductArn": hub.product,
        "GeneratorId": trimmed(f"assay/{generator}", 512),
        "AwsAccountId": hub.account,
        "CreatedAt": at,
        "UpdatedAt": at,
        "ProductFields": {f"assay/{name}": trimmed(value, 2048) for name, value in fields.items() if value},
        "RecordState": "ACTIVE",
    }


def moment(context: ReportContext) -> str:
    """Return the time of the assessment as findings have it."""
    return context.as_of.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _rated(label: str) -> Mapping[str, Any]:
    return {"Severity": {"Label": label}, "Types": [_TYPE]}


def _identifier(text: str, most: int = 512) -> str:
    """Return the text where it is short enough, else its beginning and its digest: different texts stay different."""
    shown = trimmed(text, 10 * most + 10)
    if len(shown.encode()) <= most:
        return shown
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{trimmed(text, most - len(digest) - 1)}#{digest}"


def trimmed(text: str, most: int) -> str:
    """Return one line of at most so many bytes of UTF-8, whole characters and never nothing; U+FFFD for controls."""
    shown = " ".join(_UNSEEN.sub("\ufffd", text).split()) or "(empty)"
    if len(shown.encode()) <= most:
        return shown
    return shown.encode()[: most - 3].decode("utf-8", "ignore").rstrip() + "…"
