"""AWS Backup."""

from typing import Any

from assay.inventory.values import Cause, Reason, Unknown
from assay.sources.aws.entry import Call, Entry, List, Properties, nothing, stated

_VAULT = {"BackupVaultName": "BackupVaultName"}
_PLAN = {"BackupPlanId": "BackupPlanId"}
_NONE = nothing("ResourceNotFoundException")

_RULES = (
    "BackupPlan.Rules[].{RuleName: RuleName, TargetBackupVault: TargetBackupVaultName, "
    "TargetLogicallyAirGappedBackupVaultArn: TargetLogicallyAirGappedBackupVaultArn, "
    "ScheduleExpression: ScheduleExpression, ScheduleExpressionTimezone: ScheduleExpressionTimezone, "
    "StartWindowMinutes: StartWindowMinutes, CompletionWindowMinutes: CompletionWindowMinutes, "
    "Lifecycle: Lifecycle, RecoveryPointTags: RecoveryPointTags, CopyActions: CopyActions, "
    "EnableContinuousBackup: EnableContinuousBackup, IndexActions: IndexActions}"
)


def _lock(vault: Any) -> Properties:
    """Return the lock. That it becomes final is known by its date; in how many days it was to, is not said."""
    if not vault.get("Locked"):
        return {}
    final = Reason(
        Cause.NOT_COLLECTED,
        "AWS::Backup::BackupVault LockConfiguration.ChangeableForDays",
        "the lock has a date from which nobody can change it; how many days that was ahead is not said",
    )
    return {
        "LockConfiguration": stated(
            MinRetentionDays=vault.get("MinRetentionDays"),
            MaxRetentionDays=vault.get("MaxRetentionDays"),
            ChangeableForDays=Unknown(final, present=True) if vault.get("LockDate") else None,
        )
    }


def _tags(arn: str, property_: str) -> Call:
    # A resource has fifty tags at most.
    return Call("ListTags", {"ResourceArn": arn, "MaxResults": "`100`"}, once=True, rows={property_: "Tags"})


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Backup::BackupVault",
        "backup",
        (List("ListBackupVaults", "BackupVaultList", {"ByVaultType": "'BACKUP_VAULT'"}),),
        "BackupVaultName",
        same=("BackupVaultArn", "BackupVaultName", "EncryptionKeyArn"),
        derive=_lock,
        derived=("LockConfiguration",),
        calls=(
            Call("GetBackupVaultAccessPolicy", _VAULT, rows={"AccessPolicy": "Policy"}, absent=_NONE),
            Call(
                "GetBackupVaultNotifications",
                _VAULT,
                rows={
                    "Notifications.BackupVaultEvents": "BackupVaultEvents",
                    "Notifications.SNSTopicArn": "SNSTopicArn",
                },
                absent=_NONE,
            ),
            _tags("BackupVaultArn", "BackupVaultTags"),
        ),
    ),
    Entry(
        "AWS::Backup::LogicallyAirGappedBackupVault",
        "backup",
        (List("ListBackupVaults", "BackupVaultList", {"ByVaultType": "'LOGICALLY_AIR_GAPPED_BACKUP_VAULT'"}),),
        "BackupVaultName",
        keep="is(VaultType || 'BACKUP_VAULT', 'LOGICALLY_AIR_GAPPED_BACKUP_VAULT')",
        same=("BackupVaultArn", "BackupVaultName", "EncryptionKeyArn", "MaxRetentionDays", "MinRetentionDays"),
        calls=(
            Call("GetBackupVaultAccessPolicy", _VAULT, rows={"AccessPolicy": "Policy"}, absent=_NONE),
            _tags("BackupVaultArn", "BackupVaultTags"),
        ),
    ),
    Entry(
        "AWS::Backup::BackupPlan",
        "backup",
        (List("ListBackupPlans", "BackupPlansList"),),
        "BackupPlanId",
        describe=Call("GetBackupPlan", _PLAN),
        same=("BackupPlanArn", "BackupPlanId", "VersionId"),
        rows={
            "BackupPlan.AdvancedBackupSettings": "BackupPlan.AdvancedBackupSettings",
            "BackupPlan.BackupPlanName": "BackupPlan.BackupPlanName",
            "BackupPlan.BackupPlanRule": _RULES,
        },
        calls=(_tags("BackupPlanArn", "BackupPlanTags"),),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::Backup::BackupSelection",
        "backup",
        (
            List("ListBackupPlans", "BackupPlansList"),
            List("ListBackupSelections", "BackupSelectionsList", _PLAN, absent=("ResourceNotFoundException",)),
        ),
        "SelectionId",
        describe=Call("GetBackupSelection", {**_PLAN, "SelectionId": "SelectionId"}),
        same=("BackupPlanId", "BackupSelection", "SelectionId"),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::Backup::RestoreTestingPlan",
        "backup",
        (List("ListRestoreTestingPlans", "RestoreTestingPlans"),),
        "RestoreTestingPlanName",
        describe=Call(
            "GetRestoreTestingPlan",
            {"RestoreTestingPlanName": "RestoreTestingPlanName"},
            answer="RestoreTestingPlan",
        ),
        same=(
            "RecoveryPointSelection",
            "RestoreTestingPlanArn",
            "RestoreTestingPlanName",
            "ScheduleExpression",
            "ScheduleExpressionTimezone",
            "StartWindowHours",
        ),
        calls=(_tags("RestoreTestingPlanArn", "Tags"),),
        gone=("ResourceNotFoundException",),
    ),
)
