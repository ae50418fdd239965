"""Amazon ElastiCache and MemoryDB."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
