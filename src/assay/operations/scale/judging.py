"""The use case: a governance repository and a snapshot of any size in, the answer for every workload out."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.assessment.assess import overall
from assay.assessment.shards import Rules
from assay.assessment.verdicts import Counts, Verdict
from assay.governance.compiled import FACTS
from assay.governance.repository import Repository, read_repository
from assay.inventory.snapshot import Snapshot, open_snapshot
from assay.operations.assess import stage_of, wanted_workloads
from assay.operations.scale.run import Options, Run, assess_snapshot
from assay.operations.scale.summary import Answer, summarised


@dataclass(frozen=True)
class Judgement:
    """What a run over a whole snapshot gave. answers: the organisation's first, then each workload's."""

    repository: Repository
    snapshot: Snapshot
    run: Run
    as_of: datetime.datetime
    answers: tuple[Answer, ...]

    @property
    def verdict(self) -> Verdict:
        """The whole in one word; never a pass while part of the snapshot could not be assessed."""
        found = overall(each.verdict for each in self.answers)
        return Verdict.UNKNOWN if found.passes and not self.run.complete else found

    @property
    def counts(self) -> Counts:
        """Every evaluation."""
        return sum((each.counts for each in self.answers), Counts())


def judge_snapshot(
    governance: Path,
    snapshot: Path,
    results: Path,
    options: Options,
    *,
    now: datetime.datetime,
    stage: str = "",
    workloads: Sequence[str] = (),
) -> Judgement:
    """Judge every resource of a snapshot, keep the verdicts in a folder of results, and sum them up.

    Raises FaultyFiles when the repository is wrong, UsageError on an unknown workload or stage, and for what is no
    snapshot.
    """
    repository = read_repository(governance)
    wanted = [(each, stage_of(repository, each, stage)) for each in wanted_workloads(repository, workloads, stage)]
    rules = rules_of(repository, now)
    opened = open_snapshot(snapshot)
    run = assess_snapshot(opened, rules, results, options)
    return Judgement(repository, opened, run, now, summarised(repository, opened, run, now, wanted))


def rules_of(repository: Repository, now: datetime.datetime) -> Rules:
    """Return what a repository asks of deployed resources; its own facts are few, and judged with the summary."""
    controls = [each for each in repository.controls.values() if each.control.resource not in FACTS]
    return Rules.of(controls, repository.params, now.astimezone(datetime.UTC).date())
