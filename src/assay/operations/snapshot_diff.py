"""Two snapshots compared: by the digests of what is in them, then in detail where these differ."""

import datetime
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from assay.assessment.comparison import Changed, Comparison, Fate, Flip, flips
from assay.assessment.evaluation import Evaluation, evaluate_control, in_scope
from assay.assessment.verdicts import Verdict
from assay.expressions.relations import RELATIONS
from assay.governance.compiled import FACTS, CompiledControl
from assay.governance.knowledge import Knowledge, knowledge
from assay.governance.repository import Repository
from assay.inventory.difference import Difference, differences
from assay.inventory.normalise import configuration_digest
from assay.inventory.resource import Inventory, Resource
from assay.inventory.snapshot import Manifest, Snapshot, apart, is_reached, open_snapshot, resources
from assay.inventory.snapshot.document import Row
from assay.operations.deployed import deployed


def compare(before: Path, after: Path, repository: Path | None, *, now: datetime.datetime) -> Comparison:
    """Return what is not the same in two snapshots, and the verdicts that differ, judged with the same controls.

    repository  Whose workloads, controls and parameters count; None: the catalogue alone.

    Accounts in which nothing differs are not judged: one account's verdicts never rest on another's resources. Raises
    NotASnapshot when one of the two is none or damaged, FaultyFiles when the repository is wrong.
    """
    old, new = open_snapshot(before), open_snapshot(after)
    known = knowledge(repository)
    pairs = tuple(apart(old, new))
    changed = tuple(_changed(old, new, pairs))
    accounts = sorted({each.account for each in changed if not each.is_noise})
    differing = sum(was is not None for was, _ in pairs)
    return Comparison(
        before=old.manifest.digest,
        after=new.manifest.digest,
        observed=(old.manifest.last, new.manifest.last),
        changed=changed,
        flips=tuple(flip for account in accounts for flip in _flips(old, new, account, known, now)),
        workloads=_workloads(known) if isinstance(known, Repository) else {},
        counts=(old.manifest.rows, new.manifest.rows, old.manifest.rows - differing),
    )


def _changed(old: Snapshot, new: Snapshot, pairs: Sequence[tuple[Row | None, Row | None]]) -> Iterator[Changed]:
    """Yield what is not the same, in order of id; nothing for documents that differ and mean the same."""
    differing = [now for was, now in pairs if was and now]
    were, are = (_documents(each, differing) for each in (old, new))
    for was, now in pairs:
        if was and now:
            found = differences(were[now.id], are[now.id])
            if found:
                yield _one(Fate.CHANGED, now, found)
        elif now:
            yield _one(_missing(old.manifest, now, Fate.APPEARED, Fate.FOUND), now)
        elif was:
            yield _one(_missing(new.manifest, was, Fate.GONE, Fate.UNSEEN), was)


def _missing(manifest: Manifest, row: Row, certain: Fate, otherwise: Fate) -> Fate:
    return certain if is_reached(manifest, row.account, row.region, row.type, row.id) else otherwise


def _one(fate: Fate, row: Row, found: tuple[Difference, ...] = ()) -> Changed:
    return Changed(fate, row.id, row.type, row.name, row.account, row.region, found)


def _documents(snapshot: Snapshot, wanted: Sequence[Row]) -> Mapping[str, Resource]:
    if not wanted:
        return {}
    ids = {each.id for each in wanted}
    found = resources(snapshot, {each.account for each in wanted}, types={each.type for each in wanted})
    return {each.id: each for each in found if each.id in ids}


def _flips(old: Snapshot, new: Snapshot, account: str, known: Knowledge, now: datetime.datetime) -> tuple[Flip, ...]:
    controls = [each for each in known.controls.values() if each.control.resource not in FACTS]
    today = now.astimezone(datetime.UTC).date()
    nothing = Inventory(())
    were, are = (deployed(each, {account}).get(account, nothing) for each in (old, new))
    same = _configurations(were) & _configurations(are)
    before, after = (_judged(controls, each, same, known, today) for each in (were, are))
    severities = {each.control.id: each.control.severity.value for each in controls}
    why: dict[tuple[str, str], str] = {}
    for each in after:
        if each.verdict in (Verdict.NOT_MET, Verdict.UNKNOWN):
            why[each.control, each.resource] = "; ".join(dict.fromkeys(map(str, each.reasons)))
    return flips(before, after, severities, account, why)


def _configurations(inventory: Inventory) -> set[tuple[str, str]]:
    return {(each.id, configuration_digest(each)) for each in inventory.resources}


def _judged(
    controls: Sequence[CompiledControl],
    inventory: Inventory,
    same: set[tuple[str, str]],
    known: Knowledge,
    today: datetime.date,
) -> list[Evaluation]:
    """Return the verdicts that may differ: a control that looks at no other resource judges the same one alike."""
    unchanged = {identity for identity, _ in same}
    return [
        evaluate_control(control, each, inventory, known.params.get(control.control.id, {}), today)
        for control in controls
        for each in inventory.of_type(control.control.resource)
        if (each.id not in unchanged or _looks_around(control)) and in_scope(control, each)
    ]


_RELATION = re.compile(rf"\b({'|'.join(RELATIONS)})\s*\(")


def _looks_around(control: CompiledControl) -> bool:
    """Whether other resources than the judged one may decide."""
    return bool(_RELATION.search(control.control.require) or _RELATION.search(control.control.unless))


def _workloads(repository: Repository) -> Mapping[str, str]:
    found: dict[str, list[str]] = defaultdict(list)
    for workload in repository.workloads.values():
        for stage, account in workload.accounts.items():
            found[account].append(f"{workload.id} ({stage})")
    return {account: ", ".join(sorted(each)) for account, each in found.items()}
