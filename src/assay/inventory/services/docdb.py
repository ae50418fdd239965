"""Amazon DocumentDB."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
