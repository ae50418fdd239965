"""Canonical JSON is also what snapshots are named by: see `assay.canonical`."""

from assay.canonical import Json, canonical, digest

__all__ = ["Json", "canonical", "digest"]
