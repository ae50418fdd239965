"""AWS Systems Manager."""

from assay.inventory.tables import ResourceTable

TABLE = (
    ResourceTable("AWS::SSM::Parameter", names=("Name",)),
    ResourceTable("AWS::SSM::Document", defaults={"DocumentType": "Command", "DocumentFormat": "JSON"}),
)
