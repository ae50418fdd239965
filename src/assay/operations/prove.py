"""Are the guardrails that the platform's templates declare what the organisation needs? A proof for each invariant."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.errors import FaultyFiles, UsageError, nearest
from assay.governance.repository import Repository, read_repository
from assay.inventory.normalise import merge
from assay.inventory.resource import Inventory, Resource
from assay.inventory.values import Value
from assay.operations.assess import read_workload
from assay.permissions.guardrails import Guardrails, exempting_tags, read_guardrails
from assay.permissions.identities import ROLE, arn_of
from assay.permissions.invariants import Invariant, Words, understand
from assay.permissions.proof import Proof, prove
from assay.permissions.repair import Repair, repair, repair_subject
from assay.permissions.request import Organisation
from assay.permissions.subjects import SubjectProof, Subjects


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


@dataclass(frozen=True)
class Proved:
    """What was proved, with what it rests on. `accounts`: member accounts, which guardrails bind.

    subjects  What workloads declare, by workload: roles, users, policies of resources.
    repairs   id of an invariant, or of it and a resource → the smallest change that was found and proved.
    """

    proofs: tuple[Proof, ...]
    subjects: tuple[tuple[str, SubjectProof], ...]
    repairs: Mapping[tuple[str, str], Repair]
    guardrails: Guardrails
    organisation: Organisation
    accounts: tuple[str, ...]
    units: Mapping[str, str]


def prove_repository(directory: Path, names: Sequence[str] = (), exempt: Sequence[str] = ()) -> Proved:
    """Prove the invariants named (all, when none is) over the organisation. Raises FaultyFiles, UsageError."""
    repository = read_repository(directory)
    inventories = {each.id: read_workload(repository, each, "") for each in repository.workloads.values()}
    ground = ground_of(repository, inventories)
    invariants = _wanted(understood(repository, ground.words), names)
    roles = [arn for each in inventories.values() for one in each.of_type(ROLE) if (arn := arn_of(one))]
    proofs = prove(invariants, ground.guardrails, ground.organisation, ground.units, exempt, roles)
    asking = ground.subjects()
    subjects = tuple(
        (workload, asking.prove(invariant, resource, inventory))
        for workload, inventory in inventories.items()
        for invariant, resource in about(invariants, repository, inventory)
    )
    repairs = {(each.invariant.id, ""): found for each in proofs if (found := repair(each, ground.guardrails, exempt))}
    repairs |= {
        (each.invariant.id, each.resource.id): found
        for workload, each in subjects
        if (found := repair_subject(each, asking, inventories[workload]))
    }
    accounts = tuple(sorted(ground.units))
    return Proved(proofs, subjects, repairs, ground.guardrails, ground.organisation, accounts, ground.units)


def about(
    invariants: Iterable[Invariant], repository: Repository, inventory: Inventory
) -> Iterator[tuple[Invariant, Resource]]:
    """Yield each invariant about policies with each resource that it is about."""
    for invariant in invariants:
        if invariant.kind is None:
            for kind in repository.invariants[invariant.id].subjects:
                yield from ((invariant, each) for each in inventory.of_type(kind) if not each.fragment)


def understood(repository: Repository, words: Words) -> tuple[Invariant, ...]:
    """Return the invariants of a repository and of the catalogue in the organisation's words. Raises FaultyFiles."""
    return understand((each.invariant for each in repository.invariants.values()), words)


def ground_of(repository: Repository, inventories: Mapping[str, Inventory]) -> Ground:
    """Return what proofs rest on. inventories: workload → what it declares, of platform workloads at least.

    Raises FaultyFiles when AWS would refuse a guardrail.
    """
    stated = repository.organisation
    platform = merge([inventories[each.id] for each in repository.workloads.values() if each.platform])
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


def _wanted(invariants: Sequence[Invariant], names: Sequence[str]) -> list[Invariant]:
    known = [each.id for each in invariants]
    for name in names:
        if name not in known:
            raise UsageError(f"no invariant {name!r}; {nearest(name, known) or 'known: ' + ', '.join(known)}")
    return [each for each in invariants if not names or each.id in names]
