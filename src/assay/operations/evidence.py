"""What an assessment leaves behind: a run in the ledger, and its verdicts given again from what is stored there.

A record names by digest everything that its verdict rests on: the control with its parameters, the resource, and the
inventory around it. Secrets are replaced before anything is hashed, by a text that is judged as a secret too; whether
the verdict is the same afterwards is looked at, not assumed.
"""

import datetime
import json
import platform
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from assay import __version__
from assay.assessment.assess import Assessment, WorkloadAssessment, evaluate_all
from assay.assessment.evaluation import Evaluation
from assay.assessment.freshness import fresh
from assay.assessment.objectives import ObjectiveResult
from assay.assessment.verdicts import Verdict
from assay.canonical import Json, canonical, digest, exact
from assay.errors import FaultyFiles, UsageError
from assay.governance.compiled import CompiledControl
from assay.governance.repository import Repository
from assay.inventory.normalise import configuration_digest
from assay.inventory.resource import Inventory, Resource
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value, to_json
from assay.ledger.keys import Signer
from assay.ledger.log import Receipt, Writable, append
from assay.ledger.run import Manifest, Run, Status
from assay.operations.answers import answers_document
from assay.operations.assess import assess_repository

Redact: TypeAlias = Callable[[Value], Value]

# What stands for a secret in stored configurations. It has the form of an access key id, so that controls which look
# for secrets by their form find one still.
STAND_IN = "(redacted: AKIAREDACTEDREDACTED)"


@dataclass(frozen=True, slots=True)
class Book:
    """Where a run is written: the ledger, who signs, what hides secrets, the run's id and the clock."""

    objects: Writable
    signer: Signer
    redact: Redact
    run: str
    recorded: datetime.datetime


def assess_and_record(
    directory: Path,
    book: Book,
    *,
    now: datetime.datetime,
    stage: str = "",
    workloads: Sequence[str] = (),
    snapshot: Path | None = None,
) -> tuple[Repository, Assessment, Receipt]:
    """Answer as `assess_repository` does, and append the run; one that fails is appended too, with its reason."""
    asked: dict[str, Json] = {
        "kind": "assessment",
        "directory": str(directory),
        "stage": stage,
        "workloads": list(workloads),
        "as_of": _moment(now),
    }
    if snapshot:
        asked["snapshot"] = str(snapshot)
    answered = False
    try:
        repository, assessment = assess_repository(
            directory, now=now, stage=stage, workloads=workloads, snapshot=snapshot
        )
        run = run_of(repository, assessment, book, asked)
        answered = True
    finally:  # whatever ended it: a faulty file, a fault of ours, an impatient person
        if not answered:
            append(book.objects, book.signer, Run(book.run, _failed(book, asked, sys.exception())))
    return repository, assessment, append(book.objects, book.signer, run)


def _failed(book: Book, asked: Mapping[str, Json], error: BaseException | None) -> Manifest:
    if isinstance(error, FaultyFiles):
        why: list[tuple[str, str]] = [(f"{each.file}:{each.line}", each.message) for each in error.faults]
    else:
        why = [(str(asked["directory"]), f"{type(error).__name__}: {error}")]
    return _manifest(book, "failed", asked, (), why)


def _manifest(
    book: Book,
    status: Status,
    asked: Mapping[str, Json],
    reached: Sequence[Mapping[str, Json]],
    not_reached: Iterable[tuple[str, str]],
) -> Manifest:
    collector: dict[str, Json] = {"tool": "assay", "version": __version__, "python": platform.python_version()}
    return Manifest(
        status=status,
        collector=collector,
        observed=_moment(book.recorded),
        recorded=_moment(book.recorded),
        asked=asked,
        reached=reached,
        not_reached=[{"subject": subject, "reason": reason} for subject, reason in dict.fromkeys(not_reached)],
    )


def _moment(at: datetime.datetime) -> str:
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def run_of(repository: Repository, assessment: Assessment, book: Book, asked: Mapping[str, Json]) -> Run:
    """Return the run of an assessment: its records, and every document that they rest on."""
    shelf = _Shelf(repository, book, assessment.as_of)
    answers = (assessment.organisation, *assessment.workloads)
    reached, records, missing = [], [], list[tuple[str, str]]()
    for answer in answers:
        stored = shelf.inventory(answer.inventory)
        document = shelf.put(answers_document(answer, assessment.organisation, repository))
        effective = effective_of(answer.inventory, assessment.as_of, book.recorded)
        reached.append({**_reached(answer, stored), "answers": document, "effective": _moment(effective)})
        missing += _not_reached(answer.inventory)
        records += list(shelf.records(answer, stored))
    manifest = _manifest(book, "partial" if missing else "complete", asked, reached, missing)
    return Run(book.run, manifest, records, tuple(shelf.documents.values()))


