"""Edges: load balancers, API Gateway, AppSync, CloudFront, WAF, Route 53."""

from collections.abc import Iterator, Mapping

from assay.inventory.values import Unknown, Value
from assay.sources.terraform.mapping import HERE, LEFT, Entry, Turned, Values, either, left


def _attribute(key: str, value: Value) -> Value:
    return {"Key": key, "Value": value}


_LB_ATTRIBUTES = {
    "enable_deletion_protection": "deletion_protection.enabled",
    "enable_cross_zone_load_balancing": "load_balancing.cross_zone.enabled",
    "drop_invalid_header_fields": "routing.http.drop_invalid_header_fields.enabled",
    "desync_mitigation_mode": "routing.http.desync_mitigation_mode",
    "enable_http2": "routing.http2.enabled",
    "enable_waf_fail_open": "waf.fail_open.enabled",
    "enable_tls_version_and_cipher_suite_headers": "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
    "enable_xff_client_port": "routing.http.xff_client_port.enabled",
    "xff_header_processing_mode": "routing.http.xff_header_processing.mode",
    "preserve_host_header": "routing.http.preserve_host_header.enabled",
    "idle_timeout": "idle_timeout.timeout_seconds",
    "client_keep_alive": "client_keep_alive.seconds",
    "enable_zonal_shift": "zonal_shift.config.enabled",
    "dns_record_client_routing_policy": "dns_record.client_routing_policy",
}
# What an application, network or gateway load balancer alone has; the others refuse it.
_APPLICATION = frozenset(
    {each for each in _LB_ATTRIBUTES.values() if each.startswith(("routing.", "waf.", "idle_", "client_keep"))}
)


def _load_balancer(values: Values) -> Mapping[str, Value]:
    """Return the attributes, a list of names and values, and what is written differently."""
    kind = values.get("load_balancer_type") or "application"
    found: list[Value] = [
        _attribute(name, values[key])
        for key, name in _LB_ATTRIBUTES.items()
        if values.get(key) not in (None, "")
        and (name not in _APPLICATION or kind == "application")
        and not (kind == "application" and name == "load_balancing.cross_zone.enabled")
    ]
    for block, prefix in (("access_logs", "access_logs.s3"), ("connection_logs", "connection_logs.s3")):
        found += _logs(values.get(block), prefix)
    return {"LoadBalancerAttributes": found or None, "Type": kind}


def _logs(blocks: Value, prefix: str) -> Iterator[Value]:
    if isinstance(blocks, Unknown):
        yield Unknown(blocks.reason)
    for each in blocks if isinstance(blocks, list) else ():
        if isinstance(each, Mapping):
            enabled = each.get("enabled")
            yield _attribute(f"{prefix}.enabled", False if enabled is None else enabled)
            for key in ("bucket", "prefix"):
                if each.get(key):
                    yield _attribute(f"{prefix}.{key}", each[key])


_TARGET_ATTRIBUTES = {
    "deregistration_delay": "deregistration_delay.timeout_seconds",
    "load_balancing_cross_zone_enabled": "load_balancing.cross_zone.enabled",
    "slow_start": "slow_start.duration_seconds",
    "proxy_protocol_v2": "proxy_protocol_v2.enabled",
    "preserve_client_ip": "preserve_client_ip.enabled",
    "connection_termination": "deregistration_delay.connection_termination.enabled",
}


def _targets(values: Values) -> Mapping[str, Value]:
    found = [
        _attribute(name, values[key]) for key, name in _TARGET_ATTRIBUTES.items() if values.get(key) not in (None, "")
    ]
    return {"TargetGroupAttributes": found or None}


_ACTION: dict[str, str | Turned] = {
    "forward": "ForwardConfig",
    "forward.target_group": "TargetGroups",
    "forward.target_group.arn": "TargetGroupArn",
    "forward.stickiness": "TargetGroupStickinessConfig",
    "forward.stickiness.duration": "DurationSeconds",
    "redirect": "RedirectConfig",
    "fixed_response": "FixedResponseConfig",
    "authenticate_cognito": "AuthenticateCognitoConfig",
    "authenticate_oidc": "AuthenticateOidcConfig",
    "jwt_validation": "JwtValidationConfig",
}


