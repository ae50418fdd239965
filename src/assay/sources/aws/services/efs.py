"""Amazon EFS."""

from assay.sources.aws.entry import Call, Entry, List, nothing

_SYSTEM = {"FileSystemId": "FileSystemId"}

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::EFS::FileSystem",
        "efs",
        (List("DescribeFileSystems", "FileSystems"),),
        "FileSystemId",
        same=(
            "AvailabilityZoneName",
            "Encrypted",
            "FileSystemId",
            "FileSystemProtection",
            "KmsKeyId",
            "PerformanceMode",
            "ProvisionedThroughputInMibps",
            "ThroughputMode",
        ),
        rows={"Arn": "FileSystemArn", "FileSystemTags": "Tags"},
        calls=(
            Call(
                "DescribeBackupPolicy",
                _SYSTEM,
                rows={
                    "BackupPolicy.Status": (
                        "BackupPolicy.Status && "
                        "(is(BackupPolicy.Status, 'ENABLED', 'ENABLING') && 'ENABLED' || 'DISABLED')"
                    )
                },
                absent={"PolicyNotFound": {"BackupPolicy.Status": "DISABLED"}},
            ),
            Call(
                "DescribeFileSystemPolicy",
                _SYSTEM,
                rows={"FileSystemPolicy": "Policy"},
                absent=nothing("PolicyNotFound"),
            ),
            Call("DescribeLifecycleConfiguration", _SYSTEM, same=("LifecyclePolicies",)),
        ),
        gone=("FileSystemNotFound",),
        optional=("ProvisionedThroughputInMibps",),
    ),
    Entry(
        "AWS::EFS::AccessPoint",
        "efs",
        (List("DescribeAccessPoints", "AccessPoints"),),
        "AccessPointId",
        same=("AccessPointId", "ClientToken", "FileSystemId", "PosixUser", "RootDirectory"),
        rows={"AccessPointTags": "Tags", "Arn": "AccessPointArn"},
    ),
    Entry(
        "AWS::EFS::MountTarget",
        "efs",
        (
            List("DescribeFileSystems", "FileSystems"),
            List("DescribeMountTargets", "MountTargets", _SYSTEM, absent=("FileSystemNotFound",)),
        ),
        "MountTargetId",
        same=("FileSystemId", "IpAddress", "Ipv6Address", "SubnetId"),
        rows={"Id": "MountTargetId"},
        calls=(
            Call("DescribeMountTargetSecurityGroups", {"MountTargetId": "MountTargetId"}, same=("SecurityGroups",)),
        ),
        gone=("MountTargetNotFound",),
    ),
)
