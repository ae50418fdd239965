"""AWS CloudTrail."""

from assay.sources.aws.entry import Call, Entry, List, nothing

_TRAIL = {"TrailName": "TrailARN"}

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::CloudTrail::Trail",
        "cloudtrail",
        # Trails of other regions and of the organisation are shown here too, and belong elsewhere.
        (List("DescribeTrails", "trailList", {"includeShadowTrails": "`false`"}),),
        "Name",
        same=(
            "CloudWatchLogsLogGroupArn",
            "CloudWatchLogsRoleArn",
            "IncludeGlobalServiceEvents",
            "IsMultiRegionTrail",
            "IsOrganizationTrail",
            "KMSKeyId",
            "S3BucketName",
            "S3KeyPrefix",
            "SnsTopicName",
        ),
        rows={
            "Arn": "TrailARN",
            "EnableLogFileValidation": "LogFileValidationEnabled",
            "SnsTopicArn": "SnsTopicARN",
            "TrailName": "Name",
        },
        calls=(
            Call("GetTrailStatus", {"Name": "TrailARN"}, same=("IsLogging",)),
            Call("GetEventSelectors", _TRAIL, same=("AdvancedEventSelectors", "EventSelectors")),
            Call(
                "GetInsightSelectors",
                _TRAIL,
                when="HasInsightSelectors",
                same=("InsightSelectors",),
                absent=nothing("InsightNotEnabledException"),
            ),
            Call("ListTags", {"ResourceIdList": "[TrailARN]"}, rows={"Tags": "ResourceTagList[0].TagsList"}),
        ),
        gone=("TrailNotFoundException",),
    ),
)
