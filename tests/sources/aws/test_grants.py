"""The policy that the collector needs: right names, nothing but reading, within the quota, clean to our own linter."""

import json
import re

import pytest

from assay.inventory.schema import resource_schema, resource_types
from assay.permissions.lint import lint
from assay.permissions.parse import read_policy
from assay.permissions.policy import Kind
from assay.permissions.quotas import QUOTAS
from assay.sources.aws.grants import LARGEST, needed, policies
from assay.sources.aws.services import ENTRIES

READS = re.compile(r"[a-z0-9-]+:((Batch)?(Get|List|Describe|Search|Select|View)[A-Za-z0-9]*|GET)")
# Actions that no handler of CloudFormation needs; each stands in the Service Authorization Reference.
# https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
ELSEWHERE = frozenset(
    {
        "account:GetAlternateContact",
        "account:ListRegions",
        "codebuild:BatchGetProjects",
        "codebuild:ListProjects",
        "dax:DescribeClusters",
        "dax:ListTags",
        "dms:DescribeReplicationInstances",
        "ec2:DescribeSnapshotAttribute",
        "ec2:GetInstanceMetadataDefaults",
        "ecs:ListTaskDefinitionFamilies",
        "es:DescribeDomains",
        "es:DescribeElasticsearchDomains",
        "es:ListDomainNames",
        "glue:GetCrawlers",
        "glue:GetJobs",
        "iam:GetAccountAuthorizationDetails",
        "iam:GetAccountPasswordPolicy",
        "iam:GetAccountSummary",
        "s3:GetAccountPublicAccessBlock",
        "sagemaker:ListMonitoringSchedules",
    }
)


@pytest.fixture(scope="module")
def known() -> frozenset[str]:
    """The actions that the schemas of CloudFormation say their handlers need, in lower case."""
    handlers = (each for kind in resource_types() for each in _handlers(kind))
    return frozenset(action.casefold() for each in handlers for action in each.get("permissions", ()))


def _handlers(kind: str) -> list[dict[str, list[str]]]:
    return list((resource_schema(kind).document.get("handlers") or {}).values())


def test_every_action_exists(known: frozenset[str]) -> None:
    assert [each for each in needed(ENTRIES.values()) if each.casefold() not in known and each not in ELSEWHERE] == []


def test_nothing_but_reading_is_asked_for() -> None:
    assert [each for each in needed(ENTRIES.values()) if not READS.fullmatch(each)] == []


def test_nothing_that_reads_what_is_kept_in_a_resource_is_asked_for() -> None:
    kept = {
        "s3:GetObject",
        "secretsmanager:GetSecretValue",
        "ssm:GetParameter",
        "dynamodb:GetItem",
        "sqs:ReceiveMessage",
    }
    assert kept.isdisjoint(needed(ENTRIES.values()))


def test_every_operation_of_the_catalogue_is_allowed_once() -> None:
    found = policies(ENTRIES.values())
    allowed = [action for policy in found for each in policy["Statement"] for action in each["Action"]]
    assert sorted(allowed) == list(needed(ENTRIES.values()))


@pytest.mark.parametrize("largest", [LARGEST, 1000])
def test_the_policies_are_within_the_quota_and_nothing_is_wrong_with_them(largest: int) -> None:
    found = policies(ENTRIES.values(), largest)
    assert QUOTAS[Kind.IDENTITY].characters == LARGEST
    for policy in found:
        assert len(json.dumps(policy, separators=(",", ":"))) <= largest
        reading = read_policy(json.dumps(policy).encode(), "collector.json", Kind.IDENTITY)
        assert reading.policy is not None
        assert reading.document is not None
        assert (*reading.findings, *lint(reading.policy, reading.document)) == ()
    assert len(found) == 1 or largest < LARGEST or sum(map(len, map(json.dumps, found))) > LARGEST
