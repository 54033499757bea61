"""The report in a real browser: nothing runs off the side, nothing is refused, and every word can be read."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from tests import scorecard_scene as scene
from tests.pages.test_in_a_browser import _FAINT, DESKTOP, PHONE

from actwright.regression.noise import Noise
from actwright.regression.reports.report import report_of
from actwright.regression.reports.report_page import report_page
from actwright.regression.scores.scorecard import Scorecard

pytestmark = pytest.mark.xdist_group("chromium")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
LONG = "NoBreak" * 60


def _cards() -> Iterator[Scorecard]:
    """Yield scripted versions of which one dropped, and ten live ones with texts too long for a line."""
    yield from (scene.first(), scene.second())
    for version in range(1, 11):
        grave = scene.wrong(
            "grave", scene.planned(scene.close(arguments={"Id": LONG})), LONG, grave=True
        )
        known = scene.case("grave", scene.refused(), goal=LONG)
        cases = (grave if version == 10 else known, *scene.first().cases)
        yield scene.live(str(version), cases, model="x" * 190)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Open the report once; what the browser complained of, and what it asked for, fails the tests at their end."""
    if CHROMIUM is None:
        assert os.environ.get("CI") != "true", "CI has no Chromium: apt-get install chromium"
        pytest.skip("there is no Chromium on this machine")
    file: Path = tmp_path_factory.mktemp("report") / "report.html"
    file.write_text(report_page(report_of(tuple(_cards()), Noise())), encoding="utf-8")
    complaints: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("request", lambda request: complaints.append(request.url))
        tab.goto(file.as_uri())
        yield tab
        browser.close()
    assert set(complaints) == {file.as_uri()}


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_nothing_runs_off_the_side_of_the_report(page: Page, width: int) -> None:
    """Folded or open, with words that cannot be broken, the page is as wide as the screen."""
    page.set_viewport_size({"width": width, "height": 850})
    for opened in ("false", "true"):
        page.evaluate(f"document.querySelectorAll('details').forEach(it => it.open = {opened})")
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_of_the_report_can_be_read(page: Page, scheme: str) -> None:
    """Also what stands in the pictures has a contrast of 4.5 to 1."""
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.evaluate("document.querySelectorAll('details').forEach(it => it.open = true)")
    assert page.evaluate(_FAINT) == []


def test_the_newest_change_is_open_and_older_ones_are_folded(page: Page) -> None:
    """What changed last is what somebody came for."""
    page.reload()
    opened = page.locator(".series").first.locator("details.step")
    assert opened.nth(0).get_attribute("open") is not None
    assert opened.nth(1).get_attribute("open") is None
