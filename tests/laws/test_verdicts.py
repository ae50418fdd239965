"""Laws of the verdicts: unknown never passes, nothing empty passes, exceptions hide nothing, sums keep their parts."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from assay.assessment.assess import overall
from assay.assessment.evaluation import Evaluation, Place, counts_on, lay_exceptions
from assay.assessment.verdicts import Counts, Verdict, aggregate, from_kleene
from assay.governance.model import ApprovedException, ExceptionScope

SINGLE = (Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN, Verdict.NOT_APPLICABLE, Verdict.EXCEPTED)
truths = st.sampled_from([True, False, None])
verdicts = st.sampled_from(SINGLE)
days = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1))


@given(truths, truths, truths, truths)
def test_learning_more_never_turns_one_decided_verdict_into_another(
    unless: bool | None, require: bool | None, later_unless: bool | None, later_require: bool | None
) -> None:
    before = from_kleene(unless, require)
    after = from_kleene(
        later_unless if unless is None else unless,
        later_require if require is None else require,
    )
    assert before is Verdict.UNKNOWN or before is after


@given(st.lists(verdicts), st.booleans())
def test_an_aggregate_passes_only_if_every_part_does_and_all_was_read(parts: list[Verdict], complete: bool) -> None:
    verdict = aggregate(Counts.of(parts), complete=complete)
    assert verdict.passes == (complete and all(each.passes for each in parts))


@given(st.lists(verdicts))
def test_an_aggregate_says_met_only_over_something(parts: list[Verdict]) -> None:
    verdict = aggregate(Counts.of(parts), complete=True)
    assert verdict is not Verdict.MET or Verdict.MET in parts
    assert (verdict is Verdict.NOT_APPLICABLE) == all(each is Verdict.NOT_APPLICABLE for each in parts)


@given(st.lists(verdicts), st.lists(verdicts))
def test_counts_add_up(left: list[Verdict], right: list[Verdict]) -> None:
    total = Counts.of(left) + Counts.of(right)
    assert total == Counts.of(left + right)
    assert total.total == len(left) + len(right)
    assert total.applicable + total.not_applicable == total.total


@given(st.lists(st.sampled_from(list(Verdict)), min_size=1))
def test_the_whole_passes_only_if_every_part_does(parts: list[Verdict]) -> None:
    assert overall(parts).passes == all(each.passes for each in parts)


def test_nothing_at_all_is_unknown() -> None:
    assert overall([]) is Verdict.UNKNOWN


def exception(approved: datetime.date, expires: datetime.date, **scope: str) -> ApprovedException:
    return ApprovedException(
        id="x",
        scope=ExceptionScope(**scope),
        reason="r",
        compensating_control="c",
        requester="a",
        approver="b",
        approved=approved,
        expires=expires,
    )


@given(verdicts.filter(lambda each: each is not Verdict.EXCEPTED), days, days, days)
def test_an_exception_changes_no_verdict_and_counts_by_the_clock_alone(
    verdict: Verdict, approved: datetime.date, expires: datetime.date, today: datetime.date
) -> None:
    granted = exception(approved, expires, control="c")
    (laid,) = lay_exceptions(
        [Evaluation("c", "r", verdict)],
        [granted],
        place=Place("w", "prod"),
        objective_of={"c": "o"},
        names={"r": "Name"},
        today=today,
    )
    assert laid.verdict is verdict
    wanted = verdict in (Verdict.NOT_MET, Verdict.UNKNOWN) and approved <= today < expires
    assert bool(laid.exception) == wanted == (laid.effective is Verdict.EXCEPTED)
    assert counts_on(granted, today) == (approved <= today < expires)


def test_an_exception_for_nothing_in_particular_covers_nothing() -> None:
    today = datetime.date(2026, 1, 1)
    forever = exception(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1), stage="prod")
    (laid,) = lay_exceptions(
        [Evaluation("c", "r", Verdict.NOT_MET)],
        [forever],
        place=Place("w", "prod"),
        objective_of={},
        names={},
        today=today,
    )
    assert laid.effective is Verdict.NOT_MET
