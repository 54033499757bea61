"""The plan cache: one shape is asked for once, and no value ever passes from one goal to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.memory_org import FakeClock, demo_org
from tests.plan_cache_scene import LIBRARY, OFFLINE, Change, Kept, Scene, meant, values

from actwright.blueprints.guardrail import GuardrailSpec
from actwright.blueprints.library import Library
from actwright.blueprints.plan import Plan
from actwright.errors import StoreError
from actwright.org.record_id import record_id
from actwright.planning.cache.cache import StoredPlanCache
from actwright.planning.cache.template import PlanTemplate
from actwright.store.sqlite import SqliteDatabase

AGAIN = [
    ("Close the Acme Renewal as won", "Close the Globex Pilot as won"),
    ("Change the amount of Acme Renewal to 99000", "Change the amount of Globex Pilot to 45k"),
    ("set Acme Renewal's amount to $5", "set Globex Pilot's amount to $1.5m"),
    ("push Acme Renewal to next Tuesday", "push Globex Pilot to 2026-12-31"),
    ("rename Acme Renewal to 'Big One'", "rename Globex Pilot to 'Small One'"),
    ("create the account Hooli", "create the account Stark"),
    ("escalate case 00001002 to tier 2", "escalate case 00001001 to tier 2"),
    ("mark Initech Upgrade as lost because of price", "mark Acme Renewal as lost because of price"),
    ("create a case for Acme: printer is broken", "create a case for Globex: printer is broken"),
    ("create a case for Acme: call Bob", "create a case for Globex: call Eve"),
    (
        "create an opportunity Foo for Acme worth 45k closing 2026-12-31 in Prospecting",
        "create an opportunity Bar for Globex worth 60k closing Dec 15th in Prospecting",
    ),
    (
        "set Acme Renewal's amount to 5 and Globex Pilot's amount to 6",
        "set Globex Pilot's amount to 7 and Acme Renewal's amount to 8",
    ),
]


@pytest.mark.parametrize(("first", "second"), AGAIN)
def test_another_goal_of_the_same_shape_is_planned_without_asking(first: str, second: str) -> None:
    """A hit is the very plan the inner planner would have made for the second goal, and the inner one is not asked."""
    scene = Scene()
    assert not scene.hits(first)
    assert scene.hits(second)
    assert scene.inner.asked == [first]


def test_a_hit_says_so() -> None:
    """The plan names the plan whose shape it has, and the outcome says it for a person."""
    scene = Scene()
    first = scene.ask("Close the Acme Renewal as won").plan
    second = scene.ask("Close the Globex Pilot as won")
    assert first is not None
    assert second.plan is not None
    assert second.plan.planner.cached_from == first.id
    assert second.plan.id != first.id
    assert first.id in second.notes[0]
    assert second.usage is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Close the Acme Renewal as won", "Close the Acme Renewal as lost"),
        ("move Acme Renewal to Prospecting", "move Globex Pilot to Qualification"),
        ("set Acme Renewal's amount to 5", "set Globex Pilot's amount to 12.500"),
        ("set Acme Renewal's amount to 5", "set Globex Pilot's amount to 5%"),
        ("Close the Acme Renewal as won", "Close the Nobody Knows as won"),
        ("Close the Acme Renewal as won", "Close the Acme Amount as won"),
        ("create the account Hooli", "create the account Acme"),
        ("create the account Hooli", "create the account Amount"),
        ("create the account Hooli", "create the account Close"),
        (
            "set the amount of Acme Renewal from 5 to 6",
            "set the amount of Globex Pilot from 7 to 6",
        ),
    ],
)
def test_what_is_not_sure_to_be_meant_alike_is_asked(first: str, second: str) -> None:
    """Other words, values that cannot be read, names the org knows otherwise, words no value was read from: no hit."""
    scene = Scene()
    scene.ask(first)
    assert not scene.hits(second)
    assert scene.inner.asked == [first, second]


@pytest.mark.parametrize(
    "goal",
    [
        "set the amount of Acme Renewal to 5 and its probability to 5%",
        "create a task for Acme: Acme",
        "close the Acme Renewal as won and create a follow-up task for next Tuesday",
        "change the close date of Acme Renewal",
        "launch the rocket",
    ],
)
def test_what_has_no_single_place_is_never_kept(goal: str) -> None:
    """A value that stands twice or is put together, a question and a refusal leave nothing behind."""
    scene = Scene()
    scene.ask(goal)
    assert isinstance(scene.cache, Kept)
    kept = [row for rows in scene.cache.rows.values() for row in rows]
    again = scene.ask(goal)
    assert not kept or again.plan is None or again.plan.planner.cached_from is not None
    assert meant(again) == meant(OFFLINE.plan(scene.request(goal)))


def changed(**more: Any) -> Change:
    """Return a change of a whole plan."""
    return lambda plan: plan.model_copy(update=more)


def argument(**more: Any) -> Change:
    """Return a change of the literal ``Amount`` of the first action."""

    def change(plan: Plan) -> Plan:
        action = plan.actions[0]
        amount = action.arguments["Amount"]
        arguments = {**action.arguments, "Amount": amount.model_copy(update=more)}
        return plan.model_copy(
            update={"actions": (action.model_copy(update={"arguments": arguments}),)}
        )

    return change


def blueprint(**more: Any) -> Change:
    """Return a change of the first action's blueprint."""

    def change(plan: Plan) -> Plan:
        action = plan.actions[0]
        own = action.blueprint.model_copy(update=more)
        return plan.model_copy(update={"actions": (action.model_copy(update={"blueprint": own}),)})

    return change


