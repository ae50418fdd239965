"""AWS Lambda, Auto Scaling, load balancing, CodeBuild and CloudFront."""

from collections.abc import Mapping
from typing import Any

from assay.inventory.schema import fields_of
from assay.inventory.shaping import shaped
from assay.inventory.values import Value
from assay.sources.aws_config.items import Item
from assay.sources.aws_config.mapping import Entry, Properties, at, of_each, stated


def _classic(item: Item) -> Properties:
    configuration = item.configuration
    attributes = at(item.supplementary, "LoadBalancerAttributes")
    found: Properties = {"Listeners": of_each(at(configuration, "listenerDescriptions"), _listener)}
    logging = at(attributes, "accessLog")
    if isinstance(logging, dict):
        found["AccessLoggingPolicy"] = stated(
            Enabled=at(logging, "enabled"),
            S3BucketName=at(logging, "s3BucketName"),
            S3BucketPrefix=at(logging, "s3BucketPrefix"),
            EmitInterval=at(logging, "emitInterval"),
        )
    return found


def _listener(each: Mapping[str, Any]) -> Value:
    listener = each.get("listener")
    return stated(
        InstancePort=_text(at(listener, "instancePort")),
        InstanceProtocol=at(listener, "instanceProtocol"),
        LoadBalancerPort=_text(at(listener, "loadBalancerPort")),
        Protocol=at(listener, "protocol"),
        SSLCertificateId=at(listener, "sslcertificateId"),
        PolicyNames=each.get("policyNames") or None,
    )


def _text(value: Any) -> Any:
    return None if value is None else str(value)


def _group(item: Item) -> Properties:
    zones = at(item.configuration, "vpczoneIdentifier")
    return {"VPCZoneIdentifier": [each for each in zones.split(",") if each] if isinstance(zones, str) else zones}


def _launch(item: Item) -> Properties:
    profile = at(item.configuration, "iamInstanceProfile")
    return {"IamInstanceProfile": profile.rsplit("/", 1)[-1] if isinstance(profile, str) else None}


def _distribution(item: Item) -> Properties:
    wanted = fields_of("AWS::CloudFront::Distribution")["DistributionConfig"]
    stated_config = at(item.configuration, "distributionConfig")
    config = shaped(stated_config, wanted)
    if not isinstance(config, dict):
        return {}
    if at(stated_config, "logging.enabled") is not True:
        config.pop("Logging", None)  # the API describes logging that is off as an object without a bucket
    config.pop("TenantConfig", None)
    _add_headers(config.get("Origins"), at(stated_config, "origins.items"))
    restriction, places = (
        at(config, "Restrictions.GeoRestriction"),
        at(stated_config, "restrictions.geoRestriction.items"),
    )
    if isinstance(restriction, dict) and isinstance(places, list):
        restriction["Locations"] = places
    if (ipv6 := at(stated_config, "isIPV6Enabled")) is not None:
        config["IPV6Enabled"] = ipv6
    return {"DistributionConfig": config}


def _add_headers(origins: Any, described: Any) -> None:
    """Add to the origins of a distribution the headers that each one gets, which CloudFormation calls differently."""
    if isinstance(origins, list) and isinstance(described, list):
        for origin, each in zip(origins, described, strict=False):
            headers = of_each(at(each, "customHeaders.items"), _header)
            if headers and isinstance(origin, dict):
                origin["OriginCustomHeaders"] = headers


