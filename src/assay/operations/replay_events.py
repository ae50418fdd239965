"""What would guardrails have done to what was done? Recorded events replayed."""

import datetime
import gc
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assay.documents import read
from assay.errors import Fault, FaultyFiles, UsageError, nearest
from assay.governance.repository import Repository, read_repository
from assay.governance.units import ROOT, down_to
from assay.inventory.normalise import merge
from assay.operations.assess import read_workload
from assay.operations.policy import guess_kind
from assay.permissions.attached import Attached
from assay.permissions.compiler.plan_file import read_plan
from assay.permissions.expected import Expected, read_expected
from assay.permissions.guardrails import Guardrail, Guardrails, read_guardrails
from assay.permissions.policy import Kind
from assay.permissions.ramp import Finding, findings
from assay.permissions.replay import JUDGED, Replay, Tally
from assay.permissions.request import Organisation
from assay.permissions.request_file import load_policy
from assay.sources import cloudtrail

EXPECTED = Path("guardrails", "expected-denials.yaml")
_AT_ONCE = 24_000_000  # bytes of files that one process reads sooner than another has started


@dataclass(frozen=True)
class Wanted:
    """What to replay: policy files attached at a node, a plan, or else what the repository's platform declares.

    kind        None: RCP for a policy that names principals, else SCP.
    plan        Folder of a plan: each invariant's own statements are attached where it says.
    invariants  Of the plan these alone; all, when none is named.
    """

    policies: tuple[Path, ...] = ()
    kind: Kind | None = None
    at: str = ROOT
    governance: Path | None = None
    full_access: bool = True
    expected: Path | None = None
    plan: Path | None = None
    invariants: tuple[str, ...] = ()


@dataclass(frozen=True)
class Replayed:
    """What came of it. `incomplete`: what of the events could not be read."""

    attached: Attached
    tally: Tally
    reading: cloudtrail.Reading
    findings: tuple[Finding, ...]

    @property
    def incomplete(self) -> tuple[str, ...]:
        """What of the events could not be read, in words."""
        return (*map(str, self.reading.faults), *self.reading.gaps)

    @property
    def decided(self) -> bool:
        """Whether a guardrail that can deny answered for a single event: nothing empty passes."""
        able = len(self.attached.idle) < len(self.attached.guardrails.found)
        return able and any(case.fate in JUDGED for case, _ in self.tally.cases())


def replay(
    paths: Sequence[Path],
    wanted: Wanted,
    now: datetime.datetime,
    *,
    processes: int = 1,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> Replayed:
    """Replay the events in files and folders. Raises UsageError, FaultyFiles.

    processes  How many may read side by side. `progress` is told how many of the files are done.
    """
    repository = read_repository(wanted.governance) if wanted.governance else None
    attached = _attached(wanted, repository)
    expected = _expected(wanted, repository)
    tally, reading = Tally(), cloudtrail.Reading()
    files = cloudtrail.find(paths)
    done = 0
    for count, (part, met) in _read(files, attached, processes):
        tally.add(part)
        reading.add(met)
        done += count
        progress(done, len(files))
    reading.faults.sort()
    reading.gaps.sort()
    return Replayed(attached, tally, reading, findings(tally, expected, now.date()))


# -- reading -----------------------------------------------------------------------------------------------------------


_Part = tuple[Tally, cloudtrail.Reading]


def _read(files: Sequence[Path], attached: Attached, processes: int) -> Iterator[tuple[int, _Part]]:
    """Yield (number of files, what they hold), in parts; side by side where there is enough to read."""
    parts = list(_parts(files, processes))
    if len(parts) < 2 or processes < 2:
        for part in parts:
            yield len(part), _read_part(part, attached)
        return
    # Not a fork: the terminal's spinner is a thread.
    start = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(processes, len(parts)), mp_context=start) as pool:
        running = {pool.submit(_read_part, part, attached): len(part) for part in parts}
        for each in as_completed(running):
            yield running[each], each.result()


def _parts(files: Iterable[Path], processes: int) -> Iterator[list[Path]]:
    part: list[Path] = []
    size = 0
    for path in files:
        part.append(path)
        size += path.stat().st_size if path.exists() else 0
        if size >= _AT_ONCE and processes > 1:
            yield part
            part, size = [], 0
    if part:
        yield part


