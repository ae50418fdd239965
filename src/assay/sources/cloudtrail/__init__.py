"""What CloudTrail recorded: who called which operation, when, from where, on what. The files of a trail, streamed."""

from assay.sources.cloudtrail.event import Event, Identity, Touched, event_of
from assay.sources.cloudtrail.files import Reading, events, find

__all__ = ["Event", "Identity", "Reading", "Touched", "event_of", "events", "find"]
