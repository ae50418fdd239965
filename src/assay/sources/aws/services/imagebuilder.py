"""EC2 Image Builder."""

from typing import Any

from assay.sources.aws.entry import Call, Entry, List, Properties, objects


def _distributions(answer: Any) -> Properties:
    """Return where images go to; who may start them is called otherwise in the schema."""
    found = []
    for each in objects(answer.get("distributions")):
        image = dict(each.get("amiDistributionConfiguration") or {})
        if (permission := image.pop("launchPermission", None)) is not None:
            image["launchPermissionConfiguration"] = permission
        found.append({**each, "amiDistributionConfiguration": image or None})
    return {"Distributions": found}


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
        same=("Arn", "Description", "Name", "Tags"),
        derive=_distributions,
        derived=("Distributions",),
    ),
)
