"""What a run says of workloads and objectives: the counts of the rows that were kept, through the functions that count
one workload in memory. So that the figures are the same, however they were come by.

Laid over the verdicts here, and not kept with them, is what depends on the day: exceptions, and observations that are
too old to count.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assay.assessment.assess import Population, answered_here, evaluate_all, overall, own_results
from assay.assessment.evaluation import Evaluation, Place, counts_on, lay_exceptions
from assay.assessment.freshness import staleness
from assay.assessment.objectives import ControlResult, ObjectiveResult
from assay.assessment.shards import VERDICTS
from assay.assessment.verdicts import Counts, Verdict
from assay.governance.compiled import FACTS, CompiledControl
from assay.governance.model import ApprovedException, Workload
from assay.governance.repository import Repository
from assay.inventory.identity import GLOBAL
from assay.inventory.normalise import normalise
from assay.inventory.resource import Gap, Inventory, Origin, Position, Resource
from assay.inventory.snapshot import Snapshot, account_of
from assay.inventory.snapshot.engine import connect, quoted
from assay.inventory.values import Cause, Reason
from assay.operations.deployed import UNDATED, missing
from assay.operations.facts import organisation_facts, workload_facts
from assay.operations.scale.run import Run

_UNNAMED = Resource("", "", "", {}, Origin("", Position("")))  # one of many that are only counted


@dataclass(frozen=True, slots=True)
class Answer:
    """What the controls say of one workload at one stage, or of the organisation (`workload` "")."""

    workload: str
    stage: str
    accounts: tuple[str, ...]
    resources: int
    objectives: tuple[ObjectiveResult, ...]

    @property
    def counts(self) -> Counts:
        """Every evaluation."""
        return sum((each.counts for each in self.objectives), Counts())

    @property
    def verdict(self) -> Verdict:
        """The whole in one word."""
        return overall(each.verdict for each in self.objectives)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many evaluations of a control on resources of one account, observed on one day, have a verdict."""

    account: str
    region: str
    day: str
    control: str
    verdict: Verdict
    count: int


def tallies(run: Run) -> list[Tally]:
    """Return the verdicts of a run, counted."""
    counted: dict[tuple[str, str, str, str, str], int] = defaultdict(int)
    query = "account, region, left(observed, 10), type, answers, count(*)"
    for account, region, day, kind, answers, count in _rows(run, query, "answers <> '' GROUP BY ALL"):
        for compiled, code in zip(run.rules.controls[kind], answers, strict=True):
            counted[account, region, day, compiled.control.id, code] += count
    return [
        Tally(account, region, day, control, VERDICTS[code], count)
        for (account, region, day, control, code), count in counted.items()
        if code in VERDICTS
    ]


def totals(run: Run) -> Counts:
    """Return all verdicts of a run, with nothing laid over them."""
    return sum((Counts(**{each.verdict.value: each.count}) for each in tallies(run)), Counts())


def _rows(run: Run, columns: str, where: str) -> list[tuple[Any, ...]]:
    files = ", ".join(quoted(run.store.parquet(each.name)) for each in run.done)
    if not files:
        return []
    with connect() as connection:
        return connection.execute(f"SELECT {columns} FROM read_parquet([{files}]) WHERE {where}").fetchall()


