"""The chain from requirement or threat to evidence: every link is there, and every missing one is named."""

import datetime
from collections.abc import Mapping

import pytest
from tests.conftest import GOOD, Changes, Write

from assay.assessment.assess import Population, assess
from assay.assessment.chain import Link, chains, dangling, walk
from assay.assessment.explanation import Explanation, explanation
from assay.assessment.verdicts import Verdict
from assay.errors import UsageError
from assay.governance.repository import Repository, read_repository
from assay.inventory.normalise import normalise
from assay.inventory.resource import Origin, Position, Resource
from assay.inventory.values import Cause, Reason, Unknown, Value

NOW = datetime.datetime(2026, 8, 1, tzinfo=datetime.UTC)  # the exception has expired
OBJECTIVE = "objectives/data-can-be-recovered.yaml"
WHOLE: Changes = {
    OBJECTIVE: f"{GOOD[OBJECTIVE]}measure: stores with copies\ntarget: all\nthreats: [T1485 Data Destruction]\n",
}


def bucket(name: str, status: Value) -> Resource:
    origin = Origin("cloudformation", Position("t.yaml", 4, 3))
    return Resource(f"t.yaml#{name}", "AWS::S3::Bucket", name, {"VersioningConfiguration": {"Status": status}}, origin)


UNSET = Unknown(Reason(Cause.PARAMETER, "Status", "parameter Status has neither a value nor a default"))


def explained(repository: Repository, *resources: Resource, stage: str = "prod", name: str = "") -> Explanation:
    own = Population("shop", stage, normalise(resources))
    assessment = assess(repository, Population("", stage, normalise([])), [own], now=NOW)
    return explanation(repository, assessment, "shop", name)


def repository(write: Write, changes: Changes | None = None) -> Repository:
    return read_repository(write({**WHOLE, **(changes or {})}), catalogue=False)


def flat(link: Link) -> Mapping[tuple[str, str], Link]:
    found = {(link.kind, link.subject): link}
    for each in link.children:
        found.update(flat(each))
    return found


def test_a_whole_chain_leads_from_requirement_and_threat_to_the_line(write: Write) -> None:
    found = explained(repository(write), bucket("A", "Enabled"), bucket("B", "Suspended"))
    ((result, chain),) = found.answers
    links = flat(chain)
    assert [key for key in links if key[0] != "control"] == [
        ("objective", "data-can-be-recovered"),
        ("requirement", "house H1"),
        ("threat", "T1485 Data Destruction"),
        ("evaluation", "t.yaml#A"),
        ("evaluation", "t.yaml#B"),
    ]
    assert links["evaluation", "t.yaml#B"].detail == "not met at t.yaml:4"
    assert links["control", "bucket-has-versions"].detail == "Buckets keep versions (1 of 2 met, 1 not met)"
    assert links["control", "queue-keeps-messages"].detail.endswith("(no AWS::SQS::Queue)")
    assert not list(chain.breaks())
    assert result.verdict is found.verdict is Verdict.PARTLY_MET


@pytest.mark.parametrize(
    ("changes", "broken"),
    [
        (
            {
                OBJECTIVE: GOOD[OBJECTIVE] + "measure: m\ntarget: t\n",
                "frameworks/house.yaml": GOOD["frameworks/house.yaml"].replace(
                    "objectives: [data-can-be-recovered], ", ""
                ),
            },
            "neither a requirement nor a threat is behind it",
        ),
        ({OBJECTIVE: GOOD[OBJECTIVE] + "target: all\n"}, "it has no measure or no target"),
        ({OBJECTIVE: GOOD[OBJECTIVE] + "measure: all\n"}, "it has no measure or no target"),
        (
            {
                "controls/s3/bucket-has-versions.yaml": None,
                "controls/sqs/queue-keeps-messages.yaml": None,
                "exceptions/old-bucket.yaml": None,
                "organisation.yaml": GOOD["organisation.yaml"].split("parameters:")[0],
            },
            "no control serves it",
        ),
    ],
)
def test_what_is_missing_is_named_at_the_objective(write: Write, changes: Changes, broken: str) -> None:
    ((_, chain),) = explained(repository(write, changes)).answers
    assert chain.broken == broken


def test_what_cannot_be_decided_is_a_broken_link_with_its_reason(write: Write) -> None:
    ((_, chain),) = explained(repository(write), bucket("A", UNSET), bucket("B", "Enabled")).answers
    assert [(each.kind, each.subject, each.broken) for each in chain.breaks()] == [
        ("evaluation", "t.yaml#A", "cannot be decided: parameter Status has neither a value nor a default")
    ]


def test_a_link_that_leads_nowhere_is_named_where_it_is_written(write: Write) -> None:
    changed = GOOD["frameworks/house.yaml"].replace("controls: [bucket", "controls: [gone, bucket")
    found = explained(repository(write, {"frameworks/house.yaml": changed}))
    assert [(each.subject, "house.yaml:7" in each.detail) for each in found.broken] == [("gone", True)]
    assert dangling(found.repository) == list(found.broken)
    ((_, chain),) = found.answers
    assert flat(chain)["requirement", "house H1"].broken == "points to gone, which does not exist"


def test_what_does_not_apply_is_named_with_its_rule_and_has_no_chain(write: Write) -> None:
    found = explained(repository(write), bucket("A", "Suspended"), stage="test")
    assert not found.answers
    assert [(each.objective, each.applicability.rule) for each in found.excluded] == [
        ("data-can-be-recovered", "stages: prod")
    ]
    one = explained(repository(write), bucket("A", "Suspended"), stage="test", name="data-can-be-recovered")
    assert one.verdict is Verdict.NOT_APPLICABLE


def test_one_objective_gets_its_own_verdict_and_no_findings_about_others(write: Write) -> None:
    found = explained(repository(write), bucket("A", "Enabled"), name="data-can-be-recovered")
    assert (found.verdict, list(found.inappropriate)) == (Verdict.MET, [])
    with pytest.raises(UsageError, match=r"did you mean data-can-be-recovered\?"):
        explained(repository(write), name="data-can-be-recoverd")


def test_every_objective_that_applies_has_a_chain(write: Write) -> None:
    found = explained(repository(write), bucket("A", "Enabled"))
    answers = {result.objective: result for result, _ in found.answers}
    assert list(chains(found.repository, answers)) == [walk(found.repository, each) for each in answers.values()]
