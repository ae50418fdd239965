"""What stands at the edge: CloudFront, API Gateway, AppSync, AWS WAF, Route 53, ACM and Network Firewall."""

from collections.abc import Mapping
from typing import Any

from assay.sources.aws.entry import Call, Entry, List, Properties, Scope, objects

_POOL = {"UserPoolId": "Id"}
_MARKER = ("NextMarker", "NextMarker")
# Access lists of CloudFront are asked for in us-east-1. What the first call answers is not looked at.
_SCOPES = (
    """region() == 'us-east-1' && `[{"Scope": "REGIONAL"}, {"Scope": "CLOUDFRONT"}]` || `[{"Scope": "REGIONAL"}]`"""
)


def _methods(stage: Any) -> Properties:
    """Return the settings of a stage by method: the API has them under "path/METHOD", "~1" for "/" in a path."""
    found = []
    for key, said in sorted((stage.get("methodSettings") or {}).items()):
        path, _, method = key.rpartition("/")
        names = {
            "CacheDataEncrypted": "cacheDataEncrypted",
            "CacheTtlInSeconds": "cacheTtlInSeconds",
            "CachingEnabled": "cachingEnabled",
            "DataTraceEnabled": "dataTraceEnabled",
            "LoggingLevel": "loggingLevel",
            "MetricsEnabled": "metricsEnabled",
            "ThrottlingBurstLimit": "throttlingBurstLimit",
            "ThrottlingRateLimit": "throttlingRateLimit",
        }
        kept = {name: said[member] for name, member in names.items() if said.get(member) is not None}
        resource = "/*" if path == "*" else "/" + path.replace("~1", "/").lstrip("/")
        where = {"HttpMethod": method, "ResourcePath": resource}
        found.append({**where, **kept})
    return {"MethodSettings": found}


def _distribution(answer: Any) -> Properties:
    """Return the configuration of a distribution; {"Quantity", "Items"} is a list in the schema."""
    config = _flat(answer.get("DistributionConfig") or {})
    config.pop("CallerReference", None)
    for behaviour in (config.get("DefaultCacheBehavior"), *objects(config.get("CacheBehaviors"))):
        if isinstance(behaviour, dict):
            _behaviour(behaviour)
    groups = config.get("OriginGroups")
    if isinstance(groups, list):
        config["OriginGroups"] = {"Quantity": len(groups), "Items": groups}
    config["Logging"] = _logging(config.get("Logging"))
    config["ViewerCertificate"] = _certificate(config.get("ViewerCertificate"))
    wanted = (
        *("Aliases", "CacheBehaviors", "Comment", "DefaultCacheBehavior", "DefaultRootObject", "Enabled"),
        *("HttpVersion", "Logging", "Origins", "PriceClass", "Staging", "ViewerCertificate", "WebACLId"),
    )
    kept = {name: config[name] for name in wanted if config.get(name) is not None}
    kept["IPV6Enabled"] = config.get("IsIPV6Enabled")
    kept["Origins"] = [_origin(each) for each in objects(config.get("Origins"))]
    kept["OriginGroups"] = {
        "Quantity": len(groups or ()),
        "Items": [{"Id": each.get("Id")} for each in objects(groups or [])],
    }
    return {"DistributionConfig": {name: value for name, value in kept.items() if value is not None}}


