"""Amazon S3."""

from assay.inventory.schema import POLICY
from assay.inventory.tables import Fold, ResourceTable

TABLE = (
    ResourceTable(
        "AWS::S3::Bucket",
        defaults={
            # Since 2023-04 a new bucket blocks public access and disables ACLs, unless it says otherwise.
            # https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": True,
            },
            # Since 2023-01 every new object is encrypted with keys of Amazon S3.
            # https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
            },
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        },
        names=("BucketName",),
        folds=(
            Fold("AWS::S3::BucketPolicy", key="Bucket", into="Policy", take="PolicyDocument", many=False, type=POLICY),
        ),
    ),
)
