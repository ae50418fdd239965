"""Amazon GuardDuty, AWS Security Hub, Amazon Inspector, Amazon Macie, Amazon Detective, IAM Access Analyzer."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::GuardDuty::Detector",
        # All data sources are enabled in a new detector unless they are disabled, but for runtime monitoring.
        # https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateDetector.html
        defaults={
            "DataSources.S3Logs.Enable": True,
            "DataSources.Kubernetes.AuditLogs.Enable": True,
            "DataSources.MalwareProtection.ScanEc2InstanceWithFindings.EbsVolumes": True,
            "FindingPublishingFrequency": "SIX_HOURS",
        },
    ),
    ResourceTable("AWS::GuardDuty::Filter", defaults={"Action": "NOOP"}),
    ResourceTable(
        "AWS::Macie::Session",
        # https://docs.aws.amazon.com/macie/latest/APIReference/macie.html
        defaults={"Status": "ENABLED", "FindingPublishingFrequency": "SIX_HOURS"},
    ),
    ResourceTable("AWS::Macie::FindingsFilter", defaults={"Action": "NOOP"}),
    ResourceTable(
        "AWS::SecurityHub::Hub",
        # https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableSecurityHub.html
        # https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_UpdateSecurityHubConfiguration.html
        defaults={"AutoEnableControls": True, "EnableDefaultStandards": True},
    ),
    ResourceTable("AWS::SecurityHub::OrganizationConfiguration", defaults={"ConfigurationType": "LOCAL"}),
    ResourceTable(
        "AWS::AccessAnalyzer::Analyzer",
        # https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_UnusedAccessConfiguration.html
        defaults={"AnalyzerConfiguration.UnusedAccessConfiguration.UnusedAccessAge": 90},
    ),
)