def planner(**more: Any) -> Change:
    """Return a change of what a plan says of its planner."""
    return lambda plan: plan.model_copy(update={"planner": plan.planner.model_copy(update=more)})


@pytest.mark.parametrize(
    "change",
    [
        argument(provenance="model", source=None),
        argument(provenance="extract", source=None),
        argument(provenance="goal", value=98),
        argument(provenance="data", source="amount"),
        argument(source="99 of Acme"),
        changed(confidence=0.1),
        changed(guardrails=(GuardrailSpec(type="SHARING_REQUIRED"),)),
        changed(assumptions=("the amount is 99 in dollars",)),
        changed(assumptions=("Acme is the seller",)),
        changed(schema_digest="another"),
        planner(fallback_for="the model was silent"),
        planner(cached_from="plan_0"),
        blueprint(label="Made for this plan"),
    ],
)
def test_no_plan_is_kept_that_its_goal_does_not_give_back(change: Change) -> None:
    """Made-up values, doubts, own blueprints and guardrails, sentences about values: asked anew each time."""
    scene = Scene(change)
    for _ in range(2):
        scene.ask("set Acme Renewal's amount to 99")
    assert len(scene.inner.asked) == 2
    assert scene.cache.rows == {}


def test_a_models_sentences_are_kept_only_where_they_hold_no_value() -> None:
    """A checkpoint that names the record is replaced by the blueprint's, an assumption without a value stays."""

    def talk(plan: Plan) -> Plan:
        more = {
            "checkpoint": "Set Acme Renewal to 99",
            "assumptions": ("money is in the record's currency",),
        }
        made = plan.planner.model_copy(update={"kind": "model"})
        return plan.model_copy(update={**more, "planner": made})

    scene = Scene(talk)
    scene.ask("set Acme Renewal's amount to 99")
    hit = scene.ask("set Globex Pilot's amount to 7").plan
    assert hit is not None
    assert hit.planner.cached_from is not None
    assert "Acme" not in hit.model_dump_json()
    assert hit.assumptions == ("money is in the record's currency",)


def test_dates_are_read_anew_on_another_day() -> None:
    """Tomorrow is another day tomorrow."""
    scene = Scene()
    scene.ask("push Acme Renewal to tomorrow")
    scene.clock = FakeClock(datetime(2026, 11, 22, 12, tzinfo=UTC))
    outcome = scene.ask("push Acme Renewal to tomorrow")
    assert scene.hits("push Acme Renewal to tomorrow")
    assert values(outcome)["CloseDate"] == "2026-11-23"


