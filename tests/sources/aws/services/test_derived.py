"""What code makes of answers: facts that the schema nests otherwise than the API does."""

from assay.sources.aws.entry import Entry
from assay.sources.aws.services.autoscaling import TABLE as AUTOSCALING
from assay.sources.aws.services.edge import TABLE as EDGE
from assay.sources.aws.services.elasticloadbalancing import TABLE as BALANCING


def _entry(table: tuple[Entry, ...], kind: str) -> Entry:
    return next(each for each in table if each.type == kind)


def _derived(table: tuple[Entry, ...], kind: str, answer: object) -> dict[str, object]:
    entry = _entry(table, kind)
    derive = entry.derive or next(each.derive for each in entry.calls if each.derive)
    found: dict[str, object] = dict(derive(answer))
    return found


def test_settings_of_a_stage_are_by_path_and_method() -> None:
    answer = {
        "methodSettings": {
            "*/*": {"loggingLevel": "INFO", "cacheDataEncrypted": False, "cachingEnabled": True},
            "~1pets~1{id}/GET": {"dataTraceEnabled": True},
        }
    }
    assert _derived(EDGE, "AWS::ApiGateway::Stage", answer)["MethodSettings"] == [
        {
            "HttpMethod": "*",
            "ResourcePath": "/*",
            "CacheDataEncrypted": False,
            "CachingEnabled": True,
            "LoggingLevel": "INFO",
        },
        {"HttpMethod": "GET", "ResourcePath": "/pets/{id}", "DataTraceEnabled": True},
    ]
    assert _derived(EDGE, "AWS::ApiGateway::Stage", {})["MethodSettings"] == []


def _distribution(**more: object) -> dict[str, object]:
    behaviour = {
        "TargetOriginId": "o",
        "ViewerProtocolPolicy": "redirect-to-https",
        "TrustedSigners": {"Enabled": False, "Quantity": 0},
        "TrustedKeyGroups": {"Enabled": True, "Quantity": 1, "Items": ["k"]},
        "AllowedMethods": {"Quantity": 2, "Items": ["GET", "HEAD"], "CachedMethods": {"Quantity": 0}},
    }
    origin = {
        "Id": "o",
        "DomainName": "b.s3.amazonaws.com",
        "OriginAccessControlId": "E1",
        "S3OriginConfig": {"OriginAccessIdentity": ""},
        "CustomHeaders": {"Quantity": 0},
    }
    config = {
        "CallerReference": "x",
        "Comment": "",
        "Enabled": True,
        "DefaultRootObject": "index.html",
        "DefaultCacheBehavior": behaviour,
        "CacheBehaviors": {"Quantity": 0},
        "Origins": {"Quantity": 1, "Items": [origin]},
        "OriginGroups": {"Quantity": 0},
        "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
        "ViewerCertificate": {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"},
        "WebACLId": "",
        **more,
    }
    found = _derived(EDGE, "AWS::CloudFront::Distribution", {"DistributionConfig": config})["DistributionConfig"]
    assert isinstance(found, dict)
    return found


def test_a_distribution_has_lists_where_the_api_counts() -> None:
    config = _distribution()
    assert config["CacheBehaviors"] == []
    assert config["Origins"] == [
        {
            "DomainName": "b.s3.amazonaws.com",
            "Id": "o",
            "OriginAccessControlId": "E1",
            "S3OriginConfig": {"OriginAccessIdentity": ""},
        }
    ]
    assert config["DefaultCacheBehavior"] == {
        "TargetOriginId": "o",
        "ViewerProtocolPolicy": "redirect-to-https",
        "TrustedKeyGroups": ["k"],
        "TrustedSigners": [],
    }
    assert config["OriginGroups"] == {"Quantity": 0, "Items": []}
    assert config["ViewerCertificate"] == {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"}


def test_logging_that_is_switched_off_is_none() -> None:
    assert "Logging" not in _distribution()
    on = {"Enabled": True, "IncludeCookies": False, "Bucket": "logs.s3.amazonaws.com", "Prefix": ""}
    assert _distribution(Logging=on)["Logging"] == {
        "Bucket": "logs.s3.amazonaws.com",
        "IncludeCookies": False,
        "Prefix": "",
    }


def test_a_listener_s_actions_keep_where_they_lead_and_no_secret() -> None:
    oidc = {"Issuer": "https://i.example", "ClientId": "c", "ClientSecret": "s3cr3t", "SessionTimeout": 60}
    answer = {
        "DefaultActions": [
            {"Type": "authenticate-oidc", "Order": 1, "AuthenticateOidcConfig": oidc},
            {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}},
            {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "arn:t", "Weight": 1}]}},
        ]
    }
    assert _derived(BALANCING, "AWS::ElasticLoadBalancingV2::Listener", answer)["DefaultActions"] == [
        {
            "Type": "authenticate-oidc",
            "Order": 1,
            "AuthenticateOidcConfig": {"Issuer": "https://i.example", "ClientId": "c", "SessionTimeout": 60},
        },
        {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}},
        {"Type": "forward", "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": "arn:t", "Weight": 1}]}},
    ]


def test_listeners_of_a_classic_balancer_and_subnets_of_others() -> None:
    listener = {"Protocol": "HTTPS", "LoadBalancerPort": 443, "InstancePort": 80, "InstanceProtocol": "HTTP"}
    answer = {"ListenerDescriptions": [{"Listener": listener, "PolicyNames": ["p"]}]}
    assert _derived(BALANCING, "AWS::ElasticLoadBalancing::LoadBalancer", answer)["Listeners"] == [
        {**listener, "PolicyNames": ["p"]}
    ]
    zones = {"AvailabilityZones": [{"ZoneName": "a", "SubnetId": "subnet-1"}, {"ZoneName": "b"}]}
    assert _derived(BALANCING, "AWS::ElasticLoadBalancingV2::LoadBalancer", zones)["Subnets"] == ["subnet-1"]


def test_subnets_of_a_group_are_a_list() -> None:
    kind = "AWS::AutoScaling::AutoScalingGroup"
    assert _derived(AUTOSCALING, kind, {"VPCZoneIdentifier": "subnet-1,subnet-2"}) == {
        "VPCZoneIdentifier": ["subnet-1", "subnet-2"]
    }
    assert _derived(AUTOSCALING, kind, {"VPCZoneIdentifier": ""}) == {"VPCZoneIdentifier": []}
