"""Amazon ECR."""

from assay.inventory.tables import ResourceTable

# https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html
TABLE = (
    ResourceTable(
        "AWS::ECR::Repository",
        defaults={"EncryptionConfiguration.EncryptionType": "AES256", "ImageTagMutability": "MUTABLE"},
        names=("RepositoryName",),
    ),
    ResourceTable("AWS::ECR::RegistryScanningConfiguration", defaults={"ScanType": "BASIC"}),
)
