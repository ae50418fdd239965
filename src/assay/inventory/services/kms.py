"""AWS Key Management Service."""

from assay.inventory.tables import ResourceTable

# https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html
# https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html (30 days)
# https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html (365 days)
TABLE = (
    ResourceTable(
        "AWS::KMS::Key",
        defaults={
            "Enabled": True,
            "KeySpec": "SYMMETRIC_DEFAULT",
            "KeyUsage": "ENCRYPT_DECRYPT",
            "Origin": "AWS_KMS",
            "PendingWindowInDays": 30,
            "RotationPeriodInDays": 365,
        },
    ),
    ResourceTable("AWS::KMS::ReplicaKey", defaults={"Enabled": True, "PendingWindowInDays": 30}),
)
