"""Laws 2 and 7 on answers: of a boolean or a number that AWS leaves out, no entry makes one by comparing nothing."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from tests.sources.aws.stand_in import StandIn, refused

from assay.assessment.assess import evaluate_all
from assay.assessment.verdicts import Verdict
from assay.governance.knowledge import knowledge
from assay.inventory.normalise import normalise
from assay.sources.aws.collecting import Asking
from assay.sources.aws.entry import Call, Entry
from assay.sources.aws.paths import Eyes, Place
from assay.sources.aws.reading import at, read
from assay.sources.aws.services import ENTRIES

NOW = datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)
PLACE = Place("111122223333", "eu-west-1")
SAID = ("||", "!= `null`", "`true`")
"""What an entry says on purpose of what is left out: a default, that being there is the fact, that an answer is."""


def _made_of_nothing(kind: str) -> Iterator[str]:
    steps: tuple[Entry | Call, ...] = (ENTRIES[kind], *ENTRIES[kind].calls)
    for step in steps:
        found, _ = read(kind, step, {}, Eyes.at(PLACE).find)
        for path, expression in step.rows.items():
            if isinstance(at(found, path), bool | int | float) and not any(each in expression for each in SAID):
                yield f"{path}: {expression}"


@pytest.mark.parametrize("kind", sorted(ENTRIES))
def test_nothing_is_neither_true_nor_false(kind: str) -> None:
    assert list(_made_of_nothing(kind)) == []


def _judged(kind: str, answers: Mapping[str, Any]) -> Mapping[str, Verdict]:
    found = Asking(ENTRIES[kind], StandIn(answers), PLACE, lambda: "2026-11-25T08:00:00Z").collect()
    known = knowledge(None)
    controls = [each for each in known.controls.values() if each.control.resource == kind]
    return {
        each.control: each.verdict
        for each in evaluate_all(controls, normalise(found.resources), known.params, NOW.date())
    }


def test_a_summary_that_does_not_speak_of_the_root_user_clears_him_of_nothing() -> None:
    verdicts = _judged("Assay::RootUser", {"iam:GetAccountSummary": {"SummaryMap": {"Users": 1}}})
    assert set(verdicts.values()) == {Verdict.UNKNOWN}


def test_a_user_with_a_password_has_one_whatever_is_said_about_changing_it() -> None:
    user = {
        "UserName": "ann",
        "Path": "/",
        "UserId": "AIDA",
        "Arn": "arn:aws:iam::111122223333:user/ann",
        "CreateDate": "2026-01-01T00:00:00Z",
    }
    profile = {"UserName": "ann", "CreateDate": "2026-01-01T00:00:00Z"}
    listed = {"iam:GetAccountAuthorizationDetails": {"UserDetailList": [user]}}
    has = _judged("AWS::IAM::User", {**listed, "iam:GetLoginProfile": {"LoginProfile": profile}})
    none = _judged("AWS::IAM::User", {**listed, "iam:GetLoginProfile": refused("NoSuchEntity")})
    assert (has["iam-user-has-no-password"], none["iam-user-has-no-password"]) == (Verdict.NOT_MET, Verdict.MET)
