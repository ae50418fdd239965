"""Amazon EC2 and VPC."""

from collections.abc import Iterator, Mapping
from typing import Any

from assay.inventory.values import Cause, Reason, Unknown, Value
from assay.sources.aws_config.items import Item
from assay.sources.aws_config.mapping import Entry, Part, Properties, at, objects, of_each, stated


def _instance(item: Item) -> Properties:
    configuration = item.configuration
    profile = at(configuration, "iamInstanceProfile.arn")
    monitoring = at(configuration, "monitoring.state")
    return stated(
        IamInstanceProfile=profile.rsplit("/", 1)[-1] if isinstance(profile, str) else None,
        Monitoring=monitoring in ("enabled", "pending") if monitoring else None,
        SecurityGroupIds=at(configuration, "securityGroups.*.groupId"),
        BlockDeviceMappings=of_each(at(configuration, "blockDeviceMappings"), _device),
        NetworkInterfaces=of_each(at(configuration, "networkInterfaces"), _interface),
    )


def _device(each: Mapping[str, Any]) -> Value:
    volume = at(each, "ebs.volumeId")
    detail = f"the item of {volume} says whether it is encrypted"
    ebs = stated(
        DeleteOnTermination=at(each, "ebs.deleteOnTermination"),
        Encrypted=Unknown(Reason(Cause.NOT_COLLECTED, "AWS::EC2::Instance BlockDeviceMappings", detail), present=True),
    )
    return stated(DeviceName=each.get("deviceName"), Ebs=ebs)


def _interface(each: Mapping[str, Any]) -> Value:
    return stated(
        NetworkInterfaceId=each.get("networkInterfaceId"),
        SubnetId=each.get("subnetId"),
        GroupSet=at(each, "groups.*.groupId"),
        # It has a public address, or it has none; who assigned it makes no difference to who can reach it.
        AssociatePublicIpAddress=bool(at(each, "association.publicIp")),
        DeviceIndex=_text(at(each, "attachment.deviceIndex")),
        DeleteOnTermination=at(each, "attachment.deleteOnTermination"),
    )


def _text(value: Any) -> Any:
    return None if value is None else str(value)


def _group(item: Item) -> Properties:
    configuration = item.configuration
    return {
        "GroupDescription": at(configuration, "description"),
        "SecurityGroupIngress": list(_rules(at(configuration, "ipPermissions"), "Source")),
        "SecurityGroupEgress": list(_rules(at(configuration, "ipPermissionsEgress"), "Destination")),
    }


def _rules(permissions: Any, other: str) -> Iterator[Value]:
    """Yield one rule for each range, group and prefix list that a permission names."""
    for each in objects(permissions):
        ports = stated(IpProtocol=each.get("ipProtocol"), FromPort=each.get("fromPort"), ToPort=each.get("toPort"))
        for end in _ends(each, other):
            yield {**ports, **end}


def _ends(permission: Mapping[str, Any], other: str) -> Iterator[Properties]:
    ranges = [each for each in objects(permission.get("ipv4Ranges")) if each.get("cidrIp")]
    for each in ranges:
        yield stated(CidrIp=each["cidrIp"], Description=each.get("description"))
    plain = permission.get("ipRanges")
    if not ranges and isinstance(plain, list):  # the older form of the same ranges
        for one in plain:
            yield stated(CidrIp=one if isinstance(one, str) else at(one, "cidrIp"))
    for each in objects(permission.get("ipv6Ranges")):
        yield stated(CidrIpv6=each.get("cidrIpv6"), Description=each.get("description"))
    for each in objects(permission.get("userIdGroupPairs")):
        group = {f"{other}SecurityGroupId": each.get("groupId"), "Description": each.get("description")}
        owner = {"SourceSecurityGroupOwnerId": each.get("userId")} if other == "Source" else {}
        yield stated(**group, **owner)
    for each in objects(permission.get("prefixListIds")):
        yield stated(**{f"{other}PrefixListId": each.get("prefixListId")}, Description=each.get("description"))


def _entries(item: Item) -> Properties:
    return {
        "Entries": of_each(at(item.configuration, "entries"), _entry),
        "Associations": of_each(
            at(item.configuration, "associations"), lambda each: stated(SubnetId=each.get("subnetId"))
        ),
    }


def _entry(each: Mapping[str, Any]) -> Value:
    ports, icmp = each.get("portRange"), each.get("icmpTypeCode")
    return stated(
        RuleNumber=each.get("ruleNumber"),
        Protocol=each.get("protocol"),
        RuleAction=each.get("ruleAction"),
        Egress=each.get("egress"),
        CidrBlock=each.get("cidrBlock"),
        Ipv6CidrBlock=each.get("ipv6CidrBlock"),
        PortRange=stated(From=at(ports, "from"), To=at(ports, "to")) or None,
        Icmp=stated(Code=at(icmp, "code"), Type=at(icmp, "type")) or None,
    )


_TARGETS = (
    "DestinationCidrBlock",
    "DestinationIpv6CidrBlock",
    "DestinationPrefixListId",
    "EgressOnlyInternetGatewayId",
    "GatewayId",
    "InstanceId",
    "NatGatewayId",
    "NetworkInterfaceId",
    "TransitGatewayId",
    "VpcPeeringConnectionId",
    "LocalGatewayId",
    "CarrierGatewayId",
)


def _routes(item: Item) -> Properties:
    return {"Routes": of_each(at(item.configuration, "routes"), _route)}


