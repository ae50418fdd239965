"""Amazon DynamoDB and DAX."""

from assay.inventory.services.backup import IN_PLAN, IN_PLAN_DEFAULT, SELECTED
from assay.inventory.tables import ResourceTable

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-dynamodb-table.html
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-dax-cluster.html
TABLE = (
    ResourceTable(
        "AWS::DynamoDB::Table",
        defaults={"BillingMode": "PROVISIONED", **IN_PLAN_DEFAULT},
        names=("TableName",),
        folds=(SELECTED,),
        extra=IN_PLAN,
    ),
    ResourceTable("AWS::DynamoDB::GlobalTable", defaults={"BillingMode": "PROVISIONED"}, names=("TableName",)),
    ResourceTable("AWS::DAX::Cluster", defaults={"ClusterEndpointEncryptionType": "NONE"}, names=("ClusterName",)),
)