_LISTENER_ATTRIBUTES = {
    "tcp_idle_timeout_seconds": "tcp.idle_timeout.seconds",
    "routing_http_response_server_enabled": "routing.http.response.server.enabled",
    **{
        f"routing_http_request_{name}_header_name": f"routing.http.request.{name}.header_name"
        for name in (
            "x_amzn_mtls_clientcert",
            "x_amzn_mtls_clientcert_issuer",
            "x_amzn_mtls_clientcert_leaf",
            "x_amzn_mtls_clientcert_serial_number",
            "x_amzn_mtls_clientcert_subject",
            "x_amzn_mtls_clientcert_validity",
            "x_amzn_tls_cipher_suite",
            "x_amzn_tls_version",
        )
    },
    **{
        f"routing_http_response_{name}_header_value": f"routing.http.response.{name}.header_value"
        for name in (
            "access_control_allow_credentials",
            "access_control_allow_headers",
            "access_control_allow_methods",
            "access_control_allow_origin",
            "access_control_expose_headers",
            "access_control_max_age",
            "content_security_policy",
            "strict_transport_security",
            "x_content_type_options",
            "x_frame_options",
        )
    },
}


def _listener(values: Values) -> Mapping[str, Value]:
    certificate = values.get("certificate_arn")
    found = [
        _attribute(name, values[key]) for key, name in _LISTENER_ATTRIBUTES.items() if values.get(key) not in (None, "")
    ]
    return {
        "Certificates": [{"CertificateArn": certificate}] if certificate else None,
        "ListenerAttributes": found or None,
    }


def _classic(values: Values) -> Mapping[str, Value]:
    """Return the block of access logs, which is on unless it says otherwise, and the scheme, which is a boolean."""
    internal = values.get("internal")
    scheme: Value = internal if isinstance(internal, Unknown) else "internal" if internal is True else "internet-facing"
    return {"Scheme": scheme}


_CLASSIC_LOGS: dict[str, str | Turned] = {
    "access_logs": "AccessLoggingPolicy",
    "access_logs.bucket": "S3BucketName",
    "access_logs.bucket_prefix": "S3BucketPrefix",
    "access_logs.interval": "EmitInterval",
}


def _listener_entry(terraform: str) -> Entry:
    rows: dict[str, str | Turned] = {
        "alpn_policy": Turned("AlpnPolicy", lambda value: [value]),
        "default_action": "DefaultActions",
        "mutual_authentication": "MutualAuthentication",
        **{f"default_action.{key}": row for key, row in _ACTION.items()},
    }
    return Entry(
        terraform,
        "AWS::ElasticLoadBalancingV2::Listener",
        rows,
        computed=("mutual_authentication",),
        derive=_listener,
        derived=("certificate_arn", *_LISTENER_ATTRIBUTES),
    )


def _balancer_entry(terraform: str) -> Entry:
    return Entry(
        terraform,
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {
            "internal": Turned("Scheme", either("internal", "internet-facing")),
            "subnet_mapping": "SubnetMappings",
            "subnet_mapping.private_ipv4_address": "PrivateIPv4Address",
            "subnet_mapping.ipv6_address": "IPv6Address",
            "enforce_security_group_inbound_rules_on_private_link_traffic": (
                "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic"
            ),
            **left(
                "arn_suffix",
                "customer_owned_ipv4_pool",
                "dns_name",
                "name_prefix",
                "vpc_id",
                "zone_id",
                "subnet_mapping.outpost_id",
                "ipam_pools",
                "minimum_load_balancer_capacity",
                "health_check_logs",
                "secondary_ips_auto_assigned_per_subnet",
            ),
        },
        computed=("subnet_mapping", "access_logs", "connection_logs"),
        derive=_load_balancer,
        derived=(*_LB_ATTRIBUTES, "access_logs", "connection_logs", "load_balancer_type"),
    )


