"""Declared beside deployed: who is who, and what came of each."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from assay.assessment.drift import Drift, Outcome, drift
from assay.assessment.joining import Way
from assay.inventory.normalise import normalise
from assay.inventory.resource import Origin, Position, Resource
from assay.inventory.values import Cause, Reason, Unknown

ACCOUNT, REGION = "111111111111", "eu-west-1"
BUCKET, TABLE, ROLE, GROUP = "AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::IAM::Role", "AWS::EC2::SecurityGroup"


def declared(name: str, kind: str = BUCKET, file: str = "t.yaml", **properties: Any) -> Resource:
    origin = Origin("cloudformation", Position(file, 1), ACCOUNT, REGION)
    return Resource(f"{file}#{name}", kind, name, properties, origin)


def live(name: str, kind: str = BUCKET, tags: Mapping[str, str] | None = None, **properties: Any) -> Resource:
    region = "global" if kind == ROLE else REGION
    origin = Origin("aws_config", Position("live.json", 1), ACCOUNT, region)
    if tags is not None:
        properties["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
    return Resource(f"{ACCOUNT}/{region}/{kind}/{name}", kind, name, properties, origin)


def of(stack: str, logical: str) -> dict[str, str]:
    return {"aws:cloudformation:stack-name": stack, "aws:cloudformation:logical-id": logical}


def came(
    here: Iterable[Resource], there: Iterable[Resource], *, listed: bool = True, gone: Mapping[str, str] | None = None
) -> Drift:
    return drift(
        normalise(here).resources,
        normalise(there).resources,
        {ACCOUNT},
        lambda *_: listed,
        lambda *_: None,
        gone or {},
    )


def outcomes(*arguments: Any, **more: Any) -> dict[str, Outcome]:
    return {each.resource.name: each.outcome for each in came(*arguments, **more).found}


def test_by_the_tags_of_the_stack() -> None:
    here = [declared("Data"), declared("Logs")]
    there = [live("x", tags=of("shop", "Data")), live("y", tags=of("shop", "Logs"))]
    found = came(here, there).found
    assert [(each.resource.name, each.live and each.live.name, each.way) for each in found] == [
        ("Data", "x", Way.TAGS),
        ("Logs", "y", Way.TAGS),
    ]


def test_two_stacks_of_like_templates_are_told_apart_by_what_fits_most() -> None:
    here = [declared("Data"), declared("Logs")]
    there = [
        live("x", tags=of("shop", "Data")),
        live("y", tags=of("shop", "Logs")),
        live("z", tags=of("other", "Data")),
    ]
    assert outcomes(here, there)["z"] is Outcome.ELSEWHERE
    assert came(here, there).found[0].live.name == "x"  # type: ignore[union-attr]
    assert came(here[::-1], there[::-1]) == came(here, there)


def test_by_the_name_that_the_template_gives() -> None:
    (found,) = came([declared("Data", BucketName="acme-data")], [live("acme-data", BucketName="acme-data")]).found
    assert (found.outcome, found.way) == (Outcome.IN_SYNC, Way.NAME)


def test_by_the_name_that_cloudformation_makes() -> None:
    name = "shop-Worker-1ABCDEFGHIJK2"
    (found,) = came([declared("Worker", ROLE)], [live(name, ROLE, RoleName=name)]).found
    assert (found.outcome, found.way) == (Outcome.IN_SYNC, Way.MADE_NAME)
    two = [live(name, ROLE, RoleName=name), live("web-Worker-1ABCDEFGHIJK2", ROLE, RoleName="web-Worker-1ABCDEFGHIJK2")]
    assert outcomes([declared("Worker", ROLE)], two)["Worker"] is Outcome.NOT_CHECKED


@pytest.mark.parametrize(
    ("there", "why"),
    [
        ([], "there is no AWS::S3::Bucket beyond those of other declarations"),
        ([live("other", BucketName="other")], "no AWS::S3::Bucket has the name acme-data"),
    ],
)
def test_missing(there: list[Resource], why: str) -> None:
    found = came([declared("Data", BucketName="acme-data")], there).found[0]
    assert (found.outcome, found.why) == (Outcome.MISSING, why)


def test_missing_from_a_stack_that_is_there() -> None:
    here = [declared("Data"), declared("Logs")]
    found = outcomes(here, [live("x", tags=of("shop", "Data")), live("hand-made", tags={})])
    assert found["Logs"] is Outcome.MISSING
    unread = live("unread", Tags=Unknown(Reason(Cause.DENIED, "tags")))
    assert outcomes(here, [live("x", tags=of("shop", "Data")), unread])["Logs"] is Outcome.NOT_CHECKED


def test_what_a_source_says_is_deleted_is_missing() -> None:
    gone = {f"{ACCOUNT}/{REGION}/{BUCKET}/acme-data": "deleted, as recorded 2026-11-20"}
    found = came([declared("Data", BucketName="acme-data")], [], listed=False, gone=gone).found[0]
    assert (found.outcome, found.why) == (Outcome.MISSING, "deleted, as recorded 2026-11-20")


def test_not_listed_is_not_missing() -> None:
    found = came([declared("Data", BucketName="acme-data")], [], listed=False).found[0]
    assert found.outcome is Outcome.NOT_CHECKED
    assert "does not say that it has every AWS::S3::Bucket" in found.why


def test_unmanaged() -> None:
    assert outcomes([], [live("scratch", tags={"team": "x"})]) == {"scratch": Outcome.UNMANAGED}
    assert outcomes([], [live("scratch", tags=of("their-stack", "Data"))]) == {"scratch": Outcome.ELSEWHERE}
    assert outcomes([declared("Data")], [live("x", tags=of("shop", "Data")), live("y", tags=of("shop", "Old"))]) == {
        "Data": Outcome.IN_SYNC,
        "y": Outcome.UNMANAGED,  # its stack's template does not have it any more
    }


def test_where_a_source_shows_no_stacks_nothing_is_unmanaged() -> None:
    """Some handlers of Cloud Control leave out the tags of stacks; a resource that has them shows that they do not."""

    def through_cloud_control(each: Resource) -> Resource:
        return replace(each, origin=replace(each.origin, source="cloud_control"))

    scratch, other = (through_cloud_control(live(name, tags=tags)) for name, tags in (("s", {}), ("o", of("x", "Y"))))
    assert outcomes([], [scratch]) == {"s": Outcome.UNKNOWN}
    assert outcomes([], [scratch, other]) == {"s": Outcome.UNMANAGED, "o": Outcome.ELSEWHERE}


def test_what_could_be_declared_is_not_unmanaged() -> None:
    plain = live("scratch", tags={})
    assert outcomes([declared("Data")], [plain])["scratch"] is Outcome.UNKNOWN
    unread = live("scratch", Tags=Unknown(Reason(Cause.DENIED, "tags")))
    assert outcomes([], [unread]) == {"scratch": Outcome.UNKNOWN}
    role = live("hand-made", ROLE, tags={})  # roles do not show their stack
    assert outcomes([], [role]) == {"hand-made": Outcome.UNKNOWN}


@pytest.mark.parametrize(
    "made",
    [
        live("AWSServiceRoleForConfig", ROLE, Path="/aws-service-role/config.amazonaws.com/"),
        live("AWSServiceRoleForConfig", ROLE),
        live("sso", ROLE, Path="/aws-reserved/sso.amazonaws.com/"),
        live("sg-1", GROUP, GroupName="default", tags={}),
        live("vpc-1", "AWS::EC2::VPC", IsDefault=True, tags={}),
    ],
)
def test_what_aws_makes_is_told_apart(made: Resource) -> None:
    assert outcomes([], [made]) == {made.name: Outcome.OF_AWS}


def test_parts_are_compared_within_their_owner() -> None:
    here = [
        declared("Data", BucketName="acme-data"),
        declared("Policy", "AWS::S3::BucketPolicy", Bucket="acme-data", PolicyDocument={"Statement": []}),
    ]
    there = [live("acme-data", BucketName="acme-data", Policy=None)]
    found = outcomes(here, there)
    assert found["Policy"] is Outcome.PART
    assert found["Data"] is Outcome.DRIFTED


def test_live_resources_of_other_accounts_are_not_looked_at() -> None:
    other = live("scratch", tags={})
    moved = Resource(
        other.id, other.type, other.name, other.properties, Origin("x", Position("l"), "222222222222", REGION)
    )
    assert came([], [moved]).found == ()


def test_every_resource_has_exactly_one_outcome() -> None:
    here = [declared("Data"), declared("Logs"), declared("Worker", ROLE), declared("Odd", "Custom::Thing")]
    there = [live("x", tags=of("shop", "Data")), live("y", tags={}), live("z", ROLE), live("q", "Not::A::Type")]
    found = came(here, there).found
    assert sorted(each.declared.id for each in found if each.declared) == sorted(each.id for each in here)
    assert sorted(each.live.id for each in found if each.live) == sorted(each.id for each in there)


def test_only_a_security_group_is_in_every_vpc_for_being_called_default() -> None:
    made = live("d", "AWS::ElastiCache::SubnetGroup", GroupName="default", tags={})
    assert outcomes([], [made]) != {"d": Outcome.OF_AWS}


def test_of_a_stack_that_is_declared_it_is_said_that_the_resource_is_not() -> None:
    there = [live("x", tags=of("shop", "Data")), live("y", tags=of("shop", "More")), live("z", tags=of("web", "Q"))]
    said = {each.resource.name: each.why for each in came([declared("Data")], there).found}
    assert said["y"] == "stack shop: its stack is declared, and this resource is not"
    assert said["z"] == "stack web: its stack is not among the templates"
