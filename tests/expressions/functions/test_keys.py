"""Whose key a property names."""

import pytest

from assay.expressions.functions.keys import is_customer_key
from assay.inventory.values import Cause, Reason, Reference, Unknown, Value


def partly(*parts: str, cause: Cause = Cause.PARAMETER) -> Unknown:
    return Unknown(Reason(cause, "Part"), present=True, parts=parts)


@pytest.mark.parametrize(
    "key",
    [
        "1234abcd-12ab-34cd-56ef-1234567890ab",
        "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "alias/orders",
        "alias/awsome",
        Unknown(Reason(Cause.ATTRIBUTE, "Key"), present=True, reference=Reference("t.yaml#Key", "Arn")),
        partly("arn:aws:kms:", ":", ":key/1234", cause=Cause.ENVIRONMENT),
        partly("alias/orders-", ""),
    ],
)
def test_a_key_of_the_customer(key: Value) -> None:
    assert is_customer_key(key) is True


@pytest.mark.parametrize(
    "key",
    [
        None,
        "",
        "alias/aws/rds",
        "arn:aws:kms:eu-west-1:123456789012:alias/aws/rds",
        "AWS_OWNED_KMS_KEY",
        partly("arn:aws:kms:", ":", ":alias/aws/rds", cause=Cause.ENVIRONMENT),
        partly("alias/aws/", ""),
    ],
)
def test_no_key_or_one_of_aws(key: Value) -> None:
    assert is_customer_key(key) is False


@pytest.mark.parametrize("key", [partly(), partly("", ""), partly("alias/", ""), partly("arn:aws:kms:", ""), ["x"]])
def test_a_key_that_may_be_either(key: Value) -> None:
    assert isinstance(is_customer_key(key), Unknown)
