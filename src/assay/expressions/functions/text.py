"""Questions about text: globs, ARNs, secrets in plain sight."""

import re

from assay.expressions.functions import holes
from assay.expressions.functions.holes import HOLE, Text, parts_of, settled, text_of
from assay.expressions.functions.kleene import Truth, any_of, doubt_of, items_of, negate
from assay.inventory.values import Cause, Unknown, Value


def glob(text: Value, pattern: Value) -> Truth:
    """Whether the text matches a pattern in which `*` is any text and `?` any one character, with regard to case.

    `glob("arn:aws:s3:::logs/2026", "arn:aws:s3:::logs/*")` is true.
    """
    if doubt := doubt_of(pattern):
        return doubt
    return holes.matches(text_of("" if text is None else text), str(pattern))


def lower_ascii(text: Value) -> Value:
    """The text with A-Z in lower case: `lowerAscii("AES256")` is "aes256"."""
    return holes.lowered(text_of("" if text is None else text))


def last_of(text: Value, words: Value) -> Value:
    """Which of the words stands last in the text, without regard to case; "" when none does.

    `lastOf("orders-public-subnet", ["public", "private"])` is "public". The known end of a text decides, whatever the
    part before it is.
    """
    whole = text_of("" if text is None else text)
    end = holes.lower_ascii(parts_of(whole)[-1])
    place, last = -1, ""
    for each in items_of(words):
        if doubt := doubt_of(each):
            return doubt
        found = end.rfind(holes.lower_ascii(str(each)))
        if found > place:
            place, last = found, str(each)
    return Unknown(whole.reason, present=True) if not last and isinstance(whole, Unknown) else last


def arn_account(arn: Value) -> Value:
    """The account of an ARN, "" when it has none.

    `arnAccount("arn:aws:iam::123456789012:role/Ci")` is "123456789012".
    """
    return _arn_field(text_of("" if arn is None else arn), 4)


def arn_service(arn: Value) -> Value:
    """The service of an ARN: `arnService("arn:aws:kms:eu-west-1:123456789012:alias/aws/s3")` is "kms"."""
    return _arn_field(text_of("" if arn is None else arn), 2)


def is_own_name(name: Value, reserved: Value) -> Truth:
    """Whether the value names something of one's own: not absent, and none of the names that AWS reserves.

    `isOwnName("orders", ["default"])` and a reference to a declared resource are true, for AWS lets nobody declare a
    resource of a reserved name; `isOwnName("default", ["default"])` and `isOwnName("", ["default"])` are false. A
    reserved name may be a pattern: `isOwnName(arn, ["arn:*:iam::aws:policy/*"])`.
    """
    if name is None or name == "":
        return False
    text = text_of(name)
    if isinstance(text, Unknown) and text.reference is not None:
        return True
    return negate(any_of(_is_text(text, each) for each in items_of(reserved)))


def _is_text(text: Text, constant: Value) -> Truth:
    return holes.matches(text, constant) if isinstance(constant, str) else doubt_of(constant) or False


def looks_like_secret(name: Value, value: Value) -> Truth:
    """Whether an environment variable holds a secret in plain sight, by the look of its name or its value.

    `looksLikeSecret("DB_PASSWORD", "hunter2")` is true. A value that tells where the secret is (an ARN, a path, a
    dynamic reference), an empty one, a number or a boolean is not a secret. Known formats of credentials, such as
    access key ids and private keys, are one under every name. An attribute of a resource is one when the attribute
    says so (SecretAccessKey).
    """
    named = _named_secret(name)
    if value is None:
        return False
    secret = text_of(value)
    return _unread_secret(secret, named) if isinstance(secret, Unknown) else _is_secret(secret, named)


SHORTEST_SECRET = 4

_WORD = (
    r"PASSWORD|PASSWD|PWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|API_?KEY|ACCESS_?KEY|SECRET_?KEY|PRIVATE_?KEY|"
    r"ENCRYPTION_?KEY|SIGNING_?KEY|CLIENT_?SECRET|AUTH_?KEY|CONNECTION_?STRING"
)
_SECRET_NAME = re.compile(rf"(?:^|_)(?:[A-Z0-9]*)(?:{_WORD})(?:_?\d+)?$")

_SECRET_ATTRIBUTE = re.compile(r"(?i)(?:secret|password|passphrase|(?:secret|private)(?:_?access)?_?key)$")

# A literal that tells where something is, or how it is configured.
_POINTER = re.compile(
    r"(?is)arn:.*|\{\{resolve:.*|/[\w./-]*|\$\{.*\}|true|false|null|none|-?\d+(\.\d+)?|"
    r"alias/.*|https?://[^@\s]*|s3://.*"
)
_CREDENTIAL = re.compile(
    r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])|-----BEGIN (?:[A-Z ]+ )?PRIVATE KEY-----|"
    r"\bgh[pousr]_[A-Za-z0-9]{36}|"
    r"\bxox[abprs]-[A-Za-z0-9-]{10,}|\bsk_live_[A-Za-z0-9]{16,}|[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s:@{}$]+@"
)


def _is_secret(literal: str, named: Truth) -> Truth:
    if _CREDENTIAL.search(literal):
        return True
    return False if len(literal) < SHORTEST_SECRET or _POINTER.fullmatch(literal) else named


def _named_secret(name: Value) -> Truth:
    """Return whether the name ends in a word for secrets: DB_PASSWORD, apiKey; not SECRET_ARN, TOKEN_TTL."""
    if doubt := doubt_of(name):
        return doubt
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", str(name or ""))
    return _SECRET_NAME.search(re.sub(r"[^A-Z0-9]+", "_", spaced.upper())) is not None


def _unread_secret(secret: Unknown, named: Truth) -> Truth:
    """Return what is known of a value that we could not read in full."""
    if any(_CREDENTIAL.search(part) for part in secret.parts):
        return True
    if secret.reason.cause is Cause.DYNAMIC_REFERENCE and secret.present and not any(secret.parts):
        return False  # it tells where the secret is, as the same text unread does
    if not settled(secret):
        return secret
    if secret.parts:
        return _is_secret("0".join(secret.parts), named)
    return secret.reference is not None and is_secret_attribute(secret.reference.attribute)


def is_secret_attribute(name: str) -> bool:
    """Return whether an attribute of a resource is a secret by its name: SecretAccessKey, privateKey; not PrivateIp."""
    return _SECRET_ATTRIBUTE.search(name) is not None


def _arn_field(arn: Text, index: int) -> Value:
    """Return a field of what begins like an ARN, "" of anything else; unknown when a hole hides the field."""
    if isinstance(arn, str):
        fields = arn.split(":", 5)
        return fields[index] if len(fields) > index and fields[0] == "arn" else ""
    fields = (HOLE.join(parts_of(arn)) if settled(arn) else parts_of(arn)[0]).split(":", 5)
    if len(fields) > 1 and HOLE not in fields[0] and fields[0] != "arn":
        return ""
    whole = len(fields) > index + 1 and fields[0] == "arn" and HOLE not in fields[index]
    return fields[index] if whole else arn
