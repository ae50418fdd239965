"""Amazon FSx."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
