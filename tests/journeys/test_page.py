"""The page in a real browser: nothing is fetched, nothing overflows, everything can be read, light and dark."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

playwright_api = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright_api.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def page_file(run: Callable[..., Any], acme: Path, tmp_path: Path) -> Path:
    target = tmp_path / "page.html"
    run("assess", acme, "--html", target, "--as-of", "2026-11-25")
    return target


def _open(browser: Any, file: Path, width: int, scheme: str) -> tuple[Any, list[str], list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(file.as_uri())
    return page, requests, complaints


@pytest.mark.parametrize("width", [360, 800, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_and_asks_nobody(browser: Any, page_file: Path, width: int, scheme: str) -> None:
    page, requests, complaints = _open(browser, page_file, width, scheme)
    assert requests == [page_file.as_uri()]
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


CONTRAST = """
() => {
  const channel = c => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const worst = {};
  for (const node of document.querySelectorAll("p, td, th, a, h1, h2, h3, dt, dd, summary, span, li, code, strong")) {
    const own = [...node.childNodes].some(child => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.checkVisibility()) continue;
    const a = light(parse(getComputedStyle(node).color)), b = light(behind(node));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const key = node.tagName + "." + node.className;
    worst[key] = Math.min(worst[key] ?? 99, ratio);
  }
  return worst;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_the_contrast_that_accessibility_asks_for(browser: Any, page_file: Path, scheme: str) -> None:
    page, _, _ = _open(browser, page_file, 1200, scheme)
    poor = {key: round(ratio, 2) for key, ratio in page.evaluate(CONTRAST).items() if ratio < 4.5}  # WCAG 2.2, 1.4.3
    assert poor == {}
    page.close()


def test_every_link_leads_to_a_part_of_the_page(browser: Any, page_file: Path) -> None:
    page, _, _ = _open(browser, page_file, 1200, "light")
    broken = page.evaluate(
        "[...document.querySelectorAll('a')].filter(a => !document.querySelector(a.getAttribute('href'))).length"
    )
    assert broken == 0
    page.close()
