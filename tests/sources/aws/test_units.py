"""Units are collected whole or not at all; what belongs to no region is asked once, the organisation in one account."""

import threading
from collections.abc import Mapping
from typing import Any

import pytest
from tests.sources.aws.stand_in import Answer, StandIn, denied, expired

from assay.sources.aws.calls import Kind, Request
from assay.sources.aws.services import ENTRIES
from assay.sources.aws.units import Crew, Done, units

ONE, TWO, REGIONS = "111111111111", "222222222222", ("eu-west-1", "us-east-1")
KINDS = ("AWS::KMS::Key", "AWS::IAM::Group", "AWS::IAM::User", "AWS::Organizations::Organization")
ANSWERS: Mapping[str, Answer] = {
    "kms:ListKeys": {"Keys": []},
    "iam:GetAccountAuthorizationDetails": {"UserDetailList": [], "GroupDetailList": []},
    "organizations:DescribeOrganization": denied("it"),
}


def _wanted(*kinds: str) -> list[Any]:
    entries = [ENTRIES[each] for each in kinds or KINDS]
    return list(units(entries, {ONE: REGIONS, TWO: REGIONS[:1]}, home="us-east-1", management=TWO))


def test_there_is_a_unit_for_each_service_of_each_place() -> None:
    assert sorted(each.name for each in _wanted()) == [
        f"{ONE}/eu-west-1/kms",
        f"{ONE}/global/iam:global",
        f"{ONE}/us-east-1/kms",
        f"{TWO}/eu-west-1/kms",
        f"{TWO}/global/iam:global",
        f"{TWO}/global/organizations:organisation",
    ]


def test_accounts_take_turns_within_a_service() -> None:
    assert [each.place.account for each in _wanted("AWS::IAM::User")] == [ONE, TWO]


def test_every_unit_is_kept_once_also_one_that_was_denied() -> None:
    kept: list[Done] = []
    port = StandIn(ANSWERS)
    assert Crew(port, lambda: "now", 4).collect(_wanted(), kept.append) is None
    assert sorted(each.unit.name for each in kept) == sorted(each.name for each in _wanted())
    gaps = [gap for each in kept for _, collected in each.collected for gap in collected.gaps]
    assert [gap.subject for gap in gaps] == [f"{TWO}/global/AWS::Organizations::Organization"]
    assert {each.region for each in port.asked if each.service == "iam"} == {"us-east-1"}


def test_when_credentials_expire_no_unit_is_kept_by_halves_and_none_is_begun() -> None:
    kept: list[Done] = []
    answered = threading.Event()

    def last(request: Request) -> Any:
        answered.set()
        return expired()

    port = StandIn({**ANSWERS, "iam:GetAccountAuthorizationDetails": last})
    ended = Crew(port, lambda: "now", 1).collect(_wanted("AWS::IAM::User", "AWS::KMS::Key"), kept.append)
    assert ended is not None
    assert ended.kind is Kind.EXPIRED
    assert "expired" in str(ended)
    assert not any(each.unit.service == "iam" for each in kept)
    assert port.count("GetAccountAuthorizationDetails") == 1


def test_a_crew_that_is_stopped_asks_nothing_more() -> None:
    kept: list[Done] = []
    port = StandIn(ANSWERS)
    crew = Crew(port, lambda: "now", 2)
    crew.stopped.set()
    assert crew.collect(_wanted(), kept.append) is None
    assert (kept, port.asked) == ([], [])


def test_many_more_units_than_workers_are_all_collected() -> None:
    accounts = {f"{number:012}": ("eu-west-1",) for number in range(100)}
    wanted = units([ENTRIES["AWS::KMS::Key"]], accounts, home="us-east-1")
    kept: list[Done] = []
    assert Crew(StandIn(ANSWERS), lambda: "now", 3).collect(wanted, kept.append) is None
    assert len({each.unit.name for each in kept}) == 100


def test_what_keeping_a_unit_raises_ends_the_collection_and_is_not_lost() -> None:
    def keep(_: Done) -> None:
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space left"):
        Crew(StandIn(ANSWERS), lambda: "now", 2).collect(_wanted(), keep)
