"""Amazon SNS, Amazon SQS, Amazon MQ, Amazon EventBridge."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
