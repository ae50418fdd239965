"""Two snapshots compared: by the digests of what is in them, then in detail where these differ."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assay.assessment.assess import evaluate_all
from assay.assessment.comparison import Changed, Comparison, Fate, Flip, flips
from assay.assessment.verdicts import Verdict
from assay.governance.knowledge import Knowledge, knowledge
from assay.governance.repository import Repository
from assay.inventory.difference import Difference, differences
from assay.inventory.resource import Inventory, Resource
from assay.inventory.snapshot import Manifest, Snapshot, is_reached, open_snapshot, resources
from assay.inventory.snapshot import index as rows_of
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
    rows = _Rows({each.id: each for each in rows_of(old)}, {each.id: each for each in rows_of(new)})
    changed = tuple(_changed(old, new, rows))
    accounts = sorted({each.account for each in changed if not each.is_noise})
    same = sum(each.digest == rows.new[identity].digest for identity, each in rows.old.items() if identity in rows.new)
    return Comparison(
        before=old.manifest.digest,
        after=new.manifest.digest,
        observed=(old.manifest.last, new.manifest.last),
        changed=changed,
        flips=tuple(flip for account in accounts for flip in _flips(old, new, account, known, now)),
        workloads=_workloads(known) if isinstance(known, Repository) else {},
        counts=(len(rows.old), len(rows.new), same),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of both snapshots by id, without their documents."""

    old: Mapping[str, Row]
    new: Mapping[str, Row]


def _changed(old: Snapshot, new: Snapshot, rows: _Rows) -> Iterator[Changed]:
    """Yield what is not the same, in order of id."""
    both = rows.old.keys() & rows.new.keys()
    differing = {each for each in both if rows.old[each].digest != rows.new[each].digest}
    were, are = (_documents(each, differing, rows) for each in (old, new))
    for identity in sorted((rows.old.keys() ^ rows.new.keys()) | differing):
        if identity in differing:
            found = differences(were[identity], are[identity])
            if found:
                yield _one(Fate.CHANGED, rows.new[identity], found)
        elif identity in rows.new:
            yield _one(_missing(old.manifest, rows.new[identity], Fate.APPEARED, Fate.FOUND), rows.new[identity])
        else:
            yield _one(_missing(new.manifest, rows.old[identity], Fate.GONE, Fate.UNSEEN), rows.old[identity])


def _missing(manifest: Manifest, row: Row, certain: Fate, otherwise: Fate) -> Fate:
    return certain if is_reached(manifest, row.account, row.region, row.type, row.id) else otherwise


def _one(fate: Fate, row: Row, found: tuple[Difference, ...] = ()) -> Changed:
    return Changed(fate, row.id, row.type, row.name, row.account, row.region, found)


def _documents(snapshot: Snapshot, wanted: set[str], rows: _Rows) -> Mapping[str, Resource]:
    if not wanted:
        return {}
    accounts = {rows.new[each].account for each in wanted}
    types = {rows.new[each].type for each in wanted}
    return {each.id: each for each in resources(snapshot, accounts, types=types) if each.id in wanted}


def _flips(old: Snapshot, new: Snapshot, account: str, known: Knowledge, now: datetime.datetime) -> tuple[Flip, ...]:
    controls = [each for each in known.controls.values() if not each.control.resource.startswith("Assay::")]
    today = now.astimezone(datetime.UTC).date()
    nothing = Inventory(())
    were, are = (deployed(each, {account}).get(account, nothing) for each in (old, new))
    before, after = (evaluate_all(controls, each, known.params, today) for each in (were, are))
    severities = {each.control.id: each.control.severity.value for each in controls}
    why: dict[tuple[str, str], str] = {}
    for each in after:
        if each.verdict in (Verdict.NOT_MET, Verdict.UNKNOWN):
            why[each.control, each.resource] = "; ".join(dict.fromkeys(map(str, each.reasons)))
    return flips(before, after, severities, account, why)


def _workloads(repository: Repository) -> Mapping[str, str]:
    found: dict[str, list[str]] = defaultdict(list)
    for workload in repository.workloads.values():
        for stage, account in workload.accounts.items():
            found[account].append(f"{workload.id} ({stage})")
    return {account: ", ".join(sorted(each)) for account, each in found.items()}