def _target_entry(terraform: str) -> Entry:
    return Entry(
        terraform,
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        {
            "health_check": HERE,
            "health_check.enabled": "HealthCheckEnabled",
            "health_check.healthy_threshold": "HealthyThresholdCount",
            "health_check.interval": "HealthCheckIntervalSeconds",
            "health_check.path": "HealthCheckPath",
            "health_check.port": "HealthCheckPort",
            "health_check.protocol": "HealthCheckProtocol",
            "health_check.timeout": "HealthCheckTimeoutSeconds",
            "health_check.unhealthy_threshold": "UnhealthyThresholdCount",
            "health_check.matcher": Turned("Matcher", lambda value: {"HttpCode": value}),
            **left(
                "arn_suffix",
                "lambda_multi_value_headers_enabled",
                "load_balancer_arns",
                "name_prefix",
                "load_balancing_algorithm_type",
                "load_balancing_anomaly_mitigation",
                "stickiness",
                "target_failover",
                "target_group_health",
                "target_health_state",
            ),
        },
        computed=("health_check", "stickiness", "target_failover", "target_health_state", "target_group_health"),
        derive=_targets,
        derived=tuple(_TARGET_ATTRIBUTES),
    )


BALANCERS: tuple[Entry, ...] = (
    _balancer_entry("aws_lb"),
    _balancer_entry("aws_alb"),
    _listener_entry("aws_lb_listener"),
    _listener_entry("aws_alb_listener"),
    _target_entry("aws_lb_target_group"),
    _target_entry("aws_alb_target_group"),
    Entry(
        "aws_lb_listener_rule",
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        {
            "action": "Actions",
            "condition.host_header": "HostHeaderConfig",
            "condition.http_header": "HttpHeaderConfig",
            "condition.path_pattern": "PathPatternConfig",
            "condition.source_ip": "SourceIpConfig",
            "condition.http_request_method": "HttpRequestMethodConfig",
            "condition.query_string": LEFT,
            **{f"action.{key}": row for key, row in _ACTION.items()},
            **left("transform"),
        },
        computed=("transform",),
    ),
    Entry(
        "aws_lb_listener_certificate",
        "AWS::ElasticLoadBalancingV2::ListenerCertificate",
        {"certificate_arn": Turned("Certificates", lambda value: [{"CertificateArn": value}])},
    ),
    Entry(
        "aws_elb",
        "AWS::ElasticLoadBalancing::LoadBalancer",
        {
            "name": "LoadBalancerName",
            "connection_draining": "ConnectionDrainingPolicy.Enabled",
            "connection_draining_timeout": "ConnectionDrainingPolicy.Timeout",
            "cross_zone_load_balancing": "CrossZone",
            "idle_timeout": "ConnectionSettings.IdleTimeout",
            "listener": "Listeners",
            "listener.lb_port": "LoadBalancerPort",
            "listener.lb_protocol": "Protocol",
            "listener.ssl_certificate_id": "SSLCertificateId",
            "health_check.target": "Target",
            **_CLASSIC_LOGS,
            **left(
                "dns_name",
                "name_prefix",
                "source_security_group",
                "source_security_group_id",
                "zone_id",
                "desync_mitigation_mode",
            ),
        },
        # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elb
        defaults={"cross_zone_load_balancing": True},
        computed=("health_check",),
        derive=_classic,
        derived=("internal",),
    ),
)


