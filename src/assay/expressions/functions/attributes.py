"""Questions about lists of named entries: tags, attributes of load balancers, settings, parameters.

AWS writes such a list as objects with a name and a value, and calls the name Key, Name or ParameterName by service;
some types take a plain map instead. Both are read alike. Where a name occurs twice the first counts; AWS refuses the
second.
"""

from collections.abc import Iterator, Mapping

from assay.expressions.functions.holes import equals, text_of
from assay.expressions.functions.kleene import Truth, any_of, doubt_of, items_of, malformed, property_of
from assay.inventory.values import Unknown, Value

_NAMES = ("Key", "Name", "key", "name", "TagKey", "ParameterName")
_VALUES = ("Value", "value", "TagValue", "ParameterValue")


def attribute(entries: Value, name: Value) -> Value:
    """The value of the entry with the name, as text; "" when there is none.

    `attribute([{"Key": "access_logs.s3.enabled", "Value": "true"}], "access_logs.s3.enabled")` is "true". The list may
    use Key, Name or ParameterName, and may be a map.
    """
    if doubt := doubt_of(name) or doubt_of(entries):
        return doubt
    unsure: Unknown | None = None
    for named, value in _pairs(entries):
        same = _is_named(named, str(name))
        if same is True:
            return text_of("" if value is None else value)
        if unsure is None and isinstance(same, Unknown):
            unsure = same
    return "" if unsure is None else Unknown(unsure.reason)


def has_attribute(entries: Value, name: Value) -> Truth:
    """Whether an entry has the name, whatever its value: `hasAttribute(resource.Attributes, "idle_timeout")`."""
    if doubt := doubt_of(name) or doubt_of(entries):
        return doubt
    return any_of(_is_named(named, str(name)) for named, _ in _pairs(entries))


def tag(tags: Value, key: Value) -> Value:
    """The value of a tag, "" when there is none: `tag(resource.Tags, "Owner") != ""`. Keys are compared with case."""
    return attribute(tags, key)


def has_tag(tags: Value, key: Value) -> Truth:
    """Whether there is a tag with the key, whatever its value, even one that is not known: `hasTag(resource.Tags,
    "Owner")`.
    """
    return has_attribute(tags, key)


def _pairs(entries: Value) -> Iterator[tuple[Value, Value]]:
    """Yield (name, value) of each entry; an entry that is not known is its own name."""
    if isinstance(entries, Mapping):
        for name, value in entries.items():
            # A key whose value is unknown may be absent: whether it is there is as unknown as the value.
            yield (value if isinstance(value, Unknown) and not value.present and name else name), value
        return
    for each in items_of(entries):
        if isinstance(each, Unknown):
            yield Unknown(each.reason), None
        elif isinstance(each, Mapping):
            yield _first(each, _NAMES), _first(each, _VALUES)
        else:
            yield malformed(each, "an entry with a name and a value"), None


def _first(entry: Mapping[str, Value], names: tuple[str, ...]) -> Value:
    found = (property_of(entry, name) for name in names)
    return next((each for each in found if each is not None), None)


def _is_named(named: Value, wanted: str) -> Truth:
    return False if named is None else equals(text_of(named), wanted)
