"""Amazon VPC: networks, their gateways, endpoints and what they log."""

from collections.abc import Iterable
from typing import Any

from assay.sources.aws.entry import Call, Entry, List, Part, Together

_VPC = {"VpcId": "VpcId"}


def _associations(table: Any) -> Iterable[Part]:
    """Yield the associations of a route table with subnets, which CloudFormation declares apart."""
    for each in table.get("Associations") or ():
        if each.get("SubnetId") and each.get("RouteTableAssociationId"):
            said = {"SubnetId": each["SubnetId"], "RouteTableId": table.get("RouteTableId")}
            yield Part("AWS::EC2::SubnetRouteTableAssociation", each["RouteTableAssociationId"], said)


def _attached(gateway: Any) -> Iterable[Part]:
    for each in gateway.get("Attachments") or ():
        if each.get("VpcId"):
            said = {"InternetGatewayId": gateway.get("InternetGatewayId"), "VpcId": each["VpcId"]}
            yield Part("AWS::EC2::VPCGatewayAttachment", f"IGW|{each['VpcId']}", said)


_ROUTES = (
    "Routes[].{DestinationCidrBlock: DestinationCidrBlock, DestinationIpv6CidrBlock: DestinationIpv6CidrBlock, "
    "DestinationPrefixListId: DestinationPrefixListId, CarrierGatewayId: CarrierGatewayId, "
    "CoreNetworkArn: CoreNetworkArn, EgressOnlyInternetGatewayId: EgressOnlyInternetGatewayId, GatewayId: GatewayId, "
    "InstanceId: InstanceId, LocalGatewayId: LocalGatewayId, NatGatewayId: NatGatewayId, "
    "NetworkInterfaceId: NetworkInterfaceId, TransitGatewayId: TransitGatewayId, "
    "VpcPeeringConnectionId: VpcPeeringConnectionId}"
)
_ENTRIES = (
    "Entries[].{CidrBlock: CidrBlock, Ipv6CidrBlock: Ipv6CidrBlock, Egress: Egress, Protocol: to_number(Protocol), "
    "RuleAction: RuleAction, RuleNumber: RuleNumber, PortRange: PortRange && {From: PortRange.From, To: PortRange.To}}"
)

TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::EC2::VPC",
        "ec2",
        (List("DescribeVpcs", "Vpcs"),),
        "VpcId",
        same=("CidrBlock", "InstanceTenancy", "Tags", "VpcId"),
        rows={
            "CidrBlockAssociations": "CidrBlockAssociationSet[].AssociationId",
            "Ipv6CidrBlocks": "Ipv6CidrBlockAssociationSet[].Ipv6CidrBlock",
        },
        calls=(
            Call(
                "DescribeVpcAttribute",
                {**_VPC, "Attribute": "'enableDnsSupport'"},
                rows={"EnableDnsSupport": "EnableDnsSupport.Value"},
            ),
            Call(
                "DescribeVpcAttribute",
                {**_VPC, "Attribute": "'enableDnsHostnames'"},
                rows={"EnableDnsHostnames": "EnableDnsHostnames.Value"},
            ),
            Call(
                "DescribeSecurityGroups",
                {"Filters": '`[{"Name": "group-name", "Values": ["default"]}]`'},
                together=Together("SecurityGroups", ("VpcId", "VpcId")),
                rows={"DefaultSecurityGroup": "GroupId"},
            ),
        ),
        gone=("InvalidVpcID.NotFound",),
    ),
    Entry(
        "AWS::EC2::Subnet",
        "ec2",
        (List("DescribeSubnets", "Subnets"),),
        "SubnetId",
        same=(
            "AssignIpv6AddressOnCreation",
            "AvailabilityZone",
            "AvailabilityZoneId",
            "CidrBlock",
            "EnableDns64",
            "EnableLniAtDeviceIndex",
            "Ipv6Native",
            "MapPublicIpOnLaunch",
            "OutpostArn",
            "PrivateDnsNameOptionsOnLaunch",
            "SubnetId",
            "Tags",
            "VpcId",
        ),
        rows={
            "Ipv6CidrBlock": "Ipv6CidrBlockAssociationSet[0].Ipv6CidrBlock",
            "Ipv6CidrBlocks": "Ipv6CidrBlockAssociationSet[].Ipv6CidrBlock",
        },
    ),
    Entry(
        "AWS::EC2::RouteTable",
        "ec2",
        (List("DescribeRouteTables", "RouteTables"),),
        "RouteTableId",
        same=("RouteTableId", "Tags", "VpcId"),
        rows={"Routes": _ROUTES},
        holds=frozenset({"AWS::EC2::Route"}),
        parts=_associations,
        declares=frozenset({"AWS::EC2::SubnetRouteTableAssociation"}),
    ),
    Entry(
        "AWS::EC2::NetworkAcl",
        "ec2",
        (List("DescribeNetworkAcls", "NetworkAcls"),),
        "NetworkAclId",
        same=("Tags", "VpcId"),
        rows={
            "Id": "NetworkAclId",
            "Entries": _ENTRIES,
            "Associations": "Associations[].{SubnetId: SubnetId, NetworkAclId: NetworkAclId}",
        },
        holds=frozenset({"AWS::EC2::NetworkAclEntry", "AWS::EC2::SubnetNetworkAclAssociation"}),
    ),
    Entry(
        "AWS::EC2::InternetGateway",
        "ec2",
        (List("DescribeInternetGateways", "InternetGateways"),),
        "InternetGatewayId",
        same=("InternetGatewayId", "Tags"),
        parts=_attached,
        declares=frozenset({"AWS::EC2::VPCGatewayAttachment"}),
    ),
    Entry(
        "AWS::EC2::NatGateway",
        "ec2",
        (
            List(
                "DescribeNatGateways",
                "NatGateways",
                # What is deleted is listed for an hour more.
                {"Filter": '`[{"Name": "state", "Values": ["pending", "available", "deleting"]}]`'},
            ),
        ),
        "NatGatewayId",
        same=("ConnectivityType", "NatGatewayId", "SubnetId", "Tags", "VpcId"),
        rows={
            "AllocationId": "NatGatewayAddresses[?IsPrimary] | [0].AllocationId",
            "EniId": "NatGatewayAddresses[?IsPrimary] | [0].NetworkInterfaceId",
            "PrivateIpAddress": "NatGatewayAddresses[?IsPrimary] | [0].PrivateIp",
        },
    ),
    Entry(
        "AWS::EC2::EIP",
        "ec2",
        (List("DescribeAddresses", "Addresses"),),
        "AllocationId",
        same=("AllocationId", "Domain", "InstanceId", "NetworkBorderGroup", "PublicIp", "PublicIpv4Pool", "Tags"),
        rows={
            "Associations": (
                "[@][?AssociationId].{AllocationId: AllocationId, InstanceId: InstanceId, "
                "NetworkInterfaceId: NetworkInterfaceId, PrivateIpAddress: PrivateIpAddress}"
            ),
        },
        holds=frozenset({"AWS::EC2::EIPAssociation"}),
    ),
    Entry(
        "AWS::EC2::FlowLog",
        "ec2",
        (List("DescribeFlowLogs", "FlowLogs"),),
        "FlowLogId",
        same=(
            "DeliverCrossAccountRole",
            "DeliverLogsPermissionArn",
            "DestinationOptions",
            "LogDestination",
            "LogDestinationType",
            "LogFormat",
            "LogGroupName",
            "MaxAggregationInterval",
            "ResourceId",
            "Tags",
            "TrafficType",
        ),
        rows={
            "Id": "FlowLogId",
            # The kind of a resource is the beginning of its id.
            "ResourceType": (
                "starts_with(ResourceId, 'vpc-') && 'VPC' || starts_with(ResourceId, 'subnet-') && 'Subnet' || "
                "starts_with(ResourceId, 'eni-') && 'NetworkInterface' || starts_with(ResourceId, 'tgw-attach-') && "
                "'TransitGatewayAttachment' || starts_with(ResourceId, 'tgw-') && 'TransitGateway' || `null`"
            ),
        },
    ),
    Entry(
        "AWS::EC2::VPCEndpoint",
        "ec2",
        (List("DescribeVpcEndpoints", "VpcEndpoints"),),
        "VpcEndpointId",
        same=(
            "IpAddressType",
            "NetworkInterfaceIds",
            "PolicyDocument",
            "PrivateDnsEnabled",
            "ResourceConfigurationArn",
            "RouteTableIds",
            "ServiceName",
            "ServiceNetworkArn",
            "ServiceRegion",
            "SubnetIds",
            "Tags",
            "VpcEndpointType",
            "VpcId",
        ),
        rows={"Id": "VpcEndpointId", "SecurityGroupIds": "Groups[].GroupId"},
    ),
    Entry(
        "AWS::EC2::VPCPeeringConnection",
        "ec2",
        (List("DescribeVpcPeeringConnections", "VpcPeeringConnections"),),
        "VpcPeeringConnectionId",
        keep="contains(['initiating-request', 'pending-acceptance', 'provisioning', 'active'], Status.Code)",
        same=("Tags",),
        rows={
            "Id": "VpcPeeringConnectionId",
            "PeerOwnerId": "AccepterVpcInfo.OwnerId",
            "PeerRegion": "AccepterVpcInfo.Region",
            "PeerVpcId": "AccepterVpcInfo.VpcId",
            "VpcId": "RequesterVpcInfo.VpcId",
        },
    ),
    Entry(
        "AWS::EC2::TransitGateway",
        "ec2",
        (List("DescribeTransitGateways", "TransitGateways"),),
        "TransitGatewayId",
        keep="State != 'deleted'",
        same=("Description", "Tags", "TransitGatewayArn"),
        rows={
            "Id": "TransitGatewayId",
            "AmazonSideAsn": "Options.AmazonSideAsn",
            "AssociationDefaultRouteTableId": "Options.AssociationDefaultRouteTableId",
            "AutoAcceptSharedAttachments": "Options.AutoAcceptSharedAttachments",
            "DefaultRouteTableAssociation": "Options.DefaultRouteTableAssociation",
            "DefaultRouteTablePropagation": "Options.DefaultRouteTablePropagation",
            "DnsSupport": "Options.DnsSupport",
            "MulticastSupport": "Options.MulticastSupport",
            "PropagationDefaultRouteTableId": "Options.PropagationDefaultRouteTableId",
            "SecurityGroupReferencingSupport": "Options.SecurityGroupReferencingSupport",
            "TransitGatewayCidrBlocks": "Options.TransitGatewayCidrBlocks",
            "VpnEcmpSupport": "Options.VpnEcmpSupport",
        },
    ),
    Entry(
        "AWS::EC2::NetworkInterface",
        "ec2",
        (List("DescribeNetworkInterfaces", "NetworkInterfaces"),),
        "NetworkInterfaceId",
        same=("Description", "InterfaceType", "PrivateIpAddress", "SourceDestCheck", "SubnetId", "VpcId"),
        rows={"Id": "NetworkInterfaceId", "GroupSet": "Groups[].GroupId", "Tags": "TagSet"},
    ),
    Entry(
        "AWS::EC2::KeyPair",
        "ec2",
        (List("DescribeKeyPairs", "KeyPairs"),),
        "KeyPairId",
        same=("KeyFingerprint", "KeyName", "KeyPairId", "KeyType", "Tags"),
    ),
    Entry(
        "AWS::EC2::ClientVpnEndpoint",
        "ec2",
        (List("DescribeClientVpnEndpoints", "ClientVpnEndpoints"),),
        "ClientVpnEndpointId",
        keep="!contains(['deleting', 'deleted'], Status.Code)",
        same=(
            "ClientCidrBlock",
            "ClientLoginBannerOptions",
            "Description",
            "DisconnectOnSessionTimeout",
            "DnsServers",
            "SecurityGroupIds",
            "ServerCertificateArn",
            "SessionTimeoutHours",
            "SplitTunnel",
            "TransportProtocol",
            "VpcId",
            "VpnPort",
        ),
        rows={
            "Id": "ClientVpnEndpointId",
            "AuthenticationOptions": (
                "AuthenticationOptions[].{Type: Type, ActiveDirectory: ActiveDirectory && {DirectoryId: "
                "ActiveDirectory.DirectoryId}, MutualAuthentication: MutualAuthentication && "
                "{ClientRootCertificateChainArn: MutualAuthentication.ClientRootCertificateChain}, "
                "FederatedAuthentication: FederatedAuthentication && {SAMLProviderArn: "
                "FederatedAuthentication.SamlProviderArn, SelfServiceSAMLProviderArn: "
                "FederatedAuthentication.SelfServiceSamlProviderArn}}"
            ),
            "ConnectionLogOptions": (
                "ConnectionLogOptions.{Enabled: Enabled, CloudwatchLogGroup: CloudwatchLogGroup, "
                "CloudwatchLogStream: CloudwatchLogStream}"
            ),
            "ClientConnectOptions": ("ClientConnectOptions.{Enabled: Enabled, LambdaFunctionArn: LambdaFunctionArn}"),
        },
    ),
    Entry(
        "AWS::EC2::VPNConnection",
        "ec2",
        (List("DescribeVpnConnections", "VpnConnections"),),
        "VpnConnectionId",
        keep="!contains(['deleting', 'deleted'], State)",
        same=("CustomerGatewayId", "Tags", "TransitGatewayId", "Type", "VpnConnectionId", "VpnGatewayId"),
        rows={
            "EnableAcceleration": "Options.EnableAcceleration",
            "StaticRoutesOnly": "Options.StaticRoutesOnly",
            "LocalIpv4NetworkCidr": "Options.LocalIpv4NetworkCidr",
            "RemoteIpv4NetworkCidr": "Options.RemoteIpv4NetworkCidr",
            "VpnTunnelOptionsSpecifications": (
                "Options.TunnelOptions[].{TunnelInsideCidr: TunnelInsideCidr, "
                "LogOptions: LogOptions && {CloudwatchLogOptions: LogOptions.CloudWatchLogOptions.{"
                "LogEnabled: LogEnabled, LogGroupArn: LogGroupArn, LogOutputFormat: LogOutputFormat}}}"
            ),
        },
    ),
    Entry(
        "AWS::EC2::LaunchTemplate",
        "ec2",
        (
            List(
                "DescribeLaunchTemplateVersions",
                "LaunchTemplateVersions",
                {"Versions": '`["$Default"]`'},  # what is launched where no version is named
            ),
        ),
        "LaunchTemplateId",
        same=("LaunchTemplateId", "LaunchTemplateName", "VersionDescription"),
        rows={"DefaultVersionNumber": "VersionNumber", "LaunchTemplateData": "LaunchTemplateData"},
    ),
)
