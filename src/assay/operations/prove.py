"""Are the guardrails that the platform's templates declare what the organisation needs? A proof for each invariant."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.errors import UsageError, nearest
from assay.governance.repository import Repository, read_repository
from assay.inventory.normalise import merge
from assay.inventory.resource import Inventory, Resource
from assay.operations.assess import read_workload
from assay.operations.ground import ground_of, understood
from assay.permissions.guardrails import Guardrails
from assay.permissions.identities import ROLE, arn_of
from assay.permissions.invariants import Invariant
from assay.permissions.proof import Proof, prove
from assay.permissions.repair import Repair, repair, repair_subject
from assay.permissions.request import Organisation
from assay.permissions.subjects import SubjectProof


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
    ground = ground_of(
        repository, merge([inventories[each.id] for each in repository.workloads.values() if each.platform])
    )
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


def _wanted(invariants: Sequence[Invariant], names: Sequence[str]) -> list[Invariant]:
    known = [each.id for each in invariants]
    for name in names:
        if name not in known:
            raise UsageError(f"no invariant {name!r}; {nearest(name, known) or 'known: ' + ', '.join(known)}")
    return [each for each in invariants if not names or each.id in names]
