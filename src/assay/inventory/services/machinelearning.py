"""Amazon SageMaker AI and Amazon Bedrock."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
