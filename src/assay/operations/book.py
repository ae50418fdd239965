"""Where a run is written, and the scope that it states."""

import datetime
import platform
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from assay import __version__
from assay.canonical import Json, rfc3339
from assay.inventory.values import Value
from assay.ledger.keys import Signer
from assay.ledger.log import Writable
from assay.ledger.run import Manifest, Status

Redact: TypeAlias = Callable[[Value], Value]


@dataclass(frozen=True, slots=True)
class Book:
    """Where a run is written: the ledger, who signs, what hides secrets, the run's id and the clock."""

    objects: Writable
    signer: Signer
    redact: Redact
    run: str
    recorded: datetime.datetime


def manifest_of(
    book: Book,
    status: Status,
    asked: Mapping[str, Json],
    reached: Sequence[Mapping[str, Json]] = (),
    not_reached: Iterable[tuple[str, str]] = (),
) -> Manifest:
    """Return the scope of a run that this program makes now."""
    collector: dict[str, Json] = {"tool": "assay", "version": __version__, "python": platform.python_version()}
    return Manifest(
        status=status,
        collector=collector,
        observed=rfc3339(book.recorded),
        recorded=rfc3339(book.recorded),
        asked=asked,
        reached=reached,
        not_reached=[{"subject": subject, "reason": reason} for subject, reason in dict.fromkeys(not_reached)],
    )
