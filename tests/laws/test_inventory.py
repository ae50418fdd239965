"""Laws of the inventory: nothing is lost, nothing depends on order, and doing it twice changes nothing."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assay.inventory.coerce import coerce
from assay.inventory.normalise import configuration_digest, normalise
from assay.inventory.resource import Inventory, Origin, Position, Resource
from assay.inventory.schema import ANY, BOOLEAN, INTEGER, NUMBER, POLICY, STRING, STRINGS, fields_of, list_of, map_of
from assay.inventory.values import Cause, Choice, Reason, Reference, Unknown, Value, from_json, to_json

reasons = st.builds(Reason, st.sampled_from(list(Cause)), st.sampled_from(["P", "Q"]), st.sampled_from(["", "said"]))
unknowns = st.builds(
    Unknown,
    reasons,
    st.booleans(),
    st.sampled_from([(), ("", ""), ("a", "b")]),
    st.one_of(st.none(), st.builds(Reference, st.sampled_from(["t.yaml#A", "gone"]), st.sampled_from(["", "Arn"]))),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.sampled_from(["", "true", "22", "*", '{"a": 1}', "1e3", "arn:aws:s3:::logs"]),
    st.text(max_size=5),
)
keys = st.one_of(
    st.sampled_from(["$unknown", "$choice", "$$unknown", "Statement", "Principal", "reason"]), st.text(max_size=3)
)


def deeper(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    options = st.lists(
        st.tuples(st.sampled_from(["a", "b", "c"]), inner), min_size=1, max_size=3, unique_by=lambda o: o[0]
    )
    return st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(keys, inner, max_size=3),
        st.builds(lambda reason, chosen: Choice("v", reason, tuple(chosen)), reasons, options),
    )


values = st.recursive(st.one_of(scalars, unknowns), deeper, max_leaves=12)


@given(values)
def test_every_value_survives_json(value: Value) -> None:
    assert from_json(json.loads(json.dumps(to_json(value)))) == value


@given(
    values,
    st.sampled_from(
        [
            *(ANY, BOOLEAN, INTEGER, NUMBER, STRING, STRINGS, POLICY, list_of(POLICY), map_of(INTEGER)),
            fields_of("AWS::S3::Bucket")["LifecycleConfiguration"],
            fields_of("AWS::RDS::DBInstance")["Tags"],
        ]
    ),
)
def test_coercing_twice_changes_nothing(value: Value, wanted: Any) -> None:
    once = coerce(value, wanted)
    assert coerce(once, wanted) == once


# Whole inventories, of owners and their parts.

NAMES = "ABCD"
OPEN = Reason(Cause.PARAMETER, "Stage")
targets = st.builds(
    lambda name, attribute: Unknown(Reason(Cause.ATTRIBUTE, name), True, (), Reference(f"t.yaml#{name}", attribute)),
    st.sampled_from([*NAMES, "Gone"]),
    st.sampled_from(["", "Arn"]),
)
pointers = st.one_of(targets, st.sampled_from(["logs", "sg-1"]), st.just(Unknown(OPEN, True)), st.none())
pointers = st.one_of(
    pointers,
    st.builds(lambda dev, prod: Choice("Stage", OPEN, (("dev", dev), ("prod", prod))), pointers, pointers),
)
documents = st.sampled_from(
    [{"Statement": {"Effect": "Allow", "Action": "s3:*"}}, '{"Statement": []}', Unknown(OPEN, True), None]
)
PROPERTIES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "AWS::EC2::SecurityGroup": st.fixed_dictionaries(
        {}, optional={"GroupName": pointers, "SecurityGroupIngress": st.one_of(st.just([{"FromPort": "22"}]), pointers)}
    ),
    "AWS::EC2::SecurityGroupIngress": st.fixed_dictionaries({"GroupId": pointers, "FromPort": st.just("22")}),
    "AWS::S3::Bucket": st.fixed_dictionaries({}, optional={"BucketName": pointers}),
    "AWS::S3::BucketPolicy": st.fixed_dictionaries({"Bucket": pointers, "PolicyDocument": documents}),
    "AWS::IAM::Role": st.fixed_dictionaries({}, optional={"RoleName": pointers}),
    "AWS::IAM::Policy": st.fixed_dictionaries(
        {"Roles": st.lists(pointers, max_size=2), "PolicyDocument": documents, "PolicyName": st.just("p")}
    ),
    "AWS::IAM::ManagedPolicy": st.fixed_dictionaries({"Roles": pointers, "PolicyDocument": documents}),
    "AWS::EC2::Subnet": st.just({}),
    "AWS::EC2::RouteTable": st.just({}),
    "AWS::EC2::Route": st.fixed_dictionaries({"RouteTableId": pointers, "GatewayId": st.just("igw-1")}),
    "AWS::EC2::SubnetRouteTableAssociation": st.fixed_dictionaries({"RouteTableId": pointers, "SubnetId": pointers}),
    "Custom::Thing": st.dictionaries(st.sampled_from(["a", "b"]), pointers, max_size=2),
}
conditions = st.sampled_from(
    [True, True, True, Choice("Stage", OPEN, (("dev", False), ("prod", True))), Unknown(Reason(Cause.CONDITION, "C"))]
)


@st.composite
def declared(draw: Any) -> list[Resource]:
    found: list[Resource] = []
    for name in draw(st.lists(st.sampled_from("ABCDEFGH"), unique=True, max_size=7)):
        kind = draw(st.sampled_from(sorted(PROPERTIES)))
        origin = Origin("test", Position("t.yaml", len(found) + 1))
        properties = draw(PROPERTIES[kind])
        found.append(Resource(f"t.yaml#{name}", kind, name, properties, origin, condition=draw(conditions)))
    return found


def whole(inventory: Inventory) -> list[Any]:
    """Everything about an inventory that equality leaves out too."""
    return [(each, dict(each.positions), configuration_digest(each)) for each in inventory.resources]


@settings(max_examples=300, deadline=None)
@given(declared())
def test_every_resource_is_in_the_inventory_exactly_once(resources: list[Resource]) -> None:
    found = normalise(resources)
    ids = [each.id for each in found.resources]
    assert len(ids) == len(set(ids))
    own = [each.id for each in found.resources if not each.fragment]
    assert sorted(own) == sorted(each.id for each in resources)
    for each in found.resources:
        assert not each.folded_into or each.folded_into in found.by_id
        assert not each.fragment or any(part.folded_into == each.id for part in found.resources)
    for relation in found.relations:
        assert relation.source in found.by_id
        assert relation.target in found.by_id


@settings(max_examples=300, deadline=None)
@given(declared(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_makes_no_difference(resources: list[Resource], random: Any) -> None:
    shuffled = list(resources)
    random.shuffle(shuffled)
    one, other = normalise(resources), normalise(shuffled)
    assert one == other
    assert whole(one) == whole(other)


@settings(max_examples=300, deadline=None)
@given(declared())
def test_normalising_twice_changes_nothing(resources: list[Resource]) -> None:
    once = normalise(resources)
    again = normalise(once.resources)
    assert again == once
    assert whole(again) == whole(once)
