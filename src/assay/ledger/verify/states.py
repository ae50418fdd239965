"""Which states of the log were signed: the newest, all before it, and one that somebody kept from an earlier time."""

from assay.canonical import canonical
from assay.ledger.checkpoint import Checkpoint
from assay.ledger.log import CHECKPOINT, FORMAT, LEDGER, commit_name, read_tile
from assay.ledger.merkle import consistency_proof, consistent
from assay.ledger.tiles import NOTHING, nodes_of
from assay.ledger.verify.reading import Reading, chain, commit_at, head_of, required, signed
from assay.ledger.verify.steps import Unverifiable, Wrong, counted


def check_checkpoint(reading: Reading) -> str:
    """1: the checkpoint bears the key's signature, and the ledger is the one that it names."""
    head = signed(CHECKPOINT, required(reading, CHECKPOINT), reading.key)
    if head.origin != reading.key.name:
        raise Wrong(CHECKPOINT, f"it is of {head.origin}, and the key signs for {reading.key.name}")
    stated = canonical({"format": FORMAT, "origin": head.origin, "public_key": str(reading.key)})
    if required(reading, LEDGER) != stated:
        raise Wrong(LEDGER, "it does not describe the ledger of this key")
    reading.head = head
    return f"{head.size} entries, signed for {head.origin}"


def check_history(reading: Reading) -> str:
    """2: from the empty log to the checkpoint, every state was signed."""
    head, commits = head_of(reading), reading.commits
    size = 0
    while size < head.size:
        commit = commit_at(reading, size)
        commits.append(commit)
        size = commit.checkpoint.size
    latest = commits[-1].checkpoint if commits else Checkpoint(reading.key.name, 0, NOTHING.root)
    if latest != head:
        raise Wrong(CHECKPOINT, f"it is none of the states that were signed one after another, up to {size} entries")
    if reading.objects.get(commit_name(size)) is not None:
        commit_at(reading, size)
        reading.lag = f"{commit_name(size)} goes on from it: an append is unfinished, or the checkpoint was set back"
        raise Unverifiable(CHECKPOINT, f"{reading.lag}; the next append, or `assay ledger settle`, mends it")
    return f"{counted(len(commits), 'state')}, each signed"


def check_older(reading: Reading) -> str:
    """4: a checkpoint from an earlier time is a state of this log."""
    assert reading.older is not None
    head = chain(reading)
    older = signed("the older checkpoint", reading.older, reading.key)
    if older.origin != head.origin:
        raise Wrong("the older checkpoint", f"it is of {older.origin}")
    if older.size > head.size:
        raise Wrong(CHECKPOINT, f"the log was set back: it had {older.size} entries, and has {head.size}")
    nodes = nodes_of(head.size, lambda level, index, width: read_tile(reading.objects, level, index, width))
    proof = consistency_proof(nodes, older.size, head.size)
    if not consistent(older.size, older.root, head.size, head.root, proof):
        raise Wrong(CHECKPOINT, f"the first {older.size} entries are others than the older checkpoint's")
    return f"the log of {older.size} entries is the beginning of this one"
