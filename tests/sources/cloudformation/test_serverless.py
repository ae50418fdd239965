"""Serverless resources become what they stand for."""

import sys
from collections.abc import Callable

import pytest

from assay.inventory.resource import Inventory
from assay.inventory.values import Cause, Reference, Unknown

Reader = Callable[..., Inventory]
FUNCTION = """\
Transform: AWS::Serverless-2016-10-31
Parameters:
  Memory: {Type: Number}
  Secret: {Type: String, NoEcho: true, Default: x}
Globals:
  Function:
    Tracing: Active
    Timeout: 5
Conditions: {Has: !Equals [!Ref Memory, '1']}
Resources:
  A: {Type: AWS::Serverless::SimpleTable}
  Fn:
    Type: AWS::Serverless::Function
    Condition: Has
    DeletionPolicy: Retain
    Properties:
      CodeUri: ./src
      Handler: app.run
      Runtime: python3.13
      MemorySize: !Ref Memory
      Policies: [AmazonS3ReadOnlyAccess, {SQSSendMessagePolicy: {QueueName: !GetAtt Queue.QueueName}}]
      Environment: {Variables: {S: !Ref Secret, T: !Ref Table}}
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get}}
  Queue: {Type: AWS::SQS::Queue}
  Table:
    Type: AWS::Serverless::SimpleTable
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
"""


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    from assay.sources.cloudformation import Context, read_text

    found = read_text(FUNCTION.encode(), "t.yaml", Context(parameters={"Secret": "hunter2"}))
    assert found.complete, (found.faults, found.gaps)
    return found


def test_a_function_becomes_what_it_needs(inventory: Inventory) -> None:
    types = {each.name: each.type for each in inventory.resources}
    assert types["Fn"] == "AWS::Lambda::Function"
    assert types["FnRole"] == "AWS::IAM::Role"
    assert types["ServerlessRestApi"] == "AWS::ApiGateway::RestApi"
    assert types["Table"] == "AWS::DynamoDB::Table"
    assert not any(each.startswith("AWS::Serverless") for each in types.values())


def test_what_is_generated_points_at_the_resource_that_made_it(inventory: Inventory) -> None:
    lines = {each.name: each.origin.position.line for each in inventory.resources}
    assert (lines["Fn"], lines["FnRole"], lines["ServerlessRestApi"], lines["Queue"]) == (12, 12, 12, 25)
    function = inventory.by_id["t.yaml#Fn"]
    assert function.position(("Runtime",)).line == 19
    assert function.position(("Timeout",)).line == 8, "where Globals states it"
    assert function.position(("TracingConfig",)).line == 17, "of another name: where the properties begin"
    assert function.position(("Environment", "Variables", "S")).line == 22


def test_conditions_and_policies_of_deletion_survive(inventory: Inventory) -> None:
    assert inventory.by_id["t.yaml#Fn"].attributes["DeletionPolicy"] == "Retain"
    table = inventory.by_id["t.yaml#Table"]
    assert (table.attributes["DeletionPolicy"], table.attributes["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert inventory.by_id["t.yaml#Fn"].condition == inventory.by_id["t.yaml#FnRole"].condition != True  # noqa: E712


def test_globals_and_managed_policies_count(inventory: Inventory) -> None:
    assert inventory.by_id["t.yaml#Fn"].properties["TracingConfig"] == {"Mode": "Active"}
    arns = inventory.by_id["t.yaml#FnRole"].properties["ManagedPolicyArns"]
    assert isinstance(arns, list)
    assert "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess" in arns


def test_what_is_unknown_stays_unknown(inventory: Inventory) -> None:
    properties = inventory.by_id["t.yaml#Fn"].properties
    memory, code = properties["MemorySize"], properties["Code"]
    assert isinstance(memory, Unknown)
    assert memory.reason.subject == "Memory"
    assert isinstance(code, Unknown), "nobody knows where the code will lie before it is packaged"
    assert (code.reason.cause, code.present) == (Cause.ENVIRONMENT, True)
    variables = properties["Environment"]
    assert isinstance(variables, dict)
    table = variables["Variables"]["T"]
    assert isinstance(table, Unknown)
    assert table.reference == Reference("t.yaml#Table")
    assert "hunter2" not in repr(inventory)


def test_a_resource_that_cannot_be_translated_is_a_gap_and_the_others_are_read(template: Reader) -> None:
    text = """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Bad: {Type: AWS::Serverless::Function, Properties: {Handler: a.b}}
          Good: {Type: AWS::Serverless::SimpleTable}
          Queue: {Type: AWS::SQS::Queue}
          User: {Type: Custom::T, Properties: {P: !GetAtt Bad.Arn}}
        """
    found = template(text)
    (gap,) = found.gaps
    assert (gap.subject, gap.reason.cause) == ("t.yaml#Bad", Cause.MACRO)
    assert {each.name for each in found.resources} == {"Good", "Queue", "User"}
    assert not found.faults


def test_an_application_of_the_repository_is_a_gap_and_asks_nobody(template: Reader) -> None:
    text = """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          App:
            Type: AWS::Serverless::Application
            Properties:
              Location: {ApplicationId: 'arn:aws:serverlessrepo:us-east-1:1:applications/a', SemanticVersion: 1.0.0}
        """
    found = template(text)
    assert [gap.subject for gap in found.gaps] == ["t.yaml#App"]
    assert [each.type for each in found.resources] == ["AWS::CloudFormation::Stack"]


def test_a_template_that_is_not_serverless_does_not_load_the_translator(template: Reader) -> None:
    before = {name for name in sys.modules if name.startswith("samtranslator")}
    template("Resources: {R: {Type: Custom::T}}")
    assert {name for name in sys.modules if name.startswith("samtranslator")} == before
