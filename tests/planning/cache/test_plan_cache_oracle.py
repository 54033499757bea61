"""Over many goals, threads and processes: what comes from the plan cache is what asking would have brought."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.examples import examples
from tests.memory_org import FakeClock
from tests.plan_cache_scene import Scene, values

from actwright.org.query import JsonScalar
from actwright.planning.cache.cache import StoredPlanCache
from actwright.store.sqlite import SqliteDatabase


@pytest.fixture
def stored(tmp_path: Path) -> Any:
    """A store."""
    database = SqliteDatabase(tmp_path / "actwright.db")
    yield database
    database.close()


NAMES = ("Acme Renewal", "Globex Pilot", "Initech Upgrade", "Jane Doe", "Acme Amount", '"Acme Renewal"', "Acme's Renewal", "case 00001001", "case 00001002", "Nobody Here", "it", "acme renewal")  # fmt: skip
AMOUNTS = ("5", "6", "99000", "45k", "$5", "$1.5m", "10%", "-5", "12.500", "1,500", "5 million", "Hooli", "two hundred")  # fmt: skip
TEXTS = (
    "Hooli",
    "Stark",
    '"Big One"',
    '"Small One"',
    "Acme",
    "Close",
    "Peter Pan",
    "Wendy Darling",
    "High",
    "Not",
)
DATES = ("tomorrow", "next Tuesday", "next Friday", "2026-12-31", "Dec 15th", "in 3 days", "in 5 days", "12/11/2026", "soon")  # fmt: skip
STATES = ("won", "lost", "Won", "Prospecting", "Qualification", "Closed")
FILLINGS = {"name": NAMES, "amount": AMOUNTS, "text": TEXTS, "date": DATES, "state": STATES}
FORMS = (
    "close {name} as {state}",
    "change the amount of {name} to {amount}",
    "set {name}'s amount to {amount} and its next step to {text}",
    "push {name} to {date}",
    "move {name} to {state}",
    "rename {name} to {text}",
    "create the account {text}",
    "create the account {text} and add a contact {text} to it",
    "new lead: {text}, {text}",
    "create a task for {name}: {text}, due {date}",
    "create an opportunity {text} for Acme worth {amount} closing {date} in {state}",
    "remind me to call {name} {date}",
    "set {name} amount to {amount} and {name} amount to {amount}",
    "assign {name} to {text}",
    "do not change the amount of {name} to {amount}",
)
DATA = st.sampled_from([{}] * 8 + [{"amount": 5}, {"amount": 6}, {"amount": "7k"}, {"Id": "Acme Renewal"}, {"Id": "Globex Pilot"}])  # fmt: skip


@st.composite
def goals_alike(draw: st.DrawFn) -> list[str]:
    """Return several goals of one form."""
    form = draw(st.sampled_from(FORMS))
    made: list[str] = []
    for _ in range(draw(st.integers(2, 6))):
        rest = form
        for name, words in FILLINGS.items():
            while f"{{{name}}}" in rest:
                rest = rest.replace(f"{{{name}}}", draw(st.sampled_from(words)), 1)
        made.append(rest)
    return made


@examples(120)
@given(goals=goals_alike(), data=st.lists(DATA, min_size=6, max_size=6), hours=st.integers(0, 48))
def test_a_cached_outcome_is_the_inner_planners(
    goals: list[str], data: list[dict[str, JsonScalar]], hours: int
) -> None:
    """Over many goals and values: whatever comes from the cache is what asking would have brought."""
    scene = Scene()
    for at, (goal, given_data) in enumerate(zip(goals, data, strict=False)):
        scene.clock = FakeClock(
            datetime(2026, 11, 21, 12, tzinfo=UTC) + timedelta(hours=hours * at)
        )
        scene.hits(goal, given_data)


@examples(60)
@given(
    numbers=st.lists(st.integers(1, 10**9), min_size=2, max_size=5),
    named=st.booleans(),
)
def test_goals_that_differ_in_a_number_never_share_it(numbers: list[int], named: bool) -> None:  # noqa: FBT001 - drawn
    """Every plan holds its own number, whether the goal says it or the data do; one question is enough for all."""
    scene = Scene()
    for number in numbers:
        goal = "change the amount of Acme Renewal" + ("" if named else f" to {number}")
        outcome = scene.ask(goal, {"Amount": number} if named else {})
        assert values(outcome)["Amount"] == number
    assert len(scene.inner.asked) == 1


def test_threads_share_a_shape_and_no_value(stored: SqliteDatabase) -> None:
    """Many goals at once, first of all the same one: nothing is mixed up, and the store stays whole."""
    scene = Scene(cache=StoredPlanCache(stored, FakeClock()))

    def amount(number: int) -> JsonScalar:
        deal = ("Acme Renewal", "Globex Pilot", "Initech Upgrade")[number % 3]
        found = values(scene.ask(f"change the amount of {deal} to {number}"))
        assert found["Id"] == deal
        return found["Amount"]

    numbers = list(range(1, 81))
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(amount, numbers)) == numbers
    assert len(scene.inner.asked) < len(numbers)
    assert values(scene.ask("change the amount of Acme Renewal to 7"))["Amount"] == 7


PROCESS = """
import json, sys
from pathlib import Path
from tests.examples import examples
from tests.memory_org import FakeClock, demo_org
from tests.plan_cache_scene import Scene, values
from actwright.planning.cache.cache import StoredPlanCache
from actwright.store.sqlite import SqliteDatabase

database = SqliteDatabase(Path(sys.argv[1]))
scene = Scene(cache=StoredPlanCache(database, FakeClock()))
start = int(sys.argv[2])
found = [
    values(scene.ask(f"change the amount of Acme Renewal to {number}"))["Amount"]
    for number in range(start, start + 25)
]
print(json.dumps([found, len(scene.inner.asked)]))
"""


def test_processes_share_a_shape_and_no_value(tmp_path: Path) -> None:
    """Two programs over one store plan at once, each for its own numbers, and both ask next to nothing."""
    path = tmp_path / "actwright.db"
    SqliteDatabase(path).close()
    root = Path(__file__).parents[3]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(path), str(start)],
            cwd=root,
            stdout=subprocess.PIPE,
            text=True,
        )
        for start in (100, 500)
    ]
    for each, start in zip(running, (100, 500), strict=True):
        out, _ = each.communicate(timeout=120)
        found, asked = json.loads(out)
        assert found == list(range(start, start + 25))
        assert asked <= 1
