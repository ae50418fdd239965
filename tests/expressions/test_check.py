"""What is wrong with an expression is said when it is read, with its place and the nearest right name."""

import pytest

from assay.expressions import Environment, parse
from assay.expressions.check import ExpressionFaults, Issue
from assay.expressions.tree import Select, walk
from assay.inventory.schema import ANY, INTEGER, STRING, Kind, object_of, resource_schema
from assay.inventory.values import Cause, Unknown, Value


def environment(kind: str) -> Environment:
    given = object_of(days=INTEGER)
    return Environment({"resource": resource_schema(kind).properties, "params": given, "today": STRING})


def issues(text: str, kind: str = "AWS::RDS::DBInstance") -> tuple[Issue, ...]:
    with pytest.raises(ExpressionFaults) as caught:
        parse(text, environment(kind))
    return caught.value.issues


def absent(text: str, kind: str) -> Value:
    """What the outermost property of a text reads as when it is absent."""
    root = parse(text, environment(kind), expects=ANY).root
    assert isinstance(root, Select)
    return root.absent


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("resource.StorageEncrypte", "has no property 'StorageEncrypte'", "did you mean StorageEncrypted?"),
        ("resource.storageencrypted", "has no property", "did you mean StorageEncrypted?"),
        ("resource.Tags.Key == 'a'", "list of AWS::RDS::DBInstance/#Tag has no property 'Key'", "exists()"),
        ("resource.Tags.exists(t, t.Kei == 'a')", "has no property 'Kei'", "did you mean Key?"),
        ("resource.Engine.Name == 'a'", "a string has no property", ""),
        ("resource['StorageEncrypte']", "has no property", "StorageEncrypted"),
        ("params.day > 1", "'params' has no property 'day'", "did you mean days?"),
        ("resourc.MultiAZ", "unknown variable 'resourc'", "did you mean resource?"),
        ("x", "unknown variable 'x'", "there are params, resource, today"),
        ("opensPrt(resource, 22)", "unknown function 'opensPrt'", "did you mean opensPort?"),
        ("frobnicate(1)", "unknown function", "docs/functions.md"),
        ("opensPort(resource)", "opensPort takes 2 arguments, not 1", ""),
        ("size(resource.Tags, 1) > 0", "size takes 1 argument, not 2", ""),
        ("isAnywhere(resource.MultiAZ)", "the cidr of isAnywhere is of type string, not boolean", ""),
        ("resource.BackupRetentionPeriod == '7'", "never equals", ""),
        ("resource.Engine == 5", "a string never equals an integer", 'write "5"'),
        ("resource.MultiAZ == 'true'", "a boolean never equals a string", ""),
        ("resource.MultiAZ == null", "a boolean is never null", "has()"),
        ("resource.Tags == 'a'", "never equals", ""),
        ("resource.Tags < resource.Tags", "has no order", ""),
        ("resource.BackupRetentionPeriod > 'a'", "never before or after", ""),
        ("resource.BackupRetentionPeriod", "an integer is neither true nor false", "compare it"),
        ("resource.Tags", "neither true nor false", "elements"),
        ("resource.Engine && true", "a string is neither true nor false", "has()"),
        ("!resource.Engine", "a string is neither true nor false", ""),
        ("resource.MultiAZ ? 1 : 'a'", "one branch is", ""),
        ("resource.MultiAZ + 1 > 0", "cannot calculate with a boolean", ""),
        ("'a' in resource.Engine", "nothing is in a string", "contains()"),
        ("1 in resource.EnableCloudwatchLogsExports", "is never in", ""),
        ("resource.EnableCloudwatchLogsExports.contains('audit')", "contains is about text", "exists()"),
        ("resource.Tags['a'] == 'b'", "has no property", "[0]"),
        ("resource.MultiAZ.all(x, true)", "a boolean has no elements", ""),
        ("resource.Tags.all(t, t.Key)", "neither true nor false", ""),
        ("resource.Tags.map(t, t.Key, t.Value).size() > 0", "neither true nor false", ""),
        ("resource.Tags.exists(resource, true)", "'resource' is in use", "another name"),
        ("resource.Tags.exists(t, resource.Tags.exists(t, true))", "'t' is in use", ""),
        ("resource.Engine.matches('(')", "is no regular expression", "RE2"),
        ("resource.Engine.matches('(?=a)')", "is no regular expression", ""),
        ("today > timestamp('2026-01-01T00:00:00Z')", "timestamp is not supported", "ISO"),
        ("duration('1h') > duration('2h')", "duration is not supported", ""),
        ("resource.BackupRetentionPeriod > 1u", "uint is not supported", ""),
        ("b'a' == b'a'", "bytes is not supported", ""),
        ("{1: 2}.size() > 0", "keys of a map are text", ""),
        ("all(resource.Tags, true)", "all is not called so", ""),
        ("resource.MultiAZ &&", "", ""),
    ],
)
def test_a_mistake_is_named_with_what_to_do(text: str, message: str, remedy: str) -> None:
    (issue, *_) = issues(text)
    assert message in issue.message
    assert remedy in issue.remedy


