"""Newer types, which AWS Config gives in the spelling of CloudFormation's registry, but not whole.

What is not listed here may be missing in every item: unknown, not absent.
"""

from assay.inventory.values import Cause, Reason, Unknown
from assay.sources.aws_config.items import Item
from assay.sources.aws_config.mapping import Entry, Properties, at


def _maybe(*names: str) -> dict[str, str]:
    return {name: name for name in names}


def _launch(item: Item) -> Properties:
    data = at(item.configuration, "LaunchTemplateData")
    if not isinstance(data, dict) or data.get("UserData") is not None:
        return {"LaunchTemplateData": data}
    reason = Reason(Cause.NOT_COLLECTED, "AWS::EC2::LaunchTemplate UserData", "AWS Config left out the user data")
    return {"LaunchTemplateData": {**data, "UserData": Unknown(reason)}}


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::EC2::LaunchTemplate",
        same=("DefaultVersionNumber", "LatestVersionNumber", "LaunchTemplateName"),
        rows={"LaunchTemplateId": "Id"},
        derive=_launch,
        derived=("LaunchTemplateData",),
    ),
    Entry(
        "AWS::ECR::Repository",
        same=("Arn", "ImageScanningConfiguration", "ImageTagMutability", "LifecyclePolicy", "RepositoryName"),
        maybe=_maybe("EncryptionConfiguration", "RepositoryPolicyText"),
    ),
    Entry(
        "AWS::ECS::TaskDefinition",
        same=(
            "ContainerDefinitions",
            "Cpu",
            "ExecutionRoleArn",
            "Family",
            "IpcMode",
            "Memory",
            "NetworkMode",
            "PidMode",
            "PlacementConstraints",
            "ProxyConfiguration",
            "RequiresCompatibilities",
            "TaskDefinitionArn",
            "TaskRoleArn",
            "Volumes",
        ),
        maybe=_maybe("EphemeralStorage", "RuntimePlatform"),
    ),
    Entry(
        "AWS::EFS::FileSystem",
        same=(
            "Arn",
            "BackupPolicy",
            "Encrypted",
            "FileSystemId",
            "KmsKeyId",
            "LifecyclePolicies",
            "PerformanceMode",
            "ProvisionedThroughputInMibps",
            "ThroughputMode",
        ),
        maybe=_maybe("FileSystemPolicy"),
    ),
    Entry(
        "AWS::EKS::Cluster",
        same=(
            "Arn",
            "EncryptionConfig",
            "Endpoint",
            "KubernetesNetworkConfig",
            "Logging",
            "Name",
            "ResourcesVpcConfig",
            "RoleArn",
            "Version",
        ),
        maybe=_maybe("AccessConfig", "DeletionProtection"),
    ),
    Entry(
        "AWS::ElasticLoadBalancingV2::Listener",
        same=(
            "AlpnPolicy",
            "Certificates",
            "DefaultActions",
            "ListenerArn",
            "LoadBalancerArn",
            "Port",
            "Protocol",
            "SslPolicy",
        ),
        maybe=_maybe("ListenerAttributes", "MutualAuthentication"),
    ),
    Entry(
        "AWS::GuardDuty::Detector",
        same=("DataSources", "Enable", "FindingPublishingFrequency", "Id"),
        maybe=_maybe("Features"),
    ),
    Entry(
        "AWS::Kinesis::Stream",
        same=("Arn", "Name", "RetentionPeriodHours", "ShardCount", "StreamEncryption"),
        maybe=_maybe("StreamModeDetails"),
    ),
    Entry(
        "AWS::OpenSearch::Domain",
        kind="AWS::OpenSearchService::Domain",
        same=(
            "AdvancedSecurityOptions",
            "Arn",
            "ClusterConfig",
            "CognitoOptions",
            "DomainEndpointOptions",
            "DomainName",
            "EBSOptions",
            "EncryptionAtRestOptions",
            "EngineVersion",
            "Id",
            "LogPublishingOptions",
            "NodeToNodeEncryptionOptions",
            "SnapshotOptions",
            "VPCOptions",
        ),
        maybe=_maybe("AccessPolicies", "AdvancedOptions", "OffPeakWindowOptions", "SoftwareUpdateOptions"),
    ),
)
