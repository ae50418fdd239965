"""Files of AWS Config in, one inventory out; or, for files larger than memory, one resource after the other."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from assay.errors import Fault
from assay.inventory.coerce import coerce
from assay.inventory.normalise import normalise
from assay.inventory.observed import observed, unread, with_parts
from assay.inventory.resource import Gap, Inventory, Origin, Position, Relation, Resource
from assay.inventory.schema import Kind, Type, fields_of, resource_schema, resource_types
from assay.inventory.shaping import shaped
from assay.inventory.values import Cause, Reason, Reference, Unknown, Value
from assay.inventory.values import Path as At
from assay.sources.aws_config.items import DELETED, NOT_RECORDED, Item, Unprocessed, is_snapshot, items
from assay.sources.aws_config.mapping import Entry, Properties, translated
from assay.sources.aws_config.services import ENTRIES
from assay.streams import Broken

__all__ = ["Recorded", "mapped_types", "read", "relations", "stream", "together"]

_SOURCE = "AWS Config"
_OF_AWS = "AWS"  # who manages a key that is no customer's


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one configuration item says.

    resources  The resource, and those that CloudFormation would declare apart; () when it was deleted.
    gone       Why it does not exist; "" when it does.
    related    As in `Item`.
    """

    id: str
    observed: str
    resources: tuple[Resource, ...]
    gone: str = ""
    related: tuple[tuple[str, str, str], ...] = field(default=(), repr=False)


def mapped_types() -> Mapping[str, str]:
    """Return the types of AWS Config that have a table, with the type in CloudFormation that each becomes."""
    return {name: entry.becomes for name, entry in ENTRIES.items()}


def stream(path: Path) -> Iterator[Recorded | Gap | Fault]:
    """Yield what a file says, item by item, in memory for one item; parts are not folded into their owners.

    A fault of the file is the last thing that is yielded of it: what stands before it counts.
    """
    try:
        for each in items(path):
            match each:
                case Item():
                    yield _recorded(each, str(path))
                case Unprocessed():
                    yield _unprocessed(each)
                case Fault():
                    yield each
    except Broken as broken:
        yield broken.fault


def read(paths: Sequence[Path]) -> Inventory:
    """Return what the files at `paths` say together; of a resource that several items describe, the latest counts.

    A resource's id is "<account>/<region>/<type>/<resource id>". A broken file is a fault; what it says before it
    breaks is in the inventory.
    """
    latest: dict[str, Recorded] = {}
    faults: list[Fault] = []
    gaps: list[Gap] = []
    listed: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in {each.resolve(): each for each in paths}.values():
        broken, seen = False, set[tuple[str, str, str]]()
        for each in stream(path):
            if isinstance(each, Fault):
                broken = True
                faults.append(each)
            elif isinstance(each, Gap):
                gaps.append(each)
            else:
                known = latest.get(each.id)
                if known is None or _moment(each.observed) >= _moment(known.observed):
                    latest[each.id] = each
                seen |= {(one.origin.account, one.origin.region, one.type) for one in each.resources}
        if is_snapshot(path) and not broken:
            for account, region, kind in seen:
                listed[account, region].add(kind)
    return _inventory(latest, listed, faults, gaps)


def _inventory(
    latest: Mapping[str, Recorded],
    listed: Mapping[tuple[str, str], set[str]],
    faults: Sequence[Fault],
    gaps: Sequence[Gap],
) -> Inventory:
    resources = {one.id: one for each in latest.values() for one in each.resources}
    whole = {key: frozenset(kinds) for key, kinds in listed.items()}
    absent = [(each.id, each.gone) for each in latest.values() if each.gone]
    inventory = normalise(together(resources.values(), whole), faults=faults, gaps=gaps, absent=absent)
    related = {each.resources[0].id: each.related for each in latest.values() if each.resources}
    added = tuple(relations(related, inventory))
    return replace(inventory, relations=tuple(dict.fromkeys((*inventory.relations, *added))))


