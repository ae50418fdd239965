"""The one context that feeds every format: figures that add up, and nothing lost."""

from collections import Counter

from assay.assessment.appropriateness import Kind
from assay.assessment.evaluation import Evaluation
from assay.assessment.verdicts import Counts, Verdict
from assay.expressions import Evidence
from assay.governance.model import Domain
from assay.inventory.resource import Inventory, Origin, Position, Resource
from assay.inventory.values import Cause, Choice, Reason, Reference, Unknown
from assay.reports.context import ReportContext
from assay.reports.explanation import explain


def test_the_counts_of_the_whole_are_those_of_its_rows(acme: ReportContext) -> None:
    assert acme.counts == Counts.of(row.effective for row in acme.rows)
    assert acme.counts.total == sum(len(section.rows) for section in acme.sections)


def test_the_example_organisation_shows_every_verdict(acme: ReportContext) -> None:
    seen = {row.verdict for section in acme.sections for row in section.objectives}
    seen |= {row.effective for row in acme.rows}
    assert seen == set(Verdict)


def test_the_example_organisation_shows_every_appropriateness_finding(acme: ReportContext) -> None:
    found = {each.kind for each in acme.inappropriate}
    found |= {each.kind for section in acme.sections for each in section.inappropriate}
    assert found == set(Kind)


def test_every_objective_is_answered_once_in_every_section(acme: ReportContext) -> None:
    for section in acme.sections:
        assert max(Counter(row.id for row in section.objectives).values()) == 1
    workloads = [section for section in acme.sections if section.id]
    assert len({frozenset(row.id for row in section.objectives) for section in workloads}) == 1


def test_every_domain_has_an_objective(acme: ReportContext) -> None:
    assert {row.domain for section in acme.sections for row in section.objectives} == set(Domain)


def test_every_row_has_a_place_in_a_file(acme: ReportContext) -> None:
    for row in acme.rows:
        assert row.position.file, row
        assert row.position.line > 0, row


def test_every_unknown_says_why_and_every_failure_what_to_do(acme: ReportContext) -> None:
    for row in acme.rows:
        assert row.verdict is not Verdict.UNKNOWN or row.explanation, row
        assert row.verdict is not Verdict.NOT_MET or row.remedy, row


def test_an_exception_is_laid_over_and_the_verdict_stays(acme: ReportContext) -> None:
    laid = [row for row in acme.rows if row.exception]
    assert laid
    assert all(row.effective is Verdict.EXCEPTED and row.verdict is not Verdict.MET for row in laid)


def test_what_looks_like_a_secret_is_in_no_explanation(acme: ReportContext, hostile: ReportContext) -> None:
    said = " ".join(row.explanation for context in (acme, hostile) for row in context.rows)
    assert "hunter2" not in said
    assert "pk_live" not in said
    assert "hidden: looks like a secret" in said


def test_a_malformed_file_makes_the_whole_answer_no_pass(hostile: ReportContext) -> None:
    faulty = {fault.file.rsplit("/", 1)[-1] for fault in hostile.faults}
    assert faulty == {"broken.yaml", "template.yaml"}  # the latter for a name that is none
    assert not hostile.verdict.passes


def said(*evidence: Evidence) -> str:
    return explain(Evaluation("c", "t.yaml#A", Verdict.NOT_MET, evidence=evidence))


def test_an_explanation_reads_like_a_sentence_whatever_is_not_known() -> None:
    unset = Reason(Cause.PARAMETER, "P", "parameter P has neither a value nor a default")
    assert said(Evidence("t.yaml#A", ("Key",), None)) == "Key is absent"
    assert said(Evidence("t.yaml#B", ("Key",), True)) == "Key of B is true"
    assert (
        said(Evidence("t.yaml#A", ("Key",), Unknown(unset, present=True)))
        == f"Key is set to what is not known ({unset})"
    )
    assert said(Evidence("t.yaml#A", ("Key",), Unknown(unset))) == f"Key is not known ({unset})"
    partly = Unknown(unset, present=True, parts=("arn:", ":s3"))
    pointer = Unknown(unset, present=True, reference=Reference("t.yaml#B", "Arn"))
    assert said(Evidence("t.yaml#A", ("L", 0), [partly, pointer])) == 'L[0] is ["arn:…:s3", "${B.Arn}"]'
    either = Choice("p", unset, (("a", "x"), ("b", None), ("c", "y")))
    assert said(Evidence("t.yaml#A", ("K",), {"V": either})) == 'K is {"V": "x or y"}'


def test_what_the_platform_does_without_a_word_is_said_to_be_by_default() -> None:
    origin = Origin("test", Position("t.yaml", 1))
    api = Resource("t.yaml#A", "AWS::S3::Bucket", "A", {"L": [{"V": 1}]}, origin)
    evidence = [Evidence("t.yaml#A", path, value) for path, value in ((("K",), "x"), (("L", 0, "V"), 1), (("L", 1), 2))]
    evaluation = Evaluation("c", "t.yaml#A", Verdict.NOT_MET, evidence=(*evidence, Evidence("t.yaml#A", ("N",), None)))
    assert (
        explain(evaluation, Inventory((api,))) == 'K is "x" by default; L[0].V is 1; L[1] is 2 by default; N is absent'
    )
