"""Separately declared parts become properties of their owner."""

from collections.abc import Mapping
from typing import Any

from assay.inventory.normalise import normalise
from assay.inventory.resource import Inventory, Origin, Position, Resource
from assay.inventory.values import Cause, Choice, Reason, Reference, Unknown, Value

GROUP, INGRESS = "AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress"
BUCKET, POLICY = "AWS::S3::Bucket", "AWS::S3::BucketPolicy"
RULE: dict[str, Value] = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}
OTHER: dict[str, Value] = {"IpProtocol": "-1"}
OPEN = Reason(Cause.PARAMETER, "Stage")
UNREAD = Unknown(Reason(Cause.PARAMETER, "Group"), present=True)


def resource(kind: str, name: str, properties: Mapping[str, Value] | None = None, **more: Any) -> Resource:
    file, line = more.pop("file", "t.yaml"), more.pop("line", 1)
    return Resource(f"{file}#{name}", kind, name, properties or {}, Origin("test", Position(file, line)), **more)


def ref(name: str, attribute: str = "") -> Unknown:
    return Unknown(Reason(Cause.ATTRIBUTE, name), present=True, reference=Reference(f"t.yaml#{name}", attribute))


def by_stage(dev: Value, prod: Value) -> Choice:
    return Choice("Stage", OPEN, (("dev", dev), ("prod", prod)))


def rules(inventory: Inventory, name: str = "G") -> Value:
    return inventory.by_id[f"t.yaml#{name}"].properties.get("SecurityGroupIngress")


def test_a_part_joins_its_owner_s_list_and_stays() -> None:
    found = normalise(
        [
            resource(GROUP, "G", {"SecurityGroupIngress": [OTHER]}),
            resource(INGRESS, "R", {"GroupId": ref("G", "GroupId"), **RULE}),
        ]
    )
    assert rules(found) == [OTHER, RULE]
    assert found.by_id["t.yaml#R"].folded_into == "t.yaml#G"
    assert len(found.resources) == 2


def test_the_place_of_a_part_is_where_it_was_written() -> None:
    positions = {("CidrIp",): Position("t.yaml", 42)}
    part = resource(INGRESS, "R", {"GroupId": ref("G"), **RULE}, line=40, positions=positions)
    found = normalise([resource(GROUP, "G", {"SecurityGroupIngress": [OTHER]}), part])
    group = found.by_id["t.yaml#G"]
    assert group.position(("SecurityGroupIngress", 1, "CidrIp")).line == 42
    assert group.position(("SecurityGroupIngress", 1, "FromPort")).line == 40
    assert group.position(("GroupDescription",)).line == 1


def test_a_part_under_a_condition_is_there_under_that_condition() -> None:
    part = resource(INGRESS, "R", {"GroupId": ref("G"), **RULE}, condition=by_stage(False, True))
    assert rules(normalise([resource(GROUP, "G"), part])) == [by_stage(None, RULE)]


def test_a_part_of_one_owner_or_another_by_condition_belongs_to_each_then() -> None:
    part = resource(INGRESS, "R", {"GroupId": by_stage(ref("G"), ref("H")), **RULE})
    found = normalise([resource(GROUP, "G"), resource(GROUP, "H"), part])
    assert rules(found, "G") == [by_stage(RULE, None)]
    assert rules(found, "H") == [by_stage(None, RULE)]


def test_a_part_under_an_unknown_condition_may_be_absent() -> None:
    doubt = Unknown(Reason(Cause.CONDITION, "C"))
    part = resource(INGRESS, "R", {"GroupId": ref("G"), **RULE}, condition=doubt)
    assert rules(normalise([resource(GROUP, "G"), part])) == [Unknown(doubt.reason)]


def test_an_owner_s_unknown_list_is_one_element_that_may_be_absent() -> None:
    group = resource(GROUP, "G", {"SecurityGroupIngress": UNREAD})
    found = normalise([group, resource(INGRESS, "R", {"GroupId": ref("G"), **RULE})])
    assert rules(found) == [Unknown(UNREAD.reason), RULE]


def test_a_part_whose_owner_is_elsewhere_is_a_fragment_of_it() -> None:
    found = normalise([resource(INGRESS, "R", {"GroupId": "sg-1", **RULE})])
    (fragment,) = found.of_type(GROUP)
    assert fragment.fragment
    assert fragment.properties == {"SecurityGroupIngress": [RULE]}
    assert found.by_id["t.yaml#R"].folded_into == fragment.id


def test_a_part_whose_owner_is_not_known_is_nobody_else_s() -> None:
    found = normalise([resource(GROUP, "G"), resource(INGRESS, "R", {"GroupId": UNREAD, **RULE})])
    assert rules(found) is None
    assert [each.fragment for each in found.of_type(GROUP)] == [False, True]


def policy(name: str, bucket: Value, action: str) -> Resource:
    document: Value = {"Statement": [{"Effect": "Allow", "Action": action}]}
    return resource(POLICY, name, {"Bucket": bucket, "PolicyDocument": document})