def test_a_parameter_that_is_not_declared_is_a_mistake() -> None:
    with pytest.raises(ExpressionFaults, match="'params' has no property 'days' it has none"):
        parse("params.days > 1", Environment({"params": object_of()}))


def test_every_mistake_is_reported_with_its_place() -> None:
    found = issues("resource.A\n  && resource.MultiAZ == 1\n  && nothing()")
    assert [(each.line, each.column) for each in found] == [(1, 9), (2, 14), (3, 13)]


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("resource.VersioningConfiguration.Status == 'enabled'", "is never 'enabled'", "did you mean Enabled?"),
        ("'enabled' != resource.VersioningConfiguration.Status", "is never 'enabled'", "dyn(property)"),
        ("resource.VersioningConfiguration.Status in ['Enabled', 'On']", "is never 'On'", "it allows"),
    ],
)
def test_a_value_that_the_schema_does_not_allow_is_a_mistake(text: str, message: str, remedy: str) -> None:
    (issue,) = issues(text, "AWS::S3::Bucket")
    assert message in issue.message
    assert remedy in issue.remedy


@pytest.mark.parametrize(
    "text",
    [
        "resource.VersioningConfiguration.Status == 'Enabled'",
        "resource.VersioningConfiguration.Status == ''",
        "dyn(resource.VersioningConfiguration.Status) == 'Locked'",
        "resource.VersioningConfiguration.Status in ['Enabled', 'Suspended']",
        "lowerAscii(resource.VersioningConfiguration.Status) == 'enabled'",
    ],
)
def test_a_value_newer_than_the_schema_is_said_with_dyn(text: str) -> None:
    assert parse(text, environment("AWS::S3::Bucket"))


@pytest.mark.parametrize(
    "text",
    [
        "resource.Policy.Statement.exists(s, grants(s, 's3GetObject'))",
        "resource.Policy.Statement.exists(s, grantsAnyAction(s, ['s3:GetObject', 'GetObject']))",
        "resource.Policy.Statement.exists(s, trustsOutside(s, ['12345']))",
        "within(resource.BucketName, '10.0.0/8')",
        "opensPort(resource, 65536)",
        "versionAtLeast(resource.BucketName, 'twelve')",
        "pastEndOfSupport('lamda', resource.BucketName, today)",
    ],
)
def test_a_literal_argument_that_can_mean_nothing_is_a_mistake(text: str) -> None:
    (issue,) = issues(text, "AWS::S3::Bucket")
    assert "is not" in issue.message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("target(resource.KmsKeyId, 'AWS::KMS::Kye').Enabled", "there is no resource type"),
        ("target(resource.KmsKeyId, resource.Engine).Enabled", "literal texts"),
        ("target(resource.VPCSecurityGroups, 'AWS::EC2::SecurityGroup').GroupName == ''", "target takes text"),
        ("targets(resource.KmsKeyId, 'AWS::KMS::Key').size() > 0", "targets takes a list"),
        ("referrers(resource.Engine, 'AWS::RDS::DBProxy', 'DBProxyName').size() > 0", "those of a resource"),
        ("referrers(resource, 'AWS::RDS::DBProxy', 'ProxyName').size() > 0", "has no property 'ProxyName'"),
        ("target(resource.KmsKeyId, 'AWS::KMS::Key').Enable", "AWS::KMS::Key has no property 'Enable'"),
    ],
)
def test_a_relation_that_leads_nowhere_is_a_mistake(text: str, message: str) -> None:
    assert any(message in each.message for each in issues(text))


