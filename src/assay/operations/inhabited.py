"""Whose a snapshot's resources are: each workload's account at its stage, the organisation's accounts, nobody's."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assay.assessment.assess import Outside
from assay.governance.compiled import FACTS
from assay.governance.model import Scope, Workload
from assay.governance.repository import Repository
from assay.inventory.identity import GLOBAL, is_of_organisation
from assay.inventory.normalise import merge
from assay.inventory.resource import Gap, Inventory
from assay.inventory.snapshot import Snapshot, open_snapshot
from assay.inventory.values import Cause, Reason
from assay.operations.deployed import deployed, missing


@dataclass(frozen=True)
class Inhabited:
    """A snapshot as one organisation lives in it."""

    snapshot: Snapshot
    repository: Repository
    accounts: Mapping[str, Inventory]

    def workload(self, workload: Workload, stage: str) -> Inventory:
        """Return what is deployed in the workload's account at a stage; unknown for want of an account is a gap."""
        account, types = workload.accounts.get(stage, ""), self._types(Scope.WORKLOAD)
        if not account:
            detail = f"workload {workload.id} names no account at stage {stage}"
            reason = Reason(Cause.NOT_COLLECTED, workload.id, detail)
            return Inventory((), gaps=(Gap(workload.id, reason, tuple(sorted(types))),))
        return self._deployed([account], {each for each in types if not is_of_organisation(each)})

    def organisation(self) -> Inventory:
        """Return what is deployed in all accounts of the organisation."""
        organisation = self.repository.organisation
        types = self._types(Scope.ORGANISATION)
        shared = {each for each in types if is_of_organisation(each)}
        everywhere = self._deployed([each.id for each in organisation.accounts], types - shared)
        unlisted = missing(self.snapshot, [organisation.management_account], organisation.regions, shared)
        return replace(everywhere, gaps=(*everywhere.gaps, *(each for each in unlisted if each.types)))

    def outside(self) -> Iterator[Outside]:
        """Yield the resources that belong to no workload: by account and region, with the reason."""
        known = {each.id: each.name for each in self.repository.organisation.accounts}
        used = {account for each in self.repository.workloads.values() for account in each.accounts.values()}
        for account, inventory in self.accounts.items():
            tally = Counter(each.origin.region for each in inventory.resources)
            for region, count in sorted(tally.items()):
                if account not in known:
                    yield Outside(account, region, count, "no account of the organisation: nothing judges it")
                elif region not in self._regions:
                    yield Outside(account, region, count, "no region of the organisation: nothing judges it")
                elif account not in used:
                    why = f"{known[account]} belongs to no workload: only the organisation's own objectives judge it"
                    yield Outside(account, region, count, why)

    @property
    def _regions(self) -> Collection[str]:
        return (*self.repository.organisation.regions, GLOBAL, "")

    def _types(self, scope: Scope) -> frozenset[str]:
        """Return the types that the controls of a scope's objectives are about."""
        objectives = {name for name, each in self.repository.objectives.items() if each.objective.scope is scope}
        controls = (each.control for each in self.repository.controls.values())
        found = {each.resource for each in controls if each.objective in objectives}
        return frozenset(each for each in found if each not in FACTS)

    def _deployed(self, accounts: Sequence[str], types: Collection[str]) -> Inventory:
        """Return what is in the accounts, in regions that count, and what of these types may be missing."""
        found = merge(self._in_regions(self.accounts[each]) for each in accounts if each in self.accounts)
        # What may be missing is deployed somewhere; the repository's own facts are whole.
        kinds = tuple(sorted(types))
        gaps = dict.fromkeys(each if each.types else replace(each, types=kinds) for each in found.gaps)
        unlisted = missing(self.snapshot, accounts, self.repository.organisation.regions, types)
        return replace(found, gaps=(*gaps, *unlisted))

    def _in_regions(self, found: Inventory) -> Inventory:
        here = tuple(each for each in found.resources if each.origin.region in self._regions)
        ids = {each.id for each in here}
        relations = tuple(each for each in found.relations if each.source in ids and each.target in ids)
        return replace(found, resources=here, relations=relations)


def inhabited(path: Path, repository: Repository) -> Inhabited:
    """Return a snapshot as the organisation of a repository lives in it. Raises NotASnapshot."""
    snapshot = open_snapshot(path)
    return Inhabited(snapshot, repository, deployed(snapshot))
