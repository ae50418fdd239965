"""Cognito, IAM Identity Center, Organizations, RAM, and desktops."""

from collections.abc import Mapping

from assay.inventory.values import Value
from assay.sources.terraform.mapping import HERE, Entry, Turned, Values, left


def _mfa(values: Values) -> Mapping[str, Value]:
    """Return the factors that a pool lets its users choose from."""
    if values.get("mfa_configuration") not in ("ON", "OPTIONAL"):
        return {}
    tokens, messages = _only(values.get("software_token_mfa_configuration")), _only(values.get("sms_configuration"))
    found: list[Value] = ["SOFTWARE_TOKEN_MFA"] if isinstance(tokens, Mapping) and tokens.get("enabled") else []
    found += ["SMS_MFA"] if isinstance(messages, Mapping) else []
    return {"EnabledMfas": found or None}


def _only(blocks: Value) -> Value:
    return blocks[0] if isinstance(blocks, list) and blocks else None


def _protected(value: Value) -> Value:
    return value or None


COGNITO: tuple[Entry, ...] = (
    Entry(
        "aws_cognito_user_pool",
        "AWS::Cognito::UserPool",
        {
            "name": "UserPoolName",
            "account_recovery_setting.recovery_mechanism": "RecoveryMechanisms",
            "deletion_protection": Turned("DeletionProtection", _protected),
            "password_policy": "Policies.PasswordPolicy",
            "password_policy.temporary_password_validity_days": "TemporaryPasswordValidityDays",
            "sign_in_policy": "Policies.SignInPolicy",
            "schema": "Schema",
            "schema.number_attribute_constraints": "NumberAttributeConstraints",
            "schema.string_attribute_constraints": "StringAttributeConstraints",
            "user_pool_add_ons.advanced_security_additional_flows": "AdvancedSecurityAdditionalFlows",
            "lambda_config.kms_key_id": "KMSKeyID",
            "lambda_config.custom_email_sender": "CustomEmailSender",
            "lambda_config.custom_sms_sender": "CustomSMSSender",
            "email_configuration.reply_to_email_address": "ReplyToEmailAddress",
            "email_configuration.from_email_address": "From",
            "web_authn_configuration": HERE,
            "web_authn_configuration.relying_party_id": "WebAuthnRelyingPartyID",
            "web_authn_configuration.user_verification": "WebAuthnUserVerification",
            "sms_configuration.sns_caller_arn": "SnsCallerArn",
            **left(
                "creation_date",
                "custom_domain",
                "domain",
                "endpoint",
                "estimated_number_of_users",
                "last_modified_date",
                "software_token_mfa_configuration",
                "email_mfa_configuration",
            ),
        },
        computed=(
            "admin_create_user_config",
            "password_policy",
            "sign_in_policy",
            "account_recovery_setting",
            "verification_message_template",
            "schema",
            "lambda_config",
            "sms_configuration",
            "email_mfa_configuration",
            "software_token_mfa_configuration",
            "web_authn_configuration",
        ),
        derive=_mfa,
    ),
    Entry(
        "aws_cognito_user_pool_client",
        "AWS::Cognito::UserPoolClient",
        {
            "name": "ClientName",
            "allowed_oauth_flows": "AllowedOAuthFlows",
            "allowed_oauth_scopes": "AllowedOAuthScopes",
            "callback_urls": "CallbackURLs",
            "logout_urls": "LogoutURLs",
            "default_redirect_uri": "DefaultRedirectURI",
            **left("client_secret"),
        },
        computed=("analytics_configuration", "token_validity_units", "refresh_token_rotation"),
    ),
    Entry(
        "aws_cognito_user_pool_domain",
        "AWS::Cognito::UserPoolDomain",
        {
            "certificate_arn": "CustomDomainConfig.CertificateArn",
            **left(
                "aws_account_id",
                "cloudfront_distribution",
                "cloudfront_distribution_arn",
                "cloudfront_distribution_zone_id",
                "s3_bucket",
                "version",
            ),
        },
    ),
    Entry(
        "aws_cognito_identity_pool",
        "AWS::Cognito::IdentityPool",
        {
            "openid_connect_provider_arns": "OpenIdConnectProviderARNs",
            "saml_provider_arns": "SamlProviderARNs",
            "supported_login_providers": "SupportedLoginProviders",
        },
        defaults={"allow_classic_flow": False},
    ),
)

