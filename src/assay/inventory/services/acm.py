"""AWS Certificate Manager and Private CA."""

from assay.inventory.tables import Fold, ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::CertificateManager::Certificate",
        defaults={
            # https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html
            "KeyAlgorithm": "RSA_2048",
            "CertificateTransparencyLoggingPreference": "ENABLED",
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-certificatemanager-certificate.html
            "ValidationMethod": "EMAIL",
        },
    ),
    ResourceTable(
        "AWS::ACMPCA::CertificateAuthority",
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-acmpca-certificateauthorityactivation.html
        defaults={"Activations.*.Status": "ACTIVE"},
        folds=(
            Fold(
                "AWS::ACMPCA::CertificateAuthorityActivation",
                key="CertificateAuthorityArn",
                into="Activations",
                fragments=False,
            ),
        ),
    ),
)
