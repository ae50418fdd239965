"""The files of a trail, whatever form they come in."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.permissions.events import record, write

from assay.errors import UsageError
from assay.sources import cloudtrail
from assay.sources.cloudtrail import files


def read(*paths: Path) -> tuple[list[str], cloudtrail.Reading]:
    reading = cloudtrail.Reading()
    found = [each.id for path in cloudtrail.find(paths) for each in cloudtrail.events(path, reading)]
    return found, reading


RECORDS = [record(eventID="a"), record(eventID="b")]


@pytest.mark.parametrize(
    "content",
    [
        json.dumps({"Records": RECORDS}),
        json.dumps(RECORDS),
        "\n".join(map(json.dumps, RECORDS)),
        json.dumps({"Events": [{"EventId": "x", "CloudTrailEvent": json.dumps(each)} for each in RECORDS]}),
        json.dumps([{"detail-type": "AWS API Call via CloudTrail", "detail": each} for each in RECORDS]),
        "\ufeff" + json.dumps({"Records": RECORDS}),
    ],
    ids=["delivered", "list", "lines", "lookup-events", "EventBridge", "byte order mark"],
)
@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("whole", [files.WHOLE, 0], ids=["whole", "streamed"])
def test_every_form_gives_the_same_events(
    tmp_path: Path, content: str, compressed: bool, whole: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "WHOLE", whole)
    path = tmp_path / ("trail.json.gz" if compressed else "trail.json")
    path.write_bytes(gzip.compress(content.encode()) if compressed else content.encode())
    found, reading = read(path)
    assert found == ["a", "b"]
    assert not reading.faults
    assert reading.files == 1


def test_a_folder_gives_all_its_files_and_no_digests(tmp_path: Path) -> None:
    write(tmp_path / "AWSLogs" / "o-1" / "111111111111" / "CloudTrail" / "eu-west-1" / "1.json.gz", [record()])
    write(tmp_path / "AWSLogs" / "o-1" / "222222222222" / "CloudTrail" / "eu-west-1" / "2.json.gz", [record()])
    write(tmp_path / "AWSLogs" / "o-1" / "111111111111" / "CloudTrail-Digest" / "3.json.gz", [record()])
    (tmp_path / "4.json").write_text(json.dumps({"digestS3Bucket": "trail", "digestEndTime": "2026-11-20T09:00:00Z"}))
    (tmp_path / "notes.txt").write_text("no events")
    found, reading = read(tmp_path)
    assert len(found) == 2
    assert (reading.files, reading.digests, reading.faults) == (4, 2, [])


def test_a_list_of_lookup_events_that_goes_on_is_said(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_text(json.dumps({"Events": [], "NextToken": "more"}))
    _, reading = read(path)
    assert reading.gaps == [f"{path}: the list of events goes on: there is a next token"]


def test_what_stands_before_a_break_counts(tmp_path: Path) -> None:
    text = json.dumps({"Records": RECORDS}, indent=1)
    path = tmp_path / "trail.json"
    path.write_text(text[: text.index('"eventID": "b"')])
    found, reading = read(path)
    assert found == ["a"]
    assert len(reading.faults) == 1
    assert reading.faults[0].line > 10


@pytest.mark.parametrize("content", ["{}", '{"configurationItems": []}', "3", '{"Records": [{"x": 1}, 3]}', ""])
def test_a_file_without_events_is_a_fault(tmp_path: Path, content: str) -> None:
    path = tmp_path / "trail.json"
    path.write_text(content)
    found, reading = read(path)
    assert found == []
    assert reading.faults


def test_of_many_records_that_are_no_events_one_is_told_and_all_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "trail.json", [{"x": 1}, record(), {"x": 2}])
    found, reading = read(path)
    assert (len(found), reading.unreadable, len(reading.faults)) == (1, 2, 1)


def test_a_path_without_files_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        cloudtrail.find([tmp_path])
    with pytest.raises(UsageError):
        cloudtrail.find([tmp_path / "nothing"])


def test_a_folder_that_cannot_be_read_is_not_an_empty_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "1.json", [record()])
    (tmp_path / "closed").mkdir()
    scan = os.scandir

    def refusing(path: Any) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(UsageError, match="closed: Permission denied"):
        cloudtrail.find([tmp_path])


@pytest.mark.parametrize(
    ("time", "read_as"),
    [
        ("2026-11-20T09:00:00Z", "2026-11-20T09:00:00Z"),
        ("2026-11-20T10:00:00+01:00", "2026-11-20T09:00:00Z"),
        ("2026-11-20T09:00:00.123Z", "2026-11-20T09:00:00Z"),
        ("yesterday", ""),
        ("9999-12-31T23:59:59-23:00", ""),
        (1763629200, ""),
    ],
)
def test_times_are_utc(time: Any, read_as: str) -> None:
    found = cloudtrail.event_of(record(eventTime=time))
    assert found is not None
    assert found.time == read_as
