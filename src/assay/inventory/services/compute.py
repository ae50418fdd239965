"""AWS Batch, App Runner, Elastic Beanstalk, WorkSpaces, AppStream, Managed Workflows for Apache Airflow."""

from assay.inventory.tables import ResourceTable, Undocumented

TABLE = (
    ResourceTable(
        "AWS::Batch::JobDefinition",
        # https://docs.aws.amazon.com/batch/latest/APIReference/API_NetworkConfiguration.html
        defaults={
            "ContainerProperties.NetworkConfiguration.AssignPublicIp": "DISABLED",
            "EcsProperties.TaskProperties.*.NetworkConfiguration.AssignPublicIp": "DISABLED",
        },
        names=("JobDefinitionName",),
    ),
    ResourceTable(
        "AWS::Batch::ComputeEnvironment",
        defaults={
            # https://docs.aws.amazon.com/batch/latest/userguide/cloudwatch-container-insights-default-behavior.html
            "EcsSettings.ContainerInsights": Undocumented("the account's setting for Container Insights"),
        },
    ),
    ResourceTable(
        "AWS::AppRunner::Service",
        # https://docs.aws.amazon.com/apprunner/latest/api/API_NetworkConfiguration.html and its parts
        defaults={
            "NetworkConfiguration.EgressConfiguration.EgressType": "DEFAULT",
            "NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible": True,
        },
        names=("ServiceName",),
    ),
    ResourceTable("AWS::ElasticBeanstalk::ConfigurationTemplate", names=("TemplateName",)),
    ResourceTable(
        "AWS::WorkSpaces::Directory",
        defaults={
            "WorkspaceCreationProperties.UserEnabledAsLocalAdministrator": Undocumented(
                "the kind of the directory and how it was registered"
            ),
        },
    ),
    ResourceTable(
        "AWS::AppStream::Fleet",
        defaults={
            "DisableIMDSV1": Undocumented("the image and the day on which the fleet is made"),
            # https://docs.aws.amazon.com/appstream2/latest/APIReference/API_CreateFleet.html
            "FleetType": "ON_DEMAND",
        },
    ),
    ResourceTable(
        "AWS::MWAA::Environment",
        # https://docs.aws.amazon.com/mwaa/latest/API/API_CreateEnvironment.html
        defaults={"WebserverAccessMode": "PRIVATE_ONLY"},
    ),
)
