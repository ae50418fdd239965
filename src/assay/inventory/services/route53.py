"""Amazon Route 53."""

from assay.inventory.tables import Fold, ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::Route53::HostedZone",
        names=("Name",),
        folds=(
            Fold("AWS::Route53::DNSSEC", key="HostedZoneId", into="Signing", fragments=False),
            Fold("AWS::Route53::QueryLoggingConfig", key="HostedZoneId", into="QueryLogs", fragments=False),
        ),
    ),
    ResourceTable(
        "AWS::Route53Resolver::FirewallRuleGroupAssociation",
        # https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_AssociateFirewallRuleGroup.html
        defaults={"MutationProtection": "DISABLED"},
    ),
)
