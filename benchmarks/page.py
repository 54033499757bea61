"""The page of a preview with a thousand changes: its size, how long it takes to make, and until a browser shows it."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from tests import pages_scene as scene

from actwright.locales import PersonLocale
from actwright.pages.preview import preview_page

Row = dict[str, object]

_CHANGES = 1_000
_MOST_BYTES = 1_000_000
_MOST_SECONDS = 1.0
_SHOWN = (
    "new Promise(done => requestAnimationFrame(() => setTimeout(() => done(Math.max("
    "performance.getEntriesByType('navigation')[0].loadEventEnd,"
    "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0)), 0)))"
)


def run() -> list[Row]:
    """Return bytes and seconds; the browser's row is left out where there is no Chromium."""
    document, locale = scene.many(_CHANGES), PersonLocale(currency="EUR")
    plan = scene.plan(document.goal)
    preview_page(scene.few(), plan, locale)
    started = time.perf_counter()
    page = preview_page(document, plan, locale)
    made = time.perf_counter() - started
    rows = [
        _row("size", len(page.encode()) / 1000, "kB", _MOST_BYTES / 1000),
        _row("time to make", made, "s", _MOST_SECONDS),
    ]
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is not None:
        rows.append(_row("time to show in Chromium", _shown(page, chromium), "s", _MOST_SECONDS))
    return rows


def _shown(page: str, chromium: str) -> float:
    """Return the seconds from the request of the page until it is loaded and painted, the median of five."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        file = Path(folder) / "page.html"
        file.write_text(page, encoding="utf-8")
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 390, "height": 844})
        taken = []
        for _ in range(5):
            tab.goto(file.as_uri())
            taken.append(float(tab.evaluate(_SHOWN)) / 1000)
        browser.close()
    return sorted(taken)[2]


def _row(what: str, value: float, unit: str, bar: float) -> Row:
    return {
        "name": f"page of {_CHANGES:,} changes, {what}",
        "value": value,
        "unit": unit,
        "bar": bar,
        "better": "lower",
        "holds": value <= bar,
    }
