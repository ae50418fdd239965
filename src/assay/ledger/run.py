"""A run: what was asked, what was reached, what was not and why, and the records that came of it."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeAlias

from assay.canonical import Json, canonical, digest
from assay.errors import UsageError
from assay.ledger.envelope import pre_authentication, seal, statement
from assay.ledger.keys import Signer
from assay.ledger.tiles import LONGEST_ENTRY, pack_entries

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")

Status: TypeAlias = Literal["complete", "partial", "failed"]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The scope of a run.

    status       complete: everything asked for was reached; partial: some of it; failed: there is no answer.
    collector    Who collected: tool, version, and whatever else tells.
    observed     When the facts were as recorded, RFC 3339 in UTC. recorded: when they were written down.
    asked        What the run was asked for, as it was given.
    reached      What was looked at, with how much was found there.
    not_reached  {subject, reason} of what was not.
    """

    status: Status
    collector: Mapping[str, Json]
    observed: str
    recorded: str
    asked: Mapping[str, Json] = field(default_factory=dict)
    reached: Sequence[Mapping[str, Json]] = ()
    not_reached: Sequence[Mapping[str, Json]] = ()

    def __post_init__(self) -> None:
        if self.status == "complete" and self.not_reached:
            raise ValueError("a run that did not reach everything is not complete")


def run_id(name: str) -> str:
    """Return the name when a run may have it. Raises UsageError."""
    if not _ID.fullmatch(name):
        raise UsageError(f"the id of a run is letters, digits and hyphens, 64 at most; found {name!r}")
    return name


@dataclass(frozen=True, slots=True)
class Run:
    """A run, ready to append. The same id appended twice is one run.

    records  Each has a text `verdict`; the log adds `run`.
    blobs    Documents that the records name by their digest: configurations, controls.
    """

    id: str
    manifest: Manifest
    records: Sequence[Mapping[str, Json]] = ()
    blobs: Sequence[bytes] = ()

    def __post_init__(self) -> None:
        run_id(self.id)
        if any(closes(each) for each in self.records):
            raise ValueError("the kind `run` is of the entry that closes a run")


@dataclass(frozen=True, slots=True)
class Batch:
    """What a run adds to a ledger: entries of the log in their order, and blobs by digest."""

    run: str
    entries: Sequence[bytes]
    blobs: Mapping[str, bytes]


def batch_of(run: Run, signer: Signer) -> Batch:
    """Return the run's records, its signed manifest and the closing entry. Raises UsageError on a long record."""
    records = [canonical({**each, "run": run.id}) for each in run.records]
    blobs = {digest(each): each for each in run.blobs}
    predicate: dict[str, Json] = {
        **asdict(run.manifest),
        "run": run.id,
        "records": len(records),
        "counts": dict(Counter(str(each["verdict"]) for each in run.records)),
        "blobs": sorted(blobs),
    }
    longest = max(map(len, records), default=0)
    if longest > LONGEST_ENTRY:
        raise UsageError(f"a record of {longest} bytes; a ledger takes {LONGEST_ENTRY} at most")
    stated = statement(f"run/{run.id}", digest(pack_entries(records)), predicate)
    if len(pre_authentication(canonical(stated))) > signer.largest:
        manifest = canonical(predicate)
        blobs[digest(manifest)] = manifest
        stated |= {"predicate": {"manifest": digest(manifest), "run": run.id}}
    envelope = seal(stated, signer)
    closing: dict[str, Json] = {
        "kind": "run",
        "run": run.id,
        "records": len(records),
        "envelope": digest(envelope),
    }
    return Batch(run.id, [*records, canonical(closing)], {**blobs, digest(envelope): envelope})


def manifest_in(predicate: Mapping[str, Any], document: Callable[[str], bytes | None]) -> dict[str, Any]:
    """Return the manifest that a statement makes, itself or by the digest of a document.

    document  Digest → the document, None when there is none. Raises ValueError when it is missing or another one.
    """
    if "manifest" not in predicate:
        return dict(predicate)
    sha256 = str(predicate["manifest"])
    content = document(sha256)
    if content is None or digest(content) != sha256:
        raise ValueError(f"its manifest {sha256} is {'missing' if content is None else 'not what its name says'}")
    manifest = json.loads(content)
    if not isinstance(manifest, dict) or manifest.get("run") != predicate.get("run"):
        raise ValueError(f"its manifest {sha256} is of another run")
    return manifest


def closes(record: Mapping[str, Any]) -> bool:
    """Whether an entry closes a run."""
    return record.get("kind") == "run"
