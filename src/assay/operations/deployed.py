"""What a snapshot says is deployed, account by account: documents beside one another, folded and related."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from assay.inventory.identity import GLOBAL, is_global
from assay.inventory.normalise import normalise
from assay.inventory.observed import with_parts
from assay.inventory.resource import Gap, Inventory, Position, Relation, Resource
from assay.inventory.snapshot import Snapshot, account_of, resources
from assay.inventory.values import Cause, Reason
from assay.sources import aws_config

RELATED = "Assay::Related"
"""Attribute of a resource in a snapshot: (name of the relation, type, id) of those that its source relates it to."""

UNDATED = "unknown"
"""When a live resource was observed whose source does not say."""

_SOURCES = {"aws_config": "AWS Config", "cloud_control": "Cloud Control", "aws": "the collector"}

Listed = Mapping[tuple[str, str], frozenset[str]]


def deployed(snapshot: Snapshot, accounts: Collection[str] | None = None) -> dict[str, Inventory]:
    """Return the inventory of each account that the snapshot knows something of, of those given; None: of all.

    Gaps that name no account are in every one. Raises NotASnapshot when a part of the snapshot is damaged.
    """
    manifest = snapshot.manifest
    held: dict[str, list[Resource]] = defaultdict(list)
    for each in resources(snapshot, accounts):
        held[each.origin.account].append(each)
    named = manifest.accounts | {account_of(gap) for gap in manifest.gaps} - {""}
    for account in named if accounts is None else named & set(accounts):
        held.setdefault(account, [])
    return {account: _together(snapshot, account, held.pop(account)) for account in sorted(held)}


def _together(snapshot: Snapshot, account: str, given: list[Resource]) -> Inventory:
    manifest = snapshot.manifest
    listed = beside(manifest.listed, account, manifest.asked.regions)
    related = {each.id: _related(each) for each in given}
    placed = [_placed(each, str(snapshot.directory)) for each in given]
    recorded = aws_config.together((each for each in placed if each.origin.source == "aws_config"), listed)
    others = [
        with_parts(
            each,
            _SOURCES.get(each.origin.source, each.origin.source),
            listed.get((account, each.origin.region), frozenset()),
        )
        for each in placed
        if each.origin.source != "aws_config"
    ]
    inventory = normalise(
        [*recorded, *others],
        gaps=[gap for gap in manifest.gaps if account_of(gap) in ("", account)],
        absent=[(identity, why) for identity, why in manifest.gone if identity.partition("/")[0] == account],
    )
    added: Iterator[Relation] = aws_config.relations(related, inventory)
    return replace(inventory, relations=tuple(dict.fromkeys((*inventory.relations, *added))))


def beside(listed: Listed, account: str, asked: Iterable[str]) -> Listed:
    """Return the types of which everything is known that may stand beside a resource, by account and region.

    Beside a regional resource stand those of its region and the global ones; beside a global one, those of every region
    that was asked for.
    """
    everywhere = listed.get((account, GLOBAL), frozenset())
    regions = [each for each in asked if each != GLOBAL]
    of_all = [listed.get((account, each), frozenset()) for each in regions]
    found = {place: types | everywhere for place, types in listed.items() if place[0] == account}
    return {**found, (account, GLOBAL): everywhere | (frozenset.intersection(*of_all) if of_all else frozenset())}


def missing(snapshot: Snapshot, account: str, regions: Iterable[str], types: Iterable[str]) -> Iterator[Gap]:
    """Yield what is not known of an account: the types of which the snapshot may not have every resource, and where."""
    manifest = snapshot.manifest
    if account not in manifest.accounts:
        detail = f"the snapshot does not reach account {account}"
        yield Gap(account, Reason(Cause.NOT_COLLECTED, account, detail), tuple(sorted(types)))
        return
    wanted = tuple(regions)
    unlisted: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for kind in sorted(types):
        places = (GLOBAL,) if is_global(kind) else wanted
        without = tuple(each for each in places if kind not in manifest.listed.get((account, each), frozenset()))
        if without:
            unlisted[without].append(kind)
    for places, kinds in sorted(unlisted.items()):
        shown = ", ".join(kinds[:3]) + (f" and {len(kinds) - 3} more types" if len(kinds) > 3 else "")
        where = f"account {account}, {', '.join(places)}"
        detail = f"the snapshot does not say that it has every {shown} of {where}"
        yield Gap(f"{account}/{','.join(places)}", Reason(Cause.NOT_COLLECTED, account, detail), tuple(kinds))


def _placed(resource: Resource, directory: str) -> Resource:
    """Return the resource at a place of its own account and region: what a name means is looked for there first."""
    origin = resource.origin
    place = "/".join(each for each in (directory, origin.account, origin.region) if each)
    attributes = {name: value for name, value in resource.attributes.items() if name != RELATED}
    seen = origin.observed or UNDATED
    return replace(resource, origin=replace(origin, position=Position(place), observed=seen), attributes=attributes)


def _related(resource: Resource) -> tuple[tuple[str, str, str], ...]:
    stated = resource.attributes.get(RELATED)
    several = stated if isinstance(stated, list) else []
    return tuple(
        (str(each[0]), str(each[1]), str(each[2])) for each in several if isinstance(each, list) and len(each) == 3
    )
