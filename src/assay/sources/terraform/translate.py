"""From the attributes of a planned resource to properties of CloudFormation, by an entry of the tables.

Every attribute that says something ends as a property, or as a name in `unplaced`: nothing vanishes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from assay.inventory.schema import ANY, POLICY, Kind, Type, list_of, object_of, resource_schema
from assay.inventory.values import Cause, Reason, Unknown, Value
from assay.sources.terraform.attributes import Attributes
from assay.sources.terraform.mapping import HERE, LEFT, SELF, Entry, Turned

# Of every type: how Terraform waits and names, what it computes; and tags, which are read apart.
_OF_NO_TYPE = frozenset(
    {
        "id",
        "arn",
        "timeouts",
        "tags",
        "tags_all",
        "region",
        "owner_id",
        "force_destroy",
        "apply_immediately",
        "bypass_policy_lockout_safety_check",
    }
)
_NOTHING: tuple[Value, ...] = (None, "", [], {})
_BLOCKS = list_of(object_of(_=ANY))  # the type of what `derive` reads: blocks, as far as anybody knows
# Objects that are pairs of a name and a value, where Terraform has a map.
_PAIRS = {
    frozenset({"Key", "Value"}): ("Key", "Value"),
    frozenset({"Key", "Value", "PropagateAtLaunch"}): ("Key", "Value"),
    frozenset({"Name", "Value"}): ("Name", "Value"),
    frozenset({"ParameterKey", "ParameterValue"}): ("ParameterKey", "ParameterValue"),
}
_SECURITY = re.compile(
    r"access|acl|admin|audit|auth|backup|block|cert|cidr|cipher|cors|credential|delet|encrypt|expos|firewall|iam|ingress"
    r"|kms|lock|log|mfa|password|permission|policy|principal|privileg|protect|public|retention|role|rotat|secret|secur"
    r"|sign|snapshot|ssl|tls|token|trust|user|version|vpc"
)


@dataclass(frozen=True, slots=True)
class Translated:
    """What a resource is in CloudFormation: its properties, and the attributes that say something and have no place."""

    properties: Mapping[str, Value]
    unplaced: tuple[str, ...]

    @property
    def relevant(self) -> tuple[str, ...]:
        """Those of the unplaced attributes whose names speak of security."""
        return tuple(each for each in self.unplaced if _SECURITY.search(each.rsplit(".", 1)[-1]))


def translate(attributes: Attributes, entry: Entry) -> Translated:
    """Return the properties of a resource, raw: what coerces and folds them is the same for every source."""
    work = _Translation(attributes, entry)
    root = resource_schema(entry.type).properties
    properties: dict[str, Value] = {}
    into, kind = _descend(properties, root, tuple(entry.within.split(".")) if entry.within else ())
    values = work.with_defaults(attributes.values)
    work.place_all(values, "", into, kind)
    for path, value in entry.fixed.items():
        _put(properties, path, value)
    _identity(attributes.values, entry.type, properties)
    _tags(values, root, properties)
    if entry.derive is not None:
        derived = entry.derive({**work.stated(values), SELF: attributes.own})
        properties.update({key: each for key, each in derived.items() if each is not None})
    return Translated(properties, tuple(dict.fromkeys(work.unplaced)))


@dataclass(slots=True)
class _Translation:
    attributes: Attributes
    entry: Entry
    unplaced: list[str] = field(default_factory=list)

    def with_defaults(self, values: Mapping[str, Value]) -> Mapping[str, Value]:
        """Return the attributes with what the provider sends where nothing is stated."""
        unset = {key: each for key, each in self.entry.defaults.items() if self._is_unstated(key, values.get(key))}
        return {**values, **unset}

    def _is_unstated(self, path: str, value: Value) -> bool:
        return value is None or (isinstance(value, Unknown) and path in self.attributes.unset)

    def stated(self, values: Mapping[str, Value], prefix: str = "") -> Mapping[str, Value]:
        """Return the attributes without those that nobody states, in blocks too."""
        found: dict[str, Value] = {}
        for key, each in values.items():
            path = prefix + key
            if not self._is_nobodys(path, each, _BLOCKS if path.split(".")[0] in self.entry.generated else None):
                found[key] = self._stated_within(each, f"{path}.")
        return found

    def _stated_within(self, value: Value, prefix: str) -> Value:
        if isinstance(value, list):
            return [self._stated_within(each, prefix) for each in value]
        return self.stated(value, prefix) if isinstance(value, Mapping) else value

    def _is_nobodys(self, path: str, value: Value, wanted: Type | None) -> bool:
        """Whether an unknown is the provider's or AWS's choice.

        Of blocks the configuration does not say so: those that it generates (`dynamic`) are not in it. Only of blocks
        that the provider is known to fill in is the unknown nobody's.
        """
        if not isinstance(value, Unknown) or path not in self.attributes.unset:
            return False
        return path in self.entry.computed or self.entry.computed == ("*",) or not _is_blocks(wanted)

    def place_all(self, block: Mapping[str, Value], prefix: str, into: dict[str, Value], kind: Type) -> None:
        """Put each attribute of a block where it belongs in the object `into`, of the type `kind`."""
        for name, value in block.items():
            if value not in _NOTHING:
                self._place(name, value, prefix, into, kind)

    def _place(self, name: str, value: Value, prefix: str, into: dict[str, Value], kind: Type) -> None:
        path = prefix + name
        row = self.entry.rows.get(path)
        if row == LEFT or (row is None and ((not prefix and name in _OF_NO_TYPE) or path in self.entry.derived)):
            return
        if row == HERE:
            self._flatten(value, path, into, kind)
            return
        target = by_name(kind, name) if row is None else row.path if isinstance(row, Turned) else row
        if target is None:
            if not self._is_nobodys(path, value, None):
                self.unplaced.append(path)
            return
        wanted = _type_at(kind, tuple(target.split(".")))
        if self._is_nobodys(path, value, wanted):
            return
        if isinstance(row, Turned):
            placed = value if isinstance(value, Unknown) else row.turn(value)
        else:
            placed = self._shaped(value, wanted, path)
        if placed is not None:
            _put(into, target, placed)

    def _flatten(self, value: Value, path: str, into: dict[str, Value], kind: Type) -> None:
        if isinstance(value, Unknown):
            if not self._is_nobodys(path, value, kind):
                for target in self._targets(path):
                    _put(into, target, Unknown(value.reason))
            return
        for block in _blocks(value):
            self.place_all(block, f"{path}.", into, kind)

    def _targets(self, path: str) -> Iterator[str]:
        """Yield where the rows put what is within a block."""
        for name, row in self.entry.rows.items():
            if name.startswith(f"{path}.") and row not in (LEFT, HERE) and name.count(".") == path.count(".") + 1:
                yield row.path if isinstance(row, Turned) else row

    def _shaped(self, value: Value, wanted: Type | None, path: str) -> Value:
        """Return a value in the shape of a type: a block as an object, blocks as a list of them."""
        if isinstance(value, Unknown) and wanted is not None and wanted.kind is Kind.LIST:
            return list(self.attributes.several.get(path, ())) or value
        if wanted is None or isinstance(value, Unknown) or wanted == POLICY:
            return value
        if wanted.kind is Kind.OBJECT:
            return self._object(value, wanted, path)
        if wanted.kind is Kind.LIST and wanted.items is not None and wanted.items.kind is Kind.OBJECT:
            pair = _PAIRS.get(frozenset(wanted.items.fields))
            if isinstance(value, Mapping) and pair is not None:
                return [{pair[0]: key, pair[1]: each} for key, each in value.items()]
            several = value if isinstance(value, list) else [value]
            return [each for each in (self._shaped(one, wanted.items, path) for one in several) if each is not None]
        if wanted.kind is Kind.MAP and isinstance(value, list) and len(value) == 1:
            inner: Value = value[0]
            return inner
        return value

    def _object(self, value: Value, wanted: Type, path: str) -> Value:
        if isinstance(value, list):
            if len(value) != 1:
                reason = Reason(Cause.MALFORMED, path, f"{len(value)} blocks {path} where there is one object")
                return Unknown(reason, present=True)
            value = {} if value[0] is None else value[0]  # a block without attributes is shown as null
        if not isinstance(value, Mapping):
            return value
        found: dict[str, Value] = {}
        self.place_all(value, f"{path}.", found, wanted)
        return found


def _is_blocks(wanted: Type | None) -> bool:
    if wanted is None or wanted == POLICY:
        return False
    inner = wanted.items if wanted.kind is Kind.LIST else wanted
    return inner is not None and inner.kind is Kind.OBJECT and frozenset(inner.fields) not in _PAIRS


def _blocks(value: Value) -> Iterator[Mapping[str, Value]]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Mapping):
            yield each


def _descend(properties: dict[str, Value], kind: Type, steps: Sequence[str]) -> tuple[dict[str, Value], Type]:
    """Return the object at a path, made where it is missing, and its type."""
    into = properties
    for step in steps:
        inner: dict[str, Value] = {}
        into[step] = inner
        into, kind = inner, kind.fields[step]
    return into, kind


def _put(into: dict[str, Value], path: str, value: Value) -> None:
    """Put a value at a dotted path; what is unknown on the way stays unknown; two objects there become one."""
    *steps, last = path.split(".")
    for step in steps:
        inner = into.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        into = inner
    held = into.get(last)
    if isinstance(held, dict) and isinstance(value, dict):
        held.update(value)
    elif isinstance(held, list) and isinstance(value, list):
        into[last] = [*held, *value]
    else:
        into[last] = value


def _type_at(kind: Type, steps: Iterable[str]) -> Type | None:
    found: Type | None = kind
    for step in steps:
        found = found.fields.get(step) if found is not None else None
    return found


def squash(name: str) -> str:
    """Return a name as both dialects would write it: `enable_key_rotation` and `EnableKeyRotation` are one."""
    return name.replace("_", "").lower()


@lru_cache(maxsize=4096)
def _names(kind: Type) -> Mapping[str, str]:
    return MappingProxyType({squash(name): name for name in kind.fields})


def by_name(kind: Type, attribute: str) -> str | None:
    """Return the property with the name of the attribute; blocks are named in the singular, lists in the plural."""
    names, name = _names(kind), squash(attribute)
    return names.get(name) or names.get(f"{name}s") or names.get(re.sub(r"y$", "ies", name))


def _identity(values: Mapping[str, Value], kind: str, properties: dict[str, Value]) -> None:
    """Add what an existing resource is called: others refer to it so, and a plan knows it as a plain text."""
    schema = resource_schema(kind)
    arn, identity = values.get("arn"), values.get("id")
    if isinstance(arn, str) and arn and "Arn" in schema.read_only:
        properties["Arn"] = arn
    name = schema.primary_identifier[0] if len(schema.primary_identifier) == 1 else ""
    if name not in schema.read_only or not isinstance(identity, str) or not identity:
        return
    if "/" not in name and identity.startswith("arn:") == name.lower().endswith("arn"):
        properties[name] = identity


def _tags(values: Mapping[str, Value], root: Type, properties: dict[str, Value]) -> None:
    """Add the tags, those that the provider gives to all its resources included."""
    name = next(
        (each for each in ("Tags", "UserPoolTags", "HostedZoneTags", "FileSystemTags") if each in root.fields), ""
    )
    own, whole = values.get("tags"), values.get("tags_all")
    tags = _merged(own, whole)
    if not name or name in properties or tags in _NOTHING:
        return
    if isinstance(tags, list):  # the other provider writes them as CloudFormation does, but for the capitals
        tags = [{k.capitalize(): each for k, each in tag.items()} if isinstance(tag, Mapping) else tag for tag in tags]
    elif root.fields[name].kind is Kind.LIST and isinstance(tags, Mapping):
        tags = [{"Key": key, "Value": each} for key, each in tags.items()]
    properties[name] = tags


def _merged(own: Value, whole: Value) -> Value:
    """Return all tags: `tags_all`, as far as it is known, has those of the provider as well."""
    if isinstance(own, Mapping) and isinstance(whole, Mapping):
        return {**whole, **own}
    return whole if isinstance(whole, Mapping) or own in _NOTHING else own
