"""What configuration items say, in each of their forms."""

import gzip
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.sources import small_system as system

from assay import streams
from assay.inventory.defaults import type_at
from assay.inventory.observed import observed
from assay.inventory.resource import LISTED, Inventory, Resource
from assay.inventory.schema import fields_of
from assay.inventory.values import Cause, Unknown
from assay.sources import aws_config
from assay.sources.aws_config.read import mapped_types
from assay.sources.aws_config.services import ENTRIES

Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    def write(content: Any, name: str = "config.json") -> Path:
        path = tmp_path / name
        data = content if isinstance(content, bytes) else json.dumps(content).encode()
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write


def _only(inventory: Inventory, kind: str) -> Resource:
    (found,) = inventory.of_type(kind)
    return found


def _said(resource: Resource) -> Any:
    return resource.properties


def _changed(kind: str, **changes: Any) -> dict[str, Any]:
    """The item of a type in the small system, changed."""
    (item,) = [each for each in system.items() if each["resourceType"] == kind]
    return {**item, **changes}


def _configured(kind: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    item = _changed(kind)
    return {**item, "configuration": {**item["configuration"], **changes}}


def _more(kind: str, changes: Mapping[str, Any]) -> dict[str, Any]:
    item = _changed(kind)
    more = {**item["supplementaryConfiguration"], **changes}
    return {**item, "supplementaryConfiguration": {key: value for key, value in more.items() if value != "missing"}}


def _is_not_collected(value: object) -> bool:
    return isinstance(value, Unknown) and value.reason.cause is Cause.NOT_COLLECTED


def test_every_property_that_a_table_names_is_one_of_the_schema() -> None:
    for entry in ENTRIES.values():
        known = fields_of(entry.becomes)
        assert {*entry.same, *entry.derived} <= known.keys(), entry.type
        for name in (*entry.rows, *entry.maybe):
            assert type_at(entry.becomes, tuple(name.split("."))) is not None, (entry.type, name)


def test_no_table_says_one_property_twice() -> None:
    for entry in ENTRIES.values():
        said = [*entry.same, *entry.rows, *entry.maybe, *entry.derived]
        assert len(said) == len(set(said)), entry.type


@pytest.mark.parametrize("name", ["config.json", "config.json.gz"])
def test_a_delivered_snapshot_is_read_plain_and_compressed(written: Written, name: str) -> None:
    inventory = aws_config.read([written(system.snapshot(), name)])
    assert inventory.complete
    assert len(inventory.resources) == len(system.items())


def test_the_api_gives_the_same_resources_as_the_delivered_file(written: Written) -> None:
    delivered = aws_config.read([written(system.snapshot())])
    api = {"configurationItems": [system.as_api(each) for each in system.items()]}
    answered = aws_config.read([written(api, "history.json")])
    assert [each.id for each in answered.resources] == [each.id for each in delivered.resources]
    for one, other in zip(delivered.resources, answered.resources, strict=True):
        known = {key: value for key, value in one.properties.items() if not isinstance(value, Unknown)}
        stated = {key: value for key, value in known.items() if key != "FlowLogs"}  # only a snapshot has all of them
        assert {key: value for key, value in other.properties.items() if key in stated} == stated


def test_what_a_batch_did_not_answer_is_a_gap(written: Written) -> None:
    item = {key: value for key, value in system.as_api(_changed("AWS::EC2::Volume")).items() if key != "tags"}
    asked = {
        "ResourceType": "AWS::EC2::VPC",
        "ResourceId": "vpc-9",
        "SourceAccountId": "1",
        "SourceRegion": "eu-west-1",
    }
    answer = {"BaseConfigurationItems": [item], "UnprocessedResourceIdentifiers": [asked]}
    inventory = aws_config.read([written(answer)])
    assert [each.subject for each in inventory.gaps] == ["1/eu-west-1/AWS::EC2::VPC/vpc-9"]
    assert not inventory.complete
    assert _is_not_collected(_said(_only(inventory, "AWS::EC2::Volume"))["Tags"])


def test_one_item_alone_is_read(written: Written) -> None:
    inventory = aws_config.read([written({"ConfigurationItem": system.as_api(_changed("AWS::EC2::Volume"))})])
    assert _said(_only(inventory, "AWS::EC2::Volume"))["Encrypted"] is True


@pytest.mark.parametrize("form", ["lines", "list"])
def test_items_one_per_line_and_in_a_list_are_read(tmp_path: Path, form: str) -> None:
    texts = [json.dumps(each) for each in system.items()]
    path = tmp_path / "items.json"
    path.write_text("\n".join(texts) if form == "lines" else f"[{','.join(texts)}]")
    assert aws_config.is_outlined(streams.outline(path))
    inventory = aws_config.read([path])
    assert inventory.complete
    assert len(inventory.resources) == len(texts)
    assert {each.origin.position.line for each in inventory.resources} == (
        set(range(1, len(texts) + 1)) if form == "lines" else {1}
    )


def _rows(fields: list[str]) -> dict[str, Any]:
    row = {key: value for key, value in _changed("AWS::EC2::Volume").items() if key in fields}
    row |= {"accountId": system.ACCOUNT, "resourceType": "AWS::EC2::Volume", "resourceId": "vol-0001"}
    if "configuration" not in fields:
        row["configuration"] = {"encrypted": True}
    return {"Results": [json.dumps(row)], "QueryInfo": {"SelectFields": [{"Name": each} for each in fields]}}


def test_a_row_of_a_query_with_the_whole_configuration_says_what_is_not_there(written: Written) -> None:
    inventory = aws_config.read([written(_rows(["resourceId", "configuration", "awsRegion"]))])
    properties = _said(_only(inventory, "AWS::EC2::Volume"))
    assert properties["Size"] == 20
    assert "SnapshotId" not in properties


def test_a_row_of_a_query_with_selected_attributes_says_these_only(written: Written) -> None:
    inventory = aws_config.read([written(_rows(["resourceId", "configuration.encrypted", "awsRegion"]))])
    properties = _said(_only(inventory, "AWS::EC2::Volume"))
    assert properties["Encrypted"] is True
    assert _is_not_collected(properties["SnapshotId"])
    assert _is_not_collected(properties["KmsKeyId"])


def test_a_live_bucket_without_a_block_of_public_access_blocks_nothing(written: Written) -> None:
    item = _more("AWS::S3::Bucket", {"PublicAccessBlockConfiguration": "missing"})
    bucket = _only(aws_config.read([written(system.snapshot([item]))]), "AWS::S3::Bucket")
    assert bucket.properties["PublicAccessBlockConfiguration"] == dict.fromkeys(system.BLOCKED, False)


def test_a_bucket_whose_supplementary_configuration_was_not_given_says_nothing_of_it(written: Written) -> None:
    item = _changed("AWS::S3::Bucket")
    del item["supplementaryConfiguration"]
    bucket = _only(aws_config.read([written(system.snapshot([item]))]), "AWS::S3::Bucket")
    for name in (
        "PublicAccessBlockConfiguration",
        "BucketEncryption",
        "LoggingConfiguration",
        "VersioningConfiguration",
    ):
        assert _is_not_collected(bucket.properties[name]), name


@pytest.mark.parametrize(
    ("key", "value", "name", "expected"),
    [
        ("BucketVersioningConfiguration", {"status": "Off"}, "VersioningConfiguration", None),
        ("BucketVersioningConfiguration", {"status": "Suspended"}, "VersioningConfiguration", {"Status": "Suspended"}),
        ("BucketLoggingConfiguration", {"destinationBucketName": None}, "LoggingConfiguration", None),
        ("BucketPolicy", {"policyText": None}, "Policy", None),
        ("ObjectLockConfiguration", {"objectLockEnabled": "Enabled"}, "ObjectLockEnabled", True),
        ("ObjectLockConfiguration", "missing", "ObjectLockEnabled", False),
        ("BucketLifecycleConfiguration", None, "LifecycleConfiguration", None),
        (
            "ServerSideEncryptionConfiguration",
            {"rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}]},
            "BucketEncryption",
            {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]},
        ),
        (
            "AccessControlList",
            {"grantList": [{"grantee": "AllUsers", "permission": "Read"}]},
            "AccessControl",
            "PublicRead",
        ),
        (
            "AccessControlList",
            {"grantList": [{"grantee": "AllUsers", "permission": "Write"}]},
            "AccessControl",
            "PublicReadWrite",
        ),
        (
            "AccessControlList",
            {"grantList": [{"grantee": "AuthenticatedUsers", "permission": "Read"}]},
            "AccessControl",
            "AuthenticatedRead",
        ),
        ("AccessControlList", {"grantList": []}, "AccessControl", "Private"),
        (
            "BucketReplicationConfiguration",
            {"roleARN": "r", "rules": {"all": {"status": "Enabled", "destinationConfig": {"bucketARN": "b"}}}},
            "ReplicationConfiguration",
            {"Role": "r", "Rules": [{"Id": "all", "Status": "Enabled", "Destination": {"Bucket": "b"}}]},
        ),
        (
            "BucketWebsiteConfiguration",
            {"indexDocumentSuffix": "index.html"},
            "WebsiteConfiguration",
            {"IndexDocument": "index.html"},
        ),
    ],
)
def test_supplementary_configuration_of_a_bucket(
    written: Written, key: str, value: Any, name: str, expected: Any
) -> None:
    bucket = _only(
        aws_config.read([written(system.snapshot([_more("AWS::S3::Bucket", {key: value})]))]), "AWS::S3::Bucket"
    )
    assert bucket.properties.get(name) == expected


@pytest.mark.parametrize(
    "key", ["BucketVersioningConfiguration", "BucketLoggingConfiguration", "BucketPolicy", "AccessControlList"]
)
def test_what_every_bucket_has_and_the_item_leaves_out_was_not_said(written: Written, key: str) -> None:
    item = _more("AWS::S3::Bucket", {key: "missing"})
    bucket = _only(aws_config.read([written(system.snapshot([item]))]), "AWS::S3::Bucket")
    names = {"BucketPolicy": "Policy", "AccessControlList": "AccessControl"}
    name = names.get(key, key.removeprefix("Bucket"))
    value = bucket.properties.get(name)
    if name == "Policy":  # filled by folding; no policies were listed
        assert value is None or _is_not_collected(value)
    else:
        assert _is_not_collected(value)


def test_lifecycle_filters_and_days(written: Written) -> None:
    rule = {
        "id": "r",
        "status": "Enabled",
        "expirationInDays": -1,
        "noncurrentVersionExpirationInDays": 30,
        "filter": {
            "predicate": {
                "type": "LifecycleAndOperator",
                "operands": [
                    {"type": "LifecyclePrefixPredicate", "prefix": "logs/"},
                    {"type": "LifecycleTagPredicate", "tag": {"key": "kind", "value": "log"}},
                ],
            }
        },
        "transitions": [{"days": 60, "storageClass": "GLACIER"}],
        "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7},
    }
    item = _more("AWS::S3::Bucket", {"BucketLifecycleConfiguration": {"rules": [rule]}})
    bucket = _only(aws_config.read([written(system.snapshot([item]))]), "AWS::S3::Bucket")
    assert bucket.properties["LifecycleConfiguration"] == {
        "Rules": [
            {
                "Id": "r",
                "Status": "Enabled",
                "Prefix": "logs/",
                "TagFilters": [{"Key": "kind", "Value": "log"}],
                "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
                "Transitions": [{"TransitionInDays": 60, "StorageClass": "GLACIER"}],
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
            }
        ]
    }


def test_one_rule_of_a_group_for_each_range_group_and_prefix_list(written: Written) -> None:
    permission = {
        "ipProtocol": "tcp",
        "fromPort": 22,
        "toPort": 22,
        "ipv4Ranges": [{"cidrIp": "10.0.0.0/8"}],
        "ipRanges": ["10.0.0.0/8"],
        "ipv6Ranges": [{"cidrIpv6": "::/0"}],
        "userIdGroupPairs": [{"groupId": "sg-2", "userId": "444455556666"}],
        "prefixListIds": [{"prefixListId": "pl-1"}],
    }
    item = _configured("AWS::EC2::SecurityGroup", {"ipPermissions": [permission], "ipPermissionsEgress": []})
    group = _only(aws_config.read([written(system.snapshot([item]))]), "AWS::EC2::SecurityGroup")
    ports = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}
    assert group.properties["SecurityGroupIngress"] == [
        {**ports, "CidrIp": "10.0.0.0/8"},
        {**ports, "CidrIpv6": "::/0"},
        {**ports, "SourceSecurityGroupId": "sg-2", "SourceSecurityGroupOwnerId": "444455556666"},
        {**ports, "SourcePrefixListId": "pl-1"},
    ]
    assert group.properties["SecurityGroupEgress"] == []  # not CloudFormation's default, everything


