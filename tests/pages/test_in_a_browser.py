"""The pages in a real browser: nothing runs off the side, nothing is refused, and a thousand changes are soon there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from tests import pages_scene as scene

from actwright.checkpoints.preview import Preview
from actwright.locales import PersonLocale
from actwright.pages.preview import preview_page

pytestmark = pytest.mark.xdist_group("chromium")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PHONE, DESKTOP = 390, 1280
SCENES: dict[str, Callable[[], Preview]] = {
    "few": scene.few,
    "guarded": scene.guarded,
    "many": lambda: scene.many(20),
    "right to left": scene.right_to_left,
    "long": scene.lengthy,
    "refused": scene.refused,
}
Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    """Give one browser, with one tab, to all tests of this module; CI has to have one."""
    if CHROMIUM is None:
        assert os.environ.get("CI") != "true", "CI has no Chromium: apt-get install chromium"
        pytest.skip("there is no Chromium on this machine")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


@pytest.fixture
def opened(tab: Page, tmp_path: Path) -> Iterator[Opened]:
    """Return a way to open a preview's page; what the browser complained of fails the test at its end."""
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("request", lambda request: complaints.append(request.url))

    def enter(document: Preview, *, width: int) -> Page:
        file = tmp_path / f"{len(list(tmp_path.iterdir()))}.html"
        locale = PersonLocale(currency="EUR", zone="America/Los_Angeles")
        html = preview_page(document, scene.plan(document.goal, "a word"), locale)
        file.write_text(html, encoding="utf-8")
        tab.set_viewport_size({"width": width, "height": 850})
        tab.goto(file.as_uri())
        complaints.remove(file.as_uri())
        return tab

    yield enter
    tab.emulate_media(media="screen", color_scheme="light")
    assert complaints == []


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize("name", SCENES)
def test_nothing_runs_off_the_side(opened: Opened, name: str) -> None:
    """Whatever a preview holds, also folded open, the page is as wide as the screen and no wider."""
    page = opened(SCENES[name](), width=PHONE)
    assert _overflow(page) <= 0
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert _overflow(page) <= 0
    page.set_viewport_size({"width": DESKTOP, "height": 850})
    assert _overflow(page) <= 0


@pytest.mark.parametrize("name", ["few", "guarded", "refused"])
def test_every_word_can_be_read_in_light_and_dark(opened: Opened, name: str) -> None:
    """Every text has a contrast of at least 4.5 to 1 against what stands behind it, as WCAG AA asks."""
    page = opened(SCENES[name](), width=PHONE)
    assert page.evaluate(_FAINT) == []
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != paper
    assert page.evaluate(_FAINT) == []


def test_each_state_of_a_run_is_a_pill_of_the_same_height(opened: Opened) -> None:
    """Whatever its tone: what wants somebody to look is no box."""
    page = opened(scene.few(), width=PHONE)
    heights = page.evaluate(
        "['good', 'open', 'doubt', 'bad'].map(tone => {"
        "const pill = document.querySelector('.state').cloneNode(true);"
        "pill.className = 'state ' + tone; document.body.append(pill);"
        "return pill.offsetHeight + parseFloat(getComputedStyle(pill).marginTop)})"
    )
    assert heights[0] > 0
    assert len(set(heights)) == 1


def test_old_stands_left_of_new_also_between_words_that_run_the_other_way(opened: Opened) -> None:
    """On a wide screen the old value stands left of the arrow and the new one right of it."""
    page = opened(scene.right_to_left(), width=DESKTOP)
    boxes = [
        page.locator(f".card .pair {each}").first.bounding_box() for each in ("del", ".to", "ins")
    ]
    left = [each["x"] for each in boxes if each]
    assert left == sorted(left)
    assert len(set(left)) == 3


def test_a_summary_of_many_points_from_old_to_new_in_either_direction(opened: Opened) -> None:
    """Also between words that run from right to left, the arrow points at the new value."""
    rows = [
        scene.update(
            number, scene.stage("\u0642\u062f\u064a\u0645", "\u062c\u062f\u064a\u062f"), action="a1"
        )
        for number in range(5)
    ]
    page = opened(scene.preview(rows, rows=(scene.bound(5),)), width=DESKTOP)
    parts = page.locator(".told .pair > *")
    boxes = [parts.nth(at).bounding_box() for at in range(3)]
    left = [each["x"] for each in boxes if each]
    assert left == sorted(left)
    assert len(set(left)) == 3


def test_folded_rows_are_printed(opened: Opened) -> None:
    """On paper nothing can be folded open: every row of many is there."""
    page = opened(scene.many(20), width=DESKTOP)
    last = page.locator(".more tbody tr").last
    assert not last.is_visible()
    page.emulate_media(media="print")
    height = last.evaluate("each => each.getBoundingClientRect().height")
    assert height > 0


def test_a_thousand_changes_are_shown_in_less_than_a_second(opened: Opened) -> None:
    """From the request to the first paint of the whole document, a thousand changes take less than a second."""
    page = opened(scene.many(1_000), width=PHONE)
    shown = page.evaluate(
        "new Promise(done => requestAnimationFrame(() => setTimeout(() => done(Math.max("
        "performance.getEntriesByType('navigation')[0].loadEventEnd,"
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0)), 0)))"
    )
    assert 0 < shown < 1_000
    assert page.locator("tbody th").count() == 1_000


_FAINT = """() => {
  const rgb = text => text.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(each => each / 255)
    .map(each => each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4)
    .reduce((sum, each, at) => sum + each * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = it => {
    for (let each = it; each; each = each.parentElement) {
      const color = rgb(getComputedStyle(each).backgroundColor);
      if (color.length < 4 || color[3] > 0) return color;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const it = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !it.getClientRects().length) continue;
    const style = getComputedStyle(it);
    const back = behind(it);
    const alpha = Number(style.opacity);
    const ink = rgb(style.color).slice(0, 3).map((each, at) => each * alpha + back[at] * (1 - alpha));
    const [high, low] = [light(ink), light(back)].sort((a, b) => b - a);
    const ratio = (high + 0.05) / (low + 0.05);
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} ${walk.currentNode.data.trim().slice(0, 40)}`);
  }
  return faint;
}"""
