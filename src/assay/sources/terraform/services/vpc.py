"""Amazon VPC: networks, their routes, rules and records."""

from collections.abc import Iterator, Mapping

from assay.inventory.values import Unknown, Value
from assay.sources.terraform.mapping import SELF, Entry, Turned, Values, left, one_of

# Terraform's "all protocols" may be written in words.
_PROTOCOL = one_of({"all": "-1", "tcp": "tcp", "udp": "udp", "icmp": "icmp"})
_NUMBERS = {"all": -1, "-1": -1, "icmp": 1, "tcp": 6, "udp": 17, "icmpv6": 58}


def _peers(rule: Mapping[str, Value], *, inbound: bool, own: Value) -> Iterator[Mapping[str, Value]]:
    """Yield one peer for each address, list and group that a rule of Terraform names at once."""
    group, listed = (
        ("SourceSecurityGroupId", "SourcePrefixListId")
        if inbound
        else (
            "DestinationSecurityGroupId",
            "DestinationPrefixListId",
        )
    )
    for key, name in (
        ("cidr_blocks", "CidrIp"),
        ("ipv6_cidr_blocks", "CidrIpv6"),
        ("prefix_list_ids", listed),
        ("security_groups", group),
        ("source_security_group_id", group),
    ):
        value = rule.get(key)
        for each in value if isinstance(value, list) else [value] if value else []:
            yield {name: each}
    if rule.get("self") is True:
        yield {group: own}


def _rule(rule: Mapping[str, Value]) -> dict[str, Value]:
    protocol = _PROTOCOL(rule.get("protocol"))
    found = {
        "IpProtocol": str(protocol) if isinstance(protocol, int) else protocol,
        "Description": rule.get("description") or None,
    }
    if protocol != "-1":  # the ports that Terraform demands beside "all protocols" mean nothing
        found |= {"FromPort": rule.get("from_port"), "ToPort": rule.get("to_port")}
    return {key: each for key, each in found.items() if each is not None}


def _rules(blocks: Value, *, inbound: bool, own: Value) -> Value:
    if not isinstance(blocks, list):
        return blocks
    found: list[Value] = []
    for each in blocks:
        if not isinstance(each, Mapping):
            found.append(each)
            continue
        found += [{**_rule(each), **peer} for peer in _peers(each, inbound=inbound, own=own)]
    return found


def _group(values: Values) -> Mapping[str, Value]:
    """Return the rules. Terraform removes the outbound rule that AWS gives to a new group: without one, none is there.

    https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group ("NOTE on Egress rules")
    """
    egress = _rules(values.get("egress"), inbound=False, own=values.get(SELF))
    ingress = _rules(values.get("ingress"), inbound=True, own=values.get(SELF))
    return {"SecurityGroupEgress": [] if egress is None else egress, "SecurityGroupIngress": ingress or None}


def _default_group(values: Values) -> Mapping[str, Value]:
    """Return the rules of the group that each network has: adopted, it keeps those that are stated and no others."""
    return {"GroupName": "default", **_group(values)}


def _separate(values: Values) -> Mapping[str, Value]:
    """Return the rules that one resource states: one for each address, list or group, all in one direction."""
    inbound = values.get("type") == "ingress"
    name = "SecurityGroupIngress" if inbound else "SecurityGroupEgress"
    peers = _peers(values, inbound=inbound, own=values.get("security_group_id"))
    return {name: [{**_rule(values), **peer} for peer in peers]}


def _of_default(rules: Values) -> Mapping[str, Value]:
    """Return rules of the group that each network has as properties of the network."""
    names = {"SecurityGroupIngress": "DefaultGroupIngress", "SecurityGroupEgress": "DefaultGroupEgress"}
    return {names[key]: each for key, each in rules.items() if key in names and each}


_DEFAULT = ("DefaultGroupIngress", "DefaultGroupEgress")


def _entries(values: Values) -> Mapping[str, Value]:
    found: list[Value] = []
    for key, egress in (("ingress", False), ("egress", True)):
        blocks = values.get(key)
        if isinstance(blocks, Unknown):
            found.append(Unknown(blocks.reason))
        rules = blocks if isinstance(blocks, list) else []
        found += [_entry(each, egress) if isinstance(each, Mapping) else each for each in rules]
    subnets = values.get("subnet_ids")
    attached: Value = [{"SubnetId": each} for each in subnets] if isinstance(subnets, list) else subnets
    return {"Entries": found or None, "Associations": attached or None}


