"""AWS Network Firewall."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
