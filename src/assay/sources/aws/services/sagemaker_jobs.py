"""Monitoring jobs, experiments and feature groups of Amazon SageMaker."""

from assay.sources.aws.entry import Call, Entry, List


def _tags(arn: str) -> Call:
    return Call("ListTags", {"ResourceArn": arn}, same=("Tags",))


def _definition(kind: str, name: str) -> Entry:
    """Return the entry of a job definition: all four kinds are listed and described alike."""
    return Entry(
        f"AWS::SageMaker::{kind}JobDefinition",
        "sagemaker",
        (List(f"List{kind}JobDefinitions", "JobDefinitionSummaries"),),
        "MonitoringJobDefinitionArn",
        describe=Call(f"Describe{kind}JobDefinition", {"JobDefinitionName": "MonitoringJobDefinitionName"}),
        same=(
            f"{name}AppSpecification",
            f"{name}BaselineConfig",
            f"{name}JobInput",
            f"{name}JobOutputConfig",
            "CreationTime",
            "JobDefinitionArn",
            "JobDefinitionName",
            "JobResources",
            "NetworkConfig",
            "RoleArn",
            "StoppingCondition",
        ),
        calls=(_tags("JobDefinitionArn"),),
        gone=("ResourceNotFound",),
    )


TABLE: tuple[Entry, ...] = (
    *(_definition(each, each) for each in ("DataQuality", "ModelBias", "ModelExplainability", "ModelQuality")),
    Entry(
        "AWS::SageMaker::MonitoringSchedule",
        "sagemaker",
        (List("ListMonitoringSchedules", "MonitoringScheduleSummaries"),),
        "MonitoringScheduleArn",
        describe=Call("DescribeMonitoringSchedule", {"MonitoringScheduleName": "MonitoringScheduleName"}),
        same=(
            "CreationTime",
            "EndpointName",
            "LastModifiedTime",
            "MonitoringScheduleArn",
            "MonitoringScheduleConfig",
            "MonitoringScheduleName",
            "MonitoringScheduleStatus",
        ),
        calls=(_tags("MonitoringScheduleArn"),),
        gone=("ResourceNotFound",),
    ),
    Entry(
        "AWS::SageMaker::InferenceExperiment",
        "sagemaker",
        (List("ListInferenceExperiments", "InferenceExperiments"),),
        "Name",
        describe=Call("DescribeInferenceExperiment", {"Name": "Name"}),
        same=(
            "Arn",
            "CreationTime",
            "DataStorageConfig",
            "Description",
            "EndpointMetadata",
            "KmsKey",
            "LastModifiedTime",
            "ModelVariants",
            "Name",
            "RoleArn",
            "Schedule",
            "ShadowModeConfig",
            "Status",
            "StatusReason",
            "Type",
        ),
        rows={"EndpointName": "EndpointMetadata.EndpointName"},
        calls=(_tags("Arn"),),
        gone=("ResourceNotFound",),
    ),
    Entry(
        "AWS::SageMaker::FeatureGroup",
        "sagemaker",
        (List("ListFeatureGroups", "FeatureGroupSummaries"),),
        "FeatureGroupName",
        describe=Call("DescribeFeatureGroup", {"FeatureGroupName": "FeatureGroupName"}, once=True),  # features follow
        same=(
            "CreationTime",
            "Description",
            "EventTimeFeatureName",
            "FeatureGroupName",
            "FeatureGroupStatus",
            "OfflineStoreConfig",
            "OnlineStoreConfig",
            "RecordIdentifierFeatureName",
            "RoleArn",
            "ThroughputConfig",
        ),
        calls=(_tags("FeatureGroupArn"),),
        gone=("ResourceNotFound",),
    ),
)
