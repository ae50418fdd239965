"""Amazon SageMaker AI and Amazon Bedrock."""

from assay.inventory.tables import ResourceTable, Undocumented

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::SageMaker::NotebookInstance",
        # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateNotebookInstance.html
        defaults={
            "DirectInternetAccess": "Enabled",
            "RootAccess": "Enabled",
            "PlatformIdentifier": Undocumented("the day of creation"),
            "InstanceMetadataServiceConfiguration.MinimumInstanceMetadataServiceVersion": Undocumented(
                "the day of creation"
            ),
        },
        names=("NotebookInstanceName",),
    ),
    # https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateDomain.html
    ResourceTable("AWS::SageMaker::Domain", defaults={"AppNetworkAccessType": "PublicInternetOnly"}),
)