def test_ranges_in_the_older_form_count_where_the_newer_is_missing(written: Written) -> None:
    item = _configured("AWS::EC2::SecurityGroup", {"ipPermissions": [{"ipProtocol": "-1", "ipRanges": ["0.0.0.0/0"]}]})
    group = _only(aws_config.read([written(system.snapshot([item]))]), "AWS::EC2::SecurityGroup")
    assert group.properties["SecurityGroupIngress"] == [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]


def test_an_instance_is_read_with_its_interfaces_and_what_its_item_does_not_carry_is_unknown(written: Written) -> None:
    item = _changed(
        "AWS::EC2::Volume",
        resourceType="AWS::EC2::Instance",
        resourceId="i-1",
        configuration={
            "instanceId": "i-1",
            "imageId": "ami-1",
            "ebsOptimized": True,
            "monitoring": {"state": "disabled"},
            "iamInstanceProfile": {"arn": "arn:aws:iam::1:instance-profile/web"},
            "metadataOptions": {
                "httpTokens": "optional",
                "httpEndpoint": "enabled",
                "httpPutResponseHopLimit": 1,
                "state": "applied",
            },
            "securityGroups": [{"groupId": "sg-1", "groupName": "web"}],
            "blockDeviceMappings": [
                {"deviceName": "/dev/xvda", "ebs": {"volumeId": "vol-1", "deleteOnTermination": True}}
            ],
            "networkInterfaces": [
                {"subnetId": "subnet-1", "association": {"publicIp": "203.0.113.1"}, "attachment": {"deviceIndex": 0}}
            ],
        },
    )
    instance = _only(aws_config.read([written(system.snapshot([item]))]), "AWS::EC2::Instance")
    stated = _said(instance)
    assert stated["Monitoring"] is False
    assert stated["IamInstanceProfile"] == "web"
    assert stated["SecurityGroupIds"] == ["sg-1"]
    assert stated["MetadataOptions"] == {
        "HttpTokens": "optional",
        "HttpEndpoint": "enabled",
        "HttpPutResponseHopLimit": 1,
    }
    assert stated["NetworkInterfaces"] == [
        {"SubnetId": "subnet-1", "AssociatePublicIpAddress": True, "DeviceIndex": "0"}
    ]
    (device,) = stated["BlockDeviceMappings"]
    assert _is_not_collected(device["Ebs"]["Encrypted"])
    for name in ("DisableApiTermination", "UserData", "SourceDestCheck"):
        assert _is_not_collected(stated[name]), name


