"""AWS Secrets Manager."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
