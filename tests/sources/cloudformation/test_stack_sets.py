"""Stack sets: their template is deployed too, in accounts and regions that the template does not say."""

from collections.abc import Callable

from assay.inventory.resource import Inventory
from assay.inventory.values import Cause, Unknown

Reader = Callable[..., Inventory]
WHERE = {"account": "111122223333", "region": "eu-west-1"}
INLINE = """\
Parameters: {Mine: {Type: String}}
Resources:
  Set:
    Type: AWS::CloudFormation::StackSet
    Properties:
      StackSetName: base
      Parameters:
        - {ParameterKey: Encrypt, ParameterValue: "false"}
        - {ParameterKey: Size, ParameterValue: "3"}
      StackInstancesGroup:
        - ParameterOverrides: [{ParameterKey: Size, ParameterValue: "4"}]
      TemplateBody: |
        Parameters: {Encrypt: {Type: String}, Size: {Type: Number}}
        Resources:
          Volume:
            Type: AWS::EC2::Volume
            Properties: {Encrypted: !Ref Encrypt, Size: !Ref Size, AvailabilityZone: !Ref AWS::Region}
"""


def test_the_inline_template_is_deployed_with_the_parameters_of_the_set(template: Reader) -> None:
    inventory = template(INLINE, **WHERE)
    assert inventory.complete
    volume = inventory.by_id["t.yaml#Set/Volume"]
    assert volume.properties["Encrypted"] is False
    assert str(volume.origin.position) == "t.yaml (TemplateBody of Set):3"


def test_what_differs_between_the_accounts_of_the_set_is_unknown(template: Reader) -> None:
    volume = template(INLINE, **WHERE).by_id["t.yaml#Set/Volume"]
    size, zone = volume.properties["Size"], volume.properties["AvailabilityZone"]
    assert isinstance(size, Unknown)
    assert size.reason.detail == "Size has a value of its own in some of the accounts"
    assert isinstance(zone, Unknown)
    assert zone.reason.cause is Cause.ENVIRONMENT
    assert volume.origin.account == volume.origin.region == ""


def test_a_body_that_is_not_known_and_a_template_out_of_reach_are_gaps(template: Reader) -> None:
    unknown = template(INLINE.replace("TemplateBody: |", "TemplateBody: !Sub |").replace("!Ref Encrypt", "'${Mine}'"))
    (gap,) = unknown.gaps
    assert "TemplateBody is not known" in str(gap.reason)
    text = INLINE.split("      TemplateBody")[0] + "      TemplateURL: https://bucket.s3.amazonaws.com/base.yaml\n"
    (gap,) = template(text).gaps
    assert "is not among the files that may be read" in str(gap.reason)


def test_a_wrong_inline_template_is_a_fault_with_its_place(template: Reader) -> None:
    inventory = template(INLINE.replace("Type: AWS::EC2::Volume", "Tipe: AWS::EC2::Volume"))
    (fault,) = inventory.faults
    assert (fault.file, fault.line) == ("t.yaml (TemplateBody of Set)", 4)
    assert "has no Type" in fault.message


def test_a_template_file_of_a_stack_set_is_read_as_part_of_it_only(folder: Callable[..., Inventory]) -> None:
    parent = (
        "Resources: {Set: {Type: AWS::CloudFormation::StackSet, Properties: {StackSetName: s, TemplateURL: base.yaml}}}"
    )
    child = "Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref AWS::AccountId}}}"
    inventory = folder({"main.yaml": parent, "base.yaml": child}, **WHERE)
    assert [each.id for each in inventory.resources] == ["f/main.yaml#Set", "f/main.yaml#Set/Topic"]
    assert isinstance(inventory.by_id["f/main.yaml#Set/Topic"].properties["TopicName"], Unknown)
    assert inventory.by_id["f/main.yaml#Set"].origin.account == "111122223333"


def test_parameters_whose_names_are_undecided_leave_all_of_them_undecided(template: Reader) -> None:
    inventory = template(INLINE.replace("ParameterKey: Encrypt", "ParameterKey: !Ref Mine"))
    assert isinstance(inventory.by_id["t.yaml#Set/Volume"].properties["Encrypted"], Unknown)


def test_a_set_within_a_set_ends(template: Reader) -> None:
    deep = "Resources: {V: {Type: AWS::SNS::Topic}}"
    for _ in range(4):
        body = deep.replace("'", "''")
        deep = f"Resources: {{Set: {{Type: AWS::CloudFormation::StackSet, Properties: {{TemplateBody: '{body}'}}}}}}"
    assert len(template(deep).resources) == 5
    for _ in range(4):
        body = deep.replace("'", "''")
        deep = f"Resources: {{Set: {{Type: AWS::CloudFormation::StackSet, Properties: {{TemplateBody: '{body}'}}}}}}"
    assert any("too many stacks" in str(each.reason) for each in template(deep).gaps)