def test_policies_are_decoded_and_attached_ones_found(written: Written) -> None:
    arn = f"arn:aws:iam::{system.ACCOUNT}:policy/mine"
    policy = _changed(
        "AWS::EC2::Volume",
        resourceType="AWS::IAM::Policy",
        resourceId="ANPA1",
        resourceName="mine",
        awsRegion="global",
        configuration={
            "policyName": "mine",
            "arn": arn,
            "path": "/",
            "policyVersionList": [
                {"versionId": "v1", "isDefaultVersion": False, "document": "%7B%7D"},
                {"versionId": "v2", "isDefaultVersion": True, "document": quote(json.dumps(system.EVERYTHING))},
            ],
        },
    )
    role = _configured("AWS::IAM::Role", {"attachedManagedPolicies": [{"policyName": "mine", "policyArn": arn}]})
    inventory = aws_config.read([written(system.snapshot([policy, role]))])
    found = _said(_only(inventory, "AWS::IAM::Role"))
    statement = {"Effect": "Allow", "Action": ["*"], "Resource": ["*"]}
    assert found["Policies"] == [
        {"PolicyName": "all", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    ]
    assert found["AssumeRolePolicyDocument"]["Statement"][0]["Action"] == ["sts:AssumeRole"]
    (customer,) = found["CustomerPolicies"]
    assert customer["PolicyDocument"]["Statement"] == [statement]


def test_routes_reach_the_subnet_that_its_table_is_associated_with(written: Written) -> None:
    subnet = _changed(
        "AWS::EC2::VPC",
        resourceType="AWS::EC2::Subnet",
        resourceId="subnet-1",
        configuration={"subnetId": "subnet-1", "mapPublicIpOnLaunch": True},
    )
    routes = [{"destinationCidrBlock": "0.0.0.0/0", "gatewayId": "igw-1", "state": "active"}]
    associations = [
        {"main": False, "routeTableAssociationId": "rtbassoc-1", "subnetId": "subnet-1", "routeTableId": "rtb-1"}
    ]
    table = _changed(
        "AWS::EC2::VPC",
        resourceType="AWS::EC2::RouteTable",
        resourceId="rtb-1",
        configuration={"routeTableId": "rtb-1", "vpcId": "vpc-0001", "routes": routes, "associations": associations},
    )
    inventory = aws_config.read([written(system.snapshot([subnet, table]))])
    expected = [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}]
    assert _said(_only(inventory, "AWS::EC2::RouteTable"))["Routes"] == expected
    assert expected[0] in _said(_only(inventory, "AWS::EC2::Subnet"))["Routes"]


