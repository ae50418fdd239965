"""Every automated verdict of a ledger given again, from the configuration and the control that are stored there."""

import datetime
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from assay.assessment.evaluation import evaluate_control, in_scope
from assay.assessment.freshness import staleness
from assay.assessment.verdicts import Method, Verdict
from assay.canonical import canonical, inexact
from assay.expressions import Environment, Expression, parse
from assay.expressions.check import ExpressionFaults
from assay.governance.compiled import CompiledControl, CompiledInvariant
from assay.governance.model import Behavior, Control, Examples, Severity
from assay.governance.parameters import parameter_type
from assay.inventory.normalise import configuration_digest
from assay.inventory.resource import Inventory, Origin, Position, Resource
from assay.inventory.schema import STRING, object_of, resource_schema, resource_types
from assay.inventory.values import Value, from_json
from assay.ledger.keys import PublicKey
from assay.ledger.log import blob_name, entries, runs
from assay.ledger.store import Denied, Objects
from assay.ledger.verify import State, Step, Unverifiable, Verification, Wrong
from assay.operations.evidence_documents import outcome
from assay.operations.preventive import Prover
from assay.operations.proof_evidence import prove_again, read_ground, read_invariant

NAME = "replay"
_NEEDED = ("checkpoint", "history", "inclusion", "digests", "signatures", "completeness")


def replay(objects: Objects, key: PublicKey, verified: Verification) -> Step:
    """Return the step that gives every verdict again and compares it byte for byte.

    verified: what the ledger itself was found to be; without sound entries and documents there is nothing to replay.
    """
    unsound = next((each for each in verified.steps if each.name in _NEEDED and each.state is not State.PASSED), None)
    if unsound:
        return Step(NAME, State.NOT_CHECKED, f"step {unsound.name!r} has not passed", unsound.subject)
    try:
        count, redacted = _replay_runs(objects, key)
    except Wrong as error:
        return Step(NAME, State.FAILED, str(error), error.subject)
    except Unverifiable as error:
        return Step(NAME, State.NOT_CHECKED, str(error), error.subject)
    except Denied as error:
        return Step(NAME, State.NOT_CHECKED, str(error), str(error).partition(" ")[0])
    if redacted:
        return Step(NAME, State.NOT_CHECKED, f"{redacted} of {count} verdicts rest on values that are not stored")
    return Step(NAME, State.PASSED, f"{count} verdicts, each the same again")


def _replay_runs(objects: Objects, key: PublicKey) -> tuple[int, int]:
    library = _Library(objects)
    count = redacted = 0
    for commit, _ in runs(objects, key):
        judged = _Judged()
        size = commit.checkpoint.size
        for number, entry in enumerate(entries(objects, commit.before, size - 1, size)):
            record = json.loads(entry)
            if record.get("kind") != "verdict":
                continue
            count += 1
            redacted += _replayed(record, library, commit.before + number)
            judged.note(record, commit.before + number)
        judged.check(library)
    return count, redacted


def _replayed(record: Mapping[str, Any], library: "_Library", at: int) -> bool:
    """Compare one record with what judging again gives; whether it rests on values not stored. Raises Wrong."""
    compiled, params = library.definition(record["definition"], str(record["method"]))
    inventory = library.inventory(record["inventory"])
    resource = inventory.by_id.get(record["resource"])
    if resource is None:
        raise Wrong(f"entry {at}", f"{record['resource']} is not in the inventory that the record names")
    if configuration_digest(resource) != record["configuration"] or compiled.digest != record["meaning"]:
        raise Wrong(f"entry {at}", "its digests are not those of the documents that it names")
    if record.get("redaction_decides"):
        return True
    day = datetime.date.fromisoformat(record["day"])
    if isinstance(compiled, CompiledInvariant):
        judged = prove_again(library.prover(record["ground"]), compiled, resource, inventory)
    else:
        judged = evaluate_control(compiled, resource, inventory, params, day)
    if "max_age_days" in record:  # it was too old to be evidence, whatever it says
        stale = staleness(resource.id, record["observed"], record["max_age_days"], day)
        judged = replace(judged, verdict=Verdict.UNKNOWN, reasons=(stale,) if stale else (), evidence=())
    # Of a proof the reasons name lines of templates, which are not stored.
    telling = ("verdict",) if judged.method is Method.PROVED else ("verdict", "reasons", "evidence")
    found = canonical({each: outcome(judged)[each] for each in telling})
    stated = canonical({each: record[each] for each in telling})
    if found != stated:
        subject = f"{compiled.control.id} on {resource.id}"
        raise Wrong(f"entry {at}", f"{subject} was {stated.decode()}, and is {found.decode()} again")
    return False


