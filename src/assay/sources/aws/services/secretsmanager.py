"""AWS Secrets Manager. The values of secrets are never asked for."""

from assay.sources.aws.entry import Call, Entry, List

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::SecretsManager::Secret",
        "secretsmanager",
        (List("ListSecrets", "SecretList"),),
        "ARN",
        same=("Description", "KmsKeyId", "Name", "Tags", "Type"),
        rows={
            "Id": "ARN",
            "RotationSchedule": (
                "RotationEnabled && {SecretId: ARN, RotationLambdaARN: RotationLambdaARN, "
                "RotationRules: RotationRules, ExternalSecretRotationMetadata: ExternalSecretRotationMetadata, "
                "ExternalSecretRotationRoleArn: ExternalSecretRotationRoleArn} || `null`"
            ),
        },
        calls=(Call("GetResourcePolicy", {"SecretId": "ARN"}, same=("ResourcePolicy",)),),
        gone=("ResourceNotFoundException",),
        holds=frozenset({"AWS::SecretsManager::ResourcePolicy", "AWS::SecretsManager::RotationSchedule"}),
    ),
)
