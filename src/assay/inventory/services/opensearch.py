"""Amazon OpenSearch Service."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
