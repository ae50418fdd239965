"""Amazon ECS, ECR and EKS."""

from assay.sources.aws.entry import Call, Entry, List, Together, nothing

_CLUSTERS = List("ListClusters", "clusterArns[].{arn: @}")
_REPOSITORY = {"repositoryName": "repositoryName"}
_NAME = {"name": "name"}

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::ECS::Cluster",
        "ecs",
        (_CLUSTERS,),
        "arn",
        describe=Call(
            "DescribeClusters",
            {"include": '`["CONFIGURATIONS", "SETTINGS", "TAGS"]`'},
            together=Together("clusters", ("arn", "clusterArn"), "clusters", 100),
        ),
        keep="status != 'INACTIVE'",
        same=(
            "CapacityProviders",
            "ClusterName",
            "Configuration",
            "DefaultCapacityProviderStrategy",
            "Tags",
        ),
        rows={
            "Arn": "clusterArn",
            "ClusterSettings": "settings",
            "ServiceConnectDefaults": "serviceConnectDefaults.{Namespace: namespace}",
        },
    ),
    Entry(
        "AWS::ECS::Service",
        "ecs",
        (
            _CLUSTERS,
            List(
                "ListServices",
                "serviceArns[].{arn: @}",
                {"cluster": "arn"},
                carry={"cluster": "arn"},
                absent=("ClusterNotFoundException",),
            ),
        ),
        "join('|', [arn, cluster])",
        describe=Call(
            "DescribeServices",
            {"services": "[arn]", "cluster": "cluster", "include": '`["TAGS"]`'},
            answer="services[0]",
        ),
        keep="status != 'INACTIVE'",
        same=(
            "CapacityProviderStrategy",
            "DeploymentConfiguration",
            "DeploymentController",
            "DesiredCount",
            "EnableECSManagedTags",
            "EnableExecuteCommand",
            "HealthCheckGracePeriodSeconds",
            "LaunchType",
            "NetworkConfiguration",
            "PlacementConstraints",
            "PlatformVersion",
            "PropagateTags",
            "SchedulingStrategy",
            "ServiceArn",
            "ServiceName",
            "Tags",
            "TaskDefinition",
        ),
        rows={
            "Cluster": "clusterArn",
            "Role": "roleArn",
            "LoadBalancers": (
                "loadBalancers[].{TargetGroupArn: targetGroupArn, LoadBalancerName: loadBalancerName, "
                "ContainerName: containerName, ContainerPort: containerPort}"
            ),
            "VolumeConfigurations": (
                "deployments[?status == 'PRIMARY'] | [0].volumeConfigurations[].{Name: name, "
                "ManagedEBSVolume: managedEBSVolume}"
            ),
        },
        gone=("ClusterNotFoundException", "ServiceNotFoundException"),
    ),
    Entry(
        "AWS::ECS::TaskDefinition",
        "ecs",
        (
            # Of each family the newest: what is started where no revision is named.
            List("ListTaskDefinitionFamilies", "families[].{family: @}", {"status": "'ACTIVE'"}),
        ),
        "family",
        describe=Call(
            "DescribeTaskDefinition",
            {"taskDefinition": "family", "include": '`["TAGS"]`'},
            answer="merge(taskDefinition, {tags: tags})",
        ),
        same=(
            "ContainerDefinitions",
            "Cpu",
            "EnableFaultInjection",
            "EphemeralStorage",
            "ExecutionRoleArn",
            "Family",
            "IpcMode",
            "Memory",
            "NetworkMode",
            "PidMode",
            "PlacementConstraints",
            "RequiresCompatibilities",
            "RuntimePlatform",
            "Tags",
            "TaskDefinitionArn",
            "TaskRoleArn",
            "Volumes",
        ),
    ),
    Entry(
        "AWS::ECR::Repository",
        "ecr",
        (List("DescribeRepositories", "repositories"),),
        "repositoryName",
        same=(
            "EncryptionConfiguration",
            "ImageScanningConfiguration",
            "ImageTagMutability",
            "RepositoryName",
            "RepositoryUri",
        ),
        rows={"Arn": "repositoryArn"},
        calls=(
            Call(
                "GetRepositoryPolicy",
                _REPOSITORY,
                rows={"RepositoryPolicyText": "policyText"},
                absent=nothing("RepositoryPolicyNotFoundException"),
            ),
            Call(
                "GetLifecyclePolicy",
                _REPOSITORY,
                rows={"LifecyclePolicy": "{LifecyclePolicyText: lifecyclePolicyText}"},
                absent=nothing("LifecyclePolicyNotFoundException"),
            ),
            Call("ListTagsForResource", {"resourceArn": "repositoryArn"}, same=("Tags",)),
        ),
        gone=("RepositoryNotFoundException",),
    ),
    Entry(
        "AWS::EKS::Cluster",
        "eks",
        (List("ListClusters", "clusters[].{name: @}"),),
        "name",
        describe=Call("DescribeCluster", _NAME, answer="cluster"),
        same=(
            "Arn",
            "DeletionProtection",
            "EncryptionConfig",
            "Endpoint",
            "Name",
            "RoleArn",
            "Tags",
            "UpgradePolicy",
            "Version",
            "ZonalShiftConfig",
        ),
        rows={
            "AccessConfig": "accessConfig.{AuthenticationMode: authenticationMode}",
            "CertificateAuthorityData": "certificateAuthority.data",
            "ClusterSecurityGroupId": "resourcesVpcConfig.clusterSecurityGroupId",
            "EncryptionConfigKeyArn": "encryptionConfig[0].provider.keyArn",
            "Logging": "{ClusterLogging: {EnabledTypes: logging.clusterLogging[?enabled].types[].{Type: @}}}",
            "OpenIdConnectIssuerUrl": "identity.oidc.issuer",
            "ResourcesVpcConfig": (
                "resourcesVpcConfig.{EndpointPrivateAccess: endpointPrivateAccess, "
                "EndpointPublicAccess: endpointPublicAccess, PublicAccessCidrs: publicAccessCidrs, "
                "SecurityGroupIds: securityGroupIds, SubnetIds: subnetIds}"
            ),
        },
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::EKS::Nodegroup",
        "eks",
        (
            List("ListClusters", "clusters[].{cluster: @}"),
            List(
                "ListNodegroups",
                "nodegroups[].{nodegroup: @}",
                {"clusterName": "cluster"},
                carry={"cluster": "cluster"},
                absent=("ResourceNotFoundException",),
            ),
        ),
        "join('/', [cluster, nodegroup])",
        describe=Call(
            "DescribeNodegroup", {"clusterName": "cluster", "nodegroupName": "nodegroup"}, answer="nodegroup"
        ),
        same=(
            "AmiType",
            "CapacityType",
            "ClusterName",
            "DiskSize",
            "InstanceTypes",
            "Labels",
            "NodegroupName",
            "NodeRole",
            "ReleaseVersion",
            "ScalingConfig",
            "Subnets",
            "Tags",
            "UpdateConfig",
            "Version",
        ),
        rows={
            "Arn": "nodegroupArn",
            "RemoteAccess": "remoteAccess.{Ec2SshKey: ec2SshKey, SourceSecurityGroups: sourceSecurityGroups}",
        },
        gone=("ResourceNotFoundException",),
    ),
)
