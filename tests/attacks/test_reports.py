"""Names that mean harm, in every form of a report: shown as text, never a command, a tag, a path or a second line."""

import csv
import datetime
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from urllib.parse import unquote, urlsplit

import pytest
from tests.conftest import CONTROL, GOOD, Write

from assay.errors import Fault
from assay.governance.repository import read_repository
from assay.inventory.resource import Gap, Inventory, Origin, Position, Resource
from assay.inventory.values import Cause, Reason, Value
from assay.operations import reading
from assay.operations.check import Selection, check
from assay.reports import context, html, junit, ocsf, oscal, sarif, table, text
from assay.reports import json as report_json
from assay.reports.context import ReportContext
from assay.reports.pages import pages
from assay.reports.terminal import harmless
from assay.sources.cloudformation import Context

NOW = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\x08\x7f\u202e\u2066\u200f"
HOSTILE = (
    f"=cmd|' /C calc'!A0{ESCAPES}\n::error::x\nerror: y</script><img src=x onerror=alert(1)>]]>&{{{{7*7}}}}[red]%n\x00"
)
FILE = f"../{HOSTILE}/javascript:alert(1)#x?y.yaml"


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ReportContext:
    """A report of an inventory whose every name is hostile, whatever a reader would have said of it."""
    origin = Origin("cloudformation", Position(FILE, 3, 1))
    bucket = Resource(f"{FILE}#{HOSTILE}", "AWS::S3::Bucket", HOSTILE, {"BucketName": HOSTILE}, origin)
    tag: Value = {"Key": HOSTILE, "Value": HOSTILE}
    versioned: dict[str, Value] = {"VersioningConfiguration": {"Status": HOSTILE}, "Tags": [tag], HOSTILE: HOSTILE}
    second = Resource(f"{FILE}#2", "AWS::S3::Bucket", f"{HOSTILE}2", versioned, origin)
    strange = Resource(f"{FILE}#3", f"Custom::{HOSTILE}", HOSTILE, {}, origin)
    inventory = Inventory(
        (bucket, second, strange),
        faults=(Fault(FILE, 1, 1, HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        gaps=(Gap(HOSTILE, Reason(Cause.PARAMETER, HOSTILE, HOSTILE)),),
        absent=((HOSTILE, HOSTILE),),
    )
    monkeypatch.setattr(reading, "read", lambda *_: inventory)
    return context.from_check(check([tmp_path], Context(), Selection(), now=NOW))


def _commands(printed: str) -> set[str]:
    return {each for each in printed if each < " " or "\x7f" <= each <= "\x9f" or each in "\u202e\u2066\u200f"}


def test_no_command_reaches_the_terminal(hostile: ReportContext) -> None:
    assert _commands(text.plain(hostile, limit=100)) == {"\n"}
    assert "␛[2J" in text.plain(hostile, limit=100), "it is shown, not left out"


def test_a_name_makes_no_line_of_its_own(hostile: ReportContext) -> None:
    """A log is read by machines too: a line that begins with ::error is a command to some of them."""
    lines = [each.lstrip() for each in text.plain(hostile, limit=100).splitlines()]
    assert not [each for each in lines if each.startswith("::error")]
    assert sum(each.startswith("error: ") for each in lines) == 1


@pytest.mark.parametrize("name", ["\x1b[31m", "\x00", "\x9b", "\x7f", "a\u202eb", "\r", "\ufeff"])
def test_what_is_harmless_has_no_command_left_and_text_stays(name: str) -> None:
    assert not _commands(harmless(name))
    assert harmless("Größe 1\tx\n– ✓ 日本") == "Größe 1\tx\n– ✓ 日本"


def test_the_page_holds_names_as_text(hostile: ReportContext) -> None:
    page = html.render(hostile)
    assert "<img" not in page
    assert "</script><" not in page
    assert page.count("<script") == 0
    assert 'href="javascript:' not in page


def test_junit_is_well_formed_and_keeps_the_figures(hostile: ReportContext) -> None:
    root = ET.fromstring(junit.render(hostile))
    assert len(list(root.iter("testcase"))) == hostile.counts.total + 1
    assert not _commands("".join(root.itertext())) - {"\n", "\r", "\x7f", "\x9b", *"\u202e\u2066\u200f"}


def test_json_gives_names_as_they_are(hostile: ReportContext) -> None:
    printed = report_json.render(hostile)
    assert json.loads(printed)["sections"][0]["evaluations"][0]["name"] in (HOSTILE, f"{HOSTILE}2")
    assert not {each for each in printed if each < " "} - {"\n"}


def test_a_spreadsheet_finds_no_formula(hostile: ReportContext) -> None:
    printed = table.render(hostile)
    rows = list(csv.reader(io.StringIO(printed, newline="")))
    assert len(rows) == hostile.counts.total + 1
    assert not [cell for row in rows for cell in row if cell.lstrip()[:1] in ("=", "+", "-", "@") and cell.strip()]
    assert not _commands(printed) - {"\r", "\n", *"\u202e\u2066\u200f"}


@pytest.mark.parametrize("form", [oscal, ocsf])
def test_what_others_read_is_well_formed(hostile: ReportContext, form: ModuleType) -> None:
    printed = form.render(hostile)
    for text_of_one in [printed] if form is oscal else printed.splitlines():
        json.loads(text_of_one)
    assert not {each for each in printed if each < " "} - {"\n"}


def test_sarif_s_places_are_relative_references_to_the_file(hostile: ReportContext) -> None:
    printed = sarif.render(hostile)
    run = json.loads(printed)["runs"][0]
    places = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in run["results"]]
    assert places
    for each in places:
        parts = urlsplit(each)
        assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
        assert each.isascii()
        assert unquote(each) == FILE


def test_a_file_whose_name_begins_like_a_scheme_stays_a_path() -> None:
    """RFC 3986, 4.2: the first segment of a relative reference holds no colon."""
    assert urlsplit(sarif.uri("javascript:alert(1).yaml")).scheme == ""
    assert urlsplit(sarif.uri("//evil.example/x.yaml")).netloc == ""


def _pages(root: Path) -> Mapping[str, str]:
    return dict(pages(read_repository(root, catalogue=False)))


def test_pages_hold_titles_as_text_and_lie_in_their_folder(write: Write) -> None:
    title = "x](javascript:alert(1)) <script>alert(1)</script> `a` | b\n# Heading"
    changed = CONTROL.replace("title: Buckets keep versions", f"title: {json.dumps(title)}")
    framework = GOOD["frameworks/house.yaml"].replace("H1:", f"{json.dumps('H|1](x) <b>')}:")
    found = _pages(write({"controls/s3/bucket-has-versions.yaml": changed, "frameworks/house.yaml": framework}))
    for name, page in found.items():
        assert not Path(name).is_absolute()
        assert ".." not in Path(name).parts
        assert "<script>" not in page
        assert "](javascript:" not in page.replace("\\](", "")
        assert "\n# Heading" not in page
