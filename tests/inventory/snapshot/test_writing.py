"""Writing a snapshot: units are whole or not there, and what was begun can be ended."""

import hashlib
import threading
from pathlib import Path

import pytest

from assay.errors import UsageError
from assay.inventory.resource import Gap, Origin, Position, Resource
from assay.inventory.snapshot import (
    Asked,
    NotASnapshot,
    Reached,
    Writer,
    index,
    is_snapshot,
    open_snapshot,
    resources,
    writing,
)
from assay.inventory.values import Cause, Reason, Value

ACCOUNT, REGION = "111111111111", "eu-west-1"
ASKED = Asked(accounts=(ACCOUNT,), regions=(REGION,))


def as_it_is(value: Value) -> Value:
    return value


def queue(name: str, account: str = ACCOUNT, day: str = "2026-10-01") -> Resource:
    origin = Origin("aws", Position(""), account, REGION, f"{day}T08:00:00+02:00")
    return Resource(f"{account}/{REGION}/AWS::SQS::Queue/{name}", "AWS::SQS::Queue", name, {"QueueName": name}, origin)


def writer(path: Path, asked: Asked = ASKED) -> Writer:
    return Writer(path / "s", asked, redact=as_it_is)


def test_a_unit_that_fails_is_not_there(tmp_path: Path) -> None:
    begun = writer(tmp_path)
    with begun.unit("one") as unit:
        unit.append([queue("a")])
    with pytest.raises(ZeroDivisionError), begun.unit("two") as unit:
        unit.append([queue("b")])
        unit.stated()  # its parts are on disk
        raise ZeroDivisionError
    begun.finish()
    found = open_snapshot(tmp_path / "s")
    assert [each.name for each in resources(found)] == ["a"]
    assert len(list((tmp_path / "s").rglob("*.parquet"))) == 1


def test_what_was_cut_off_goes_on(tmp_path: Path) -> None:
    with writer(tmp_path).unit("one") as unit:
        unit.append([queue("a")])
    journal = tmp_path / "s" / "unfinished.jsonl"
    with journal.open("a") as torn:
        torn.write('{"unit": "two", "parts": [{"pa')
    with pytest.raises(NotASnapshot, match="never finished"):
        open_snapshot(tmp_path / "s")
    again = writer(tmp_path)
    assert again.done == {"one"}
    with again.unit("two") as unit:
        unit.append([queue("b")])
    again.finish()
    assert sorted(each.name for each in index(open_snapshot(tmp_path / "s"))) == ["a", "b"]
    assert sorted(each.name for each in (tmp_path / "s").iterdir()) == ["documents", "snapshot.json"]


def test_an_interrupted_snapshot_is_the_one_that_was_not_interrupted(tmp_path: Path) -> None:
    digests = set()
    for name, stops in (("one", 0), ("other", 1)):
        folder = tmp_path / name
        begun = writer(folder)
        for unit_name in "abc":
            if stops and unit_name == "b":
                begun = writer(folder)
            with begun.unit(unit_name) as unit:
                unit.append([queue(unit_name), queue(unit_name + "2", day="2026-10-02")])
                unit.reached(ACCOUNT, REGION, ["AWS::SQS::Queue"])
        digests.add(begun.finish().digest)
    assert len(digests) == 1


def test_another_question_does_not_go_on_with_it(tmp_path: Path) -> None:
    writer(tmp_path)
    with pytest.raises(UsageError, match="asked for something else"):
        writer(tmp_path, Asked())


