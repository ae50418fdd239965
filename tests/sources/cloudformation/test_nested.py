"""Stacks within stacks and included files, as far as they lie beside the template."""

from collections.abc import Callable

import pytest

from assay.inventory.resource import Inventory
from assay.inventory.values import Cause, Choice, Reference, Unknown

Folder = Callable[..., Inventory]
CHILD = """\
Parameters:
  Stage: {Type: String, Default: none}
  Bucket: {Type: String, Default: ''}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Stage}}
  Large: {Type: Custom::T, Condition: IsProd, Properties: {B: !Ref Bucket}}
Outputs:
  Arn: {Value: !GetAtt Queue.Arn}
  Stage: {Value: !Ref Stage}
"""


def _parent(url: str, parameters: str = "{}", more: str = "") -> str:
    return f"""\
Parameters: {{Stage: {{Type: String, Default: prod}}, Open: {{Type: String}}, Prefix: {{Type: String}}}}
Conditions: {{Has: !Equals [!Ref Open, a]}}
Resources:
  Bucket: {{Type: AWS::S3::Bucket}}
  Child: {{Type: AWS::CloudFormation::Stack, {more} Properties: {{TemplateURL: {url}, Parameters: {parameters}}}}}
  User: {{Type: Custom::T, Properties: {{Arn: !GetAtt Child.Outputs.Arn, Stage: !GetAtt Child.Outputs.Stage}}}}
"""


def _ids(inventory: Inventory) -> list[str]:
    return [each.id for each in inventory.resources]


def test_parameters_go_down_and_outputs_come_back(folder: Folder) -> None:
    files = {
        "main.yaml": _parent("./sub/child.yaml", "{Stage: !Ref Stage, Bucket: !Ref Bucket}"),
        "sub/child.yaml": CHILD,
    }
    inventory = folder(files)
    assert inventory.complete, (inventory.faults, inventory.gaps)
    assert _ids(inventory) == [
        "f/main.yaml#Bucket",
        "f/main.yaml#Child",
        "f/main.yaml#Child/Large",
        "f/main.yaml#Child/Queue",
        "f/main.yaml#User",
    ]
    queue, large = inventory.by_id["f/main.yaml#Child/Queue"], inventory.by_id["f/main.yaml#Child/Large"]
    assert queue.properties["QueueName"] == "prod"
    assert str(queue.position(("QueueName",))) == "f/sub/child.yaml:6"
    bucket = large.properties["B"]
    assert isinstance(bucket, Unknown)
    assert bucket.reference == Reference("f/main.yaml#Bucket")
    user = inventory.by_id["f/main.yaml#User"].properties
    assert user["Stage"] == "prod"
    assert isinstance(user["Arn"], Unknown)
    assert user["Arn"].reference == Reference("f/main.yaml#Child/Queue", "Arn")
    assert {(each.source, each.target) for each in inventory.relations} >= {
        ("f/main.yaml#User", "f/main.yaml#Child/Queue"),
        ("f/main.yaml#Child/Large", "f/main.yaml#Bucket"),
    }


@pytest.mark.parametrize(
    "url",
    [
        "child.yaml",
        "sub/../child.yaml",
        "file://child.yaml",
        "https://bucket.s3.amazonaws.com/some/prefix/child.yaml?versionId=1",
        "s3://bucket/child.yaml",
        "!Sub 'https://${Prefix}.s3.${AWS::Region}.amazonaws.com/templates/child.yaml'",
        "!Join ['', ['https://', !Ref Prefix, child.yaml]]",
    ],
)
def test_a_template_is_found_beside_the_one_that_nests_it(folder: Folder, url: str) -> None:
    inventory = folder({"main.yaml": _parent(url), "child.yaml": CHILD, "sub/x.yaml": "Resources: {}"}, "main.yaml")
    assert "f/main.yaml#Child/Queue" in inventory.by_id
    assert inventory.absent == (("f/main.yaml#Child/Large", "condition IsProd is false"),)
    assert inventory.complete


