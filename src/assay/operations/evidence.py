"""What an assessment leaves behind: a run in the ledger, and its verdicts given again from what is stored there.

A record names by digest everything that its verdict rests on: the control with its parameters, the resource, and the
inventory around it. Secrets are replaced before anything is hashed, by a text that is judged as a secret too; whether
the verdict is the same afterwards is looked at, not assumed.
"""

import contextlib
import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from assay.assessment.assess import Assessment, WorkloadAssessment
from assay.assessment.attested import Attested
from assay.assessment.check import Check
from assay.assessment.evaluation import Evaluation, Place
from assay.assessment.verdicts import Counts
from assay.canonical import Json, digest, rfc3339
from assay.errors import FaultyFiles
from assay.governance.repository import Repository
from assay.inventory.resource import Inventory
from assay.ledger.log import Receipt, append
from assay.ledger.run import Manifest, Run
from assay.operations.answers import answers_document
from assay.operations.assess import assess_repository
from assay.operations.book import Book, manifest_of
from assay.operations.check import Selection, check
from assay.operations.decisions import Made, made
from assay.operations.evidence_shelf import Judged, Shelf, Stored, seen_at
from assay.operations.preventive import Prover
from assay.sources import cloudformation


def assess_and_record(
    directory: Path,
    book: Book,
    *,
    now: datetime.datetime,
    stage: str = "",
    workloads: Sequence[str] = (),
    snapshot: Path | None = None,
    attested: Sequence[Attested] = (),
) -> tuple[Repository, Assessment, Receipt]:
    """Answer as `assess_repository` does, and append the run; one that fails is appended too, with its reason."""
    asked: dict[str, Json] = {
        "kind": "assessment",
        "directory": str(directory),
        "stage": stage,
        "workloads": list(workloads),
        "as_of": rfc3339(now),
    }
    if snapshot:
        asked["snapshot"] = str(snapshot)
    with _logged_when_failing(book, asked, str(directory)):
        repository, assessment = assess_repository(
            directory, now=now, stage=stage, workloads=workloads, snapshot=snapshot, attested=attested
        )
        run = run_of(repository, assessment, book, asked)
    return repository, assessment, append(book.objects, book.signer, run)


def check_and_record(
    paths: Sequence[Path], context: cloudformation.Context, selection: Selection, book: Book, *, now: datetime.datetime
) -> tuple[Check, Receipt]:
    """Judge as `check` does, and append the run with what the gate decides; one that fails is appended too."""
    asked: dict[str, Json] = {
        "kind": "check",
        "paths": [str(each) for each in paths],
        "account": context.account,
        "region": context.region,
        "parameters": sorted(context.parameters),  # their values may be secret
        "controls": list(selection.controls),
        "severity": selection.severity,
        "repository": str(selection.repository or ""),
        "workload": selection.workload,
        "stage": selection.stage,
        "as_of": rfc3339(now),
    }
    with _logged_when_failing(book, asked, ", ".join(map(str, paths))):
        found = check(paths, context, selection, now=now)
        run = run_of_check(found, book, asked)
    return found, append(book.objects, book.signer, run)


@contextlib.contextmanager
def _logged_when_failing(book: Book, asked: Mapping[str, Json], subject: str) -> Iterator[None]:
    """Append a failed run for whatever ends the work: a faulty file, a fault of ours, an impatient person."""
    try:
        yield
    except BaseException as error:
        append(book.objects, book.signer, Run(book.run, _failed(book, asked, subject, error)))
        raise


def _failed(book: Book, asked: Mapping[str, Json], subject: str, error: BaseException) -> Manifest:
    match error:
        case FaultyFiles():
            why = [(f"{each.file}:{each.line}", each.message) for each in error.faults]
        case KeyboardInterrupt() | SystemExit():
            why = [(subject, "it was interrupted")]
        case _:
            why = [(subject, f"{type(error).__name__}: {error}")]
    return manifest_of(book, "failed", asked, not_reached=why)