ORGANISATION: tuple[Entry, ...] = (
    Entry(
        "aws_organizations_organization",
        "AWS::Organizations::Organization",
        left(
            "accounts",
            "aws_service_access_principals",
            "enabled_policy_types",
            "master_account_arn",
            "master_account_email",
            "master_account_id",
            "master_account_name",
            "non_master_accounts",
            "roots",
            "return_organization_only",
        ),
        defaults={"feature_set": "ALL"},
    ),
    Entry(
        "aws_organizations_policy",
        "AWS::Organizations::Policy",
        left("skip_destroy"),
        defaults={"type": "SERVICE_CONTROL_POLICY"},
    ),
    Entry(
        "aws_organizations_policy_attachment",
        "AWS::Organizations::Policy",
        {"target_id": Turned("TargetIds", lambda value: [value]), **left("policy_id", "skip_destroy")},
        part_of="policy_id",
        adds=("TargetIds",),
    ),
    Entry(
        "aws_organizations_account",
        "AWS::Organizations::Account",
        {
            "name": "AccountName",
            "parent_id": Turned("ParentIds", lambda value: [value]),
            **left(
                "close_on_deletion",
                "create_govcloud",
                "govcloud_id",
                "iam_user_access_to_billing",
                "joined_method",
                "joined_timestamp",
                "role_name",
                "state",
                "status",
            ),
        },
    ),
    Entry("aws_organizations_organizational_unit", "AWS::Organizations::OrganizationalUnit", left("accounts")),
    Entry(
        "aws_ssoadmin_permission_set",
        "AWS::SSO::PermissionSet",
        {"relay_state": "RelayStateType", **left("created_date")},
    ),
    Entry(
        "aws_ssoadmin_managed_policy_attachment",
        "AWS::SSO::PermissionSet",
        {
            "managed_policy_arn": Turned("ManagedPolicies", lambda value: [value]),
            **left("instance_arn", "managed_policy_name", "permission_set_arn"),
        },
        part_of="permission_set_arn",
        adds=("ManagedPolicies",),
    ),
    Entry(
        "aws_ssoadmin_permission_set_inline_policy",
        "AWS::SSO::PermissionSet",
        left("instance_arn", "permission_set_arn"),
        part_of="permission_set_arn",
    ),
    Entry("aws_ssoadmin_account_assignment", "AWS::SSO::Assignment"),
    Entry("aws_ram_resource_share", "AWS::RAM::ResourceShare", left("resource_share_configuration")),
    Entry(
        "aws_ram_principal_association",
        "AWS::RAM::ResourceShare",
        {"principal": Turned("Principals", lambda value: [value]), **left("resource_share_arn")},
        part_of="resource_share_arn",
        adds=("Principals",),
    ),
    Entry(
        "aws_workspaces_workspace",
        "AWS::WorkSpaces::Workspace",
        {"workspace_properties": "WorkspaceProperties", **left("computer_name", "ip_address", "state")},
        computed=("workspace_properties",),
    ),
    Entry(
        "aws_cloudformation_stack",
        "AWS::CloudFormation::Stack",
        {
            "notification_arns": "NotificationARNs",
            "template_url": "TemplateURL",
            **left(
                "name",
                "template_body",
                "iam_role_arn",
                "on_failure",
                "policy_body",
                "policy_url",
                "outputs",
                "capabilities",
                "disable_rollback",
            ),
        },
    ),
)

TABLE = (*COGNITO, *ORGANISATION)
