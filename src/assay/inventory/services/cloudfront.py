"""Amazon CloudFront."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
