"""Elastic Load Balancing: application, network and gateway load balancers, and classic ones."""

from typing import Any

from assay.sources.aws.entry import Call, Entry, List, Properties, Together, stated

_ARN = {"LoadBalancerArn": "LoadBalancerArn"}
_PAIRS = "[].{Key: Key, Value: Value}"


def _tags(key: str) -> Call:
    return Call(
        "DescribeTags",
        together=Together("TagDescriptions", (key, "ResourceArn"), "ResourceArns", 20),
        same=("Tags",),
    )


def _action(action: Any) -> Properties:
    """Return an action of a listener in the schema's names."""
    redirect, fixed = action.get("RedirectConfig"), action.get("FixedResponseConfig")
    forward = [
        stated(TargetGroupArn=each.get("TargetGroupArn"), Weight=each.get("Weight"))
        for each in (action.get("ForwardConfig") or {}).get("TargetGroups") or ()
    ]
    return stated(
        Type=action.get("Type"),
        Order=action.get("Order"),
        TargetGroupArn=action.get("TargetGroupArn"),
        RedirectConfig=redirect,
        FixedResponseConfig=fixed,
        ForwardConfig={"TargetGroups": forward} if forward else None,
        AuthenticateOidcConfig=_without_secret(action.get("AuthenticateOidcConfig")),
        AuthenticateCognitoConfig=_without_secret(action.get("AuthenticateCognitoConfig")),
    )


def _without_secret(config: Any) -> Any:
    if not isinstance(config, dict):
        return None
    return {key: value for key, value in config.items() if key != "ClientSecret"}


def _actions(listener: Any) -> Properties:
    return {"DefaultActions": [_action(each) for each in listener.get("DefaultActions") or ()]}


def _zones(balancer: Any) -> Properties:
    zones = [each for each in balancer.get("AvailabilityZones") or () if each.get("SubnetId")]
    return {"Subnets": [each["SubnetId"] for each in zones]}


def _listeners(balancer: Any) -> Properties:
    found = []
    for each in balancer.get("ListenerDescriptions") or ():
        said = each.get("Listener") or {}
        found.append(
            stated(
                LoadBalancerPort=said.get("LoadBalancerPort"),
                InstancePort=said.get("InstancePort"),
                Protocol=said.get("Protocol"),
                InstanceProtocol=said.get("InstanceProtocol"),
                SSLCertificateId=said.get("SSLCertificateId"),
                PolicyNames=each.get("PolicyNames") or [],
            )
        )
    return {"Listeners": found}


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "elbv2",
        (List("DescribeLoadBalancers", "LoadBalancers"),),
        "LoadBalancerArn",
        same=(
            "CanonicalHostedZoneID",
            "DNSName",
            "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic",
            "IpAddressType",
            "LoadBalancerArn",
            "LoadBalancerName",
            "Scheme",
            "SecurityGroups",
            "Type",
        ),
        rows={"Name": "LoadBalancerName"},
        derive=_zones,
        derived=("Subnets",),
        calls=(
            Call("DescribeLoadBalancerAttributes", _ARN, rows={"LoadBalancerAttributes": f"Attributes{_PAIRS}"}),
            _tags("LoadBalancerArn"),
        ),
        gone=("LoadBalancerNotFoundException",),
    ),
    Entry(
        "AWS::ElasticLoadBalancingV2::Listener",
        "elbv2",
        (
            List("DescribeLoadBalancers", "LoadBalancers"),
            List("DescribeListeners", "Listeners", _ARN, absent=("LoadBalancerNotFoundException",)),
        ),
        "ListenerArn",
        same=(
            "AlpnPolicy",
            "ListenerArn",
            "LoadBalancerArn",
            "MutualAuthentication",
            "Port",
            "Protocol",
            "SslPolicy",
        ),
        rows={"Certificates": "Certificates[].{CertificateArn: CertificateArn}"},
        derive=_actions,
        derived=("DefaultActions",),
        calls=(_tags("ListenerArn"),),
        gone=("ListenerNotFoundException",),
    ),
    Entry(
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        "elbv2",
        (List("DescribeTargetGroups", "TargetGroups"),),
        "TargetGroupArn",
        same=(
            "HealthCheckEnabled",
            "HealthCheckIntervalSeconds",
            "HealthCheckPath",
            "HealthCheckPort",
            "HealthCheckProtocol",
            "HealthCheckTimeoutSeconds",
            "HealthyThresholdCount",
            "IpAddressType",
            "LoadBalancerArns",
            "Matcher",
            "Port",
            "Protocol",
            "ProtocolVersion",
            "TargetGroupArn",
            "TargetGroupName",
            "TargetType",
            "UnhealthyThresholdCount",
            "VpcId",
        ),
        rows={"Name": "TargetGroupName"},
        calls=(
            Call(
                "DescribeTargetGroupAttributes",
                {"TargetGroupArn": "TargetGroupArn"},
                rows={"TargetGroupAttributes": f"Attributes{_PAIRS}"},
            ),
            _tags("TargetGroupArn"),
        ),
        gone=("TargetGroupNotFoundException",),
    ),
    Entry(
        "AWS::ElasticLoadBalancing::LoadBalancer",
        "elb",
        (List("DescribeLoadBalancers", "LoadBalancerDescriptions"),),
        "LoadBalancerName",
        same=(
            "AvailabilityZones",
            "CanonicalHostedZoneName",
            "CanonicalHostedZoneNameID",
            "DNSName",
            "HealthCheck",
            "LoadBalancerName",
            "Scheme",
            "SecurityGroups",
            "Subnets",
        ),
        rows={"Instances": "Instances[].InstanceId"},
        derive=_listeners,
        derived=("Listeners",),
        calls=(
            Call(
                "DescribeLoadBalancerAttributes",
                {"LoadBalancerName": "LoadBalancerName"},
                answer="LoadBalancerAttributes",
                rows={
                    "AccessLoggingPolicy": (
                        "AccessLog.{Enabled: Enabled, S3BucketName: S3BucketName, EmitInterval: EmitInterval, "
                        "S3BucketPrefix: S3BucketPrefix}"
                    ),
                    "ConnectionDrainingPolicy": "ConnectionDraining",
                    "ConnectionSettings": "ConnectionSettings",
                    "CrossZone": "CrossZoneLoadBalancing.Enabled",
                },
            ),
            Call(
                "DescribeTags",
                together=Together("TagDescriptions", ("LoadBalancerName", "LoadBalancerName"), "LoadBalancerNames", 20),
                same=("Tags",),
            ),
        ),
        gone=("AccessPointNotFoundException",),
    ),
)
