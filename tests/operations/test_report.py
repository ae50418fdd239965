"""What a ledger tells the reports: the last run of each place before a day, whatever path the repository had then."""

import datetime
import functools
import json
from pathlib import Path

import pytest
from tests.conftest import Write

from assay.errors import UsageError
from assay.ledger.attestation import Attestation
from assay.ledger.keys import new_signer, write_key
from assay.ledger.log import entries
from assay.ledger.run import Manifest, Run
from assay.ledger.store import open_objects
from assay.operations.book import Book
from assay.operations.evidence import assess_and_record
from assay.operations.keeping import attest_in, begin, open_for_writing
from assay.operations.report import Gathered, gather
from assay.operations.stand_ins import STAND_IN
from assay.reports import context
from assay.reports.audience import changes
from assay.reports.audience.basis import Basis
from assay.reports.audience.lists import tables
from assay.reports.audience.population import Population
from assay.reports.audience.verdict_lists import entry_of
from assay.reports.redaction import redacted

BUCKETS = """\
Parameters: {Stage: {Type: String}}
Resources:
  Kept: {Type: AWS::S3::Bucket, Properties: {VersioningConfiguration: {Status: Enabled}}}
  Lost: {Type: AWS::S3::Bucket}
"""
TEMPLATE = "templates/shop/template.yaml"


