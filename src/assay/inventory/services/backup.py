"""AWS Backup."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
