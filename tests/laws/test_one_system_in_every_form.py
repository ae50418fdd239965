"""Law 5: the same small system as a template, as configuration items and as resource descriptions is judged alike.

Where two forms decide, they decide the same; and a later stage that knows less says what it lacks.
"""

import datetime
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.sources import small_system as system

import assay.catalog
from assay.assessment.check import Check
from assay.assessment.evaluation import Evaluation
from assay.assessment.verdicts import Verdict
from assay.inventory.services import FOLDS
from assay.inventory.values import Cause
from assay.operations.check import Selection, check
from assay.sources.cloudformation import Context

NOW = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)

# What Cloud Control cannot read back (write-only in the schema), and the controls that ask for it.
WRITE_ONLY = {"MasterUserPassword", "SourceDBInstanceIdentifier", "AccessControl"}


def _referring() -> set[str]:
    """The types that controls look for among those that refer to a resource."""
    folder = Path(assay.catalog.__file__ or "").parent / "controls"
    text = "".join(each.read_text() for each in folder.glob("*/*.yaml"))
    return set(re.findall(r'referrers\([^"]*"(AWS::[A-Za-z0-9:]+)"', text))


def _checked(folder: Path, name: str, text: str) -> Check:
    path = folder / name
    path.write_text(text)
    return check([path], Context(account=system.ACCOUNT, region=system.REGION), Selection(), now=NOW)


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Check]:
    folder = tmp_path_factory.mktemp("forms")
    lists = [system.listed(kind) for kind in sorted({fold.source for fold in FOLDS} | _referring())]
    return {
        "template": _checked(folder, "template.json", system.template()),
        "config": _checked(folder, "config.json", json.dumps(system.snapshot())),
        "api": _checked(
            folder, "api.json", json.dumps({"configurationItems": list(map(system.as_api, system.items()))})
        ),
        "control": _checked(folder, "control.json", json.dumps([*system.descriptions(), *lists])),
    }


def _verdicts(form: Check) -> Mapping[tuple[str, str], Evaluation]:
    kinds = {each.id: each.type for each in form.inventory.resources}
    found = {(each.control, kinds[each.resource]): each for each in form.evaluations}
    assert len(found) == len(form.evaluations)  # the system has one resource of each type
    return found


@pytest.mark.parametrize("later", ["config", "api", "control"])
def test_where_both_know_they_agree(forms: Mapping[str, Check], later: str) -> None:
    first, second = _verdicts(forms["template"]), _verdicts(forms[later])
    assert second.keys() == first.keys()
    decided = {key for key in first if Verdict.UNKNOWN not in (first[key].verdict, second[key].verdict)}
    assert {key: str(second[key].verdict) for key in decided} == {key: str(first[key].verdict) for key in decided}
    assert len(decided) > 0.75 * len(first)


@pytest.mark.parametrize("later", ["config", "api", "control"])
def test_what_a_later_stage_does_not_know_was_not_said_to_it(forms: Mapping[str, Check], later: str) -> None:
    first, second = _verdicts(forms["template"]), _verdicts(forms[later])
    less = [each for key, each in second.items() if each.verdict is Verdict.UNKNOWN is not first[key].verdict]
    assert {reason.cause for each in less for reason in each.reasons} <= {Cause.NOT_COLLECTED}
    assert all(each.reasons for each in less)


def test_cloud_control_knows_as_much_as_the_template_but_for_what_it_cannot_read(forms: Mapping[str, Check]) -> None:
    first, second = _verdicts(forms["template"]), _verdicts(forms["control"])
    less = [each for key, each in second.items() if each.verdict is Verdict.UNKNOWN is not first[key].verdict]
    assert {reason.subject.split(" ")[1] for each in less for reason in each.reasons} <= WRITE_ONLY


def test_a_snapshot_knows_at_least_as_much_as_the_api_answers(forms: Mapping[str, Check]) -> None:
    answered, delivered = _verdicts(forms["api"]), _verdicts(forms["config"])
    for key, each in answered.items():
        assert delivered[key].verdict is each.verdict or each.verdict is Verdict.UNKNOWN, key


@pytest.mark.parametrize("form", ["template", "config", "api", "control"])
@pytest.mark.parametrize(
    ("control", "kind", "verdict"),
    [
        ("ec2-security-group-closes-ssh", "AWS::EC2::SecurityGroup", Verdict.NOT_MET),
        ("s3-bucket-requires-tls", "AWS::S3::Bucket", Verdict.MET),
        ("rds-storage-encrypted", "AWS::RDS::DBInstance", Verdict.NOT_MET),
    ],
)
def test_what_matters_most_is_known_in_every_form(
    forms: Mapping[str, Check], form: str, control: str, kind: str, verdict: Verdict
) -> None:
    found = _verdicts(forms[form])[control, kind].verdict
    assert found is verdict or (form == "control" and found is Verdict.UNKNOWN and kind == "AWS::RDS::DBInstance")


@pytest.mark.parametrize("left_out", range(len(system.items())))
def test_less_knowledge_never_decides_otherwise(tmp_path: Path, forms: Mapping[str, Check], left_out: int) -> None:
    """Law 2: what is missing from an API's answer leaves unknowns."""
    items = system.items()
    items.pop(left_out)
    found = _verdicts(_checked(tmp_path, "less.json", json.dumps({"configurationItems": items})))
    whole = _verdicts(forms["config"])
    decided = {key: each for key, each in found.items() if each.verdict is not Verdict.UNKNOWN}
    assert all(whole[key].verdict in (each.verdict, Verdict.UNKNOWN) for key, each in decided.items())


@pytest.mark.parametrize("listed", [False, True])
def test_who_refers_to_a_live_resource_is_known_where_all_of_the_type_were_given(tmp_path: Path, listed: bool) -> None:
    stated = {"DBClusterIdentifier": "cluster", "Engine": "aurora-postgresql", "EngineMode": "provisioned"}
    description = {"Identifier": "cluster", "Properties": json.dumps(stated)}
    answers = [{"TypeName": "AWS::RDS::DBCluster", "ResourceDescription": description}]
    answers += [system.listed("AWS::RDS::DBInstance")] if listed else []
    found = _verdicts(_checked(tmp_path, "cluster.json", json.dumps(answers)))[
        "rds-cluster-spans-zones", "AWS::RDS::DBCluster"
    ]
    assert found.verdict is (Verdict.NOT_MET if listed else Verdict.UNKNOWN)
    if not listed:
        (reason,) = found.reasons
        assert str(reason) == "not every AWS::RDS::DBInstance beside cluster is among the resources given"
