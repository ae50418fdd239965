"""Sending findings to Security Hub: what is new or changed, and that what is gone is gone."""

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assay.errors import UsageError

MOST = 100  # findings of one BatchImportFindings
LARGEST = 240_000  # bytes of one finding
_PATIENCE = 10  # attempts, with growing pauses, when AWS is too busy
# What an import may state; Security Hub adds the rest itself.
_IMPORTED = (
    "SchemaVersion",
    "Id",
    "ProductArn",
    "GeneratorId",
    "AwsAccountId",
    "CreatedAt",
    "Title",
    "Description",
    "Remediation",
    "Resources",
    "Compliance",
    "FindingProviderFields",
)

Finding = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Failure:
    """A finding that Security Hub did not take."""

    id: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of findings: how many were taken, how many of these were archived, and which were not taken."""

    taken: int
    archived: int
    failed: tuple[Failure, ...]


def hub_types() -> frozenset[str]:
    """Return the resource types that Security Hub knows, by the SDK's own model."""
    import botocore.session

    model = botocore.session.get_session().get_service_model("securityhub")
    return frozenset(model.shape_for("ResourceDetails").members) - {"Other"}


def partition_of(region: str) -> str:
    """Return the partition of a region. Raises UsageError when there is no such region."""
    import botocore.session

    try:
        return str(botocore.session.get_session().get_partition_for_region(region))
    except Exception as error:  # noqa: BLE001 - botocore has no public name for what it raises here
        raise UsageError(f"--region {region!r}: {error}") from None


def open_hub(region: str, session: Any = None) -> tuple[Any, str]:
    """Return a client of Security Hub, and the account that the credentials are of. Raises UsageError without any."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    patient = Config(retries={"mode": "standard", "total_max_attempts": _PATIENCE})
    try:
        session = session or boto3.session.Session()
        account = session.client("sts", region_name=region, config=patient).get_caller_identity()["Account"]
        return session.client("securityhub", region_name=region, config=patient), str(account)
    except (BotoCoreError, ClientError) as error:
        raise UsageError(f"AWS cannot be asked: {error}") from None


@dataclass(frozen=True, slots=True)
class Ours:
    """Which findings of a Security Hub are ours to archive, and when.

    prefix   How the ids of all findings of ours begin.
    covered  Whether an id, without its prefix, is of something that was looked at completely: only there does a
             finding that is not among those sent mean that there is nothing left to find.
    at       The time of this run, as the findings have it.
    """

    product: str
    prefix: str
    covered: Callable[[str], bool]
    at: str


def send_findings(
    client: Any,
    findings: Sequence[Finding],
    ours: Ours,
    progress: Callable[[int, int], None] = lambda done, all_of_them: None,
) -> Sent:
    """Import the findings, and archive the active ones of ours that are no more.

    Raises UsageError when Security Hub does not answer; findings that it did not take are in the answer.
    """
    too_large = [each["Id"] for each in findings if len(json.dumps(each, ensure_ascii=False).encode()) > LARGEST]
    if too_large:
        raise UsageError(f"the finding {too_large[0]} has more than {LARGEST} bytes; nothing was sent")
    known = {each["Id"]: each for each in _active(client, ours)}
    current = {each["Id"] for each in findings}
    gone = [
        _archived(each, ours.at)
        for name, each in sorted(known.items())
        if name not in current and ours.covered(name.removeprefix(ours.prefix))
    ]
    since = [each | {"CreatedAt": known.get(each["Id"], each)["CreatedAt"]} for each in map(dict, findings)]
    failed = list(_imported(client, [*since, *gone], progress))
    lost = {each.id for each in failed}
    archived = sum(each["Id"] not in lost for each in gone)
    return Sent(len(since) + len(gone) - len(failed), archived, tuple(failed))


def _active(client: Any, ours: Ours) -> Iterator[Finding]:
    filters = {
        "ProductArn": [{"Value": ours.product, "Comparison": "EQUALS"}],
        "Id": [{"Value": ours.prefix, "Comparison": "PREFIX"}],
        "RecordState": [{"Value": "ACTIVE", "Comparison": "EQUALS"}],
    }
    pages = client.get_paginator("get_findings").paginate(Filters=filters, PaginationConfig={"PageSize": MOST})
    with _said("what Security Hub has could not be read"):
        found = [each for page in pages for each in page["Findings"]]
    for each in found:  # what was asked for is looked at again: nobody else's finding is archived
        is_ours = each["Id"].startswith(ours.prefix) and each["ProductArn"] == ours.product
        if is_ours and each.get("RecordState", "ACTIVE") == "ACTIVE":
            yield each


def _archived(finding: Finding, at: str) -> Finding:
    """Return the finding as it was, and archived. Fields that Security Hub adds are left to it."""
    kept = {name: finding[name] for name in _IMPORTED if name in finding}
    own = {name: text for name, text in finding.get("ProductFields", {}).items() if not name.startswith("aws/")}
    return kept | {"ProductFields": own, "UpdatedAt": at, "RecordState": "ARCHIVED"}


def _imported(client: Any, findings: Sequence[Finding], progress: Callable[[int, int], None]) -> Iterator[Failure]:
    for start in range(0, len(findings), MOST):
        several = findings[start : start + MOST]
        with _said(f"{start} of {len(findings)} findings were sent, and then"):
            answer = client.batch_import_findings(Findings=several)
        for each in answer.get("FailedFindings", ()):
            yield Failure(each["Id"], each["ErrorCode"], each["ErrorMessage"])
        progress(start + len(several), len(findings))


@contextlib.contextmanager
def _said(what: str) -> Iterator[None]:
    """Turn what the SDK raises into a UsageError that says what was going on."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise UsageError(f"{what}: {error}") from None
