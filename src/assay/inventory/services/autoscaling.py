"""Amazon EC2 Auto Scaling."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
