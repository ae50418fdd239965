"""AWS Step Functions."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
