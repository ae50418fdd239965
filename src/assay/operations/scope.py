"""Where security work could be handed over: software that is run by oneself and could be a managed service."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assay.assessment.scope import Findings, find, to_the_line
from assay.documents import LIMITS
from assay.errors import UsageError
from assay.governance.knowledge import Knowledge, knowledge
from assay.governance.repository import Repository
from assay.inventory.resource import Inventory
from assay.operations import reading
from assay.operations.assess import read_workload, wanted_workloads
from assay.sources import cloudformation


@dataclass(frozen=True, slots=True)
class Section:
    """The findings of one workload at its stage; of files that nobody assigned to one, `workload` is ""."""

    workload: str
    findings: Findings


def scope_of_files(paths: Sequence[Path], context: cloudformation.Context, directory: Path | None) -> Section:
    """Return the candidates in what lies at `paths`, by the catalogue or the repository at `directory`.

    Raises FaultyFiles when the repository is wrong, UsageError on a path without any of them.
    """
    return Section("", _find(knowledge(directory), reading.read(paths, context)))


def scope_of_repository(directory: Path, workloads: Sequence[str], stage: str) -> Sequence[Section]:
    """Return the candidates in the workloads named, or in all. Raises FaultyFiles, UsageError on an unknown one."""
    known = knowledge(directory)
    if not isinstance(known, Repository):
        raise UsageError(f"{directory} is not a governance repository")
    wanted = wanted_workloads(known, workloads, stage)
    return [Section(each.id, _find(known, read_workload(known, each, stage))) for each in wanted]


def _find(known: Knowledge, inventory: Inventory) -> Findings:
    return to_the_line(find(inventory, known.technologies.values(), known.register), _lines)


@cache
def _lines(file: str) -> Sequence[str]:
    """Return the lines of a template that was read; none when it is gone or has become too large since."""
    path = Path(file)
    try:
        return path.read_text("utf-8", "replace").splitlines() if path.stat().st_size <= LIMITS.bytes else ()
    except OSError:
        return ()