def day(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(f"{text}T00:00:00+00:00")


def record(repository: Path, ledger: Path, at: str, *workloads: str) -> str:
    bucket, signer = open_for_writing(str(ledger), None)
    run = f"run-{at}-{len(workloads)}"
    hide = functools.partial(redacted, instead=STAND_IN)
    book = Book(bucket, signer, hide, run, day(at))
    assess_and_record(repository, book, now=day(at), workloads=workloads)
    return run


def compared(found: Gathered) -> changes.Changes:
    assert found.told
    assert found.told.earlier
    then = found.told.earlier
    earlier = changes.earlier_by_ledger(then.effective, then.runs, then.places, then.records)
    return changes.changes(context.from_assessment(found.assessment, found.repository), found.assessment, earlier)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    begin(str(tmp_path / "evidence"), None, "evidence")
    return tmp_path / "evidence"


@pytest.fixture
def repository(write: Write) -> Path:
    return write({TEMPLATE: BUCKETS})


def names(found: changes.Changes) -> set[tuple[str, str]]:
    return {(each.key[3].rpartition("#")[2], each.why) for each in found.changes if each.key[0] == "shop"}


def test_only_what_changed_is_a_change(repository: Path, ledger: Path) -> None:
    record(repository, ledger, "2026-03-01")
    template = repository / TEMPLATE
    template.write_text(BUCKETS.replace("Enabled", "Suspended") + "  New: {Type: AWS::S3::Bucket}\n", "utf-8")
    found = compared(gather(repository, now=day("2026-03-05"), ledger=str(ledger)))
    assert names(found) == {("Kept", "the configuration was changed"), ("New", "the resource is new")}
    (worse,) = [each for each in found.changes if each.key[2] == "bucket-has-versions" and each.worse and each.before]
    assert (worse.key[3].rpartition("#")[2], worse.before, worse.after) == ("Kept", "met", "not_met")


def test_the_path_by_which_the_repository_is_named_is_no_change(
    repository: Path, ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(repository, ledger, "2026-03-01")
    monkeypatch.chdir(repository.parent)
    found = gather(Path(repository.name), now=day("2026-03-05"), ledger=str(ledger))
    assert names(compared(found)) == set()
    assert found.told
    assert found.told.resources
    now = {each.id for answer in found.assessment.workloads for each in answer.inventory.resources}
    then = {row.subject.resource for row in found.told.resources.rows if row.subject.workload == "shop"}
    assert {each for each in now if "#" in each} <= then


def test_a_place_that_no_earlier_run_reached_is_not_compared(write: Write, ledger: Path) -> None:
    other = {"workloads/lake.yaml": "id: lake\ntitle: Lake\nowner: team-data\naccounts: {prod: '222222222222'}\n"}
    repository = write({TEMPLATE: BUCKETS, **other})
    record(repository, ledger, "2026-03-01", "shop")
    found = compared(gather(repository, now=day("2026-03-05"), ledger=str(ledger)))
    assert found.places == 2  # the shop and the organisation
    assert not [each for each in found.changes if each.key[0] == "lake"]


def test_of_each_place_the_last_run_counts(write: Write, ledger: Path) -> None:
    other = {"workloads/lake.yaml": "id: lake\ntitle: Lake\nowner: team-data\naccounts: {prod: '222222222222'}\n"}
    repository = write({TEMPLATE: BUCKETS, **other})
    record(repository, ledger, "2026-03-01")
    record(repository, ledger, "2026-03-02", "lake")
    record(repository, ledger, "2026-03-04")
    told = gather(repository, now=day("2026-03-09"), since=day("2026-03-03"), ledger=str(ledger)).told
    assert told
    assert told.earlier
    assert told.earlier.runs == ("run-2026-03-02-1", "run-2026-03-01-0")
    assert {each["run"] for each in told.earlier.records if each["workload"] == "shop"} == {"run-2026-03-01-0"}
    assert {each["run"] for each in told.earlier.records if each["workload"] == ""} <= {"run-2026-03-02-1"}
    assert [row[0] for row in told.runs] == ["run-2026-03-04-0", "run-2026-03-02-1", "run-2026-03-01-0"]


def test_runs_of_the_same_day_and_later_are_none_to_compare_with(repository: Path, ledger: Path) -> None:
    record(repository, ledger, "2026-03-01")
    found = gather(repository, now=day("2026-03-01") + datetime.timedelta(hours=8), ledger=str(ledger))
    assert found.told
    assert found.told.earlier is None
    assert found.told.state["entries"] > 0  # type: ignore[operator]
    with pytest.raises(UsageError, match="no run before that day; its first run is of 2026-03-01"):
        gather(repository, now=day("2026-03-09"), since=day("2026-02-01"), ledger=str(ledger))


def test_an_empty_ledger_tells_its_state_and_nothing_else(repository: Path, ledger: Path) -> None:
    told = gather(repository, now=day("2026-03-09"), ledger=str(ledger)).told
    assert told
    assert (told.state["entries"], told.runs, told.earlier, told.objectives) == (0, (), None, None)


def test_every_recorded_evaluation_is_found_in_the_log(repository: Path, ledger: Path) -> None:
    record(repository, ledger, "2026-03-01")
    record(repository, ledger, "2026-03-05")
    found = gather(repository, now=day("2026-03-05"), ledger=str(ledger))
    assert found.told
    report = context.from_assessment(found.assessment, found.repository)
    basis = Basis(report, found.repository, found.assessment, entries=found.told.entries)
    table = tables(Population(basis))["evaluations"]
    labels = [each.label for each in table.columns]
    bucket = open_objects(str(ledger))
    size = int(found.told.state["entries"])
    stored = [json.loads(each) for each in entries(bucket, 0, size, size)]
    assert len(table.rows) > 5
    for row in table.rows:
        shown = dict(zip(labels, map(str, row), strict=True))
        kept = stored[int(shown["ledger entry"])]
        assert (kept["control"], kept["resource"]) == (shown["control"], shown["resource"])
        assert (kept["configuration"], kept["meaning"]) == (shown["configuration digest"], shown["control digest"])
        assert kept["verdict"].replace("_", " ") == shown["verdict"]
        assert kept["run"] == "run-2026-03-05-0"


def test_a_verdict_that_is_another_now_has_no_entry(repository: Path, ledger: Path) -> None:
    record(repository, ledger, "2026-03-01")
    (repository / TEMPLATE).write_text(BUCKETS.replace("Enabled", "Suspended"), "utf-8")
    found = gather(repository, now=day("2026-03-05"), ledger=str(ledger))
    assert found.told
    report = context.from_assessment(found.assessment, found.repository)
    population = Population(Basis(report, found.repository, found.assessment, entries=found.told.entries))
    changed = [each for each in population.examined if each.evaluation.control == "bucket-has-versions"]
    shown = {each.resource.name: entry_of(population, each) for each in changed}
    assert shown["Kept"] == ""
    assert shown["Lost"] != ""


def test_an_attestation_states_a_day_and_stops_no_report(repository: Path, ledger: Path, tmp_path: Path) -> None:
    """Its run was observed on a day, where those of assessments have a time: both have a place in the list of runs."""
    record(repository, ledger, "2026-03-01")
    person = tmp_path / "ann.key"
    write_key(new_signer("ann"), person)
    seen = datetime.date(2026, 3, 2)
    stated = Attestation("restored", {"objective": "data-can-be-recovered"}, seen, seen, datetime.date(2027, 1, 1), "")
    manifest = Manifest("complete", {"tool": "assay", "version": "0"}, "2026-03-02", "2026-03-02T09:00:00Z", asked={})
    attest_in(str(ledger), None, person, "ann", stated, Run("attested", manifest))
    told = gather(repository, now=day("2026-03-05"), ledger=str(ledger)).told
    assert told
    assert [(each[0], each[2]) for each in told.runs] == [
        ("attested", "2026-03-02T00:00:00Z"),
        ("run-2026-03-01-0", "2026-03-01T00:00:00Z"),
    ]