def _read_part(files: Sequence[Path], attached: Attached) -> _Part:
    running, reading = Replay(attached), cloudtrail.Reading()
    with _no_search_for_cycles():
        for path in files:
            for event in cloudtrail.events(path, reading):
                running.count(event)
    return running.tally, reading


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Leave the cycle collector out: parsed JSON has no cycles, and looking for them takes a sixth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


# -- what is replayed --------------------------------------------------------------------------------------------------


def _attached(wanted: Wanted, repository: Repository | None) -> Attached:
    if wanted.plan:
        return _planned(wanted, wanted.plan)
    if wanted.invariants:
        raise UsageError("--invariant names invariants of a plan: add --plan FOLDER")
    organisation, units = None, {}
    if repository:
        stated = repository.organisation
        units = {each.id: each.ou for each in stated.accounts}
        organisation = Organisation(stated.id, stated.management_account, dict.fromkeys(units, ""))
    if wanted.policies:
        guardrails = _given(wanted, repository)
    elif repository:
        guardrails = _declared(repository)
    else:
        raise UsageError(
            "say what to replay: --policy FILE, --plan FOLDER, or -C with a repository that declares policies"
        )
    return Attached(guardrails, organisation, units, wanted.full_access)


def _planned(wanted: Wanted, folder: Path) -> Attached:
    if wanted.policies or wanted.kind or wanted.at != ROOT or not wanted.full_access:
        raise UsageError(
            "--plan says what is attached where, beside FullAWSAccess: leave out --policy, --kind, --at and "
            "--without-full-access"
        )
    plan = read_plan(folder)
    names = {each.name for each in plan.invariants}
    for each in wanted.invariants:
        if each not in names:
            known = nearest(each, names) or f"known: {', '.join(sorted(names))}"
            raise UsageError(f"--invariant {each}: the plan has no statements of it; {known}")
    chosen = [each for each in plan.invariants if not wanted.invariants or each.name in wanted.invariants]
    accounts = {**dict.fromkeys(plan.units, ""), **({plan.management: ""} if plan.management else {})}
    guardrails = Guardrails(tuple(chosen), {Kind.SCP: (), Kind.RCP: ()})
    organisation = Organisation(plan.organisation, plan.management, accounts)
    return Attached(guardrails, organisation, plan.units, wanted.full_access)


def _given(wanted: Wanted, repository: Repository | None) -> Guardrails:
    _check_node(wanted.at, repository)
    found = []
    faults: list[Fault] = []
    for path in wanted.policies:
        kind = wanted.kind or _kind(path)
        policy, wrong = load_policy(path, kind)
        faults += wrong
        found += [Guardrail(path.name, policy, frozenset({wanted.at}))] if policy else []
    if faults:
        raise FaultyFiles(faults)
    return Guardrails(tuple(found), {Kind.SCP: (), Kind.RCP: ()})


def _kind(path: Path) -> Kind:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    return Kind.RCP if guess_kind(content, str(path)) is Kind.RESOURCE else Kind.SCP


def _check_node(node: str, repository: Repository | None) -> None:
    if node == ROOT or (len(node) == 12 and node.isdecimal()):
        return
    if repository is None:
        raise UsageError(f"--at {node}: which accounts are in this unit says the governance repository; add -C")
    known = {part for each in repository.organisation.accounts for part in down_to(each.ou)}
    if node not in known:
        raise UsageError(f"--at {node}: no such unit; {nearest(node, known) or 'known: ' + ', '.join(sorted(known))}")


def _declared(repository: Repository) -> Guardrails:
    platform = [each for each in repository.workloads.values() if each.platform]
    guardrails = read_guardrails(merge([read_workload(repository, each, "") for each in platform]))
    if guardrails.refused:
        raise FaultyFiles(each.fault() for each in guardrails.refused)
    return guardrails


def _expected(wanted: Wanted, repository: Repository | None) -> tuple[Expected, ...]:
    path = wanted.expected
    if path is None and wanted.governance and (wanted.governance / EXPECTED).exists():
        path = wanted.governance / EXPECTED
    if path is None:
        return ()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    document, faults = read(content, str(path))
    if document is None:
        raise FaultyFiles(faults)
    approved = {
        each.id: Expected("", "", each.reason, each.approver, each.expires, place=str(each.position))
        for each in (repository.exceptions.values() if repository else ())
    }
    found, wrong = read_expected(document, approved)
    if wrong:
        raise FaultyFiles(wrong)
    return found