@pytest.mark.parametrize(
    "text",
    [
        " + ".join(["1"] * 400) + " > 0",
        "(" * 3000 + "true" + ")" * 3000,
        "[" * 40 + "]" * 40 + " == []",
        "size(" * 200 + "'a'" + ")" * 200 + " > 0",
        "".join(f"[1].exists(x{index}, " for index in range(30)) + "true" + ")" * 30,
        "resource" + ".Tags" * 500,
    ],
)
def test_what_is_nested_too_deep_is_a_mistake(text: str) -> None:
    assert any("deep" in each.message for each in issues(text))


def test_many_operands_are_not_deep() -> None:
    assert parse(" && ".join(["resource.MultiAZ"] * 200), environment("AWS::RDS::DBInstance"))


# What an absent property reads as: the service table, else unknown where AWS sets it, else the type's zero.


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("resource.MultiAZ", "AWS::RDS::DBInstance", False),
        ("resource.MonitoringInterval", "AWS::RDS::DBInstance", 0),
        ("resource.KmsKeyId", "AWS::RDS::DBInstance", ""),
        ("resource.Tags", "AWS::RDS::DBInstance", []),
        ("resource.VersioningConfiguration", "AWS::S3::Bucket", {}),
        ("resource.VersioningConfiguration.Status", "AWS::S3::Bucket", ""),
        ("resource.PublicAccessBlockConfiguration.BlockPublicAcls", "AWS::S3::Bucket", False),
        ("resource.Path", "AWS::IAM::Role", "/"),
        ("params.days", "AWS::IAM::Role", 0),
    ],
)
def test_absent_reads_as_the_platform_s_default_or_zero(text: str, kind: str, expected: Value) -> None:
    assert absent(text, kind) == expected


@pytest.mark.parametrize(
    ("text", "kind", "cause"),
    [
        ("resource.Arn", "AWS::IAM::Role", Cause.ATTRIBUTE),
        ("resource.Endpoint.Address", "AWS::RDS::DBInstance", Cause.ATTRIBUTE),
        ("resource.Encrypted", "AWS::EC2::Volume", Cause.UNDOCUMENTED),
        ("resource.MetadataOptions.HttpTokens", "AWS::EC2::Instance", Cause.UNDOCUMENTED),
    ],
)
def test_absent_is_unknown_where_aws_decides(text: str, kind: str, cause: Cause) -> None:
    value = absent(text, kind)
    assert isinstance(value, Unknown)
    assert value.reason.cause is cause


def test_reads_are_the_properties_of_the_judged_resource_only() -> None:
    text = (
        "resource.Tags.exists(t, t.Key == 'a') && target(resource.KmsKeyId, 'AWS::KMS::Key').Enabled "
        "&& has(resource.Engine) && params.days > 1"
    )
    reads = parse(text, environment("AWS::RDS::DBInstance")).reads
    assert reads == {("Tags",), ("Tags", "*", "Key"), ("KmsKeyId",), ("Engine",)}


def test_a_map_s_key_is_read_as_a_property() -> None:
    root = parse("resource.Parameters['rds.force_ssl'] == '1'", environment("AWS::RDS::DBParameterGroup")).root
    (path,) = (each.path for each in walk(root) if isinstance(each, Select) and each.field == "rds.force_ssl")
    assert path == "Parameters.rds.force_ssl"


def test_numbers_join_to_numbers_and_unlike_things_to_anything() -> None:
    assert parse("[1, 2.5]", Environment({}), expects=ANY).root.type.items is not None
    kinds = [parse(text, Environment({}), expects=ANY).root.type.items for text in ("[1, 2]", "[1, 2.5]", "[1, 'a']")]
    assert [each.kind for each in kinds if each] == [Kind.INTEGER, Kind.NUMBER, Kind.ANY]
