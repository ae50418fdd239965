"""Amazon EC2 Auto Scaling."""

from assay.inventory.schema import BOOLEAN
from assay.inventory.tables import ResourceTable, Undocumented

# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
# Only that the endpoint answers at all is a default that AWS documents.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceMetadataOptionsRequest.html
_METADATA = Undocumented("the image and the account's defaults for instance metadata")

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::AutoScaling::AutoScalingGroup",
        # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html
        defaults={"HealthCheckType": "EC2"},
        names=("AutoScalingGroupName",),
    ),
    ResourceTable(
        "AWS::AutoScaling::LaunchConfiguration",
        defaults={
            "MetadataOptions.HttpTokens": _METADATA,
            "MetadataOptions.HttpEndpoint": "enabled",
            "MetadataOptions.HttpPutResponseHopLimit": _METADATA,
            # In a default subnet instances then get an address, in another as the subnet says.
            # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateLaunchConfiguration.html
            "AssociatePublicIpAddress": Undocumented("the subnets of the group"),
            "BlockDeviceMappings": Undocumented("the image's own block devices"),
            "BlockDeviceMappings.*.Ebs.Encrypted": Undocumented(
                "the snapshot and the account's setting for EBS encryption by default"
            ),
            # https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateLaunchConfiguration.html
            "InstanceMonitoring": True,
            "RootVolumeEncrypted": Undocumented(
                "the image's root device and the account's setting for EBS encryption by default"
            ),
        },
        extra={"RootVolumeEncrypted": BOOLEAN},  # of a root device that no mapping names
        names=("LaunchConfigurationName",),
        decoded={"UserDataText": "UserData"},
    ),
)
