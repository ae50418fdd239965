"""Globs, ARNs and secrets in plain sight."""

import pytest

from assay.expressions.functions.text import (
    arn_account,
    arn_service,
    glob,
    is_own_name,
    last_of,
    looks_like_secret,
    lower_ascii,
)
from assay.inventory.values import Cause, Reason, Reference, Unknown, Value


def partly(*parts: str, cause: Cause = Cause.PARAMETER) -> Unknown:
    return Unknown(Reason(cause, "Part"), present=True, parts=parts)


def test_globs() -> None:
    assert glob("arn:aws:s3:::logs/2026", "arn:aws:s3:::logs/*") is True
    assert glob("Logs", "logs") is False
    assert glob("a.b", "a?b") is True
    assert glob("a\nb", "a*b") is True
    assert glob("", "*") is True
    assert glob(None, "?*") is False
    assert glob("abab", "*ab") is True
    assert glob("aab", "*ab*b") is False


def test_globs_over_holes() -> None:
    assert glob(partly("arn:aws:s3:::", "/*"), "arn:aws:s3:::*") is True
    assert glob(partly("arn:aws:s3:::", "/*"), "*") is True
    assert glob(partly("arn:aws:s3:::", "/*"), "arn:aws:sqs:*") is False
    assert isinstance(glob(partly("logs-", ""), "logs-a*"), Unknown)
    assert isinstance(glob(partly("logs-", ""), "logs-?*"), Unknown)


def test_a_hostile_pattern_is_matched_in_linear_time() -> None:
    assert glob("a" * 20_000, "*a" * 40 + "b") is False


def test_lower_case_keeps_holes() -> None:
    assert lower_ascii("AES256-Ä") == "aes256-Ä"
    lowered = lower_ascii(partly("S3:", "Object"))
    assert isinstance(lowered, Unknown)
    assert lowered.parts == ("s3:", "object")


def test_arns() -> None:
    assert arn_account("arn:aws:iam::123456789012:role/Ci") == "123456789012"
    assert arn_account("arn:aws:s3:::logs") == ""
    assert arn_service("arn:aws:kms:eu-west-1:123456789012:alias/aws/s3") == "kms"
    assert arn_service("alias/aws/s3") == ""
    assert arn_service(partly("arn:aws:kms:", ":key/1")) == "kms"
    assert isinstance(arn_account(partly("arn:aws:kms:", ":key/1")), Unknown)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "hunter2"),
        ("dbPassword", "correct horse"),
        ("API_KEY", "0123abcd"),
        ("GITHUB_TOKEN", "abcdef"),
        ("ANYTHING", "AKIAIOSFODNN7EXAMPLE"),
        ("ANYTHING", "-----BEGIN RSA PRIVATE KEY-----\nMII"),
        ("DATABASE_URL", "postgres://shop:hunter2@db/shop"),
    ],
)
def test_secrets(name: str, value: str) -> None:
    assert looks_like_secret(name, value) is True


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", ""),
        ("DB_PASSWORD", "/shop/db/password"),
        ("DB_PASSWORD", "{{resolve:ssm:/shop/db}}"),
        ("DB_SECRET", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db"),
        ("TOKEN_TTL", "forever"),
        ("SECRET_ARN", "some-name"),
        ("MAX_TOKEN", "4096"),
        ("STAGE", "production"),
        ("QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/123456789012/q"),
        ("DB_PASSWORD", None),
    ],
)
def test_no_secrets(name: str, value: Value) -> None:
    assert looks_like_secret(name, value) is False


def test_values_that_could_not_be_read() -> None:
    assert isinstance(looks_like_secret("DB_PASSWORD", Unknown(Reason(Cause.PARAMETER, "Password"))), Unknown)
    bucket = Unknown(Reason(Cause.ATTRIBUTE, "Bucket"), present=True, reference=Reference("t#Bucket"))
    assert looks_like_secret("BUCKET", bucket) is False
    key = Unknown(Reason(Cause.ATTRIBUTE, "Key"), present=True, reference=Reference("t#Key", "SecretAccessKey"))
    assert looks_like_secret("ANYTHING", key) is True
    for attribute in ("PrivateIp", "PrivateDnsName", "MasterUserSecret.SecretArn", "SecretId"):
        named = Unknown(Reason(Cause.ATTRIBUTE, "One"), present=True, reference=Reference("t#One", attribute))
        assert looks_like_secret("ANYTHING", named) is False, attribute
    elsewhere = Unknown(Reason(Cause.DYNAMIC_REFERENCE, "secretsmanager:shop"), present=True)
    assert looks_like_secret("DB_PASSWORD", elsewhere) is False
    assert looks_like_secret("QUEUE", partly("https://sqs.", ".amazonaws.com/q", cause=Cause.ENVIRONMENT)) is False


def test_names_of_ones_own() -> None:
    declared = Unknown(Reason(Cause.ATTRIBUTE, "Group"), present=True, reference=Reference("t#Group"))
    assert is_own_name("orders", ["default"]) is True
    assert is_own_name(declared, ["default"]) is True
    assert is_own_name(partly("orders-", ""), ["default"]) is True
    assert is_own_name("default", ["none", "default"]) is False
    assert is_own_name("", ["default"]) is False
    assert is_own_name(None, []) is False
    assert isinstance(is_own_name(Unknown(Reason(Cause.PARAMETER, "Group")), ["default"]), Unknown)
    assert isinstance(is_own_name(partly("def", ""), ["default"]), Unknown)


def test_reserved_names_may_be_patterns() -> None:
    administrator = ["arn:*:iam::aws:policy/AdministratorAccess"]
    assert is_own_name("arn:aws-cn:iam::aws:policy/AdministratorAccess", administrator) is False
    assert is_own_name(partly("arn:", ":iam::aws:policy/AdministratorAccess"), administrator) is False
    assert is_own_name(partly("arn:", ":iam::aws:policy/ReadOnlyAccess"), administrator) is True
    assert is_own_name("arn:aws:iam::111122223333:policy/AdministratorAccess", administrator) is True


def test_the_last_of_several_words() -> None:
    words = ["public", "private"]
    assert last_of("orders-Public-a", words) == "public"
    assert last_of("private-cloud-public-a", words) == "public"
    assert last_of("orders", words) == ""
    assert last_of(None, words) == ""
    assert last_of(partly("", "-public-a"), words) == "public"
    assert last_of(partly("private-", "-public-a"), words) == "public"
    unread = last_of(partly("public-", "-a"), words)
    assert isinstance(unread, Unknown)
    assert unread.parts == ()  # what is known of the text is not known of the word
    assert isinstance(last_of("public", [Unknown(Reason(Cause.PARAMETER, "Word"))]), Unknown)