def _flat(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "Quantity" in value and set(value) <= {"Quantity", "Items"}:
            return [_flat(each) for each in value.get("Items") or ()]
        return {key: _flat(each) for key, each in value.items()}
    return [_flat(each) for each in value] if isinstance(value, list) else value


def _behaviour(behaviour: dict[str, Any]) -> None:
    """Leave of a behaviour what is called alike in the schema, and the keys and signers that it trusts."""
    groups, signers = behaviour.get("TrustedKeyGroups"), behaviour.get("TrustedSigners")
    kept = {
        name: behaviour[name]
        for name in (
            *("CachePolicyId", "Compress", "FieldLevelEncryptionId", "OriginRequestPolicyId", "PathPattern"),
            *("RealtimeLogConfigArn", "ResponseHeadersPolicyId", "SmoothStreaming", "TargetOriginId"),
            "ViewerProtocolPolicy",
        )
        if behaviour.get(name) not in (None, "")
    }
    behaviour.clear()
    behaviour.update(kept)
    for name, said in (("TrustedKeyGroups", groups), ("TrustedSigners", signers)):
        if isinstance(said, Mapping):
            behaviour[name] = list(said.get("Items") or ())


def _origin(origin: Any) -> Properties:
    kept = {
        name: origin[name]
        for name in ("ConnectionAttempts", "ConnectionTimeout", "DomainName", "Id", "OriginPath")
        if origin.get(name) is not None
    }
    if origin.get("OriginAccessControlId"):
        kept["OriginAccessControlId"] = origin["OriginAccessControlId"]
    bucket, custom = origin.get("S3OriginConfig"), origin.get("CustomOriginConfig")
    if isinstance(bucket, Mapping):
        kept["S3OriginConfig"] = {"OriginAccessIdentity": bucket.get("OriginAccessIdentity") or ""}
    if isinstance(custom, Mapping):
        names = {"HTTPPort": "HTTPPort", "HTTPSPort": "HTTPSPort", "OriginProtocolPolicy": "OriginProtocolPolicy"}
        kept["CustomOriginConfig"] = {name: custom[member] for name, member in names.items() if member in custom}
        if isinstance(custom.get("OriginSslProtocols"), list):
            kept["CustomOriginConfig"]["OriginSSLProtocols"] = custom["OriginSslProtocols"]
    return kept


def _logging(said: Any) -> Any:
    """Return where standard logs go, None when they are switched off."""
    if not isinstance(said, Mapping) or not said.get("Enabled"):
        return None
    return {name: said[name] for name in ("Bucket", "IncludeCookies", "Prefix") if said.get(name) is not None}


def _certificate(said: Any) -> Any:
    if not isinstance(said, Mapping):
        return None
    names = {
        "ACMCertificateArn": "AcmCertificateArn",
        "IAMCertificateId": "IamCertificateId",
        "CloudFrontDefaultCertificate": "CloudFrontDefaultCertificate",
        "MinimumProtocolVersion": "MinimumProtocolVersion",
        "SSLSupportMethod": "SslSupportMethod",
    }
    return {name: said[member] for member, name in names.items() if said.get(member) is not None}


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::CloudFront::Distribution",
        "cloudfront",
        (List("ListDistributions", "DistributionList.Items[].{Id: Id, ARN: ARN, DomainName: DomainName}"),),
        "Id",
        scope=Scope.GLOBAL,
        same=("DomainName", "Id"),
        calls=(
            Call(
                "GetDistributionConfig",
                {"Id": "Id"},
                derive=_distribution,
                derived=("DistributionConfig",),
            ),
            Call("ListTagsForResource", {"Resource": "ARN"}, rows={"Tags": "Tags.Items"}),
        ),
        gone=("NoSuchDistribution",),
    ),
    Entry(
        "AWS::ApiGateway::RestApi",
        "apigateway",
        (List("GetRestApis", "items"),),
        "id",
        same=(
            "BinaryMediaTypes",
            "Description",
            "DisableExecuteApiEndpoint",
            "MinimumCompressionSize",
            "Name",
            "Policy",
            "RootResourceId",
            "Tags",
        ),
        rows={
            "ApiKeySourceType": "apiKeySource",
            "EndpointConfiguration": (
                "endpointConfiguration.{Types: types, VpcEndpointIds: vpcEndpointIds, IpAddressType: ipAddressType}"
            ),
            "RestApiId": "id",
            "SecurityPolicy": "securityPolicy",
        },
    ),
    Entry(
        "AWS::ApiGateway::Stage",
        "apigateway",
        (
            List("GetRestApis", "items"),
            List("GetStages", "item", {"restApiId": "id"}, carry={"api": "id"}, absent=("NotFoundException",)),
        ),
        "join('|', [api, stageName])",
        same=(
            "CacheClusterEnabled",
            "CacheClusterSize",
            "ClientCertificateId",
            "DeploymentId",
            "Description",
            "DocumentationVersion",
            "StageName",
            "Tags",
            "TracingEnabled",
            "Variables",
        ),
        rows={
            "RestApiId": "api",
            "AccessLogSetting": "accessLogSettings.{DestinationArn: destinationArn, Format: format}",
        },
        derive=_methods,
        derived=("MethodSettings",),
    ),
    Entry(
        "AWS::ApiGatewayV2::Api",
        "apigatewayv2",
        (List("GetApis", "Items"),),
        "ApiId",
        same=(
            "ApiEndpoint",
            "ApiId",
            "ApiKeySelectionExpression",
            "CorsConfiguration",
            "Description",
            "DisableExecuteApiEndpoint",
            "DisableSchemaValidation",
            "IpAddressType",
            "Name",
            "ProtocolType",
            "RouteSelectionExpression",
            "Tags",
            "Version",
        ),
    ),
    Entry(
        "AWS::ApiGatewayV2::Stage",
        "apigatewayv2",
        (
            List("GetApis", "Items"),
            List("GetStages", "Items", {"ApiId": "ApiId"}, carry={"Api": "ApiId"}, absent=("NotFoundException",)),
        ),
        "join('|', [Api, StageName])",
        same=(
            "AccessLogSettings",
            "AutoDeploy",
            "ClientCertificateId",
            "DefaultRouteSettings",
            "DeploymentId",
            "Description",
            "StageName",
            "StageVariables",
            "Tags",
        ),
        rows={"ApiId": "Api"},
    ),
    Entry(
        "AWS::AppSync::GraphQLApi",
        "appsync",
        (List("ListGraphqlApis", "graphqlApis"),),
        "apiId",
        same=(
            "AdditionalAuthenticationProviders",
            "ApiId",
            "ApiType",
            "Arn",
            "AuthenticationType",
            "IntrospectionConfig",
            "Name",
            "OwnerContact",
            "QueryDepthLimit",
            "ResolverCountLimit",
            "Tags",
            "Visibility",
            "XrayEnabled",
        ),
        rows={
            "LogConfig": (
                "logConfig.{CloudWatchLogsRoleArn: cloudWatchLogsRoleArn, ExcludeVerboseContent: "
                "excludeVerboseContent, FieldLogLevel: fieldLogLevel}"
            ),
        },
    ),
    Entry(
        "AWS::WAFv2::WebACL",
        "wafv2",
        (
            List("ListWebACLs", _SCOPES, {"Scope": "'REGIONAL'"}, tokens=_MARKER),
            List("ListWebACLs", "WebACLs", {"Scope": "Scope"}, carry={"Scope": "Scope"}, tokens=_MARKER),
        ),
        "join('|', [Name, Id, Scope])",
        same=("Id", "Name", "Scope"),
        calls=(
            Call(
                "GetWebACL",
                {"Name": "Name", "Id": "Id", "Scope": "Scope"},
                answer="WebACL",
                same=("Arn", "Capacity", "DefaultAction", "Description", "LabelNamespace", "TokenDomains"),
                rows={
                    "VisibilityConfig": "VisibilityConfig",
                    "Rules": (
                        "Rules[].{Name: Name, Priority: Priority, Statement: Statement, "
                        "VisibilityConfig: VisibilityConfig}"
                    ),
                },
            ),
            Call(
                "GetLoggingConfiguration",
                {"ResourceArn": "ARN"},
                rows={"Logging": "[LoggingConfiguration.{ResourceArn: ResourceArn}]"},
                absent={"WAFNonexistentItemException": {"Logging": []}},
            ),
        ),
        gone=("WAFNonexistentItemException",),
    ),
    Entry(
        "AWS::Route53::HostedZone",
        "route53",
        (List("ListHostedZones", "HostedZones"),),
        "after(Id, '/')",
        scope=Scope.GLOBAL,
        same=("Name",),
        rows={"Id": "after(Id, '/')", "HostedZoneConfig": "{Comment: Config.Comment}"},
        calls=(
            Call(
                "GetHostedZone",
                {"Id": "Id"},
                rows={
                    "NameServers": "DelegationSet.NameServers",
                    "VPCs": "VPCs[].{VPCId: VPCId, VPCRegion: VPCRegion}",
                },
            ),
            Call(
                "ListQueryLoggingConfigs",
                {"HostedZoneId": "Id"},
                rows={
                    "QueryLoggingConfig": (
                        "QueryLoggingConfigs[0].{CloudWatchLogsLogGroupArn: CloudWatchLogsLogGroupArn}"
                    )
                },
            ),
            Call(
                "ListTagsForResource",
                {"ResourceType": "'hostedzone'", "ResourceId": "after(Id, '/')"},
                rows={"HostedZoneTags": "ResourceTagSet.Tags"},
            ),
        ),
        gone=("NoSuchHostedZone",),
    ),
    Entry(
        "AWS::CertificateManager::Certificate",
        "acm",
        (List("ListCertificates", "CertificateSummaryList[].{CertificateArn: CertificateArn}"),),
        "CertificateArn",
        describe=Call("DescribeCertificate", {"CertificateArn": "CertificateArn"}, answer="Certificate"),
        same=("CertificateArn", "CertificateAuthorityArn", "DomainName", "KeyAlgorithm", "SubjectAlternativeNames"),
        rows={
            "Id": "CertificateArn",
            "CertificateTransparencyLoggingPreference": "Options.CertificateTransparencyLoggingPreference",
            "ValidationMethod": "DomainValidationOptions[0].ValidationMethod",
        },
        calls=(Call("ListTagsForCertificate", {"CertificateArn": "CertificateArn"}, same=("Tags",)),),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::NetworkFirewall::Firewall",
        "network-firewall",
        (List("ListFirewalls", "Firewalls"),),
        "FirewallArn",
        describe=Call("DescribeFirewall", {"FirewallArn": "FirewallArn"}, answer="Firewall"),
        same=(
            "DeleteProtection",
            "Description",
            "FirewallArn",
            "FirewallId",
            "FirewallName",
            "FirewallPolicyArn",
            "FirewallPolicyChangeProtection",
            "SubnetChangeProtection",
            "SubnetMappings",
            "Tags",
            "VpcId",
        ),
        rows={"AvailabilityZoneMappings": "AvailabilityZoneMappings"},
        calls=(
            Call(
                "DescribeLoggingConfiguration",
                {"FirewallArn": "FirewallArn"},
                rows={"LoggingConfigurations": "[{LoggingConfiguration: LoggingConfiguration}]"},
            ),
        ),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::NetworkFirewall::FirewallPolicy",
        "network-firewall",
        (List("ListFirewallPolicies", "FirewallPolicies"),),
        "Arn",
        calls=(
            Call(
                "DescribeFirewallPolicy",
                {"FirewallPolicyArn": "Arn"},
                rows={
                    "Description": "FirewallPolicyResponse.Description",
                    "FirewallPolicy": (
                        "FirewallPolicy.{StatelessDefaultActions: StatelessDefaultActions, "
                        "StatelessFragmentDefaultActions: StatelessFragmentDefaultActions, "
                        "StatelessRuleGroupReferences: StatelessRuleGroupReferences[].{ResourceArn: ResourceArn, "
                        "Priority: Priority}, StatefulDefaultActions: StatefulDefaultActions, "
                        "StatefulRuleGroupReferences: StatefulRuleGroupReferences[].{ResourceArn: ResourceArn, "
                        "Priority: Priority}}"
                    ),
                    "FirewallPolicyArn": "FirewallPolicyResponse.FirewallPolicyArn",
                    "FirewallPolicyId": "FirewallPolicyResponse.FirewallPolicyId",
                    "FirewallPolicyName": "FirewallPolicyResponse.FirewallPolicyName",
                    "Tags": "FirewallPolicyResponse.Tags",
                },
            ),
        ),
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::ElasticBeanstalk::Environment",
        "elasticbeanstalk",
        (List("DescribeEnvironments", "Environments"),),
        "EnvironmentName",
        keep="Status != 'Terminated'",
        same=(
            "ApplicationName",
            "Description",
            "EnvironmentName",
            "OperationsRole",
            "PlatformArn",
            "SolutionStackName",
            "TemplateName",
            "VersionLabel",
        ),
        calls=(
            Call(
                "DescribeConfigurationSettings",
                {"ApplicationName": "ApplicationName", "EnvironmentName": "EnvironmentName"},
                rows={
                    "OptionSettings": (
                        "ConfigurationSettings[0].OptionSettings[].{Namespace: Namespace, OptionName: OptionName, "
                        "ResourceName: ResourceName, Value: Value}"
                    )
                },
            ),
        ),
    ),
    Entry(
        "AWS::Cognito::UserPool",
        "cognito-idp",
        (List("ListUserPools", "UserPools[].{Id: Id}", {"MaxResults": "`60`"}),),
        "Id",
        describe=Call("DescribeUserPool", _POOL, answer="UserPool"),
        same=(
            "AccountRecoverySetting",
            "AliasAttributes",
            "Arn",
            "AutoVerifiedAttributes",
            "DeletionProtection",
            "DeviceConfiguration",
            "MfaConfiguration",
            "UsernameAttributes",
            "UsernameConfiguration",
            "UserPoolTags",
            "UserPoolTier",
        ),
        rows={
            "UserPoolId": "Id",
            "UserPoolName": "Name",
            "AdminCreateUserConfig": (
                "AdminCreateUserConfig.{AllowAdminCreateUserOnly: AllowAdminCreateUserOnly, "
                "UnusedAccountValidityDays: UnusedAccountValidityDays}"
            ),
            "LambdaConfig": "LambdaConfig",
            "Policies": "Policies",
            "UserPoolAddOns": "UserPoolAddOns",
        },
        gone=("ResourceNotFoundException",),
    ),
    Entry(
        "AWS::Cognito::IdentityPool",
        "cognito-identity",
        (List("ListIdentityPools", "IdentityPools[].{IdentityPoolId: IdentityPoolId}", {"MaxResults": "`60`"}),),
        "IdentityPoolId",
        describe=Call("DescribeIdentityPool", {"IdentityPoolId": "IdentityPoolId"}),
        same=(
            "AllowClassicFlow",
            "AllowUnauthenticatedIdentities",
            "CognitoIdentityProviders",
            "DeveloperProviderName",
            "IdentityPoolName",
            "OpenIdConnectProviderARNs",
            "SamlProviderARNs",
            "SupportedLoginProviders",
        ),
        rows={"Id": "IdentityPoolId", "Name": "IdentityPoolName"},
        gone=("ResourceNotFoundException",),
    ),
)
