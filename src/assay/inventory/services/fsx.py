"""Amazon FSx."""

from assay.inventory.tables import ResourceTable

# https://docs.aws.amazon.com/fsx/latest/APIReference/API_CreateFileSystemWindowsConfiguration.html and its siblings:
# backups are kept for 30 days unless it is said, but for Lustre, which makes none.
TABLE = (
    ResourceTable(
        "AWS::FSx::FileSystem",
        defaults={
            "LustreConfiguration.AutomaticBackupRetentionDays": 0,
            "LustreConfiguration.DeploymentType": "SCRATCH_1",
            "OntapConfiguration.AutomaticBackupRetentionDays": 30,
            "OpenZFSConfiguration.AutomaticBackupRetentionDays": 30,
            "WindowsConfiguration.AutomaticBackupRetentionDays": 30,
            "WindowsConfiguration.DeploymentType": "SINGLE_AZ_1",
        },
    ),
)
