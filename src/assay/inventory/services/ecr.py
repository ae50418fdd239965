"""Amazon ECR."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