GATEWAY: tuple[Entry, ...] = (
    Entry(
        "aws_api_gateway_rest_api",
        "AWS::ApiGateway::RestApi",
        {
            "api_key_source": "ApiKeySourceType",
            "parameters": "Parameters",
            "endpoint_configuration.vpc_endpoint_ids": "VpcEndpointIds",
            **left("created_date", "execution_arn", "put_rest_api_mode", "root_resource_id", "endpoint_access_mode"),
        },
        computed=("endpoint_configuration",),
    ),
    Entry(
        "aws_api_gateway_rest_api_policy",
        "AWS::ApiGateway::RestApi",
        left("rest_api_id"),
        part_of="rest_api_id",
    ),
    Entry(
        "aws_api_gateway_stage",
        "AWS::ApiGateway::Stage",
        {
            "access_log_settings": "AccessLogSetting",
            "canary_settings": "CanarySetting",
            "cache_cluster_enabled": "CacheClusterEnabled",
            "xray_tracing_enabled": "TracingEnabled",
            "canary_settings.percent_traffic": "PercentTraffic",
            **left("execution_arn", "invoke_url", "web_acl_arn"),
        },
        computed=("canary_settings",),
    ),
    Entry(
        "aws_api_gateway_method_settings",
        "AWS::ApiGateway::Stage",
        left("rest_api_id", "stage_name", "method_path", "settings"),
        derive=lambda values: {"MethodSettings": [_method_setting(values)]},
        part_of="stage_name",
        adds=("MethodSettings",),
    ),
    Entry(
        "aws_api_gateway_method",
        "AWS::ApiGateway::Method",
        {
            "authorization": "AuthorizationType",
            "authorization_scopes": "AuthorizationScopes",
        },
    ),
    Entry(
        "aws_api_gateway_domain_name",
        "AWS::ApiGateway::DomainName",
        {
            "mutual_tls_authentication": "MutualTlsAuthentication",
            **left(
                "certificate_body",
                "certificate_chain",
                "certificate_name",
                "certificate_private_key",
                "certificate_upload_date",
                "cloudfront_domain_name",
                "cloudfront_zone_id",
                "domain_name_id",
                "policy",
                "regional_certificate_name",
                "regional_domain_name",
                "regional_zone_id",
                "endpoint_access_mode",
            ),
        },
        computed=("endpoint_configuration",),
    ),
    Entry(
        "aws_api_gateway_authorizer",
        "AWS::ApiGateway::Authorizer",
        {
            "authorizer_result_ttl_in_seconds": "AuthorizerResultTtlInSeconds",
            "provider_arns": "ProviderARNs",
            "identity_source": "IdentitySource",
        },
    ),
    Entry("aws_api_gateway_resource", "AWS::ApiGateway::Resource", left("path")),
    Entry(
        "aws_api_gateway_deployment",
        "AWS::ApiGateway::Deployment",
        left(
            "created_date",
            "triggers",
            "variables",
            "stage_description",
            "stage_name",
            "execution_arn",
            "invoke_url",
            "canary_settings",
        ),
    ),
    Entry(
        "aws_api_gateway_account",
        "AWS::ApiGateway::Account",
        {
            "cloudwatch_role_arn": "CloudWatchRoleArn",
            **left("api_key_version", "features", "throttle_settings", "reset_on_delete"),
        },
    ),
    Entry(
        "aws_apigatewayv2_api",
        "AWS::ApiGatewayV2::Api",
        {"credentials_arn": "CredentialsArn", **left("api_endpoint", "execution_arn")},
    ),
    Entry(
        "aws_apigatewayv2_stage",
        "AWS::ApiGatewayV2::Stage",
        {
            "name": "StageName",
            "stage_variables": "StageVariables",
            **left("execution_arn", "invoke_url", "route_settings"),
        },
        computed=("default_route_settings",),
    ),
    Entry("aws_apigatewayv2_route", "AWS::ApiGatewayV2::Route", left("request_parameter")),
    Entry(
        "aws_apigatewayv2_integration",
        "AWS::ApiGatewayV2::Integration",
        {
            "timeout_milliseconds": "TimeoutInMillis",
            **left("integration_response_selection_expression", "response_parameters"),
        },
    ),
    Entry(
        "aws_apigatewayv2_authorizer",
        "AWS::ApiGatewayV2::Authorizer",
        {"authorizer_result_ttl_in_seconds": "AuthorizerResultTtlInSeconds", "identity_sources": "IdentitySource"},
    ),
    Entry(
        "aws_apigatewayv2_domain_name",
        "AWS::ApiGatewayV2::DomainName",
        {
            "domain_name_configuration": "DomainNameConfigurations",
            **left(
                "api_mapping_selection_expression",
                "domain_name_configuration.hosted_zone_id",
                "domain_name_configuration.target_domain_name",
            ),
        },
    ),
)


def _method_setting(values: Values) -> Value:
    path = values.get("method_path")
    found: dict[str, Value] = {}
    if isinstance(path, str) and "/" in path:
        resource, method = path.rsplit("/", 1)
        found = {"ResourcePath": "/*" if resource == "*" else f"/{resource.strip('/')}", "HttpMethod": method}
    names = {
        "cache_data_encrypted": "CacheDataEncrypted",
        "cache_ttl_in_seconds": "CacheTtlInSeconds",
        "caching_enabled": "CachingEnabled",
        "data_trace_enabled": "DataTraceEnabled",
        "logging_level": "LoggingLevel",
        "metrics_enabled": "MetricsEnabled",
        "throttling_burst_limit": "ThrottlingBurstLimit",
        "throttling_rate_limit": "ThrottlingRateLimit",
    }
    blocks = values.get("settings")
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, Mapping):
            found |= {name: block[key] for key, name in names.items() if block.get(key) is not None}
    return found


