"""What no report repeats: values that look like secrets. A report travels further than the template it is about."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assay.expressions.functions.text import looks_like_secret
from assay.inventory.values import Choice, Sensitive, Unknown, Value

HIDDEN = "(hidden: looks like a secret)"
MARKED = "(hidden: marked as sensitive)"


def redacted(value: Value, name: str = "", *, instead: str = "") -> Value:
    """Return the value with every text within it that looks like a secret, or is marked as one, replaced.

    name  The property or key that the value belongs to; {Name: …, Value: …} and {Key: …, Value: …} name their own.
    instead  What stands for a secret; "" for a sentence that says why it is hidden.
    """
    match value:
        case Sensitive():
            return instead or MARKED
        case str():
            return (instead or HIDDEN) if looks_like_secret(name, value) is True else value
        case Unknown() if value.parts and looks_like_secret(name, value) is True:
            return replace(value, parts=(instead or HIDDEN, ""))
        case Choice(variable, reason, options):
            hidden = ((outcome, redacted(each, name, instead=instead)) for outcome, each in options)
            return Choice(variable, reason, tuple(hidden))
        case Mapping():
            own = next((value[key] for key in ("Name", "Key") if isinstance(value.get(key), str)), None)
            return {
                key: redacted(each, str(own) if own and key == "Value" else key, instead=instead)
                for key, each in value.items()
            }
        case list() | tuple() if isinstance(value, Sequence):
            return [redacted(each, name, instead=instead) for each in value]
        case _:
            return value
