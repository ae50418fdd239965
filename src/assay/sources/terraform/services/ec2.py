"""Amazon EC2: instances, launch templates, volumes, snapshots."""

import base64
import re
from collections.abc import Iterator, Mapping

from assay.inventory.values import Cause, Reason, Sensitive, Unknown, Value
from assay.sources.terraform.mapping import LEFT, Entry, Turned, Values, left

_HASH = re.compile(r"[0-9a-f]{40}")


def _user_data(values: Values) -> Mapping[str, Value]:
    """Return the script, plain and encoded. Until version 6 of the provider a plan shows its SHA-1 instead."""
    plain, encoded = values.get("user_data"), values.get("user_data_base64")
    if isinstance(plain, str) and plain:
        if _HASH.fullmatch(plain):
            detail = "the plan shows only a digest of the user data"
            unread = Unknown(Reason(Cause.NOT_COLLECTED, "user_data", detail), present=True)
            return {"UserData": unread, "UserDataText": unread}
        return {"UserData": base64.b64encode(plain.encode()).decode(), "UserDataText": plain}
    if isinstance(plain, Unknown):
        return {"UserData": plain, "UserDataText": plain}
    return {"UserData": encoded} if encoded else {}


def _instance(values: Values) -> Mapping[str, Value]:
    return {**_user_data(values), **_volumes(values), **_interfaces(values), **_template(values)}


def _volumes(values: Values, *, none: Value = None) -> Mapping[str, Value]:
    """Return the volumes: the image's root, whose device only the image names, and those that are added."""
    found: list[Value] = []
    for name in ("root_block_device", "ebs_block_device", "ephemeral_block_device"):
        blocks = values.get(name)
        if isinstance(blocks, Unknown):
            found.append(Unknown(blocks.reason))
        found += [
            _volume(each, {} if none is None else none, root=name == "root_block_device") for each in _blocks(blocks)
        ]
    root = next(iter(_blocks(values.get("root_block_device"))), {})
    encrypted = {"RootVolumeEncrypted": root["encrypted"]} if root.get("encrypted") is not None else {}
    return {"BlockDeviceMappings": found, **encrypted} if found else {}


def _volume(block: Mapping[str, Value], none: Value, *, root: bool) -> Value:
    device = block.get("device_name") or ("root" if root else None)
    if block.get("virtual_name"):
        return {"DeviceName": device, "VirtualName": block["virtual_name"]}
    if block.get("no_device"):
        return {"DeviceName": device, "NoDevice": none}
    ebs = {
        "DeleteOnTermination": block.get("delete_on_termination"),
        "Encrypted": block.get("encrypted"),
        "Iops": block.get("iops") or None,
        "KmsKeyId": block.get("kms_key_id") or None,
        "SnapshotId": block.get("snapshot_id") or None,
        "VolumeSize": block.get("volume_size") or None,
        "VolumeType": block.get("volume_type") or None,
    }
    return {"DeviceName": device, "Ebs": {key: each for key, each in ebs.items() if each is not None}}


def _interfaces(values: Values) -> Mapping[str, Value]:
    """Return the first network interface, where only that can say whether the instance has a public address.

    The groups and the subnet stand there too then, because CloudFormation takes both only in one place.
    """
    public, blocks = values.get("associate_public_ip_address"), values.get("network_interface")
    attached: list[Value] = [
        {"DeviceIndex": str(each.get("device_index", 0)), "NetworkInterfaceId": each.get("network_interface_id")}
        for each in _blocks(blocks)
    ]
    if attached or isinstance(blocks, Unknown):
        return {"NetworkInterfaces": attached or blocks}
    if public is None:
        return {}
    interface = {
        "DeviceIndex": "0",
        "AssociatePublicIpAddress": public,
        "SubnetId": values.get("subnet_id"),
        "GroupSet": values.get("vpc_security_group_ids"),
    }
    return {"NetworkInterfaces": [{key: each for key, each in interface.items() if each not in (None, [])}]}


def _template(values: Values) -> Mapping[str, Value]:
    for block in _blocks(values.get("launch_template")):
        stated = {
            "LaunchTemplateId": block.get("id"),
            "LaunchTemplateName": block.get("name"),
            "Version": block.get("version"),
        }
        return {"LaunchTemplate": {key: each for key, each in stated.items() if each}}
    return {}