def test_what_is_there_is_not_written_over(tmp_path: Path) -> None:
    writer(tmp_path).finish()
    with pytest.raises(UsageError, match="already"):
        writer(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").touch()
    with pytest.raises(UsageError, match="not empty"):
        Writer(tmp_path / "mine", ASKED, redact=as_it_is)


def test_one_unit_is_written_once(tmp_path: Path) -> None:
    begun = writer(tmp_path)
    with begun.unit("one"):
        pass
    with pytest.raises(UsageError, match="'one'"), begun.unit("one"):
        pass


def test_of_a_resource_that_is_listed_twice_the_first_counts(tmp_path: Path) -> None:
    begun = writer(tmp_path)
    with begun.unit("one") as unit:
        unit.append([queue("a"), queue("a", day="2026-10-02")])
    assert begun.finish().rows == 1


def test_a_resource_in_two_units_is_refused(tmp_path: Path) -> None:
    begun = writer(tmp_path)
    for number, name in enumerate(("one", "two"), 1):
        with begun.unit(name) as unit:
            unit.append([queue("a", day=f"2026-10-0{number}"), queue(name)])
    with pytest.raises(UsageError, match="AWS::SQS::Queue/a is in two units"):
        begun.finish()


def test_memory_is_bounded_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "_LARGEST", 2000)
    begun = writer(tmp_path)
    with begun.unit("one") as unit:
        unit.append(queue(f"{number:03}") for number in range(100))
        assert len(unit._parts) == 2
    manifest = begun.finish()
    assert manifest.rows == 100
    assert sorted(each.name for each in index(open_snapshot(tmp_path / "s"))) == [f"{n:03}" for n in range(100)]


def test_several_threads_fill_units_of_one_snapshot(tmp_path: Path) -> None:
    begun = writer(tmp_path)

    def fill(number: int) -> None:
        with begun.unit(str(number)) as unit:
            unit.append([queue(f"{number}", account=f"{number:012}")])

    threads = [threading.Thread(target=fill, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert begun.finish().rows == 8


def test_global_types_are_reached_wherever_they_were_asked_for(tmp_path: Path) -> None:
    begun = writer(tmp_path)
    with begun.unit("one") as unit:
        unit.reached(ACCOUNT, "us-east-1", ["AWS::IAM::Role", "AWS::SQS::Queue"])
    assert begun.finish().reached == (
        Reached(ACCOUNT, "global", ("AWS::IAM::Role",)),
        Reached(ACCOUNT, "us-east-1", ("AWS::SQS::Queue",)),
    )


def test_the_manifest_says_what_was_not_read(tmp_path: Path) -> None:
    gap = Gap(f"{ACCOUNT}/{REGION}/AWS::SQS::Queue", Reason(Cause.DENIED, "sqs", "denied"), ("AWS::SQS::Queue",))
    begun = writer(tmp_path)
    with begun.unit("one") as unit:
        unit.gap(gap)
        unit.gone("an id", "deleted")
    written = begun.finish()
    assert open_snapshot(tmp_path / "s").manifest == written
    assert (written.gaps, written.gone, written.asked) == ((gap,), (("an id", "deleted"),), ASKED)
    assert not is_snapshot(tmp_path)


def test_parts_are_partitioned_by_account_and_day_in_utc_and_named_by_what_is_in_them(tmp_path: Path) -> None:
    begun = writer(tmp_path)
    undated = Resource("x", "Acme::Thing", "x", {}, Origin("aws", Position(""), "../../etc", REGION, "yesterday"))
    with begun.unit("one") as unit:
        unit.append([queue("a"), queue("b", account="222222222222"), undated])
    parts = begun.finish().parts
    folders = sorted(each.path.rpartition("/")[0] for each in parts)
    assert folders == [
        "documents/account=111111111111/day=2026-10-01",
        "documents/account=222222222222/day=2026-10-01",
        "documents/account=none/day=none",
    ]
    for each in parts:
        assert hashlib.sha256((tmp_path / "s" / each.path).read_bytes()).hexdigest() == each.sha256
    assert {each.observed for each in index(open_snapshot(tmp_path / "s"))} == {"2026-10-01T06:00:00Z", ""}


def test_secrets_are_replaced_before_anything_is_hashed(tmp_path: Path) -> None:
    begun = Writer(tmp_path / "s", ASKED, redact=lambda value: {"hidden": True} if value else value)
    with begun.unit("one") as unit:
        unit.append([queue("secret")])
    begun.finish()
    (found,) = resources(open_snapshot(tmp_path / "s"))
    assert found.properties == {"hidden": True}
    assert found.id.endswith("/secret")
