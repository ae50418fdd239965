"""AWS Certificate Manager and Private CA."""

from assay.inventory.tables import ResourceTable

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
)
