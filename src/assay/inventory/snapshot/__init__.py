"""Snapshots: what was observed of live accounts, in one documented format (docs/snapshots.md).

A folder with a manifest and Parquet files named by their digests. What is in it is what the sources said, with absences
made explicit, before anything is folded or related: a better table applies to old snapshots too.
"""

from assay.inventory.snapshot.manifest import FORMAT, Asked, Manifest, Part, Reached, account_of
from assay.inventory.snapshot.reading import (
    NotASnapshot,
    Snapshot,
    is_snapshot,
    open_snapshot,
    part_file,
    resources,
    verify,
)
from assay.inventory.snapshot.writing import Unit, Writer

__all__ = [
    "FORMAT",
    "Asked",
    "Manifest",
    "NotASnapshot",
    "Part",
    "Reached",
    "Snapshot",
    "Unit",
    "Writer",
    "account_of",
    "is_snapshot",
    "open_snapshot",
    "part_file",
    "resources",
    "verify",
]