def _blocks(value: Value) -> Iterator[Mapping[str, Value]]:
    for each in value if isinstance(value, list) else ():
        if isinstance(each, Mapping):
            yield each


def _launch_template(values: Values) -> Mapping[str, Value]:
    encoded = values.get("user_data")
    if not isinstance(encoded, str):
        return {"UserDataText": encoded} if isinstance(encoded, Unknown) else {}
    try:
        return {"UserDataText": base64.b64decode(encoded, validate=True).decode()}
    except ValueError:
        return {}


_INSTANCE_ROWS: dict[str, str | Turned] = {
    "ami": "ImageId",
    "host_id": "HostId",
    "placement_group": "PlacementGroupName",
    "vpc_security_group_ids": "SecurityGroupIds",
    "credit_specification": "CreditSpecification",
    "cpu_core_count": "CpuOptions.CoreCount",
    "cpu_threads_per_core": "CpuOptions.ThreadsPerCore",
    "hibernation": "HibernationOptions.Configured",
    "private_ip": "PrivateIpAddress",
    "ipv6_addresses": LEFT,
    **left(
        "capacity_reservation_specification",
        "cpu_options.amd_sev_snp",
        "disable_api_stop",
        "enable_primary_ipv6",
        "get_password_data",
        "host_resource_group_arn",
        "instance_lifecycle",
        "instance_market_options",
        "instance_state",
        "maintenance_options",
        "metadata_options.instance_metadata_tags",
        "metadata_options.http_protocol_ipv6",
        "outpost_arn",
        "password_data",
        "placement_group_id",
        "placement_partition_number",
        "primary_network_interface",
        "primary_network_interface_id",
        "private_dns",
        "public_dns",
        "public_ip",
        "secondary_network_interface",
        "secondary_private_ips",
        "spot_instance_request_id",
        "user_data_replace_on_change",
        "volume_tags",
        "availability_zone_id",
    ),
}

_MIXED = "mixed_instances_policy.launch_template"

