"""The tables against the services' own APIs: each attribute that a table names is one of the described resource.

AWS Config gives resources as the services describe them. A maximal sample of each description is made from the models
that botocore ships; a misspelt path finds nothing in it, and a value in the wrong place does not fit the schema.
"""

import gzip
import importlib.util
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from assay.inventory.coerce import coerce
from assay.inventory.observed import observed
from assay.inventory.schema import fields_of
from assay.inventory.values import Cause, Unknown
from assay.sources.aws_config.items import Item
from assay.sources.aws_config.mapping import at, translated
from assay.sources.aws_config.services import ENTRIES, registered

# Type → service, operation, where in its output one resource stands.
DESCRIBED = {
    "AWS::ACM::Certificate": ("acm", "DescribeCertificate", "Certificate"),
    "AWS::ApiGateway::RestApi": ("apigateway", "GetRestApi", ""),
    "AWS::ApiGateway::Stage": ("apigateway", "GetStage", ""),
    "AWS::ApiGatewayV2::Api": ("apigatewayv2", "GetApi", ""),
    "AWS::ApiGatewayV2::Stage": ("apigatewayv2", "GetStage", ""),
    "AWS::AutoScaling::AutoScalingGroup": ("autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups"),
    "AWS::AutoScaling::LaunchConfiguration": ("autoscaling", "DescribeLaunchConfigurations", "LaunchConfigurations"),
    "AWS::CloudFront::Distribution": ("cloudfront", "GetDistribution", "Distribution"),
    "AWS::CloudTrail::Trail": ("cloudtrail", "DescribeTrails", "trailList"),
    "AWS::CloudWatch::Alarm": ("cloudwatch", "DescribeAlarms", "MetricAlarms"),
    "AWS::CodeBuild::Project": ("codebuild", "BatchGetProjects", "projects"),
    "AWS::CodePipeline::Pipeline": ("codepipeline", "GetPipeline", ""),
    "AWS::DynamoDB::Table": ("dynamodb", "DescribeTable", "Table"),
    "AWS::EC2::EIP": ("ec2", "DescribeAddresses", "Addresses"),
    "AWS::EC2::FlowLog": ("ec2", "DescribeFlowLogs", "FlowLogs"),
    "AWS::EC2::Instance": ("ec2", "DescribeInstances", "Reservations.Instances"),
    "AWS::EC2::InternetGateway": ("ec2", "DescribeInternetGateways", "InternetGateways"),
    "AWS::EC2::NatGateway": ("ec2", "DescribeNatGateways", "NatGateways"),
    "AWS::EC2::NetworkAcl": ("ec2", "DescribeNetworkAcls", "NetworkAcls"),
    "AWS::EC2::NetworkInterface": ("ec2", "DescribeNetworkInterfaces", "NetworkInterfaces"),
    "AWS::EC2::RouteTable": ("ec2", "DescribeRouteTables", "RouteTables"),
    "AWS::EC2::SecurityGroup": ("ec2", "DescribeSecurityGroups", "SecurityGroups"),
    "AWS::EC2::Subnet": ("ec2", "DescribeSubnets", "Subnets"),
    "AWS::EC2::VPC": ("ec2", "DescribeVpcs", "Vpcs"),
    "AWS::EC2::VPCEndpoint": ("ec2", "DescribeVpcEndpoints", "VpcEndpoints"),
    "AWS::EC2::Volume": ("ec2", "DescribeVolumes", "Volumes"),
    "AWS::ElasticLoadBalancing::LoadBalancer": ("elb", "DescribeLoadBalancers", "LoadBalancerDescriptions"),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": ("elbv2", "DescribeLoadBalancers", "LoadBalancers"),
    "AWS::Elasticsearch::Domain": ("es", "DescribeElasticsearchDomain", "DomainStatus"),
    "AWS::IAM::Group": ("iam", "GetAccountAuthorizationDetails", "GroupDetailList"),
    "AWS::IAM::Policy": ("iam", "GetAccountAuthorizationDetails", "Policies"),
    "AWS::IAM::Role": ("iam", "GetAccountAuthorizationDetails", "RoleDetailList"),
    "AWS::IAM::User": ("iam", "GetAccountAuthorizationDetails", "UserDetailList"),
    "AWS::KMS::Key": ("kms", "DescribeKey", "KeyMetadata"),
    "AWS::Lambda::Function": ("lambda", "GetFunctionConfiguration", ""),
    "AWS::RDS::DBCluster": ("rds", "DescribeDBClusters", "DBClusters"),
    "AWS::RDS::DBClusterSnapshot": ("rds", "DescribeDBClusterSnapshots", "DBClusterSnapshots"),
    "AWS::RDS::DBInstance": ("rds", "DescribeDBInstances", "DBInstances"),
    "AWS::RDS::DBSnapshot": ("rds", "DescribeDBSnapshots", "DBSnapshots"),
    "AWS::RDS::DBSubnetGroup": ("rds", "DescribeDBSubnetGroups", "DBSubnetGroups"),
    "AWS::RDS::EventSubscription": ("rds", "DescribeEventSubscriptions", "EventSubscriptionsList"),
    "AWS::Redshift::Cluster": ("redshift", "DescribeClusters", "Clusters"),
    "AWS::Redshift::ClusterParameterGroup": ("redshift", "DescribeClusterParameterGroups", "ParameterGroups"),
    "AWS::SecretsManager::Secret": ("secretsmanager", "DescribeSecret", ""),
}
# In the registry's spelling: the names are the schema's own.
REGISTERED = {each.type for each in registered.TABLE}
# Their attributes are free names (SNS, SQS), or stand in the supplementary configuration (S3).
WITHOUT_MODEL = {"AWS::S3::Bucket", "AWS::SNS::Topic", "AWS::SQS::Queue"}

