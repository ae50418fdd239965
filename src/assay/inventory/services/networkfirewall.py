"""AWS Network Firewall."""

from assay.inventory.tables import Fold, ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::NetworkFirewall::Firewall",
        names=("FirewallName",),
        folds=(
            Fold(
                "AWS::NetworkFirewall::LoggingConfiguration",
                key="FirewallArn",
                into="LoggingConfigurations",
                fragments=False,
            ),
        ),
    ),
    ResourceTable("AWS::NetworkFirewall::FirewallPolicy", names=("FirewallPolicyName",)),
    ResourceTable("AWS::NetworkFirewall::RuleGroup", names=("RuleGroupName",)),
)
