"""Amazon EC2 and VPC."""

from assay.inventory.tables import Fold, ResourceTable, Undocumented

TABLE = (
    ResourceTable(
        "AWS::EC2::SecurityGroup",
        names=("GroupName",),
        folds=(
            Fold("AWS::EC2::SecurityGroupIngress", key="GroupId", into="SecurityGroupIngress"),
            Fold("AWS::EC2::SecurityGroupEgress", key="GroupId", into="SecurityGroupEgress"),
        ),
    ),
    ResourceTable(
        "AWS::EC2::Instance",
        defaults={
            "MetadataOptions.HttpTokens": Undocumented("the image and the account's defaults for instance metadata"),
            "Monitoring": False,
            "DisableApiTermination": False,
            "EbsOptimized": False,
        },
    ),
    ResourceTable("AWS::EC2::Volume", defaults={"Encrypted": Undocumented("the account's default for EBS encryption")}),
)
