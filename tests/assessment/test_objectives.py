"""How evaluations become the answer for an objective: what decides, what stays open, what is said of it."""

import pytest

from assay.assessment.evaluation import Evaluation
from assay.assessment.objectives import Applicability, ObjectiveResult, applicability, inherit, result
from assay.assessment.verdicts import Counts, Verdict, aggregate, from_kleene
from assay.expressions import Environment, parse
from assay.governance.compiled import CompiledObjective
from assay.governance.model import Domain, Layer, Objective, Scope
from assay.governance.profiles import WORKLOAD
from assay.governance.responsibilities import Share
from assay.inventory.values import Cause, Reason, Unknown

APPLIES = Applicability(True, "every workload")
UNDECIDED = Applicability(None, "workload.tier == 'high'", (Reason(Cause.PARAMETER, "Tier"),))
BUCKETS = (("c", "AWS::S3::Bucket"),)
FACTS = (("c", "Assay::Account"),)


def compiled(scope: Scope = Scope.WORKLOAD, applies: str = "", stages: tuple[str, ...] = ()) -> CompiledObjective:
    objective = Objective("o", "O", "It is so.", Domain.DATA, scope, Layer.PRODUCT, applies=applies, stages=stages)
    return CompiledObjective(objective, parse(applies, Environment({"workload": WORKLOAD})) if applies else None)


def answer(
    *verdicts: Verdict,
    scope: Scope = Scope.WORKLOAD,
    decided: Applicability = APPLIES,
    controls: tuple[tuple[str, str], ...] = BUCKETS,
    complete: bool = True,
) -> ObjectiveResult:
    evaluations = {"c": [Evaluation("c", f"r{index}", each) for index, each in enumerate(verdicts)]}
    return result(compiled(scope), decided, controls, evaluations, complete=complete, examined=7)


@pytest.mark.parametrize(
    ("unless", "require", "verdict"),
    [
        (None, True, Verdict.UNKNOWN),
        (None, False, Verdict.UNKNOWN),
        (None, None, Verdict.UNKNOWN),
        (True, True, Verdict.NOT_APPLICABLE),
        (True, False, Verdict.NOT_APPLICABLE),
        (True, None, Verdict.NOT_APPLICABLE),
        (False, True, Verdict.MET),
        (False, False, Verdict.NOT_MET),
        (False, None, Verdict.UNKNOWN),
    ],
)
def test_two_truths_make_one_verdict(unless: bool | None, require: bool | None, verdict: Verdict) -> None:
    assert from_kleene(unless, require) is verdict


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        (Counts(met=2), Verdict.MET),
        (Counts(met=2, not_applicable=1), Verdict.MET),
        (Counts(met=2, excepted=1), Verdict.EXCEPTED),
        (Counts(excepted=1), Verdict.EXCEPTED),
        (Counts(met=2, excepted=1, unknown=1), Verdict.UNKNOWN),
        (Counts(met=2, not_met=1, unknown=1), Verdict.PARTLY_MET),
        (Counts(not_met=1, unknown=1, excepted=1), Verdict.NOT_MET),
        (Counts(not_applicable=3), Verdict.NOT_APPLICABLE),
        (Counts(), Verdict.NOT_APPLICABLE),
    ],
)
def test_what_passes_by_an_exception_is_not_called_met(counts: Counts, verdict: Verdict) -> None:
    assert aggregate(counts, complete=True) is verdict
    assert aggregate(counts, complete=False) is (verdict if counts.not_met else Verdict.UNKNOWN)


@pytest.mark.parametrize(
    ("verdicts", "verdict"),
    [
        ((Verdict.MET,), Verdict.UNKNOWN),
        ((Verdict.NOT_MET,), Verdict.UNKNOWN),
        ((Verdict.MET, Verdict.NOT_MET), Verdict.UNKNOWN),
        ((Verdict.NOT_APPLICABLE,), Verdict.NOT_APPLICABLE),  # whether it applies changes nothing here
        ((), Verdict.NOT_APPLICABLE),
    ],
)
def test_an_objective_that_may_not_apply_is_evaluated_and_stays_open(
    verdicts: tuple[Verdict, ...], verdict: Verdict
) -> None:
    found = answer(*verdicts, decided=UNDECIDED)
    assert found.verdict is verdict
    assert found.counts.total == len(verdicts)
    assert "whether it applies is undecided" in found.reason


def test_what_does_not_apply_is_not_counted() -> None:
    found = answer(Verdict.NOT_MET, decided=Applicability(False, "stages: prod"))
    assert (found.verdict, found.counts, found.depth) == (Verdict.NOT_APPLICABLE, Counts(), "none")
    assert found.reason == "does not apply: stages: prod"


@pytest.mark.parametrize(
    ("scope", "controls", "verdicts", "verdict"),
    [
        (Scope.WORKLOAD, BUCKETS, (), Verdict.NOT_APPLICABLE),
        (Scope.ORGANISATION, BUCKETS, (), Verdict.UNKNOWN),
        (Scope.ORGANISATION, BUCKETS, (Verdict.NOT_APPLICABLE,), Verdict.NOT_APPLICABLE),
        (Scope.ORGANISATION, FACTS, (), Verdict.NOT_APPLICABLE),
        (Scope.ORGANISATION, (*BUCKETS, ("d", "Assay::Account")), (), Verdict.UNKNOWN),
        (Scope.ORGANISATION, (), (), Verdict.UNKNOWN),
        (Scope.WORKLOAD, (), (), Verdict.UNKNOWN),
    ],
)
def test_nothing_found_is_an_answer_only_where_all_there_is_was_seen(
    scope: Scope, controls: tuple[tuple[str, str], ...], verdicts: tuple[Verdict, ...], verdict: Verdict
) -> None:
    assert answer(*verdicts, scope=scope, controls=controls).verdict is verdict


