"""Reports by reader, as a person asks for them: on the command line, in a browser, on paper, with a ledger."""

import dataclasses
import datetime
import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pypdf
import pytest
from tests.journeys.test_page import CHROMIUM, CONTRAST, FLAGS
from tests.reports.audience.conftest import ACME, AUDIENCES
from tests.reports.audience.test_executives import AGES, TREND

from assay.operations.report import gather
from assay.reports import context
from assay.reports.audience import forms
from assay.reports.audience.basis import Basis

NOW = datetime.datetime(2026, 11, 25, tzinfo=datetime.UTC)
DAY = "2026-11-25"
Run = Callable[..., Any]


def test_the_ending_of_the_file_chooses_the_form(run: Run, acme: Path, tmp_path: Path) -> None:
    for audience, ending, begin in (("executives", "pdf", b"%PDF-"), ("engineers", "xlsx", b"PK")):
        said = run("report", audience, acme, "-w", "lake", "--as-of", DAY, "-o", tmp_path / f"r.{ending}")
        assert (said.code, said.out) == (0, "")
        assert (tmp_path / f"r.{ending}").read_bytes().startswith(begin)


def test_a_report_goes_to_standard_output(run: Run, acme: Path) -> None:
    document = json.loads(run("report", "customers", acme, "--as-of", DAY, "-f", "json").out)
    assert document["subject"] == "Acme"
    assert document["as_of"] == f"{DAY}T00:00:00+00:00"


def test_the_pack_is_a_folder_that_checks(run: Run, acme: Path, tmp_path: Path) -> None:
    assert run("report", "auditors", acme, "-w", "lake", "--as-of", DAY, "-o", tmp_path / "pack").code == 0
    for line in (tmp_path / "pack" / "SHA256SUMS").read_text("utf-8").splitlines():
        digest, name = line.split("  ", 1)
        assert hashlib.sha256((tmp_path / "pack" / name).read_bytes()).hexdigest() == digest


def test_a_file_that_cannot_be_read_is_said_in_the_report_and_by_the_exit_code(
    run: Run, acme: Path, tmp_path: Path
) -> None:
    shutil.copytree(acme, tmp_path / "acme")
    broken = tmp_path / "acme" / "templates" / "lake" / "broken.yaml"
    broken.write_text("Resources: {A: {Type: AWS::S3::Bucket", "utf-8")
    said = run("report", "executives", tmp_path / "acme", "-w", "lake", "--as-of", DAY, "-f", "json")
    assert said.code == 2
    assert json.loads(said.out)["unseen"]["unread"] == 1
    assert "1 fault in files; the report is about the rest" in said.err
    assert "broken.yaml" in said.err


def test_mistakes_are_named(run: Run, acme: Path, tmp_path: Path) -> None:
    for arguments, expected in (
        (["auditors", acme], "name a folder"),
        (["executives", acme, "-f", "csv"], "name a folder"),
        (["executives", acme, "--as-of", DAY, "--since", "2026-12-01"], "--since 2026-12-01 is not before"),
        (["executives", acme, "--since", "yesterday"], "--since 'yesterday': expected a day"),
        (["executives", acme, "-w", "shpo"], "did you mean shop?"),
        (["executives", tmp_path / "nowhere"], "is not a folder"),
        (["engineers", acme, "-w", "lake", "-o", tmp_path / "no" / "folder.html"], "cannot write"),
    ):
        said = run("report", *arguments)
        assert said.code == 2, arguments
        assert expected in said.err, (arguments, said.err)


@pytest.mark.parametrize(("module", "form", "extra"), [("typst", "pdf", "pdf"), ("xlsxwriter", "xlsx", "xlsx")])
def test_a_missing_extra_is_named(
    run: Run, acme: Path, monkeypatch: pytest.MonkeyPatch, module: str, form: str, extra: str
) -> None:
    monkeypatch.setattr(forms, "find_spec", lambda name: None if name == module else object())
    said = run("report", "executives", acme, "-f", form)
    assert said.code == 2
    assert f"pip install 'assay[{extra}]'" in said.err


