"""What a proof rests on, as documents, and a proof given again from them: same policies, same verdict.

The ground of all proofs of one run is one document; the guardrails in it are named by their digests and kept beside it.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from assay.assessment.evaluation import Evaluation
from assay.canonical import Json
from assay.documents import Document
from assay.governance.compiled import CompiledInvariant
from assay.governance.model import Invariant, Severity
from assay.inventory.resource import Inventory, Resource
from assay.operations.ground import Ground
from assay.operations.preventive import Prover
from assay.permissions.guardrails import Guardrail, Guardrails
from assay.permissions.invariants import understand
from assay.permissions.parse import parse_policy
from assay.permissions.policy import Kind, Policy
from assay.permissions.request import Organisation

Put: TypeAlias = Callable[[Json], str]
"""Keeps a document and returns its digest."""
Get: TypeAlias = Callable[[str, str], Mapping[str, Any]]
"""Returns the document with a digest, of a kind."""

_FIELDS = ("id", "title", "objective", "why", "side", "resources", "callers", "never", "still", "exempt", "repair")


def keep_ground(prover: Prover, put: Put) -> str:
    """Keep what the proofs of a run rest on."""
    ground = prover.ground
    return put(
        {
            "kind": "ground",
            "organisation": ground.organisation.id,
            "management": ground.organisation.management,
            "units": dict(ground.units),
            "words": {name: list(each) for name, each in ground.words.items()},
            "whole": prover.whole,
            "gaps": {kind.value: list(each) for kind, each in ground.guardrails.gaps.items()},
            "guardrails": [
                {"name": each.name, "nodes": sorted(each.nodes), "policy": put(_policy_document(each.policy))}
                for each in ground.guardrails.found
            ],
        }
    )


def _policy_document(policy: Policy) -> dict[str, Any]:
    return {
        "kind": "policy",
        "of": policy.kind.value,
        "file": policy.file,
        "lines": [each.line for each in policy.statements],
        "text": json.dumps(policy.source, sort_keys=True),
        "digest": policy.digest,
    }


def invariant_document(compiled: CompiledInvariant) -> dict[str, Any]:
    """Return an invariant as it is stored."""
    stated = {name: getattr(compiled.invariant, name) for name in _FIELDS}
    text = json.dumps(stated, sort_keys=True)
    severity, days = compiled.invariant.severity.value, compiled.invariant.max_age_days
    return {
        "kind": "invariant",
        "id": compiled.invariant.id,
        "severity": severity,
        "max_age_days": days,
        "meaning": compiled.digest,
        "text": text,
    }


def read_invariant(document: Mapping[str, Any]) -> CompiledInvariant:
    """Return the invariant that a document holds."""
    stated: dict[str, Any] = json.loads(document["text"])
    listed: dict[str, Any] = {name: tuple(stated.pop(name)) for name in ("resources", "never", "still", "exempt")}
    severity, days = Severity(document["severity"]), document["max_age_days"]
    return CompiledInvariant(Invariant(**stated, **listed, severity=severity, max_age_days=days))


def read_ground(document: Mapping[str, Any], get: Get) -> Prover:
    """Return the prover of a stored ground."""
    found = tuple(
        Guardrail(each["name"], _policy(get(each["policy"], "policy")), frozenset(each["nodes"]))
        for each in document["guardrails"]
    )
    gaps = {Kind(kind): tuple(each) for kind, each in document["gaps"].items()}
    ground = Ground(
        Guardrails(found, gaps),
        Organisation(document["organisation"], document["management"]),
        document["units"],
        document["words"],
    )
    return Prover.over(ground, whole=document["whole"])


def _policy(document: Mapping[str, Any]) -> Policy:
    value = json.loads(document["text"])
    places: dict[Any, Any] = {("Statement", index): (line, 1) for index, line in enumerate(document["lines"])}
    stored = Document(document["file"], value, {(): (1, 1), **places}, {}, {})
    policy = parse_policy(stored, Kind(document["of"])).policy
    if policy is None:
        raise ValueError("a stored guardrail is one that AWS would refuse")
    return policy


def prove_again(prover: Prover, compiled: CompiledInvariant, resource: Resource, inventory: Inventory) -> Evaluation:
    """Return the verdict of a stored invariant on a stored subject."""
    (invariant,) = understand([compiled.invariant], prover.ground.words)
    return prover.evaluate(invariant, resource, inventory)
