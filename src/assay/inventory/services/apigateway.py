"""Amazon API Gateway and AWS AppSync."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
