"""What an expression means where something is absent, unknown, or one of several."""

import time

import pytest
from tests.expressions.worlds import MAYBE, OPEN, UNREAD, ask, ask_one, by_stage, resource

from assay.expressions import Environment, evaluate, parse
from assay.inventory.normalise import normalise
from assay.inventory.schema import ANY, object_of
from assay.inventory.values import Cause, Choice, Reason, Unknown, Value

BUCKET, DATABASE, GROUP = "AWS::S3::Bucket", "AWS::RDS::DBInstance", "AWS::EC2::SecurityGroup"


def free(text: str, x: Value) -> bool | None:
    """The answer about a document of free form."""
    return evaluate(parse(text, Environment({"x": ANY})), {"x": x}).truth


# Absence


def test_the_default_of_an_absent_object_is_read_through() -> None:
    asked = "resource.PublicAccessBlockConfiguration.BlockPublicAcls"
    assert ask_one(BUCKET, {}, asked).truth is True
    assert ask_one(BUCKET, {"PublicAccessBlockConfiguration": {}}, asked).truth is False
    stated: Value = {"BlockPublicPolicy": True}
    assert ask_one(BUCKET, {"PublicAccessBlockConfiguration": stated}, asked).truth is False


def test_a_nested_default_within_a_list_is_read_through() -> None:
    asked = (
        "resource.BucketEncryption.ServerSideEncryptionConfiguration"
        ".exists(r, r.ServerSideEncryptionByDefault.SSEAlgorithm == 'AES256')"
    )
    assert ask_one(BUCKET, {}, asked).truth is True
    assert ask_one(BUCKET, {"BucketEncryption": {"ServerSideEncryptionConfiguration": [{}]}}, asked).truth is False


def test_has_tells_stated_from_defaulted() -> None:
    assert ask_one(BUCKET, {}, "has(resource.PublicAccessBlockConfiguration)").truth is False
    assert ask_one(BUCKET, {}, "has(resource.PublicAccessBlockConfiguration.BlockPublicAcls)").truth is False
    assert ask_one(DATABASE, {"Tags": []}, "has(resource.Tags)").truth is True
    assert ask_one(DATABASE, {"KmsKeyId": UNREAD}, "has(resource.KmsKeyId)").truth is True
    assert ask_one(DATABASE, {"KmsKeyId": MAYBE}, "has(resource.KmsKeyId)").truth is None


@pytest.mark.parametrize("text", ["resource.GroupName == ''", "has(resource.GroupName)", "resource.Tags.size() == 0"])
def test_of_a_fragment_everything_else_is_declared_elsewhere(text: str) -> None:
    rule = resource("AWS::EC2::SecurityGroupIngress", "Rule", {"GroupId": "sg-12345678", "IpProtocol": "-1"})
    inventory = normalise([rule])
    outcome = ask(inventory, f"Rule~{GROUP}", text)
    assert outcome.truth is None
    assert [each.cause for each in outcome.reasons] == [Cause.ELSEWHERE]
    assert ask(inventory, f"Rule~{GROUP}", "resource.SecurityGroupIngress[0].IpProtocol == '-1'").truth is True


def test_absent_values_of_free_form_count_as_nothing() -> None:
    for text in ("!x.a", "size(x.a) == 0", "!('k' in x.a)", "x.a.all(e, false)", "!x.a.b.c", "x.a == null"):
        assert free(text, {}) is True, text
    assert free("x.a > 1", {}) is None


def test_missing_keys_read_as_zero_by_type() -> None:
    given = object_of(o=object_of(n=ANY))
    assert evaluate(parse("x.o.n == null && x['o'].n == null", Environment({"x": given})), {"x": {}}).truth is True


