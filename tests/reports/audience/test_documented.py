"""docs/reports.md is a promise: its field lists are exactly what is printed, and its commands and columns exist."""

import dataclasses
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.reports.audience.conftest import AUDIENCES
from tests.reports.audience.test_executives import AGES, TREND

from assay.reports.audience import changes, figures, forms
from assay.reports.audience.basis import Basis
from assay.reports.audience.lists import LISTS

PAGE = (Path(__file__).parents[3] / "docs" / "reports.md").read_text("utf-8")
FREE = ("not_met_by_severity", "not_met", "causes", "themes", "ages", "lists")


def documented(section: str) -> Mapping[str, set[str]]:
    """Return place → fields of the tables of a part of the page; "" is the whole document."""
    found: dict[str, set[str]] = {}
    for line in section.splitlines():
        cells = [each.strip() for each in line.split("|")[1:-1]]
        if len(cells) == 3 and (fields := re.findall(r"`([^`]+)`", cells[1])):
            for place in re.findall(r"`([^`]+)`", cells[0]) or [""]:
                found[place] = set(fields)
    return found


def printed(value: Any, place: str = "") -> Iterator[tuple[str, set[str]]]:
    """Yield (place, fields) of every object whose fields are not free."""
    if isinstance(value, dict):
        yield place, set(value)
        for key, each in value.items():
            if key in FREE:
                continue
            yield from printed(each, f"{place}.{key}".lstrip("."))
    elif isinstance(value, list):
        for each in value:
            yield from printed(each, f"{place}[]")


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_json_forms_have_the_fields_that_are_promised(acme: Basis, audience: str) -> None:
    earlier = changes.earlier_by_clock(acme.assessment, acme.context.controls)
    verdicts = {key: past for key, past in earlier.verdicts.items() if key[0] != "lake"}
    changed = changes.changes(acme.context, acme.assessment, dataclasses.replace(earlier, verdicts=verdicts))
    state: Mapping[str, str | int] = {"entries": 1, "root": "a", "public_key": "b"}
    basis = dataclasses.replace(acme, changes=changed, trend=TREND, ages=AGES, evidence=state)
    document = json.loads(*forms.files(basis, audience, "json").values())
    everywhere = documented(PAGE.split("## The JSON forms")[1].split("\n### ")[0])
    own = documented(PAGE.split(f"### `{document['format']}`")[1].split("\n### ")[0])
    seen = set()
    for place, fields in printed(document):
        short = f"…{place.rpartition('.')[2]}"
        assert fields == (own.get(place) or everywhere[short]), place
        seen.add(place)
    assert own.keys() <= seen


def test_the_lists_and_the_scale_of_risk_are_documented() -> None:
    table = PAGE.split("## Auditors")[1].split("## Engineers")[0]
    for name in LISTS:
        assert name in table, name
    for weights in re.findall(r"(\w+) (\d)", figures.FORMULA):
        assert " ".join(weights) in PAGE, weights
