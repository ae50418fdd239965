"""Access points of Amazon S3."""

from assay.sources.aws.entry import Call, Entry, List, nothing

_POINT = {"AccountId": "account()", "Name": "Name"}

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::S3::AccessPoint",
        "s3control",
        (List("ListAccessPoints", "AccessPointList", {"AccountId": "account()"}, tokens=("NextToken", "NextToken")),),
        "Name",
        describe=Call("GetAccessPoint", _POINT),
        same=(
            "Alias",
            "Bucket",
            "BucketAccountId",
            "Name",
            "NetworkOrigin",
            "PublicAccessBlockConfiguration",
            "VpcConfiguration",
        ),
        rows={"Arn": "AccessPointArn"},
        calls=(
            Call("GetAccessPointPolicy", _POINT, rows={"Policy": "Policy"}, absent=nothing("NoSuchAccessPointPolicy")),
            Call("ListTagsForResource", {"AccountId": "account()", "ResourceArn": "AccessPointArn"}, same=("Tags",)),
        ),
        gone=("NoSuchAccessPoint",),
    ),
)