APPSYNC: tuple[Entry, ...] = (
    Entry(
        "aws_appsync_graphql_api",
        "AWS::AppSync::GraphQLApi",
        {
            "log_config.cloudwatch_logs_role_arn": "CloudWatchLogsRoleArn",
            "openid_connect_config": "OpenIDConnectConfig",
            "openid_connect_config.auth_ttl": "AuthTTL",
            "openid_connect_config.iat_ttl": "IatTTL",
            "user_pool_config": "UserPoolConfig",
            "additional_authentication_provider": "AdditionalAuthenticationProviders",
            "additional_authentication_provider.openid_connect_config": "OpenIDConnectConfig",
            **left("uris", "schema"),
        },
        computed=("enhanced_metrics_config",),
    ),
    Entry(
        "aws_appsync_api_cache",
        "AWS::AppSync::ApiCache",
        # https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/appsync_api_cache
        defaults={"at_rest_encryption_enabled": False, "transit_encryption_enabled": False},
    ),
)

_BEHAVIOR: dict[str, str | Turned] = {
    "forwarded_values.query_string": "QueryString",
    "forwarded_values.cookies": "Cookies",
    "forwarded_values.cookies.whitelisted_names": "WhitelistedNames",
    "lambda_function_association.lambda_arn": "LambdaFunctionARN",
    "min_ttl": "MinTTL",
    "default_ttl": "DefaultTTL",
    "max_ttl": "MaxTTL",
    "trusted_signers": "TrustedSigners",
    "trusted_key_groups": "TrustedKeyGroups",
    "grpc_config": "GrpcConfig",
}


def _items(value: Value) -> Value:
    return {"Items": value, "Quantity": len(value)} if isinstance(value, list) else value


def _members(value: Value) -> Value:
    """Return the members of a group of origins, as the object with a count that CloudFront keeps lists in."""
    if not isinstance(value, list):
        return value
    items: list[Value] = [{"OriginId": each.get("origin_id")} if isinstance(each, Mapping) else each for each in value]
    return {"Items": items, "Quantity": len(items)}


CLOUDFRONT: tuple[Entry, ...] = (
    Entry(
        "aws_cloudfront_distribution",
        "AWS::CloudFront::Distribution",
        {
            "aliases": "Aliases",
            "custom_error_response": "CustomErrorResponses",
            "custom_error_response.error_caching_min_ttl": "ErrorCachingMinTTL",
            "default_cache_behavior": "DefaultCacheBehavior",
            "is_ipv6_enabled": "IPV6Enabled",
            "logging_config": "Logging",
            "ordered_cache_behavior": "CacheBehaviors",
            "origin": "Origins",
            "origin.origin_id": "Id",
            "origin.custom_header": "OriginCustomHeaders",
            "origin.custom_header.name": "HeaderName",
            "origin.custom_header.value": "HeaderValue",
            "origin.custom_origin_config.http_port": "HTTPPort",
            "origin.custom_origin_config.https_port": "HTTPSPort",
            "origin.custom_origin_config.origin_ssl_protocols": "OriginSSLProtocols",
            "origin.vpc_origin_config": "VpcOriginConfig",
            "origin_group": "OriginGroups.Items",
            "origin_group.origin_id": "Id",
            "origin_group.failover_criteria.status_codes": Turned("StatusCodes", _items),
            "origin_group.member": Turned("Members", _members),
            "restrictions": "Restrictions",
            "restrictions.geo_restriction.locations": "Locations",
            "viewer_certificate": "ViewerCertificate",
            "viewer_certificate.cloudfront_default_certificate": "CloudFrontDefaultCertificate",
            "web_acl_id": "WebACLId",
            **{
                f"{block}.{key}": row
                for block in ("default_cache_behavior", "ordered_cache_behavior")
                for key, row in _BEHAVIOR.items()
            },
            **left(
                "caller_reference",
                "domain_name",
                "etag",
                "hosted_zone_id",
                "in_progress_validation_batches",
                "last_modified_time",
                "logging_v1_enabled",
                "retain_on_delete",
                "status",
                "trusted_key_groups",
                "trusted_signers",
                "wait_for_deployment",
                "connection_function_association",
                "viewer_mtls_config",
            ),
        },
        within="DistributionConfig",
        computed=("default_cache_behavior.grpc_config", "ordered_cache_behavior.grpc_config"),
    ),
    Entry(
        "aws_cloudfront_origin_access_control",
        "AWS::CloudFront::OriginAccessControl",
        left("etag"),
        within="OriginAccessControlConfig",
    ),
    Entry(
        "aws_cloudfront_origin_access_identity",
        "AWS::CloudFront::CloudFrontOriginAccessIdentity",
        left("caller_reference", "cloudfront_access_identity_path", "etag", "iam_arn", "s3_canonical_user_id"),
        within="CloudFrontOriginAccessIdentityConfig",
    ),
    Entry(
        "aws_cloudfront_response_headers_policy",
        "AWS::CloudFront::ResponseHeadersPolicy",
        {
            "cors_config.access_control_allow_headers": "AccessControlAllowHeaders",
            "cors_config.access_control_max_age_sec": "AccessControlMaxAgeSec",
            "security_headers_config.xss_protection": "XSSProtection",
            **left("etag"),
        },
        within="ResponseHeadersPolicyConfig",
    ),
)


