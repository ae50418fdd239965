"""AWS Certificate Manager and Private CA."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