def test_parts_are_known_to_be_all_where_a_snapshot_holds_their_type(written: Written) -> None:
    logged = [each for each in system.items() if each["resourceType"] in ("AWS::EC2::VPC", "AWS::EC2::FlowLog")]
    other = {
        **logged[0],
        "resourceId": "vpc-2",
        "resourceName": "vpc-2",
        "configuration": {**logged[0]["configuration"], "vpcId": "vpc-2"},
    }
    by_id = {
        each.name: each
        for each in aws_config.read([written(system.snapshot([*logged, other]))]).of_type("AWS::EC2::VPC")
    }
    assert len(_said(by_id["vpc-0001"])["FlowLogs"]) == 1
    assert "FlowLogs" not in _said(by_id["vpc-2"])  # known to have none
    assert _is_not_collected(_said(by_id["vpc-2"])["Endpoints"])  # nobody recorded any


@pytest.mark.parametrize("damage", ["cut", "element"])
def test_parts_are_not_known_to_be_all_in_a_snapshot_that_is_broken(written: Written, damage: str) -> None:
    logged = [each for each in system.items() if each["resourceType"] in ("AWS::EC2::VPC", "AWS::EC2::FlowLog")]
    whole = json.dumps(
        system.snapshot([*logged, {"resourceType": "AWS::EC2::FlowLog"}] if damage == "element" else logged)
    )
    network = _said(
        _only(aws_config.read([written((whole if damage == "element" else whole[:-2]).encode())]), "AWS::EC2::VPC")
    )
    rest, log = network["FlowLogs"]
    assert _is_not_collected(rest)
    assert log["TrafficType"] == "ALL"


