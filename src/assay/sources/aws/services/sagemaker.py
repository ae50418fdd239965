"""Amazon SageMaker."""

from assay.sources.aws.entry import Call, Entry, List

_SETTINGS = (
    "DockerSettings",
    "ExecutionRoleIdentityConfig",
    "RStudioServerProDomainSettings",
    "SecurityGroupIds",
    "UnifiedStudioSettings",
)


def _tags(arn: str) -> Call:
    return Call("ListTags", {"ResourceArn": arn}, same=("Tags",))


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::SageMaker::NotebookInstance",
        "sagemaker",
        (List("ListNotebookInstances", "NotebookInstances"),),
        "NotebookInstanceArn",
        describe=Call("DescribeNotebookInstance", {"NotebookInstanceName": "NotebookInstanceName"}),
        same=(
            "AcceleratorTypes",
            "AdditionalCodeRepositories",
            "DefaultCodeRepository",
            "DirectInternetAccess",
            "InstanceMetadataServiceConfiguration",
            "InstanceType",
            "KmsKeyId",
            "NotebookInstanceArn",
            "NotebookInstanceName",
            "PlatformIdentifier",
            "RoleArn",
            "RootAccess",
            "SubnetId",
            "VolumeSizeInGB",
        ),
        rows={"LifecycleConfigName": "NotebookInstanceLifecycleConfigName", "SecurityGroupIds": "SecurityGroups"},
        calls=(_tags("NotebookInstanceArn"),),
    ),
    Entry(
        "AWS::SageMaker::Domain",
        "sagemaker",
        (List("ListDomains", "Domains"),),
        "DomainId",
        describe=Call("DescribeDomain", {"DomainId": "DomainId"}),
        same=(
            "HomeEfsFileSystemCreation",
            "SingleSignOnManagedApplicationInstanceId",
            "AppNetworkAccessType",
            "AppSecurityGroupManagement",
            "AuthMode",
            "DefaultSpaceSettings",
            "DefaultUserSettings",
            "DomainArn",
            "DomainId",
            "DomainName",
            "HomeEfsFileSystemId",
            "KmsKeyId",
            "SecurityGroupIdForDomainBoundary",
            "SingleSignOnApplicationArn",
            "SubnetIds",
            "TagPropagation",
            "Url",
            "VpcId",
        ),
        # Of its settings, those that the schema calls alike.
        rows={f"DomainSettings.{each}": f"DomainSettings.{each}" for each in _SETTINGS},
        calls=(_tags("DomainArn"),),
        gone=("ResourceNotFound",),
    ),
    Entry(
        "AWS::SageMaker::Model",
        "sagemaker",
        (List("ListModels", "Models"),),
        "ModelArn",
        describe=Call("DescribeModel", {"ModelName": "ModelName"}),
        same=(
            "Containers",
            "EnableNetworkIsolation",
            "ExecutionRoleArn",
            "InferenceExecutionConfig",
            "ModelArn",
            "ModelName",
            "PrimaryContainer",
            "VpcConfig",
        ),
        calls=(_tags("ModelArn"),),
    ),
    Entry(
        "AWS::SageMaker::EndpointConfig",
        "sagemaker",
        (List("ListEndpointConfigs", "EndpointConfigs"),),
        "EndpointConfigArn",
        describe=Call("DescribeEndpointConfig", {"EndpointConfigName": "EndpointConfigName"}),
        same=(
            "MetricsConfig",
            "AsyncInferenceConfig",
            "DataCaptureConfig",
            "EnableNetworkIsolation",
            "EndpointConfigArn",
            "EndpointConfigName",
            "ExecutionRoleArn",
            "ExplainerConfig",
            "KmsKeyId",
            "ProductionVariants",
            "ShadowProductionVariants",
            "VpcConfig",
        ),
        calls=(_tags("EndpointConfigArn"),),
    ),
)