def together(resources: Iterable[Resource], listed: Mapping[tuple[str, str], frozenset[str]]) -> list[Resource]:
    """Return resources as they are beside one another: who has a policy attached, which parts there may be.

    listed  (account, region) → types of which every resource is among the ones given.
    """
    given = {each.id: each for each in resources}
    attach_policies(given)
    held = {entry.becomes: entry.holds for entry in ENTRIES.values()}
    nothing: frozenset[str] = frozenset()
    return [
        with_parts(
            each,
            _SOURCE,
            listed.get((each.origin.account, each.origin.region), nothing),
            held.get(each.type, nothing),
        )
        for each in given.values()
    ]


def _moment(text: str) -> datetime.datetime:
    try:
        found = datetime.datetime.fromisoformat(text)
    except ValueError:
        return datetime.datetime.min.replace(tzinfo=datetime.UTC)
    return found if found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _recorded(item: Item, file: str) -> Recorded:
    entry = ENTRIES.get(item.type)
    kind = _kind(item, entry)
    identity = _id(item, kind, item.id)
    if item.status in DELETED:
        return Recorded(identity, item.captured, (), f"deleted, as recorded {item.captured}".strip())
    origin = Origin("aws_config", Position(file, item.line), item.account, item.region, item.captured)
    properties = _properties(item, entry, kind)
    found = [Resource(identity, kind, item.name or item.id, properties, origin)]
    if entry and entry.parts and item.configuration is not None:
        found += [
            Resource(_id(item, part.type, part.id), part.type, part.id, part.properties, origin)
            for part in entry.parts(item)
        ]
    return Recorded(identity, item.captured, tuple(found), related=item.related)


def _kind(item: Item, entry: Entry | None) -> str:
    if item.type == "AWS::KMS::Key" and (item.configuration or {}).get("keyManager") == _OF_AWS:
        return "aws_config/AWS::KMS::Key of AWS"  # nobody in the account can set anything of it
    return entry.becomes if entry else item.type


def _id(item: Item, kind: str, name: str) -> str:
    return f"{item.account}/{item.region}/{kind}/{name}"


def _properties(item: Item, entry: Entry | None, kind: str) -> Mapping[str, Value]:
    if kind not in resource_types():
        return {}
    if item.status in NOT_RECORDED or item.configuration is None:
        why = f"AWS Config does not record the configuration of this {kind}"
        return unread(kind, Reason(Cause.NOT_COLLECTED, kind, why))
    if entry is None:
        return _by_schema(item)
    properties, carried = translated(item, entry)
    return observed(kind, *_identified(item, kind, properties, carried), whole=item.whole)


def _identified(
    item: Item, kind: str, properties: Properties, carried: frozenset[str] | None
) -> tuple[Properties, str, frozenset[str] | None]:
    """Return the properties with those that every item has: the ARN, and the tags."""
    fields = fields_of(kind)
    if "Arn" in fields and item.arn:
        properties.setdefault("Arn", item.arn)
    if "Tags" in fields and properties.get("Tags") is None and item.tags is not None:
        properties["Tags"] = _tags(item.tags, fields["Tags"])
    said = "Tags" in properties
    return properties, _SOURCE, carried | {"Tags"} if carried is not None and said else carried


def _tags(tags: Mapping[str, str], wanted: Type) -> Value:
    if wanted.kind is Kind.LIST:
        return [{"Key": key, "Value": value} for key, value in sorted(tags.items())]
    return dict(tags)


