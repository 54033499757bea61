"""What people change before their yes shows which inputs planners get wrong."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tests.checkpoints.edited_plans import closing, following, plan_made
from tests.scenario import lookup, value
from tests.telemetry.fates.plan_life import PlanLife

from actwright.checkpoints.editing.edit import edited
from actwright.telemetry.fates.edits import edited_arguments, matched


def test_a_changed_value_is_counted_by_input_and_kind() -> None:
    """One of two plans had its amount changed: once out of two, from the goal's value to the person's, without either."""
    first, second = plan_made(closing(), following()), plan_made(closing(), goal="close it again")
    changed = edited(first, values={"a1.Amount": 99000})
    names = {each.blueprint.name for each in second.actions}
    found = edited_arguments([(first, changed)], [names])
    assert (found.plans, found.edited) == (2, 1)
    (amount,) = found.inputs
    assert (amount.blueprint, amount.input, amount.field) == (
        "UpdateOpportunity",
        "Amount",
        "Opportunity.Amount",
    )
    assert (amount.edited, amount.planned) == (1, 2)
    assert [(each.before, each.after, each.times) for each in amount.moves] == [("goal", "data", 1)]
    assert "99000" not in found.model_dump_json()


def test_an_action_left_out_and_a_value_taken_away_are_told_apart() -> None:
    """Leaving an action out says nothing of its inputs; a value left out is one that moved to nothing."""
    plan = plan_made(closing(), following(about=None))
    found = edited_arguments([(plan, edited(plan, without=["a2", "a1.Amount"]))])
    assert [(each.blueprint, each.left_out, each.added) for each in found.actions] == [
        ("CreateTask", 1, 0)
    ]
    assert [(each.input, each.moves[0].after) for each in found.inputs] == [("Amount", "nothing")]


def test_actions_with_new_ids_are_matched_by_their_blueprint() -> None:
    """A plan made again with other ids is compared action by action, and what is new is added."""
    old = plan_made(closing("a1"), goal="g")
    given = {"Id": lookup("Opportunity", "Name", "Globex Pilot"), "StageName": value(None)}
    again = closing("b7")
    arguments = {"Amount": value(120000), **given}
    new = plan_made({**again, "arguments": arguments}, following("b8", None), goal="g")
    found = edited_arguments([(old, new)])
    assert [(each.input, each.moves[0].before, each.moves[0].after) for each in found.inputs] == [
        ("Id", "lookup", "lookup"),
        ("StageName", "goal", "empty"),
    ]
    assert [(each.blueprint, each.added) for each in found.actions] == [("CreateTask", 1)]


def test_where_a_value_came_from_is_no_edit() -> None:
    """The same value, out of the goal before and out of data now, is not something the planner got wrong."""
    old, new = plan_made(closing()), plan_made(closing(Amount=value(120000, "data")))
    assert edited_arguments([(old, new)]).inputs == ()


@given(st.lists(st.sampled_from(["win", "task"]), max_size=6), st.permutations(range(6)))
def test_every_action_is_matched_once(kinds: list[str], order: list[int]) -> None:
    """However actions are ordered and named anew, each is matched with one of its own kind, and with no other."""
    made = {"win": closing, "task": lambda key: following(key, None)}
    old = plan_made(*(made[each](f"a{number}") for number, each in enumerate(kinds)))
    places = [each for each in order if each < len(kinds)]
    new = plan_made(*(made[kinds[place]](f"a{number}") for number, place in enumerate(places)))
    pairs = matched(old, new)
    assert all(
        after is not None and before.blueprint.name == after.blueprint.name
        for before, after in pairs
    )
    found = sorted(after.id for _, after in pairs if after is not None)
    assert all(one != other for one, other in pairwise(found))


def test_an_edit_is_followed_to_the_yes(life: PlanLife) -> None:
    """A plan comes to the yes of what it was edited into, over several edits and used in time or not; one nobody agreed to comes to none."""
    plain, first, dropped = (life.planned(f"close deal {each}") for each in range(3))
    life.ran(life.previewed(plain))
    second = life.edited(first, a1_Amount=1)
    life.edited(second, a1_Amount=2)
    third = life.edited(second, a1_Amount=3)
    life.answered(life.previewed(third))
    life.edited(dropped, a1_Amount=4)
    for _ in range(2):
        found = life.fates.agreed([plain.id, first.id, dropped.id])
        assert found == {plain.id: plain.id, first.id: third.id}
        life.clock.moment += timedelta(days=1)
