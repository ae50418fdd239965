"""AWS Secrets Manager."""

from assay.inventory.schema import POLICY
from assay.inventory.tables import Fold, ResourceTable

TABLE = (
    ResourceTable(
        # Ref of an attachment is the secret's ARN: a schedule that refers to the attachment rotates the secret.
        "AWS::SecretsManager::SecretTargetAttachment",
        folds=(
            Fold(
                "AWS::SecretsManager::RotationSchedule",
                key="SecretId",
                into="RotationSchedule",
                many=False,
                fragments=False,
            ),
        ),
    ),
    ResourceTable(
        "AWS::SecretsManager::Secret",
        names=("Name",),
        folds=(
            Fold("AWS::SecretsManager::RotationSchedule", key="SecretId", into="RotationSchedule", many=False),
            Fold(
                "AWS::SecretsManager::ResourcePolicy",
                key="SecretId",
                into="ResourcePolicy",
                take="ResourcePolicy",
                many=False,
                type=POLICY,
            ),
        ),
    ),
)
