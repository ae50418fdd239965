"""Is what is deployed what was declared? The templates and plans of workloads beside what was observed.

Account by account: several workloads may share one, and what is in it is unmanaged only if none of them declares it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.assessment.drift import AccountDrift, Drift, Drifted, Listed, drift, drifting
from assay.documents import Document
from assay.errors import Fault, UsageError
from assay.governance.model import Workload
from assay.governance.repository import Repository, read_repository
from assay.inventory.resource import LISTED, Gap, Inventory, Resource
from assay.inventory.snapshot import open_snapshot
from assay.inventory.values import Value
from assay.operations import reading
from assay.operations.assess import read_workload, stage_of, wanted_workloads
from assay.operations.changes import Roles, changes
from assay.operations.deployed import beside
from assay.permissions.parse import parse_policy
from assay.permissions.policy import Kind, Policy
from assay.permissions.questions import Comparison, difference
from assay.sources import cloudformation


def compare_deployed(
    directory: Path,
    snapshots: Sequence[Path],
    *,
    workloads: Sequence[str] = (),
    stage: str = "",
    events: Sequence[Path] = (),
) -> Drifted:
    """Compare the workloads named (all, when none is) with what was observed. Raises FaultyFiles, UsageError."""
    repository = read_repository(directory)
    wanted = wanted_workloads(repository, workloads, stage)
    accounts = {each.accounts.get(stage_of(repository, each, stage), "") for each in wanted} - {""}
    live = reading.read(snapshots, _context(repository, wanted, accounts))
    if not live.resources and not live.faults and not live.gaps:
        raise UsageError("nothing was observed: expected a snapshot, or files of AWS Config or Cloud Control")
    if live.resources and not any(each.origin.account for each in live.resources):
        raise UsageError(
            "the files do not say of which account they are (answers of Cloud Control do not): name workloads of one "
            "account with --workload, or make a snapshot with its --account and --region"
        )
    listed = _listed(live, snapshots)
    faults, gaps = [*live.faults], [*live.gaps]
    found = []
    for account in sorted(accounts):
        came, declared = _account(repository, account, live, listed)
        faults += declared.faults
        gaps += declared.gaps
        found.append(_only(came, {each.id for each in wanted}))
    changed = changes(events, drifting(each for one in found for each in one.drift.found), _roles(repository))
    without = [each.id for each in wanted if not each.accounts.get(stage_of(repository, each, stage))]
    return Drifted(tuple(found), _seen(live), changed, tuple(sorted(set(faults))), tuple(gaps), tuple(without))


def _context(repository: Repository, wanted: Sequence[Workload], accounts: Collection[str]) -> cloudformation.Context:
    """Return where things are whose description does not say it (Cloud Control): where there is one place only."""
    stated = {templates.region for each in wanted for templates in each.templates} - {""}
    regions = stated or set(repository.organisation.regions)
    return cloudformation.Context(
        account=next(iter(accounts)) if len(accounts) == 1 else "",
        region=next(iter(regions)) if len(regions) == 1 else "",
    )


def _account(repository: Repository, account: str, live: Inventory, listed: Listed) -> tuple[AccountDrift, "_Declared"]:
    declared = _Declared({}, {}, {}, [], [])
    for workload, stage in _in_account(repository, account):
        inventory = read_workload(repository, workload, stage)
        declared.stages[workload.id] = stage
        declared.faults += inventory.faults
        declared.gaps += inventory.gaps
        for each in inventory.resources:
            declared.resources.setdefault(each.id, each)
            declared.by.setdefault(each.id, workload.id)
    resources = tuple(declared.resources.values())
    came = drift(resources, live.resources, {account}, listed, same_policy, dict(live.absent))
    return AccountDrift(account, declared.stages, declared.by, came), declared


@dataclass
class _Declared:
    """What is declared for one account, by whichever workload."""

    resources: dict[str, Resource]
    by: dict[str, str]
    stages: dict[str, str]
    faults: list[Fault]
    gaps: list[Gap]


def _in_account(repository: Repository, account: str) -> Iterator[tuple[Workload, str]]:
    for each in repository.workloads.values():
        stages = [stage for stage, deployed in each.accounts.items() if deployed == account]
        if stages:
            yield each, stages[-1]


def _only(came: AccountDrift, workloads: set[str]) -> AccountDrift:
    """Return what came of these workloads, and of what no workload declares."""
    kept = tuple(
        each
        for each in came.drift.found
        if each.declared is None or came.declared_by.get(each.declared.id) in workloads
    )
    stages = {name: stage for name, stage in came.workloads.items() if name in workloads}
    return AccountDrift(came.account, stages, came.declared_by, Drift(kept, came.drift.accounts))


def _listed(live: Inventory, paths: Sequence[Path]) -> Listed:
    """Return who knows of which types every resource was observed, by account and region."""
    known: dict[tuple[str, str], set[str]] = {}
    for each in live.resources:
        types = each.attributes.get(LISTED)
        if isinstance(types, Sequence) and not isinstance(types, str):
            known.setdefault((each.origin.account, each.origin.region), set()).update(map(str, types))
    for path in (one for each in paths for one in reading.find_snapshots(each)):
        manifest = open_snapshot(path).manifest
        for account in manifest.accounts:
            for place, listed in beside(manifest.listed, account, manifest.asked.regions).items():
                known.setdefault(place, set()).update(listed)
    return lambda account, region, kind: kind in known.get((account, region), ())


def _roles(repository: Repository) -> Roles:
    stated = repository.organisation.principals
    return Roles(tuple(stated.get("pipeline", ())), tuple(stated.get("break-glass", ())))


def _seen(live: Inventory) -> tuple[str, str]:
    moments = sorted({each.origin.observed for each in live.resources if each.origin.observed[:1].isdigit()})
    return (moments[0], moments[-1]) if moments else ("", "")


def same_policy(declared: Value, live: Value) -> bool | None:
    """Return whether two policy documents allow the same, None when that is not decided."""
    one, other = _policy(declared), _policy(live)
    if one is None or other is None or one.kind is not other.kind:
        return None
    found = difference((one,), (other,)).comparison
    return None if found is Comparison.UNDETERMINED else found is Comparison.EQUAL


def _policy(value: Value) -> Policy | None:
    if not isinstance(value, Mapping):
        return None
    statements = value.get("Statement")
    listed = statements if isinstance(statements, list) else []
    named = any(isinstance(each, Mapping) and ("Principal" in each or "NotPrincipal" in each) for each in listed)
    kind = Kind.RESOURCE if named else Kind.IDENTITY
    return parse_policy(Document("", value, {(): (1, 1)}, {}, {}), kind).policy  # type: ignore[arg-type]  # no holes
