"""AWS Key Management Service."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
