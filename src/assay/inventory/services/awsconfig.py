"""AWS Config."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::Config::ConfigurationRecorder",
        # https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingMode.html
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-config-configurationrecorder.html
        defaults={"RecordingMode.RecordingFrequency": "CONTINUOUS", "StartedOnCreate": True},
        names=("Name",),
    ),
    ResourceTable("AWS::Config::ConfigRule", names=("ConfigRuleName",)),
)
