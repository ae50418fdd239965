"""Amazon ECS."""

from assay.inventory.tables import ResourceTable, Undocumented

TABLE = (
    ResourceTable(
        "AWS::ECS::Cluster",
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html (Container Insights)
        defaults={
            "ClusterSettings": Undocumented("the account's setting for Container Insights"),
            # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommandConfiguration.html
            "Configuration.ExecuteCommandConfiguration.Logging": "DEFAULT",
        },
        names=("ClusterName",),
    ),
    ResourceTable(
        "AWS::ECS::Service",
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
        defaults={
            "PlatformVersion": "LATEST",
            "SchedulingStrategy": "REPLICA",
            "DeploymentController.Type": "ECS",
            "VolumeConfigurations.*.ManagedEBSVolume.Encrypted": Undocumented(
                "the account's default for EBS encryption"
            ),
            # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
            "NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp": "DISABLED",
        },
        names=("ServiceName",),
    ),
    ResourceTable(
        "AWS::ECS::TaskSet",
        defaults={
            "PlatformVersion": "LATEST",
            "NetworkConfiguration.AwsVpcConfiguration.AssignPublicIp": "DISABLED",
        },
    ),
    ResourceTable(
        "AWS::ECS::TaskDefinition",
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html: bridge on Linux
        # instances, the `default` mode on Windows ones; never the host's.
        defaults={
            "NetworkMode": "bridge",
            # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html
            "Volumes.*.EFSVolumeConfiguration.TransitEncryption": "DISABLED",
            # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSAuthorizationConfig.html
            "Volumes.*.EFSVolumeConfiguration.AuthorizationConfig.IAM": "DISABLED",
        },
        names=("Family",),
    ),
    ResourceTable(
        "AWS::ECS::CapacityProvider",
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AutoScalingGroupProvider.html
        defaults={
            "AutoScalingGroupProvider.ManagedTerminationProtection": "DISABLED",
            "AutoScalingGroupProvider.ManagedDraining": "ENABLED",
        },
    ),
)
