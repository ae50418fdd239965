"""Amazon EC2 Auto Scaling."""

from typing import Any

from assay.sources.aws.entry import Entry, List, Properties


def _subnets(group: Any) -> Properties:
    """Return the subnets, which the API gives as one text with commas."""
    return {"VPCZoneIdentifier": [each for each in (group.get("VPCZoneIdentifier") or "").split(",") if each]}


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::AutoScaling::AutoScalingGroup",
        "autoscaling",
        (List("DescribeAutoScalingGroups", "AutoScalingGroups"),),
        "AutoScalingGroupName",
        same=(
            "AutoScalingGroupARN",
            "AutoScalingGroupName",
            "AvailabilityZones",
            "AvailabilityZoneIds",
            "CapacityRebalance",
            "Context",
            "DefaultInstanceWarmup",
            "DesiredCapacity",
            "DesiredCapacityType",
            "HealthCheckGracePeriod",
            "HealthCheckType",
            "LaunchConfigurationName",
            "LoadBalancerNames",
            "MaxInstanceLifetime",
            "MaxSize",
            "MinSize",
            "NewInstancesProtectedFromScaleIn",
            "PlacementGroup",
            "ServiceLinkedRoleARN",
            "TargetGroupARNs",
            "TerminationPolicies",
            "TrafficSources",
        ),
        rows={
            "Cooldown": "DefaultCooldown",
            "LaunchTemplate": (
                "LaunchTemplate.{LaunchTemplateId: LaunchTemplateId, LaunchTemplateName: LaunchTemplateName, "
                "Version: Version}"
            ),
            "MixedInstancesPolicy": (
                "MixedInstancesPolicy && {LaunchTemplate: MixedInstancesPolicy.LaunchTemplate && "
                "{LaunchTemplateSpecification: MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification, "
                "Overrides: MixedInstancesPolicy.LaunchTemplate.Overrides[].{InstanceType: InstanceType, "
                "WeightedCapacity: WeightedCapacity}}}"
            ),
            "Tags": "Tags[].{Key: Key, Value: Value, PropagateAtLaunch: PropagateAtLaunch}",
        },
        derive=_subnets,
        derived=("VPCZoneIdentifier",),
    ),
    Entry(
        "AWS::AutoScaling::LaunchConfiguration",
        "autoscaling",
        (List("DescribeLaunchConfigurations", "LaunchConfigurations"),),
        "LaunchConfigurationName",
        same=(
            "AssociatePublicIpAddress",
            "BlockDeviceMappings",
            "ClassicLinkVPCId",
            "ClassicLinkVPCSecurityGroups",
            "EbsOptimized",
            "IamInstanceProfile",
            "ImageId",
            "InstanceType",
            "KernelId",
            "KeyName",
            "LaunchConfigurationName",
            "MetadataOptions",
            "PlacementTenancy",
            "RamDiskId",
            "SecurityGroups",
            "SpotPrice",
            "UserData",
        ),
        rows={"InstanceMonitoring": "InstanceMonitoring.Enabled"},
    ),
)
