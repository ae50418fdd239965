"""Which properties decided, with the place where each stands."""

from tests.expressions.worlds import UNREAD, ask, ask_one, by_stage, ref, resource

from assay.expressions import Outcome
from assay.inventory.normalise import normalise
from assay.inventory.values import Path, Value

DATABASE, GROUP = "AWS::RDS::DBInstance", "AWS::EC2::SecurityGroup"
OPEN: Value = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIp": "0.0.0.0/0"}
CLOSED: Value = {**OPEN, "CidrIp": "10.0.0.0/8"}  # type: ignore[dict-item]


def paths(outcome: Outcome) -> list[Path]:
    return [each.path for each in outcome.evidence]


def test_a_true_answer_needs_no_grounds() -> None:
    assert ask_one(DATABASE, {"MultiAZ": True}, "resource.MultiAZ").evidence == ()


def test_of_a_conjunction_the_false_part_decides() -> None:
    outcome = ask_one(DATABASE, {"MultiAZ": True}, "resource.MultiAZ && resource.DeletionProtection")
    assert paths(outcome) == [("DeletionProtection",)]
    assert outcome.evidence[0].value is None


def test_of_a_disjunction_every_part_decides() -> None:
    outcome = ask_one(DATABASE, {}, "resource.MultiAZ || resource.DeletionProtection")
    assert paths(outcome) == [("MultiAZ",), ("DeletionProtection",)]


def test_the_unknown_parts_decide_an_unknown_conjunction() -> None:
    text = "resource.MultiAZ && resource.DeletionProtection && resource.BackupRetentionPeriod > 7"
    outcome = ask_one(DATABASE, {"MultiAZ": True, "DeletionProtection": UNREAD, "BackupRetentionPeriod": 8}, text)
    assert paths(outcome) == [("DeletionProtection",)]
    assert outcome.evidence[0].value == UNREAD


def test_the_elements_that_fail_decide_with_their_index_in_the_document() -> None:
    text = "resource.SecurityGroupIngress.all(r, !(opensPort(r, 22) && fromAnywhere(r)))"
    rules = [CLOSED, OPEN, CLOSED, OPEN]
    outcome = ask_one(GROUP, {"SecurityGroupIngress": rules}, text)
    assert paths(outcome) == [("SecurityGroupIngress", 1), ("SecurityGroupIngress", 3)]
    assert outcome.evidence[0].value == OPEN


def test_absent_elements_do_not_shift_the_index() -> None:
    rules: Value = [by_stage(None, None), OPEN]
    text = "!resource.SecurityGroupIngress.exists(r, r.CidrIp == '0.0.0.0/0')"
    assert paths(ask_one(GROUP, {"SecurityGroupIngress": rules}, text)) == [("SecurityGroupIngress", 1, "CidrIp")]


def test_elements_keep_their_place_through_filters_and_sums() -> None:
    text = (
        "!(resource.SecurityGroupIngress + resource.SecurityGroupEgress)"
        ".filter(r, r.CidrIp == '0.0.0.0/0').exists(r, r.FromPort == 22)"
    )
    outcome = ask_one(GROUP, {"SecurityGroupIngress": [CLOSED, OPEN], "SecurityGroupEgress": [OPEN]}, text)
    assert paths(outcome) == [("SecurityGroupIngress", 1, "FromPort"), ("SecurityGroupEgress", 0, "FromPort")]


def test_an_empty_list_decides_that_nothing_exists() -> None:
    assert paths(ask_one(DATABASE, {}, "resource.Tags.exists(t, t.Key == 'Owner')")) == [("Tags",)]


def test_of_a_ternary_condition_and_branch_decide() -> None:
    text = "has(resource.DBClusterIdentifier) ? resource.MultiAZ : resource.StorageEncrypted"
    assert paths(ask_one(DATABASE, {"StorageEncrypted": False}, text)) == [
        ("DBClusterIdentifier",),
        ("StorageEncrypted",),
    ]


def test_what_another_resource_says_is_evidence_of_that_resource() -> None:
    inventory = normalise(
        [
            resource(DATABASE, "Db", {"KmsKeyId": ref("Key", "Arn")}),
            resource("AWS::KMS::Key", "Key", {"EnableKeyRotation": False}),
        ]
    )
    (found,) = ask(inventory, "Db", "target(resource.KmsKeyId, 'AWS::KMS::Key').EnableKeyRotation").evidence
    assert (found.resource, found.path, found.value) == ("t.yaml#Key", ("EnableKeyRotation",), False)


def test_elements_of_relations_are_evidence_of_their_own() -> None:
    inventory = normalise(
        [
            resource("AWS::KMS::Key", "Key"),
            resource(DATABASE, "Db", {"KmsKeyId": ref("Key", "Arn"), "MultiAZ": False}),
        ]
    )
    asked = f"referrers(resource, '{DATABASE}', 'KmsKeyId').all(d, d.MultiAZ)"
    assert [(each.resource, each.path) for each in ask(inventory, "Key", asked).evidence] == [
        ("t.yaml#Db", ("MultiAZ",))
    ]


def test_when_a_constant_decides_everything_read_is_named() -> None:
    assert paths(ask_one(DATABASE, {}, "false && resource.MultiAZ")) == [("MultiAZ",)]


def test_what_was_not_evaluated_for_want_of_an_outcome_does_not_decide() -> None:
    properties: dict[str, Value] = {"MultiAZ": False, "DeletionProtection": by_stage(True, False)}
    outcome = ask_one(DATABASE, properties, "resource.MultiAZ && resource.DeletionProtection")
    assert outcome.truth is False
    assert paths(outcome) == [("MultiAZ",)]


def test_a_map_s_entry_is_evidence_under_its_key() -> None:
    outcome = ask_one(
        "AWS::RDS::DBParameterGroup",
        {"Parameters": {"rds.force_ssl": "0"}},
        "resource.Parameters['rds.force_ssl'] == '1'",
    )
    assert paths(outcome) == [("Parameters", "rds.force_ssl")]


def test_that_nothing_refers_to_a_resource_is_evidence_and_so_is_what_does() -> None:
    key = resource("AWS::KMS::Key", "Key")
    asked = f"size(referrers(resource, '{DATABASE}', 'KmsKeyId')) > 1"
    (nothing,) = ask(normalise([key]), "Key", asked).evidence
    assert (nothing.path, nothing.value) == ((f"an {DATABASE} with it as KmsKeyId",), None)
    inventory = normalise([key, resource(DATABASE, "Db", {"KmsKeyId": ref("Key", "Arn")})])
    (found,) = ask(inventory, "Key", asked).evidence
    assert (found.resource, found.path) == ("t.yaml#Db", ("KmsKeyId",))