@pytest.mark.parametrize(
    "url",
    ["other.yaml", "../outside.yaml", "/etc/passwd", "!Ref Prefix", "!Sub '${Prefix}.yaml'", "'file:///etc/passwd'"],
)
def test_a_template_that_may_not_be_read_is_a_gap_and_its_outputs_are_unknown(folder: Folder, url: str) -> None:
    inventory = folder({"main.yaml": _parent(url), "../outside.yaml": CHILD, "child.yaml": CHILD}, "main.yaml")
    (gap,) = inventory.gaps
    assert (gap.subject, gap.reason.cause, gap.reason.subject) == ("f/main.yaml#Child", Cause.ELSEWHERE, "Child")
    assert not inventory.faults
    found = inventory.by_id["f/main.yaml#User"].properties["Arn"]
    assert isinstance(found, Unknown)
    assert found.reference == Reference("f/main.yaml#Child", "Outputs.Arn")


def test_a_folder_that_was_given_may_be_read_all_over(folder: Folder) -> None:
    inventory = folder({"stacks/main.yaml": _parent("../shared/child.yaml"), "shared/child.yaml": CHILD})
    assert "f/stacks/main.yaml#Child/Queue" in inventory.by_id
    assert not any(each.id.startswith("f/shared") for each in inventory.resources), "not judged again standing alone"


def test_one_template_nested_twice_is_two_stacks(folder: Folder) -> None:
    text = """\
        Resources:
          A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: child.yaml, Parameters: {Stage: a}}}
          B:
            Type: AWS::CloudFormation::Stack
            Properties: {TemplateURL: child.yaml, Parameters: {Stage: !GetAtt A.Outputs.Stage}}
        """
    inventory = folder({"main.yaml": text, "child.yaml": CHILD})
    names = {each.id: each.properties.get("QueueName") for each in inventory.of_type("AWS::SQS::Queue")}
    assert names == {"f/main.yaml#A/Queue": "a", "f/main.yaml#B/Queue": "a"}


def test_a_condition_of_the_stack_is_one_of_everything_in_it(folder: Folder) -> None:
    files = {"main.yaml": _parent("child.yaml", "{Stage: !Ref Open}", "Condition: Has,"), "child.yaml": CHILD}
    large = folder(files).by_id["f/main.yaml#Child/Large"].condition
    assert isinstance(large, Choice)
    assert large.variable == "f/main.yaml: parameter Open"
    outcomes = dict(large.options)
    assert not outcomes["any other value"]
    assert folder(files, parameters={"Open": "b"}).absent == (("f/main.yaml#Child", "condition Has is false"),)


def test_what_the_parent_does_not_know_is_undecided_below(folder: Folder) -> None:
    inventory = folder({"main.yaml": _parent("child.yaml", "{Stage: !Ref Open}"), "child.yaml": CHILD})
    condition = inventory.by_id["f/main.yaml#Child/Large"].condition
    assert isinstance(condition, Choice)
    assert condition.reason.subject == "Open"
    assert dict(condition.options) == {"prod": True, "any other value": False}
    passed = folder({"main.yaml": _parent("child.yaml", "!Ref Open"), "child.yaml": CHILD})
    assert isinstance(passed.by_id["f/main.yaml#Child/Queue"].properties["QueueName"], Unknown), "not the default"
    without = _parent("child.yaml", "{Stage: !If [Has, b, !Ref AWS::NoValue]}")
    name = folder({"main.yaml": without, "child.yaml": CHILD}).by_id["f/main.yaml#Child/Queue"].properties["QueueName"]
    assert isinstance(name, Choice)
    assert dict(name.options) == {"a": "b", "any other value": "none"}


def test_a_fault_of_a_nested_template_is_a_fault_of_its_file(folder: Folder) -> None:
    inventory = folder({"main.yaml": _parent("child.yaml"), "child.yaml": "Resources: [\n"})
    assert [each.file for each in inventory.faults] == ["f/child.yaml"]
    inventory = folder({"main.yaml": _parent("child.yaml"), "child.yaml": CHILD.replace("Arn:", "Urn:")})
    (fault,) = inventory.faults
    assert str(fault).startswith("f/main.yaml:6:")
    assert "stack f/main.yaml#Child has no output 'Arn'" in str(fault)


