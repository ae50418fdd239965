"""The main job: a governance repository in, the answer for its workloads and the organisation out."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assay.assessment.assess import Assessment, Population, answered_here, assess
from assay.assessment.attested import Attested
from assay.errors import UsageError, nearest
from assay.governance.model import Workload
from assay.governance.repository import Repository, read_repository
from assay.inventory.normalise import merge, normalise
from assay.inventory.resource import Inventory
from assay.operations import reading
from assay.operations.facts import organisation_facts, workload_facts
from assay.operations.preventive import Prover, evaluations
from assay.sources import cloudformation


def assess_repository(
    directory: Path,
    *,
    now: datetime.datetime,
    stage: str = "",
    workloads: Sequence[str] = (),
    snapshot: Path | None = None,
    attested: Sequence[Attested] = (),
) -> tuple[Repository, Assessment]:
    """Answer for the workloads named (all, when none is), each at `stage` or at its furthest stage.

    snapshot  Judge what is deployed, by this snapshot, in place of what templates and plans declare.
    attested  What persons have signed about objectives.

    Raises FaultyFiles when the repository is wrong, UsageError on an unknown workload or stage, and for what is no
    snapshot.
    """
    repository = read_repository(directory)
    wanted = wanted_workloads(repository, workloads, stage)
    if snapshot:
        return repository, _assess_deployed(repository, wanted, snapshot, stage, now, attested)
    inventories = {
        each.id: read_workload(repository, each, stage)
        for each in repository.workloads.values()
        if each in wanted or each.platform
    }
    platform = [inventories[each.id] for each in repository.workloads.values() if each.platform]
    return repository, _assess(
        repository, merge(platform), [(each, inventories[each.id]) for each in wanted], stage, now, attested
    )


def _assess_deployed(
    repository: Repository,
    wanted: Sequence[Workload],
    snapshot: Path,
    stage: str,
    now: datetime.datetime,
    attested: Sequence[Attested],
) -> Assessment:
    from assay.operations.inhabited import inhabited  # brings the reading of snapshots, which templates do not need

    found = inhabited(snapshot, repository)
    workloads = [(each, found.workload(each, stage_of(repository, each, stage))) for each in wanted]
    answered = _assess(repository, found.organisation(), workloads, stage, now, attested)
    return replace(answered, outside=tuple(found.outside()))


def _assess(
    repository: Repository,
    shared: Inventory,
    workloads: Sequence[tuple[Workload, Inventory]],
    stage: str,
    now: datetime.datetime,
    attested: Sequence[Attested],
) -> Assessment:
    """Answer for what was found of the organisation and of each workload, together with the repository's own facts."""
    prover = Prover.of(repository, shared)
    populations = []
    for each, inventory in workloads:
        found = merge([inventory, normalise(workload_facts(repository, each, now))])
        proven = tuple(evaluations(repository, prover, found, answered_here(repository, each)))
        populations.append(Population(each.id, stage_of(repository, each, stage), found, proven))
    facts = merge([shared, normalise(organisation_facts(repository, now))])
    proven = tuple(evaluations(repository, prover, facts, answered_here(repository, None)))
    organisation = Population("", stage or repository.organisation.stages[-1], facts, proven)
    return assess(repository, organisation, populations, now=now, attested=attested)


def wanted_workloads(repository: Repository, names: Sequence[str], stage: str) -> list[Workload]:
    """Return the workloads named, all when none is. Raises UsageError on an unknown workload or stage."""
    if stage and stage not in repository.organisation.stages:
        raise UsageError(_unknown("stage", stage, repository.organisation.stages))
    for name in names:
        if name not in repository.workloads:
            raise UsageError(_unknown("workload", name, tuple(repository.workloads)))
    return [each for each in repository.workloads.values() if not names or each.id in names]


def _unknown(kind: str, name: str, known: Sequence[str]) -> str:
    hint = nearest(name, known)
    return f"no {kind} {name!r}; {hint or 'known: ' + ', '.join(known)}"


def stage_of(repository: Repository, workload: Workload, stage: str) -> str:
    """Return the stage to judge a workload at: the one asked for, else the furthest in which it has an account."""
    if stage:
        return stage
    has = [each for each in repository.organisation.stages if each in workload.accounts]
    return has[-1] if has else repository.organisation.stages[-1]


def read_workload(repository: Repository, workload: Workload, stage: str) -> Inventory:
    """Return what the workload's templates and plans declare at a stage.

    Entries that share a file (one template in two regions) declare resources of their own: their ids begin with the
    region, or with the entry's number where that does not tell them apart.
    """
    at = stage_of(repository, workload, stage)
    base = Path(workload.position.file).parent
    inventories = []
    seen: set[Path] = set()
    labels: set[str] = {""}
    for index, templates in enumerate(workload.templates):
        try:
            files = reading.find(base, templates.path)
            label = ""
            if not seen.isdisjoint(each.resolve() for each in files):
                label = next(each for each in (f"{templates.region}:", f"{index}:") if each not in {*labels, ":"})
            context = cloudformation.Context(
                parameters=templates.parameters.get(at, {}),
                account=workload.accounts.get(at, ""),
                region=templates.region,
                label=label,
            )
            inventories.append(reading.read(files, context))
        except UsageError as error:
            raise UsageError(f"{workload.position}: workload {workload.id}: {error}") from None
        seen.update(each.resolve() for each in files)
        labels.add(label)
    return merge(inventories)
