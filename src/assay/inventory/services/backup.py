"""AWS Backup."""

from assay.inventory.tables import ResourceTable

TABLE = (
    ResourceTable("AWS::Backup::BackupVault", names=("BackupVaultName",)),
    ResourceTable("AWS::Backup::LogicallyAirGappedBackupVault", names=("BackupVaultName",)),
    ResourceTable(
        "AWS::Backup::BackupPlan",
        # https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html
        defaults={"BackupPlan.BackupPlanRule.*.ScheduleExpression": "cron(0 5 ? * * *)"},
    ),
)
