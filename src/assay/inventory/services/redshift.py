"""Amazon Redshift."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
