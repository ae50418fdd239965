"""AWS Private Certificate Authority."""

from assay.sources.aws.entry import Call, Entry, List

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::ACMPCA::CertificateAuthority",
        "acm-pca",
        (List("ListCertificateAuthorities", "CertificateAuthorities"),),
        "Arn",
        keep="Status != 'DELETED'",
        same=("Arn", "KeyStorageSecurityStandard", "RevocationConfiguration", "Type", "UsageMode"),
        rows={
            # One that was never activated has no certificate and signs nothing.
            "Activations": (
                "[@][?Status == 'ACTIVE' || Status == 'DISABLED'].{CertificateAuthorityArn: Arn, Status: Status}"
            ),
            "CsrExtensions": "CertificateAuthorityConfiguration.CsrExtensions",
            "KeyAlgorithm": "CertificateAuthorityConfiguration.KeyAlgorithm",
            "SigningAlgorithm": "CertificateAuthorityConfiguration.SigningAlgorithm",
            "Subject": "CertificateAuthorityConfiguration.Subject",
        },
        calls=(Call("ListTags", {"CertificateAuthorityArn": "Arn"}, same=("Tags",)),),
        gone=("ResourceNotFoundException",),
        holds=frozenset({"AWS::ACMPCA::CertificateAuthorityActivation"}),
    ),
)
