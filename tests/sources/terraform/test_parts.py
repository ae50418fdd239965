"""Resources of Terraform that are properties in CloudFormation, in their owners."""

from typing import Any

import pytest
from tests.sources.terraform.plans import FILE, Made, only, read_plan

from assay.inventory.resource import Inventory
from assay.inventory.values import Cause, Unknown, Value

BUCKET = Made("aws_s3_bucket.b", {"bucket": "orders"})
_ENABLED = {"versioning_configuration": [{"status": "Enabled"}]}


def _bucket(*made: Made) -> dict[str, Value]:
    [owner] = [each for each in read_plan(BUCKET, *made).of_type("AWS::S3::Bucket") if not each.fragment]
    return dict(owner.properties)


@pytest.mark.parametrize(
    "part",
    [
        Made("aws_s3_bucket_versioning.v", _ENABLED, {"bucket": True}, {"bucket": "aws_s3_bucket.b.id"}),
        Made("aws_s3_bucket_versioning.v", {"bucket": "orders", **_ENABLED}),
    ],
    ids=["by reference", "by name"],
)
def test_a_part_is_in_its_owner_and_stays(part: Made) -> None:
    inventory = read_plan(BUCKET, part)
    assert only(inventory, "AWS::S3::Bucket").properties["VersioningConfiguration"] == {"Status": "Enabled"}
    kept = inventory.by_id[f"{FILE}#aws_s3_bucket_versioning.v"]
    assert (kept.type, kept.folded_into) == ("terraform/aws_s3_bucket_versioning", f"{FILE}#aws_s3_bucket.b")


def test_a_part_of_what_is_elsewhere_is_a_fragment() -> None:
    inventory = read_plan(Made("aws_s3_bucket_versioning.v", {"bucket": "elsewhere", **_ENABLED}))
    fragment = only(inventory, "AWS::S3::Bucket")
    assert fragment.fragment and fragment.properties == {"VersioningConfiguration": {"Status": "Enabled"}}
    assert len(inventory.resources) == 2


def test_a_part_of_nobody_knows_whom_makes_all_owners_unknown() -> None:
    part = Made("aws_s3_bucket_versioning.v", _ENABLED, {"bucket": True}, {"bucket": "local.bucket"})
    value = _bucket(part)["VersioningConfiguration"]
    assert isinstance(value, Unknown) and value.reason.cause is Cause.AFTER_APPLY


def test_but_not_those_for_which_another_part_states_it() -> None:
    unclear = Made("aws_s3_bucket_versioning.u", _ENABLED, {"bucket": True}, {"bucket": "local.bucket"})
    clear = Made("aws_s3_bucket_versioning.v", {"bucket": "orders", **_ENABLED})
    assert _bucket(unclear, clear)["VersioningConfiguration"] == {"Status": "Enabled"}


def test_a_policy_of_nobody_knows_which_bucket_leaves_all_of_them_in_doubt() -> None:
    unclear = Made("aws_s3_bucket_policy.u", {"policy": "{}"}, {"bucket": True}, {"bucket": "module.other.bucket"})
    policy = _bucket(unclear)["Policy"]
    assert isinstance(policy, Unknown) and "aws_s3_bucket_policy.u may state it" in str(policy.reason)
    clear = Made("aws_s3_bucket_policy.c", {"policy": '{"Statement": []}', "bucket": "orders"})
    assert _bucket(unclear, clear)["Policy"] == {"Statement": []}


def test_a_rule_of_nobody_knows_which_group_may_be_in_each() -> None:
    rule = Made("aws_vpc_security_group_ingress_rule.u", {"ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0"},
                {"security_group_id": True}, {"security_group_id": "var.group"})  # fmt: skip
    [doubt] = _rules(rule)  # type: ignore[misc]
    assert isinstance(doubt, Unknown)


def test_a_name_that_nobody_has_may_be_of_whom_has_none_yet() -> None:
    """A bucket whose name is computed may turn out to be the one that a part names."""
    nameless = Made("aws_s3_bucket.n", {}, {"bucket": True}, {"bucket": "local.name"})
    unnamed = Made("aws_s3_bucket.u", {}, {"bucket": True})  # AWS makes up its name: nobody can know it already
    made = (
        Made("aws_s3_bucket_versioning.v", {"bucket": "orders", **_ENABLED}),
        Made("aws_s3_bucket_policy.p", {"bucket": "orders", "policy": "{}"}),
    )
    found = {each.name: each.properties for each in read_plan(nameless, unnamed, *made).resources}
    assert isinstance(found["aws_s3_bucket.n"]["VersioningConfiguration"], Unknown)
    assert isinstance(found["aws_s3_bucket.n"]["Policy"], Unknown)
    assert not found["aws_s3_bucket.u"]