def test_beside_a_resource_of_a_snapshot_all_of_the_recorded_types_are_known(written: Written) -> None:
    def beside(content: Any) -> Any:
        return _only(aws_config.read([written(content)]), "AWS::EC2::Volume").attributes[LISTED]

    recorded = {each["resourceType"] for each in system.items() if each["awsRegion"] == system.REGION}
    assert beside(system.snapshot()) == sorted(recorded)
    assert beside({"configurationItems": system.items()}) == []


def test_parts_are_not_known_to_be_all_in_a_history(written: Written) -> None:
    history = {"fileVersion": "1.0", "configurationItems": system.items()}
    network = _only(aws_config.read([written(history)]), "AWS::EC2::VPC")
    rest, log = _said(network)["FlowLogs"]
    assert _is_not_collected(rest)
    assert log["TrafficType"] == "ALL"


def test_of_several_items_of_a_resource_the_latest_counts_whatever_the_order(written: Written) -> None:
    old = _configured("AWS::EC2::Volume", {"encrypted": False})
    new = {**_changed("AWS::EC2::Volume"), "configurationItemCaptureTime": "2026-10-01T10:00:00+02:00"}
    newest = {**new, "configurationItemCaptureTime": "2026-10-01T08:00:01Z"}
    for order in ([old, newest], [newest, old]):
        volume = _only(aws_config.read([written({"configurationItems": order})]), "AWS::EC2::Volume")
        assert volume.properties["Encrypted"] is True
        assert volume.origin.observed == "2026-10-01T08:00:01Z"


