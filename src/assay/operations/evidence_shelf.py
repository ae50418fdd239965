"""The documents of a run, each kept once, and the records that rest on them.

Whether a verdict is the same without the secrets is looked at here: what was hidden is judged again as it is stored.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.assessment.assess import WorkloadAssessment, evaluate_all
from assay.assessment.evaluation import Evaluation, Place, in_scope
from assay.assessment.freshness import fresh
from assay.assessment.verdicts import Method
from assay.canonical import Json, canonical, digest, rfc3339
from assay.errors import UsageError
from assay.governance.compiled import CompiledControl, CompiledInvariant
from assay.inventory.normalise import configuration_digest
from assay.inventory.resource import Inventory, Resource
from assay.inventory.values import Cause, Value
from assay.operations.book import Book
from assay.operations.evidence_documents import control_document, outcome, resource_document
from assay.operations.preventive import Prover
from assay.operations.proof_evidence import invariant_document, keep_ground, prove_again
from assay.operations.stand_ins import without_persons, without_secrets


@dataclass(frozen=True, slots=True)
class Judged:
    """Evaluations that serve one objective, and how far it was examined."""

    objective: str
    depth: str
    evaluations: Sequence[Evaluation]


@dataclass(frozen=True, slots=True)
class Stored:
    """An inventory as it is stored: the digest of its document, itself without secrets, its resources' documents."""

    digest: str
    inventory: Inventory
    documents: Mapping[str, str]  # resource id → digest of its document
    originals: Mapping[str, str]  # resource id → commitment to what it was before secrets were replaced


def seen_at(resource: Resource, as_of: datetime.datetime, recorded: datetime.datetime) -> datetime.datetime:
    """Return when a resource was as it is: when it was observed, which is not later than it was written down."""
    try:
        observed = datetime.datetime.fromisoformat(resource.origin.observed)
    except ValueError:
        return as_of
    if as_of > recorded:
        return as_of  # a question about the future: nothing has been observed there
    return min(observed if observed.tzinfo else observed.replace(tzinfo=datetime.UTC), recorded)


class Shelf:
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
            "observed": resource.origin.observed or rfc3339(self.book.recorded),
            "effective": rfc3339(self.as_of if stale else seen_at(resource, self.as_of, self.book.recorded)),
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
