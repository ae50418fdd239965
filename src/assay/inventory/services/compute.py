"""AWS Batch, App Runner, Elastic Beanstalk, WorkSpaces."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
