"""OCSF findings in a lake: the same as in JSON, with types that are OCSF's, where a security lake looks for them."""

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from ocsf_json_schema import get_ocsf_schema
from tests.reports.conftest import ACME, NOW

from assay.errors import UsageError
from assay.governance.repository import Repository, read_repository
from assay.operations.export import write_parquet
from assay.reports import ocsf, ocsf_lake
from assay.reports.context import ReportContext
from assay.reports.ocsf_lake import COLUMNS, Part, parts

REGION = "eu-central-1"


@pytest.fixture(scope="module")
def repository() -> Repository:
    return read_repository(ACME)


@pytest.fixture(params=["acme", "hostile", "spiteful"])
def report(request: pytest.FixtureRequest) -> ReportContext:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, ReportContext)
    return found


def written(found: list[Part], folder: Path) -> Path:
    for part in found:
        write_parquet(part.lines, COLUMNS, folder / part.path)
    return folder


def rows(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield every event in a lake as it is in JSON: without what is not there, texts of JSON read."""
    with duckdb.connect() as connection:
        cursor = connection.execute(
            "SELECT * EXCLUDE (region, accountId, eventDay) FROM read_parquet(?, hive_partitioning = true)",
            [f"{folder}/**/*.parquet"],
        )
        names = [each[0] for each in cursor.description or ()]
        for row in cursor.fetchall():
            event = without_nothing(dict(zip(names, row, strict=True)))
            for each in event["resources"]:
                if "data" in each:
                    each["data"] = json.loads(each["data"])
            if "related" in event.get("unmapped", {}):
                event["unmapped"]["related"] = json.loads(event["unmapped"]["related"])
            yield event


def without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_nothing(each) for name, each in value.items() if each is not None}
    return [without_nothing(each) for each in value] if isinstance(value, list) else value


def key(event: Any) -> str:
    return json.dumps(event, sort_keys=True)


def test_what_is_read_back_is_what_json_says(report: ReportContext, repository: Repository, tmp_path: Path) -> None:
    lake = written(list(parts(report, repository, REGION)), tmp_path)
    said = [json.loads(each) for each in ocsf.render(report).removesuffix("\n").split("\n")]
    # a list in OCSF's JSON is left out when it is empty, but for the one that the class demands
    assert sorted(map(key, rows(lake))) == sorted(map(key, map(without_nothing, said)))


def types() -> Iterator[tuple[str, str, str]]:
    """Yield (path, type by OCSF's schema, our column's type) of every attribute that has a column."""
    schema = get_ocsf_schema(version=ocsf.VERSION)
    typed = [f'NULL::{kind} AS "{name}"' for name, kind in COLUMNS.items()]
    found = duckdb.sql(f"SELECT {', '.join(typed)}")
    assert found is not None
    attributes = schema["classes"]["compliance_finding"]["attributes"]
    for name, kind in zip(found.columns, found.types, strict=True):
        yield from attribute(schema, name, attributes[name], kind)


def attribute(schema: Any, path: str, stated: Any, kind: Any) -> Iterator[tuple[str, str, str]]:
    if stated.get("is_array"):
        assert kind.id == "list", path
        kind = kind.children[0][1]
    if kind.id == "struct":
        inner = schema["objects"][stated["object_type"]]["attributes"]
        for name, child in kind.children:
            yield from attribute(schema, f"{path}.{name}", inner[name], child)
    else:
        yield path, stated["type"], str(kind).upper()


def test_every_column_has_the_type_that_ocsf_gives_its_attribute() -> None:
    wanted = {
        "integer_t": "INTEGER",
        "long_t": "BIGINT",
        "timestamp_t": "BIGINT",
        "json_t": "VARCHAR",
        "object_t": "MAP(VARCHAR, VARCHAR)",
    }
    seen = list(types())
    assert len(seen) > 35
    for path, ocsf_type, ours in seen:
        assert ours == wanted.get(ocsf_type, "VARCHAR"), path


def test_columns_are_the_same_whatever_a_run_has(repository: Repository, acme: ReportContext, tmp_path: Path) -> None:
    (line,) = next(parts(one_event(acme), repository, REGION)).lines
    write_parquet([line], COLUMNS, tmp_path / "one.parquet")
    write_parquet([], COLUMNS, tmp_path / "none.parquet")
    kinds = [
        duckdb.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(tmp_path / name)]).fetchall()
        for name in ("one.parquet", "none.parquet")
    ]
    assert kinds[0] == kinds[1]


def one_event(acme: ReportContext) -> ReportContext:
    first = acme.sections[0]
    return dataclasses.replace(acme, sections=(dataclasses.replace(first, rows=first.rows[:1], faults=(), gaps=()),))


def test_it_lies_where_a_security_lake_looks_for_it(
    acme: ReportContext, repository: Repository, tmp_path: Path
) -> None:
    lake = written(list(parts(acme, repository, REGION)), tmp_path)
    found = sorted(lake.glob("ext/assay-compliance/region=eu-central-1/accountId=*/eventDay=20261125/*.parquet"))
    assert len(found) == len([each for each in lake.rglob("*") if each.is_file()]), "and nothing else is left there"
    accounts = {each.parts[-3].removeprefix("accountId=") for each in found}
    assert {"111111111111", "555555555555"} <= accounts <= {each.id for each in repository.organisation.accounts}
    for each in found:
        compression = duckdb.execute("SELECT DISTINCT compression FROM parquet_metadata(?)", [str(each)]).fetchall()
        assert compression == [("ZSTD",)]


def test_the_same_assessment_writes_the_same_files_again(acme: ReportContext, repository: Repository) -> None:
    assert list(parts(acme, repository, REGION)) == list(parts(acme, repository, REGION))
    later = dataclasses.replace(acme, as_of=NOW.replace(hour=11))
    first, second = ({each.path for each in parts(one, repository, REGION)} for one in (acme, later))
    assert not first & second


def test_a_file_has_only_so_many_events(
    acme: ReportContext, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocsf_lake, "MOST", 100)
    found = list(parts(acme, repository, REGION))
    assert max(len(each.lines) for each in found) == 100
    assert sum(len(each.lines) for each in found) == len(list(ocsf.events(acme)))
    assert len({each.path for each in found}) == len(found)


def test_a_very_long_text_is_kept_whole(acme: ReportContext, repository: Repository, tmp_path: Path) -> None:
    report = one_event(acme)
    row = dataclasses.replace(report.sections[0].rows[0], remedy="ä" * 20_000_000)
    changed = dataclasses.replace(report, sections=(dataclasses.replace(report.sections[0], rows=(row,)),))
    (event,) = rows(written(list(parts(changed, repository, REGION)), tmp_path))
    assert event["remediation"]["desc"] == row.remedy


def test_a_column_that_there_is_not_is_a_bug_of_ours(acme: ReportContext, repository: Repository) -> None:
    """What `ocsf.events` says has a column: the equality of the lake and JSON would fail for anything left out."""
    names = {name for event in ocsf.events(acme) for name in event}
    assert names <= set(COLUMNS)


@pytest.mark.parametrize(
    ("region", "source", "said"),
    [
        ("moon", "assay", "--region"),
        ("../x", "assay", "--region"),
        (REGION, "a/b", "--source"),
        (REGION, "x" * 21, "--source"),
    ],
)
def test_names_that_a_lake_does_not_take_are_refused(
    acme: ReportContext, repository: Repository, region: str, source: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        list(parts(acme, repository, region, source))


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot write"):
        write_parquet(["{}"], COLUMNS, tmp_path / "file" / "x.parquet")
