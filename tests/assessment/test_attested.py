"""What persons sign answers where nothing automated does, until its day, and never outweighs what was found."""

import datetime
from dataclasses import replace

import pytest

from assay.assessment.attested import Attested, with_attestations
from assay.assessment.objectives import Applicability, ControlResult, ObjectiveResult, inherit
from assay.assessment.verdicts import Counts, Method, Verdict
from assay.governance.model import Layer
from assay.governance.repository import Repository, read_repository

TODAY = datetime.date(2026, 11, 25)
STATED = Attested(
    "data-can-be-recovered",
    "shop",
    "restored on 3 November",
    "ann",
    datetime.date(2026, 11, 3),
    datetime.date(2027, 1, 1),
)
ALONE = ObjectiveResult(
    "data-can-be-recovered",
    Applicability(True, "every workload"),
    Verdict.UNKNOWN,
    "no control serves it",
    Counts(),
    "none",
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    from tests.conftest import GOOD

    root = tmp_path_factory.mktemp("attested")
    for name, text in GOOD.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return read_repository(root)


def laid(
    repository: Repository, answer: ObjectiveResult, *attested: Attested, day: datetime.date = TODAY
) -> ObjectiveResult:
    (found,) = with_attestations(repository, "shop", [answer], attested, day)
    return found


def examined(verdict: Verdict, **counts: int) -> ObjectiveResult:
    found = Counts(**counts)
    return replace(
        ALONE, verdict=verdict, counts=found, controls=(ControlResult("bucket-has-versions", verdict, found, ()),)
    )


def test_alone_it_answers_until_its_day_and_is_named(repository: Repository) -> None:
    found = laid(repository, ALONE, STATED)
    assert found.verdict is Verdict.MET
    assert found.methods == (Method.ATTESTED,)
    assert found.attested_until == datetime.date(2027, 1, 1)
    assert found.reason == ("attested by ann: restored on 3 November (counts until 2027-01-01); no control examines it")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (datetime.date(2026, 12, 31), "counts until 2027-01-01"),
        (datetime.date(2027, 1, 1), "expired on 2027-01-01"),
        (datetime.date(2026, 11, 2), "counts from 2026-11-03"),
    ],
)
def test_its_days_are_half_open(repository: Repository, day: datetime.date, said: str) -> None:
    found = laid(repository, ALONE, STATED, day=day)
    assert found.verdict is (Verdict.MET if "until" in said else Verdict.UNKNOWN)
    assert said in found.reason
    assert bool(found.methods) is ("until" in said)


def test_an_unsigned_one_is_told_and_does_not_count(repository: Repository) -> None:
    found = laid(repository, ALONE, replace(STATED, unsigned="the public key of ann was not given"))
    assert found.verdict is Verdict.UNKNOWN
    assert "does not count: the public key of ann was not given" in found.reason


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (examined(Verdict.NOT_MET, not_met=1), "what was found contradicts it, and outweighs it"),
        (examined(Verdict.PARTLY_MET, met=1, not_met=1), "what was found contradicts it, and outweighs it"),
        (examined(Verdict.UNKNOWN, unknown=1), "it does not stand in for what the controls would have to show"),
        (examined(Verdict.MET, met=1), "attested by ann"),
    ],
)
def test_beside_controls_it_changes_no_verdict(repository: Repository, answer: ObjectiveResult, said: str) -> None:
    found = laid(repository, answer, STATED)
    assert found.verdict is answer.verdict
    assert said in found.reason
    assert Method.ATTESTED in found.methods


def test_it_is_about_one_place(repository: Repository) -> None:
    assert laid(repository, ALONE, replace(STATED, workload="")) == ALONE
    assert laid(repository, ALONE, replace(STATED, objective="another")) == ALONE


def test_where_it_does_not_apply_it_answers_nothing(repository: Repository) -> None:
    outside = replace(ALONE, applicability=Applicability(False, "stages: prod"), verdict=Verdict.NOT_APPLICABLE)
    assert laid(repository, outside, STATED) == outside
    undecided = replace(ALONE, applicability=Applicability(None, "workload.tier"))
    assert laid(repository, undecided, STATED).verdict is Verdict.UNKNOWN


def test_the_longest_of_several_carries_it(repository: Repository) -> None:
    longer = replace(STATED, by="bob", valid_until=datetime.date(2027, 6, 1))
    found = laid(repository, ALONE, STATED, longer)
    assert found.attested_until == datetime.date(2027, 6, 1)
    assert [each.partition(":")[0] for each in found.attested] == ["attested by bob", "attested by ann"]
    assert laid(repository, ALONE, STATED, longer, day=datetime.date(2027, 3, 1)).verdict is Verdict.MET


def test_workloads_inherit_what_the_organisation_has_attested(repository: Repository) -> None:
    given = inherit(ALONE, laid(repository, ALONE, STATED))
    assert given.verdict is Verdict.INHERITED
    assert given.attested == ("attested by ann: restored on 3 November (counts until 2027-01-01)",)


def test_where_it_is_undecided_whether_it_applies_that_is_said_first(repository: Repository) -> None:
    undecided = replace(ALONE, applicability=Applicability(None, "rule"))
    found = laid(repository, undecided, STATED)
    assert found.verdict is Verdict.UNKNOWN
    assert found.reason.startswith("whether it applies is undecided; attested by ann")


def test_one_that_counts_no_more_contradicts_nothing(repository: Repository) -> None:
    found = laid(repository, examined(Verdict.NOT_MET, not_met=1), STATED, day=STATED.valid_until)
    assert "contradicts" not in found.reason


def test_what_the_provider_answers_for_nobody_of_ours_attests(repository: Repository) -> None:
    """The reports of the provider answer it, as controls would: a statement stands beside them."""
    compiled = repository.objectives[ALONE.objective]
    inherited = replace(compiled, objective=replace(compiled.objective, layer=Layer.INHERITED))
    of_provider = replace(repository, objectives={ALONE.objective: inherited})
    found = laid(of_provider, ALONE, STATED)
    assert found.verdict is Verdict.UNKNOWN
    assert found.attested
