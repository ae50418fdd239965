"""What is set for a whole account, and has no type in CloudFormation."""

from assay.sources.aws.entry import Call, Entry, Scope

_OFF = dict.fromkeys(("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), False)
_AT = {"AccountId": "account()", "Region": "region()"}

# IAM's own default, where the account has no policy.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
_DEFAULT_POLICY = {
    "Exists": False,
    "MinimumPasswordLength": 8,
    "RequireSymbols": False,
    "RequireNumbers": False,
    "RequireUppercaseCharacters": False,
    "RequireLowercaseCharacters": False,
    "AllowUsersToChangePassword": False,
    "ExpirePasswords": False,
    "MaxPasswordAge": 0,
    "PasswordReusePrevention": 0,
    "HardExpiry": False,
}

TABLE: tuple[Entry, ...] = (
    Entry(
        "Assay::AccountPublicAccessBlock",
        "s3control",
        (),
        "account()",
        scope=Scope.GLOBAL,
        rows={"AccountId": "account()"},
        calls=(
            Call(
                "GetPublicAccessBlock",
                {"AccountId": "account()"},
                answer="PublicAccessBlockConfiguration",
                same=tuple(_OFF),
                absent={"NoSuchPublicAccessBlockConfiguration": _OFF},
            ),
        ),
    ),
    Entry(
        "Assay::EbsEncryptionByDefault",
        "ec2",
        (),
        "join('|', [account(), region()])",
        rows=_AT,
        calls=(
            Call("GetEbsEncryptionByDefault", rows={"Enabled": "EbsEncryptionByDefault"}),
            Call("GetEbsDefaultKmsKeyId", same=("KmsKeyId",)),
        ),
    ),
    Entry(
        "Assay::InstanceMetadataDefaults",
        "ec2",
        (),
        "join('|', [account(), region()])",
        rows=_AT,
        calls=(
            Call(
                "GetInstanceMetadataDefaults",
                answer="AccountLevel",
                same=("HttpEndpoint", "HttpPutResponseHopLimit", "HttpTokens", "InstanceMetadataTags"),
            ),
        ),
    ),
    Entry(
        "Assay::PasswordPolicy",
        "iam",
        (),
        "account()",
        scope=Scope.GLOBAL,
        rows={"AccountId": "account()"},
        calls=(
            Call(
                "GetAccountPasswordPolicy",
                answer="PasswordPolicy",
                same=(
                    "AllowUsersToChangePassword",
                    "ExpirePasswords",
                    "MinimumPasswordLength",
                    "RequireLowercaseCharacters",
                    "RequireNumbers",
                    "RequireSymbols",
                    "RequireUppercaseCharacters",
                ),
                rows={
                    "Exists": "`true`",
                    # IAM leaves out what is not set.
                    "HardExpiry": "HardExpiry || `false`",
                    "MaxPasswordAge": "MaxPasswordAge || `0`",
                    "PasswordReusePrevention": "PasswordReusePrevention || `0`",
                },
                absent={"NoSuchEntity": _DEFAULT_POLICY},
            ),
        ),
    ),
    Entry(
        "Assay::RootUser",
        "iam",
        (),
        "account()",
        scope=Scope.GLOBAL,
        rows={"AccountId": "account()"},
        calls=(
            Call(
                "GetAccountSummary",
                answer="SummaryMap",
                # A comparison with what is not there would be false: what is not said is unknown.
                rows={
                    "MfaEnabled": "AccountMFAEnabled && AccountMFAEnabled == `1`",
                    "AccessKeysPresent": "AccountAccessKeysPresent && AccountAccessKeysPresent != `0`",
                    "PasswordPresent": "AccountPasswordPresent && AccountPasswordPresent != `0`",
                    "SigningCertificatesPresent": (
                        "AccountSigningCertificatesPresent && AccountSigningCertificatesPresent != `0`"
                    ),
                },
            ),
        ),
    ),
    Entry(
        "Assay::SecurityContact",
        "account",
        (),
        "account()",
        scope=Scope.GLOBAL,
        rows={"AccountId": "account()"},
        calls=(
            Call(
                "GetAlternateContact",
                {"AlternateContactType": "'SECURITY'"},
                answer="AlternateContact",
                same=("EmailAddress", "Name", "PhoneNumber", "Title"),
                rows={"Exists": "`true`"},
                absent={"ResourceNotFoundException": {"Exists": False}},
            ),
        ),
    ),
)
