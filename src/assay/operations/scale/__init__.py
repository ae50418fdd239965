"""Assessing snapshots of a whole organisation: in shards, by local processes or a cluster, resumed where it stopped."""

from assay.operations.scale.run import Options, Run, assess_snapshot

__all__ = ["Options", "Run", "assess_snapshot"]