def _route(each: Mapping[str, Any]) -> Value:
    return stated(**{name: at(each, name) for name in _TARGETS})


def _associations(item: Item) -> Iterator[Part]:
    """Yield what CloudFormation declares apart: which subnets use the table."""
    for each in objects(at(item.configuration, "associations")):
        subnet, name = at(each, "subnetId"), at(each, "routeTableAssociationId")
        if isinstance(subnet, str) and isinstance(name, str):
            found: Properties = {"Id": name, "SubnetId": subnet, "RouteTableId": item.id}
            yield Part("AWS::EC2::SubnetRouteTableAssociation", name, found)


def _log(item: Item) -> Properties:
    logged = at(item.configuration, "resourceId")
    kinds = {"vpc": "VPC", "subnet": "Subnet", "eni": "NetworkInterface", "tgw": "TransitGateway"}
    prefix = logged.split("-", 1)[0] if isinstance(logged, str) else ""
    return {"ResourceType": kinds.get(prefix)}


def _addresses(item: Item) -> Properties:
    blocks = at(item.configuration, "cidrBlockAssociationSet.*.associationId")
    return stated(CidrBlockAssociations=blocks)


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::EC2::Instance",
        same=(
            "InstanceId",
            "ImageId",
            "InstanceType",
            "KeyName",
            "KernelId",
            "RamdiskId",
            "SubnetId",
            "VpcId",
            "PrivateIpAddress",
            "EbsOptimized",
            "EnclaveOptions",
            "HibernationOptions",
            "MetadataOptions",
            "SourceDestCheck",
        ),
        rows={
            "AvailabilityZone": "placement.availabilityZone",
            "Tenancy": "placement.tenancy",
            "Affinity": "placement.affinity",
            "HostId": "placement.hostId",
            "PlacementGroupName": "placement.groupName",
            "PublicIp": "publicIpAddress",
            "PrivateIp": "privateIpAddress",
        },
        derive=_instance,
        derived=("IamInstanceProfile", "Monitoring", "SecurityGroupIds", "BlockDeviceMappings", "NetworkInterfaces"),
    ),
    Entry(
        "AWS::EC2::SecurityGroup",
        same=("GroupId", "GroupName", "VpcId"),
        derive=_group,
        derived=("GroupDescription", "SecurityGroupIngress", "SecurityGroupEgress"),
    ),
    Entry(
        "AWS::EC2::Volume",
        same=("VolumeId", "AvailabilityZone", "Encrypted", "Iops", "KmsKeyId", "Size", "SnapshotId", "VolumeType"),
        maybe={"MultiAttachEnabled": "multiAttachEnabled", "Throughput": "throughput"},
    ),
    Entry(
        "AWS::EC2::VPC",
        same=("VpcId", "CidrBlock", "InstanceTenancy"),
        derive=_addresses,
        derived=("CidrBlockAssociations",),
    ),
    Entry(
        "AWS::EC2::Subnet",
        same=(
            "SubnetId",
            "VpcId",
            "CidrBlock",
            "AvailabilityZone",
            "AssignIpv6AddressOnCreation",
            "MapPublicIpOnLaunch",
        ),
    ),
    Entry(
        "AWS::EC2::NetworkAcl",
        same=("VpcId",),
        rows={"Id": "networkAclId"},
        derive=_entries,
        derived=("Entries", "Associations"),
        holds=frozenset({"AWS::EC2::NetworkAclEntry", "AWS::EC2::SubnetNetworkAclAssociation"}),
    ),
    Entry(
        "AWS::EC2::RouteTable",
        same=("RouteTableId", "VpcId"),
        derive=_routes,
        derived=("Routes",),
        holds=frozenset({"AWS::EC2::Route"}),
        parts=_associations,
    ),
    Entry(
        "AWS::EC2::FlowLog",
        same=(
            "DeliverLogsPermissionArn",
            "DestinationOptions",
            "LogDestination",
            "LogDestinationType",
            "LogFormat",
            "LogGroupName",
            "MaxAggregationInterval",
            "ResourceId",
            "TrafficType",
        ),
        rows={"Id": "flowLogId"},
        derive=_log,
        derived=("ResourceType",),
    ),
    Entry("AWS::EC2::InternetGateway", same=("InternetGatewayId",)),
    Entry(
        "AWS::EC2::EIP",
        same=("AllocationId", "Domain", "InstanceId", "PublicIp", "PublicIpv4Pool"),
    ),
    Entry(
        "AWS::EC2::NetworkInterface",
        same=("Description", "InterfaceType", "PrivateIpAddress", "SourceDestCheck", "SubnetId", "VpcId"),
        rows={"Id": "networkInterfaceId", "GroupSet": "groups.*.groupId"},
    ),
    Entry(
        "AWS::EC2::VPCEndpoint",
        same=(
            "NetworkInterfaceIds",
            "PrivateDnsEnabled",
            "RouteTableIds",
            "ServiceName",
            "SubnetIds",
            "VpcEndpointType",
            "VpcId",
        ),
        rows={"Id": "vpcEndpointId", "SecurityGroupIds": "groups.*.groupId"},
        maybe={"PolicyDocument": "policyDocument"},
    ),
    Entry(
        "AWS::EC2::NatGateway",
        same=("ConnectivityType", "NatGatewayId", "SubnetId", "VpcId"),
        rows={"AllocationId": "natGatewayAddresses.0.allocationId"},
    ),
)
