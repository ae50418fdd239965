"""AWS CloudTrail."""

from assay.inventory.tables import ResourceTable, Undocumented

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::CloudTrail::Trail",
        defaults={
            # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html
            "EventSelectors.*.IncludeManagementEvents": True,
            "EventSelectors.*.ReadWriteType": "All",
            # The API takes true for a new trail, the template reference states no default.
            "IncludeGlobalServiceEvents": Undocumented("how the trail is made"),
        },
        names=("TrailName",),
    ),
    ResourceTable(
        "AWS::CloudTrail::EventDataStore",
        # https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html
        defaults={
            "TerminationProtectionEnabled": True,
            "MultiRegionEnabled": True,
            "IngestionEnabled": True,
            "BillingMode": "EXTENDABLE_RETENTION_PRICING",
            "RetentionPeriod": Undocumented("the billing mode: 366 or 2557 days"),
        },
        names=("Name",),
    ),
)