@pytest.mark.parametrize("status", ["ResourceDeleted", "ResourceDeletedNotRecorded"])
def test_a_deleted_resource_is_absent_and_says_why(written: Written, status: str) -> None:
    gone = _changed(
        "AWS::EC2::Volume",
        configurationItemStatus=status,
        configuration=None,
        configurationItemCaptureTime="2026-10-02T00:00:00Z",
    )
    inventory = aws_config.read([written({"configurationItems": [_changed("AWS::EC2::Volume"), gone]})])
    assert not inventory.resources
    assert inventory.absent == (
        (f"{system.ACCOUNT}/{system.REGION}/AWS::EC2::Volume/vol-0001", "deleted, as recorded 2026-10-02T00:00:00Z"),
    )


def test_a_resource_that_is_not_recorded_exists_and_is_unknown(written: Written) -> None:
    item = _changed("AWS::EC2::Volume", configurationItemStatus="ResourceNotRecorded", configuration=None)
    volume = _only(aws_config.read([written(system.snapshot([item]))]), "AWS::EC2::Volume")
    assert _is_not_collected(volume.properties["Encrypted"])


def _workgroup(written: Written, configuration: Any) -> Any:
    """What is said of a type that has no table."""
    kind = "AWS::Athena::WorkGroup"
    assert kind not in ENTRIES
    item = _changed("AWS::EC2::Volume", resourceType=kind, resourceId="queries", configuration=configuration)
    return _said(_only(aws_config.read([written(system.snapshot([item]))]), kind))


def test_a_type_in_the_spelling_of_the_registry_is_read_by_its_schema(written: Written) -> None:
    settings = {"EnforceWorkGroupConfiguration": True}
    said = _workgroup(written, {"Name": "queries", "State": "ENABLED", "WorkGroupConfiguration": settings, "Later": 1})
    assert said["State"] == "ENABLED"
    assert said["WorkGroupConfiguration"]["EnforceWorkGroupConfiguration"] is True
    assert "Later" not in said
    assert _is_not_collected(said["Description"])  # items of the type may never have it


def test_a_type_in_the_spelling_of_its_service_is_read_where_the_schema_knows_all_of_it(written: Written) -> None:
    said = _workgroup(written, {"name": "queries", "state": "ENABLED"})
    assert said["State"] == "ENABLED"
    assert _is_not_collected(said["WorkGroupConfiguration"])


@pytest.mark.parametrize(
    "configuration", [{"name": "queries", "createdAt": "2020"}, {"Name": ["queries"]}, {"State": "ENABLED"}]
)
def test_a_type_in_another_form_is_not_mapped_and_not_dropped(written: Written, configuration: Any) -> None:
    value = _workgroup(written, configuration)["State"]
    assert isinstance(value, Unknown)
    assert str(value.reason) == "what AWS Config says of AWS::Athena::WorkGroup is in a form that is not mapped"


def test_a_newer_type_says_what_its_table_lists_and_no_more(written: Written) -> None:
    item = _changed(
        "AWS::EC2::Volume",
        resourceType="AWS::ECR::Repository",
        resourceId="images",
        configuration={"RepositoryName": "images", "ImageTagMutability": "IMMUTABLE"},
    )
    said = _said(_only(aws_config.read([written(system.snapshot([item]))]), "AWS::ECR::Repository"))
    assert said["ImageTagMutability"] == "IMMUTABLE"
    assert "LifecyclePolicy" not in said
    assert _is_not_collected(said["EncryptionConfiguration"])


def test_the_user_data_of_a_launch_template_that_is_left_out_is_unknown(written: Written) -> None:
    item = _changed(
        "AWS::EC2::Volume",
        resourceType="AWS::EC2::LaunchTemplate",
        resourceId="lt-1",
        configuration={"LaunchTemplateName": "web", "LaunchTemplateData": {"ImageId": "ami-1"}},
    )
    data = _said(_only(aws_config.read([written(system.snapshot([item]))]), "AWS::EC2::LaunchTemplate"))[
        "LaunchTemplateData"
    ]
    assert data["ImageId"] == "ami-1"
    assert _is_not_collected(data["UserData"])


def test_a_type_that_cloudformation_does_not_have_is_counted(written: Written) -> None:
    item = _changed("AWS::EC2::Volume", resourceType="AWS::Config::ResourceCompliance", resourceId="x")
    assert [each.type for each in aws_config.read([written(system.snapshot([item]))]).resources] == [
        "AWS::Config::ResourceCompliance"
    ]


