"""What is covered and what is not, by the catalogue and over a repository's own resources."""

import datetime
from collections.abc import Callable
from pathlib import Path

from assay.operations.coverage import cover

TODAY = datetime.date(2026, 11, 25)


def test_every_requirement_is_in_exactly_one_of_answered_outside_and_gaps() -> None:
    for framework, covered in cover(None, TODAY).frameworks:
        parts = (*covered.answered, *covered.outside, *covered.gaps)
        assert sorted(parts) == sorted(framework.requirements), framework.id


def test_the_sums_agree() -> None:
    survey = cover(None, TODAY)
    assert survey.controls == sum(each.controls for each in survey.domains)
    assert len(survey.domains) == 9
    assert survey.resources == 0
    assert not survey.unjudged


def test_a_repository_names_the_resources_that_no_control_looks_at(write: Callable[..., Path]) -> None:
    resources = "{A: {Type: AWS::S3::Bucket}, G: {Type: 'AWS::Glue::Database'}, H: {Type: 'Custom::Thing'}}"
    template = f"Parameters: {{Stage: {{Type: String}}}}\nResources: {resources}\n"
    directory = write({"templates/shop/template.yaml": template})
    survey = cover(directory, TODAY)
    assert survey.resources == 3
    assert survey.unjudged == {"AWS::Glue::Database": 1, "Custom::Thing": 1}


def test_a_domain_without_objectives_stays_in_sight(write: Callable[..., Path]) -> None:
    survey = cover(write(), TODAY)
    assert [each.domain for each in survey.domains if not each.objectives] == []
    assert {name for each in survey.domains for name in each.unserved} <= {"recovery-copies-cannot-be-destroyed"}
