"""Amazon GuardDuty."""

from assay.sources.aws.entry import Call, Entry, List

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::GuardDuty::Detector",
        "guardduty",
        (List("ListDetectors", "DetectorIds[].{Id: @}"),),
        "Id",
        describe=Call("GetDetector", {"DetectorId": "Id"}),
        same=("FindingPublishingFrequency", "Id", "Tags"),
        rows={
            "DataSources.S3Logs.Enable": "is(DataSources.S3Logs.Status, 'ENABLED')",
            "DataSources.Kubernetes.AuditLogs.Enable": "is(DataSources.Kubernetes.AuditLogs.Status, 'ENABLED')",
            "DataSources.MalwareProtection.ScanEc2InstanceWithFindings.EbsVolumes": (
                "is(DataSources.MalwareProtection.ScanEc2InstanceWithFindings.EbsVolumes.Status, 'ENABLED')"
            ),
            "Enable": "is(Status, 'ENABLED')",
            "Features": (
                "Features[].{Name: Name, Status: Status, "
                "AdditionalConfiguration: AdditionalConfiguration[].{Name: Name, Status: Status}}"
            ),
        },
    ),
)