@dataclass(slots=True)
class _Judged:
    """Which resources each control was applied to, by inventory: every one in its scope, once."""

    resources: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)  # → resource → entry

    def note(self, record: Mapping[str, Any], at: int) -> None:
        """Note one record. Raises Wrong on a second verdict of one control on one resource."""
        found = self.resources.setdefault((record["inventory"], record["definition"]), {})
        if (first := found.setdefault(record["resource"], at)) != at:
            raise Wrong(f"entry {at}", f"a second verdict on what entry {first} is about")

    def check(self, library: "_Library") -> None:
        """Raise Wrong when a resource in a control's scope has no verdict."""
        for (inventory, definition), found in self.resources.items():
            compiled, _ = library.definition(definition)
            kinds = compiled.subjects if isinstance(compiled, CompiledInvariant) else (compiled.control.resource,)
            held = library.inventory(inventory)
            for resource in (each for kind in kinds for each in held.of_type(kind)):
                if in_scope(compiled, resource) and resource.id not in found:
                    first = min(found.values())
                    raise Wrong(f"entry {first}", f"{compiled.control.id} has no verdict on {resource.id}")


class _Library:
    """Stored documents, read and understood once each."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._controls: dict[str, tuple[CompiledControl, Mapping[str, Any]]] = {}
        self._inventories: dict[str, Inventory] = {}
        self._invariants: dict[str, CompiledInvariant] = {}
        self._provers: dict[str, Prover] = {}

    def _document(self, sha256: str, kind: str) -> dict[str, Any]:
        content = self._objects.get(blob_name(sha256))
        if content is None:
            raise Wrong(blob_name(sha256), "is missing")
        document = json.loads(content)
        if not isinstance(document, dict) or document.get("kind") != kind:
            raise Wrong(blob_name(sha256), f"is no {kind}")
        return document

    def control(self, sha256: str) -> tuple[CompiledControl, Mapping[str, Any]]:
        """Return a control with its parameters."""
        if sha256 not in self._controls:
            self._controls[sha256] = compiled_from(self._document(sha256, "control"), blob_name(sha256))
        return self._controls[sha256]

    def definition(
        self, sha256: str, method: str = ""
    ) -> tuple[CompiledControl | CompiledInvariant, Mapping[str, Any]]:
        """Return a control with its parameters, or an invariant; `method` "": of the one that was returned before."""
        if method == Method.PROVED or sha256 in self._invariants:
            if sha256 not in self._invariants:
                self._invariants[sha256] = read_invariant(self._document(sha256, "invariant"))
            return self._invariants[sha256], {}
        return self.control(sha256)

    def prover(self, sha256: str) -> Prover:
        """Return the prover of a run's ground."""
        if sha256 not in self._provers:
            self._provers[sha256] = read_ground(self._document(sha256, "ground"), self._document)
        return self._provers[sha256]

    def inventory(self, sha256: str) -> Inventory:
        """Return an inventory."""
        if sha256 not in self._inventories:
            listed = self._document(sha256, "inventory")["resources"]
            resources = sorted(self._resources(listed), key=lambda each: each.id)
            self._inventories[sha256] = Inventory(tuple(resources))
        return self._inventories[sha256]

    def _resources(self, listed: list[str]) -> Iterator[Resource]:
        for sha256 in listed:
            yield resource_from(self._document(sha256, "configuration"))


def resource_from(document: Mapping[str, Any]) -> Resource:
    """Return the resource that a document holds."""
    properties, attributes = _value(document["properties"]), _value(document["attributes"])
    assert isinstance(properties, Mapping)
    assert isinstance(attributes, Mapping)
    return Resource(
        id=document["id"],
        type=document["type"],
        name=document["name"],
        properties=properties,
        origin=Origin(
            document["source"],
            Position(document["file"], document["line"]),
            account=document["account"],
            region=document["region"],
        ),
        condition=_value(document["condition"]),
        folded_into=document["folded_into"],
        fragment=document["fragment"],
        attributes=attributes,
    )


def _value(stored: Any) -> Value:
    return from_json(inexact(stored))


def compiled_from(document: Mapping[str, Any], subject: str) -> tuple[CompiledControl, Mapping[str, Any]]:
    """Return the control that a document holds, and its parameters. Raises Unverifiable when it cannot be read here.

    What it means is checked by its digest against the records; what is for people only is not stored.
    """
    if document["resource"] not in resource_types():
        raise Unverifiable(subject, f"this version knows no resource type {document['resource']}")
    params: Mapping[str, Any] = inexact(document["params"])
    given = object_of(**{name: parameter_type(_frozen(each)) for name, each in params.items()})
    judged = resource_schema(document["resource"]).properties
    environment = Environment({"resource": judged, "params": given, "today": STRING})
    try:
        require = parse(document["require"], environment)
        unless: Expression | None = parse(document["unless"], environment) if document["unless"] else None
    except ExpressionFaults as error:
        raise Unverifiable(subject, f"this version does not read its expression: {error}") from None
    control = Control(
        id=document["id"],
        title=document["title"],
        objective=document["objective"],
        why="",
        resource=document["resource"],
        require=document["require"],
        severity=Severity(document["severity"]),
        behavior=(Behavior.DETECTIVE,),
        remedy="",
        examples=Examples(),
        unless=document["unless"],
    )
    return CompiledControl(control, require, unless, document["meaning"]), params


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
