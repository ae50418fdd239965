"""What stands in records for secrets and persons, so that neither is in the ledger and both are still judged."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from assay.inventory.resource import Resource
from assay.inventory.values import Choice, Unknown, Value
from assay.operations.book import Book, Redact

# What stands for a secret in stored configurations. It has the form of an access key id, so that controls which look
# for secrets by their form find one still.
STAND_IN = "(redacted: AKIAREDACTEDREDACTED)"


def without_secrets(resource: Resource, redact: Redact) -> Resource:
    """Return the resource with a stand-in for every secret in it."""
    properties, attributes = redact(resource.properties), redact(resource.attributes)
    assert isinstance(properties, Mapping)
    assert isinstance(attributes, Mapping)
    return replace(resource, properties=properties, attributes=attributes)


def without_persons(value: Value, book: Book) -> Value:
    """Return the value with every e-mail address replaced by what only the owner of the key can compute from it."""
    return pseudonymous(value, lambda each: f"{book.signer.commitment(each.encode())[:16]}@redacted.invalid")


def pseudonymous(value: Value, pseudonym: Callable[[str], str]) -> Value:
    """Return the value with every e-mail address replaced by its pseudonym; equal ones stay equal, others different."""
    match value:
        case str():
            return _ADDRESS.sub(lambda found: pseudonym(found[0]), value) if "@" in value else value
        case Unknown(parts=parts):
            return replace(value, parts=tuple(str(pseudonymous(each, pseudonym)) for each in parts))
        case Choice(variable, reason, options):
            hidden = ((each, pseudonymous(option, pseudonym)) for each, option in options)
            return Choice(variable, reason, tuple(hidden))
        case Mapping():
            return {key: pseudonymous(each, pseudonym) for key, each in value.items()}
        case list() | tuple():
            return [pseudonymous(each, pseudonym) for each in value]
        case _:
            return value


# Lengths are those of RFC 5321, section 4.5.3.1; without them a long text would be searched over and over.
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,126}[A-Za-z]{2,63}")
