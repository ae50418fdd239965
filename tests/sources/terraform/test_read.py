"""What a plan says, and what the inventory makes of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.sources.terraform.plans import FILE, Made, calls, document, only, read_document, read_plan

from assay.inventory.resource import Inventory
from assay.inventory.values import Cause, Reference, Sensitive, Unknown, Value
from assay.sources.terraform import Context, find, is_plan, read, read_text

BUCKET = Made("aws_s3_bucket.b", {"bucket": "orders"})


def _cause(value: Value) -> Cause | None:
    return value.reason.cause if isinstance(value, Unknown) else None


def _reference(value: Value) -> Reference | None:
    return value.reference if isinstance(value, Unknown) else None


# ---- what is known, not yet known, not stated


def test_a_value_that_is_computed_is_known_after_apply() -> None:
    volume = Made("aws_ebs_volume.v", {}, {"encrypted": True}, {"encrypted": "local.encrypt"})
    encrypted = only(read_plan(volume), "AWS::EC2::Volume").properties["Encrypted"]
    assert _cause(encrypted) is Cause.AFTER_APPLY
    assert isinstance(encrypted, Unknown) and str(encrypted.reason) == "aws_ebs_volume.v.encrypted is known after apply"


def test_what_no_expression_states_is_not_unknown_but_absent() -> None:
    volume = Made("aws_ebs_volume.v", {"size": 8}, {"encrypted": True, "kms_key_id": True})
    assert only(read_plan(volume), "AWS::EC2::Volume").properties.keys() == {"Size"}


def test_without_the_configuration_nobody_knows_what_is_stated() -> None:
    plan = document(Made("aws_ebs_volume.v", {"size": 8}, {"encrypted": True}))
    del plan["configuration"]
    assert _cause(only(read_document(plan), "AWS::EC2::Volume").properties["Encrypted"]) is Cause.AFTER_APPLY


def test_blocks_that_may_be_generated_stay_unknown() -> None:
    """`dynamic` blocks are not in the configuration that a plan carries."""
    function = Made("aws_lambda_function.f", {"function_name": "f"}, {"dead_letter_config": True})
    assert (
        _cause(only(read_plan(function), "AWS::Lambda::Function").properties["DeadLetterConfig"]) is Cause.AFTER_APPLY
    )


def test_null_is_absent_and_false_is_not() -> None:
    table = Made("aws_dynamodb_table.t", {"name": "t", "deletion_protection_enabled": False, "table_class": None})
    properties = only(read_plan(table), "AWS::DynamoDB::Table").properties
    assert properties["DeletionProtectionEnabled"] is False
    assert "TableClass" not in properties


@pytest.mark.parametrize(
    ("made", "kind", "name", "default"),
    [
        (Made("aws_db_instance.d", {}, {"backup_retention_period": True}), "AWS::RDS::DBInstance",
         "BackupRetentionPeriod", 0),
        (Made("aws_db_instance.d", {}), "AWS::RDS::DBInstance", "StorageEncrypted", False),
        (Made("aws_db_instance.d", {}), "AWS::RDS::DBInstance", "PubliclyAccessible", False),
        (Made("aws_security_group.g", {}, {"egress": True}), "AWS::EC2::SecurityGroup", "SecurityGroupEgress", []),
        (Made("aws_elb.e", {}), "AWS::ElasticLoadBalancing::LoadBalancer", "CrossZone", True),
        (Made("aws_memorydb_cluster.c", {}), "AWS::MemoryDB::Cluster", "TLSEnabled", True),
    ],
)  # fmt: skip
def test_what_the_provider_sends_unasked_is_stated(made: Made, kind: str, name: str, default: Value) -> None:
    assert only(read_plan(made), kind).properties[name] == default


def test_what_is_sensitive_is_judged_and_marked() -> None:
    made = Made("aws_db_instance.d", {"password": "hunter2"}, sensitive={"password": True})
    password = only(read_plan(made), "AWS::RDS::DBInstance").properties["MasterUserPassword"]
    assert password == "hunter2" and isinstance(password, Sensitive)


# ---- references


def test_a_reference_is_a_relation() -> None:
    key = Made("aws_kms_key.k")
    volume = Made("aws_ebs_volume.v", {}, {"kms_key_id": True}, {"kms_key_id": "aws_kms_key.k.arn"})
    inventory = read_plan(key, volume)
    assert _reference(only(inventory, "AWS::EC2::Volume").properties["KmsKeyId"]) == Reference(
        f"{FILE}#aws_kms_key.k", "Arn"
    )
    [relation] = inventory.relations
    assert (relation.path, relation.target) == (("KmsKeyId",), f"{FILE}#aws_kms_key.k")


def test_an_expression_that_mentions_more_is_no_reference() -> None:
    key = Made("aws_kms_key.k")
    refers = {"kms_key_id": ["aws_kms_key.k.arn", "var.encrypt"]}
    volume = Made("aws_ebs_volume.v", {}, {"kms_key_id": True}, refers)
    value = only(read_plan(key, volume), "AWS::EC2::Volume").properties["KmsKeyId"]
    assert isinstance(value, Unknown) and value.reference is None and not value.present


def test_a_reference_leads_through_variables_and_outputs_of_modules() -> None:
    key = Made("module.keys.aws_kms_key.k", module="module.keys")
    volume = Made(
        "module.disks.aws_ebs_volume.v", {}, {"kms_key_id": True}, {"kms_key_id": "var.key"}, module="module.disks"
    )
    modules = {
        "keys": calls(key, outputs={"arn": "aws_kms_key.k.arn"}),
        "disks": calls(volume, expressions={"key": "module.keys.arn"}),
    }
    value = only(read_plan(key, volume, modules=modules), "AWS::EC2::Volume").properties["KmsKeyId"]
    assert _reference(value) == Reference(f"{FILE}#module.keys.aws_kms_key.k", "Arn")


@pytest.mark.parametrize(("name", "index"), [("aws_kms_key.k[1].arn", 1), ("aws_kms_key.k", 0)])
def test_of_several_instances_the_one_that_is_meant(name: str, index: int) -> None:
    keys = [Made(f"aws_kms_key.k[{number}]", index=number) for number in range(2)]
    volume = Made("aws_ebs_volume.v[0]", {}, {"kms_key_id": True}, {"kms_key_id": [name, "count.index"]}, index=0)
    value = only(read_plan(*keys, volume), "AWS::EC2::Volume").properties["KmsKeyId"]
    reference = _reference(value)
    assert reference is not None and reference.resource == f"{FILE}#aws_kms_key.k[{index}]"


def test_of_several_instances_none_is_guessed() -> None:
    keys = [Made(f"aws_kms_key.k[{number}]", index=number) for number in range(2)]
    volume = Made("aws_ebs_volume.v", {}, {"kms_key_id": True}, {"kms_key_id": "aws_kms_key.k"})
    assert _reference(only(read_plan(*keys, volume), "AWS::EC2::Volume").properties["KmsKeyId"]) is None


def test_a_list_of_references_is_a_list_of_relations() -> None:
    subnets = [Made(f"aws_subnet.{name}", {"cidr_block": "10.0.0.0/24"}) for name in ("a", "b")]
    refers = {"subnet_ids": ["aws_subnet.a.id", "aws_subnet.b.id"], "name": ["aws_subnet.a.id", "aws_subnet.b.id"]}
    group = Made("aws_db_subnet_group.g", {}, {"subnet_ids": True, "name": True}, refers)
    inventory = read_plan(*subnets, group)
    assert [each.target for each in inventory.relations] == [f"{FILE}#aws_subnet.a", f"{FILE}#aws_subnet.b"]
    name = only(inventory, "AWS::RDS::DBSubnetGroup").properties["DBSubnetGroupName"]
    assert isinstance(name, Unknown) and name.reference is None


def test_an_instance_that_is_not_planned_gives_no_value() -> None:
    """try(aws_kms_key.old[0].arn, aws_kms_key.k.arn), and there is no old one."""
    refers = {"kms_key_id": ["aws_kms_key.old[0].arn", "aws_kms_key.k.arn"]}
    volume = Made("aws_ebs_volume.v", {}, {"kms_key_id": True}, refers)
    value = only(read_plan(Made("aws_kms_key.k"), volume), "AWS::EC2::Volume").properties["KmsKeyId"]
    assert _reference(value) == Reference(f"{FILE}#aws_kms_key.k", "Arn")


def test_variables_that_lead_to_one_another_lead_nowhere() -> None:
    volume = Made("module.m.aws_ebs_volume.v", {}, {"kms_key_id": True}, {"kms_key_id": "var.key"}, module="module.m")
    modules = {"m": calls(volume, expressions={"key": "module.m.key"}, outputs={"key": "var.key"})}
    value = only(read_plan(volume, modules=modules), "AWS::EC2::Volume").properties["KmsKeyId"]
    assert _cause(value) is Cause.AFTER_APPLY


def test_what_exists_is_found_by_its_identifier() -> None:
    network = Made("aws_vpc.v", {"id": "vpc-1", "cidr_block": "10.0.0.0/16"}, actions=("no-op",))
    log = Made("aws_flow_log.l", {"vpc_id": "vpc-1", "traffic_type": "ALL"}, refers={"vpc_id": "aws_vpc.v.id"})
    logs = only(read_plan(network, log), "AWS::EC2::VPC").properties["FlowLogs"]
    assert isinstance(logs, list) and logs[0]["TrafficType"] == "ALL"


# ---- policies that are written by a data source

_STATEMENT = {"effect": "Deny", "actions": ["s3:*"], "principals": [{"type": "*", "identifiers": ["*"]}]}


def test_a_policy_that_is_written_later_is_known_as_far_as_it_is() -> None:
    written = Made(
        "data.aws_iam_policy_document.d",
        {"statement": [{**_STATEMENT, "condition": [{"test": "Bool", "variable": "aws:SecureTransport",
                                                      "values": ["false"]}]}]},
        {"json": True, "statement": [{"resources": [True]}]},
        {"statement": [{"resources": "aws_s3_bucket.b.arn"}]},
        mode="data",
        actions=("read",),
    )  # fmt: skip
    policy = Made(
        "aws_s3_bucket_policy.p",
        {},
        {"bucket": True, "policy": True},
        {"bucket": "aws_s3_bucket.b.id", "policy": "data.aws_iam_policy_document.d.json"},
    )
    inventory = read_plan(BUCKET, written, policy)
    document_ = only(inventory, "AWS::S3::Bucket").properties["Policy"]
    assert isinstance(document_, dict)
    [statement] = document_["Statement"]
    assert statement["Principal"] == {"AWS": ["*"]}
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": ["false"]}}
    assert _cause(statement["Resource"][0]) is Cause.AFTER_APPLY
    assert [each.name for each in inventory.resources] == ["aws_s3_bucket.b", "aws_s3_bucket_policy.p"]


def test_a_policy_that_takes_in_others_is_unknown() -> None:
    written = Made("data.aws_iam_policy_document.d", {"source_policy_documents": ["{}"], "statement": []},
                   {"json": True}, mode="data", actions=("read",))  # fmt: skip
    role = Made("aws_iam_role.r", {}, {"assume_role_policy": True},
                {"assume_role_policy": "data.aws_iam_policy_document.d.json"})  # fmt: skip
    value = only(read_plan(written, role), "AWS::IAM::Role").properties["AssumeRolePolicyDocument"]
    assert _cause(value) is Cause.AFTER_APPLY


# ---- what the plan does


@pytest.mark.parametrize("actions", [("create",), ("update",), ("no-op",), ("delete", "create"), ("create", "delete")])
def test_what_is_made_changed_kept_or_replaced_exists(actions: tuple[str, ...]) -> None:
    made = Made("aws_sqs_queue.q", {"name": "q"}, actions=actions)
    assert only(read_plan(made), "AWS::SQS::Queue").name == "aws_sqs_queue.q"


def test_what_is_deleted_is_absent_and_says_why() -> None:
    inventory = read_plan(BUCKET, Made("aws_sqs_queue.q", {"name": "q"}, actions=("delete",)))
    assert not list(inventory.of_type("AWS::SQS::Queue"))
    assert inventory.absent == ((f"{FILE}#aws_sqs_queue.q", "the plan deletes it"),)
    assert inventory.complete


@pytest.mark.parametrize(
    "more",
    [
        {"errored": True},
        {"deferred_changes": [{"reason": "resource_config_unknown", "resource_change": {"address": "aws_vpc.v"}}]},
    ],
)
def test_what_the_plan_leaves_open_is_a_gap(more: dict[str, Any]) -> None:
    assert not read_plan(BUCKET, **more).complete


def test_what_is_forgotten_goes_on_existing() -> None:
    plan = document(BUCKET)
    plan["resource_changes"].append(
        {"address": "aws_vpc.v", "mode": "managed", "type": "aws_vpc", "name": "v", "change": {"actions": ["forget"]}}
    )
    [gap] = read_document(plan).gaps
    assert "forgets" in str(gap.reason)


def test_a_leftover_of_a_broken_replacement_is_no_resource() -> None:
    plan = document(BUCKET)
    plan["resource_changes"].append(
        {**plan["resource_changes"][0], "deposed": "1a2b", "change": {"actions": ["delete"]}}
    )
    inventory = read_document(plan)
    assert len(inventory.resources) == 1 and not inventory.absent


def test_prior_state_is_not_judged() -> None:
    prior = {"values": {"root_module": {"resources": [{"address": "aws_vpc.old", "type": "aws_vpc", "values": {}}]}}}
    assert [each.name for each in read_plan(BUCKET, prior_state=prior).resources] == ["aws_s3_bucket.b"]


# ---- nothing is dropped


def test_a_type_that_nobody_maps_is_kept_and_named() -> None:
    inventory = read_plan(Made("null_resource.n"), Made("aws_some_novelty.s", {"kind": "x"}))
    assert [each.type for each in inventory.resources] == ["terraform/aws_some_novelty", "terraform/null_resource"]


def test_an_attribute_that_has_no_place_and_speaks_of_security_is_a_gap() -> None:
    [gap] = read_plan(Made("aws_sqs_queue.q", {"new_encryption_mode": "off", "new_colour": "red"})).gaps
    assert gap.reason.cause is Cause.NOT_COLLECTED
    assert "new_encryption_mode" in str(gap.reason) and "colour" not in str(gap.reason)


def test_counts_in_are_counts_out() -> None:
    made = [Made(f"aws_iam_role.r[{number}]", {"name": f"r{number}"}, index=number) for number in range(3)]
    inventory = read_plan(*made, BUCKET, Made("random_id.i"))
    assert len([each for each in inventory.resources if not each.fragment]) == 5


# ---- where it is


def test_account_and_region_come_from_the_plan() -> None:
    identity = {"mode": "data", "type": "aws_caller_identity", "values": {"account_id": "111122223333"}}
    prior = {"values": {"root_module": {"resources": [identity]}}}
    [bucket] = read_plan(BUCKET, prior_state=prior).resources
    assert (bucket.origin.account, bucket.origin.region) == ("111122223333", "eu-west-1")
    assert bucket.origin.source == "terraform"


def test_what_somebody_says_of_account_and_region_counts() -> None:
    context = Context("999999999999", "us-east-1", "twice:")
    [bucket] = read_text(json.dumps(document(BUCKET)).encode(), FILE, context).resources
    assert (bucket.origin.account, bucket.origin.region) == ("999999999999", "us-east-1")
    assert bucket.id == f"twice:{FILE}#aws_s3_bucket.b"


def test_a_resource_may_have_a_region_of_its_own() -> None:
    [bucket] = read_plan(Made("aws_s3_bucket.b", {"region": "eu-north-1"})).resources
    assert bucket.origin.region == "eu-north-1"


# ---- files


def test_a_plan_is_told_by_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(document(BUCKET)))
    (tmp_path / "template.json").write_text('{"Resources": {}}')
    (tmp_path / "package.json").write_text('{"name": "x", "values": 1}')
    (tmp_path / ".terraform").mkdir()
    (tmp_path / ".terraform" / "plan.json").write_text(json.dumps(document(BUCKET)))
    assert find(tmp_path) == [tmp_path / "plan.json"]
    assert find(tmp_path, "*.json") == [tmp_path / "plan.json"]
    assert find(tmp_path, "plan.json") == [tmp_path / "plan.json"]
    assert not is_plan(tmp_path / "template.json")
    assert not is_plan(tmp_path / "missing.json")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_that_shells_write(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(json.dumps(document(Made("aws_s3_bucket.b", {"bucket": "grün"}))).encode(encoding))
    assert is_plan(path)
    [bucket] = read([path], Context()).resources
    assert bucket.properties["BucketName"] == "grün"


def test_a_state_reads_as_a_plan_that_changes_nothing() -> None:
    root = {"resources": [{"address": "aws_vpc.v", "mode": "managed", "type": "aws_vpc", "name": "v",
                           "values": {"id": "vpc-1"}}]}  # fmt: skip
    state = {"format_version": "1.0", "terraform_version": "1.9.5", "values": {"root_module": root}}
    assert only(read_document(state), "AWS::EC2::VPC").properties["VpcId"] == "vpc-1"


@pytest.mark.parametrize("version", ["0.1", "0.2", "1.0", "1.1", "1.2", "1.9"])
def test_every_version_of_the_format_reads(version: str) -> None:
    assert len(read_plan(BUCKET, format_version=version).resources) == 1


def _inventory_of(values: dict[str, Any], kind: str, address: str) -> Inventory:
    inventory = read_plan(Made(address, values))
    assert only(inventory, kind)
    return inventory


def test_the_other_provider_reads_by_rule() -> None:
    values = {
        "bucket_name": "orders",
        "versioning_configuration": {"status": "Enabled"},
        "tags": [{"key": "Team", "value": "orders"}],
        "bucket_encryption": {
            "server_side_encryption_configuration": [{"server_side_encryption_by_default": {"sse_algorithm": "AES256"}}]
        },
    }
    properties = only(_inventory_of(values, "AWS::S3::Bucket", "awscc_s3_bucket.b"), "AWS::S3::Bucket").properties
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert properties["Tags"] == [{"Key": "Team", "Value": "orders"}]
    encryption = properties["BucketEncryption"]
    assert isinstance(encryption, dict)
    [rule] = encryption["ServerSideEncryptionConfiguration"]
    assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}


def test_tags_of_the_provider_are_tags() -> None:
    made = Made("aws_sqs_queue.q", {"tags": {"Name": "q"}, "tags_all": {"Name": "q", "Owner": "orders"}})
    tags = only(read_plan(made), "AWS::SQS::Queue").properties["Tags"]
    assert isinstance(tags, list)
    assert {each["Key"]: each["Value"] for each in tags} == {"Name": "q", "Owner": "orders"}


def test_tags_that_the_plan_leaves_open_are_those_of_the_provider() -> None:
    plan = document(Made("aws_sqs_queue.q", {"name": "q"}, {"tags_all": True}))
    assert "Tags" not in only(read_document(plan), "AWS::SQS::Queue").properties
    expressions = plan["configuration"]["provider_config"]["aws"]["expressions"]
    expressions["default_tags"] = [{"tags": {"constant_value": {"Owner": "orders"}}}]
    assert only(read_document(plan), "AWS::SQS::Queue").properties["Tags"] == [{"Key": "Owner", "Value": "orders"}]
    expressions["default_tags"] = [{"tags": {"references": ["local.tags"]}}]
    assert _cause(only(read_document(plan), "AWS::SQS::Queue").properties["Tags"]) is Cause.AFTER_APPLY


def test_whose_part_something_is_shows_through_locals() -> None:
    """local.attach ? aws_s3_bucket_policy.p[0].id : aws_s3_bucket.b.id, and there is no such policy."""
    refers = {"bucket": ["local.attach", "aws_s3_bucket_policy.p[0].id", "aws_s3_bucket.b.id"]}
    part = Made("aws_s3_bucket_acl.a", {"acl": "public-read"}, {"bucket": True}, refers)
    assert only(read_plan(BUCKET, part), "AWS::S3::Bucket").properties["AccessControl"] == "PublicRead"
