"""Which resources nobody looked at."""

from assay.assessment.check import unjudged
from assay.assessment.evaluation import Evaluation
from assay.assessment.verdicts import Verdict
from assay.inventory.resource import Inventory, Origin, Position, Resource


def resource(kind: str, name: str, owner: str = "") -> Resource:
    return Resource(name, kind, name, {}, Origin("test", Position("t.yaml", 1)), folded_into=owner)


def test_a_part_of_a_part_of_a_judged_resource_counts_as_looked_at() -> None:
    inventory = Inventory(
        (
            resource("AWS::EC2::Route", "Route", "Table"),
            resource("AWS::EC2::RouteTable", "Table", "Subnet"),
            resource("AWS::EC2::Subnet", "Subnet"),
            resource("AWS::EC2::RouteTable", "Unused"),
        )
    )
    judged = [Evaluation("c", "Subnet", Verdict.MET)]
    assert unjudged(inventory, judged) == {"AWS::EC2::RouteTable": 1}
    assert unjudged(inventory, []) == {"AWS::EC2::Route": 1, "AWS::EC2::RouteTable": 2, "AWS::EC2::Subnet": 1}


def test_two_resources_that_are_each_other_s_part_end_the_walk() -> None:
    inventory = Inventory((resource("A::B::C", "One", "Two"), resource("A::B::C", "Two", "One")))
    assert unjudged(inventory, []) == {"A::B::C": 2}
