"""What every proof over an organisation rests on: its guardrails, its accounts, and what its words stand for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assay.errors import FaultyFiles
from assay.governance.repository import Repository
from assay.inventory.resource import Inventory, Resource
from assay.inventory.values import Value
from assay.permissions.guardrails import Guardrails, exempting_tags, read_guardrails
from assay.permissions.identities import arn_of
from assay.permissions.invariants import Invariant, Words, understand
from assay.permissions.request import Organisation
from assay.permissions.subjects import Subjects


@dataclass(frozen=True)
class Ground:
    """What every proof over an organisation rests on.

    units  account → path of its organisational unit, member accounts only: guardrails bind no other.
    """

    guardrails: Guardrails
    organisation: Organisation
    units: Mapping[str, str]
    words: Words

    def subjects(self, most: int = 0) -> Subjects:
        """Return the questions about what workloads declare. most: open ways of an identity to look for, 0 for all."""
        return Subjects(self.guardrails, self.organisation, self.units, self.words, most)


def understood(repository: Repository, words: Words) -> tuple[Invariant, ...]:
    """Return the invariants of a repository and of the catalogue in the organisation's words. Raises FaultyFiles."""
    return understand((each.invariant for each in repository.invariants.values()), words)


def ground_of(repository: Repository, platform: Inventory) -> Ground:
    """Return what proofs rest on. platform: what the platform workloads declare, or what is found of them.

    Raises FaultyFiles when AWS would refuse a guardrail.
    """
    stated = repository.organisation
    guardrails = read_guardrails(platform)
    if guardrails.refused:
        raise FaultyFiles(each.fault() for each in guardrails.refused)
    units = {each.id: each.ou for each in stated.accounts if each.id != stated.management_account}
    organisation = Organisation(stated.id, stated.management_account)
    return Ground(guardrails, organisation, units, _words(repository, platform, guardrails))


def _words(repository: Repository, platform: Inventory, guardrails: Guardrails) -> Words:
    """Return what the words of invariants stand for. One that is missing is one that nobody has said."""
    stated = repository.organisation
    accounts = tuple(each.id for each in stated.accounts)
    words: dict[str, Sequence[str]] = {
        "regions": stated.regions,
        "organisation": (stated.id,),
        "accounts": accounts,
        "our-arns": tuple(f"arn:aws:*:*:{each}:*" for each in accounts),
        "exempting-tags": exempting_tags(guardrails),
        **stated.principals,
        **_trail(platform),
    }
    return words | ({"boundaries": stated.boundaries} if stated.boundaries else {})


def _trail(platform: Inventory) -> dict[str, Sequence[str]]:
    """Return the buckets and keys of the trails that the platform declares, as far as their names are stated.

    A key has no name of its own choosing; any key of the account may be the one.
    """
    buckets: dict[str, None] = {}
    keys: dict[str, None] = {}
    for trail in platform.of_type("AWS::CloudTrail::Trail"):
        for each in _meant(trail, "S3BucketName", "AWS::S3::Bucket", platform):
            arn = each if isinstance(each, str) else arn_of(each)
            buckets |= dict.fromkeys([arn] if arn else [])
        for each in _meant(trail, "KMSKeyId", "AWS::KMS::Key", platform):
            if isinstance(each, Resource):
                keys[f"arn:aws:kms:*:{each.origin.account or '*'}:key/*"] = None
    found: dict[str, Sequence[str]] = {}
    if buckets:
        found |= {"trail-buckets": tuple(buckets), "trail-objects": tuple(f"{each}/*" for each in buckets)}
    if keys:
        found["trail-keys"] = tuple(keys)
    return found


def _meant(owner: Resource, field: str, kind: str, inventory: Inventory) -> Iterator[Resource | str]:
    value: Value = owner.properties.get(field)
    found = inventory.names.find(value, kind, owner.origin.position.file)
    yield from (inventory.by_id[each] for each in found if each in inventory.by_id)
    if not found and isinstance(value, str) and kind == "AWS::S3::Bucket":
        yield f"arn:aws:s3:::{value}"
