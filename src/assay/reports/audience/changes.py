"""What changed since an earlier answer, and why: an exception, the control, the configuration, the clock."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from assay.assessment.assess import Assessment
from assay.assessment.verdicts import Verdict
from assay.governance.compiled import FACTS, CompiledControl, CompiledInvariant
from assay.inventory.normalise import configuration_digest
from assay.inventory.resource import Resource
from assay.reports.context import ReportContext, Row

Key: TypeAlias = tuple[str, str, str, str]  # workload, stage, control, resource id


@dataclass(frozen=True, slots=True)
class Past:
    """One earlier verdict, with what it rested on.

    configuration  Digest of the resource as it was judged; "" where it cannot be compared, because what was stored of
                   it is without its secrets.
    """

    effective: Verdict
    exception: str
    meaning: str
    configuration: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier answer to compare with. `source` says in words what it is, `places` for what it answered."""

    as_of: datetime.datetime
    source: str
    places: frozenset[tuple[str, str]]  # workload, stage
    verdicts: Mapping[Key, Past]


@dataclass(frozen=True, slots=True)
class Change:
    """One verdict that is another now; before or after None: it was not there."""

    row: Row | None
    key: Key
    before: Verdict | None
    after: Verdict | None
    why: str

    @property
    def worse(self) -> bool:
        """Whether something passed, or was not there, and does not pass any more."""
        return self.after is not None and not self.after.passes and (self.before is None or self.before.passes)

    @property
    def better(self) -> bool:
        """Whether something did not pass and does, or is gone."""
        return self.before is not None and not self.before.passes and (self.after is None or self.after.passes)


@dataclass(frozen=True, slots=True)
class Changes:
    """Every verdict that changed since an earlier answer. places, evaluations: how many were there and are compared."""

    earlier: Earlier
    places: int
    evaluations: int
    changes: tuple[Change, ...]

    @property
    def reasons(self) -> Mapping[tuple[str, str], int]:
        """("worse" or "better", why) → how many changed so, the most frequent first."""
        tally = Counter((_direction(each), each.why) for each in self.changes if _direction(each))
        return dict(sorted(tally.items(), key=lambda each: (each[0][0] != "worse", -each[1], each[0][1])))


def _direction(change: Change) -> str:
    return "worse" if change.worse else "better" if change.better else ""


def earlier_by_clock(assessment: Assessment, controls: Mapping[str, CompiledControl | CompiledInvariant]) -> Earlier:
    """Return an answer of the same repository as of an earlier day: what differs, differs by the clock alone."""
    verdicts: dict[Key, Past] = {}
    for answer in (assessment.organisation, *assessment.workloads):
        for objective in answer.objectives:
            for one in (e for c in objective.controls for e in c.evaluations if not objective.provider):
                digest = configuration_digest(answer.inventory.by_id[one.resource])
                key = (answer.workload, answer.stage, one.control, one.resource)
                verdicts[key] = Past(one.effective, one.exception, controls[one.control].digest, digest)
    places = frozenset((each.workload, each.stage) for each in (assessment.organisation, *assessment.workloads))
    source = f"the same repository, judged as of {assessment.as_of.date()}: only the clock differs"
    return Earlier(assessment.as_of, source, places, verdicts)


def earlier_by_ledger(
    as_of: datetime.datetime,
    runs: Sequence[str],
    places: frozenset[tuple[str, str]],
    records: Iterable[Mapping[str, Any]],
) -> Earlier:
    """Return the answer of runs of a ledger, from their records."""
    verdicts = {
        (str(each["workload"]), str(each["stage"]), str(each["control"]), str(each["resource"])): Past(
            Verdict.EXCEPTED if each.get("exception") else Verdict(str(each["verdict"])),
            str(each.get("exception", "")),
            str(each.get("meaning", "")),
            "" if each.get("original") else str(each.get("configuration", "")),
        )
        for each in records
        if each.get("kind") == "verdict" and each.get("resource")
    }
    said = f"run {runs[0][:8]} of the ledger" if len(runs) == 1 else f"the last of {len(runs)} runs of the ledger"
    return Earlier(as_of, said, places, verdicts)


def changes(context: ReportContext, assessment: Assessment, earlier: Earlier) -> Changes:
    """Return what changed since an earlier answer, in the places that both answers are about."""
    places = {(each.id, each.stage) for each in context.sections} & earlier.places
    before = {key: past for key, past in earlier.verdicts.items() if key[:2] in places}
    rows = {(row.workload, row.stage, row.control, row.resource): row for row in context.rows}
    now = {key: row for key, row in rows.items() if key[:2] in places}
    resources = {
        (answer.workload, each.id): each
        for answer in (assessment.organisation, *assessment.workloads)
        for each in answer.inventory.resources
    }
    known = {(key[0], key[3]) for key in before}
    return Changes(earlier, len(places), len(before), tuple(_changes(context, before, now, resources, known)))


def _changes(
    context: ReportContext,
    before: Mapping[Key, Past],
    now: Mapping[Key, Row],
    resources: Mapping[tuple[str, str], Resource],
    known: set[tuple[str, str]],
) -> Iterator[Change]:
    for key in sorted({*before, *now}):
        past, row = before.get(key), now.get(key)
        resource = resources.get((key[0], key[3]))
        if past is None and row is not None:
            why = "the control is new" if (key[0], key[3]) in known else "the resource is new"
            yield Change(row, key, None, row.effective, why)
        elif row is None and past is not None:
            yield Change(None, key, past.effective, None, _gone(context, key, resource))
        elif row is not None and past is not None and row.effective is not past.effective:
            yield Change(row, key, past.effective, row.effective, _why(context, past, row, resource))


def _gone(context: ReportContext, key: Key, resource: Resource | None) -> str:
    if resource is None:
        return "the resource is gone"
    return "the control does not look at it any more" if key[2] in context.controls else "the control is gone"


def _why(context: ReportContext, past: Past, row: Row, resource: Resource | None) -> str:
    if past.exception != row.exception:
        return f"exception {row.exception} was laid over it" if row.exception else f"exception {past.exception} ended"
    if row.type in FACTS:
        return "the organisation's own facts are others, or days have passed"
    if past.meaning != context.controls[row.control].digest:
        return "the control or its parameters were changed"
    if not past.configuration or resource is None:
        return "the configuration or what is around it was changed"
    if past.configuration != configuration_digest(resource):
        return "the configuration was changed"
    return "neither it nor its control was changed: the clock, or what is around it"
