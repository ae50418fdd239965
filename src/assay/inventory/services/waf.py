"""AWS WAF and Shield."""

from assay.inventory.tables import Fold, ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::WAFv2::WebACL",
        names=("Name",),
        folds=(Fold("AWS::WAFv2::LoggingConfiguration", key="ResourceArn", into="Logging", fragments=False),),
    ),
    ResourceTable("AWS::WAFv2::RuleGroup", names=("Name",)),
)
