"""What a snapshot says is deployed, account by account: documents beside one another, folded and related."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from assay.inventory.identity import GLOBAL, is_global
from assay.inventory.normalise import normalise
from assay.inventory.observed import with_parts
from assay.inventory.resource import Gap, Inventory, Position, Relation, Resource
from assay.inventory.snapshot import NotASnapshot, Snapshot, account_of, resources
from assay.inventory.values import Cause, Reason
from assay.sources import aws_config

RELATED = "Assay::Related"
"""Attribute of a resource in a snapshot: (name of the relation, type, id) of those that its source relates it to."""

UNDATED = "unknown"
"""When a live resource was observed whose source does not say."""

SOURCES = {"aws_config": "AWS Config", "cloud_control": "Cloud Control", "aws": "the collector"}

Listed = Mapping[tuple[str, str], frozenset[str]]
_Unlisted = tuple[tuple[str, ...], tuple[str, ...]]  # (places, types); no place: the account was not reached


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
    if len({each.id for each in given}) != len(given):
        raise NotASnapshot(f"{snapshot.directory}: two of its documents are of one resource of account {account}")
    listed = beside(manifest.listed, account, manifest.asked.regions)
    related = {each.id: _related(each) for each in given}
    placed = [_placed(each, str(snapshot.directory)) for each in given]
    recorded = aws_config.together((each for each in placed if each.origin.source == "aws_config"), listed)
    others = [
        with_parts(
            each,
            SOURCES.get(each.origin.source, each.origin.source),
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


def missing(
    snapshot: Snapshot, accounts: Iterable[str], regions: Iterable[str], types: Collection[str]
) -> Iterator[Gap]:
    """Yield what is not known of accounts: the types of which the snapshot may not have every resource, and where.

    Accounts of which the same is not known are one gap.
    """
    wanted, alike = tuple(regions), defaultdict[_Unlisted, list[str]](list)
    for account in accounts:
        for unlisted in _unlisted(snapshot, account, wanted, types):
            alike[unlisted].append(account)
    for (places, kinds), several in sorted(alike.items()):
        named = f"account{'s' if len(several) > 1 else ''} {_some(several, 'accounts')}"
        if not places:
            detail = f"the snapshot does not reach {named}"
        else:
            every = _some(kinds, "types")
            detail = f"the snapshot does not say that it has every {every} of {named}, {', '.join(places)}"
        subject = "/".join(each for each in (_some(several, "accounts"), ",".join(places)) if each)
        yield Gap(subject, Reason(Cause.NOT_COLLECTED, named, detail), kinds)


def _unlisted(
    snapshot: Snapshot, account: str, regions: tuple[str, ...], types: Collection[str]
) -> Iterator[_Unlisted]:
    manifest = snapshot.manifest
    if account not in manifest.accounts:
        yield (), tuple(sorted(types))
        return
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    nothing: frozenset[str] = frozenset()
    for kind in sorted(types):
        places = (GLOBAL,) if is_global(kind) else regions
        if without := tuple(each for each in places if kind not in manifest.listed.get((account, each), nothing)):
            found[without].append(kind)
    yield from ((places, tuple(kinds)) for places, kinds in found.items())


def _some(names: Sequence[str], what: str) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more {what}" if len(names) > 3 else "")


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