def _acl(values: Values) -> Mapping[str, Value]:
    """Return the rules by what each does; what it looks for no control asks, and only that there is one is kept."""
    blocks = values.get("rule")
    if not isinstance(blocks, list):
        return {"Rules": blocks}
    return {"Rules": [_waf_rule(each) if isinstance(each, Mapping) else each for each in blocks] or None}


def _waf_rule(block: Mapping[str, Value]) -> Value:
    action, override = block.get("action"), block.get("override_action")
    stated = {
        "Name": block.get("name"),
        "Priority": block.get("priority"),
        "Action": _waf_action(action),
        "OverrideAction": _waf_action(override),
        "Statement": _statement(block.get("statement")),
        "VisibilityConfig": _visibility(block.get("visibility_config")),
    }
    return {key: each for key, each in stated.items() if each is not None}


def _waf_action(blocks: Value) -> Value:
    """Return the action: a block whose one block names it."""
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, Mapping):
            return {key.capitalize(): {} for key, inner in block.items() if inner not in (None, [])}
    return blocks if isinstance(blocks, Unknown) else None


_STATEMENTS = {
    "and_statement": "AndStatement",
    "asn_match_statement": "AsnMatchStatement",
    "byte_match_statement": "ByteMatchStatement",
    "geo_match_statement": "GeoMatchStatement",
    "ip_set_reference_statement": "IPSetReferenceStatement",
    "label_match_statement": "LabelMatchStatement",
    "managed_rule_group_statement": "ManagedRuleGroupStatement",
    "not_statement": "NotStatement",
    "or_statement": "OrStatement",
    "rate_based_statement": "RateBasedStatement",
    "regex_match_statement": "RegexMatchStatement",
    "regex_pattern_set_reference_statement": "RegexPatternSetReferenceStatement",
    "rule_group_reference_statement": "RuleGroupReferenceStatement",
    "size_constraint_statement": "SizeConstraintStatement",
    "sqli_match_statement": "SqliMatchStatement",
    "xss_match_statement": "XssMatchStatement",
}
_STATED = {
    "arn": "Arn",
    "name": "Name",
    "vendor_name": "VendorName",
    "version": "Version",
    "limit": "Limit",
    "aggregate_key_type": "AggregateKeyType",
    "country_codes": "CountryCodes",
}


def _statement(blocks: Value) -> Value:
    for block in blocks if isinstance(blocks, list) else ():
        for key, inner in block.items() if isinstance(block, Mapping) else ():
            if key in _STATEMENTS and inner not in (None, []):
                return {_STATEMENTS[key]: _details(inner)}
    return blocks if isinstance(blocks, Unknown) else None


def _details(blocks: Value) -> Value:
    first = blocks[0] if isinstance(blocks, list) and blocks else blocks
    if not isinstance(first, Mapping):
        return first if isinstance(first, Unknown) else {}
    return {name: first[key] for key, name in _STATED.items() if first.get(key) not in (None, "", [])}


