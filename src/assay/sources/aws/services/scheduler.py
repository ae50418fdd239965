"""Amazon EventBridge Scheduler and Amazon CloudWatch Synthetics."""

from assay.sources.aws.entry import Call, Entry, List

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Scheduler::Schedule",
        "scheduler",
        (List("ListSchedules", "Schedules"),),
        "Name",
        describe=Call("GetSchedule", {"GroupName": "GroupName", "Name": "Name"}),
        same=(
            "Arn",
            "Description",
            "EndDate",
            "FlexibleTimeWindow",
            "GroupName",
            "KmsKeyArn",
            "Name",
            "ScheduleExpression",
            "ScheduleExpressionTimezone",
            "StartDate",
            "State",
            "Target",
        ),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::Synthetics::Canary",
        "synthetics",
        (List("DescribeCanaries", "Canaries", tokens=("NextToken", "NextToken")),),
        "Name",
        same=(
            "ArtifactConfig",
            "ArtifactS3Location",
            "ExecutionRoleArn",
            "Id",
            "Name",
            "ProvisionedResourceCleanup",
            "RuntimeVersion",
            "Schedule",
            "Tags",
            "VPCConfig",
        ),
        rows={
            "FailureRetentionPeriod": "FailureRetentionPeriodInDays",
            "RunConfig": "RunConfig.{ActiveTracing: ActiveTracing, MemoryInMB: MemoryInMB, "
            "TimeoutInSeconds: TimeoutInSeconds, EphemeralStorage: EphemeralStorage}",
            "StartCanaryAfterCreation": "is(Status.State, 'RUNNING', 'STARTING')",
            "State": "Status.State",
            "SuccessRetentionPeriod": "SuccessRetentionPeriodInDays",
        },
    ),
)
