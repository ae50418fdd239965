"""Deciding about what a repository asks for, and appending the decisions to a ledger."""

import datetime
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from assay.assessment.decisions import Inputs
from assay.canonical import Json, rfc3339
from assay.errors import UsageError
from assay.governance.model import ApprovedException
from assay.governance.repository import Repository, read_repository
from assay.ledger.keys import PublicKey
from assay.ledger.log import Receipt, append, blob_name
from assay.ledger.run import Run
from assay.ledger.store import Objects
from assay.operations.book import Book, manifest_of
from assay.operations.decisions import KIND, Made, again, made, recorded
from assay.operations.stand_ins import without_persons

Steps: TypeAlias = Mapping[str, frozenset[str]]  # step → digests of what was granted it
LONGEST_DAYS = ("assay-exception-ends-within-a-year", "days")  # the control whose parameter is the limit


def record_decision(book: Book, several: Sequence[Made], asked: Mapping[str, Json]) -> Receipt:
    """Append decisions as one run. asked: what was asked for, as the run's manifest states it."""
    documents = dict.fromkeys(each for one in several for each in one.documents)
    manifest = manifest_of(book, "complete", {"kind": KIND, **asked})
    return append(
        book.objects, book.signer, Run(book.run, manifest, [each.record for each in several], tuple(documents))
    )


def decide_exceptions(
    directory: Path, book: Book, *, now: datetime.datetime
) -> tuple[tuple[Made, ...], Receipt | None]:
    """Decide about every exception of a repository, and append what is not on record with the same inputs.

    An exception is decided again when it was changed, when the limit was, and when it has expired. Returns all that
    were decided, and the receipt, None when nothing was new. Raises FaultyFiles.
    """
    repository = read_repository(directory)
    day = now.astimezone(datetime.UTC).date()
    known = {(each.record["inputs"], each.record["verdict"]) for each in recorded(book.objects, book.signer.public)}
    several = tuple(exception_decision(repository, each, day, book) for each in repository.exceptions.values())
    new = [each for each in several if (each.record["inputs"], each.record["verdict"]) not in known]
    receipt = record_decision(book, new, {"directory": str(directory), "as_of": rfc3339(now)}) if new else None
    return several, receipt


def exception_decision(repository: Repository, exception: ApprovedException, day: datetime.date, book: Book) -> Made:
    """Return the decision about an exception as of a day. Addresses of persons in its inputs are pseudonyms.

    The day that counts is one of few, so that deciding daily gives the same inputs: the approval, the day before it,
    or the expiry.
    """
    control, name = LONGEST_DAYS
    longest = repository.params.get(control, {}).get(name, 365)
    at = exception.expires if day >= exception.expires else exception.approved
    at = min(at, day)
    scope = exception.scope
    inputs: Inputs = {
        "exception": without_persons(
            {
                "id": exception.id,
                "scope": {
                    "workload": scope.workload,
                    "stage": scope.stage,
                    "objective": scope.objective,
                    "control": scope.control,
                    "resource": scope.resource,
                },
                "reason": exception.reason,
                "compensating_control": exception.compensating_control,
                "requester": exception.requester,
                "approver": exception.approver,
                "approved": exception.approved.isoformat(),
                "expires": exception.expires.isoformat(),
            },
            book,
        ),
        "day": at.isoformat(),
        "longest_days": longest,
    }
    effective = f"{at.isoformat()}T00:00:00Z"
    return made("exception", exception.id, ("exception-approval", 1), inputs, exception.approver, effective)


def decide_promotion(path: Path, book: Book, by: str) -> tuple[Made, Receipt]:
    """Decide about a step from observe over warn to enforce, by inputs in a JSON file, and append the decision.

    Whether the step to `warn` is on record is looked up in the ledger, whatever the file says. Raises UsageError on a
    file that cannot be read or lacks something.
    """
    try:
        given = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"cannot read the inputs {path}: {error}") from None
    if not isinstance(given, dict):
        raise UsageError(f"{path}: expected an object with the inputs of the rule")
    return promotion(given, book, by)


def promotion(given: Inputs, book: Book, by: str, at: datetime.datetime | None = None) -> tuple[Made, Receipt]:
    """Decide about a step by the rule `enforcement-step` and append the decision. Raises UsageError on other inputs.

    at  From when it counts; None: from when it is recorded.
    """
    inputs = {each: given[each] for each in (*_PROMOTION, *_BESIDE) if each in given}
    if missing := [each for each in _PROMOTION if each not in inputs]:
        raise UsageError(f"the inputs of a promotion lack {', '.join(missing)}")
    inputs["warned"] = is_warned(inputs["policies"], granted_steps(book.objects, book.signer.public))
    effective = rfc3339(at or book.recorded)
    try:
        hidden = without_persons(inputs, book)
        assert isinstance(hidden, Mapping)
        one = made("promotion", str(inputs["subject"]), STEP_RULE, hidden, by, effective)
    except ValueError as error:
        raise UsageError(str(error)) from None
    return one, record_decision(book, [one], {"subject": str(inputs["subject"]), "as_of": effective})


STEP_RULE = ("enforcement-step", 1)
_PROMOTION = ("subject", "from", "to", "policies", "judged", "incomplete", "unexplained")
_BESIDE = ("against", "attached", "explained", "first", "last")  # evidence; only `against` decides


def is_warned(policies: Any, granted: Steps) -> bool:
    """Whether the step to `warn` was granted to each of these, by digest."""
    return isinstance(policies, list) and granted.get("warn", frozenset()).issuperset(map(str, policies))


def granted_steps(objects: Objects, key: PublicKey) -> Steps:
    """Return what was granted in a ledger: of decisions that are not the same when they are made again, nothing.

    Raises DamagedLedger.
    """
    found: dict[str, set[str]] = {}
    for each in recorded(objects, key):
        if (each.record["what"], each.record["verdict"]) != ("promotion", "granted"):
            continue
        if again(each, lambda sha256: objects.get(blob_name(sha256))).again == "reproduced":
            inputs = json.loads(objects.get(blob_name(str(each.record["inputs"]))) or b"")["inputs"]
            found.setdefault(str(inputs["to"]), set()).update(map(str, inputs["policies"]))
    return {step: frozenset(digests) for step, digests in found.items()}
