"""Walking from one resource to another."""

import time

from tests.expressions.worlds import MAYBE, OPEN, UNREAD, ask, by_stage, ref, resource

from assay.inventory.normalise import normalise
from assay.inventory.resource import Inventory
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value

KEY, DATABASE, CLUSTER = "AWS::KMS::Key", "AWS::RDS::DBInstance", "AWS::RDS::DBCluster"
LOG, VPC, BUCKET, TRAIL = "AWS::EC2::FlowLog", "AWS::EC2::VPC", "AWS::S3::Bucket", "AWS::CloudTrail::Trail"
ROTATES = f"target(resource.KmsKeyId, '{KEY}').EnableKeyRotation"
LOGGED = f"referrers(resource, '{LOG}', 'ResourceId').exists(l, l.TrafficType == 'ALL')"


def with_key(pointer: Value, **more: object) -> Inventory:
    key = resource(KEY, "Key", {"EnableKeyRotation": True}, **more)
    return normalise([resource(DATABASE, "Db", {"KmsKeyId": pointer}), key])


def test_a_reference_leads_to_its_target() -> None:
    assert ask(with_key(ref("Key", "Arn")), "Db", ROTATES).truth is True


def test_a_target_that_is_not_there_is_unknown() -> None:
    for pointer in ("arn:aws:kms:eu-west-1:123456789012:key/1", UNREAD, ref("Elsewhere"), "", None):
        outcome = ask(with_key(pointer), "Db", ROTATES)
        assert outcome.truth is None, pointer
        assert outcome.reasons


def test_a_target_of_another_type_is_unknown() -> None:
    assert ask(with_key(ref("Db")), "Db", ROTATES).truth is None


def test_a_choice_of_targets_is_taken() -> None:
    assert ask(with_key(by_stage(ref("Key"), ref("Key"))), "Db", ROTATES).truth is True
    assert ask(with_key(by_stage(ref("Key"), None)), "Db", ROTATES).truth is None


def test_a_target_counts_where_it_exists() -> None:
    sometimes = by_stage(False, True)
    assert ask(with_key(ref("Key"), condition=sometimes), "Db", ROTATES).truth is None
    together = with_key(by_stage(None, ref("Key")), condition=sometimes)
    assert ask(together, "Db", f"!has(resource.KmsKeyId) || {ROTATES}").truth is True


def trail(bucket: Value, *buckets: tuple[str, Value], file: str = "t.yaml") -> Inventory:
    declared = [resource(BUCKET, name, {"BucketName": stated}, file=file) for name, stated in buckets]
    return normalise([resource(TRAIL, "Trail", {"S3BucketName": bucket}), *declared])


NAMED = f"target(resource.S3BucketName, '{BUCKET}').BucketName != ''"


def test_a_literal_name_leads_to_the_resource_that_has_it() -> None:
    assert ask(trail("logs", ("Logs", "logs")), "Trail", NAMED).truth is True
    assert ask(trail("logs", ("Logs", "logs"), file="other.yaml"), "Trail", NAMED).truth is True
    assert ask(trail("arn:aws:s3:::logs", ("Logs", "logs")), "Trail", NAMED).truth is True


def test_a_logical_id_is_no_name() -> None:
    assert ask(trail("Logs", ("Logs", "other")), "Trail", NAMED).truth is None


def test_an_ambiguous_name_leads_nowhere() -> None:
    assert ask(trail("logs", ("A", "logs"), ("B", "logs")), "Trail", NAMED).truth is None


def test_the_same_parameter_is_the_same_name() -> None:
    name = Unknown(Reason(Cause.PARAMETER, "Name"), present=True)
    holds = f"has(target(resource.S3BucketName, '{BUCKET}').BucketName)"
    assert ask(trail(name, ("Logs", name)), "Trail", holds).truth is True
    assert ask(trail(name, ("Logs", name), file="other.yaml"), "Trail", holds).truth is None


