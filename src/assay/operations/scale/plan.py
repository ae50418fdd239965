"""How the work is cut: whole accounts, many small ones together, so that no shard depends on another.

A shard is named by the digests of what it reads and of the rules. Whoever assesses it, and how often, writes the same
result under that name: at least once is exactly once in effect.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.canonical import canonical, digest
from assay.inventory.snapshot import Snapshot
from assay.inventory.snapshot.manifest import Part
from assay.operations.deployed import beside

FORMAT = "assay.run/1"
ROWS = 60_000  # resources of a shard; an account with more is one of its own


@dataclass(frozen=True, slots=True)
class Shard:
    """What one process assesses at once.

    accounts  In order; listed: (account, region, types) of which everything beside a resource is known.
    around    The digest of `listed`; verdicts on unchanged documents are the same while it is.
    name      The digest of all that decides the result, the rules included.
    """

    snapshot: Path
    accounts: tuple[str, ...]
    parts: tuple[Part, ...]
    listed: tuple[tuple[str, str, tuple[str, ...]], ...]
    around: str
    name: str

    @property
    def rows(self) -> int:
        """How many resources it has."""
        return sum(each.rows for each in self.parts)


def plan(snapshot: Snapshot, rules: str, before: Iterable[Sequence[str]] = (), *, rows: int = ROWS) -> list[Shard]:
    """Return the shards of a snapshot, the largest first.

    rules   Digest of the rules.
    before  Accounts that were together before, and stay so: what did not change is found again.
    """
    parts: dict[str, list[Part]] = defaultdict(list)
    for each in snapshot.manifest.parts:
        parts[each.account].append(each)
    sizes = {account: sum(each.rows for each in several) for account, several in parts.items()}
    groups = [kept for each in before if (kept := tuple(one for one in each if one in parts))]
    known = {account for each in groups for account in each}
    groups += _packed({account: sizes[account] for account in sorted(parts) if account not in known}, rows)
    shards = [_shard(snapshot, group, [part for one in group for part in parts[one]], rules) for group in groups]
    return sorted(shards, key=lambda each: (-each.rows, each.name))


def _packed(sizes: Mapping[str, int], rows: int) -> Iterator[tuple[str, ...]]:
    held: list[str] = []
    for account, size in sizes.items():
        if held and size + sum(sizes[each] for each in held) > rows:
            yield tuple(held)
            held = []
        held.append(account)
    if held:
        yield tuple(held)


def _shard(snapshot: Snapshot, accounts: tuple[str, ...], parts: Sequence[Part], rules: str) -> Shard:
    manifest = snapshot.manifest
    listed = tuple(
        (*place, tuple(sorted(types)))
        for account in accounts
        for place, types in sorted(beside(manifest.listed, account, manifest.asked.regions).items())
    )
    around = digest(canonical([[account, region, list(types)] for account, region, types in listed]))
    stated = {
        "format": FORMAT,
        "accounts": list(accounts),
        "parts": sorted(each.sha256 for each in parts),
        "around": around,
        "rules": rules,
    }
    ordered = tuple(sorted(parts))
    return Shard(snapshot.directory, accounts, ordered, listed, around, digest(canonical(stated)))
