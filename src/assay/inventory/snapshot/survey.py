"""What snapshots hold, counted; and what is in an earlier one and not in the latest: gone, not forgotten."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.inventory.snapshot.manifest import Manifest
from assay.inventory.snapshot.reading import Snapshot, index


@dataclass(frozen=True, slots=True)
class Counted:
    """How many resources of a type one account has, by the day on which they were observed."""

    account: str
    type: str
    day: str
    resources: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One snapshot with what is counted in it."""

    path: Path
    manifest: Manifest
    counts: tuple[Counted, ...]


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A resource that is in an earlier snapshot and not in the latest one.

    gone  Whether the latest snapshot reached its type in its account and region; if not, it was only not looked at.
    """

    id: str
    type: str
    first_seen: str
    last_seen: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """Snapshots in order of time, and what is in none but earlier ones."""

    snapshots: tuple[Shown, ...]
    lapsed: tuple[Lapsed, ...] = ()


def surveyed(snapshots: Iterable[Snapshot]) -> Survey:
    """Return what is in snapshots. Raises NotASnapshot when a part was changed, is missing or cut short."""
    opened = sorted(snapshots, key=lambda each: (each.manifest.last, str(each.directory)))
    shown = tuple(Shown(each.directory, each.manifest, _counts(each)) for each in opened)
    return Survey(shown, _lapsed(opened) if len(opened) > 1 else ())


def _counts(snapshot: Snapshot) -> tuple[Counted, ...]:
    tally = Counter((row.account, row.type, row.observed[:10]) for row in index(snapshot))
    return tuple(Counted(*key, count) for key, count in sorted(tally.items()))


def _lapsed(opened: Sequence[Snapshot]) -> tuple[Lapsed, ...]:
    """Return what the latest snapshot lacks: gone, not forgotten."""
    seen: dict[str, tuple[str, str, str, str, str]] = {}
    for snapshot in opened:
        here = snapshot.manifest.last
        for row in index(snapshot):
            first = seen[row.id][3] if row.id in seen else row.observed or here
            seen[row.id] = (row.account, row.region, row.type, first, row.observed or here)
    latest = opened[-1]
    for row in index(latest):
        del seen[row.id]
    return tuple(
        Lapsed(identity, kind, first, last, is_reached(latest.manifest, account, region, kind, identity))
        for identity, (account, region, kind, first, last) in sorted(seen.items())
    )


def is_reached(manifest: Manifest, account: str, region: str, kind: str, identity: str) -> bool:
    """Whether a snapshot without a resource says thereby that it does not exist."""
    return kind in manifest.listed.get((account, region), frozenset()) or identity in manifest.departed
