"""Amazon RDS and Aurora."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
