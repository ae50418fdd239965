"""Amazon S3."""

from assay.inventory.schema import POLICY
from assay.inventory.tables import Fold, ResourceTable

# What S3 sets on a new bucket, access point or multi-Region access point that says nothing; a stated block that leaves
# out a setting turns that setting off.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html (buckets, since 2023-04)
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/multi-region-access-point-block-public-access.html
_BLOCKED = {
    "BlockPublicAcls": True,
    "BlockPublicPolicy": True,
    "IgnorePublicAcls": True,
    "RestrictPublicBuckets": True,
}

# Since 2023-01 every new object is encrypted with keys of Amazon S3; a directory bucket always was.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
_ENCRYPTED = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}

TABLE = (
    ResourceTable(
        "AWS::S3::Bucket",
        defaults={
            "PublicAccessBlockConfiguration": _BLOCKED,
            "BucketEncryption": _ENCRYPTED,
            # New buckets disable ACLs, unless they say otherwise (same page as the block of public access).
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
            # Stated without its switch, the configuration sends events to EventBridge; absent, it does not. A control
            # must ask has(…EventBridgeConfiguration) first.
            "NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled": True,
        },
        # A live bucket without the configuration blocks nothing (GetPublicAccessBlock: "no configuration"); without its
        # ownership controls, ACLs count as they did before 2021. Encryption with keys of Amazon S3 is on for all.
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
        unset={
            "PublicAccessBlockConfiguration": dict.fromkeys(_BLOCKED, False),
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
            "BucketEncryption": _ENCRYPTED,
            "ObjectLockEnabled": False,
        },
        names=("BucketName",),
        folds=(
            Fold("AWS::S3::BucketPolicy", key="Bucket", into="Policy", take="PolicyDocument", many=False, type=POLICY),
        ),
    ),
    ResourceTable("AWS::S3::AccessPoint", defaults={"PublicAccessBlockConfiguration": _BLOCKED}, names=("Name",)),
    ResourceTable(
        "AWS::S3::MultiRegionAccessPoint",
        defaults={"PublicAccessBlockConfiguration": _BLOCKED},
        names=("Name",),
        folds=(
            Fold(
                "AWS::S3::MultiRegionAccessPointPolicy",
                key="MrapName",
                into="Policy",
                take="Policy",
                many=False,
                type=POLICY,
            ),
        ),
    ),
    ResourceTable(
        "AWS::S3Express::DirectoryBucket",
        defaults={"BucketEncryption": _ENCRYPTED},
        names=("BucketName",),
        folds=(
            Fold(
                "AWS::S3Express::BucketPolicy",
                key="Bucket",
                into="Policy",
                take="PolicyDocument",
                many=False,
                type=POLICY,
            ),
        ),
    ),
)