# AWS Config adds these to what the API describes.
ADDED = {"AWS::IAM::Role": {"Description", "MaxSessionDuration"}, "AWS::Lambda::Function": {"CodeSigningConfigArn"}}


@lru_cache(maxsize=64)
def _model(service: str) -> Mapping[str, Any]:
    found = importlib.util.find_spec("botocore")
    assert found is not None
    assert found.submodule_search_locations
    folder = Path(found.submodule_search_locations[0]) / "data" / service
    (path,) = sorted(folder.glob("*/service-2.json*"))[-1:]
    data = path.read_bytes()
    model: dict[str, Any] = json.loads(gzip.decompress(data) if path.suffix == ".gz" else data)
    return model


def _sample(kind: str) -> Any:
    service, operation, path = DESCRIBED[kind]
    shapes = _model(service)["shapes"]
    name = _model(service)["operations"][operation]["output"]["shape"]
    for step in path.split(".") if path else ():
        name = shapes[name]["members"][step]["shape"]
        name = shapes[name]["member"]["shape"] if shapes[name]["type"] == "list" else name
    return _filled(shapes, name, ())


def _filled(shapes: Mapping[str, Any], name: str, above: tuple[str, ...]) -> Any:
    """Return a value with every member of a shape, its names beginning in lower case as AWS Config's do."""
    shape = shapes[name]
    if name in above:
        return None
    inner = (*above, name)
    match shape["type"]:
        case "structure":
            members = shape["members"].items()
            return {key[0].lower() + key[1:]: _filled(shapes, each["shape"], inner) for key, each in members}
        case "list":
            return [_filled(shapes, shape["member"]["shape"], inner)]
        case "map":
            return {"*/*": _filled(shapes, shape["value"]["shape"], inner)}
        case "boolean":
            return True
        case "integer" | "long" | "double" | "float":
            return 7
        case _:
            return shape["enum"][0] if "enum" in shape else "7"  # text that is a number fits both


def _item(kind: str) -> Item:
    configuration = _sample(kind)
    if kind == "AWS::SecretsManager::Secret":  # given in the registry's spelling
        configuration = {key[0].upper() + key[1:]: value for key, value in configuration.items()}
    arn = "arn:aws:apigateway:eu-west-1::/restapis/a/stages/b"
    return Item(kind, "a", "a", arn, "1", "eu-west-1", "OK", "", configuration, {}, {}, 1)


def test_every_table_has_a_model_or_a_reason_for_none() -> None:
    assert DESCRIBED.keys() | WITHOUT_MODEL | REGISTERED == ENTRIES.keys()


@pytest.mark.parametrize("kind", sorted(DESCRIBED))
def test_every_attribute_that_a_table_names_is_described_by_the_service(kind: str) -> None:
    entry, configuration = ENTRIES[kind], _item(kind).configuration
    paths = {**{name: name for name in entry.same}, **entry.rows, **entry.maybe}
    missing = {
        name for name, path in paths.items() if not path.startswith("+") and at(configuration, path) in (None, [])
    }
    assert missing <= ADDED.get(kind, set())


@pytest.mark.parametrize("kind", sorted(DESCRIBED))
def test_what_is_translated_fits_the_schema(kind: str) -> None:
    entry = ENTRIES[kind]
    properties, carried = translated(_item(kind), entry)
    fields = fields_of(entry.becomes)
    assert properties.keys() <= carried <= fields.keys()
    for name, value in properties.items():
        assert not list(_malformed(coerce(value, fields[name]), (name,))), name


@pytest.mark.parametrize("kind", sorted(DESCRIBED))
def test_no_value_in_any_place_of_a_description_ends_the_reader(kind: str) -> None:
    whole = _item(kind)
    for path in _paths(whole.configuration):
        for odd in (None, 7, "x", [7], {"a": [7]}):
            item = replace(whole, configuration=_with(whole.configuration, path, odd))
            properties, carried = translated(item, ENTRIES[kind])
            observed(ENTRIES[kind].becomes, properties, "AWS Config", carried)
            if make := ENTRIES[kind].parts:
                assert all(part.id for part in make(item))


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        if len(path) < 4:
            yield (*path, key)
            yield from _paths(each, (*path, key))


def _with(value: Any, path: tuple[str | int, ...], odd: Any) -> Any:
    """Return a copy of a value with another one at a path."""
    if not path:
        return odd
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _with(value[path[0]], path[1:], odd)
    return copy


def _malformed(value: Any, path: tuple[str | int, ...]) -> Any:
    if (
        isinstance(value, Unknown)
        and value.reason.cause is Cause.MALFORMED
        and value.reason.subject != "policy document"
    ):
        yield path, str(value.reason)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _malformed(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _malformed(each, (*path, index))
