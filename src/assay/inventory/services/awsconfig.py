"""AWS Config."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