def test_data_are_read_anew() -> None:
    """Values, names and ids in data are slots by their names; another kind of data is another goal."""
    scene = Scene()
    goal = "set the amount of Acme Renewal"
    scene.ask(goal, {"Amount": 5})
    assert values(scene.ask(goal, {"Amount": 6}))["Amount"] == 6
    assert scene.hits(goal, {"Amount": 7})
    assert not scene.hits(goal, {"Amount": "8k"})
    assert not scene.hits(goal, {"a1.Amount": 7})
    scene.ask("change its amount to 5", {"Id": "Acme Renewal"})
    assert scene.hits("change its amount to 6", {"Id": "Globex Pilot"})
    assert not scene.hits("change its amount to 6", {"Id": "Nobody"})
    deal = next(
        each["Id"] for each in scene.org.rows["Opportunity"] if each["Name"] == "Globex Pilot"
    )
    assert not scene.hits("change its amount to 6", {"Id": str(deal)})
    assert scene.hits("change its amount to 7", {"Id": str(deal)})


@pytest.mark.parametrize(
    "other",
    [
        {"version": "2"},
        {"library": Library(LIBRARY.entries[1:])},
        {
            "org": replace(
                demo_org(), user=demo_org().user.model_copy(update={"id": "005000000000002"})
            )
        },
        {"org": replace(demo_org(), user=demo_org().user.model_copy(update={"zone": "UTC"}))},
        {
            "org": replace(
                demo_org(),
                identity=demo_org().identity.model_copy(update={"id": "00D000000000002"}),
            )
        },
    ],
)
def test_nothing_passes_between_people_orgs_libraries_and_prompts(other: dict[str, Any]) -> None:
    """Whatever may change a plan is in the key."""
    cache = Kept()
    Scene(cache=cache).ask("Close the Acme Renewal as won")
    scene = Scene(cache=cache, **other)
    assert not scene.hits("Close the Acme Renewal as won")
    assert len(cache.rows) == 2


def test_a_chosen_blueprint_is_part_of_the_key() -> None:
    """Planning with one blueprint and planning with any are two things."""
    scene = Scene()
    scene.ask("Close the Acme Renewal as won")
    assert not scene.hits("Close the Globex Pilot as won", blueprint="oppty_closed_won")
    assert scene.hits("Close the Acme Renewal as won", blueprint="oppty_closed_won")


def test_another_schema_is_no_hit() -> None:
    """A field that changed its type or its length is planned anew."""
    scene = Scene()
    scene.ask("set Acme Renewal's amount to 5")
    deals = scene.org.schemas["Opportunity"]
    wider = tuple(
        replace(each, precision=9) if each.name == "Amount" else each for each in deals.fields
    )
    scene.org.schemas = {**scene.org.schemas, "Opportunity": replace(deals, fields=wider)}
    assert not scene.hits("set Acme Renewal's amount to 5")


def test_a_record_that_is_no_longer_alone_is_no_hit() -> None:
    """A second record of the name, of whatever object, brings the question back."""
    scene = Scene()
    scene.ask("Close the Acme Renewal as won")
    assert scene.hits("Close the Globex Pilot as won")
    key = record_id("001000000000999")
    scene.org.rows["Account"].append({"Id": key, "Name": "Globex Pilot"})
    assert not scene.hits("Close the Globex Pilot as won")
    assert scene.hits("Close the Acme Renewal as won")


def test_a_namesake_is_no_hit() -> None:
    """Creating what exists by now is planned anew, so that the person is told."""
    scene = Scene()
    scene.ask("create a contact Richard Hendricks for Acme")
    key = record_id("003000000000999")
    scene.org.rows["Contact"].append({"Id": key, "Name": "Erlich Bachman", "LastName": "Bachman"})
    assert not scene.hits("create a contact Erlich Bachman for Acme")


