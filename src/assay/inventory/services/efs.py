"""Amazon EFS."""

from assay.inventory.tables import ResourceTable

# https://docs.aws.amazon.com/efs/latest/ug/API_CreateFileSystem.html: Encrypted is false unless it is said; automatic
# backups depend on the storage class, which the control asks for.
# https://docs.aws.amazon.com/efs/latest/ug/API_FileSystemProtectionDescription.html
TABLE = (
    ResourceTable(
        "AWS::EFS::FileSystem",
        defaults={"FileSystemProtection.ReplicationOverwriteProtection": "ENABLED"},
    ),
    ResourceTable("AWS::EFS::AccessPoint", defaults={"RootDirectory.Path": "/"}),
)
