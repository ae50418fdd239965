"""Properties that no resource of the type has: named with their place and the right name, and judged by nobody."""

from pathlib import Path

import pytest

from assay.inventory.unrecognised import unrecognised
from assay.sources.cloudformation import Context, read_text

TEMPLATE = """\
Parameters: {Which: {Type: String, AllowedValues: [a, b]}}
Conditions: {IsA: !Equals [!Ref Which, a]}
Resources:
  Bucket:
    Type: AWS::S3::Bucket
    Properties:
      %s
"""


@pytest.mark.parametrize(
    ("stated", "message", "line"),
    [
        ("BucketEncrytion: {}", "BucketEncrytion is no property of AWS::S3::Bucket; did you mean BucketEncryption?", 7),
        (
            "LifecycleConfiguration:\n        Rules:\n          - {Id: a}\n          - {Status: Enabled, Expires: 1}",
            "LifecycleConfiguration.Rules.Expires is no property of AWS::S3::Bucket",
            10,
        ),
        (
            "VersioningConfiguration: !If [IsA, {status: Enabled}, !Ref AWS::NoValue]",
            "VersioningConfiguration.status is no property of AWS::S3::Bucket; did you mean Status?",
            7,
        ),
        ("Zzz: 1", "Zzz is no property of AWS::S3::Bucket", 7),
    ],
)
def test_a_stranger_is_named_with_its_place(stated: str, message: str, line: int) -> None:
    (found,) = unrecognised(read_text((TEMPLATE % stated).encode(), "t.yaml", Context()))
    assert found.message.startswith(message)
    assert found.position.line == line


def test_what_the_schema_has_free_objects_folded_parts_and_unknown_types_are_no_strangers() -> None:
    stated = "Tags: [{Key: a, Value: b}]"
    more = """\
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties: {Bucket: !Ref Bucket, PolicyDocument: {Version: 2012-10-17, Statement: []}}
  Function:
    Type: AWS::Lambda::Function
    Properties: {Environment: {Variables: {ANY_NAME: 1}}}
  Own: {Type: Custom::Thing, Properties: {Any: 1}}
"""
    assert unrecognised(read_text((TEMPLATE % stated + more).encode(), "t.yaml", Context())) == ()


def test_a_list_says_it_once() -> None:
    stated = "Tags: [{Key: a, value: b}, {Key: c, value: d}]"
    assert len(unrecognised(read_text((TEMPLATE % stated).encode(), "t.yaml", Context()))) == 1


def test_the_example_organisation_has_none() -> None:
    from assay.sources.cloudformation import read

    templates = Path(__file__).parents[2] / "examples/acme/templates"
    assert unrecognised(read([templates], Context())) == ()