def test_a_part_may_name_its_owner_through_another_part() -> None:
    """So that one waits for the other: bucket = aws_s3_bucket_versioning.v.bucket"""
    first = Made("aws_s3_bucket_versioning.v", _ENABLED, {"bucket": True}, {"bucket": "aws_s3_bucket.b.id"})
    second = Made(
        "aws_s3_bucket_acl.a", {"acl": "private"}, {"bucket": True}, {"bucket": "aws_s3_bucket_versioning.v.id"}
    )
    policy = Made("aws_s3_bucket_policy.p", {"policy": '{"Statement": []}'}, {"bucket": True},
                  {"bucket": "aws_s3_bucket_acl.a.bucket"})  # fmt: skip
    properties = _bucket(first, second, policy)
    assert properties["AccessControl"] == "Private"
    assert properties["Policy"] == {"Statement": []}


def test_parts_that_name_one_another_name_nobody() -> None:
    made = [
        Made(f"aws_s3_bucket_versioning.{name}", _ENABLED, {"bucket": True},
             {"bucket": f"aws_s3_bucket_versioning.{other}.id"})
        for name, other in ("ab", "ba")
    ]  # fmt: skip
    assert len(read_plan(*made).resources) == 4


def test_a_name_that_several_have_leaves_all_of_them_in_doubt() -> None:
    stages = [
        Made(f"aws_api_gateway_stage.{name}", {"stage_name": "prod", "rest_api_id": name}) for name in ("one", "two")
    ]
    settings = Made("aws_api_gateway_method_settings.m", {"stage_name": "prod", "rest_api_id": "one",
                    "method_path": "*/*", "settings": [{"logging_level": "INFO"}]})  # fmt: skip
    for stage in read_plan(*stages, settings).of_type("AWS::ApiGateway::Stage"):
        if not stage.fragment:
            settings_ = stage.properties["MethodSettings"]
            assert isinstance(settings_, list) and isinstance(settings_[0], Unknown)


_BLOCK = dict.fromkeys(
    ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), True
)