def run_of(repository: Repository, assessment: Assessment, book: Book, asked: Mapping[str, Json]) -> Run:
    """Return the run of an assessment: its records, and every document that they rest on."""
    shelf = Shelf(repository.serving, repository.params, book, assessment.as_of)
    shelf.prover = Prover.of(repository, assessment.organisation.inventory)
    answers = (assessment.organisation, *assessment.workloads)
    reached, records, missing = [], [], list[tuple[str, str]]()
    for answer in answers:
        stored = shelf.inventory(answer.inventory)
        document = shelf.put(answers_document(answer, assessment.organisation, repository))
        reached.append({**_reached(shelf, answer, stored, answer.inventory), "answers": document})
        missing += _not_reached(answer.inventory)
        records += list(shelf.records(answer, _judged(answer), stored))
    manifest = manifest_of(book, "partial" if missing else "complete", asked, reached, missing)
    return Run(book.run, manifest, records, tuple(shelf.documents.values()))


def run_of_check(found: Check, book: Book, asked: Mapping[str, Json]) -> Run:
    """Return the run of a check: its records, the documents that they rest on, and the decision of the gate."""
    shelf = Shelf(found.controls, found.params, book, found.as_of)
    place = Place(str(asked["workload"]), str(asked["stage"]))
    stored = shelf.inventory(found.inventory)
    missing = list(_not_reached(found.inventory))
    by_objective: dict[str, list[Evaluation]] = {}
    for each in found.evaluations:
        by_objective.setdefault(found.controls[each.control].control.objective, []).append(each)
    judged = [Judged(objective, "design", several) for objective, several in sorted(by_objective.items())]
    records = list(shelf.records(place, judged, stored))
    gate = gate_decision(found, book.signer.public.name)
    shelf.documents.update({digest(each): each for each in gate.documents})
    manifest = manifest_of(
        *(book, "partial" if missing else "complete", asked),
        reached=[_reached(shelf, place, stored, found.inventory)],
        not_reached=missing,
    )
    return Run(book.run, manifest, [*records, gate.record], tuple(shelf.documents.values()))


def gate_decision(found: Check, by: str) -> Made:
    """Return what the gate decides about what was checked, by the rule for releases."""
    counts = Counts.of(each.effective for each in found.evaluations)
    inputs = {"counts": asdict(counts), "complete": found.inventory.complete, "faults": len(found.inventory.faults)}
    subject = ", ".join(found.paths)[:1000]
    return made("release", subject, ("release-gate", 1), inputs, by, rfc3339(found.as_of))


def _judged(answer: WorkloadAssessment) -> Iterator[Judged]:
    """Yield what was judged on a population's own resources; the organisation's answers are recorded with it."""
    for each in answer.objectives:
        if not each.provider:
            evaluations = [one for control in each.controls for one in control.evaluations]
            yield Judged(each.objective, each.depth, evaluations)


def _reached(shelf: Shelf, place: Place | WorkloadAssessment, stored: Stored, inventory: Inventory) -> dict[str, Json]:
    return {
        "workload": place.workload,
        "stage": place.stage,
        "resources": len(inventory.resources),
        "complete": inventory.complete,
        "inventory": stored.digest,
        "effective": rfc3339(effective_of(inventory, shelf.as_of, shelf.book.recorded)),
    }


def effective_of(inventory: Inventory, as_of: datetime.datetime, recorded: datetime.datetime) -> datetime.datetime:
    """Return when a population was looked at: when the last of it was observed, else the moment it is judged for."""
    seen = [seen_at(each, as_of, recorded) for each in inventory.resources if each.origin.observed]
    return max(seen, default=as_of)


def _not_reached(inventory: Inventory) -> Iterator[tuple[str, str]]:
    yield from ((f"{each.file}:{each.line}", each.message) for each in inventory.faults)
    yield from ((each.subject, str(each.reason)) for each in inventory.gaps)
