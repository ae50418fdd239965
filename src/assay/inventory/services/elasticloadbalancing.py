"""Elastic Load Balancing, classic and v2."""

from assay.inventory.tables import Fold, ResourceTable

TABLE: tuple[ResourceTable, ...] = (
    ResourceTable(
        "AWS::ElasticLoadBalancing::LoadBalancer",
        defaults={
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-elasticloadbalancing-loadbalancer.html
            "Scheme": "internet-facing",
            "CrossZone": False,
        },
        names=("LoadBalancerName",),
    ),
    ResourceTable(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
        defaults={"Type": "application", "Scheme": "internet-facing"},
        names=("Name",),
        folds=(
            Fold("AWS::WAFv2::WebACLAssociation", key="ResourceArn", into="WebACLs", fragments=False),
            Fold("AWS::WAFRegional::WebACLAssociation", key="ResourceArn", into="ClassicWebACLs", fragments=False),
        ),
    ),
    ResourceTable(
        "AWS::ElasticLoadBalancingV2::Listener",
        defaults={
            # The policy of listeners that are not made in the console and name none.
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
            "SslPolicy": "ELBSecurityPolicy-2016-08",
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html
            "DefaultActions.*.RedirectConfig.Protocol": "#{protocol}",
        },
        folds=(
            Fold(
                "AWS::ElasticLoadBalancingV2::ListenerCertificate",
                key="ListenerArn",
                into="Certificates",
                take="Certificates",
                fragments=False,
            ),
        ),
    ),
    ResourceTable(
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        defaults={
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
            "TargetType": "instance",
            # HTTP where an application load balancer sends, TCP where a network or gateway one does: neither encrypted.
            "HealthCheckProtocol": "HTTP",
        },
        names=("Name",),
    ),
)
