"""Decisions as records of a ledger: the rule, its inputs by digest, what it said, whose it is, and when.

The record names the stored inputs and the stored answer. Deciding again from the inputs gives the same bytes, or the
record is wrong. `made` is for everybody who decides something: a decision is part of the run that led to it
(`evidence`), or a run of its own (`deciding`).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from assay.assessment.decisions import RULES, Decided, Inputs
from assay.canonical import Json, canonical, digest
from assay.errors import UsageError
from assay.ledger.keys import PublicKey
from assay.ledger.log import blob_name, entries, runs
from assay.ledger.store import Objects
from assay.ledger.verify import State, Step, Verification, Wrong

KIND = "decision"
STEP = "decisions"

Document: TypeAlias = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Made:
    """A decision, ready to append: its record, and the documents that it names."""

    record: Mapping[str, Json]
    documents: tuple[bytes, ...]
    decided: Decided

    def shown(self) -> dict[str, Any]:
        """Return what people are told."""
        return _shown(self.record, self.decided.reasons)


def made(what: str, subject: str, rule: tuple[str, int], inputs: Inputs, by: str, effective: str) -> Made:
    """Decide by a rule, and return the decision. The same arguments give the same bytes.

    what       Kind of thing: exception, promotion, release.
    subject    Which one.
    by         Who is answerable for it: the approver, or who asked for the step.
    effective  From when it counts (RFC 3339); when it was recorded is the run's.

    Raises UsageError on a rule that there is not, ValueError on inputs that the rule cannot read.
    """
    if rule not in RULES:
        raise UsageError(f"there is no rule {rule[0]}/{rule[1]}; {', '.join(f'{name}/{v}' for name, v in RULES)}")
    try:
        decided = RULES[rule].decide(inputs)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"the rule {rule[0]}/{rule[1]} cannot read its inputs: {error!r}") from None
    given = canonical({"kind": "decision-inputs", "rule": rule[0], "version": rule[1], "inputs": dict(inputs)})
    said = answer_document(decided)
    record: dict[str, Json] = {
        "kind": KIND,
        "what": what,
        "subject": subject,
        "rule": rule[0],
        "version": rule[1],
        "inputs": digest(given),
        "decided": digest(said),
        "by": by,
        "effective": effective,
        "method": "decided",
        "verdict": decided.outcome,
    }
    return Made(record, (given, said), decided)


def answer_document(decided: Decided) -> bytes:
    """Return what a rule said, as it is stored."""
    return canonical({"kind": "decided", "outcome": decided.outcome, "reasons": list(decided.reasons)})


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision as a ledger has it, and where."""

    record: Mapping[str, Any]
    run: str
    entry: int
    recorded: str
    again: str = ""  # "reproduced", "differs" or "rule unknown"; "" when it was not made again
    why: str = ""
    reasons: tuple[str, ...] = ()

    def shown(self) -> dict[str, Any]:
        """Return what people are told."""
        where = {"run": self.run, "entry": self.entry, "recorded": self.recorded}
        return {**_shown(self.record, self.reasons), **where, "again": self.again, "why": self.why}


def _shown(record: Mapping[str, Any], reasons: tuple[str, ...]) -> dict[str, Any]:
    names = ("what", "subject", "rule", "version", "inputs", "by", "effective")
    told = {each: record.get(each, "") for each in names}
    return {**told, "outcome": str(record.get("verdict")), "reasons": list(reasons), "again": "", "why": ""}


def recorded(objects: Objects, key: PublicKey) -> Iterator[Recorded]:
    """Yield every decision of a ledger, oldest first. Raises DamagedLedger."""
    for commit, closing in runs(objects, key):
        size, run, at = commit.checkpoint.size, str(closing.get("run")), ""
        for number, entry in enumerate(entries(objects, commit.before, size - 1, size), commit.before):
            if b'"kind":"decision"' not in entry:
                continue
            record = json.loads(entry)
            if record.get("kind") == KIND:
                at = at or _recorded_at(objects, closing)
                yield Recorded(record, run, number, at)


def _recorded_at(objects: Objects, closing: Mapping[str, Any]) -> str:
    from assay.operations.keeping import predicate_of

    return str(predicate_of(objects, str(closing.get("envelope"))).get("recorded", ""))


def again(found: Recorded, document: Document) -> Recorded:
    """Return a decision with what came of making it again from its stored inputs."""
    record = found.record
    stated = _stored(document(str(record.get("decided"))), str(record.get("decided")), "decided")
    given = _stored(document(str(record.get("inputs"))), str(record.get("inputs")), "decision-inputs")
    reasons = tuple(map(str, stated.get("reasons", ()))) if stated else ()
    found = replace(found, reasons=reasons)
    if stated is None or given is None:
        return replace(found, again="differs", why=f"its {'answer' if stated is None else 'inputs'} cannot be read")
    name, version = record.get("rule"), record.get("version")
    if (given.get("rule"), given.get("version")) != (name, version):
        return replace(found, again="differs", why="its inputs are those of another rule")
    rule = RULES.get((str(name), version if isinstance(version, int) else -1))
    if rule is None:
        return replace(found, again="rule unknown", why=f"this version has no rule {name}/{version}")
    try:
        decided = rule.decide(given["inputs"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return replace(found, again="differs", why=f"the rule cannot read its inputs: {error!r}")
    if digest(answer_document(decided)) != record.get("decided") or decided.outcome != record.get("verdict"):
        return replace(found, again="differs", why=f"it was {record.get('verdict')}, and is {decided.outcome} again")
    return replace(found, again="reproduced")


def _stored(content: bytes | None, sha256: str, kind: str) -> dict[str, Any] | None:
    """Return a stored document, None when it is missing or not what its name and kind say."""
    if content is None or digest(content) != sha256:
        return None
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and found.get("kind") == kind else None


def list_decisions(objects: Objects, key: PublicKey) -> list[Recorded]:
    """Return every decision, oldest first, each made again."""
    return [again(each, lambda sha256: objects.get(blob_name(sha256))) for each in recorded(objects, key)]


def replay_decisions(objects: Objects, key: PublicKey, verified: Verification) -> Step:
    """Return the step that makes every decision again. Without sound entries and documents nothing can be said."""
    unsound = next((each for each in verified.steps if each.asked and each.state is not State.PASSED), None)
    if unsound:
        return Step(STEP, State.NOT_CHECKED, f"step {unsound.name!r} has not passed", unsound.subject)
    several = list_decisions(objects, key)
    for each in several:
        if each.again == "differs":
            subject = f"entry {each.entry}"
            error = Wrong(subject, f"the decision about {each.record.get('subject')} differs: {each.why}")
            return Step(STEP, State.FAILED, str(error), subject)
    unknown = [each for each in several if each.again == "rule unknown"]
    if unknown:
        return Step(STEP, State.NOT_CHECKED, f"{len(unknown)} of {len(several)}: {unknown[0].why}")
    return Step(STEP, State.PASSED, f"{len(several)} decisions, each the same again" if several else "there are none")
