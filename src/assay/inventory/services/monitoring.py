"""Amazon CloudWatch and CloudWatch Logs."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
