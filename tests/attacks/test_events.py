"""Hostile files of a trail and hostile names in events: bounded, said, and never a command to a terminal."""

import csv
import datetime
import gzip
import io
import json
import sys
import time
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from tests.permissions.events import event, record, session, write
from tests.permissions.test_replay import attached, replayed
from tests.permissions.worlds import deny

from assay.permissions.ramp import findings
from assay.permissions.recorded.requests import request_of
from assay.reports import replay as report
from assay.reports.terminal import plain
from assay.sources import cloudtrail


def read(path: Path) -> tuple[list[str], cloudtrail.Reading]:
    reading = cloudtrail.Reading()
    return [each.id for each in cloudtrail.events(path, reading)], reading


@pytest.mark.parametrize(
    "value",
    ["[" * 100_000, '{"a":' * 100_000, "9" * 1_000_000, "1e999999", "-" + "9" * 5_000, "NaN", '"\\ud800"'],
    ids=["deep list", "deep object", "long number", "infinite", "long negative", "not a number", "half a character"],
)
def test_a_hostile_value_ends_the_file_or_is_read(tmp_path: Path, value: str) -> None:
    good = json.dumps(record(eventID="good"))
    path = tmp_path / "trail.json"
    path.write_text(f'{{"Records": [{good}, {{"eventName": {value}}}, {good}]}}')
    found, reading = read(path)
    assert found[0] == "good"
    assert reading.faults or len(found) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe{\x00}\x00",
        b'{"Records": [{"eventName": "\xff"}]}',
        gzip.compress(b'{"Records": []}')[:-9],
        b"\x1f\x8b not gzip",
        b"\x00" * 1000,
    ],
    ids=["UTF-16", "no UTF-8", "cut gzip", "false gzip", "zeros"],
)
def test_files_of_other_kinds_are_faults(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "trail.json.gz"
    path.write_bytes(content)
    found, reading = read(path)
    assert found == []
    assert len(reading.faults) == 1


def test_what_stands_before_the_cut_of_a_compressed_file_counts(tmp_path: Path) -> None:
    text = json.dumps({"Records": [record(eventID=f"{number:06d}-{'x' * 3000}") for number in range(2000)]}).encode()
    path = tmp_path / "trail.json.gz"
    path.write_bytes(gzip.compress(text, 0)[: len(text) // 2])
    found, reading = read(path)
    assert len(found) > 300
    assert len(reading.faults) == 1


def test_a_compressed_bomb_takes_neither_memory_nor_long(tmp_path: Path) -> None:
    path = tmp_path / "trail.json.gz"
    with gzip.open(path, "wb", 9) as file:
        file.write(b'{"Records": [')
        for _ in range(200):
            file.write(b" " * 1_000_000)
    assert path.stat().st_size < 300_000
    tracemalloc.start()
    start = time.perf_counter()
    found, reading = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == []
    assert reading.faults
    assert peak < 100_000_000
    assert time.perf_counter() - start < 10


def test_a_link_that_leads_out_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "secret.json", [record()])
    inside = write(tmp_path / "trail" / "1.json", [record()])
    (inside.parent / "2.json").symlink_to(tmp_path / "elsewhere" / "secret.json")
    (inside.parent / "3").symlink_to(tmp_path / "elsewhere")
    assert cloudtrail.find([tmp_path / "trail"]) == [inside]


NOTHINGS: tuple[Any, ...] = (None, 0, "", [], {}, True, [[]], {"a": 1}, "x" * 10)


@pytest.mark.parametrize("name", sorted(record()))
def test_a_field_of_any_type_breaks_nothing(name: str) -> None:
    for value in NOTHINGS:
        found = cloudtrail.event_of({**record(), name: value})
        if found is not None:
            request_of(found, None)
            replayed(attached(deny()), [found])


@pytest.mark.parametrize("name", sorted(session()))
def test_an_identity_of_any_shape_breaks_nothing(name: str) -> None:
    for value in NOTHINGS:
        replayed(attached(deny()), [event(userIdentity={**session(), name: value})])
        replayed(attached(deny()), [event(userIdentity=value)])


def test_resources_of_any_shape_break_nothing() -> None:
    guards = attached(deny("s3:*", "arn:aws:s3:::data*"))
    for value in (*NOTHINGS, [{"ARN": 3}], [{"ARN": "arn:", "type": []}], [{"ARN": "x" * 100_000}]):
        for operation in ("s3:GetObject", "kms:Decrypt", "iam:DeleteRole"):
            for parameters in (None, {"roleName": value}, {"keyId": value}, {"bucketName": value, "key": value}):
                replayed(guards, [event(operation, resources=value, requestParameters=parameters)])


HOSTILE = "arn:aws:iam::111111111111:role/\x1b]0;owned\x07\n=cmd|'/c calc'!A1\u202etxt"


def test_hostile_names_reach_no_terminal_and_no_spreadsheet() -> None:
    one = event("iam:ListRoles", userIdentity=session(HOSTILE), eventID="=1+1", awsRegion="\x1b[31m")
    guards = attached(deny(Sid="Guard"))
    tally = replayed(guards, [one])
    found = findings(tally, (), datetime.date(2026, 11, 25))
    shown = plain(report.render(guards, tally, cloudtrail.Reading(), found), 200)
    assert not set(shown) & set("\x1b\x07\u202e")
    assert "\n=cmd" not in shown
    rows = list(csv.reader(io.StringIO(report.table(found))))
    assert all(cell[:1] not in ("=", "+", "-", "@") for row in rows for cell in row)
    json.dumps(report.document(guards, tally, cloudtrail.Reading(), found))


def test_a_pattern_in_a_name_stays_a_name() -> None:
    """A role that is called with a star in it, or a bucket, must not be taken for many."""
    guards = attached(deny("s3:*", "arn:aws:s3:::secret/*"))
    for bucket in ("*", "sec*", "${aws:username}", "?ecret"):
        asked = event("s3:DeleteObjects", requestParameters={"bucketName": bucket})
        ((case, _),) = replayed(guards, [asked]).cases()
        assert str(case.fate) == "undetermined"


def test_a_million_different_names_are_bounded_by_their_number_only() -> None:
    """Names of objects are not kept: a tally holds principals and actions."""
    guards = attached(deny("s3:*", "arn:aws:s3:::other/*"))
    tally = replayed(
        guards,
        (event("s3:GetObject", requestParameters={"bucketName": "data", "key": str(each)}) for each in range(3000)),
    )
    assert len(tally.counts) == 1
    assert sys.getsizeof(tally.counts) < 1000