def _visibility(blocks: Value) -> Value:
    first = blocks[0] if isinstance(blocks, list) and blocks else blocks
    if not isinstance(first, Mapping):
        return first
    return {
        "CloudWatchMetricsEnabled": first.get("cloudwatch_metrics_enabled"),
        "MetricName": first.get("metric_name"),
        "SampledRequestsEnabled": first.get("sampled_requests_enabled"),
    }


_VISIBLE: dict[str, str | Turned] = {"visibility_config.cloudwatch_metrics_enabled": "CloudWatchMetricsEnabled"}

WAF: tuple[Entry, ...] = (
    Entry(
        "aws_wafv2_web_acl",
        "AWS::WAFv2::WebACL",
        {
            "default_action.allow": Turned("Allow", lambda value: {}),
            "default_action.block": Turned("Block", lambda value: {}),
            "association_config": LEFT,
            **_VISIBLE,
            **left(
                "application_integration_url",
                "capacity",
                "lock_token",
                "name_prefix",
                "rule_json",
                "captcha_config",
                "challenge_config",
                "custom_response_body",
                "data_protection_config",
            ),
        },
        derive=_acl,
        derived=("rule",),
        generated=("rule",),
    ),
    Entry(
        "aws_wafv2_rule_group",
        "AWS::WAFv2::RuleGroup",
        {**_VISIBLE, **left("lock_token", "name_prefix", "custom_response_body", "rules_json")},
        derive=_acl,
        derived=("rule",),
        generated=("rule",),
    ),
    Entry("aws_wafv2_web_acl_association", "AWS::WAFv2::WebACLAssociation"),
    Entry(
        "aws_wafv2_web_acl_logging_configuration",
        "AWS::WAFv2::LoggingConfiguration",
        {"log_destination_configs": "LogDestinationConfigs", **left("logging_filter", "redacted_fields")},
    ),
    Entry(
        "aws_wafv2_ip_set",
        "AWS::WAFv2::IPSet",
        {"ip_address_version": "IPAddressVersion", **left("lock_token", "name_prefix")},
    ),
)


def _zone(values: Values) -> Mapping[str, Value]:
    blocks = values.get("vpc")
    if not isinstance(blocks, list):
        return {"VPCs": blocks}
    return {
        "VPCs": [
            {"VPCId": each.get("vpc_id"), "VPCRegion": each.get("vpc_region")} if isinstance(each, Mapping) else each
            for each in blocks
        ]
        or None
    }


ROUTE53: tuple[Entry, ...] = (
    Entry(
        "aws_route53_zone",
        "AWS::Route53::HostedZone",
        {
            "comment": "HostedZoneConfig.Comment",
            **left(
                "delegation_set_id", "name_servers", "primary_name_server", "zone_id", "enable_accelerated_recovery"
            ),
        },
        computed=("vpc",),
        derive=_zone,
        derived=("vpc",),
    ),
    Entry(
        "aws_route53_query_log",
        "AWS::Route53::HostedZone",
        {"cloudwatch_log_group_arn": "QueryLoggingConfig.CloudWatchLogsLogGroupArn", **left("zone_id")},
        part_of="zone_id",
    ),
    Entry(
        "aws_route53_record",
        "AWS::Route53::RecordSet",
        {
            "zone_id": "HostedZoneId",
            "records": "ResourceRecords",
            "ttl": "TTL",
            "alias": "AliasTarget",
            "alias.name": "DNSName",
            "alias.zone_id": "HostedZoneId",
            **left(
                "allow_overwrite",
                "fqdn",
                "failover_routing_policy",
                "geolocation_routing_policy",
                "latency_routing_policy",
                "multivalue_answer_routing_policy",
                "weighted_routing_policy",
                "cidr_routing_policy",
                "geoproximity_routing_policy",
            ),
        },
    ),
    Entry("aws_route53_resolver_firewall_rule_group_association", "AWS::Route53Resolver::FirewallRuleGroupAssociation"),
    Entry(
        "aws_route53_resolver_query_log_config_association",
        "AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation",
        {"resolver_query_log_config_id": "ResolverQueryLogConfigId"},
    ),
)

TABLE = (*BALANCERS, *GATEWAY, *APPSYNC, *CLOUDFRONT, *WAF, *ROUTE53)