def _entry(rule: Mapping[str, Value], egress: Value) -> dict[str, Value]:
    protocol = rule.get("protocol")
    number = _NUMBERS.get(str(protocol).lower(), protocol) if not isinstance(protocol, Unknown) else protocol
    found: dict[str, Value] = {
        "Egress": egress,
        "Protocol": number,
        "RuleAction": _first(rule, "action", "rule_action"),
        "RuleNumber": _first(rule, "rule_no", "rule_number"),
        "CidrBlock": rule.get("cidr_block") or None,
        "Ipv6CidrBlock": rule.get("ipv6_cidr_block") or None,
    }
    if number != -1 and rule.get("to_port") is not None:
        found["PortRange"] = {"From": rule.get("from_port"), "To": rule.get("to_port")}
    return {key: each for key, each in found.items() if each is not None}


def _first(rule: Mapping[str, Value], *keys: str) -> Value:
    return next((rule[key] for key in keys if rule.get(key) is not None), None)


def _acl_rule(values: Values) -> Mapping[str, Value]:
    return {**_entry(values, values.get("egress") or False), "NetworkAclId": values.get("network_acl_id")}


_TARGETS = {
    "cidr_block": "DestinationCidrBlock",
    "destination_cidr_block": "DestinationCidrBlock",
    "ipv6_cidr_block": "DestinationIpv6CidrBlock",
    "destination_ipv6_cidr_block": "DestinationIpv6CidrBlock",
    "destination_prefix_list_id": "DestinationPrefixListId",
    "carrier_gateway_id": "CarrierGatewayId",
    "core_network_arn": "CoreNetworkArn",
    "egress_only_gateway_id": "EgressOnlyInternetGatewayId",
    "gateway_id": "GatewayId",
    "instance_id": "InstanceId",
    "local_gateway_id": "LocalGatewayId",
    "nat_gateway_id": "NatGatewayId",
    "network_interface_id": "NetworkInterfaceId",
    "transit_gateway_id": "TransitGatewayId",
    "vpc_endpoint_id": "VpcEndpointId",
    "vpc_peering_connection_id": "VpcPeeringConnectionId",
}


def _routes(values: Values) -> Mapping[str, Value]:
    blocks = values.get("route")
    if not isinstance(blocks, list):
        return {"Routes": blocks}
    return {"Routes": [_route(each) if isinstance(each, Mapping) else each for each in blocks] or None}


def _route(block: Mapping[str, Value]) -> Value:
    return {name: block[key] for key, name in _TARGETS.items() if block.get(key)}


def _logged(values: Values) -> Mapping[str, Value]:
    """Return what the flow log is of; Terraform has one attribute for each kind."""
    for key, kind in (
        ("vpc_id", "VPC"),
        ("subnet_id", "Subnet"),
        ("eni_id", "NetworkInterface"),
        ("transit_gateway_id", "TransitGateway"),
        ("transit_gateway_attachment_id", "TransitGatewayAttachment"),
    ):
        if values.get(key):
            return {"ResourceId": values[key], "ResourceType": kind}
    return {}


_GROUP_LEFT = left("name_prefix", "revoke_rules_on_delete")
_RULE_ROWS: dict[str, str | Turned] = {
    "security_group_id": "GroupId",
    "ip_protocol": "IpProtocol",
    "cidr_ipv4": "CidrIp",
    "cidr_ipv6": "CidrIpv6",
    **left("security_group_rule_id"),
}
_ACL_DERIVED = ("ingress", "egress", "subnet_ids")
_RULE_DERIVED = (
    "cidr_blocks",
    "description",
    "from_port",
    "ipv6_cidr_blocks",
    "prefix_list_ids",
    "protocol",
    "self",
    "source_security_group_id",
    "to_port",
    "type",
)


