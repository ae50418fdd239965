"""Amazon Cognito."""

from assay.inventory.tables import Fold, ResourceTable, Undocumented
from assay.inventory.values import Value

# What a pool demands for which no password policy is stated.
# https://docs.aws.amazon.com/cli/latest/reference/cognito-idp/create-user-pool.html (first example)
_PASSWORDS: dict[str, Value] = {
    "MinimumLength": 8,
    "RequireLowercase": True,
    "RequireNumbers": True,
    "RequireSymbols": True,
    "RequireUppercase": True,
    "TemporaryPasswordValidityDays": 7,
}

TABLE = (
    ResourceTable(
        "AWS::Cognito::UserPool",
        defaults={
            "Policies": {"PasswordPolicy": _PASSWORDS},
            "Policies.PasswordPolicy": _PASSWORDS,
            "Policies.PasswordPolicy.TemporaryPasswordValidityDays": 7,
            # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPool.html
            "MfaConfiguration": "OFF",
            "DeletionProtection": "INACTIVE",
            "UserPoolTier": "ESSENTIALS",
            "UserPoolAddOns.AdvancedSecurityMode": "OFF",
        },
        names=("UserPoolName",),
        folds=(
            # Says how risks are answered, and nothing that a pool elsewhere could be judged by.
            Fold(
                "AWS::Cognito::UserPoolRiskConfigurationAttachment",
                key="UserPoolId",
                into="RiskConfigurations",
                fragments=False,
            ),
            Fold("AWS::Cognito::LogDeliveryConfiguration", key="UserPoolId", into="LogDeliveries", fragments=False),
        ),
    ),
    ResourceTable(
        "AWS::Cognito::UserPoolDomain",
        defaults={"CustomDomainConfig.SecurityPolicy": Undocumented("the day on which the domain is made")},
    ),
    ResourceTable(
        "AWS::Cognito::UserPoolClient",
        # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
        defaults={"PreventUserExistenceErrors": "LEGACY", "EnableTokenRevocation": True},
    ),
)
