"""Elastic Load Balancing, classic and v2."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
