"""Are the guardrails that the platform's templates declare what the organisation needs? A proof for each invariant."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.errors import FaultyFiles, UsageError, nearest
from assay.governance.repository import Repository, read_repository
from assay.inventory.normalise import merge
from assay.operations.assess import read_workload
from assay.permissions.guardrails import Guardrails, read_guardrails
from assay.permissions.invariants import Invariant, read_invariants
from assay.permissions.proof import Proof, prove
from assay.permissions.request import Organisation


@dataclass(frozen=True)
class Proved:
    """What was proved, with what it rests on. `accounts`: member accounts, which guardrails bind."""

    proofs: tuple[Proof, ...]
    guardrails: Guardrails
    organisation: Organisation
    accounts: tuple[str, ...]


def prove_repository(directory: Path, names: Sequence[str] = (), exempt: Sequence[str] = ()) -> Proved:
    """Prove the invariants named (all, when none is) over the organisation. Raises FaultyFiles, UsageError."""
    repository = read_repository(directory)
    stated = repository.organisation
    words = {"regions": stated.regions, "organisation": (stated.id,)}
    invariants = _wanted(read_invariants(directory, words), names)
    guardrails = _guardrails(repository)
    organisation = Organisation(stated.id, stated.management_account)
    units = {each.id: each.ou for each in stated.accounts if each.id != stated.management_account}
    proofs = prove(invariants, guardrails, organisation, units, exempt)
    return Proved(proofs, guardrails, organisation, tuple(sorted(units)))


def _guardrails(repository: Repository) -> Guardrails:
    platform = [each for each in repository.workloads.values() if each.platform]
    guardrails = read_guardrails(merge([read_workload(repository, each, "") for each in platform]))
    if guardrails.refused:
        raise FaultyFiles(each.fault() for each in guardrails.refused)
    return guardrails


def _wanted(invariants: Sequence[Invariant], names: Sequence[str]) -> list[Invariant]:
    known = [each.id for each in invariants]
    for name in names:
        if name not in known:
            raise UsageError(f"no invariant {name!r}; {nearest(name, known) or 'known: ' + ', '.join(known)}")
    return [each for each in invariants if not names or each.id in names]