def test_a_bucket_s_policy_is_found_by_reference_name_and_parameter() -> None:
    name = Unknown(Reason(Cause.PARAMETER, "Name"), present=True)
    for stated, pointer in (("logs", ref("B")), ("logs", "logs"), (name, name)):
        found = normalise([resource(BUCKET, "B", {"BucketName": stated}), policy("P", pointer, "s3:*")])
        assert found.by_id["t.yaml#B"].properties["Policy"] == {"Statement": [{"Effect": "Allow", "Action": ["s3:*"]}]}


def test_an_ambiguous_name_is_nobody_s() -> None:
    buckets = [resource(BUCKET, name, {"BucketName": "logs"}) for name in "AB"]
    found = normalise([*buckets, policy("P", "logs", "s3:*")])
    assert [each.fragment for each in found.of_type(BUCKET)] == [False, False, True]


def test_a_name_in_the_same_file_comes_first() -> None:
    buckets = [resource(BUCKET, "B", {"BucketName": "logs"}, file=file) for file in ("t.yaml", "u.yaml")]
    found = normalise([*buckets, policy("P", "logs", "s3:*")])
    assert "Policy" in found.by_id["t.yaml#B"].properties
    assert "Policy" not in found.by_id["u.yaml#B"].properties


def test_statements_of_two_policies_are_joined() -> None:
    found = normalise([resource(BUCKET, "B"), policy("P", ref("B"), "s3:Get*"), policy("Q", ref("B"), "s3:Put*")])
    stated = found.by_id["t.yaml#B"].properties["Policy"]
    assert stated == {
        "Statement": [{"Effect": "Allow", "Action": ["s3:Get*"]}, {"Effect": "Allow", "Action": ["s3:Put*"]}]
    }


def test_a_part_attached_to_several_owners_is_in_each() -> None:
    attached = resource(
        "AWS::IAM::Policy",
        "P",
        {"PolicyName": "p", "Roles": [ref("A"), ref("B")], "PolicyDocument": {"Statement": []}},
    )
    found = normalise([resource("AWS::IAM::Role", "A"), resource("AWS::IAM::Role", "B"), attached])
    for name in "AB":
        assert found.by_id[f"t.yaml#{name}"].properties["AttachedPolicies"] == [
            {"PolicyName": "p", "PolicyDocument": {"Statement": []}}
        ]


def test_a_reference_to_another_type_folds_nothing() -> None:
    found = normalise([resource(BUCKET, "B"), resource(INGRESS, "R", {"GroupId": ref("B"), **RULE})])
    assert "SecurityGroupIngress" not in found.by_id["t.yaml#B"].properties


def test_a_route_table_is_a_part_of_the_subnets_that_are_associated_with_it() -> None:
    found = normalise(
        [
            resource("AWS::EC2::Subnet", "Subnet"),
            resource("AWS::EC2::RouteTable", "Table"),
            resource("AWS::EC2::RouteTable", "Unused"),
            resource("AWS::EC2::Route", "Out", {"RouteTableId": ref("Table"), "NatGatewayId": "nat-1"}),
            resource(
                "AWS::EC2::SubnetRouteTableAssociation",
                "Association",
                {"SubnetId": ref("Subnet"), "RouteTableId": ref("Table")},
            ),
        ]
    )
    owners = {each.name: each.folded_into.partition("#")[2] for each in found.resources}
    assert owners == {"Association": "Subnet", "Out": "Table", "Subnet": "", "Table": "Subnet", "Unused": ""}


def _policy_of(inventory: Inventory, bucket: str) -> Value:
    return inventory.by_id[f"t.yaml#{bucket}"].properties.get("Policy")


def test_a_part_whose_owner_a_parameter_decides_is_perhaps_one_of_each_that_it_may_name() -> None:
    chosen = Unknown(Reason(Cause.PARAMETER, "Bucket"), present=True)
    logs = Unknown(Reason(Cause.PARAMETER, "Suffix"), present=True, parts=("logs-", ""))
    inventory = normalise(
        [
            resource("AWS::S3::Bucket", "Named", {"BucketName": "orders"}),
            resource("AWS::S3::Bucket", "Logs", {"BucketName": "logs-1"}),
            resource("AWS::S3::Bucket", "Nameless"),
            policy("Any", chosen, "s3:GetObject"),
            policy("OfLogs", logs, "s3:PutObject"),
        ]
    )
    perhaps = _policy_of(inventory, "Named")
    assert isinstance(perhaps, Unknown)
    assert not perhaps.present
    assert perhaps.reason.detail == "whether Any is a part of it depends on Bucket"
    assert isinstance(_policy_of(inventory, "Logs"), Unknown)
    assert _policy_of(inventory, "Nameless") is None  # it is named when it is deployed; no parameter can have known it
    assert inventory.by_id["t.yaml#Any~AWS::S3::Bucket"].fragment


def test_a_part_of_a_stated_name_is_perhaps_one_of_an_owner_whose_name_a_parameter_decides() -> None:
    named = Unknown(Reason(Cause.PARAMETER, "Name"), present=True, parts=("shop-", ""))
    bucket = resource("AWS::S3::Bucket", "B", {"BucketName": named})
    assert isinstance(_policy_of(normalise([bucket, policy("P", "shop-eu", "s3:GetObject")]), "B"), Unknown)
    assert _policy_of(normalise([bucket, policy("P", "lake-eu", "s3:GetObject")]), "B") is None
