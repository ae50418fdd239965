"""Amazon FSx. The passwords of directories and administrators are not among what it answers."""

from assay.sources.aws.entry import Entry, List

# The schema wants the word, the service says the truth value.
_WORDS = (
    "OntapConfiguration.CopyTagsToBackups",
    "OntapConfiguration.SnaplockConfiguration.AuditLogVolume",
    "OntapConfiguration.SnaplockConfiguration.VolumeAppendModeEnabled",
    "OntapConfiguration.StorageEfficiencyEnabled",
)


def _word(path: str) -> str:
    return f"{path} == `true` && 'true' || {path} == `false` && 'false' || `null`"


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::FSx::FileSystem",
        "fsx",
        (List("DescribeFileSystems", "FileSystems"),),
        "FileSystemId",
        keep="Lifecycle != 'DELETING'",
        same=(
            "DNSName",
            "FileSystemType",
            "FileSystemTypeVersion",
            "KmsKeyId",
            "LustreConfiguration",
            "NetworkType",
            "OntapConfiguration",
            "OpenZFSConfiguration",
            "ResourceARN",
            "StorageCapacity",
            "StorageType",
            "SubnetIds",
            "Tags",
            "WindowsConfiguration",
        ),
        rows={
            "Id": "FileSystemId",
            "LustreMountName": "LustreConfiguration.MountName",
            "RootVolumeId": "OpenZFSConfiguration.RootVolumeId",
            "WindowsConfiguration.Aliases": "WindowsConfiguration.Aliases[].Name",
        },
    ),
    Entry(
        "AWS::FSx::Volume",
        "fsx",
        (List("DescribeVolumes", "Volumes"),),
        "VolumeId",
        keep="Lifecycle != 'DELETING'",
        same=("Name", "ResourceARN", "Tags", "VolumeId", "VolumeType"),
        rows={
            "OntapConfiguration": "OntapConfiguration",
            **{path: _word(path) for path in _WORDS},
            "OpenZFSConfiguration": "OpenZFSConfiguration",
            "UUID": "OntapConfiguration.UUID",
        },
    ),
)
