"""AWS CodeBuild, CodePipeline, CodeArtifact, CodeDeploy, Amplify and EC2 Image Builder."""

from assay.inventory.tables import ResourceTable, Undocumented

TABLE = (
    ResourceTable(
        "AWS::CodeBuild::Project",
        defaults={
            # https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CloudWatchLogsConfig.html: without a
            # configuration, builds log to a group that is named after the project.
            "LogsConfig.CloudWatchLogs.Status": "ENABLED",
            "LogsConfig.S3Logs.Status": "DISABLED",
            # https://docs.aws.amazon.com/codebuild/latest/APIReference/API_EnvironmentVariable.html
            "Environment.EnvironmentVariables.*.Type": "PLAINTEXT",
            # https://docs.aws.amazon.com/codebuild/latest/userguide/public-builds.html
            "Visibility": "PRIVATE",
            "Triggers.PullRequestBuildPolicy.RequiresCommentApproval": Undocumented("the kind of the repository"),
        },
        names=("Name",),
    ),
    ResourceTable(
        "AWS::CodeDeploy::DeploymentGroup",
        # https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeploymentGroup.html
        defaults={"DeploymentConfigName": Undocumented("the compute platform of the application")},
    ),
    ResourceTable("AWS::CodePipeline::Pipeline", names=("Name",)),
    ResourceTable(
        "AWS::ImageBuilder::ImagePipeline",
        # https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageTestsConfiguration.html
        defaults={"ImageTestsConfiguration.ImageTestsEnabled": True, "Status": "ENABLED"},
    ),
    ResourceTable(
        "AWS::ImageBuilder::InfrastructureConfiguration",
        defaults={
            "InstanceMetadataOptions.HttpTokens": Undocumented(
                "the image and the account's defaults for instance metadata"
            ),
            # https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateInfrastructureConfiguration.html
            "TerminateInstanceOnFailure": True,
        },
    ),
)
