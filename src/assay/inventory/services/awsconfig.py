"""AWS Config."""

from assay.inventory.tables import ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::Config::ConfigurationRecorder",
        # https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingMode.html
        defaults={"RecordingMode.RecordingFrequency": "CONTINUOUS"},
        names=("Name",),
    ),
    ResourceTable("AWS::Config::ConfigRule", names=("ConfigRuleName",)),
)
