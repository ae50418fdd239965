"""The frameworks that we ship are complete and well-formed, and what they call answered is answered by a control."""

import re
from collections.abc import Mapping

import pytest

from assay.governance.coverage import coverage
from assay.governance.model import Framework
from assay.governance.repository import read_catalogue

CATALOGUE = read_catalogue()
FSBP = CATALOGUE.frameworks["aws-fsbp"]
CONFIG = CATALOGUE.frameworks["aws-config-rules"]
TOWER = CATALOGUE.frameworks["aws-control-tower-controls"]
CHECKS = {
    FSBP.id: r"[A-Z][A-Za-z0-9]+\.[1-9][0-9]*",
    CONFIG.id: r"[a-z0-9]+(-[a-z0-9]+)+",
    TOWER.id: r"CT\.[A-Z][A-Z0-9-]*\.PR\.[1-9][0-9]*",
}
# Named here because a change of what the page says is a change of what we promise to cover.
SIZES = {
    "aws-fsbp": 369,
    "aws-control-tower-controls": 237,
    "aws-control-tower": 15,
    "aws-security-pillar": 63,
    "nist-800-53-r5": 287,
    "nist-csf-2.0": 106,
}


# Service in an id → services of the resources that it asks about, where the two are not called the same.
_BALANCERS = {"elasticloadbalancing", "elasticloadbalancingv2"}
COLLECTED: Mapping[str, str] = {
    "Assay::AccountPublicAccessBlock": "s3",
    "Assay::EbsEncryptionByDefault": "ec2",
    "Assay::EbsSnapshot": "ec2",
    "Assay::PasswordPolicy": "iam",
    "Assay::RootUser": "iam",
    "Assay::SecurityContact": "account",
}
"""Settings of accounts for which CloudFormation has no type, and whose they are."""

SERVICES: Mapping[str, set[str]] = {
    "acm": {"certificatemanager", "acmpca"},
    "alb": _BALANCERS,
    "api": {"apigateway", "apigatewayv2"},
    "apigateway": {"apigateway", "apigatewayv2"},
    "aurora": {"rds"},
    "beanstalk": {"elasticbeanstalk"},
    "clb": _BALANCERS,
    "cloud": {"cloudtrail"},
    "cloudwatch": {"cloudwatch", "logs"},
    "cmk": {"kms"},
    "custom": {"events"},  # custom-eventbus-…
    "cw": {"logs"},
    "datafirehose": {"kinesisfirehose"},
    "db": {"rds"},
    "documentdb": {"docdb"},
    "dynamodb": {"dynamodb", "dax"},
    "ebs": {"ec2"},
    "eip": {"ec2"},
    "elastic": {"elasticbeanstalk"},  # elastic-beanstalk-…
    "elasticfilesysystem": {"efs"},
    "elasticloadbalancing": _BALANCERS,
    "elb": _BALANCERS,
    "elbv2": _BALANCERS,
    "encrypted": {"ec2"},  # encrypted-volumes
    "es": {"elasticsearch"},
    "event": {"cloudtrail"},  # event-data-store-…
    "eventbridge": {"events"},
    "global": {"events"},  # global-endpoint-…
    "kinesis": {"kinesis", "kinesisfirehose"},
    "kms": {"kms", "iam"},
    "mariadb": {"rds"},
    "mq": {"amazonmq"},
    "msk": {"msk", "kafkaconnect"},
    "multi": {"cloudtrail"},  # multi-region-cloudtrail-…
    "nacl": {"ec2"},
    "netfw": {"networkfirewall"},
    "network-firewall": {"networkfirewall"},
    "nlb": _BALANCERS,
    "no": {"ec2"},  # no-unrestricted-route-…
    "opensearch": {"opensearchservice", "elasticsearch"},
    "pca": {"acmpca"},
    "redshift": {"redshift", "redshiftserverless"},
    "restricted": {"ec2"},
    "root": {"iam"},
    "security": {"account"},
    "s3": {"s3", "s3express"},
    "service": {"ec2", "servicecatalog"},
    "step": {"stepfunctions"},
    "subnet": {"ec2"},
    "vpc": {"ec2"},
    "waf": {"waf", "wafregional", "wafv2"},
    "waf-regional": {"wafregional"},
}


def checks() -> list[Framework]:
    """The frameworks whose requirements are checks that somebody published."""
    return [FSBP, CONFIG, TOWER]


def answers(framework: Framework) -> Mapping[str, tuple[str, ...]]:
    """Requirement → controls, for the requirements that have any."""
    return {key: each.controls for key, each in framework.requirements.items() if each.controls}