def test_a_key_that_aws_manages_is_nobodys_to_configure(written: Written) -> None:
    item = _changed(
        "AWS::EC2::Volume",
        resourceType="AWS::KMS::Key",
        resourceId="k",
        configuration={"keyId": "k", "keyManager": "AWS"},
    )
    (key,) = aws_config.read([written(system.snapshot([item]))]).resources
    assert key.type != "AWS::KMS::Key"


def test_recorded_relations_lead_to_what_is_there(written: Written) -> None:
    inventory = aws_config.read([written(system.snapshot())])
    group, network = _only(inventory, "AWS::EC2::SecurityGroup"), _only(inventory, "AWS::EC2::VPC")
    assert [(each.source, each.path, each.target) for each in inventory.relations if each.source == group.id] == [
        (group.id, ("VpcId",), network.id)
    ]


def test_lists_of_a_distribution_are_unwrapped_and_names_that_differ_found(written: Written) -> None:
    origin = {
        "id": "web",
        "domainName": "web.example",
        "customOriginConfig": {
            "originProtocolPolicy": "https-only",
            "originSslProtocols": {"quantity": 1, "items": ["TLSv1.2"]},
        },
        "customHeaders": {"quantity": 1, "items": [{"headerName": "X-From", "headerValue": "edge"}]},
    }
    config = {
        "enabled": True,
        "isIPV6Enabled": True,
        "origins": {"quantity": 1, "items": [origin]},
        "defaultCacheBehavior": {"targetOriginId": "web", "viewerProtocolPolicy": "redirect-to-https"},
        "logging": {"enabled": False, "bucket": "", "prefix": "", "includeCookies": False},
        "restrictions": {"geoRestriction": {"restrictionType": "whitelist", "quantity": 1, "items": ["DE"]}},
        "webACLId": "",
    }
    item = _changed(
        "AWS::EC2::Volume",
        resourceType="AWS::CloudFront::Distribution",
        resourceId="E1",
        configuration={"distributionConfig": config},
    )
    found = _said(_only(aws_config.read([written(system.snapshot([item]))]), "AWS::CloudFront::Distribution"))[
        "DistributionConfig"
    ]
    (made,) = found["Origins"]
    assert made["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    assert made["OriginCustomHeaders"] == [{"HeaderName": "X-From", "HeaderValue": "edge"}]
    assert found["IPV6Enabled"] is True
    assert found["Restrictions"] == {"GeoRestriction": {"RestrictionType": "whitelist", "Locations": ["DE"]}}
    assert "Logging" not in found
    assert "WebACLId" not in found


@pytest.mark.parametrize(("stated", "expected"), [("Enabled", True), ("Disabled", False)])
def test_a_warehouse_says_in_words_whether_it_is_in_several_zones(
    written: Written, stated: str, expected: bool
) -> None:
    more = {"LoggingStatus": {"loggingEnabled": False}}
    item = _changed(
        "AWS::EC2::Volume",
        resourceType="AWS::Redshift::Cluster",
        resourceId="c",
        configuration={"clusterIdentifier": "c", "multiAZ": stated, "numberOfNodes": 2},
        supplementaryConfiguration=more,
    )
    found = _said(_only(aws_config.read([written(system.snapshot([item]))]), "AWS::Redshift::Cluster"))
    assert found["MultiAZ"] is expected
    assert found["ClusterType"] == "multi-node"
    assert "LoggingProperties" not in found  # said to be off


def test_a_table_speaks_about_at_least_fifty_types() -> None:
    assert len(mapped_types()) >= 50
    assert mapped_types()["AWS::IAM::Policy"] == "AWS::IAM::ManagedPolicy"


def test_the_page_on_snapshots_names_every_type_that_has_a_table() -> None:
    page = (Path(__file__).parents[3] / "docs" / "snapshots.md").read_text()
    listed = page.split(" types have a table under", 1)[1].split("Every other type")[0]
    named = set(re.findall(r"`(AWS::[A-Za-z0-9]+::[A-Za-z0-9]+)`", listed))
    assert named == {*mapped_types(), *mapped_types().values()}
    assert f" {len(mapped_types())} types have a table" in page


def test_a_boolean_that_is_left_out_was_not_said() -> None:
    found = observed("AWS::RDS::DBInstance", {"MultiAZ": None}, "a source")
    assert _is_not_collected(found["MultiAZ"])
    assert "KmsKeyId" not in found
    assert "DBSnapshotIdentifier" not in found  # it matters only while the database is made
