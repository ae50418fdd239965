"""The generated reference: current, whole, and without a link that leads nowhere."""

import re
from pathlib import Path, PurePosixPath

import pytest

from assay.expressions.functions import functions_page
from assay.governance.repository import read_catalogue
from assay.operations.reference import write_pages
from assay.reports.pages import pages

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def found() -> dict[str, str]:
    return dict(pages(read_catalogue()))


def test_the_committed_reference_is_current(found: dict[str, str]) -> None:
    folder = DOCS / "reference"
    committed = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.md")}
    stale = sorted(name for name in found.keys() | committed.keys() if found.get(name) != committed.get(name))
    assert stale == [], "run `make docs`"


def test_the_committed_page_of_functions_is_current() -> None:
    assert (DOCS / "functions.md").read_text("utf-8") == functions_page(), "run `make docs`"


def test_every_link_leads_to_a_page(found: dict[str, str]) -> None:
    for name, text in found.items():
        for target in re.findall(r"\]\(([^)]+\.md)\)", text):
            parts: list[str] = []
            for part in (PurePosixPath(name).parent / target).parts:
                parts = parts[:-1] if part == ".." else [*parts, part]
            assert "/".join(parts) in found, (name, target)


def test_pages_that_are_no_longer_made_are_deleted_and_others_kept(tmp_path: Path) -> None:
    (tmp_path / "controls").mkdir()
    (tmp_path / "controls" / "old.md").write_text("old")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.md").write_text("mine")
    assert write_pages({"README.md": "r", "controls/new.md": "n"}, tmp_path) == (2, 1)
    assert not (tmp_path / "controls" / "old.md").exists()
    assert (tmp_path / "notes" / "mine.md").read_text() == "mine"
    assert write_pages({"README.md": "r", "controls/new.md": "n"}, tmp_path)[0] == 0
