"""AWS Identity and Access Management."""

from collections.abc import Mapping

from assay.inventory.values import Unknown, Value
from assay.sources.terraform.mapping import Entry, Turned, Values, left


def _inline(values: Values) -> Mapping[str, Value]:
    """Return the policies that are written within a role."""
    blocks = values.get("inline_policy")
    if not isinstance(blocks, list):
        return {"Policies": blocks}
    found = [_policy(each) if isinstance(each, Mapping) else each for each in blocks]
    return {"Policies": [each for each in found if each] or None}


def _policy(block: Mapping[str, Value]) -> Value:
    stated = {"PolicyName": block.get("name"), "PolicyDocument": block.get("policy")}
    return {key: each for key, each in stated.items() if each}


def _owned(owner: str) -> Entry:
    """Return the entry of a policy that belongs to one role, user or group, and stands apart from it."""
    return Entry(
        f"aws_iam_{owner}_policy",
        f"AWS::IAM::{owner.capitalize()}Policy",
        {
            owner: f"{owner.capitalize()}Name",
            "name": "PolicyName",
            "policy": "PolicyDocument",
            **left("name_prefix"),
        },
    )


def _attached(owner: str) -> Entry:
    return Entry(
        f"aws_iam_{owner}_policy_attachment",
        f"AWS::IAM::{owner.capitalize()}",
        {"policy_arn": Turned("ManagedPolicyArns", lambda value: [value]), **left(owner)},
        part_of=owner,
        adds=("ManagedPolicyArns",),
    )


def _exclusive(owner: str) -> Entry:
    return Entry(
        f"aws_iam_{owner}_policy_attachments_exclusive",
        f"AWS::IAM::{owner.capitalize()}",
        {"policy_arns": "ManagedPolicyArns", **left(f"{owner}_name")},
        part_of=f"{owner}_name",
    )


_BOUNDARY: dict[str, str | Turned] = {"permissions_boundary": "PermissionsBoundary"}
_PATHS = left("unique_id", "create_date", "name_prefix", "force_detach_policies")


def _profile(values: Values) -> Mapping[str, Value]:
    role = values.get("role")
    return {"Roles": [role]} if role else {}


def _membership(values: Values) -> Mapping[str, Value]:
    groups = values.get("groups")
    return {"Groups": groups if isinstance(groups, list | Unknown) else None}


def _attached_to_all(owner: str) -> Entry:
    """Return the entry of an attachment to several roles, users and groups at once, as far as one kind goes."""
    return Entry(
        "aws_iam_policy_attachment",
        f"AWS::IAM::{owner.capitalize()}",
        {"policy_arn": Turned("ManagedPolicyArns", lambda value: [value]), **left("name", "roles", "users", "groups")},
        part_of=f"{owner}s",
        adds=("ManagedPolicyArns",),
    )


TABLE: tuple[Entry, ...] = (
    Entry(
        "aws_iam_role",
        "AWS::IAM::Role",
        {
            "name": "RoleName",
            "assume_role_policy": "AssumeRolePolicyDocument",
            "max_session_duration": "MaxSessionDuration",
            "managed_policy_arns": "ManagedPolicyArns",
            **_BOUNDARY,
            **_PATHS,
        },
        computed=("inline_policy",),
        derive=_inline,
        derived=("inline_policy",),
    ),
    Entry("aws_iam_user", "AWS::IAM::User", {"name": "UserName", **_BOUNDARY, **_PATHS}),
    Entry("aws_iam_group", "AWS::IAM::Group", {"name": "GroupName", **_PATHS}),
    *(_owned(each) for each in ("role", "user", "group")),
    *(_attached(each) for each in ("role", "user", "group")),
    *(_attached_to_all(each) for each in ("role", "user", "group")),
    *(_exclusive(each) for each in ("role", "user", "group")),
    Entry(
        "aws_iam_policy",
        "AWS::IAM::ManagedPolicy",
        {
            "name": "ManagedPolicyName",
            "policy": "PolicyDocument",
            **left("attachment_count", "delay_after_policy_creation_in_ms", "name_prefix", "policy_id"),
        },
    ),
    Entry(
        "aws_iam_user_group_membership",
        "AWS::IAM::User",
        left("user", "groups"),
        derive=_membership,
        part_of="user",
        adds=("Groups",),
    ),
    Entry(
        "aws_iam_instance_profile",
        "AWS::IAM::InstanceProfile",
        {"name": "InstanceProfileName", **_PATHS},
        derive=_profile,
        derived=("role", "roles"),
    ),
    Entry(
        "aws_iam_access_key",
        "AWS::IAM::AccessKey",
        {
            "user": "UserName",
            **left(
                "create_date",
                "encrypted_secret",
                "encrypted_ses_smtp_password_v4",
                "key_fingerprint",
                "pgp_key",
                "secret",
                "ses_smtp_password_v4",
            ),
        },
    ),
    Entry(
        "aws_iam_user_login_profile",
        "AWS::IAM::User",
        {
            "password_reset_required": "LoginProfile.PasswordResetRequired",
            **left("encrypted_password", "key_fingerprint", "password", "password_length", "pgp_key", "user"),
        },
        part_of="user",
    ),
    Entry("aws_iam_openid_connect_provider", "AWS::IAM::OIDCProvider"),
    Entry(
        "aws_iam_saml_provider",
        "AWS::IAM::SAMLProvider",
        {"saml_metadata_document": "SamlMetadataDocument", **left("valid_until", "saml_provider_uuid")},
    ),
    Entry(
        "aws_iam_server_certificate",
        "AWS::IAM::ServerCertificate",
        {"name": "ServerCertificateName", **left("expiration", "name_prefix", "upload_date")},
    ),
    Entry(
        "aws_iam_service_linked_role", "AWS::IAM::ServiceLinkedRole", left("create_date", "name", "path", "unique_id")
    ),
    Entry(
        "aws_iam_virtual_mfa_device",
        "AWS::IAM::VirtualMFADevice",
        {
            "virtual_mfa_device_name": "VirtualMfaDeviceName",
            **left("base_32_string_seed", "enable_date", "qr_code_png", "serial_number", "user_name"),
        },
    ),
    Entry(
        "aws_rolesanywhere_profile",
        "AWS::RolesAnywhere::Profile",
    ),
)
