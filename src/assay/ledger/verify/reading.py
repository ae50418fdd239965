"""What the steps have established of a ledger so far, and what several of them ask of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assay.ledger.checkpoint import Checkpoint, NotSigned, open_checkpoint
from assay.ledger.keys import PublicKey
from assay.ledger.log import CHECKPOINT, Commit, commit_name, parse_commit
from assay.ledger.store import Objects
from assay.ledger.timestamp import STAMPS, Authority
from assay.ledger.verify.steps import Unverifiable, Wrong

# What other steps account for: names that are digests, and time-stamps.
_BY_OTHERS = ("blobs/", "pending/", STAMPS)


@dataclass(slots=True)
class Seen:
    """One run as the log has it: the commit, its closing entry, and what its records come to."""

    commit: Commit
    closing: dict[str, Any]
    records: int
    bundle: str
    counts: Counter[str]
    strange: str
    attestations: list[tuple[int, dict[str, Any]]]


@dataclass(slots=True)
class Reading:
    """What the steps have established so far."""

    objects: Objects
    key: PublicKey
    older: bytes | None
    persons: Mapping[str, PublicKey]
    authority: Authority | None = None
    head: Checkpoint | None = None
    lag: str = ""
    commits: list[Commit] = field(default_factory=list)
    runs: list[Seen] | None = None
    manifests: list[dict[str, Any]] | None = None
    known: set[str] = field(default_factory=set)  # names of objects that are accounted for


def required(reading: Reading, name: str) -> bytes:
    """Return an object, which is accounted for by that. Raises Wrong when it is missing."""
    content = reading.objects.get(name)
    if content is None:
        raise Wrong(name, "is missing")
    reading.known.add(name)
    return content


def signed(name: str, note: bytes, key: PublicKey) -> Checkpoint:
    """Return a checkpoint that the key signed. Raises Unverifiable for another signature, Wrong for no note."""
    try:
        return open_checkpoint(note, key)
    except NotSigned as error:
        raise Unverifiable(name, str(error)) from None
    except ValueError as error:
        raise Wrong(name, str(error)) from None


def commit_at(reading: Reading, before: int) -> Commit:
    """Return what was committed after so many entries. Raises as `required` and `signed` do."""
    name = commit_name(before)
    try:
        return parse_commit(required(reading, name), reading.key, before)
    except NotSigned as error:
        raise Unverifiable(name, str(error)) from None
    except ValueError as error:
        raise Wrong(name, str(error)) from None


def head_of(reading: Reading) -> Checkpoint:
    """Return the newest signed checkpoint. Raises Unverifiable when the first step did not establish it."""
    if reading.head is None:
        raise Unverifiable(CHECKPOINT, "without it nothing says what the log is")
    return reading.head


def chain(reading: Reading) -> Checkpoint:
    """Return the newest checkpoint. Raises Unverifiable when the signed states do not lead to it."""
    head = head_of(reading)
    if (reading.commits[-1].checkpoint.size if reading.commits else 0) != head.size:
        raise Unverifiable("commits", "the states that were signed are not known")
    return head


def refuse_leftovers(reading: Reading, prefix: str) -> None:
    """Refuse objects that nothing accounts for. While an append is unfinished, what it has written is among them."""
    if reading.lag:
        return
    for name in sorted(reading.objects.names()):
        if name.startswith(prefix) and name not in reading.known and not name.startswith(_BY_OTHERS):
            size = head_of(reading).size
            if reading.objects.get(commit_name(size)) is not None:
                commit_at(reading, size)
                raise Unverifiable(CHECKPOINT, "the log has grown while it was read; verify again")
            raise Wrong(name, "is not part of the ledger")
