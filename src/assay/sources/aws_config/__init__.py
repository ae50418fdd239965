"""Configuration items of AWS Config: delivered snapshots and histories, and what its APIs and aggregators answer."""

from assay.sources.aws_config.items import is_outlined
from assay.sources.aws_config.read import read, stream

__all__ = ["is_outlined", "read", "stream"]
