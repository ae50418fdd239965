"""What an assessment leaves behind: a run in the ledger, and its verdicts given again from what is stored there.

A record names by digest everything that its verdict rests on: the control with its parameters, the resource, and the
inventory around it. Secrets are replaced before anything is hashed, by a text that is judged as a secret too; whether
the verdict is the same afterwards is looked at, not assumed.
"""

import contextlib
import datetime
import json
import platform
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from assay import __version__
from assay.assessment.assess import Assessment, WorkloadAssessment, evaluate_all
from assay.assessment.attested import Attested
from assay.assessment.check import Check
from assay.assessment.evaluation import Evaluation, Place, in_scope
from assay.assessment.freshness import fresh
from assay.assessment.verdicts import Counts, Method, Verdict
from assay.canonical import Json, canonical, digest, exact
from assay.errors import FaultyFiles, UsageError
from assay.governance.compiled import CompiledControl, CompiledInvariant
from assay.governance.repository import Repository
from assay.inventory.normalise import configuration_digest
from assay.inventory.resource import Inventory, Resource
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value, to_json
from assay.ledger.keys import Signer
from assay.ledger.log import Receipt, Writable, append
from assay.ledger.run import Manifest, Run, Status
from assay.operations.answers import answers_document
from assay.operations.assess import assess_repository
from assay.operations.check import Selection, check
from assay.operations.decisions import Made, made
from assay.operations.preventive import Prover
from assay.operations.proof_evidence import invariant_document, keep_ground, prove_again
from assay.sources import cloudformation

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
    attested: Sequence[Attested] = (),
) -> tuple[Repository, Assessment, Receipt]:
    """Answer as `assess_repository` does, and append the run; one that fails is appended too, with its reason."""
    asked: dict[str, Json] = {
        "kind": "assessment",
        "directory": str(directory),
        "stage": stage,
        "workloads": list(workloads),
        "as_of": moment(now),
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
        "as_of": moment(now),
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


def manifest_of(
    book: Book,
    status: Status,
    asked: Mapping[str, Json],
    reached: Sequence[Mapping[str, Json]] = (),
    not_reached: Iterable[tuple[str, str]] = (),
) -> Manifest:
    """Return the scope of a run that this program makes now."""
    collector: dict[str, Json] = {"tool": "assay", "version": __version__, "python": platform.python_version()}
    return Manifest(
        status=status,
        collector=collector,
        observed=moment(book.recorded),
        recorded=moment(book.recorded),
        asked=asked,
        reached=reached,
        not_reached=[{"subject": subject, "reason": reason} for subject, reason in dict.fromkeys(not_reached)],
    )


def moment(at: datetime.datetime) -> str:
    """Return a moment as records have it (RFC 3339, UTC, whole seconds)."""
    return at.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def run_of(repository: Repository, assessment: Assessment, book: Book, asked: Mapping[str, Json]) -> Run:
    """Return the run of an assessment: its records, and every document that they rest on."""
    shelf = _Shelf(repository.serving, repository.params, book, assessment.as_of)
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
    shelf = _Shelf(found.controls, found.params, book, found.as_of)
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
    return made("release", subject, ("release-gate", 1), inputs, by, moment(found.as_of))


@dataclass(frozen=True, slots=True)
class Judged:
    """Evaluations that serve one objective, and how far it was examined."""

    objective: str
    depth: str
    evaluations: Sequence[Evaluation]


def _judged(answer: WorkloadAssessment) -> Iterator[Judged]:
    """Yield what was judged on a population's own resources; the organisation's answers are recorded with it."""
    for each in answer.objectives:
        if not each.provider:
            evaluations = [one for control in each.controls for one in control.evaluations]
            yield Judged(each.objective, each.depth, evaluations)


def _reached(
    shelf: "_Shelf", place: Place | WorkloadAssessment, stored: "Stored", inventory: Inventory
) -> dict[str, Json]:
    return {
        "workload": place.workload,
        "stage": place.stage,
        "resources": len(inventory.resources),
        "complete": inventory.complete,
        "inventory": stored.digest,
        "effective": moment(effective_of(inventory, shelf.as_of, shelf.book.recorded)),
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

    def __init__(
        self,
        serving: Mapping[str, CompiledControl | CompiledInvariant],
        params: Mapping[str, Mapping[str, Value]],
        book: Book,
        as_of: datetime.datetime,
    ) -> None:
        self.serving, self.params = serving, params
        self.book = book
        self.as_of = as_of
        self.day = as_of.astimezone(datetime.UTC).date()
        self.documents: dict[str, bytes] = {}
        self._definitions: dict[str, str] = {}
        self.prover: Prover | None = None  # where anything was proved
        self._ground = ""

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
        return without_persons(self.book.redact(value), self.book)

    def definition(self, compiled: CompiledControl | CompiledInvariant) -> str:
        """Keep a control with the parameters that it was judged with, or an invariant."""
        name = compiled.control.id
        if name not in self._definitions:
            params = self.params.get(name, {})
            if isinstance(compiled, CompiledInvariant):
                self._definitions[name] = self.put(invariant_document(compiled))
            else:
                self._definitions[name] = self.put(control_document(compiled, params))
        return self._definitions[name]

    def _basis(self, evaluation: Evaluation) -> dict[str, Json]:
        """Return what a record of a proof says besides: what was asked, of which policies, and the ground of all."""
        if evaluation.method is not Method.PROVED or self.prover is None:
            return {}
        self._ground = self._ground or keep_ground(self.prover, self.put)
        basis: dict[str, Json] = {name: list(texts) for name, texts in evaluation.basis}
        return {"ground": self._ground, "said": evaluation.said, **basis}

    def records(
        self, place: Place | WorkloadAssessment, several: Iterable[Judged], stored: Stored
    ) -> Iterator[dict[str, Json]]:
        """Yield one record for each evaluation of a population's own resources."""
        given = list(several)
        again = self._judged_again(given, stored) if stored.originals else None
        for each in given:
            for evaluation in each.evaluations:
                shown = evaluation if again is None else again.get((evaluation.control, evaluation.resource))
                yield self._record(place, each, evaluation, shown, stored)

    def _judged_again(self, several: Sequence[Judged], stored: Stored) -> dict[tuple[str, str], Evaluation]:
        names = {evaluation.control for each in several for evaluation in each.evaluations}
        controls = [each for name in names if isinstance(each := self.serving[name], CompiledControl)]
        found = evaluate_all(controls, stored.inventory, self.params, self.day)
        invariants = [each for name in names if isinstance(each := self.serving[name], CompiledInvariant)]
        proven = [
            prove_again(self.prover, invariant, each, stored.inventory)
            for invariant in (invariants if self.prover else ())
            for each in stored.inventory.resources
            if self.prover and in_scope(invariant, each)
        ]
        judged = fresh((*found, *proven), stored.inventory, self.serving, self.day)
        return {(each.control, each.resource): each for each in judged}

    def _record(
        self,
        place: Place | WorkloadAssessment,
        judged: Judged,
        evaluation: Evaluation,
        shown: Evaluation | None,
        stored: Stored,
    ) -> dict[str, Json]:
        resource = stored.inventory.by_id[evaluation.resource]
        compiled = self.serving[evaluation.control]
        stale = any(each.cause is Cause.STALE for each in evaluation.reasons)
        record: dict[str, Json] = {
            "kind": "verdict",
            "workload": place.workload,
            "stage": place.stage,
            "objective": judged.objective,
            "control": evaluation.control,
            "meaning": compiled.digest,
            "definition": self.definition(compiled),
            "resource": resource.id,
            "configuration": configuration_digest(resource),
            "document": stored.documents[resource.id],
            "inventory": stored.digest,
            "source": resource.origin.source,
            "observed": resource.origin.observed or moment(self.book.recorded),
            "effective": moment(self.as_of if stale else _seen(resource, self.as_of, self.book.recorded)),
            "day": self.day.isoformat(),
            "method": evaluation.method.value,
            "depth": judged.depth,
            "exception": evaluation.exception,
            **self._basis(evaluation),
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


def without_persons(value: Value, book: Book) -> Value:
    """Return the value with every e-mail address replaced by what only the owner of the key can compute from it."""
    return pseudonymous(value, lambda each: f"{book.signer.commitment(each.encode())[:16]}@redacted.invalid")


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
