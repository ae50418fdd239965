"""AWS Backup."""

from assay.inventory.schema import BOOLEAN
from assay.inventory.tables import Fold, ResourceTable, Undocumented

# Selections that name a resource become properties of it. One that is selected by its tags, by a pattern, or by a plan
# that is declared elsewhere is not known to be: InBackupPlan stands for these, for a source that can tell.
SELECTED = Fold(
    "AWS::Backup::BackupSelection", key="BackupSelection.Resources", into="BackupSelections", fragments=False
)
IN_PLAN = {"InBackupPlan": BOOLEAN}
IN_PLAN_DEFAULT = {"InBackupPlan": Undocumented("what backup plans select by tags and patterns, and from elsewhere")}

TABLE = (
    ResourceTable("AWS::Backup::BackupVault", names=("BackupVaultName",)),
    ResourceTable("AWS::Backup::LogicallyAirGappedBackupVault", names=("BackupVaultName",)),
    ResourceTable(
        "AWS::Backup::BackupPlan",
        # https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html
        defaults={"BackupPlan.BackupPlanRule.*.ScheduleExpression": "cron(0 5 ? * * *)"},
    ),
)
