"""The guardrail RATE_LIMIT: counted in the store, by blueprint, person and org, over the last minute, hour or day."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from actwright.blueprints.blueprint import ActionBlueprint, ActionInput
from actwright.blueprints.guardrail import GuardrailSpec
from actwright.blueprints.plan import Plan, PlannedAction, PlannerInfo
from actwright.guardrails.context import EffectContext
from actwright.guardrails.issue import Issue
from actwright.guardrails.rate import RateCounter, Uses, reserve
from actwright.guardrails.registry import check_guardrails
from actwright.org.effect import Effect
from actwright.org.identity import OrgIdentity, RunningUser
from actwright.store.sqlite import SqliteDatabase

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
ALICE = RunningUser(id="005A", username="alice")
ORG = OrgIdentity(id="00D1", url="https://one.example")


@dataclass
class _Clock:
    """A clock that is set by hand."""

    moment: datetime = START

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    """Give an empty store."""
    store = SqliteDatabase(tmp_path / "actwright.db")
    yield store
    store.close()


def _limit(most: int, per: str = "hour", message: str | None = None) -> GuardrailSpec:
    return GuardrailSpec(type="RATE_LIMIT", params={"max": most, "per": per}, message=message)


def _action(action_id: str, *limits: GuardrailSpec, name: str = "Refund") -> PlannedAction:
    blueprint = ActionBlueprint(
        name=name,
        target_s_object="Opportunity",
        operation="UPDATE",
        inputs=(ActionInput(api_name="Id", data_type="Id", required=True),),
        guardrails=limits,
    )
    return PlannedAction(id=action_id, blueprint=blueprint)


def _uses(
    *actions: PlannedAction,
    rows: int = 1,
    guardrails: tuple[GuardrailSpec, ...] = (),
    user: RunningUser = ALICE,
    org: OrgIdentity = ORG,
    **more: Any,
) -> Uses:
    plan = Plan(
        goal="g", actions=actions, guardrails=guardrails, planner=PlannerInfo(kind="curated")
    )
    effects = [
        Effect(
            id=f"{action.id}.{row}",
            action_id=action.id,
            operation="UPDATE",
            object="Opportunity",
            record_id="006000000000001AAA",
            **more,
        )
        for action in actions
        for row in range(1, rows + 1)
    ]
    return Uses(plan, effects, user, org)


def _reserve(database: SqliteDatabase, uses: Uses, now: datetime = START) -> tuple[Issue, ...]:
    with database.write() as connection:
        return reserve(connection, uses, now=now, holder="run_1")


def test_uses_add_up_until_there_is_no_room(database: SqliteDatabase) -> None:
    """As many records as allowed pass, and not one more; what is refused is not counted."""
    uses = _uses(_action("a1", _limit(3)))
    refused = [bool(_reserve(database, uses)) for _ in range(5)]
    assert refused == [False, False, False, True, True]


def test_each_record_is_a_use(database: SqliteDatabase) -> None:
    """An action for many rows uses one for each of them, and is refused whole."""
    assert _reserve(database, _uses(_action("a1", _limit(5)), rows=3)) == ()
    (issue,) = _reserve(database, _uses(_action("a1", _limit(5)), rows=3))
    assert (issue.code, issue.severity, issue.action_id) == ("rate_limited", "error", "a1")
    assert "3 records were written by it within the last hour, and 3 more would be" in issue.message
    assert "at most 5 an hour" in issue.message
    assert _reserve(database, _uses(_action("a1", _limit(5)), rows=2)) == ()


def test_the_refusal_says_when_there_is_room_again(database: SqliteDatabase) -> None:
    """The hint names the moment at which enough of what was used is older than the period."""
    for minutes, rows in ((0, 1), (10, 2), (20, 2)):
        uses = _uses(_action("a1", _limit(5)), rows=rows)
        _reserve(database, uses, START + timedelta(minutes=minutes))
    now = START + timedelta(minutes=30)
    one, two, three = (_uses(_action("a1", _limit(5)), rows=rows) for rows in (1, 2, 3))
    assert "from 2026-11-24 13:00:00 UTC" in str(_reserve(database, one, now)[0].hint)
    for more in (two, three):
        assert "from 2026-11-24 13:10:00 UTC" in str(_reserve(database, more, now)[0].hint)


@pytest.mark.parametrize(
    ("per", "period"),
    [("minute", timedelta(minutes=1)), ("hour", timedelta(hours=1)), ("day", timedelta(days=1))],
)
def test_the_period_slides(database: SqliteDatabase, per: str, period: timedelta) -> None:
    """A use counts until the whole period has passed, whatever the clock's full hours are."""
    uses = _uses(_action("a1", _limit(1, per)))
    assert _reserve(database, uses) == ()
    assert len(_reserve(database, uses, START + period - timedelta(milliseconds=1))) == 1
    assert _reserve(database, uses, START + period) == ()


def test_a_clock_put_back_gives_no_room(database: SqliteDatabase) -> None:
    """What was used at a time that is still to come counts as used."""
    uses = _uses(_action("a1", _limit(1)))
    _reserve(database, uses, START + timedelta(hours=5))
    assert len(_reserve(database, uses, START)) == 1


