"""AWS Transfer Family."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
