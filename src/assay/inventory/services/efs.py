"""Amazon EFS."""

from assay.inventory.services.backup import IN_PLAN, IN_PLAN_DEFAULT, SELECTED
from assay.inventory.tables import ResourceTable

# https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html: Encrypted is false unless it is said; automatic
# backups depend on the storage class, which the control asks for.
# https://docs.aws.amazon.com/efs/latest/ug/API_FileSystemProtectionDescription.html
TABLE = (
    ResourceTable(
        "AWS::EFS::FileSystem",
        defaults={"FileSystemProtection.ReplicationOverwriteProtection": "ENABLED", **IN_PLAN_DEFAULT},
        folds=(SELECTED,),
        extra=IN_PLAN,
    ),
    ResourceTable("AWS::EFS::AccessPoint", defaults={"RootDirectory.Path": "/"}),
)