def _by_schema(item: Item) -> Mapping[str, Value]:
    """Return the properties of a type without a table: what its configuration says, if that is CloudFormation's form.

    It is when it has what the schema requires, and nothing that the schema would refuse. Names in CloudFormation's own
    spelling may come from a later schema than ours; any other that the schema does not know shows another form. What is
    left out, this type's items may never have: it is unknown.
    """
    kind, configuration = item.type, item.configuration or {}
    schema, fields = resource_schema(kind), fields_of(kind)
    names = {name.casefold(): name for name in fields}
    registry = any(key in fields for key in configuration) and all(key[:1].isupper() for key in configuration)
    unknown = [key for key in configuration if key.casefold() not in names]
    properties: Properties = {}
    for key, value in configuration.items():
        if name := names.get(key.casefold()):
            properties[name] = value if registry else shaped(value, fields[name])
    properties = {name: value for name, value in properties.items() if value is not None}
    needed = schema.required - schema.write_only
    refused = any(_is_refused(value, fields[name]) for name, value in properties.items())
    if refused or not needed <= properties.keys() or (unknown and not registry):
        why = f"what AWS Config says of {kind} is in a form that is not mapped"
        return unread(kind, Reason(Cause.NOT_COLLECTED, kind, why))
    return observed(kind, *_identified(item, kind, properties, None), whole=False)


def _is_refused(value: Value, wanted: Type) -> bool:
    return _has_malformed(coerce(value, wanted))


def _has_malformed(value: Value) -> bool:
    match value:
        case Unknown(reason=reason):
            return reason.cause is Cause.MALFORMED
        case Mapping():
            return any(map(_has_malformed, value.values()))
        case list():
            return any(map(_has_malformed, value))
        case _:
            return False


def _unprocessed(each: Unprocessed) -> Gap:
    where = f"{each.account}/{each.region}/{each.type}/{each.id}"
    kind = ENTRIES[each.type].becomes if each.type in ENTRIES else each.type
    detail = f"AWS Config did not answer about {each.type} {each.id}"
    return Gap(where, Reason(Cause.NOT_COLLECTED, each.type, detail), (kind,))


def attach_policies(resources: dict[str, Resource]) -> None:
    """State of each managed policy whom it is attached to, which only the items of those say."""
    arns = {
        each.properties.get("PolicyArn"): each.id
        for each in resources.values()
        if each.type == "AWS::IAM::ManagedPolicy"
    }
    attached: dict[str, dict[str, list[Value]]] = defaultdict(lambda: {"Roles": [], "Users": [], "Groups": []})
    for each in resources.values():
        field_name = {"AWS::IAM::Role": "Roles", "AWS::IAM::User": "Users", "AWS::IAM::Group": "Groups"}.get(each.type)
        policies = each.properties.get("ManagedPolicyArns") if field_name else None
        for arn in policies if field_name and isinstance(policies, list) else ():
            if isinstance(arn, str) and arn in arns:
                reason = Reason(Cause.ATTRIBUTE, each.id, f"the name of {each.name}")
                attached[arns[arn]][field_name or ""].append(
                    Unknown(reason, present=True, reference=Reference(each.id))
                )
    for identity, owners in attached.items():
        policy = resources[identity]
        resources[identity] = replace(policy, properties={**policy.properties, **owners})


def relations(related: Mapping[str, Sequence[tuple[str, str, str]]], inventory: Inventory) -> Iterator[Relation]:
    """Yield what AWS Config relates, where both ends are there; by the property that names the other, if one does.

    related  Id of a resource → as in `Item`.
    """
    known: dict[tuple[str, str, str], str] = {}
    for one in inventory.resources:
        account, kind = one.origin.account, one.type
        known.setdefault((account, kind, one.id.split("/", 3)[-1]), one.id)
        known.setdefault((account, kind, one.name), one.id)
    for identity, several in related.items():
        source = inventory.by_id[identity]
        for _, related_type, name in several:
            kind = ENTRIES[related_type].becomes if related_type in ENTRIES else related_type
            target = known.get((source.origin.account, kind, name))
            if target and target != source.id:
                yield Relation(source.id, _stated_at(source.properties, name) or (), target)


def _stated_at(value: Value, name: str, path: At = ()) -> At | None:
    """Return where in a value the name of another resource stands, alone or at the end of an ARN."""
    if isinstance(value, str):
        return (
            path if value == name or (value.startswith("arn:") and value.endswith((f"/{name}", f":{name}"))) else None
        )
    inner = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        if (found := _stated_at(each, name, (*path, key))) is not None:
            return found
    return None