# Unknowns


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("x.u", None),
        ("!x.u", None),
        ("x.u && false", False),
        ("false && x.u", False),
        ("x.u || true", True),
        ("x.u && true", None),
        ("x.u ? true : true", True),
        ("x.u ? true : false", None),
        ("x.u ? 1 == 1.0 : true", True),
        ("(x.u ? 1 : 1.0) / 2 == 0", None),
        ("x.u == x.u", None),
        ("x.u == 'a'", None),
        ("x.u == null", False),
        ("x.m == null", None),
        ("size(x.u) == 1", None),
        ("size(x.t) == 1", None),
        ("dyn(size(x.t)) == 'text'", None),
        ("x.t == 5", False),
        ("x.t == 'abc'", False),
        ("x.t == 'prefix-x-suffix'", None),
        ("x.t.startsWith('prefix')", True),
        ("x.t.startsWith('other')", False),
        ("x.t.startsWith('prefix-x')", None),
        ("x.t.endsWith('-suffix')", True),
        ("x.t.contains('fix')", True),
        ("x.t.contains('z')", None),
        ("('a' + x.t).startsWith('aprefix-')", True),
        ("(x.t + 'a').endsWith('suffixa')", True),
        ("x.t.matches('^prefix')", None),
        ("x.u.a.b == 1", None),
        ("'a' in x.u", None),
        ("x.u in ['a']", None),
        ("x.u in []", False),
        ("'a' in [x.u, 'a']", True),
        ("'b' in [x.u, 'a']", None),
        ("[x.u, 1] == [x.u, 2]", False),
        ("[x.u] == [1, 2]", False),
        ("{'a': x.u, 'b': 1} == {'a': x.u, 'b': 2}", False),
        ("x.u.exists(e, true)", None),
        ("x.u + 1 > 0", None),
        ("x.u[0] == 1", None),
        ("[1, 2][x.u] == 3", None),
    ],
)
def test_unknown_decides_nothing_and_the_known_part_may(text: str, answer: bool | None) -> None:
    partly = Unknown(UNREAD.reason, present=True, parts=("prefix-", "-suffix"))
    assert free(text, {"u": UNREAD, "m": MAYBE, "t": partly}) is answer


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("x.l.exists(e, e == 'a')", True),
        ("x.l.exists(e, e == 'b')", None),
        ("x.l.exists(e, true)", True),
        ("x.m.exists(e, true)", None),
        ("x.l.all(e, e == 'b')", False),
        ("x.m.all(e, false)", None),
        ("x.m.all(e, true)", True),
        ("x.l.all(e, e == 'a')", None),
        ("x.l.exists_one(e, e == 'a')", None),
        ("x.d.exists_one(e, e == 'a')", False),
        ("size(x.l) == 2", None),
        ("size(x.p) == 2", True),
        ("x.l == ['a']", None),
        ("x.l[0] == 'a'", True),
        ("x.r[1] == 'a'", None),
        ("size(x.l.map(e, 1)) == 2", None),
        ("x.l.map(e, e).exists(e, e == 'a')", True),
        ("x.p.map(e, e == 'a', e).exists(e, e == 'a')", True),
        ("x.p.map(e, e == 'b', 'c').exists(e, e == 'c')", None),
        ("x.p.filter(e, e == 'b').exists(e, true)", None),
        ("x.p.filter(e, e == 'a').exists(e, true)", True),
        ("x.p.filter(e, e == 'b').all(e, e == 'c')", None),
        ("size(x.p.filter(e, e == 'b')) == 0", None),
        ("size(x.k) == 1", None),
        ("'maybe' in x.k", None),
        ("'sure' in x.k", True),
        ("x.k.exists(k, k == 'sure')", True),
        ("x.k.all(k, k == 'sure')", None),
        ("x.k == {'sure': 1}", None),
        ("x.k == {'sure': 2}", False),
    ],
)
def test_an_element_that_may_be_absent_never_decides_alone(text: str, answer: bool | None) -> None:
    document: Value = {
        "l": ["a", MAYBE],
        "r": [MAYBE, "a", "b"],
        "m": [MAYBE],
        "d": ["a", "a", MAYBE],
        "p": ["a", UNREAD],
        "k": {"sure": 1, "maybe": MAYBE},
    }
    assert free(text, document) is answer


def test_an_error_is_an_unknown_with_its_cause() -> None:
    outcome = evaluate(parse("1 / x.n == 1", Environment({"x": ANY})), {"x": {"n": 0}})
    assert outcome.truth is None
    assert outcome.reasons[0].cause is Cause.ERROR


# Values that are one of several


def test_a_choice_that_holds_either_way_holds() -> None:
    assert ask_one(DATABASE, {"MultiAZ": by_stage(True, True)}, "resource.MultiAZ").truth is True
    assert ask_one(DATABASE, {"MultiAZ": by_stage(None, False)}, "resource.MultiAZ").truth is False


def test_a_choice_that_divides_says_which_outcome_gives_which_answer() -> None:
    outcome = ask_one(DATABASE, {"MultiAZ": by_stage(False, True)}, "resource.MultiAZ")
    assert outcome.truth is None
    assert "does not hold when parameter Stage is dev" in outcome.reasons[0].detail
    assert "holds when parameter Stage is prod" in outcome.reasons[0].detail
    assert outcome.evidence


def test_choices_over_one_variable_agree() -> None:
    properties = {"MultiAZ": by_stage(False, True), "DeletionProtection": by_stage(True, False)}
    assert ask_one(DATABASE, properties, "resource.MultiAZ || resource.DeletionProtection").truth is True
    assert ask_one(DATABASE, properties, "resource.MultiAZ && resource.DeletionProtection").truth is False


def test_choices_deep_within_an_argument_are_taken() -> None:
    tags: Value = [{"Key": "Owner", "Value": by_stage("a", None)}, by_stage(None, {"Key": "Owner", "Value": "b"})]
    assert ask_one(DATABASE, {"Tags": tags}, "tag(resource.Tags, 'Owner') in ['a', '']").truth is True
    assert ask_one(DATABASE, {"Tags": tags}, "size(resource.Tags) >= 1").truth is True


def test_only_the_cases_in_which_a_resource_exists_count() -> None:
    database = resource(DATABASE, "Db", {"MultiAZ": by_stage(False, True)}, condition=by_stage(False, True))
    assert ask(normalise([database]), "Db", "resource.MultiAZ").truth is True
    never = resource(DATABASE, "Db", {}, condition=by_stage(False, False))
    assert ask(normalise([never]), "Db", "true").truth is None


def test_too_many_combinations_are_unknown() -> None:
    tags: Value = [{"Key": "k", "Value": Choice(f"v{index}", OPEN, (("a", "x"), ("b", "y")))} for index in range(12)]
    outcome = ask_one(DATABASE, {"Tags": tags}, "resource.Tags.all(t, t.Value in ['x', 'y'])")
    assert outcome.truth is None
    assert "more than 64" in outcome.reasons[0].detail


# Hostile text


def test_no_pattern_takes_more_than_linear_time() -> None:
    started = time.process_time()
    document: Value = {"t": "a" * 20000 + "!", "p": "(a+a+)+y"}
    assert free("x.t.matches('^(a+)+$') || x.t.matches('(a|aa)*b') || x.t.matches(x.p)", document) is False
    assert time.process_time() - started < 2


def test_a_pattern_from_a_property_that_is_none_is_an_error() -> None:
    assert free("x.t.matches(x.p)", {"t": "a", "p": "("}) is None


def test_reasons_name_the_cause() -> None:
    denied = Unknown(Reason(Cause.DENIED, "kms:ListKeys"))
    assert ask_one(DATABASE, {"MultiAZ": denied}, "resource.MultiAZ").reasons == (denied.reason,)
