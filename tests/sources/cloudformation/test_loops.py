"""Fn::ForEach: what it makes, where that is written, and what happens when nobody knows over what it runs."""

from collections.abc import Callable

import pytest

from assay.inventory.resource import Inventory
from assay.inventory.values import Cause, Choice, Unknown

Reader = Callable[..., Inventory]


def test_a_loop_makes_resources_conditions_and_outputs(template: Reader) -> None:
    text = """\
        Transform: AWS::LanguageExtensions
        Parameters: {Names: {Type: CommaDelimitedList, Default: "Success,Failure"}}
        Conditions:
          Fn::ForEach::Conditions:
            - Name
            - [Success, Failure]
            - Is${Name}: !Equals [!Ref Name, Success]
        Resources:
          Fn::ForEach::Topics:
            - Name
            - !Ref Names
            - Topic${Name}:
                Type: AWS::SNS::Topic
                Condition: Is${Name}
                Properties:
                  TopicName: !Sub '${Name}-${AWS::Region}'
                  DisplayName: !Ref Name
                  FifoTopic: true
          Policy:
            Type: AWS::SNS::TopicPolicy
            Properties: {Topics: [!Ref TopicSuccess]}
        """
    inventory = template(text, region="eu-west-1")
    assert inventory.complete, inventory.faults
    topic = inventory.by_id["t.yaml#TopicSuccess"]
    assert topic.properties["TopicName"] == "Success-eu-west-1"
    assert topic.properties["DisplayName"] == "Success"
    assert inventory.absent == (("t.yaml#TopicFailure", "condition IsFailure is false"),)
    assert topic.origin.position.line == 12
    assert topic.position(("FifoTopic",)).line == 18
    assert topic.position(("TopicName",)).line == 16


def test_loops_within_loops_and_names_that_are_no_identifiers(template: Reader) -> None:
    text = """
        Mappings: {M: {a: {Zones: ["x-1", "x-2"]}, b: {Zones: ["y-1"]}}}
        Resources:
          Fn::ForEach::Outer:
            - A
            - [a, b]
            - Fn::ForEach::Inner:
                - Z
                - !FindInMap [M, !Ref A, Zones]
                - R${A}&{Z}: {Type: Custom::T, Properties: {P: '${A} ${Z} &{Z}', Q: [!Ref Z]}}
        """
    inventory = template(text)
    assert {each.name: each.properties for each in inventory.resources} == {
        "Rax1": {"P": "a x-1 x1", "Q": ["x-1"]},
        "Rax2": {"P": "a x-2 x2", "Q": ["x-2"]},
        "Rby1": {"P": "b y-1 y1", "Q": ["y-1"]},
    }


def test_a_loop_among_properties(template: Reader) -> None:
    text = """\
        Resources:
          R:
            Type: Custom::T
            Properties:
              A: 1
              Fn::ForEach::Props:
                - P
                - [X, Y]
                - Is${P}:
                    Value: !Ref P
        """
    resource = template(text).by_id["t.yaml#R"]
    assert resource.properties == {"A": 1, "IsX": {"Value": "X"}, "IsY": {"Value": "Y"}}
    assert resource.position(("IsY", "Value")).line == 10


def test_a_loop_over_what_nobody_knows_is_a_gap_or_an_unknown(template: Reader) -> None:
    text = """
        Parameters: {Names: {Type: CommaDelimitedList}}
        Resources:
          Fn::ForEach::Topics: [Name, !Ref Names, {'T${Name}': {Type: AWS::SNS::Topic}}]
          R: {Type: Custom::T, Properties: {A: 1, B: {C: 1, Fn::ForEach::P: [N, !Ref Names, {'${N}': 1}]}, D: !Ref Ta}}
          S: {Type: AWS::SQS::Queue, Properties: {FifoQueue: true, Fn::ForEach::P: [N, !Ref Names, {'${N}': 1}]}}
        """
    inventory = template(text)
    assert not inventory.faults
    (gap,) = inventory.gaps
    assert (gap.subject, gap.reason.cause, gap.reason.subject) == (
        "t.yaml: Fn::ForEach::Topics",
        Cause.PARAMETER,
        "Names",
    )
    properties = inventory.by_id["t.yaml#R"].properties
    assert properties["A"] == 1
    assert isinstance(properties["B"], Unknown)
    assert isinstance(properties["D"], Unknown), "the loop may make what is referred to"
    assert isinstance(inventory.by_id["t.yaml#S"].properties["FifoQueue"], Unknown)
    given = template(text, parameters={"Names": "a,b"})
    assert given.complete
    assert {"t.yaml#Ta", "t.yaml#Tb"} <= given.by_id.keys()


def test_conditions_and_outputs_of_a_loop_over_what_nobody_knows_are_unknown(template: Reader) -> None:
    text = """
        Parameters: {Names: {Type: CommaDelimitedList}}
        Conditions: {Fn::ForEach::C: [N, !Ref Names, {'Is${N}': !Equals [1, 1]}]}
        Resources: {R: {Type: Custom::T, Condition: Isa, Properties: {P: !If [Isb, 1, 2]}}}
        """
    inventory = template(text)
    assert inventory.complete
    assert isinstance(inventory.by_id["t.yaml#R"].condition, Choice)
    assert isinstance(inventory.by_id["t.yaml#R"].properties["P"], Choice)


@pytest.mark.parametrize("loop", ["[X]", "[1, [a], {}]", "[X, [a], [b]]", "[X, text, {'${X}': {}}]", "[X, [[a]], {}]"])
def test_a_malformed_loop_is_a_fault(template: Reader, loop: str) -> None:
    inventory = template(f"Resources: {{Fn::ForEach::L: {loop}}}\n")
    assert inventory.faults
    assert not inventory.resources