@pytest.mark.slow
def test_a_ledger_tells_what_changed_since_when_and_how_old_it_is(run: Run, acme: Path, tmp_path: Path) -> None:
    repository, ledger = tmp_path / "acme", tmp_path / "evidence"
    shutil.copytree(acme, repository)
    template = repository / "templates" / "shop" / "service.yaml"
    written = template.read_text("utf-8")
    encrypted = written.replace('StorageEncrypted: "false"', "StorageEncrypted: true")
    run("ledger", "init", ledger)
    for day, text in (("2026-10-01", written), ("2026-11-01", encrypted), ("2026-11-24", written)):
        template.write_text(text, "utf-8")
        run("assess", repository, "-w", "shop", "--as-of", day, "--ledger", ledger, "-o", tmp_path / "ignored")

    def report(reader: str, *options: str) -> Any:
        asked = ("-w", "shop", "--as-of", DAY, "--ledger", ledger, "-f", "json")
        return json.loads(run("report", reader, repository, *asked, *options).out)

    since = report("executives", "--since", "2026-11-10")
    assert since["changes"]["since"] == "2026-11-01T00:00:00+00:00"
    (worse,) = [each for each in since["changes"]["changes"] if each["control"] == "rds-storage-encrypted"]
    assert (worse["before"], worse["after"], worse["why"]) == ("met", "not_met", "the configuration was changed")
    yesterday = report("executives")
    assert yesterday["changes"]["since"] == "2026-11-24T00:00:00+00:00"
    assert not [each for each in yesterday["changes"]["changes"] if each["workload"]]
    ages = since["ages"]
    assert sum(sum(each.values()) for each in ages.values()) == since["figures"]["evaluations"]["not_met"]
    assert ages["high"]["7 days or less"] >= 1  # encrypted on the first of November, and no more
    assert sum(each["31 to 90 days"] for each in ages.values()) > 40
    blind = [each["blind"] for each in since["trend"]]
    assert blind[0] < blind[1] == max(blind)  # controls want a look a day
    too_old = run("report", "executives", repository, "--ledger", ledger, "--since", "2026-01-01", "--as-of", DAY)
    assert "the ledger has no run before that day; its first run is of 2026-10-01" in too_old.err
    assert set(report("customers")["evidence"]) == {"entries", "root", "public_key"}


playwright_api = pytest.importorskip("playwright.sync_api")
in_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright_api.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def basis() -> Basis:
    found = gather(ACME, now=NOW)
    report = Basis(context.from_assessment(found.assessment, found.repository), found.repository, found.assessment)
    return dataclasses.replace(report, trend=TREND, ages=AGES)


@in_browser
@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_page_reads_in_a_browser(browser: Any, basis: Basis, tmp_path: Path, audience: str) -> None:
    """It fetches nothing, complains of nothing, fits narrow and wide, has contrast, headings in order, good links."""
    file = tmp_path / f"{audience}.html"
    file.write_bytes(*forms.files(basis, audience, "html").values())
    for scheme, width in (("light", 1200), ("dark", 360)):
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        requests: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request, seen=requests: seen.append(request.url))
        page.on("console", lambda message, seen=complaints: seen.append(message.text))
        page.goto(file.as_uri())
        assert requests == [file.as_uri()]
        assert complaints == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert {key: ratio for key, ratio in page.evaluate(CONTRAST).items() if ratio < 4.5} == {}
        page.close()
    page = browser.new_page()
    page.goto(file.as_uri())
    assert page.evaluate(STRUCTURE) == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    assert len(printed.pages) <= {"executives": 2, "customers": 3, "auditors": 3}.get(audience, 40)
    page.close()


STRUCTURE = """
() => {
  const faults = [];
  const all = (wanted, within = document) => [...within.querySelectorAll(wanted)];
  const levels = all("h1, h2, h3").map(each => Number(each.tagName[1]));
  if (levels.filter(each => each === 1).length !== 1) faults.push("not one h1");
  if (levels.some((level, at) => at && level > levels[at - 1] + 1)) faults.push("a heading level is left out");
  for (const link of all("a")) if (!document.querySelector(link.getAttribute("href"))) faults.push(link.href);
  const ids = all("[id]").map(each => each.id);
  if (new Set(ids).size !== ids.length) faults.push("an id twice");
  for (const table of all("table")) {
    if (!table.caption?.textContent.trim()) faults.push("a table without a caption");
    for (const row of table.tBodies[0].rows) if (row.cells[0].scope !== "row") faults.push("a row without a heading");
    for (const cell of table.tHead.rows[0].cells) if (cell.scope !== "col") faults.push("a column without a heading");
  }
  for (const chart of all("svg")) {
    const words = chart.querySelector("title")?.textContent.trim(), view = chart.viewBox.baseVal;
    if (chart.getAttribute("role") !== "img" || !words) faults.push("a chart without words");
    for (const text of all("text", chart)) {
      const box = text.getBBox();
      const inside = box.x >= -1 && box.x + box.width <= view.width + 1 && box.y + box.height <= view.height + 2;
      if (!inside) faults.push("out of the chart: " + text.textContent);
    }
  }
  if (document.documentElement.lang !== "en" || !document.title) faults.push("no language or no title");
  if (all("script, iframe, object, link").length) faults.push("something that a page does not need");
  return faults;
}
"""