def vpc(*logs: tuple[str, Value]) -> Inventory:
    flows = [resource(LOG, name, {"ResourceId": to, "TrafficType": "ALL"}) for name, to in logs]
    return normalise([resource(VPC, "Net"), resource(VPC, "Other"), *flows])


def test_referrers_refer_by_reference_at_any_depth_of_the_property() -> None:
    assert ask(vpc(("Log", ref("Net"))), "Net", LOGGED).truth is True
    assert ask(vpc(("Log", ref("Net"))), "Other", LOGGED).truth is False
    assert ask(vpc(), "Net", LOGGED).truth is False


def test_who_may_refer_to_it_makes_a_negative_answer_unknown() -> None:
    assert ask(vpc(("Log", UNREAD)), "Net", LOGGED).truth is None
    assert ask(vpc(("Log", UNREAD), ("Sure", ref("Net"))), "Net", LOGGED).truth is True
    assert ask(vpc(("Log", UNREAD)), "Net", f"referrers(resource, '{LOG}', 'ResourceId').size() == 0").truth is None


def test_referrers_by_condition_are_taken_case_by_case() -> None:
    assert ask(vpc(("Log", by_stage(ref("Net"), ref("Net")))), "Net", LOGGED).truth is True
    assert ask(vpc(("Log", by_stage(ref("Net"), ref("Other")))), "Net", LOGGED).truth is None
    log: dict[str, Value] = {"ResourceId": ref("Net"), "TrafficType": "ALL"}
    for condition, answer in (
        (by_stage(False, True), None),
        (by_stage(True, True), True),
        (MAYBE, None),
        (False, False),
    ):
        inventory = normalise([resource(VPC, "Net"), resource(LOG, "Log", log, condition=condition)])
        assert ask(inventory, "Net", LOGGED).truth is answer


def test_targets_of_a_list() -> None:
    group, instance = "AWS::EC2::SecurityGroup", "AWS::EC2::Instance"
    asked = f"targets(resource.SecurityGroupIds, '{group}').all(g, g.GroupDescription == 'd')"

    def about(*ids: Value) -> bool | None:
        inventory = normalise(
            [resource(instance, "Vm", {"SecurityGroupIds": list(ids)}), resource(group, "G", {"GroupDescription": "d"})]
        )
        return ask(inventory, "Vm", asked).truth

    assert about() is True
    assert about(ref("G", "GroupId")) is True
    assert about(ref("G", "GroupId"), "sg-1") is None
    assert about(Choice("v", OPEN, (("a", None), ("b", ref("G"))))) is True


def test_many_referrers_are_found_in_linear_time() -> None:
    count = 3000
    resources = [resource(KEY, f"Key{index}") for index in range(count)]
    resources += [resource(DATABASE, f"Db{index}", {"KmsKeyId": ref(f"Key{index}", "Arn")}) for index in range(count)]
    inventory = normalise(resources)
    asked = f"referrers(resource, '{DATABASE}', 'KmsKeyId').size() == 1"
    started = time.process_time()
    assert all(ask(inventory, f"Key{index}", asked).truth for index in range(0, count, 30))
    assert time.process_time() - started < 2


def test_what_refers_to_a_resource_that_is_not_known_is_unknown_not_nothing() -> None:
    asked = f"referrers(target(resource.KmsKeyId, '{KEY}'), '{DATABASE}', 'KmsKeyId')"
    for pointer in ("arn:aws:kms:eu-west-1:123456789012:key/1", UNREAD, ref("Elsewhere"), None):
        inventory = with_key(pointer)
        assert ask(inventory, "Db", f"size({asked}) == 0").truth is None, pointer
        assert ask(inventory, "Db", f"{asked}.all(d, false)").truth is None, pointer
    assert ask(with_key(ref("Key", "Arn")), "Db", f"size({asked}) == 1").truth is True
