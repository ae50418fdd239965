"""Amazon EC2 and EBS."""

from collections.abc import Iterator
from typing import Any

from assay.sources.aws.entry import Call, Entry, List, Part, Properties, objects, stated

_INSTANCE = {"InstanceId": "InstanceId"}

_NOT_TERMINATED = (
    '`[{"Name": "instance-state-name", "Values": ["pending", "running", "shutting-down", "stopping", "stopped"]}]`'
)
_DEVICES = "BlockDeviceMappings[].{DeviceName: DeviceName, Ebs: Ebs && {DeleteOnTermination: Ebs.DeleteOnTermination}}"
_INTERFACES = (
    "NetworkInterfaces[].{NetworkInterfaceId: NetworkInterfaceId, SubnetId: SubnetId, GroupSet: Groups[].GroupId, "
    "Description: Description, DeviceIndex: Attachment.DeviceIndex, "
    "DeleteOnTermination: Attachment.DeleteOnTermination, PrivateIpAddress: PrivateIpAddress, "
    # It has a public address, or it has none; who assigned it makes no difference to who can reach it.
    "AssociatePublicIpAddress: Association.PublicIp != `null`}"
)


def _rules(permissions: Any, other: str) -> list[Properties]:
    """Return one rule for each range, group and prefix list that the permissions name."""
    found: list[Properties] = []
    for each in permissions or ():
        ports = {name: each.get(name) for name in ("IpProtocol", "FromPort", "ToPort")}
        for end in _ends(each, other):
            rule = {**ports, **end}
            found.append({name: value for name, value in rule.items() if value is not None})
    return found


def _ends(permission: Any, other: str) -> list[Properties]:
    ranges = [(each, {"CidrIp": each.get("CidrIp")}) for each in permission.get("IpRanges") or ()]
    ranges += [(each, {"CidrIpv6": each.get("CidrIpv6")}) for each in permission.get("Ipv6Ranges") or ()]
    for each in permission.get("UserIdGroupPairs") or ():
        owner = {"SourceSecurityGroupOwnerId": each.get("UserId")} if other == "Source" else {}
        ranges.append((each, {f"{other}SecurityGroupId": each.get("GroupId"), **owner}))
    for each in permission.get("PrefixListIds") or ():
        ranges.append((each, {f"{other}PrefixListId": each.get("PrefixListId")}))
    return [{**end, "Description": each.get("Description")} for each, end in ranges]


def _group(group: Any) -> Properties:
    return {
        "SecurityGroupIngress": list(_rules(group.get("IpPermissions"), "Source")),
        "SecurityGroupEgress": list(_rules(group.get("IpPermissionsEgress"), "Destination")),
    }


def _attachments(volume: Any) -> Iterator[Part]:
    for each in objects(volume.get("Attachments")):
        found = stated(
            Device=each.get("Device"),
            EbsCardIndex=each.get("EbsCardIndex"),
            InstanceId=each.get("InstanceId"),
            VolumeId=each.get("VolumeId"),
        )
        yield Part("AWS::EC2::VolumeAttachment", f"{each.get('VolumeId')}|{each.get('InstanceId')}", found)


TABLE: tuple[Entry, ...] = (
    Entry(
        "AWS::EC2::Instance",
        "ec2",
        (
            List(
                "DescribeInstances",
                "Reservations[].Instances[]",
                # What is terminated is listed for an hour more.
                {"Filters": _NOT_TERMINATED},
            ),
        ),
        "InstanceId",
        same=(
            "CpuOptions",
            "EbsOptimized",
            "EnclaveOptions",
            "HibernationOptions",
            "ImageId",
            "InstanceId",
            "InstanceType",
            "KernelId",
            "KeyName",
            "MetadataOptions",
            "PrivateDnsName",
            "PrivateDnsNameOptions",
            "PrivateIpAddress",
            "PublicDnsName",
            "RamdiskId",
            "SourceDestCheck",
            "SubnetId",
            "Tags",
            "VpcId",
        ),
        rows={
            "Affinity": "Placement.Affinity",
            "AvailabilityZone": "Placement.AvailabilityZone",
            "BlockDeviceMappings": _DEVICES,
            "HostId": "Placement.HostId",
            "IamInstanceProfile": "after(IamInstanceProfile.Arn, '/')",
            "Monitoring": "is(Monitoring.State, 'enabled', 'pending')",
            "NetworkInterfaces": _INTERFACES,
            "PlacementGroupName": "Placement.GroupName",
            "PrivateIp": "PrivateIpAddress",
            "PublicIp": "PublicIpAddress",
            "SecurityGroupIds": "SecurityGroups[].GroupId",
            "State": "State",
            "Tenancy": "Placement.Tenancy",
            "Volumes": "BlockDeviceMappings[?Ebs].{Device: DeviceName, VolumeId: Ebs.VolumeId}",
        },
        calls=(
            Call(
                "DescribeInstanceAttribute",
                {**_INSTANCE, "Attribute": "'disableApiTermination'"},
                rows={"DisableApiTermination": "DisableApiTermination.Value"},
            ),
            Call(
                "DescribeInstanceAttribute",
                {**_INSTANCE, "Attribute": "'userData'"},
                rows={"UserData": "UserData.Value"},
            ),
            Call(
                "DescribeInstanceAttribute",
                {**_INSTANCE, "Attribute": "'instanceInitiatedShutdownBehavior'"},
                rows={"InstanceInitiatedShutdownBehavior": "InstanceInitiatedShutdownBehavior.Value"},
            ),
        ),
        gone=("InvalidInstanceID.NotFound",),
        never=("SecurityGroups",),
    ),
    Entry(
        "AWS::EC2::SecurityGroup",
        "ec2",
        (List("DescribeSecurityGroups", "SecurityGroups"),),
        "GroupId",
        same=("GroupId", "GroupName", "Tags", "VpcId"),
        rows={"Id": "GroupId", "GroupDescription": "Description"},
        derive=_group,
        derived=("SecurityGroupIngress", "SecurityGroupEgress"),
        never=("SecurityGroupIngress.*.SourceSecurityGroupName",),
        holds=frozenset({"AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"}),
    ),
    Entry(
        "AWS::EC2::Volume",
        "ec2",
        (List("DescribeVolumes", "Volumes"),),
        "VolumeId",
        same=(
            "AvailabilityZone",
            "AvailabilityZoneId",
            "Encrypted",
            "Iops",
            "KmsKeyId",
            "MultiAttachEnabled",
            "OutpostArn",
            "Size",
            "SnapshotId",
            "SourceVolumeId",
            "Tags",
            "Throughput",
            "VolumeId",
            "VolumeType",
        ),
        optional=("Iops", "Throughput"),
        parts=_attachments,
        declares=frozenset({"AWS::EC2::VolumeAttachment"}),
    ),
    Entry(
        "Assay::EbsSnapshot",
        "ec2",
        (List("DescribeSnapshots", "Snapshots[?OwnerId == account()]", {"OwnerIds": '`["self"]`'}),),
        "SnapshotId",
        same=("Description", "Encrypted", "KmsKeyId", "SnapshotId", "StorageTier", "Tags", "VolumeId"),
        calls=(
            Call(
                "DescribeSnapshotAttribute",
                {"SnapshotId": "SnapshotId", "Attribute": "'createVolumePermission'"},
                rows={
                    "Public": "length(CreateVolumePermissions[?Group == 'all']) > `0`",
                    "SharedWith": "CreateVolumePermissions[].UserId",
                },
            ),
        ),
        gone=("InvalidSnapshot.NotFound",),
    ),
)
