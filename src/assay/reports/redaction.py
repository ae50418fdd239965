"""What no report repeats: values that look like secrets. A report travels further than the template it is about."""

from collections.abc import Mapping, Sequence

from assay.expressions.functions.text import looks_like_secret
from assay.inventory.values import Choice, Sensitive, Value

HIDDEN = "(hidden: looks like a secret)"
MARKED = "(hidden: marked as sensitive)"


def redacted(value: Value, name: str = "") -> Value:
    """Return the value with every text within it that looks like a secret, or is marked as one, replaced.

    name  The property or key that the value belongs to; {Name: …, Value: …} and {Key: …, Value: …} name their own.
    """
    match value:
        case Sensitive():
            return MARKED
        case str():
            return HIDDEN if looks_like_secret(name, value) is True else value
        case Choice(variable, reason, options):
            return Choice(variable, reason, tuple((outcome, redacted(each, name)) for outcome, each in options))
        case Mapping():
            own = next((value[key] for key in ("Name", "Key") if isinstance(value.get(key), str)), None)
            return {key: redacted(each, str(own) if own and key == "Value" else key) for key, each in value.items()}
        case list() | tuple() if isinstance(value, Sequence):
            return [redacted(each, name) for each in value]
        case _:
            return value
