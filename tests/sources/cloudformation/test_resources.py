"""Resources, and where each of their properties is written."""

from collections.abc import Callable

import pytest

from assay.inventory.resource import Inventory, Position
from assay.inventory.values import Cause, Choice, Unknown

Reader = Callable[..., Inventory]


def _at(inventory: Inventory, *path: str | int, name: str = "R") -> tuple[int, int]:
    position = inventory.by_id[f"t.yaml#{name}"].position(path)
    assert position.file == "t.yaml"
    return position.line, position.column


def test_every_property_keeps_its_line(template: Reader) -> None:
    text = """\
        Parameters: {Open: {Type: String}}
        Conditions: {Is: !Equals [!Ref Open, a], Not: !Equals [a, b]}
        Resources:
          R:
            Type: Custom::T
            Properties:
              A: 1
              B:
                - x
                - C: !Ref Open
              D: !If
                - Not
                - 1
                - 2
              E: !If
                - Is
                - F: 1
                - F: 2
              G:
                - !If [Not, 1, !Ref AWS::NoValue]
                - y
            DeletionPolicy: Retain
        """
    inventory = template(text)
    assert inventory.by_id["t.yaml#R"].origin.position == Position("t.yaml", 4, 3)
    assert _at(inventory) == (4, 3)
    assert _at(inventory, "A") == (7, 10)
    assert _at(inventory, "B", 0) == (9, 11)
    assert _at(inventory, "B", 1, "C") == (10, 14)
    assert _at(inventory, "B", 1, "C", "deeper") == (10, 14), "what is not stated is where its parent is"
    assert _at(inventory, "D") == (14, 11), "the alternative that was taken"
    assert _at(inventory, "E") == (15, 10), "the choice itself where both may be"
    assert _at(inventory, "E", "F") == (17, 14)
    assert _at(inventory, "G", 0) == (21, 11), "what is absent has no place in the list"
    assert _at(inventory, "DeletionPolicy") == (22, 21)


def test_json_has_lines_too(template: Reader) -> None:
    text = """\
        {
        \t"Resources": {
        \t\t"R": {"Type": "Custom::T", "Properties": {"A": [1,
        \t\t  {"B": "\\ud83d\\ude00 \\/ \\u00e9"}]}}
        \t}
        }
        """
    inventory = template(text)
    assert inventory.by_id["t.yaml#R"].properties == {"A": [1, {"B": "😀 / é"}]}
    assert _at(inventory) == (3, 3)
    assert _at(inventory, "A", 1, "B") == (4, 11)


def test_attributes_beside_the_properties_are_kept(template: Reader) -> None:
    text = """
        Parameters: {Keep: {Type: String, AllowedValues: [Retain, Delete]}}
        Resources:
          R:
            Type: AWS::S3::Bucket
            DeletionPolicy: Retain
            UpdateReplacePolicy: !Ref Keep
            DependsOn: [Other]
            Metadata: {Big: thing}
        """
    resource = template(text).by_id["t.yaml#R"]
    assert resource.properties == {}
    assert resource.attributes["DeletionPolicy"] == "Retain"
    assert isinstance(resource.attributes["UpdateReplacePolicy"], Choice)
    assert resource.attributes["DependsOn"] == ["Other"]
    assert "Metadata" not in resource.attributes


def test_types_that_no_schema_knows_are_resources_like_others(template: Reader) -> None:
    text = """
        Resources:
          A: {Type: Custom::Thing, Properties: {Any: [1]}}
          B: {Type: AWS::CloudFormation::CustomResource, Properties: {ServiceToken: !GetAtt A.Token, Any: 1}}
          C: {Type: Vendor::Product::Thing, Properties: {Any: x}}
        """
    inventory = template(text)
    assert [each.type for each in inventory.resources] == [
        "Custom::Thing",
        "AWS::CloudFormation::CustomResource",
        "Vendor::Product::Thing",
    ]
    assert [(each.source, each.target, each.attribute) for each in inventory.relations] == [
        ("t.yaml#B", "t.yaml#A", "Token")
    ]


def test_a_module_is_a_gap(template: Reader) -> None:
    inventory = template("Resources: {M: {Type: 'My::S3::Bucket::MODULE'}}\n")
    (gap,) = inventory.gaps
    assert (gap.subject, gap.reason.cause) == ("t.yaml#M", Cause.ELSEWHERE)
    assert not inventory.resources


