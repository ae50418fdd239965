"""AWS Organizations and IAM Identity Center."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