@pytest.mark.parametrize(
    ("kind", "values", "name", "expected"),
    [
        ("public_access_block", _BLOCK, "PublicAccessBlockConfiguration", {
            "BlockPublicAcls": True, "BlockPublicPolicy": True, "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True}),
        ("public_access_block", {}, "PublicAccessBlockConfiguration", {
            "BlockPublicAcls": False, "BlockPublicPolicy": False, "IgnorePublicAcls": False,
            "RestrictPublicBuckets": False}),
        ("acl", {"acl": "public-read"}, "AccessControl", "PublicRead"),
        ("acl", {"access_control_policy": [{"grant": [{"permission": "WRITE", "grantee": [
            {"type": "Group", "uri": "http://acs.amazonaws.com/groups/global/AllUsers"}]}]}]},
         "AccessControl", "PublicReadWrite"),
        ("acl", {"access_control_policy": [{"grant": [{"permission": "READ", "grantee": [
            {"type": "Group", "uri": "http://acs.amazonaws.com/groups/global/AuthenticatedUsers"}]}]}]},
         "AccessControl", "AuthenticatedRead"),
        ("logging", {"target_bucket": "logs", "target_prefix": "x/"}, "LoggingConfiguration",
         {"DestinationBucketName": "logs", "LogFilePrefix": "x/"}),
        ("ownership_controls", {"rule": [{"object_ownership": "BucketOwnerEnforced"}]}, "OwnershipControls",
         {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}),
        ("versioning", {"versioning_configuration": [{"status": "Disabled"}]}, "VersioningConfiguration", {}),
        ("object_lock_configuration", {"object_lock_enabled": "Enabled", "rule": [
            {"default_retention": [{"mode": "COMPLIANCE", "days": 30}]}]}, "ObjectLockConfiguration",
         {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}}}),
        ("lifecycle_configuration", {"rule": [{"id": "r", "status": "Enabled", "filter": [{"prefix": "a/"}],
            "noncurrent_version_expiration": [{"noncurrent_days": 7}],
            "abort_incomplete_multipart_upload": [{"days_after_initiation": 3}],
            "transition": [{"days": 30, "storage_class": "GLACIER"}]}]}, "LifecycleConfiguration",
         {"Rules": [{"Id": "r", "Status": "Enabled", "Prefix": "a/",
                     "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
                     "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3},
                     "Transitions": [{"TransitionInDays": 30, "StorageClass": "GLACIER"}]}]}),
        ("server_side_encryption_configuration", {"rule": [{"bucket_key_enabled": True,
            "apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms", "kms_master_key_id": "k"}]}]},
         "BucketEncryption", {"ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": True,
            "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "k"}}]}),
        ("notification", {"eventbridge": True, "queue": [{"queue_arn": "q", "events": ["a", "b"]}]},
         "NotificationConfiguration", {"EventBridgeConfiguration": {"EventBridgeEnabled": True},
            "QueueConfigurations": [{"Event": "a", "Queue": "q"}, {"Event": "b", "Queue": "q"}]}),
        ("accelerate_configuration", {"status": "Enabled"}, "AccelerateConfiguration",
         {"AccelerationStatus": "Enabled"}),
        ("website_configuration", {"index_document": [{"suffix": "index.html"}], "error_document": [{"key": "e"}]},
         "WebsiteConfiguration", {"IndexDocument": "index.html", "ErrorDocument": "e"}),
        ("replication_configuration", {"role": "r", "rule": [{"id": "x", "status": "Enabled",
            "destination": [{"bucket": "arn:aws:s3:::c"}], "delete_marker_replication": [{"status": "Enabled"}]}]},
         "ReplicationConfiguration", {"Role": "r", "Rules": [{"Id": "x", "Status": "Enabled",
            "Destination": {"Bucket": "arn:aws:s3:::c"}, "DeleteMarkerReplication": {"Status": "Enabled"}}]}),
    ],
)  # fmt: skip
def test_the_parts_of_a_bucket(kind: str, values: dict[str, Any], name: str, expected: Value) -> None:
    assert _bucket(Made(f"aws_s3_bucket_{kind}.p", {"bucket": "orders", **values}))[name] == expected


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        ({"acl": "public-read-write"}, "AccessControl", "PublicReadWrite"),
        ({"versioning": [{"enabled": True, "mfa_delete": False}]}, "VersioningConfiguration", {"Status": "Enabled"}),
        ({"logging": [{"target_bucket": "l", "target_prefix": ""}]}, "LoggingConfiguration",
         {"DestinationBucketName": "l"}),
        ({"lifecycle_rule": [{"id": "r", "enabled": True, "expiration": [{"days": 9}]}]}, "LifecycleConfiguration",
         {"Rules": [{"Id": "r", "Status": "Enabled", "ExpirationInDays": 9}]}),
        ({"server_side_encryption_configuration": [{"rule": [{"apply_server_side_encryption_by_default": [
            {"sse_algorithm": "AES256", "kms_master_key_id": ""}]}]}]}, "BucketEncryption",
         {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}),
        ({"grant": [{"type": "Group", "permissions": ["READ"],
                     "uri": "http://acs.amazonaws.com/groups/global/AllUsers"}]}, "AccessControl", "PublicRead"),
        ({"object_lock_configuration": [{"object_lock_enabled": "Enabled"}]}, "ObjectLockEnabled", True),
    ],
)  # fmt: skip
def test_a_bucket_as_it_was_before_its_parts(values: dict[str, Any], name: str, expected: Value) -> None:
    """Until version 4 of the provider, all of this stood in the bucket itself."""
    bucket = Made("aws_s3_bucket.b", values)
    assert only(read_plan(bucket), "AWS::S3::Bucket").properties[name] == expected


def test_what_a_bucket_never_had_is_not_stated() -> None:
    bucket = Made("aws_s3_bucket.b", {"bucket": "b", "versioning": [{"enabled": False, "mfa_delete": False}]})
    assert only(read_plan(bucket), "AWS::S3::Bucket").properties.keys() == {"BucketName"}


# ---- identities

_ADMINISTRATOR = "arn:aws:iam::aws:policy/AdministratorAccess"


def _roles(inventory: Inventory) -> dict[str, Value]:
    return {each.name: each.properties.get("ManagedPolicyArns") for each in inventory.of_type("AWS::IAM::Role")}


def test_attached_policies_add_up() -> None:
    role = Made("aws_iam_role.r", {"name": "r"})
    attachments = [
        Made(f"aws_iam_role_policy_attachment.{arn}", {"role": "r", "policy_arn": arn}) for arn in ("one", "two")
    ]
    assert _roles(read_plan(role, *attachments)) == {"aws_iam_role.r": ["one", "two"]}


def test_an_attachment_to_many_is_in_each_of_them() -> None:
    roles = [Made(f"aws_iam_role.{name}", {"name": name}) for name in ("a", "b")]
    user = Made("aws_iam_user.u", {"name": "u"})
    attachment = Made(
        "aws_iam_policy_attachment.p", {"name": "p", "roles": ["a", "b"], "users": ["u"], "policy_arn": _ADMINISTRATOR}
    )
    inventory = read_plan(*roles, user, attachment)
    assert _roles(inventory) == {"aws_iam_role.a": [_ADMINISTRATOR], "aws_iam_role.b": [_ADMINISTRATOR]}
    assert only(inventory, "AWS::IAM::User").properties["ManagedPolicyArns"] == [_ADMINISTRATOR]
    assert len(inventory.resources) == 4


