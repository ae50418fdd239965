"""AWS Secrets Manager."""

from assay.inventory.schema import POLICY
from assay.inventory.tables import Fold, ResourceTable

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-secretsmanager-secret-generatesecretstring.html
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
        defaults={"GenerateSecretString.PasswordLength": 32},
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
