"""Questions about AWS KMS keys, by the value of a property that names one: an id, an ARN, an alias, a reference."""

import re

from assay.expressions.functions.holes import matches, settled, text_of
from assay.expressions.functions.kleene import Truth, any_of, negate
from assay.inventory.values import Unknown, Value

# AWS reserves alias/aws/ for its own keys; some services take a word for their own key instead.
# https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
_OF_AWS = re.compile(r"(?:arn:.*:)?alias/aws/.*|AWS_OWNED(?:_KMS)?_KEY", re.DOTALL)
_ALIASES_OF_AWS = ("alias/aws/*", "arn:*:alias/aws/*")


def is_customer_key(key: Value) -> Truth:
    """Whether the value names a key that the customer manages: not absent, not "alias/aws/…", not a key owned by AWS.

    `isCustomerKey("alias/orders")` and a reference to a declared key are true; `isCustomerKey("")` and
    `isCustomerKey("alias/aws/rds")` are false. A literal key id or ARN counts as the customer's: nobody writes the id
    of a key of AWS instead of its alias.
    """
    if key is None or key == "":
        return False
    text = text_of(key, "a KMS key")
    if isinstance(text, str):
        return _OF_AWS.fullmatch(text) is None
    if text.reference is not None:  # only a customer can declare a key or an alias
        return True
    return _by_parts(text)


def _by_parts(text: Unknown) -> Truth:
    if not any(text.parts):
        return text
    if settled(text):
        return _OF_AWS.fullmatch("0".join(text.parts)) is None
    return negate(any_of(matches(text, each) for each in _ALIASES_OF_AWS))
