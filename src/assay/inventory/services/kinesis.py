"""Amazon Kinesis and Data Firehose."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
