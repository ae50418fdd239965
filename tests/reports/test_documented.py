"""docs/formats.md is a promise: its field lists are exactly what is printed."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.reports.conftest import ACME, NOW

from assay.governance.knowledge import knowledge
from assay.operations.coverage import cover
from assay.operations.explain import explain
from assay.reports import chain, coverage, reference
from assay.reports import json as report_json
from assay.reports.context import ReportContext

PAGE = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
FREE = ("unjudged", "resource_types")  # their keys are resource types


def documented(heading: str) -> Mapping[str, set[str]]:
    """Return place → fields of the table under a heading; "" is the whole document."""
    section = PAGE.split(f"\n## {heading}")[1].split("\n## ")[0]
    found: dict[str, set[str]] = {}
    for line in section.splitlines():
        cells = [each.strip() for each in line.split("|")[1:-1]]
        if len(cells) == 3 and cells[0] != "place" and not set(cells[0]) <= {"-"}:
            fields = re.findall(r"`([^`]+)`", cells[1])
            assert fields, line
            for place in re.findall(r"`([^`]+)`", cells[0]) or [""]:
                found[place] = set(fields)
    return found


def printed(value: Any, place: str = "") -> Iterator[tuple[str, set[str]]]:
    """Yield (place, fields) of every object in a document."""
    if isinstance(value, dict):
        yield place, set(value)
        for key, each in value.items():
            if key not in FREE:
                yield from printed(each, f"{place}.{key}".lstrip("."))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from printed(each, f"{place}[]")


def fields_at(place: str, promised: Mapping[str, set[str]]) -> set[str]:
    """Return the fields promised for a place: by its name, else by "…" and the last part of it."""
    short = f"…{place.rpartition('.')[2]}"
    assert place in promised or short in promised, f"{place} is printed and not documented"
    return promised.get(place) or promised[short]


def assert_as_promised(document: Any, heading: str) -> None:
    promised = documented(heading)
    found = list(printed(document))
    for place, fields in found:
        assert fields == fields_at(place, promised), place
    shown = {place for place, _ in found} | {f"…{place.rpartition('.')[2]}" for place, _ in found}
    unseen = promised.keys() - shown
    assert unseen <= {
        "loosenings[]",
        "outside[]",
        "sections[].gaps[]",
        "sections[].absent[]",
        "sections[].unrecognised[]",
        "sections[].faults[]",
        "broken[]",
    }


def test_the_report_has_the_fields_that_are_promised(acme: ReportContext, hostile: ReportContext) -> None:
    assert_as_promised(report_json.document(acme), "The JSON report")
    promised = documented("The JSON report")
    for place, fields in printed(report_json.document(hostile)):
        assert fields == fields_at(place, promised), place


def test_the_explanation_has_the_fields_that_are_promised() -> None:
    answer = explain(ACME, "lake", "", stage="", now=NOW)
    assert_as_promised(chain.document(answer), "The JSON explanation")


def test_the_listings_have_the_fields_that_are_promised() -> None:
    known = knowledge(None)
    promised = [set(re.findall(r"`([^`]+)`", line.split("|")[2])) for line in _rows("The JSON listings")]
    shown = (
        reference.control_document(known, next(iter(known.controls.values()))),
        reference.objective_document(known, next(iter(known.objectives.values()))),
        reference.framework_document(known, next(iter(known.frameworks.values()))),
        coverage.document(cover(None, NOW.date())),
    )
    assert [set(each) for each in shown] == promised


def _rows(heading: str) -> list[str]:
    section = PAGE.split(f"\n## {heading}")[1].split("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("| `assay")]


@pytest.mark.parametrize("name", ["assay.report/1", "assay.explanation/1", "assay.coverage/1"])
def test_every_format_s_name_is_on_the_page(name: str) -> None:
    assert name in PAGE
    assert name in {report_json.FORMAT, chain.FORMAT, coverage.FORMAT}


def test_what_no_control_looks_at_is_the_same_in_every_report(acme: ReportContext) -> None:
    assert acme.unjudged == cover(ACME, NOW.date()).unjudged