@pytest.mark.parametrize(
    ("verdicts", "complete", "depth"),
    [
        ((Verdict.MET,), True, "operation"),
        ((Verdict.NOT_MET,), True, "operation"),
        ((Verdict.MET,), False, "design"),
        ((Verdict.MET, Verdict.UNKNOWN), True, "design"),
        ((Verdict.NOT_APPLICABLE,), True, "design"),
        ((), True, "design"),
    ],
)
def test_the_depth_is_operation_only_when_the_whole_population_is_known(
    verdicts: tuple[Verdict, ...], complete: bool, depth: str
) -> None:
    assert answer(*verdicts, complete=complete).depth == depth
    assert answer(controls=()).depth == "none"


def test_what_could_not_be_read_is_said_and_makes_every_control_open() -> None:
    found = answer(Verdict.MET, complete=False)
    assert found.verdict is Verdict.UNKNOWN
    assert found.controls[0].verdict is Verdict.UNKNOWN
    assert found.reason == "1 of 1 met; part of the workload could not be read"


def test_exceptions_count_as_such_and_not_as_the_verdict_under_them() -> None:
    evaluations = {"c": [Evaluation("c", "r", Verdict.NOT_MET, exception="e"), Evaluation("c", "s", Verdict.MET)]}
    found = result(compiled(), APPLIES, BUCKETS, evaluations, complete=True, examined=2)
    assert found.counts == Counts(met=1, excepted=1)
    assert found.verdict is Verdict.EXCEPTED
    assert found.reason == "1 of 2 met, 1 excepted"


@pytest.mark.parametrize(
    ("stages", "stage", "applies"),
    [((), "test", True), (("prod",), "prod", True), (("prod",), "test", False), (("prod",), "", True)],
)
def test_an_objective_of_some_stages_does_not_apply_at_the_others(
    stages: tuple[str, ...], stage: str, applies: bool
) -> None:
    assert applicability(compiled(stages=stages), {}, stage).applies is applies


def test_what_is_not_known_of_a_workload_leaves_open_whether_the_objective_applies() -> None:
    tier = Unknown(Reason(Cause.PARAMETER, "Tier", "nobody has said the tier"))
    found = applicability(compiled(applies="workload.tier == 'high'"), {"tier": tier}, "prod")
    assert found.applies is None
    assert [str(each) for each in found.reasons] == [str(tier.reason)]


@pytest.mark.parametrize(
    ("central", "verdict"),
    [
        (Verdict.MET, Verdict.INHERITED),
        (Verdict.EXCEPTED, Verdict.INHERITED),
        (Verdict.INHERITED, Verdict.INHERITED),
        (Verdict.NOT_MET, Verdict.NOT_MET),
        (Verdict.PARTLY_MET, Verdict.PARTLY_MET),
        (Verdict.UNKNOWN, Verdict.UNKNOWN),
        (Verdict.NOT_APPLICABLE, Verdict.NOT_APPLICABLE),
    ],
)
def test_a_workload_inherits_what_is_met_and_shares_everything_else(central: Verdict, verdict: Verdict) -> None:
    share = Share("S3", (), (), ())
    shared = ObjectiveResult("o", APPLIES, central, "2 of 2 met", Counts(met=2), "operation", shares=(share,))
    found = inherit(answer(), shared)
    assert found.verdict is verdict
    assert (found.provider, found.reason, found.shares) == ("organisation", "organisation: 2 of 2 met", (share,))


def test_what_is_proved_to_fail_fails_also_where_nothing_was_found_to_examine() -> None:
    """An organisation without a trail in sight is unknown; one whose guardrails let it be deleted fails already."""
    for verdict, expected in ((Verdict.NOT_MET, Verdict.NOT_MET), (Verdict.MET, Verdict.UNKNOWN)):
        proofs = {"i": [Evaluation("i", "Assay::Account/a", verdict)]}
        found = result(compiled(Scope.ORGANISATION), APPLIES, BUCKETS, proofs, complete=True, examined=7, proven=("i",))
        assert found.verdict is expected


@pytest.mark.parametrize(
    ("controls", "proved", "reason"),
    [
        (BUCKETS, Verdict.MET, "0 of 7 resources are of type AWS::S3::Bucket; proved: 1 of 1 met"),
        (BUCKETS, Verdict.NOT_APPLICABLE, "0 of 7 resources are of type AWS::S3::Bucket; proved: none of 1 subjects "),
        ((), Verdict.MET, "proved: 1 of 1 met; no control examines it"),
    ],
)
def test_what_is_proved_has_a_figure_of_its_own(
    controls: tuple[tuple[str, str], ...], proved: Verdict, reason: str
) -> None:
    proofs = {"i": [Evaluation("i", "Assay::Account/a", proved)]}
    found = result(compiled(), APPLIES, controls, proofs, complete=True, examined=7, proven=("i",))
    assert found.reason.startswith(reason)


def test_of_many_types_three_are_named_and_the_rest_counted() -> None:
    for count, said in ((3, "A0, A1, A2"), (5, "A0, A1, A2 and 2 more types")):
        controls = tuple((f"c{number}", f"A{number}") for number in range(count))
        assert answer(controls=controls).reason == f"0 of 7 resources are of type {said}"