def test_people_orgs_and_blueprints_count_apart(database: SqliteDatabase) -> None:
    """A limit is on one person, in one org, by one blueprint; its name counts in any case."""
    limit = _limit(1)
    assert _reserve(database, _uses(_action("a1", limit))) == ()
    bob, other = RunningUser(id="005B", username="bob"), OrgIdentity(id="00D2", url="https://two")
    assert _reserve(database, _uses(_action("a1", limit), user=bob)) == ()
    assert _reserve(database, _uses(_action("a1", limit), org=other)) == ()
    assert _reserve(database, _uses(_action("a1", limit, name="Refund2"))) == ()
    assert len(_reserve(database, _uses(_action("a9", limit, name="REFUND")))) == 1


def test_actions_of_one_blueprint_are_counted_together(database: SqliteDatabase) -> None:
    """Two actions cannot pass where one with as many records would not."""
    uses = _uses(_action("a1", _limit(3)), _action("a2", _limit(3)), rows=2)
    (issue,) = _reserve(database, uses)
    assert "0 records were written" in issue.message
    assert "4 more" in issue.message
    assert issue.hint == "Narrow down which records are meant."


def test_a_merged_effect_is_a_use_of_each_blueprint(database: SqliteDatabase) -> None:
    """A record written for two actions counts for both."""
    one, other = _action("a1", _limit(1)), _action("a2", _limit(1), name="Discount")
    merged = _uses(one, other, also_for=("a2",))
    uses = Uses(merged.plan, merged.effects[:1], ALICE, ORG)
    assert _reserve(database, uses) == ()
    assert {each.action_id for each in _reserve(database, uses)} == {"a1", "a2"}


def test_every_limit_holds(database: SqliteDatabase) -> None:
    """A blueprint may have a limit an hour and one a day."""
    action = _action("a1", _limit(2), _limit(3, "day"))
    assert _reserve(database, _uses(action, rows=2)) == ()
    later = START + timedelta(hours=2)
    assert "last day" in _reserve(database, _uses(action, rows=2), later)[0].message
    assert _reserve(database, _uses(action), later) == ()


def test_a_plans_own_limit_is_on_every_action(database: SqliteDatabase) -> None:
    """A guardrail of the plan limits each of its blueprints."""
    uses = _uses(_action("a1"), _action("a2", name="Discount"), guardrails=(_limit(1),))
    assert _reserve(database, uses) == ()
    assert [each.action_id for each in _reserve(database, uses)] == ["a1", "a2"]


def test_without_a_limit_nothing_is_counted(database: SqliteDatabase) -> None:
    """What has no limit leaves no rows behind, and neither does an action without effects."""
    assert _reserve(database, _uses(_action("a1", GuardrailSpec(type="SHARING_REQUIRED")))) == ()
    idle = _uses(_action("a1", _limit(1)))
    assert _reserve(database, Uses(idle.plan, (), ALICE, ORG)) == ()
    with database.read() as connection:
        assert connection.execute("SELECT count(*) FROM spent").fetchone()[0] == 0


def test_the_preview_says_it_and_counts_nothing(database: SqliteDatabase) -> None:
    """Looking costs nothing; what is used up is an error with the guardrail's own words in front."""
    clock = _Clock()
    counter = RateCounter(database, clock)
    uses = _uses(_action("a1", _limit(1, message="Refunds are rare")))
    assert [counter.issues(uses) for _ in range(3)] == [(), (), ()]
    _reserve(database, uses)
    (issue,) = counter.issues(uses)
    assert (issue.severity, issue.guardrail, issue.object) == ("error", "RATE_LIMIT", "Opportunity")
    assert issue.message.startswith("Refunds are rare. Refund: 1 record was")
    clock.moment += timedelta(hours=1)
    assert counter.issues(uses) == ()


def test_one_action_over_its_limit_is_said_once(
    database: SqliteDatabase, make_context: Callable[..., EffectContext]
) -> None:
    """An action that can never fit is refused by its own check, and not a second time by the counter."""
    limit = _limit(2, "day")
    (issue,) = check_guardrails(make_context(guardrails=(limit,), rows=3))
    assert issue.code == "rate_limited"
    assert "writes 3 records; at most 2 a day" in issue.message
    assert check_guardrails(make_context(guardrails=(limit,), rows=2)) == ()
    assert RateCounter(database, _Clock()).issues(_uses(_action("a1", limit), rows=3)) == ()
    assert len(_reserve(database, _uses(_action("a1", limit), rows=3))) == 1


_OTHER_PROCESS = """
import sys, sqlite3
from pathlib import Path
from actwright.store.sqlite import SqliteDatabase
from actwright.store.spending import spend
store = SqliteDatabase(Path(sys.argv[1]))
with store.write() as connection:
    spend(connection, "rate/00D1/005A/refund", 2, holder="run_2", at="2026-11-24T11:59:00.000Z")
store.close()
"""


def test_other_processes_count(database: SqliteDatabase) -> None:
    """What another process used of the same store leaves no room here."""
    subprocess.run([sys.executable, "-c", _OTHER_PROCESS, str(database.path)], check=True)
    assert len(_reserve(database, _uses(_action("a1", _limit(2))))) == 1
    assert _reserve(database, _uses(_action("a1", _limit(3)))) == ()
