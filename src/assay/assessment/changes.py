"""Who changed a resource, and by what."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assay.sources.cloudtrail import Reading
from assay.sources.cloudtrail.channel import Channel


class By(enum.StrEnum):
    """Who made a change, as the organisation sees it."""

    PIPELINE = "pipeline"
    BREAK_GLASS = "break-glass"
    SERVICE = "service"
    OTHER = "somebody"


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One event that wrote to a resource."""

    time: str
    event: str
    action: str
    who: str
    by: By
    channel: Channel


@dataclass
class Changes:
    """The changes by the id of the resource that they were made to. `events`: how many events were looked at."""

    found: Mapping[str, Sequence[Change]] = field(default_factory=dict)
    events: int = 0
    first: str = ""
    last: str = ""
    reading: Reading = field(default_factory=Reading)