def test_inline_policies_fold_as_those_of_templates_do() -> None:
    role = Made("aws_iam_role.r", {"inline_policy": [{"name": "i", "policy": '{"Statement": []}'}]})
    apart = Made(
        "aws_iam_role_policy.p",
        {"name": "p", "policy": '{"Statement": []}'},
        {"role": True},
        {"role": "aws_iam_role.r.id"},
    )
    policies = only(read_plan(role, apart), "AWS::IAM::Role").properties["Policies"]
    assert isinstance(policies, list)
    assert [each["PolicyName"] for each in policies] == ["i", "p"]


# ---- networks


def _rules(*made: Made, direction: str = "Ingress") -> Value:
    group = Made("aws_security_group.g", {"name": "g"}, {"ingress": True, "egress": True})
    [found] = [each for each in read_plan(group, *made).of_type("AWS::EC2::SecurityGroup") if not each.fragment]
    return found.properties.get(f"SecurityGroup{direction}")


def _separate(**values: Any) -> Made:
    stated = {"type": "ingress", "protocol": "tcp", "from_port": 22, "to_port": 22, **values}
    return Made("aws_security_group_rule.r", stated, {"security_group_id": True},
                {"security_group_id": "aws_security_group.g.id"})  # fmt: skip


def test_one_rule_of_terraform_may_be_several() -> None:
    common = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
    assert _rules(_separate(cidr_blocks=["10.0.0.0/8", "0.0.0.0/0"], ipv6_cidr_blocks=["::/0"])) == [
        {**common, "CidrIp": "10.0.0.0/8"},
        {**common, "CidrIp": "0.0.0.0/0"},
        {**common, "CidrIpv6": "::/0"},
    ]


def test_a_rule_for_all_protocols_has_no_ports() -> None:
    assert _rules(_separate(protocol="all", from_port=0, to_port=0, cidr_blocks=["0.0.0.0/0"])) == [
        {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}
    ]


def test_a_rule_for_the_group_itself_refers_to_it() -> None:
    [rule] = _rules(_separate(self=True))  # type: ignore[misc]
    assert isinstance(rule, dict)
    peer = rule["SourceSecurityGroupId"]
    assert isinstance(peer, Unknown) and peer.reference is not None
    assert peer.reference.resource == f"{FILE}#aws_security_group.g"


def test_a_group_without_outbound_rules_lets_nothing_out() -> None:
    """Terraform removes the rule that AWS gives to a new group."""
    assert _rules(direction="Egress") == []


def test_the_current_form_of_separate_rules() -> None:
    rule = Made(
        "aws_vpc_security_group_ingress_rule.r",
        {"ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "0.0.0.0/0"},
        {"security_group_id": True},
        {"security_group_id": "aws_security_group.g.id"},
    )
    [found] = _rules(rule)  # type: ignore[misc]
    assert found == {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}


_OPEN = {"protocol": "-1", "from_port": 0, "to_port": 0, "cidr_blocks": ["0.0.0.0/0"]}


@pytest.mark.parametrize(
    "made",
    [
        Made("aws_default_security_group.d", {"ingress": [_OPEN]}, {"vpc_id": True}, {"vpc_id": "aws_vpc.v.id"}),
        Made("aws_security_group_rule.r", {"type": "ingress", **_OPEN}, {"security_group_id": True},
             {"security_group_id": "aws_vpc.v.default_security_group_id"}),
    ],
)  # fmt: skip
def test_rules_of_the_default_group_are_the_networks(made: Made) -> None:
    inventory = read_plan(Made("aws_vpc.v", {"cidr_block": "10.0.0.0/16"}), made)
    network = only(inventory, "AWS::EC2::VPC").properties
    assert network["DefaultGroupIngress"] == [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]
    assert "DefaultGroupEgress" not in network
    assert {each.name for each in inventory.resources} == {"aws_vpc.v", made.address}


def test_routes_in_a_table_reach_its_subnets() -> None:
    made = (
        Made(
            "aws_route_table.t", {"route": [{"cidr_block": "0.0.0.0/0", "gateway_id": "igw-1", "nat_gateway_id": ""}]}
        ),
        Made("aws_subnet.s", {"cidr_block": "10.0.0.0/24"}),
        Made(
            "aws_route_table_association.a",
            {},
            {"subnet_id": True, "route_table_id": True},
            {"subnet_id": "aws_subnet.s.id", "route_table_id": "aws_route_table.t.id"},
        ),
    )
    subnet = only(read_plan(*made), "AWS::EC2::Subnet")
    assert subnet.properties["Routes"] == [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}]
