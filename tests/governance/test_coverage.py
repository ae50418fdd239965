"""What is known and how much of what is demanded it answers."""

from collections.abc import Callable

import pytest
from tests.conftest import GOOD, Write

from assay.errors import UsageError
from assay.governance.coverage import coverage, survey
from assay.governance.knowledge import (
    controls_matching,
    frameworks_matching,
    objectives_matching,
    requirements_for,
    services_matching,
    serving,
)
from assay.governance.model import Domain, Parameter
from assay.governance.parameters import loosens
from assay.governance.repository import Repository, read_repository


@pytest.fixture
def known(write: Write) -> Repository:
    more = """\
  H3: {title: Open}
  H4: {title: Gone, objectives: [nowhere]}
  H5: {title: Both, outside: x, objectives: [data-can-be-recovered]}
"""
    return read_repository(write({"frameworks/house.yaml": GOOD["frameworks/house.yaml"] + more}), catalogue=False)


def test_every_requirement_is_answered_outside_or_a_gap(known: Repository) -> None:
    found = coverage(known, known.frameworks["house"])
    assert (found.answered, found.outside, found.gaps) == (("H1", "H5"), ("H2",), ("H3", "H4"))
    assert found.total == len(known.frameworks["house"].requirements)
    assert str(found) == "2 of 5 answered, 1 outside of software, 2 gaps"


def test_a_survey_shows_every_domain_those_without_an_objective_too(known: Repository) -> None:
    found = survey(known, {"AWS::X::Y": 2}, 3)
    assert [each.domain for each in found.domains] == list(Domain)
    assert (found.objectives, found.controls) == (1, 2)
    assert found.types == {"AWS::S3::Bucket": 1, "AWS::SQS::Queue": 1}
    assert (found.unjudged, found.resources) == ({"AWS::X::Y": 2}, 3)


def test_controls_are_found_by_id_type_and_objective(known: Repository) -> None:
    def names(*wanted: str) -> list[str]:
        return [each.control.id for each in controls_matching(known, *wanted)]

    assert names("") == ["bucket-has-versions", "queue-keeps-messages"]
    assert names("queue-keeps-messages") == ["queue-keeps-messages"]
    assert names("", "AWS::S3::Bucket") == ["bucket-has-versions"]
    assert names("", "", "data-can-be-recovered") == names("")
    assert len(serving(known, "data-can-be-recovered")) == 2
    assert requirements_for(known, "data-can-be-recovered") == ["house H1", "house H5"]
    assert requirements_for(known, "", "bucket-has-versions") == ["house H1"]


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda known: controls_matching(known, "bucket-has-version"), "did you mean bucket-has-versions?"),
        (lambda known: controls_matching(known, "zzz"), "see `assay controls`"),
        (lambda known: controls_matching(known, "", "AWS::S3::Buckets"), "did you mean AWS::S3::Bucket?"),
        (lambda known: controls_matching(known, "", "", "data-can-be-recoverd"), "did you mean data-can-be-recovered?"),
        (lambda known: objectives_matching(known, "zzz"), "see `assay objectives`"),
        (lambda known: frameworks_matching(known, "zzz"), "see `assay framework show`"),
        (lambda known: services_matching(known, "zzz"), "see `assay responsibilities`"),
    ],
)
def test_an_unknown_name_is_said_with_the_nearest(
    known: Repository, ask: Callable[[Repository], object], message: str
) -> None:
    with pytest.raises(UsageError) as error:
        ask(known)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("tighter", "default", "tight", "loose"),
    [
        ("higher", 30, 31, 29),
        ("lower", 30, 29, 31),
        ("subset", ("a", "b"), ("a",), ("a", "c")),
        ("superset", ("a", "b"), ("b", "a", "c"), ("a",)),
        ("true", False, True, None),
        ("false", True, False, None),
        ("none", "x", None, "y"),
    ],
)
def test_a_value_is_tighter_equal_or_a_loosening(tighter: str, default: object, tight: object, loose: object) -> None:
    parameter = Parameter(default, tighter)  # type: ignore[arg-type]
    assert not loosens(parameter, default)
    assert tight is None or not loosens(parameter, tight)
    assert loose is None or loosens(parameter, loose)


def test_what_the_organisation_sets_looser_is_shown_with_its_line(write: Write) -> None:
    tighter = read_repository(write(), catalogue=False)
    assert (tighter.loosenings, tighter.params["queue-keeps-messages"]["seconds"]) == ((), 172800)
    looser = read_repository(write({"organisation.yaml": ("seconds: 172800", "seconds: 60")}), catalogue=False)
    (found,) = looser.loosenings
    assert (found.control, found.parameter, found.default, found.value) == (
        "queue-keeps-messages",
        "seconds",
        86400,
        60,
    )
    assert found.position.line == 12