def _reached(answer: WorkloadAssessment, stored: "Stored") -> dict[str, Json]:
    return {
        "workload": answer.workload,
        "stage": answer.stage,
        "resources": len(answer.inventory.resources),
        "complete": answer.inventory.complete,
        "inventory": stored.digest,
    }


def effective_of(inventory: Inventory, as_of: datetime.datetime, recorded: datetime.datetime) -> datetime.datetime:
    """Return when a population was looked at: when the last of it was observed, else the moment it is judged for."""
    seen = [_seen(each, as_of, recorded) for each in inventory.resources if each.origin.observed]
    return max(seen, default=as_of)


def _seen(resource: Resource, as_of: datetime.datetime, recorded: datetime.datetime) -> datetime.datetime:
    """Return when a resource was as it is: when it was observed, which is not later than it was written down."""
    try:
        observed = datetime.datetime.fromisoformat(resource.origin.observed)
    except ValueError:
        return as_of
    if as_of > recorded:
        return as_of  # a question about the future: nothing has been observed there
    return min(observed if observed.tzinfo else observed.replace(tzinfo=datetime.UTC), recorded)


def _not_reached(inventory: Inventory) -> Iterator[tuple[str, str]]:
    yield from ((f"{each.file}:{each.line}", each.message) for each in inventory.faults)
    yield from ((each.subject, str(each.reason)) for each in inventory.gaps)


@dataclass(frozen=True, slots=True)
class Stored:
    """An inventory as it is stored: the digest of its document, itself without secrets, its resources' documents."""

    digest: str
    inventory: Inventory
    documents: Mapping[str, str]  # resource id → digest of its document
    originals: Mapping[str, str]  # resource id → commitment to what it was before secrets were replaced


class _Shelf:
    """The documents of a run, each kept once."""

    def __init__(self, repository: Repository, book: Book, as_of: datetime.datetime) -> None:
        self.repository = repository
        self.book = book
        self.as_of = as_of
        self.day = as_of.astimezone(datetime.UTC).date()
        self.documents: dict[str, bytes] = {}
        self._definitions: dict[str, str] = {}

    def put(self, document: Json) -> str:
        """Keep a document and return its digest. Raises UsageError when there is no text for it."""
        try:
            content = canonical(document)
        except UnicodeEncodeError as error:
            raise UsageError(
                f"a name in the configuration is no Unicode text and cannot be recorded: {error}"
            ) from None
        self.documents[digest(content)] = content
        return digest(content)

    def inventory(self, inventory: Inventory) -> Stored:
        """Keep an inventory without its secrets."""
        clean, documents, originals = [], {}, {}
        for resource in inventory.resources:
            redacted = without_secrets(resource, self._hidden)
            if configuration_digest(redacted) != configuration_digest(resource):
                original = canonical(resource_document(resource))
                originals[resource.id] = self.book.signer.commitment(original)
            clean.append(redacted)
            documents[resource.id] = self.put(resource_document(redacted))
        whole = self.put({"kind": "inventory", "resources": [documents[each] for each in sorted(documents)]})
        return Stored(whole, Inventory(tuple(clean)), documents, originals)

    def _hidden(self, value: Value) -> Value:
        return pseudonymous(self.book.redact(value), self._pseudonym)

    def _pseudonym(self, address: str) -> str:
        return f"{self.book.signer.commitment(address.encode())[:16]}@redacted.invalid"

    def definition(self, compiled: CompiledControl) -> str:
        """Keep a control with the parameters that it was judged with."""
        name = compiled.control.id
        if name not in self._definitions:
            params = self.repository.params.get(name, {})
            self._definitions[name] = self.put(control_document(compiled, params))
        return self._definitions[name]

    def records(self, answer: WorkloadAssessment, stored: Stored) -> Iterator[dict[str, Json]]:
        """Yield one record for each evaluation of a population's own resources."""
        again = self._judged_again(answer, stored) if stored.originals else None
        for objective in answer.objectives:
            if objective.provider:
                continue  # the organisation's answer, which is recorded with the organisation
            for control in objective.controls:
                for evaluation in control.evaluations:
                    shown = evaluation if again is None else again.get((evaluation.control, evaluation.resource))
                    yield self._record(answer, objective, evaluation, shown, stored)

    def _judged_again(self, answer: WorkloadAssessment, stored: Stored) -> dict[tuple[str, str], Evaluation]:
        names = {control.control for each in answer.objectives if not each.provider for control in each.controls}
        controls = [each for name, each in self.repository.controls.items() if name in names]
        found = evaluate_all(controls, stored.inventory, self.repository.params, self.day)
        judged = fresh(found, stored.inventory, self.repository.controls, self.day)
        return {(each.control, each.resource): each for each in judged}

    def _record(
        self,
        answer: WorkloadAssessment,
        objective: ObjectiveResult,
        evaluation: Evaluation,
        shown: Evaluation | None,
        stored: Stored,
    ) -> dict[str, Json]:
        resource = stored.inventory.by_id[evaluation.resource]
        compiled = self.repository.controls[evaluation.control]
        stale = any(each.cause is Cause.STALE for each in evaluation.reasons)
        record: dict[str, Json] = {
            "kind": "verdict",
            "workload": answer.workload,
            "stage": answer.stage,
            "objective": objective.objective,
            "control": evaluation.control,
            "meaning": compiled.digest,
            "definition": self.definition(compiled),
            "resource": resource.id,
            "configuration": configuration_digest(resource),
            "document": stored.documents[resource.id],
            "inventory": stored.digest,
            "source": resource.origin.source,
            "observed": resource.origin.observed or _moment(self.book.recorded),
            "effective": _moment(self.as_of if stale else _seen(resource, self.as_of, self.book.recorded)),
            "day": self.day.isoformat(),
            "method": "examined",
            "depth": objective.depth,
            "exception": evaluation.exception,
            **outcome(shown or evaluation),
            "verdict": evaluation.verdict.value,
        }
        if stale:
            record["max_age_days"] = compiled.control.max_age_days
        if original := stored.originals.get(resource.id):
            record["original"] = original
        if shown is None or shown.verdict is not evaluation.verdict:
            record["redaction_decides"] = True  # the stored document gives another verdict: said, and not replayed
        return record


