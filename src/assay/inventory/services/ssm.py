"""AWS Systems Manager."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
