"""Amazon AppStream 2.0 (WorkSpaces Applications)."""

from assay.sources.aws.entry import Call, Entry, List

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::AppStream::Fleet",
        "appstream",
        (List("DescribeFleets", "Fleets"),),
        "Name",
        same=(
            "Arn",
            "Description",
            "DisableIMDSV1",
            "DisconnectTimeoutInSeconds",
            "DisplayName",
            "DomainJoinInfo",
            "EnableDefaultInternetAccess",
            "FleetType",
            "IamRoleArn",
            "IdleDisconnectTimeoutInSeconds",
            "ImageArn",
            "ImageName",
            "InstanceType",
            "MaxConcurrentSessions",
            "MaxSessionsPerInstance",
            "MaxUserDurationInSeconds",
            "Name",
            "Platform",
            "SessionScriptS3Location",
            "StreamView",
            "UsbDeviceFilterStrings",
            "VpcConfig",
        ),
        calls=(Call("ListTagsForResource", {"ResourceArn": "Arn"}, same=("Tags",)),),
        gone=("ResourceNotFoundException",),
        optional=("MaxConcurrentSessions", "MaxSessionsPerInstance"),
    ),
)