TABLE: tuple[Entry, ...] = (
    Entry(
        "aws_instance",
        "AWS::EC2::Instance",
        _INSTANCE_ROWS,
        computed=(
            "capacity_reservation_specification",
            "cpu_options",
            "credit_specification",
            "ebs_block_device",
            "enclave_options",
            "ephemeral_block_device",
            "maintenance_options",
            "metadata_options",
            "network_interface",
            "private_dns_name_options",
            "root_block_device",
            "launch_template",
        ),
        derive=_instance,
        derived=(
            "associate_public_ip_address",
            "ebs_block_device",
            "ephemeral_block_device",
            "launch_template",
            "network_interface",
            "root_block_device",
            "user_data",
            "user_data_base64",
        ),
    ),
    Entry(
        "aws_launch_template",
        "AWS::EC2::LaunchTemplate",
        {
            "iam_instance_profile": "IamInstanceProfile",
            "vpc_security_group_ids": "SecurityGroupIds",
            "security_group_names": "SecurityGroups",
            "network_interfaces.security_groups": "Groups",
            "network_interfaces.ipv6_addresses": LEFT,
            "network_interfaces.ipv4_address_count": LEFT,
            "network_interfaces.ipv4_prefixes": LEFT,
            "network_interfaces.ipv6_prefixes": LEFT,
            "network_interfaces.ipv4_addresses": LEFT,
            "metadata_options.instance_metadata_tags": "InstanceMetadataTags",
            "tag_specifications": LEFT,
            "placement.group_name": "GroupName",
            **left(
                "default_version",
                "description",
                "latest_version",
                "name",
                "name_prefix",
                "update_default_version",
                "elastic_gpu_specifications",
                "elastic_inference_accelerator",
            ),
        },
        within="LaunchTemplateData",
        computed=("metadata_options",),
        derive=lambda values: {**_launch_template(values), **_named(values)},
    ),
    Entry(
        "aws_launch_configuration",
        "AWS::AutoScaling::LaunchConfiguration",
        {
            "enable_monitoring": "InstanceMonitoring",
            "name": "LaunchConfigurationName",
            "security_groups": "SecurityGroups",
            **left("name_prefix"),
        },
        computed=("metadata_options", "root_block_device", "ebs_block_device"),
        derive=lambda values: {**_user_data(values), **_volumes(values, none=True)},
        derived=("user_data", "user_data_base64", "root_block_device", "ebs_block_device", "ephemeral_block_device"),
    ),
    Entry(
        "aws_autoscaling_group",
        "AWS::AutoScaling::AutoScalingGroup",
        {
            "name": "AutoScalingGroupName",
            "launch_configuration": "LaunchConfigurationName",
            "launch_template": "LaunchTemplate",
            "launch_template.id": "LaunchTemplateId",
            "launch_template.name": "LaunchTemplateName",
            "load_balancers": "LoadBalancerNames",
            "target_group_arns": "TargetGroupARNs",
            "vpc_zone_identifier": "VPCZoneIdentifier",
            "default_cooldown": "Cooldown",
            "enabled_metrics": LEFT,
            f"{_MIXED}.launch_template_specification.launch_template_id": "LaunchTemplateId",
            f"{_MIXED}.override": "Overrides",
            "tag": "Tags",
            "tag.propagate_at_launch": "PropagateAtLaunch",
            "initial_lifecycle_hook": "LifecycleHookSpecificationList",
            "initial_lifecycle_hook.name": "LifecycleHookName",
            **left(
                "force_delete",
                "force_delete_warm_pool",
                "ignore_failed_scaling_activities",
                "instance_refresh",
                "metrics_granularity",
                "min_elb_capacity",
                "name_prefix",
                "predicted_capacity",
                "protect_from_scale_in",
                "suspended_processes",
                "termination_policies",
                "wait_for_capacity_timeout",
                "wait_for_elb_capacity",
                "warm_pool",
                "warm_pool_size",
                "service_linked_role_arn",
                "desired_capacity_type",
                "deletion_protection",
            ),
        },
        computed=("traffic_source", "launch_template", "mixed_instances_policy", "availability_zone_distribution"),
    ),
    Entry("aws_ebs_volume", "AWS::EC2::Volume", {"type": "VolumeType", **left("final_snapshot", "create_time")}),
    Entry(
        "aws_volume_attachment",
        "AWS::EC2::VolumeAttachment",
        {"device_name": "Device", **left("force_detach", "skip_destroy", "stop_instance_before_detaching")},
    ),
    Entry(
        "aws_network_interface",
        "AWS::EC2::NetworkInterface",
        {
            "security_groups": "GroupSet",
            **left(
                "attachment",
                "enable_primary_ipv6",
                "ipv4_prefixes",
                "ipv6_address_list",
                "ipv6_address_list_enabled",
                "ipv6_addresses",
                "ipv6_prefixes",
                "mac_address",
                "outpost_arn",
                "private_dns_name",
                "private_ip",
                "private_ip_list",
                "private_ip_list_enabled",
                "private_ips",
                "private_ips_count",
            ),
        },
    ),
    Entry(
        "aws_eip",
        "AWS::EC2::EIP",
        {
            "instance": "InstanceId",
            "customer_owned_ipv4_pool": LEFT,
            **left(
                "allocation_id",
                "associate_with_private_ip",
                "association_id",
                "carrier_ip",
                "customer_owned_ip",
                "ipam_pool_id",
                "network_interface",
                "private_dns",
                "private_ip",
                "ptr_record",
                "public_dns",
                "public_ip",
                "vpc",
            ),
        },
    ),
    Entry(
        "aws_eip_association",
        "AWS::EC2::EIPAssociation",
        {"public_ip": "EIP", **left("allow_reassociation", "private_ip_address")},
    ),
    Entry("aws_ec2_host", "AWS::EC2::Host", {"host_recovery": "HostRecovery", **left("outpost_arn")}),
)


def _named(values: Values) -> Mapping[str, Value]:
    """Return the name, which stands beside the rest of a launch template."""
    name = values.get("name")
    return {"LaunchTemplateName": name} if isinstance(name, str) and not isinstance(name, Sensitive) and name else {}
