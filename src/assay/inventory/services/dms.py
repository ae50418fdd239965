"""AWS Database Migration Service."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
