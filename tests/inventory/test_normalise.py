"""From what a source declares to an inventory."""

from dataclasses import replace

import pytest

from assay.errors import Fault, InternalError
from assay.inventory.normalise import configuration_digest, merge, normalise, references
from assay.inventory.resource import Gap, Origin, Position, Relation, Resource
from assay.inventory.values import Cause, Choice, Reason, Reference, Unknown, Value

OPEN = Reason(Cause.PARAMETER, "P")


def database(name: str, **properties: Value) -> Resource:
    return Resource(f"t.yaml#{name}", "AWS::RDS::DBInstance", name, properties, Origin("test", Position("t.yaml", 3)))


def ref(name: str, attribute: str = "") -> Unknown:
    return Unknown(Reason(Cause.ATTRIBUTE, name), present=True, reference=Reference(f"t.yaml#{name}", attribute))


def test_properties_are_coerced_and_absent_ones_left_out() -> None:
    found = normalise([database("A", MultiAZ="true", KmsKeyId=None, Tags={"Key": 1})])
    assert found.by_id["t.yaml#A"].properties == {"MultiAZ": True, "Tags": [{"Key": "1"}]}


def test_a_type_without_a_schema_is_kept_as_it_is() -> None:
    custom = replace(database("A", On="true"), type="Custom::Thing")
    assert normalise([custom]).by_id["t.yaml#A"].properties == {"On": "true"}


def test_resources_are_sorted_by_id_and_found_by_type() -> None:
    found = normalise([database("B"), database("A")])
    assert [each.name for each in found.resources] == ["A", "B"]
    assert [each.name for each in found.of_type("AWS::RDS::DBInstance")] == ["A", "B"]
    assert list(found.of_type("AWS::S3::Bucket")) == []


def test_two_resources_with_one_id_are_a_bug_of_the_source() -> None:
    with pytest.raises(InternalError):
        normalise([database("A"), database("A")])
    one = normalise([database("A")])
    with pytest.raises(InternalError):
        merge([one, one])


def test_references_become_relations_with_their_path() -> None:
    choice = Choice("v", OPEN, (("a", ref("B", "Arn")), ("b", None)))
    found = normalise([database("A", VPCSecurityGroups=["sg", ref("B")], KmsKeyId=choice), database("B")])
    assert set(found.relations) == {
        Relation("t.yaml#A", ("VPCSecurityGroups", 1), "t.yaml#B"),
        Relation("t.yaml#A", ("KmsKeyId",), "t.yaml#B", "Arn"),
    }


def test_a_reference_to_oneself_or_out_of_the_inventory_is_no_relation() -> None:
    assert normalise([database("A", KmsKeyId=ref("A"), DBName=ref("Gone"))]).relations == ()


def test_references_in_endless_nesting_are_cut() -> None:
    value: Value = ref("B")
    for _ in range(2000):
        value = [value]
    assert list(references(value)) == []


def test_what_could_not_be_read_makes_the_inventory_incomplete() -> None:
    assert normalise([]).complete
    assert not normalise([], faults=[Fault("t.yaml", 1, 1, "wrong")]).complete
    gap = Gap("macro", Reason(Cause.MACRO, "M"))
    assert normalise([], gaps=[gap, gap]).gaps == (gap,)
    assert not merge([normalise([]), normalise([], gaps=[gap])]).complete


def test_merging_keeps_everything() -> None:
    one = normalise([database("B", KmsKeyId=ref("A")), database("A")], absent=[("t.yaml#C", "its condition is false")])
    other = normalise([replace(database("D"), id="a.yaml#D")])
    found = merge([one, other])
    assert [each.id for each in found.resources] == ["a.yaml#D", "t.yaml#A", "t.yaml#B"]
    assert found.relations == one.relations
    assert found.absent == one.absent


def test_the_digest_is_of_what_decides_and_not_of_where_it_is_said() -> None:
    first = normalise([database("A", MultiAZ=True)]).resources[0]
    moved = replace(
        first, id="u.yaml#A", origin=Origin("live", Position("", 0)), positions={("MultiAZ",): Position("x")}
    )
    assert configuration_digest(moved) == configuration_digest(first)
    for changed in (
        replace(first, properties={"MultiAZ": False}),
        replace(first, type="AWS::RDS::DBCluster"),
        replace(first, fragment=True),
        replace(first, condition=Unknown(OPEN)),
        replace(first, attributes={"DeletionPolicy": "Retain"}),
    ):
        assert configuration_digest(changed) != configuration_digest(first)


def test_the_digest_does_not_depend_on_the_order_of_keys() -> None:
    one = replace(database("A"), properties={"a": 1, "b": {"c": 1, "d": 2}})
    other = replace(database("A"), properties={"b": {"d": 2, "c": 1}, "a": 1})
    assert configuration_digest(one) == configuration_digest(other)


def test_a_marker_in_a_document_has_another_digest_than_an_unknown() -> None:
    real = replace(database("A"), properties={"x": Unknown(OPEN)})
    forged = replace(database("A"), properties={"x": {"$unknown": {"reason": ["parameter", "P", ""]}}})
    assert configuration_digest(real) != configuration_digest(forged)


def test_the_place_of_a_property_is_that_of_its_nearest_stated_ancestor() -> None:
    stated = {("Tags",): Position("t.yaml", 7), ("Tags", 0): Position("t.yaml", 8)}
    resource = replace(database("A"), positions=stated)
    assert resource.position(("Tags", 0, "Key")).line == 8
    assert resource.position(("Tags", 1)).line == 7
    assert resource.position(("MultiAZ",)).line == 3
    assert resource.position().line == 3
