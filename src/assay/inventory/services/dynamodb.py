"""Amazon DynamoDB and DAX."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
