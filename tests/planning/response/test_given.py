"""Values a person types for one input before the yes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.memory_org import FakeClock, demo_org

from actwright.blueprints.argument import Argument, LookupArgument, ValueArgument
from actwright.blueprints.library import load_library
from actwright.blueprints.plan import Plan
from actwright.checkpoints.editing.edit import SOURCE, edited
from actwright.errors import PlanError, PlanningError
from actwright.org.query import JsonScalar
from actwright.planning.offline.planner import OfflinePlanner
from actwright.planning.planner import PlanningRequest
from actwright.planning.response.given import GivenReader

GOAL = (
    "set the amount of the Acme Renewal to 90000 and its close date to 1 December "
    'and create a task "Call Ann" due 10 December'
)
_READER = GivenReader(demo_org(), FakeClock(), SOURCE)


def _plan() -> Plan:
    made = OfflinePlanner().plan(PlanningRequest(GOAL, load_library(), demo_org(), FakeClock()))
    assert made.plan is not None
    return made.plan


PLAN = _plan()


def set_to(name: str, text: JsonScalar) -> Argument:
    """Return the argument an edit makes of a text; the inputs go by their names and by their labels."""
    made = edited(PLAN, values={name: text}, read=_READER.argument)
    ((key, argument),) = (
        (each.id, found)
        for each in made.actions
        for label, found in each.arguments.items()
        if found != PLAN.actions[int(each.id[1:]) - 1].arguments.get(label)
    )
    assert name.startswith(f"{key}.")
    return argument


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("a1.CloseDate", "15 December", "2026-12-15"),
        ("a2.Due Date", "next friday", "2026-11-27"),
        ("a1.Amount", "95k", 95000),
        ("a1.amount", "99,000", 99000),
        ("a2.Priority", "high", "High"),
        ("a2.Status", "completed", "Completed"),
    ],
)
def test_a_value_is_read_as_a_goal_is(name: str, text: str, value: JsonScalar) -> None:
    """Days, numbers and picklist values may be said as people say them, and the words are kept as the source."""
    told = f'{SOURCE}: "{text}"'
    assert set_to(name, text) == ValueArgument(value=value, provenance="data", source=told)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a1.CloseDate", "2026-12-24"),
        ("a1.Amount", "95000"),
        ("a1.Amount", 7),
        ("a2.Subject", "next friday"),
        ("a2.Priority", "Low"),
        ("a2.Priority", "Urgent"),
        ("a2.OwnerId", "005000000000001AAA"),
    ],
)
def test_what_is_a_value_stands_as_it_is(name: str, value: JsonScalar) -> None:
    """Text is text; and of a word that is no value of a picklist, the guardrails tell."""
    assert set_to(name, value) == ValueArgument(value=value, provenance="data", source=SOURCE)


def test_a_name_becomes_a_lookup() -> None:
    """The preview asks for the record again, and no id is made up."""
    owner = set_to("a2.OwnerId", "Bob Baxter")
    assert isinstance(owner, LookupArgument)
    assert [each.value for each in owner.lookup.where] == ["Bob Baxter"]
    assert owner.source == f'{SOURCE}: "Bob Baxter"'
    deal = set_to("a1.Id", "Acme Expansion")
    assert isinstance(deal, LookupArgument)
    assert deal.lookup.object == "Opportunity"


def test_me_is_the_person() -> None:
    """Whoever says ``me`` is the one the plan is made for."""
    owner = set_to("a2.OwnerId", "me")
    assert isinstance(owner, (LookupArgument, ValueArgument))


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a1.CloseDate", "next month", "no one day"),
        ("a1.Amount", "lots", "no number"),
        ("a2.OwnerId", "Zorro Zzz", "names no record"),
        ("a2.OwnerId", "all my tasks", "names no record"),
    ],
)
def test_what_is_no_value_is_refused(name: str, text: str, said: str) -> None:
    """The refusal says where, what to give instead, and that the plan stands."""
    with pytest.raises(PlanError, match=said) as caught:
        set_to(name, text)
    assert caught.value.where is not None
    assert caught.value.where.startswith(name[:3])
    assert f"The plan {PLAN.id} stands" in str(caught.value.hint)


@given(st.text(max_size=40), st.sampled_from(["CloseDate", "Amount", "Id"]))
def test_no_text_raises_anything_else(text: str, name: str) -> None:
    """Whatever is typed, it is a value, is taken as it stands, or is refused."""
    action = PLAN.actions[0]
    wanted = action.blueprint.input(name)
    assert wanted is not None
    try:
        found = _READER.argument(action, wanted, text)
    except (PlanError, PlanningError):
        return
    assert found is None or isinstance(found, (LookupArgument, ValueArgument))
