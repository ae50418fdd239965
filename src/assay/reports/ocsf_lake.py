"""OCSF compliance findings as a security lake holds them: partitions, and columns with one type each.

The layout is that of a custom source of Amazon Security Lake, `ext/<source>/region=…/accountId=…/eventDay=YYYYMMDD/`,
for one event class. Types follow OCSF's: integer_t is a 32-bit and long_t and timestamp_t a 64-bit integer, json_t and
the values of `unmapped`, which have no schema, are texts (JSON where they are none). The types never depend on what
happens to be in a run, so that tables of different days are one table.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from assay.errors import UsageError
from assay.governance.repository import Repository
from assay.reports import ocsf
from assay.reports.context import ReportContext, Section

SOURCE = "assay-compliance"
MOST = 100_000  # events of one file; some ten megabytes
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,20}")  # Security Lake's limit for names of sources
_REGION = re.compile(r"[a-z]{2,3}(-[a-z]+)+-\d")

# Names in the order in which they are written. Everything that `ocsf.events` may say has its column.
_RESOURCE = "STRUCT(uid VARCHAR, name VARCHAR, type VARCHAR, data VARCHAR)"
COLUMNS: Mapping[str, str] = {
    "class_uid": "INTEGER",
    "class_name": "VARCHAR",
    "category_uid": "INTEGER",
    "category_name": "VARCHAR",
    "activity_id": "INTEGER",
    "activity_name": "VARCHAR",
    "type_uid": "BIGINT",
    "type_name": "VARCHAR",
    "time": "BIGINT",
    "severity_id": "INTEGER",
    "severity": "VARCHAR",
    "status_id": "INTEGER",
    "status": "VARCHAR",
    "message": "VARCHAR",
    "metadata": "STRUCT(version VARCHAR, uid VARCHAR, "
    "product STRUCT(uid VARCHAR, name VARCHAR, vendor_name VARCHAR, version VARCHAR))",
    "compliance": 'STRUCT(control VARCHAR, "desc" VARCHAR, status_id INTEGER, status VARCHAR, status_code VARCHAR, '
    "status_details VARCHAR[], category VARCHAR, standards VARCHAR[], requirements VARCHAR[])",
    "finding_info": 'STRUCT(uid VARCHAR, title VARCHAR, "desc" VARCHAR, '
    "analytic STRUCT(uid VARCHAR, name VARCHAR, type_id INTEGER, type VARCHAR))",
    "resources": f"{_RESOURCE}[]",
    "remediation": 'STRUCT("desc" VARCHAR)',
    "unmapped": "MAP(VARCHAR, VARCHAR)",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a lake: where it lies under the lake's root, and its events as lines of JSON."""

    path: str
    lines: tuple[str, ...]


def parts(context: ReportContext, repository: Repository, region: str, source: str = SOURCE) -> Iterator[Part]:
    """Yield the files of an assessment: one account's findings of one day, at most so many in each.

    The same assessment gives files of the same names. Raises UsageError on a name that a lake does not take.
    """
    if not _NAME.fullmatch(source):
        raise UsageError(f"--source {source!r}: expected 1 to 20 letters, digits, . _ or -")
    if not _REGION.fullmatch(region):
        raise UsageError(f"--region {region!r}: expected a region such as eu-central-1")
    day = context.as_of.strftime("%Y%m%d")
    by_account: dict[str, list[str]] = {}
    for section in context.sections:
        for event in ocsf.events(replace(context, sections=(section,))):
            account = _account(event) or _account_of(section, repository)
            by_account.setdefault(account, []).append(_line(event))
    for account, lines in sorted(by_account.items()):
        name = hashlib.sha256(json.dumps([context.subject, account, context.as_of.isoformat()]).encode()).hexdigest()
        folder = f"ext/{source}/region={region}/accountId={account}/eventDay={day}"
        for number, start in enumerate(range(0, len(lines), MOST)):
            yield Part(f"{folder}/{name[:32]}-{number}.parquet", tuple(lines[start : start + MOST]))


def _account(event: Mapping[str, Any]) -> str:
    """Return the account that the source says a resource is in, "" when it says none."""
    return next((str(each.get("data", {}).get("account", "")) for each in event["resources"]), "")


def _account_of(section: Section, repository: Repository) -> str:
    """Return the account that a section is about; what has none of its own counts to the organisation's."""
    workload = repository.workloads.get(section.id)
    return (workload.accounts.get(section.stage) if workload else "") or repository.organisation.management_account


def _line(event: Mapping[str, Any]) -> str:
    resources = [
        {**each, "data": _text(each["data"])} if "data" in each else each for each in event.get("resources", ())
    ]
    unmapped = {name: each if isinstance(each, str) else _text(each) for name, each in event["unmapped"].items()}
    return ocsf.line({**event, "resources": resources, "unmapped": unmapped})


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