@pytest.fixture
def stored(tmp_path: Path) -> Any:
    """A store."""
    database = SqliteDatabase(tmp_path / "actwright.db")
    yield database
    database.close()


def test_the_store_keeps_templates_for_a_day(stored: SqliteDatabase) -> None:
    """After its lifetime a template is passed over, and the next plan is kept again."""
    clock = FakeClock()
    scene = Scene(cache=StoredPlanCache(stored, clock))
    scene.ask("Close the Acme Renewal as won")
    assert scene.hits("Close the Globex Pilot as won")
    late = FakeClock(clock.moment + timedelta(hours=24, seconds=1))
    after = Scene(cache=StoredPlanCache(stored, late))
    after.clock = late
    assert not after.hits("Close the Globex Pilot as won")
    assert after.hits("Close the Acme Renewal as won")


def test_only_the_newest_templates_count(stored: SqliteDatabase) -> None:
    """A bound on their number makes the oldest ones as if they were gone."""
    scene = Scene(cache=StoredPlanCache(stored, FakeClock(), most=2))
    scene.ask("Close the Acme Renewal as won")
    scene.ask("create the account Hooli")
    assert scene.hits("Close the Globex Pilot as won")
    scene.ask("push Acme Renewal to tomorrow")
    assert not scene.hits("Close the Globex Pilot as won")


def test_words_that_no_value_was_read_from_may_alternate(stored: SqliteDatabase) -> None:
    """Two stages in turn are two templates under one key; each is found."""
    scene = Scene(cache=StoredPlanCache(stored, FakeClock()))
    scene.ask("move Acme Renewal to Prospecting")
    scene.ask("move Acme Renewal to Qualification")
    assert scene.hits("move Globex Pilot to Prospecting")
    assert scene.hits("move Globex Pilot to Qualification")


def test_a_damaged_template_is_passed_over(stored: SqliteDatabase) -> None:
    """What was written there by something else is no plan."""
    scene = Scene(cache=StoredPlanCache(stored, FakeClock()))
    scene.ask("Close the Acme Renewal as won")
    with stored.write() as connection:
        (key,) = connection.execute(
            "SELECT parent FROM document WHERE kind = 'plan_shape'"
        ).fetchone()
        row = ("plan_shape", "shape_x", key, '{"planId": 5}', "2026-11-21T12:00:00.000Z")
        connection.execute(
            "INSERT INTO document (kind, id, parent, body, at) VALUES (?, ?, ?, ?, ?)", row
        )
    assert scene.hits("Close the Globex Pilot as won")


class Broken:
    """A cache whose store is gone."""

    def templates(self, key: str) -> list[PlanTemplate]:
        """Fail."""
        raise StoreError("The store cannot be used.", where=key)

    def keep(self, key: str, template: PlanTemplate) -> None:
        """Fail."""
        raise StoreError("The store cannot be used.", where=f"{key} {template.plan_id}")


def test_a_broken_cache_never_stops_planning() -> None:
    """The plan is made all the same, and the outcome says what did not work."""
    scene = Scene(cache=Broken())
    outcome = scene.ask("Close the Acme Renewal as won")
    assert meant(outcome) == meant(OFFLINE.plan(scene.request("Close the Acme Renewal as won")))
    assert len(outcome.notes) == 2
    assert all("plan cache" in each for each in outcome.notes)


@pytest.mark.parametrize("goal", ["", "x" * 3_000, "close \u202e it", "half \ud83d"])
def test_goals_nobody_can_read_are_the_inner_planners(goal: str) -> None:
    """They are handed on, and never looked up."""
    scene = Scene(cache=Broken())
    assert scene.ask(goal).notes == ()
    assert scene.inner.asked == [goal]


def test_an_unknown_time_zone_is_never_cached() -> None:
    """Where nobody knows which day it is, every goal is planned anew."""
    user = demo_org().user.model_copy(update={"zone": "Nowhere/At_All"})
    scene = Scene(org=replace(demo_org(), user=user))
    for _ in range(2):
        scene.ask("push Acme Renewal to tomorrow")
    assert len(scene.inner.asked) == 2