TABLE: tuple[Entry, ...] = (
    Entry(
        "aws_security_group",
        "AWS::EC2::SecurityGroup",
        {"name": "GroupName", "description": "GroupDescription", **_GROUP_LEFT},
        computed=("ingress", "egress"),
        derive=_group,
        derived=("ingress", "egress"),
    ),
    Entry(
        "aws_default_security_group",
        "AWS::EC2::SecurityGroup",
        {"name": "GroupName", "description": "GroupDescription", **_GROUP_LEFT},
        computed=("ingress", "egress"),
        derive=_default_group,
        derived=("ingress", "egress"),
    ),
    Entry(
        "aws_security_group_rule",
        "AWS::EC2::SecurityGroup",
        left("security_group_id", "security_group_rule_id", "security_group_rule_ids"),
        derive=_separate,
        derived=_RULE_DERIVED,
        part_of="security_group_id",
        adds=("SecurityGroupIngress", "SecurityGroupEgress"),
    ),
    Entry(
        "aws_security_group_rule",
        "AWS::EC2::VPC",
        left("security_group_id", "security_group_rule_id", "security_group_rule_ids"),
        derive=lambda values: _of_default(_separate(values)),
        derived=_RULE_DERIVED,
        part_of="security_group_id",
        adds=_DEFAULT,
        fragments=False,
    ),
    Entry(
        "aws_default_security_group",
        "AWS::EC2::VPC",
        left("name", "description", "name_prefix", "revoke_rules_on_delete", "vpc_id"),
        computed=("ingress", "egress"),
        derive=lambda values: _of_default(_group(values)),
        derived=("ingress", "egress"),
        part_of="vpc_id",
        adds=_DEFAULT,
        fragments=False,
    ),
    Entry(
        "aws_vpc_security_group_ingress_rule",
        "AWS::EC2::SecurityGroupIngress",
        {
            **_RULE_ROWS,
            "prefix_list_id": "SourcePrefixListId",
            "referenced_security_group_id": "SourceSecurityGroupId",
        },
    ),
    Entry(
        "aws_vpc_security_group_egress_rule",
        "AWS::EC2::SecurityGroupEgress",
        {
            **_RULE_ROWS,
            "prefix_list_id": "DestinationPrefixListId",
            "referenced_security_group_id": "DestinationSecurityGroupId",
        },
    ),
    Entry(
        "aws_vpc",
        "AWS::EC2::VPC",
        left(
            "assign_generated_ipv6_cidr_block",
            "default_network_acl_id",
            "default_route_table_id",
            "default_security_group_id",
            "dhcp_options_id",
            "enable_classiclink",
            "enable_classiclink_dns_support",
            "enable_network_address_usage_metrics",
            "ipv6_association_id",
            "ipv6_cidr_block",
            "ipv6_cidr_block_network_border_group",
            "ipv6_ipam_pool_id",
            "ipv6_netmask_length",
            "main_route_table_id",
        ),
    ),
    Entry(
        "aws_subnet",
        "AWS::EC2::Subnet",
        {
            "enable_resource_name_dns_a_record_on_launch": "PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsARecord",
            "enable_resource_name_dns_aaaa_record_on_launch": (
                "PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsAAAARecord"
            ),
            "private_dns_hostname_type_on_launch": "PrivateDnsNameOptionsOnLaunch.HostnameType",
            **left("customer_owned_ipv4_pool", "ipv6_cidr_block_association_id", "map_customer_owned_ip_on_launch"),
        },
    ),
    Entry("aws_internet_gateway", "AWS::EC2::InternetGateway", left("vpc_id")),
    Entry(
        "aws_nat_gateway",
        "AWS::EC2::NatGateway",
        left(
            "association_id",
            "network_interface_id",
            "public_ip",
            "private_ip",
            "availability_zone_address",
            "auto_provision_zones",
            "auto_scaling_ips",
            "regional_nat_gateway_address",
            "regional_nat_gateway_auto_mode",
            "route_table_id",
        ),
    ),
    Entry(
        "aws_route_table",
        "AWS::EC2::RouteTable",
        left("propagating_vgws"),
        computed=("route",),
        derive=_routes,
        derived=("route",),
    ),
    Entry(
        "aws_default_route_table",
        "AWS::EC2::RouteTable",
        left("propagating_vgws", "default_route_table_id"),
        computed=("route",),
        derive=_routes,
        derived=("route",),
    ),
    Entry(
        "aws_route",
        "AWS::EC2::Route",
        {**_TARGETS, **left("instance_owner_id", "origin", "state")},
    ),
    Entry("aws_route_table_association", "AWS::EC2::SubnetRouteTableAssociation", left("gateway_id")),
    Entry(
        "aws_network_acl",
        "AWS::EC2::NetworkAcl",
        computed=("ingress", "egress"),
        derive=_entries,
        derived=_ACL_DERIVED,
    ),
    Entry(
        "aws_default_network_acl",
        "AWS::EC2::NetworkAcl",
        left("default_network_acl_id"),
        computed=("ingress", "egress"),
        derive=_entries,
        derived=_ACL_DERIVED,
    ),
    Entry(
        "aws_network_acl_rule",
        "AWS::EC2::NetworkAclEntry",
        {"icmp_type": "Icmp.Type", "icmp_code": "Icmp.Code"},
        derive=_acl_rule,
        derived=(
            "from_port",
            "to_port",
            "protocol",
            "rule_action",
            "rule_number",
            "egress",
            "cidr_block",
            "ipv6_cidr_block",
            "network_acl_id",
        ),
    ),
    Entry("aws_network_acl_association", "AWS::EC2::SubnetNetworkAclAssociation"),
    Entry(
        "aws_flow_log",
        "AWS::EC2::FlowLog",
        {
            "iam_role_arn": "DeliverLogsPermissionArn",
            "log_group_name": "LogGroupName",
            "destination_options": "DestinationOptions",
            "destination_options.file_format": "FileFormat",
            "destination_options.hive_compatible_partitions": "HiveCompatiblePartitions",
            "destination_options.per_hour_partition": "PerHourPartition",
            "deliver_cross_account_role": "DeliverCrossAccountRole",
        },
        derive=_logged,
        derived=(
            "vpc_id",
            "subnet_id",
            "eni_id",
            "transit_gateway_id",
            "transit_gateway_attachment_id",
            "regional_nat_gateway_id",
        ),
    ),
    Entry(
        "aws_vpc_endpoint",
        "AWS::EC2::VPCEndpoint",
        {
            "policy": "PolicyDocument",
            **left(
                "auto_accept",
                "cidr_blocks",
                "dns_entry",
                "network_interface_ids",
                "prefix_list_id",
                "requester_managed",
                "state",
                "subnet_configuration",
                "service_region",
            ),
        },
        computed=("dns_options", "subnet_configuration"),
    ),
    Entry(
        "aws_vpc_endpoint_service",
        "AWS::EC2::VPCEndpointService",
        left(
            "allowed_principals",
            "availability_zones",
            "base_endpoint_dns_names",
            "manages_vpc_endpoints",
            "private_dns_name",
            "private_dns_name_configuration",
            "service_name",
            "service_type",
            "state",
            "supported_ip_address_types",
            "supported_regions",
        ),
    ),
    Entry(
        "aws_vpc_peering_connection",
        "AWS::EC2::VPCPeeringConnection",
        left("accept_status", "accepter", "auto_accept", "requester"),
    ),
    Entry(
        "aws_ec2_transit_gateway",
        "AWS::EC2::TransitGateway",
        left("association_default_route_table_id", "propagation_default_route_table_id"),
    ),
    Entry(
        "aws_vpn_gateway", "AWS::EC2::VPNGateway", {**left("vpc_id", "availability_zone")}, fixed={"Type": "ipsec.1"}
    ),
    Entry("aws_customer_gateway", "AWS::EC2::CustomerGateway", {"bgp_asn": "BgpAsn"}),
    Entry(
        "aws_ec2_managed_prefix_list",
        "AWS::EC2::PrefixList",
        {"name": "PrefixListName", "entry": "Entries", **left("version")},
        computed=("entry",),
    ),
    Entry(
        "aws_ec2_client_vpn_endpoint",
        "AWS::EC2::ClientVpnEndpoint",
        {
            "authentication_options.active_directory_id": "ActiveDirectory.DirectoryId",
            "authentication_options.root_certificate_chain_arn": "MutualAuthentication.ClientRootCertificateChainArn",
            "authentication_options.saml_provider_arn": "FederatedAuthentication.SAMLProviderArn",
            "authentication_options.self_service_saml_provider_arn": (
                "FederatedAuthentication.SelfServiceSAMLProviderArn"
            ),
            "connection_log_options": "ConnectionLogOptions",
            "connection_log_options.cloudwatch_log_group": "CloudwatchLogGroup",
            "connection_log_options.cloudwatch_log_stream": "CloudwatchLogStream",
            "self_service_portal": "SelfServicePortal",
            **left("dns_name", "self_service_portal_url", "endpoint_ip_address_type", "traffic_ip_address_type"),
        },
        computed=("client_connect_options", "client_login_banner_options", "client_route_enforcement_options"),
    ),
    Entry("aws_ec2_client_vpn_authorization_rule", "AWS::EC2::ClientVpnAuthorizationRule"),
)