def test_account_and_region_are_those_of_the_context(template: Reader) -> None:
    origin = template("Resources: {R: {Type: Custom::T}}", account="1" * 12, region="eu-west-1").resources[0].origin
    assert (origin.source, origin.account, origin.region) == ("cloudformation", "1" * 12, "eu-west-1")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Resources: {R: {Properties: {}}}", "t.yaml:1:16: resource R has no Type"),
        ("Resources: {R: text}", "resource R has no Type"),
        ("Resources: {R: {Type: Custom::T, Properties: [1]}}", "t.yaml:1:46: Properties is no mapping; found [1]"),
        ("Resources: {R: {Type: Custom::T, Condition: [1]}}", "a condition is meant by its name"),
        ("Resources: [1]", "section Resources is no mapping; found a list"),
        ("Outputs: {}", "not a template; found no section Resources"),
        ("[1]", "not a template; found a list"),
        ("Resources: {}\nParameter: {}", "t.yaml:2:1: unknown section 'Parameter'"),
        ("Resources: {}\nParameter: {}", "did you mean Parameters?"),
        ("Resources: {}\nOutputs: 1", "section Outputs is no mapping"),
        ("Resources: {A: !Foo x}", "tags are not understood here"),
        ("Resources: {", "not valid YAML"),
        ('{"Resources": {"A": }', "not valid YAML"),
        ("", "the file is empty"),
    ],
)
def test_a_malformed_template_is_a_fault_of_its_file(template: Reader, text: str, says: str) -> None:
    inventory = template(text)
    assert says in str(inventory.faults[0])
    assert not inventory.complete


def test_empty_sections_are_none(template: Reader) -> None:
    assert template("Resources:\n  R: {Type: Custom::T, Properties: }\nOutputs:\nParameters:\n").complete


def test_a_macro_may_have_changed_every_property_beside_it(template: Reader) -> None:
    text = """
        Resources:
          A: {Type: AWS::SQS::Queue, Properties: {QueueName: q, Fn::Transform: {Name: Shout}}}
          B: {Type: AWS::SQS::Queue, Properties: {QueueName: q}, Fn::Transform: {Name: Shout}}
          C: {Type: AWS::SQS::Queue, Properties: {QueueName: {Fn::Transform: {Name: Shout}}, FifoQueue: true}}
        """
    inventory = template(text)
    for name in "AB":
        properties = inventory.by_id[f"t.yaml#{name}"].properties
        for each in ("QueueName", "KmsMasterKeyId"):
            found = properties[each]
            assert isinstance(found, Unknown)
            assert (found.reason.cause, found.reason.subject, found.present) == (Cause.MACRO, "Shout", False)
    assert inventory.by_id["t.yaml#C"].properties["FifoQueue"] is True
    assert inventory.complete


def test_a_macro_of_the_whole_template_is_a_gap_and_nothing_else_is_a_fault(template: Reader) -> None:
    text = """
        Transform: [Count, AWS::LanguageExtensions]
        Strange: {}
        Resources:
          A: {Type: AWS::SQS::Queue, Count: 3}
          B: {Type: Custom::T, Condition: Made, Properties: {P: !Ref A1, Q: !GetAtt A2.Arn}}
          C: {Count: 3}
        """
    inventory = template(text)
    (gap,) = inventory.gaps
    assert (gap.subject, gap.reason.cause, gap.reason.subject) == ("t.yaml: Count", Cause.MACRO, "Count")
    assert not inventory.faults
    assert len(inventory.resources) == 2


def test_a_hosted_rotation_adds_what_nobody_can_read(template: Reader) -> None:
    text = """
        Transform: AWS::SecretsManager-2024-09-16
        Resources: {R: {Type: AWS::SecretsManager::RotationSchedule, Properties: {SecretId: a, %s: {}}}}
        """
    assert template(text % "RotationRules").complete
    assert [gap.reason.cause for gap in template(text % "HostedRotationLambda").gaps] == [Cause.MACRO]


def test_macros_among_other_named_things_leave_them_open(template: Reader) -> None:
    text = """
        Parameters: {Fn::Transform: {Name: More}}
        Conditions: {Fn::Transform: {Name: More}}
        Mappings: {Fn::Transform: {Name: More}}
        Outputs: {Fn::Transform: {Name: More}}
        Resources:
          R: {Type: Custom::T, Condition: C, Properties: {P: !Ref P, Q: !FindInMap [M, a, b], S: !If [D, 1, 2]}}
        """
    inventory = template(text)
    assert inventory.complete, inventory.faults
    resource = inventory.by_id["t.yaml#R"]
    assert isinstance(resource.condition, Choice)
    for name in "PQ":
        found = resource.properties[name]
        assert isinstance(found, Unknown)
        assert found.reason.cause is Cause.MACRO


def test_a_section_that_is_given_twice_is_a_fault(template: Reader) -> None:
    inventory = template("Resources: {A: {Type: Custom::T}}\nResources: {B: {Type: Custom::T}}\n")
    assert "t.yaml:2:1: the key 'Resources' is given twice" in str(inventory.faults[0])


def test_a_macro_among_the_resources_is_a_gap(template: Reader) -> None:
    inventory = template("Resources: {A: {Type: Custom::T}, Fn::Transform: {Name: More}}\n")
    assert [gap.reason.cause for gap in inventory.gaps] == [Cause.MACRO]
    assert len(inventory.resources) == 1
