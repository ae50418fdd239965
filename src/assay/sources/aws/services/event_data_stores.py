"""Event data stores of AWS CloudTrail Lake."""

from assay.sources.aws.entry import Call, Entry, List

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::CloudTrail::EventDataStore",
        "cloudtrail",
        (List("ListEventDataStores", "EventDataStores", tokens=("NextToken", "NextToken")),),
        "EventDataStoreArn",
        describe=Call("GetEventDataStore", {"EventDataStore": "EventDataStoreArn"}),
        keep="Status != 'PENDING_DELETION'",
        same=(
            "AdvancedEventSelectors",
            "BillingMode",
            "CreatedTimestamp",
            "EventDataStoreArn",
            "FederationRoleArn",
            "KmsKeyId",
            "MultiRegionEnabled",
            "Name",
            "OrganizationEnabled",
            "RetentionPeriod",
            "Status",
            "TerminationProtectionEnabled",
            "UpdatedTimestamp",
        ),
        rows={"FederationEnabled": "is(FederationStatus, 'ENABLED', 'ENABLING')"},
        calls=(
            Call("ListTags", {"ResourceIdList": "[EventDataStoreArn]"}, rows={"Tags": "ResourceTagList[0].TagsList"}),
        ),
        gone=("EventDataStoreNotFoundException",),
    ),
)
