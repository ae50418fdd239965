"""Snapshots: what was observed of live accounts, in one documented format (docs/snapshots.md).

A folder with a manifest and Parquet files named by their digests. What is in it is what the sources said, with absences
made explicit, before anything is folded or related: a better table applies to old snapshots too.
"""

from assay.inventory.snapshot.document import moment
from assay.inventory.snapshot.manifest import FORMAT, Asked, Manifest, Part, Reached, account_of
from assay.inventory.snapshot.reading import (
    NotASnapshot,
    Snapshot,
    apart,
    index,
    is_snapshot,
    open_snapshot,
    part_file,
    resources,
    verify,
)
from assay.inventory.snapshot.survey import Counted, Lapsed, Shown, Survey, is_reached, surveyed
from assay.inventory.snapshot.writing import Redact, Unit, Writer

__all__ = [
    "FORMAT",
    "Asked",
    "Counted",
    "Lapsed",
    "Manifest",
    "NotASnapshot",
    "Part",
    "Reached",
    "Redact",
    "Shown",
    "Snapshot",
    "Survey",
    "Unit",
    "Writer",
    "account_of",
    "apart",
    "index",
    "is_reached",
    "is_snapshot",
    "moment",
    "open_snapshot",
    "part_file",
    "resources",
    "surveyed",
    "verify",
]
