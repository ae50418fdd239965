"""Amazon GuardDuty, AWS Security Hub, Amazon Inspector, Amazon Macie, Amazon Detective, IAM Access Analyzer."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = ()
