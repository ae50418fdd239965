"""AWS Key Management Service. Keys that AWS manages for itself are no customer's keys, and left out."""

from assay.sources.aws.entry import Call, Entry, List

_KEY = {"KeyId": "KeyId"}

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::KMS::Key",
        "kms",
        (List("ListKeys", "Keys"),),
        "KeyId",
        describe=Call("DescribeKey", _KEY, answer="KeyMetadata"),
        keep="is(KeyManager, 'CUSTOMER')",
        same=("Arn", "Description", "Enabled", "KeyId", "KeySpec", "KeyUsage", "MultiRegion", "Origin"),
        calls=(
            Call(
                "GetKeyRotationStatus",
                _KEY,
                # Keys with other material, and asymmetric ones, cannot be rotated by AWS.
                when="is(KeySpec, 'SYMMETRIC_DEFAULT') && is(Origin, 'AWS_KMS')",
                otherwise={"EnableKeyRotation": False},
                rows={"EnableKeyRotation": "KeyRotationEnabled", "RotationPeriodInDays": "RotationPeriodInDays"},
                absent={"UnsupportedOperationException": {"EnableKeyRotation": False}},
            ),
            Call("GetKeyPolicy", {**_KEY, "PolicyName": "'default'"}, rows={"KeyPolicy": "Policy"}),
            Call("ListResourceTags", _KEY, rows={"Tags": "Tags[].{Key: TagKey, Value: TagValue}"}),
        ),
        gone=("NotFoundException",),
    ),
)
