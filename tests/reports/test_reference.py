"""Lists and single entries of the catalogue on a terminal."""

import io
import re

import pytest
from rich.console import Console, RenderableType

from assay.governance.knowledge import Knowledge
from assay.governance.repository import read_catalogue
from assay.reports import reference

WIDTH = 80


@pytest.fixture(scope="module")
def known() -> Knowledge:
    return read_catalogue()


def shown(what: RenderableType) -> list[str]:
    """The lines of a terminal of ordinary width."""
    out = io.StringIO()
    Console(file=out, width=WIDTH).print(what)
    return out.getvalue().splitlines()


def third_column(lines: list[str]) -> str:
    """What the third column says, with folded words put together again."""
    rows = (re.match(r"\S.*?\S  +\S.*?\S  +(?=\S)", line) for line in lines)
    start = min(row.end() for row in rows if row)
    return "".join(line[start:].strip() for line in lines)


@pytest.mark.parametrize("name", ["aws-fsbp", "aws-config-rules", "aws-control-tower-controls", "nist-800-53-r5"])
def test_ids_are_folded_and_never_cut_off(known: Knowledge, name: str) -> None:
    framework = known.frameworks[name]
    lines = shown(reference.framework(known, framework))
    assert max(map(len, lines)) <= WIDTH
    assert not any("…" in line for line in lines)
    answers = third_column(lines[2:-1])
    for each in framework.requirements.values():
        for link in (*each.objectives, *each.controls):
            assert link in answers, link
