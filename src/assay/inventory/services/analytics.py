"""Amazon Athena, AWS Glue, Amazon EMR."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