def test_a_parameter_that_the_nested_template_does_not_declare_is_a_fault(folder: Folder) -> None:
    (fault,) = folder({"main.yaml": _parent("child.yaml", "{Stagee: a}"), "child.yaml": CHILD}).faults
    assert "the nested template declares no parameter 'Stagee'; found Stagee; did you mean Stage?" in str(fault)


@pytest.mark.parametrize(
    "files",
    [
        {"a.yaml": _parent("a.yaml")},
        {"a.yaml": _parent("b.yaml"), "b.yaml": _parent("a.yaml")},
        {"a.yaml": _parent("b.yaml"), "b.yaml": _parent("b.yaml")},
    ],
)
def test_templates_that_nest_themselves_end(folder: Folder, files: dict[str, str]) -> None:
    inventory = folder(files)
    assert "f/a.yaml#Bucket" in inventory.by_id
    assert any("nested in itself" in str(gap.reason) for gap in inventory.gaps)


def test_a_stack_that_takes_its_own_output_ends(folder: Folder) -> None:
    files = {"main.yaml": _parent("child.yaml", "{Stage: !GetAtt Child.Outputs.Stage}"), "child.yaml": CHILD}
    assert isinstance(folder(files).by_id["f/main.yaml#Child/Queue"].properties["QueueName"], Unknown)


def test_an_application_of_a_serverless_template_is_a_nested_stack(folder: Folder) -> None:
    text = """\
        Transform: AWS::Serverless-2016-10-31
        Resources:
          App: {Type: AWS::Serverless::Application, Properties: {Location: child.yaml, Parameters: {Stage: prod}}}
        """
    inventory = folder({"main.yaml": text, "child.yaml": CHILD})
    assert inventory.by_id["f/main.yaml#App/Queue"].properties["QueueName"] == "prod"


def test_included_files_are_read_where_they_stand(folder: Folder) -> None:
    text = """\
        Resources:
          Fn::Transform: {Name: AWS::Include, Parameters: {Location: 's3://bucket/more.yaml'}}
          Api:
            Type: Custom::T
            Properties:
              Body: !Transform {Name: AWS::Include, Parameters: {Location: api.json}}
              Other: {A: 1, Fn::Transform: {Name: AWS::Include, Parameters: {Location: api.json}}}
              Gone: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: gone.json}}}
        """
    files = {
        "main.yaml": text,
        "more.yaml": "\nQueue:\n  Type: AWS::SQS::Queue\n",
        "api.json": '{"info":\n {"x": "y"}}',
    }
    inventory = folder(files)
    assert not inventory.faults
    assert inventory.complete
    properties = inventory.by_id["f/main.yaml#Api"].properties
    assert properties["Body"] == {"info": {"x": "y"}}
    assert properties["Other"] == {"A": 1, "info": {"x": "y"}}
    assert isinstance(properties["Gone"], Unknown)
    assert str(inventory.by_id["f/main.yaml#Api"].position(("Body", "info", "x"))) == "f/api.json:2"
    assert str(inventory.by_id["f/main.yaml#Queue"].origin.position) == "f/more.yaml:2"


def test_an_included_file_that_may_not_be_read_is_a_gap(folder: Folder) -> None:
    text = """\
        Transform: {Name: AWS::Include, Parameters: {Location: ../x.yaml}}
        Resources: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: x.yaml}}, R: {Type: Custom::T}}
        """
    inventory = folder({"main.yaml": text, "../x.yaml": "Resources: {Q: {Type: AWS::SQS::Queue}}"})
    assert [(gap.subject, gap.reason.cause) for gap in inventory.gaps] == [
        ("f/main.yaml: AWS::Include", Cause.ELSEWHERE)
    ]
    assert not inventory.faults
    assert _ids(inventory) == ["f/main.yaml#R"]


def test_an_included_file_that_is_malformed_is_a_fault_of_its_file(folder: Folder) -> None:
    include = "{Fn::Transform: {Name: AWS::Include, Parameters: {Location: x.json}}}"
    text = f"Resources: {{R: {{Type: Custom::T, Properties: {include}}}}}"
    inventory = folder({"main.yaml": text, "x.json": "{"})
    assert [each.file for each in inventory.faults] == ["f/x.json"]
