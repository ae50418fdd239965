"""Questions about scripts, such as the user data that an instance runs when it starts."""

import base64
import binascii
import re

from assay.expressions.functions.holes import HOLE, parts_of, settled, text_of
from assay.expressions.functions.kleene import Truth
from assay.expressions.functions.text import is_secret_attribute, looks_like_secret
from assay.inventory.values import Cause, Value

_NAME = r"[A-Za-z_][\w.-]{0,80}"  # a name is not endless
_VALUE = r"(?:\"(?P<double>[^\"\n]*)\"|'(?P<single>[^'\n]*)'|(?P<bare>[^\s\"'`;,&|<>()]+))"
_ASSIGNED = re.compile(rf"(?<![\w.])(?P<name>{_NAME})[\"']?[ \t]*[=:][ \t]*{_VALUE}")  # NAME=value, "name": "value"
_OPTION = re.compile(rf"(?<!\S)--?(?P<name>{_NAME})[ \t]+{_VALUE}")  # --name value
_LOOKED_UP = ("$", "%", "`", "<", "{")  # a variable, a command or a placeholder, not the secret itself
_LINE_WITH_HOLE = re.compile(rf"[^\n{HOLE}]*{HOLE}[^\n]*")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{8,}={0,2}\s*")
_IDENTIFIER = "000000000000"  # what the platform fills in: an account, a region, a name; never a secret


def reveals_secret(script: Value) -> Truth:
    """Whether the script holds a secret in plain sight: a known format of credentials, or a literal value that is given
    to a name for secrets, as in `looksLikeSecret`.

    `revealsSecret("export DB_PASSWORD=hunter2")` and `revealsSecret("login --token 8c7d6e5f")` are true;
    `revealsSecret("DB_PASSWORD=$(aws ssm get-parameter --name /db)")` is false. A script in Base64 is read as what it
    says. Where a part of the script is not known, a secret in the rest decides.
    """
    text = text_of("" if script is None else script)
    if isinstance(text, str):
        return _reveals(decoded(text))
    if text.reason.cause is Cause.ATTRIBUTE and any(map(is_secret_attribute, text.reason.subject.split(", "))):
        return True  # whatever stands around it: ${User.SecretAccessKey}
    if settled(text):
        return _reveals(_IDENTIFIER.join(parts_of(text)))
    return True if _reveals(HOLE.join(parts_of(text))) else text


def _reveals(script: str) -> bool:
    """Return whether the known text holds a secret; what a line with a hole says is not known."""
    known = _LINE_WITH_HOLE.sub("", script)
    if looks_like_secret("", known) is True:
        return True
    return any(_is_given_secret(found) for form in (_ASSIGNED, _OPTION) for found in form.finditer(known))


def _is_given_secret(found: re.Match[str]) -> bool:
    value = found["double"] or found["single"] or found["bare"] or ""
    return not value.startswith(_LOOKED_UP) and looks_like_secret(found["name"], value) is True


def decoded(text: str) -> str:
    """Return what Base64 says, or the text itself when it is none."""
    if not _BASE64.fullmatch(text):
        return text
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text