def without_secrets(resource: Resource, redact: Redact) -> Resource:
    """Return the resource with a stand-in for every secret in it."""
    properties, attributes = redact(resource.properties), redact(resource.attributes)
    assert isinstance(properties, Mapping)
    assert isinstance(attributes, Mapping)
    return replace(resource, properties=properties, attributes=attributes)


def pseudonymous(value: Value, pseudonym: Callable[[str], str]) -> Value:
    """Return the value with every e-mail address replaced by its pseudonym; equal ones stay equal, others different."""
    match value:
        case str():
            return _ADDRESS.sub(lambda found: pseudonym(found[0]), value) if "@" in value else value
        case Unknown(parts=parts):
            return replace(value, parts=tuple(str(pseudonymous(each, pseudonym)) for each in parts))
        case Choice(variable, reason, options):
            hidden = ((each, pseudonymous(option, pseudonym)) for each, option in options)
            return Choice(variable, reason, tuple(hidden))
        case Mapping():
            return {key: pseudonymous(each, pseudonym) for key, each in value.items()}
        case list() | tuple():
            return [pseudonymous(each, pseudonym) for each in value]
        case _:
            return value


def outcome(evaluation: Evaluation) -> dict[str, Json]:
    """Return what a verdict consists of: the part of a record that replaying gives again, byte for byte.

    The properties that decided are named for what is not met or unknown; their values stand in the stored document.
    """
    explained = evaluation.verdict in (Verdict.NOT_MET, Verdict.UNKNOWN)
    return {
        "verdict": evaluation.verdict.value,
        "reasons": [_reason(each) for each in evaluation.reasons],
        "evidence": [[each.resource, *each.path] for each in evaluation.evidence] if explained else [],
    }


def _reason(reason: Reason) -> Json:
    return [reason.cause.value, reason.subject, reason.detail]


def resource_document(resource: Resource) -> dict[str, Json]:
    """Return a resource as it is stored: what decides a verdict, and where it was said."""
    origin = resource.origin
    document: dict[str, Any] = {
        "kind": "configuration",
        "id": resource.id,
        "type": resource.type,
        "name": resource.name,
        "properties": exact(to_json(resource.properties)),
        "attributes": exact(to_json(resource.attributes)),
        "condition": exact(to_json(resource.condition)),
        "fragment": resource.fragment,
        "folded_into": resource.folded_into,
        "source": origin.source,
        "file": origin.position.file,
        "line": origin.position.line,
        "account": origin.account,
        "region": origin.region,
    }
    return document


# Lengths are those of RFC 5321, section 4.5.3.1; without them a long text would be searched over and over.
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,126}[A-Za-z]{2,63}")


def control_document(compiled: CompiledControl, params: Mapping[str, Any]) -> dict[str, Json]:
    """Return a control as it is stored: what it demands, with the parameters that it was judged with."""
    control = compiled.control
    document: dict[str, Any] = {
        "kind": "control",
        "id": control.id,
        "title": control.title,
        "objective": control.objective,
        "severity": control.severity.value,
        "resource": control.resource,
        "unless": control.unless,
        "require": control.require,
        "params": exact(json.loads(json.dumps(params))),
        "meaning": compiled.digest,
    }
    return document
