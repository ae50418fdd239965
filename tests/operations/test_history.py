"""What a ledger shows of a time: assessments that came on time, late, corrected, partial, failed, or look ahead."""

import datetime
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from tests.conftest import Write
from tests.ledger.worlds import Memory, signer

from assay.assessment.attested import Attested
from assay.assessment.history import DAY, Moment, State
from assay.assessment.periods import Ending, Period
from assay.errors import AssayError, DamagedLedger, FaultyFiles, UsageError
from assay.governance import repository
from assay.governance.model import Layer
from assay.inventory.values import Value
from assay.ledger.checkpoint import Checkpoint
from assay.ledger.following import Followed
from assay.ledger.log import Commit, initialise
from assay.operations.book import Book
from assay.operations.evidence import assess_and_record
from assay.operations.history import History, Wanted, history_of
from assay.operations.history_looks import looks_of, moment_of

OBJECTIVE, CONTROL = "old-versions-are-kept", "bucket-has-versions"
OWN = {
    f"objectives/{OBJECTIVE}.yaml": f"""\
id: {OBJECTIVE}
title: Old versions are kept
statement: What was overwritten can be had back.
domain: data-protection
scope: workload
layer: product
""",
    f"controls/s3/{CONTROL}.yaml": ("objective: data-can-be-recovered", f"objective: {OBJECTIVE}"),
}
REPORT = """\
id: aws-report
title: Report
series: SOC 2
version: 1
period_start: 2026-01-01
period_end: 2026-03-02
services: [S3]
acceptance: passthrough
"""
MET = "{Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}"
NOT_MET = "{Type: AWS::S3::Bucket}"


class World:
    """A ledger in memory, and a repository whose templates change from day to day."""

    def __init__(self, directory: Path) -> None:
        self.memory, self.directory, self.runs = Memory(), directory, 0
        initialise(self.memory, signer())
        self.read = 0, self.history()

    def assess(self, day: str, *, recorded: str = "", **buckets: str) -> None:
        """Assess as of a day, what is found written down on that day or another."""
        resources = "".join(f"  {name}: {text}\n" for name, text in buckets.items()) or "  {}\n"
        self.template("Parameters: {Stage: {Type: String}}\nResources:\n" + resources)
        self.look(day, recorded)

    def template(self, text: str, name: str = "template.yaml") -> None:
        (self.directory / "templates" / "shop" / name).write_text(text)

    def look(self, day: str, recorded: str = "", attested: Sequence[Attested] = ()) -> None:
        self.runs += 1
        book = Book(self.memory, signer(), _same, f"run-{self.runs}", _clock(recorded or day))
        assess_and_record(self.directory, book, now=_clock(day), attested=attested)

    def history(self, index: Path | None = None) -> History:
        return history_of(self.memory, index)

    def now(self) -> History:
        """The history up to the newest run, read once."""
        if self.read[0] != self.runs:
            self.read = self.runs, self.history()
        return self.read[1]

    def states(self, moment: str, recorded: str = "", control: str = CONTROL) -> Mapping[str, str]:
        """The state of every bucket at a moment, as far as it was recorded by another."""
        wanted = Wanted(workloads=("shop",), control=control)
        found = self.now().as_of(_at(moment), wanted, _at(recorded) if recorded else None)
        return {each.subject.resource.rpartition("#")[2]: each.state.value for each in found.statuses}

    def every(self, moment: str) -> Mapping[str, State]:
        """The state of every objective at a moment."""
        found = self.now().as_of(_at(moment), Wanted(workloads=("shop",)))
        return {each.subject.objective: each.state for each in found.statuses}

    def objective(self, moment: str) -> State:
        return self.every(moment)[OBJECTIVE]

    def period(self, start: str, end: str, **wanted: str) -> Period:
        return self.now().over(_at(start), _at(end), Wanted(workloads=("shop",), **wanted), timelines=True)


def _same(value: Value) -> Value:
    return value


def _at(text: str) -> Moment:
    return moment_of(text if "T" in text else f"{text}T00:00:00Z")


def _clock(text: str) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(_at(text), datetime.UTC)


_CATALOGUE = functools.cache(repository.read_catalogue)  # a test assesses many times, and it stays the same


