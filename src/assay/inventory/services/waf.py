"""AWS WAF and Shield."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
