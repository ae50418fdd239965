"""Configuration items of AWS Config: delivered snapshots and histories, and what its APIs and aggregators answer."""

from assay.sources.aws_config.items import is_outlined, is_snapshot
from assay.sources.aws_config.read import Recorded, attach_policies, read, relations, stream, together

__all__ = ["Recorded", "attach_policies", "is_outlined", "is_snapshot", "read", "relations", "stream", "together"]
