"""EC2 Image Builder."""

from assay.sources.aws.entry import Call, Entry, List

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::ImageBuilder::ImagePipeline",
        "imagebuilder",
        (List("ListImagePipelines", "imagePipelineList"),),
        "arn",
        same=(
            "Arn",
            "ContainerRecipeArn",
            "Description",
            "DistributionConfigurationArn",
            "EnhancedImageMetadataEnabled",
            "ExecutionRole",
            "ImageRecipeArn",
            "ImageScanningConfiguration",
            "ImageTestsConfiguration",
            "InfrastructureConfigurationArn",
            "Name",
            "Schedule",
            "Status",
            "Tags",
            "Workflows",
        ),
    ),
    Entry(
        "AWS::ImageBuilder::InfrastructureConfiguration",
        "imagebuilder",
        (List("ListInfrastructureConfigurations", "infrastructureConfigurationSummaryList"),),
        "arn",
        describe=Call(
            "GetInfrastructureConfiguration",
            {"infrastructureConfigurationArn": "arn"},
            answer="infrastructureConfiguration",
        ),
        same=(
            "Arn",
            "Description",
            "InstanceMetadataOptions",
            "InstanceProfileName",
            "InstanceTypes",
            "KeyPair",
            "Logging",
            "Name",
            "Placement",
            "ResourceTags",
            "SecurityGroupIds",
            "SnsTopicArn",
            "SubnetId",
            "Tags",
            "TerminateInstanceOnFailure",
        ),
    ),
    Entry(
        "AWS::ImageBuilder::DistributionConfiguration",
        "imagebuilder",
        (List("ListDistributionConfigurations", "distributionConfigurationSummaryList"),),
        "arn",
        describe=Call(
            "GetDistributionConfiguration", {"distributionConfigurationArn": "arn"}, answer="distributionConfiguration"
        ),
        same=("Arn", "Description", "Distributions", "Name", "Tags"),
    ),
)
