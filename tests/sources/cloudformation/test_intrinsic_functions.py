"""Every intrinsic function: its value where that can be known, else an unknown that says why."""

from collections.abc import Callable
from typing import Any

import pytest

from assay.inventory.resource import Inventory
from assay.inventory.values import Cause, Choice, Reason, Reference, Unknown, Value

Evaluator = Callable[..., Value]
SECTIONS = """
    Parameters:
      Name: {Type: String, Default: orders}
      Names: {Type: CommaDelimitedList, Default: "a, b,c"}
      Count: {Type: Number, Default: 3}
      Open: {Type: String}
      Opens: {Type: "List<AWS::EC2::Subnet::Id>"}
    Mappings:
      Sizes:
        dev: {Class: small, Backup: 7, Encrypted: true}
        prod: {Class: large, Backup: 7, Encrypted: true}
      Accounts:
        123456789012: {Name: shop}
    Conditions:
      Holds: !Equals [a, a]
      Fails: !Not [!Condition Holds]
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("!Ref Name", "orders"),
        ("!Ref Names", ["a", "b", "c"]),
        ("!Ref Count", "3"),
        ("!Sub 'x-${Name}-y'", "x-orders-y"),
        ("!Sub ['${A}/${Name}/${!Literal}', {A: !Ref Count}]", "3/orders/${Literal}"),
        ("!Sub 'no variables'", "no variables"),
        ("!Join ['-', [a, !Ref Name, 1, true]]", "a-orders-1-true"),
        ("!Join [',', !Ref Names]", "a,b,c"),
        ("!Join ['', []]", ""),
        ("!Split [',', 'a,b,,c']", ["a", "b", "", "c"]),
        ("!Select [1, !Ref Names]", "b"),
        ("!Select ['0', !Split ['/', 'x/y']]", "x"),
        ("!FindInMap [Sizes, prod, Class]", "large"),
        ("!FindInMap [Sizes, !Sub 'd${E}v', Class]".replace("d${E}v", "dev"), "small"),
        ("!FindInMap [Accounts, '123456789012', Name]", "shop"),
        ("!FindInMap [Sizes, nowhere, Class, {DefaultValue: medium}]", "medium"),
        ("!FindInMap [Sizes, !Ref Open, Backup]", 7),
        ("!Base64 abc", "YWJj"),
        ("!Cidr [10.0.0.0/22, 2, 8]", ["10.0.0.0/24", "10.0.1.0/24"]),
        ("!Select [0, !Cidr ['fd00::/56', 1, 64]]", "fd00::/64"),
        ("!If [Holds, 1, 2]", 1),
        ("!If [Fails, 1, 2]", 2),
        ("!If [Fails, 1, !Ref AWS::NoValue]", None),
        ("[!If [Fails, 1, !Ref AWS::NoValue], 2]", [2]),
        ("{A: !Ref AWS::NoValue, B: 1}", {"B": 1}),
        ("{Fn::Length: !Ref Names}", 3),
        ("{Fn::Length: [1, 2]}", 2),
        ("{Fn::ToJsonString: {A: [1, !Ref Name]}}", '{"A":[1,"orders"]}'),
        ("{Fn::Join: ['', [a, {Ref: Name}]]}", "aorders"),
        ("{Ref: Name, B: 1}", {"Ref": "Name", "B": 1}),
    ],
)
def test_what_can_be_computed_is(value: Evaluator, expression: str, expected: Value) -> None:
    found = value(expression, SECTIONS)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("expression", "cause", "subject", "parts"),
    [
        ("!Ref Open", Cause.PARAMETER, "Open", ()),
        ("!Ref Opens", Cause.PARAMETER, "Opens", ()),
        ("!Sub 'a-${Open}-b'", Cause.PARAMETER, "Open", ("a-", "-b")),
        ("!Sub '${Open}'", Cause.PARAMETER, "Open", ()),
        ("!Join ['/', [a, !Ref Open, b]]", Cause.PARAMETER, "Open", ("a/", "/b")),
        ("!Join ['/', [!Ref Open, !Ref AWS::Region]]", Cause.PARAMETER, "Open, AWS::Region", ("", "/", "")),
        ("!Join [',', !Ref Opens]", Cause.PARAMETER, "Fn::Join of Opens", ()),
        ("!Split [',', !Ref Open]", Cause.PARAMETER, "Fn::Split of Open", ()),
        ("!Select [1, !Ref Opens]", Cause.PARAMETER, "element 1 of Opens", ()),
        ("!FindInMap [Sizes, !Ref Open, Class]", Cause.PARAMETER, "Fn::FindInMap of Open", ()),
        ("!FindInMap [Sizes, !Ref Open, Backup, {DefaultValue: 1}]", Cause.PARAMETER, "Fn::FindInMap of Open", ()),
        ("!Base64 {Ref: Open}", Cause.PARAMETER, "Fn::Base64 of Open", ()),
        ("!Cidr [!Ref Open, 2, 8]", Cause.PARAMETER, "Fn::Cidr of Open", ()),
        ("{Fn::Length: !Ref Opens}", Cause.PARAMETER, "Fn::Length of Opens", ()),
        ("{Fn::ToJsonString: [!Ref Open]}", Cause.PARAMETER, "Fn::ToJsonString of Open", ()),
        ("!GetAZs ''", Cause.ENVIRONMENT, "Fn::GetAZs", ()),
        ("!Select [1, !GetAZs {Ref: AWS::Region}]", Cause.ENVIRONMENT, "element 1 of Fn::GetAZs", ()),
        ("!ImportValue network-vpc", Cause.IMPORT, "network-vpc", ()),
        ("!ImportValue {Fn::Sub: '${Open}-vpc'}", Cause.IMPORT, "…-vpc", ()),
        ("!GetStackOutput {StackName: net, OutputName: Vpc}", Cause.IMPORT, "net.Vpc", ()),
        ("{Fn::GetStackOutput: {OutputName: Vpc, StackName: !Ref Open}}", Cause.IMPORT, "?.Vpc", ()),
        ("{Fn::Transform: {Name: Shout}}", Cause.MACRO, "Shout", ()),
        ("{A: 1, Fn::Transform: {Name: Shout}}", Cause.MACRO, "Shout", ()),
        ("!Rain::Embed code.py", Cause.MACRO, "!Rain::Embed code.py", ()),
        ("!Ref AWS::Region", Cause.ENVIRONMENT, "AWS::Region", ()),
        ("!Ref AWS::StackName", Cause.ENVIRONMENT, "AWS::StackName", ()),
        ("!Ref AWS::NotificationARNs", Cause.ENVIRONMENT, "AWS::NotificationARNs", ()),
        ("'{{resolve:ssm:/a/b:1}}'", Cause.DYNAMIC_REFERENCE, "ssm:/a/b:1", ()),
        ("'x{{resolve:secretsmanager:s}}y'", Cause.DYNAMIC_REFERENCE, "secretsmanager:s", ("x", "y")),
        ("!Sub '{{resolve:secretsmanager:${Open}}}'", Cause.DYNAMIC_REFERENCE, "secretsmanager:…", ()),
        ("!Join ['', ['{{resolve:ssm:', /a, '}}']]", Cause.DYNAMIC_REFERENCE, "ssm:/a", ()),
    ],
)
def test_what_cannot_be_computed_is_unknown_for_a_reason(
    value: Evaluator, expression: str, cause: Cause, subject: str, parts: tuple[str, ...]
) -> None:
    found = value(expression, SECTIONS)
    assert isinstance(found, Unknown)
    assert (found.reason.cause, found.reason.subject, found.parts) == (cause, subject, parts)
    assert found.reason.detail


@pytest.mark.parametrize(
    ("expression", "reference", "parts"),
    [
        ("!Ref Bucket", Reference("t.yaml#Bucket"), ()),
        ("!GetAtt Bucket.Arn", Reference("t.yaml#Bucket", "Arn"), ()),
        ("!GetAtt [Bucket, Arn]", Reference("t.yaml#Bucket", "Arn"), ()),
        ("!GetAtt [!Sub 'Buck${E}', Arn]".replace("${E}", "et"), Reference("t.yaml#Bucket", "Arn"), ()),
        ("!GetAtt [Bucket, !Ref Attribute]", Reference("t.yaml#Bucket", "Arn"), ()),
        ("!GetAtt Bucket.A.B", Reference("t.yaml#Bucket", "A.B"), ()),
        ("!Sub '${Bucket.Arn}/*'", Reference("t.yaml#Bucket", "Arn"), ("", "/*")),
        ("!Sub 'arn:aws:s3:::${Bucket}'", Reference("t.yaml#Bucket"), ("arn:aws:s3:::", "")),
        ("!Join ['', [!GetAtt Bucket.Arn, !Ref AWS::Region]]", Reference("t.yaml#Bucket", "Arn"), ()),
        ("!Sub '${Bucket}-${Other}'", None, ("", "-", "")),
        ("!Sub 'arn:aws:x:::${Bucket}/${Other}'", Reference("t.yaml#Other"), ("arn:aws:x:::", "/", "")),
    ],
)
def test_a_value_of_a_resource_keeps_which_one(
    template: Callable[..., Inventory], expression: str, reference: Reference | None, parts: tuple[str, ...]
) -> None:
    text = f"""
        Parameters: {{Attribute: {{Type: String, Default: Arn}}}}
        Resources:
          Bucket: {{Type: AWS::S3::Bucket, Properties: {{BucketName: literal}}}}
          Other: {{Type: AWS::SQS::Queue}}
          R: {{Type: Custom::T, Properties: {{P: {expression}}}}}
        """
    inventory = template(text)
    found = inventory.by_id["t.yaml#R"].properties["P"]
    assert isinstance(found, Unknown)
    assert found.present
    assert (found.reference, found.parts, found.reason.cause) == (reference, parts, Cause.ATTRIBUTE)
    assert not inventory.faults


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("!Ref Buckett", "no parameter or resource 'Buckett'; found Buckett; did you mean Bucket?"),
        ("!GetAtt Buckett.Arn", "no resource 'Buckett'; found Buckett; did you mean Bucket?"),
        ("!Sub '${Buckett}'", "no parameter or resource 'Buckett'"),
        ("!Sub '${Buckett.Arn}'", "no resource 'Buckett'"),
        ("!Ref AWS::Regionn", "did you mean AWS::Region?"),
        ("!Ref [a]", "Ref takes a name"),
        ("!GetAtt Bucket", "Fn::GetAtt takes a resource and an attribute"),
        ("!Sub [a]", "Fn::Sub takes a text"),
        ("!Join [a]", "Fn::Join takes a delimiter and a list"),
        ("!Join [a, b]", "Fn::Join takes a delimiter and a list"),
        ("!Split ['', b]", "Fn::Split takes a delimiter and a text"),
        ("!Select [3, [a]]", "Fn::Select takes element 3 of 1"),
        ("!Select [x, [a]]", "Fn::Select takes a whole number"),
        ("!FindInMap [Sizes, prodd, Class]", "no 'prodd' in mapping Sizes; found prodd; did you mean prod?"),
        ("!FindInMap [Size, prod, Class]", "did you mean Sizes?"),
        ("!FindInMap [Sizes]", "Fn::FindInMap takes a map and two keys"),
        ("!If [Maybe, 1, 2]", "no condition 'Maybe'"),
        ("!If [1, 2]", "Fn::If takes the name of a condition and two values"),
        ("!Cidr [10.0.0.0/24, 9, 5]", "Fn::Cidr takes 9 blocks of 8 in 10.0.0.0/24"),
        ("!Cidr [nonsense, 1, 5]", "Fn::Cidr: 'nonsense' does not appear to be"),
        ("{Fn::Lenght: [1]}", "no function Fn::Lenght; did you mean Fn::Length?"),
        ("{Fn::GetStackOutput: net.Vpc}", "Fn::GetStackOutput takes a StackName and an OutputName"),
        ("!Base64 [a]", "Fn::Base64 takes a text"),
        ("!GetAtt [[a], b]", "Fn::GetAtt takes a resource and an attribute"),
        ("!FindInMap [[a], b, c]", "Fn::FindInMap takes texts as keys"),
        ("{Fn::Length: text}", "Fn::Length takes a list"),
        ("{Fn::Join: ['', []], Other: 1}", "Fn::Join stands beside other keys"),
    ],
)
def test_what_cloudformation_would_refuse_is_a_fault_with_its_place(
    template: Callable[..., Inventory], expression: str, says: str
) -> None:
    text = f"""\
        Mappings: {{Sizes: {{prod: {{Class: large}}}}}}
        Resources:
          Bucket: {{Type: AWS::S3::Bucket}}
          R:
            Type: Custom::T
            Properties:
              P: {expression}
        """
    inventory = template(text)
    (fault,) = inventory.faults
    assert says in str(fault)
    assert (fault.file, fault.line) == ("t.yaml", 7)
    assert isinstance(inventory.by_id["t.yaml#R"].properties["P"], Unknown | Choice)


def test_pseudo_parameters_are_what_the_context_says(value: Evaluator) -> None:
    context: Any = {"account": "111122223333", "region": "eu-west-1"}
    text = "!Sub '${AWS::Partition}:${AWS::Region}:${AWS::AccountId}:${AWS::URLSuffix}'"
    assert value(text, **context) == "aws:eu-west-1:111122223333:amazonaws.com"
    assert value("!Ref AWS::Partition", region="cn-north-1") == "aws-cn"
    assert value("!Ref AWS::URLSuffix", region="cn-north-1") == "amazonaws.com.cn"
    assert value("!Ref AWS::Partition", region="us-gov-west-1") == "aws-us-gov"


def test_unknown_texts_with_other_holes_are_not_the_same_value(value: Evaluator) -> None:
    sections = "Parameters: {A: {Type: String}, B: {Type: String}, C: {Type: String}}\n"
    found = value("[!Sub '${A}-${B}', !Sub '${A}-${C}', !Sub '${A}-${B}', !Base64 {Ref: A}, !Ref A]", sections)
    assert isinstance(found, list)
    first, second, again, encoded, plain = found
    assert first == again
    assert first != second
    assert encoded != plain


def test_an_undeclared_name_may_be_a_parameter_where_that_is_asked_for(value: Evaluator) -> None:
    found = value("!Ref Nothing", undeclared_parameters=True)
    assert found == Unknown(Reason(Cause.PARAMETER, "Nothing", "parameter Nothing has no value"), present=True)


def test_yaml_reads_as_cloudformation_reads_it(value: Evaluator) -> None:
    """Its YAML is 1.1: yes and no are booleans, dates stay text; of two equal keys the last counts."""
    assert value("[yes, No, ON, off, 'yes', 2012-10-17, 0755, 098, y]") == [
        *(True, False, True, False),
        *("yes", "2012-10-17", 493, "098", "y"),
    ]
    assert value("{A: 1, A: 2}") == {"A": 2}
    assert value("{1: a, true: b}") == {"1": "a", "true": "b"}


def test_an_identifier_is_split_into_itself(template: Callable[..., Inventory]) -> None:
    inventory = template("""
        Resources:
          Group: {Type: AWS::EC2::SecurityGroup}
          Zone: {Type: AWS::Route53::HostedZone}
          R:
            Type: Custom::T
            Properties: {Id: !Split [",", !GetAtt Group.GroupId], Names: !Split [",", !GetAtt Zone.NameServers]}
        """)
    properties = inventory.by_id["t.yaml#R"].properties
    split = properties["Id"]
    assert isinstance(split, list)
    (only,) = split
    assert isinstance(only, Unknown)
    assert only.reference is not None
    assert isinstance(properties["Names"], Unknown)


def test_of_what_is_mapped_by_region_the_text_that_all_share_is_known(template: Callable[..., Inventory]) -> None:
    inventory = template("""
        Mappings:
          Services: {aws: {Ec2: ec2.amazonaws.com}, aws-cn: {Ec2: ec2.amazonaws.com.cn}}
          Images: {us-east-1: {Id: ami-1}, eu-west-1: {Id: ami-2}}
          Open: {us-east-1: {Id: "*"}, eu-west-1: {Id: "1"}}
        Resources:
          R:
            Type: Custom::T
            Properties:
              Service: !FindInMap [Services, !Ref AWS::Partition, Ec2]
              Image: !FindInMap [Images, !Ref AWS::Region, Id]
              Open: !FindInMap [Open, !Ref AWS::Region, Id]
              Text: !Sub ["<${i}>", {i: !FindInMap [Images, !Ref AWS::Region, Id]}]
        """)
    found = inventory.by_id["t.yaml#R"].properties
    parts = {name: each.parts for name, each in found.items() if isinstance(each, Unknown)}
    assert parts == {"Service": ("ec2.amazonaws.com", ""), "Image": ("ami-", ""), "Open": (), "Text": ("<ami-", ">")}