class Summary:
    """Answers from a run, as of a moment."""

    def __init__(self, repository: Repository, snapshot: Snapshot, run: Run, now: datetime.datetime) -> None:
        self.repository, self.snapshot, self.run, self.now = repository, snapshot, run, now
        self.today = now.astimezone(datetime.UTC).date()
        regions = {*repository.organisation.regions, GLOBAL, ""}
        self._tallies: dict[str, list[Tally]] = defaultdict(list)
        for each in tallies(run):
            if each.region in regions:
                self._tallies[each.account].append(each)
        self._sizes: dict[str, int] = defaultdict(int)
        for account, region, count in _rows(run, "account, region, count(*)", "true GROUP BY ALL"):
            self._sizes[account] += int(count) if region in regions else 0

    def workload(self, workload: Workload, stage: str) -> Answer:
        """Return the answer for a workload in its account at a stage."""
        account = workload.accounts.get(stage, "")
        facts = normalise(workload_facts(self.repository, workload, self.now))
        return self._answer(workload, stage, (account,) if account else (), facts)

    def organisation(self, stage: str) -> Answer:
        """Return the answer for the organisation: of its own objectives, in all of its accounts."""
        facts = normalise(organisation_facts(self.repository, self.now))
        return self._answer(None, stage, tuple(each.id for each in self.repository.organisation.accounts), facts)

    def _answer(self, workload: Workload | None, stage: str, accounts: tuple[str, ...], facts: Inventory) -> Answer:
        answered = answered_here(self.repository, workload)
        controls = [each for each in self.repository.controls.values() if each.control.objective in answered]
        name = workload.id if workload else ""
        gaps = tuple(self._gaps(workload, stage, accounts, controls))
        size = sum(self._sizes[each] for each in accounts)
        inventory = Inventory((_UNNAMED,) * (size + len(facts.resources)), gaps=gaps)
        evaluations = lay_exceptions(
            evaluate_all(controls, facts, self.repository.params, self.today),
            tuple(self.repository.exceptions.values()),
            place=Place(name, stage),
            objective_of=self._objective_of,
            names={each.id: each.name for each in facts.resources},
            today=self.today,
        )
        counted = [
            *evaluations,
            *self._evaluations(Place(name, stage), accounts, {each.control.id for each in controls}),
        ]
        results = own_results(self.repository, Population(name, stage, inventory), controls, counted)
        return Answer(name, stage, accounts, size, tuple(replace(each, controls=_bare(each)) for each in results))

    @property
    def _objective_of(self) -> Mapping[str, str]:
        return {name: each.control.objective for name, each in self.repository.controls.items()}

    def _evaluations(self, place: Place, accounts: Sequence[str], controls: set[str]) -> Iterator[Evaluation]:
        """Yield the evaluations of resources in these accounts; those that nothing tells apart are one object."""
        excepted = self._excepted(place)
        for account in accounts:
            for each in self._tallies.get(account, ()):
                if each.control not in controls:
                    continue
                known = self.repository.controls[each.control].control
                stale = staleness("", each.day or UNDATED, known.max_age_days, self.today)
                verdict = Verdict.UNKNOWN if stale else each.verdict
                evaluation = Evaluation(each.control, "", verdict)
                count = each.count
                if verdict in (Verdict.NOT_MET, Verdict.UNKNOWN):
                    covered = excepted(each)
                    yield from [replace(evaluation, exception="excepted")] * covered
                    count -= covered
                yield from [evaluation] * count

    def _excepted(self, place: Place) -> "_Excepted":
        in_force = [each for each in self.repository.exceptions.values() if counts_on(each, self.today)]
        return _Excepted(self.run, in_force, place, self._objective_of, self.today)

    def _gaps(
        self, workload: Workload | None, stage: str, accounts: Sequence[str], controls: Iterable[CompiledControl]
    ) -> Iterator[Gap]:
        """Yield what is not known here, as for an inventory in memory; and the shards that could not be assessed."""
        types = tuple(sorted({each.control.resource for each in controls} - self._facts))
        if workload and not accounts:
            detail = f"workload {workload.id} names no account at stage {stage}"
            yield Gap(workload.id, Reason(Cause.NOT_COLLECTED, workload.id, detail), types)
        for gap in self.snapshot.manifest.gaps:
            if account_of(gap) in ("", *accounts):
                yield gap if gap.types else replace(gap, types=types)
        for account in accounts:
            yield from missing(self.snapshot, account, self.repository.organisation.regions, types)
        for each in self.run.failed:
            for account in sorted({*each.accounts} & {*accounts}):
                yield Gap(account, Reason(Cause.ERROR, account, f"{account} could not be assessed: {each.why}"), types)

    @property
    def _facts(self) -> set[str]:
        return {each.control.resource for each in self.repository.controls.values() if _is_fact(each)}


def _is_fact(compiled: CompiledControl) -> bool:
    return compiled.control.resource in FACTS


def _bare(result: ObjectiveResult) -> tuple[ControlResult, ...]:
    return tuple(replace(each, evaluations=()) for each in result.controls)


class _Excepted:
    """How many of some evaluations an exception is laid over: all, or those of resources by name."""

    def __init__(
        self,
        run: Run,
        in_force: Sequence[ApprovedException],
        place: Place,
        objective_of: Mapping[str, str],
        today: datetime.date,
    ) -> None:
        self.run, self.place, self.objective_of, self.today = run, place, objective_of, today
        self.general = [each for each in in_force if not each.scope.resource]
        self.named = [each for each in in_force if each.scope.resource]

    def __call__(self, tally: Tally) -> int:
        """Return how many of the evaluations are covered."""
        if self._covers(self.general, tally.control, ""):
            return tally.count
        here = [each for each in self.named if self._may_cover(each, tally.control)]
        if not here:
            return 0
        return sum(1 for name in self._names(tally) if self._covers(here, tally.control, name))

    def _may_cover(self, exception: ApprovedException, control: str) -> bool:
        scope = exception.scope
        wanted = (
            (scope.workload, self.place.workload),
            (scope.stage, self.place.stage),
            (scope.control, control),
            (scope.objective, self.objective_of.get(control, "")),
        )
        return all(not want or want == have for want, have in wanted)

    def _covers(self, exceptions: Sequence[ApprovedException], control: str, name: str) -> bool:
        if not exceptions:
            return False
        (laid,) = lay_exceptions(
            [Evaluation(control, "", Verdict.NOT_MET)],
            exceptions,
            place=self.place,
            objective_of=self.objective_of,
            names={"": name},
            today=self.today,
        )
        return bool(laid.exception)

    def _names(self, tally: Tally) -> Iterator[str]:
        """Yield the name of each resource that was counted."""
        kind, number = next(
            (kind, number)
            for kind, several in self.run.rules.controls.items()
            for number, each in enumerate(several, 1)
            if each.control.id == tally.control
        )
        code = next(code for code, verdict in VERDICTS.items() if verdict is tally.verdict)
        where = (
            f"account = {quoted_text(tally.account)} AND region = {quoted_text(tally.region)}"
            f" AND type = {quoted_text(kind)} AND left(observed, 10) = {quoted_text(tally.day)}"
            f" AND answers[{number}] = {quoted_text(code)}"
        )
        for (name,) in _rows(self.run, "name", where):
            yield name


def quoted_text(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def summarised(
    repository: Repository,
    snapshot: Snapshot,
    run: Run,
    now: datetime.datetime,
    workloads: Iterable[tuple[Workload, str]],
) -> tuple[Answer, ...]:
    """Return the answers of a run: the organisation's first, then each workload's at its stage."""
    summary = Summary(repository, snapshot, run, now)
    last = repository.organisation.stages[-1]
    return (summary.organisation(last), *(summary.workload(each, stage) for each, stage in workloads))