def _header(each: Mapping[str, Any]) -> Value:
    return stated(HeaderName=each.get("headerName"), HeaderValue=each.get("headerValue"))


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::Lambda::Function",
        same=(
            "Architectures",
            "DeadLetterConfig",
            "Description",
            "EphemeralStorage",
            "FileSystemConfigs",
            "FunctionName",
            "Handler",
            "KmsKeyArn",
            "MemorySize",
            "PackageType",
            "Role",
            "Runtime",
            "Timeout",
            "TracingConfig",
            "VpcConfig",
        ),
        rows={"Arn": "functionArn", "Layers": "layers.*.arn"},
        maybe={
            "Environment": "environment",
            "ReservedConcurrentExecutions": "+Concurrency.reservedConcurrentExecutions",
            "CodeSigningConfigArn": "codeSigningConfigArn",
        },
    ),
    Entry(
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        same=("IpAddressType", "LoadBalancerArn", "Scheme", "SecurityGroups", "Type"),
        rows={"Name": "loadBalancerName", "Subnets": "availabilityZones.*.subnetId"},
    ),
    Entry(
        "AWS::ElasticLoadBalancing::LoadBalancer",
        same=("HealthCheck", "LoadBalancerName", "Scheme", "SecurityGroups", "Subnets"),
        rows={"AvailabilityZones": "availabilityZones", "Instances": "instances.*.instanceId"},
        maybe={
            "ConnectionDrainingPolicy": "+LoadBalancerAttributes.connectionDraining",
            "CrossZone": "+LoadBalancerAttributes.crossZoneLoadBalancing.enabled",
            "AccessLoggingPolicy": "+LoadBalancerAttributes.accessLog",
        },
        derive=_classic,
        derived=("Listeners",),
    ),
    Entry(
        "AWS::AutoScaling::AutoScalingGroup",
        same=(
            "AutoScalingGroupName",
            "AvailabilityZones",
            "CapacityRebalance",
            "HealthCheckGracePeriod",
            "HealthCheckType",
            "LaunchConfigurationName",
            "LaunchTemplate",
            "LoadBalancerNames",
            "MaxInstanceLifetime",
            "MaxSize",
            "MinSize",
            "DesiredCapacity",
            "MixedInstancesPolicy",
            "NewInstancesProtectedFromScaleIn",
            "PlacementGroup",
            "ServiceLinkedRoleARN",
            "TargetGroupARNs",
            "TerminationPolicies",
        ),
        rows={"Cooldown": "defaultCooldown"},
        derive=_group,
        derived=("VPCZoneIdentifier",),
    ),
    Entry(
        "AWS::AutoScaling::LaunchConfiguration",
        same=(
            "AssociatePublicIpAddress",
            "BlockDeviceMappings",
            "EbsOptimized",
            "ImageId",
            "InstanceType",
            "KeyName",
            "LaunchConfigurationName",
            "MetadataOptions",
            "PlacementTenancy",
            "SecurityGroups",
            "SpotPrice",
            "UserData",
        ),
        rows={"InstanceMonitoring": "instanceMonitoring.enabled"},
        derive=_launch,
        derived=("IamInstanceProfile",),
    ),
    Entry(
        "AWS::CodeBuild::Project",
        same=(
            "Arn",
            "Artifacts",
            "BuildBatchConfig",
            "Cache",
            "ConcurrentBuildLimit",
            "Description",
            "EncryptionKey",
            "Environment",
            "FileSystemLocations",
            "LogsConfig",
            "Name",
            "QueuedTimeoutInMinutes",
            "SecondaryArtifacts",
            "SecondarySources",
            "ServiceRole",
            "Source",
            "SourceVersion",
            "TimeoutInMinutes",
        ),
        rows={"VpcConfig.VpcId": "vpcConfig.vpcId", "VpcConfig.SecurityGroupIds": "vpcConfig.securityGroupIds"},
    ),
    Entry(
        "AWS::CodePipeline::Pipeline",
        rows={
            "ArtifactStore": "pipeline.artifactStore",
            "Name": "pipeline.name",
            "RoleArn": "pipeline.roleArn",
            "Stages": "pipeline.stages",
        },
        maybe={"PipelineType": "pipeline.pipelineType", "Triggers": "pipeline.triggers"},
    ),
    Entry(
        "AWS::CloudFront::Distribution",
        same=("DomainName", "Id"),
        derive=_distribution,
        derived=("DistributionConfig",),
    ),
)