def natural(key: str) -> list[tuple[int, str]]:
    """A key by which PR.2 comes before PR.10; a number before a word, so that parts can be compared."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", key.lower())]


@pytest.mark.parametrize(("name", "size"), SIZES.items())
def test_a_framework_has_as_many_requirements_as_its_publisher_lists(name: str, size: int) -> None:
    assert len(CATALOGUE.frameworks[name].requirements) == size


@pytest.mark.parametrize("framework", CATALOGUE.frameworks.values(), ids=lambda each: each.id)
def test_every_link_of_a_requirement_leads_somewhere_and_only_once(framework: Framework) -> None:
    for key, each in framework.requirements.items():
        assert set(each.controls) <= set(CATALOGUE.controls), key
        assert set(each.objectives) <= set(CATALOGUE.objectives), key
        assert len(set(each.controls)) == len(each.controls), key
        assert len(set(each.objectives)) == len(each.objectives), key


@pytest.mark.parametrize("framework", CATALOGUE.frameworks.values(), ids=lambda each: each.id)
def test_nothing_is_both_answered_and_outside_of_software(framework: Framework) -> None:
    both = [key for key, each in framework.requirements.items() if each.outside and (each.controls or each.objectives)]
    assert both == []


@pytest.mark.parametrize("framework", checks(), ids=lambda each: each.id)
def test_ids_of_checks_are_those_of_the_publisher_in_natural_order(framework: Framework) -> None:
    ids = list(framework.requirements)
    assert [each for each in ids if not re.fullmatch(CHECKS[framework.id], each)] == []
    assert ids == sorted(ids, key=natural)
    assert len({each.lower() for each in ids}) == len(ids)


@pytest.mark.parametrize("framework", checks(), ids=lambda each: each.id)
def test_a_check_is_answered_by_controls_and_not_by_an_objective(framework: Framework) -> None:
    """An objective is wider than a check: meeting it says nothing of the one setting that the check asks about."""
    assert [key for key, each in framework.requirements.items() if each.objectives] == []


@pytest.mark.parametrize("framework", checks(), ids=lambda each: each.id)
def test_names_of_checks_are_short_and_our_own(framework: Framework) -> None:
    for key, each in framework.requirements.items():
        assert 4 < len(each.title) < 110, key
        assert not each.title.endswith("."), key
        assert not re.search(r"\bshould\b|^(Require|Ensure|Checks?)\b", each.title), key  # the publisher's wording
        assert each.outside == "" or len(each.outside) > 10, key


@pytest.mark.parametrize("framework", checks(), ids=lambda each: each.id)
def test_most_checks_are_answered_and_the_others_are_admitted(framework: Framework) -> None:
    found = coverage(CATALOGUE, framework)
    assert len(found.answered) >= 0.8 * found.total
    assert set(found.answered) == set(answers(framework))
    assert len(found.gaps) < 0.1 * found.total


def test_the_three_publishers_agree_on_what_a_control_answers() -> None:
    """The same setting under its three names; a sample by hand, so that a slip of one list shows."""
    same = [
        ("RDS.3", "rds-storage-encrypted", "CT.RDS.PR.24"),
        ("S3.8", "s3-bucket-level-public-access-prohibited", "CT.S3.PR.1"),
        ("EC2.15", "subnet-auto-assign-public-ip-disabled", "CT.EC2.PR.11"),
        ("Lambda.2", "lambda-function-settings-check", ""),
        ("CloudTrail.4", "cloud-trail-log-file-validation-enabled", "CT.CLOUDTRAIL.PR.2"),
        ("ECS.5", "ecs-containers-readonly-access", "CT.ECS.PR.6"),
        ("EKS.1", "eks-endpoint-no-public-access", "CT.EKS.PR.1"),
        ("Redshift.7", "redshift-enhanced-vpc-routing-enabled", "CT.REDSHIFT.PR.5"),
        ("DMS.1", "dms-replication-not-public", "CT.DMS.PR.1"),
        ("SageMaker.3", "sagemaker-notebook-instance-root-access-check", "CT.SAGEMAKER.PR.3"),
        ("ELB.17", "elbv2-predefined-security-policy-ssl-check", ""),
        ("EFS.2", "efs-in-backup-plan", ""),
        ("GuardDuty.12", "guardduty-ecs-protection-runtime-enabled", ""),
    ]
    for check, rule, proactive in same:
        controls = FSBP.requirements[check].controls
        assert controls, check
        assert CONFIG.requirements[rule].controls == controls, rule
        assert not proactive or TOWER.requirements[proactive].controls == controls, proactive


@pytest.mark.parametrize("framework", checks(), ids=lambda each: each.id)
def test_the_service_of_a_check_is_the_service_of_its_controls(framework: Framework) -> None:
    """A control of another service under a check is a slip of the pen, but where services share a name."""
    for key, controls in answers(framework).items():
        said = _service(key)
        for control in controls:
            kind = CATALOGUE.controls[control].control.resource
            judged = COLLECTED.get(kind, kind.split("::")[1].lower())
            assert judged in SERVICES.get(said, {said}), (key, control)


def _service(key: str) -> str:
    if key.startswith("CT."):
        return key.split(".")[1].lower()
    return key.split("." if "." in key else "-")[0].lower()


def test_requirements_of_nist_have_controls_beside_their_objectives() -> None:
    """Relations between rules and requirements are AWS's; the objectives are ours, and each requirement keeps them."""
    related = answers(CATALOGUE.frameworks["nist-800-53-r5"])
    assert len(related) >= 50
    assert all(CATALOGUE.frameworks["nist-800-53-r5"].requirements[key].objectives for key in related)
    assert "rds-storage-encrypted" in related["SC-28"]
    assert "cloudtrail-trail-validates-log-files" in related["AU-9"]
