"""The page on security: each test it names exists, each risk names one, and its numbers are the suite's."""

from __future__ import annotations

import json
import re
from pathlib import Path

from benchmarks._security.page import table, written
from benchmarks._security.salesforce.suite import ATTACKS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
_TEST = re.compile(r"`(tests/[\w./]+\.py)`")


def test_every_test_on_the_page_exists() -> None:
    """Whoever doubts a line can run what shows it."""
    named = set(_TEST.findall(PAGE))
    assert len(named) > 20
    assert [each for each in sorted(named) if not (ROOT / each).is_file()] == []


def test_each_of_the_ten_risks_names_a_test() -> None:
    """All ten stand there, in order, and none rests on words alone."""
    rows = re.findall(r"^\| (ASI\d\d) [^|]+\|[^|]+\|([^|]+)\|$", PAGE, re.MULTILINE)
    assert [risk for risk, _ in rows] == [f"ASI{number:02}" for number in range(1, 11)]
    assert all(_TEST.search(tests) for _, tests in rows)


def test_every_defence_on_the_page_names_a_test() -> None:
    """The table of what is enforced has a test on each of its lines."""
    part = PAGE.split("## What is enforced where")[1].split("\n## ")[0]
    rows = [each for each in part.splitlines() if each.startswith("| ")][1:]
    assert len(rows) > 15
    assert [each for each in rows if not _TEST.search(each)] == []


def test_every_source_on_the_page_exists() -> None:
    """The places it names are where the code is."""
    part = PAGE.split("## What is enforced where")[1].split("\n## ")[0]
    places = re.findall(r"`([\w/]+(?:/|\.py))`", _TEST.sub("", part))
    source = ROOT / "src" / "actwright"
    assert [each for each in places if not (source / each).exists()] == []


def test_the_page_counts_the_attacks() -> None:
    """The number of attacks it gives is the suite's."""
    assert f"holds {len(ATTACKS)} attacks" in PAGE


def test_what_is_not_stopped_is_on_the_page() -> None:
    """The suite's own attacks that are not stopped are told under what is not."""
    part = PAGE.split("## What is not")[1].split("\n## ")[0]
    told = {
        "confirmation: its own yes": "can call `confirm`",
        "goal: a mail pasted in": "pastes a mail into the goal",
        "planner: the person's value, in another place": "swaps two amounts",
        "override: beyond its promise": "acts by itself does what it does",
    }
    assert {each.name for each in ATTACKS if not each.stopped} == set(told)
    assert [each for each in told.values() if each not in part] == []


def test_the_figure_on_the_page_is_the_measured_one() -> None:
    """The table is what the last measurement wrote, and every bar held then."""
    kept = json.loads((ROOT / "benchmarks" / "security.json").read_text(encoding="utf-8"))
    assert table(kept["results"], kept["date"]) in PAGE
    assert written(PAGE, kept["results"], kept["date"]) == PAGE
    assert all(each["holds"] for each in kept["results"])
