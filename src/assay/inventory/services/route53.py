"""Amazon Route 53."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
