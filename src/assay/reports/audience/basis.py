"""What the reports are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assay.assessment.assess import Assessment
from assay.governance.repository import Repository
from assay.reports.audience import figures
from assay.reports.audience.changes import Changes
from assay.reports.audience.trend import Slice
from assay.reports.context import ReportContext


@dataclass(frozen=True, slots=True)
class Basis:
    """One context for everybody; beside it what it was made from, and what only a history knows.

    changes   What changed since an earlier answer, where one was asked for.
    evidence  The state of the ledger, where one was named: size, root hash, fingerprint of its public key. Nothing in
              it is anybody's name.
    files     Name → (bytes, SHA-256) of every file that was read; empty where nobody asked.
    runs      The runs of the ledger, the last ones first: id, status, effective, recorded, records, first and last
              entry.
    entries   (workload, stage, control, resource) → number in the log, verdict: the last record of it in the ledger.
    trend     How the objectives stood over time, by the ledger.
    ages      Severity → age → evaluations that are not met, by the ledger.
    seed, sample  What samples are drawn by, and how many of each objective and place at most.
    """

    context: ReportContext
    repository: Repository
    assessment: Assessment
    changes: Changes | None = None
    evidence: Mapping[str, str | int] = field(default_factory=dict)
    files: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    runs: tuple[tuple[str | int, ...], ...] = ()
    entries: Mapping[tuple[str, str, str, str], tuple[int, str]] = field(default_factory=dict)
    trend: tuple[Slice, ...] = ()
    ages: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    seed: str = "assay"
    sample: int = 5

    @property
    def workloads(self) -> int:
        """The number of workloads that this answer is about."""
        return sum(bool(each.id) for each in self.context.sections)

    @property
    def scope(self) -> tuple[str, ...]:
        """What every report says of itself: of what, as of when, by what."""
        stages = ", ".join(dict.fromkeys(each.stage for each in self.context.sections if each.id and each.stage))
        return (
            f"As of {self.context.as_of:%Y-%m-%d %H:%M} UTC, by Assay {self.context.version}",
            f"{self.workloads} of {len(self.repository.workloads)} workloads, each at its furthest stage "
            f"({stages or 'none'}), and the organisation",
        )


def evidence_lines(state: Mapping[str, str | int]) -> str:
    """Return the state of a ledger, a line each."""
    return "\n".join(f"{name.replace('_', ' ')}: {value}" for name, value in state.items())


def head(form: str, basis: Basis) -> dict[str, Any]:
    """Return what every JSON form begins with: what it is, of what, as of when, and the figures that all share."""
    context = basis.context
    total = figures.total(context)
    return {
        "format": form,
        "assay": context.version,
        "subject": context.subject,
        "as_of": context.as_of.isoformat(),
        "scope": {
            "workloads": basis.workloads,
            "of_workloads": len(basis.repository.workloads),
            "stages": sorted({each.stage for each in context.sections if each.id and each.stage}),
        },
        "figures": {
            "verdict": context.verdict.value,
            "objectives": figures.answers_document(total),
            "evaluations": figures.counts_document(context.counts),
            "not_met_by_severity": dict(figures.open_by_severity(context.rows)),
        },
    }