@pytest.fixture
def world(write: Write, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(repository, "read_catalogue", _CATALOGUE)
    return World(write(OWN))


def test_a_verdict_counts_until_the_next_one_and_no_longer_than_its_control_allows(world: World) -> None:
    world.assess("2026-03-01T06:00:00Z", Pictures=NOT_MET)
    world.assess("2026-03-02T06:00:00Z", Pictures=MET)
    assert world.states("2026-03-01T05:59:59Z") == {"Pictures": "unseen"}
    assert world.states("2026-03-02T05:59:59Z") == {"Pictures": "failing"}
    assert world.states("2026-03-03T23:59:59Z") == {"Pictures": "met"}
    assert world.states("2026-03-04") == {"Pictures": "stale"}
    assert world.objective("2026-03-03") is State.MET
    assert world.objective("2026-03-04") is State.STALE


def test_what_failed_is_told_with_its_length_and_its_fix(world: World) -> None:
    for day, bucket in ((1, MET), (2, NOT_MET), (3, NOT_MET), (4, MET)):
        world.assess(f"2026-03-0{day}", Pictures=bucket)
    found = world.period("2026-02-27", "2026-03-07", control=CONTROL)
    (row,) = found.rows
    assert [(each.state.value, (each.end - each.start) / DAY) for each in row.timeline] == [
        ("unseen", 2),
        ("met", 1),
        ("failing", 2),
        ("met", 2),
        ("stale", 1),
    ]
    (failure,) = row.failures
    assert (failure.start, failure.end, failure.ending) == (_at("2026-03-02"), _at("2026-03-04"), Ending.FIXED)
    figures = row.figures
    assert (figures.met, figures.failing, figures.blind, figures.length) == (3 * DAY, 2 * DAY, 3 * DAY, 8 * DAY)
    assert (figures.share_met, figures.observed) == (0.6, 5 * DAY)
    assert (figures.begun, figures.fixed, figures.mean_fix) == (1, 1, 2 * DAY)


def test_an_exception_expires_by_the_clock_between_two_looks(world: World) -> None:
    world.assess("2026-06-30", OldStore=NOT_MET)
    assert world.states("2026-06-30T12:00:00Z") == {"OldStore": "excepted"}
    assert world.states("2026-07-01T12:00:00Z") == {"OldStore": "failing"}
    figures = world.period("2026-06-30", "2026-07-02", control=CONTROL).total
    assert (figures.excepted, figures.failing, figures.met) == (DAY, DAY, 0)
    assert figures.share_met == 0  # what is excepted was observed, and is not met


def test_what_was_removed_is_gone_and_neither_failed_nor_forgotten(world: World) -> None:
    world.assess("2026-03-01", Pictures=NOT_MET, Invoices=MET)
    world.assess("2026-03-02", Invoices=MET)
    world.assess("2026-03-03", Invoices=MET, Pictures=MET)
    assert world.states("2026-03-01") == {"Pictures": "failing", "Invoices": "met"}
    assert world.states("2026-03-02") == {"Pictures": "gone", "Invoices": "met"}
    assert world.states("2026-03-03") == {"Pictures": "met", "Invoices": "met"}
    assert world.objective("2026-03-02") is State.MET
    rows = {
        each.subject.resource.rpartition("#")[2]: each
        for each in world.period("2026-03-01", "2026-03-04", control=CONTROL).rows
    }
    assert [each.ending for each in rows["Pictures"].failures] == [Ending.GONE]
    assert (rows["Pictures"].figures.gone, rows["Pictures"].figures.failing) == (DAY, DAY)


def test_a_resource_that_came_later_was_not_blind_before(world: World) -> None:
    world.assess("2026-03-01", Invoices=MET)
    world.assess("2026-03-02", Invoices=MET, Pictures=MET)
    assert world.states("2026-02-28") == {"Pictures": "unseen", "Invoices": "unseen"}
    assert world.states("2026-03-01") == {"Pictures": "gone", "Invoices": "met"}
    assert world.objective("2026-03-01") is State.MET


def test_a_partial_look_touches_only_what_it_reached(world: World) -> None:
    world.template("Parameters: {Stage: {Type: String}}\nResources: {Pictures: " + MET + "}\n", "pictures.yaml")
    world.assess("2026-03-01", Invoices=NOT_MET)
    world.template("Resources: {Pictures: [", "pictures.yaml")
    world.assess("2026-03-02", Invoices=MET)
    assert world.states("2026-03-02") == {"Pictures": "met", "Invoices": "met"}
    assert world.objective("2026-03-02") is State.MET  # the one is known from today, the other from yesterday
    assert world.states("2026-03-03") == {"Pictures": "stale", "Invoices": "met"}
    assert world.objective("2026-03-03") is State.STALE


def test_what_was_never_looked_at_wholly_is_not_met_by_what_was_found(world: World) -> None:
    world.template("Resources: {Pictures: [", "pictures.yaml")
    world.assess("2026-03-01", Invoices=MET)
    assert world.states("2026-03-01") == {"Invoices": "met"}
    assert world.objective("2026-03-01").blind
    assert State.NOT_APPLICABLE in world.every("2026-03-01").values()  # that is decided without looking
    world.assess("2026-03-02", Invoices=NOT_MET)
    assert world.objective("2026-03-02") is State.FAILING  # what is found to fail needs no whole


def test_of_a_population_reached_in_part_what_was_reached_wholly_counts() -> None:
    def objective(name: str, whole: bool) -> dict[str, object]:
        told = {"applies": True, "verdict": "met", "counts": {"met": 1, "unknown": 0}, "exception": "", "under": ""}
        return {"objective": name, "max_age_days": 1, "rests_until": "", "whole": whole, **told}

    answers = {
        "controls": [
            {"control": name, "objective": f"of-{name}", "max_age_days": 1, "whole": name == "read"}
            for name in ("read", "denied")
        ],
        "objectives": [objective("of-read", whole=True), objective("of-denied", whole=False)],
    }
    reached = {"workload": "shop", "stage": "prod", "complete": False, "answers": "digest"}
    day = "2026-03-01T00:00:00Z"
    stated = {"status": "partial", "asked": {"as_of": day}, "recorded": day, "reached": [reached]}
    commit = Commit(0, "", Checkpoint("example.org/log", 1, b""), "", "run-1")
    (look,) = looks_of(Followed(commit, stated, ()), lambda _: answers)
    assert set(look.points) == {("of-read", "read", ""), ("of-read", "", "")}
    assert not look.complete


def test_a_run_that_failed_shows_nothing(world: World) -> None:
    world.assess("2026-03-01", Pictures=MET)
    objective = world.directory / "objectives" / f"{OBJECTIVE}.yaml"
    text = objective.read_text()
    objective.write_text("id: nothing\n")
    with pytest.raises(FaultyFiles):
        world.look("2026-03-03")
    objective.write_text(text)
    assert world.states("2026-03-02") == {"Pictures": "met"}
    assert world.states("2026-03-03") == {"Pictures": "stale"}


def test_what_arrives_late_takes_its_place_and_changes_nothing_that_was_known_before(world: World) -> None:
    world.assess("2026-03-01", Pictures=MET)
    world.assess("2026-03-03", Pictures=MET)
    known = world.states("2026-03-02T12:00:00Z", recorded="2026-03-03")
    world.assess("2026-03-02", recorded="2026-03-09", Pictures=NOT_MET)
    assert known == {"Pictures": "met"}
    assert world.states("2026-03-02T12:00:00Z") == {"Pictures": "failing"}
    assert world.states("2026-03-02T12:00:00Z", recorded="2026-03-03") == known
    assert world.states("2026-03-03") == {"Pictures": "met"}
    with world.history() as history:
        assert history.as_of(_at("2026-03-03"), Wanted(workloads=("shop",))).later == 1


def test_of_two_looks_at_one_time_the_later_record_corrects_the_earlier(world: World) -> None:
    world.assess("2026-03-01", Pictures=NOT_MET)
    world.assess("2026-03-01", recorded="2026-03-05", Pictures=MET)
    assert world.states("2026-03-01") == {"Pictures": "met"}
    assert world.states("2026-03-01", recorded="2026-03-04") == {"Pictures": "failing"}


def test_last_tuesday_is_the_same_after_todays_run(world: World) -> None:
    for day in range(1, 5):
        world.assess(f"2026-03-0{day}", Pictures=MET if day % 2 else NOT_MET, Invoices=MET)
    tuesday = _at("2026-03-03T12:00:00Z")

    def answer() -> object:
        history = world.now()
        return [
            (
                history.as_of(tuesday, Wanted(detail=detail), tuesday).statuses,
                history.over(0, tuesday, Wanted(detail=detail), tuesday, timelines=True).rows,
            )
            for detail in ("objective", "control", "resource")
        ]

    before = answer()
    world.assess("2026-03-10", Invoices=NOT_MET, Orders=MET)
    world.assess("2026-03-03", recorded="2026-03-11", Invoices=NOT_MET, Pictures=NOT_MET)
    assert answer() == before


def test_a_question_about_a_day_to_come_is_no_observation(world: World) -> None:
    world.assess("2026-03-01", Pictures=MET)
    world.assess("2026-12-24", recorded="2026-03-01", Pictures=NOT_MET)
    assert world.states("2026-12-24") == {"Pictures": "stale"}


def test_an_answer_that_rests_on_a_providers_report_ends_with_its_period(world: World) -> None:
    report = world.directory / "provider-reports" / "aws-report.yaml"
    report.parent.mkdir()
    report.write_text(REPORT)
    world.assess("2026-03-02", Pictures=MET)
    on_the_last_day, after = world.every("2026-03-02T12:00:00Z"), world.every("2026-03-03T12:00:00Z")
    ended = [each for each, state in on_the_last_day.items() if (state, after[each]) == (State.MET, State.STALE)]
    assert ended
    assert all(_CATALOGUE().objectives[each].objective.layer is Layer.INHERITED for each in ended)
    assert (on_the_last_day[OBJECTIVE], after[OBJECTIVE]) == (State.MET, State.MET)


def test_a_persons_word_counts_until_its_day_however_long_nobody_looks(world: World) -> None:
    objective = world.directory / "objectives" / "restoring-was-tried.yaml"
    objective.write_text(
        "{id: restoring-was-tried, title: T, statement: S, domain: data-protection, scope: workload, layer: product}\n"
    )
    days = datetime.date(2026, 1, 1), datetime.date(2026, 4, 1)
    world.look("2026-03-01", attested=[Attested("restoring-was-tried", "shop", "It was restored.", "ann", *days)])
    states = [world.every(each)["restoring-was-tried"] for each in ("2026-03-01", "2026-03-31", "2026-04-01")]
    assert states == [State.MET, State.MET, State.STALE]


def test_the_answer_at_a_look_is_the_assessments_own(world: World) -> None:
    world.assess("2026-03-01", Pictures=NOT_MET, OldStore=NOT_MET, Queue="{Type: AWS::SQS::Queue}")
    from assay.operations.assess import assess_repository

    _, assessment = assess_repository(world.directory, now=_clock("2026-03-01"))
    words = {"partly_met": "failing", "not_met": "failing", "inherited": "met"}
    wanted = {
        (each.workload, one.objective): words.get(one.verdict.value, one.verdict.value)
        for each in (assessment.organisation, *assessment.workloads)
        for one in each.objectives
    }
    with world.history() as history:
        found = history.as_of(_at("2026-03-01")).statuses
    assert {(each.subject.workload, each.subject.objective): each.state.value for each in found} == wanted


def test_the_index_is_kept_caught_up_and_made_again_when_it_was_deleted(world: World, tmp_path: Path) -> None:
    index = tmp_path / "index.duckdb"
    world.assess("2026-03-01", Pictures=MET)
    with world.history(index) as first:
        assert first.first() == _at("2026-03-01")
    world.assess("2026-03-02", Pictures=NOT_MET)
    with world.history(index) as second, world.history() as anew:
        period = (0, _at("2026-03-09"))
        assert second.over(*period, timelines=True) == anew.over(*period, timelines=True)
    index.unlink()
    with world.history(index) as third:
        assert third.as_of(_at("2026-03-02")).looks == 4


def test_an_index_that_knows_more_than_the_ledger_or_another_one_is_refused(world: World, tmp_path: Path) -> None:
    index = tmp_path / "index.duckdb"
    world.assess("2026-03-01", Pictures=MET)
    before = dict(world.memory.objects)
    world.assess("2026-03-02", Pictures=MET)
    world.history(index).__exit__()
    ahead = dict(world.memory.objects)
    world.memory.objects = before
    _refused(world, index, DamagedLedger, "set back")
    world.assess("2026-03-02", Pictures=NOT_MET)
    world.assess("2026-03-03", Pictures=NOT_MET)
    _refused(world, index, DamagedLedger, "others than those")
    other = World(world.directory)
    other.memory = Memory()
    initialise(other.memory, signer(2))
    _refused(other, index, UsageError, "of another ledger")
    world.memory.objects = ahead
    world.history(index).__exit__()


def test_a_file_that_is_no_index_is_left_alone(world: World, tmp_path: Path) -> None:
    import duckdb

    theirs, text = tmp_path / "theirs.duckdb", tmp_path / "notes.txt"
    with duckdb.connect(str(theirs)) as database:
        database.execute("CREATE TABLE about (what VARCHAR)")
    text.write_text("notes")
    _refused(world, theirs, UsageError, "no index")
    _refused(world, text, UsageError, "cannot open the index")
    assert text.read_text() == "notes"


def test_an_entry_that_is_not_what_was_signed_never_reaches_the_index(world: World, tmp_path: Path) -> None:
    world.assess("2026-03-01", Pictures=MET)
    name = next(each for each in world.memory.names() if each.startswith("tile/entries/"))
    world.memory.objects[name] = world.memory.objects[name].replace(b'"met"', b'"MET"', 1)
    _refused(world, tmp_path / "index.duckdb", DamagedLedger, "not what was signed")


def _refused(world: World, index: Path, kind: type[AssayError], said: str) -> None:
    with pytest.raises(kind, match=said):
        world.history(index)


def test_what_the_ledger_has_never_seen_is_refused_with_what_it_has(world: World) -> None:
    world.assess("2026-03-01", Pictures=MET)
    for wanted, said in (
        (Wanted(workloads=("shopp",)), "did you mean shop"),
        (Wanted(objective="data-can-be-recoverd"), "did you mean data-can-be-recovered"),
        (Wanted(control="nothing-like-it"), "never seen the control"),
        (Wanted(stage="staging"), "never seen the stage"),
    ):
        with pytest.raises(UsageError, match=said):
            world.now().as_of(0, wanted)
