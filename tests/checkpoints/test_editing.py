"""Editing a plan before the yes: what is left out takes its dependants along, and the old plan stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checkpoints.edited_plans import (
    DEAL,
    OTHER,
    closing,
    effect,
    following,
    plan_made,
    preview_made,
    repeated,
)
from tests.scenario import action, blueprint, value

from actwright.blueprints.argument import ValueArgument
from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.checkpoints.editing.edit import (
    SOURCE,
    edited,
)
from actwright.checkpoints.editing.leaving_out import dependants
from actwright.checkpoints.wording.row_words import rows_in_words
from actwright.errors import PlanError
from actwright.org.identity import RunningUser
from actwright.org.query import Condition, JsonScalar

BOTH = plan_made(closing(), following(about=None), dependencies=["Opportunity.edit", "Task.create"])


def test_an_action_is_left_out() -> None:
    """The new plan holds the others, the rights they need, and where it came from; the old one is as it was."""
    before = BOTH.model_dump()
    made = edited(BOTH, without=["a2"])
    assert [each.id for each in made.actions] == ["a1"]
    assert made.dependencies == ("Opportunity.edit",)
    assert made.planner.edited_from == BOTH.id != made.id
    assert made.assumptions == (f"{SOURCE}: left out: a2 (CreateTask)",)
    assert BOTH.model_dump() == before


def test_the_planner_does_not_speak_for_an_edited_plan() -> None:
    """Its sentence and its confidence were about another plan."""
    made = edited(BOTH, values={"a1.Amount": 5})
    assert (made.checkpoint, made.confidence) == ("", None)


def test_what_needs_a_left_out_action_goes_with_it() -> None:
    """A dependant follows by however many steps, and the new plan names it."""
    third = {**following("a3", about=None), "dependsOn": ["a2"]}
    plan = plan_made(closing(), following(), third, closing("a4"))
    assert dependants(plan, ["a1"]) == ("a2", "a3")
    made = edited(plan, without=["a1"])
    assert [each.id for each in made.actions] == ["a4"]
    assert made.assumptions[-1].endswith(
        "left out: a1 (UpdateOpportunity); with it, since it needs it: a2 (CreateTask), a3 (CreateTask)"
    )


def test_an_action_is_named_by_its_blueprint() -> None:
    """The name of a blueprint that one action has means that action."""
    assert [each.id for each in edited(BOTH, without=["CreateTask"]).actions] == ["a1"]


def test_a_value_is_set() -> None:
    """It counts as data, says where it came from, and is checked as every value is."""
    made = edited(BOTH, values={"a1.Amount": "99000", "CreateTask.due date": "2026-12-15"})
    assert made.actions[0].arguments["Amount"] == ValueArgument(
        value="99000", provenance="data", source=SOURCE
    )
    assert made.data == {"edit.a1.Amount": "99000", "edit.a2.ActivityDate": "2026-12-15"}


def test_a_record_id_that_is_set_is_data() -> None:
    """An id a person gives at the confirmation is one somebody gave, so that the plan may hold it."""
    made = edited(BOTH, values={"a2.WhatId": DEAL[:15]})
    assert made.data == {"edit.a2.WhatId": DEAL[:15]}


def test_a_set_value_takes_the_place_of_a_link() -> None:
    """An action that gets a record of its own no longer needs the one that was to give it."""
    linked = plan_made(closing(), following())
    made = edited(edited(linked, values={"a2.WhatId": DEAL}), without=["a1"])
    assert [each.id for each in made.actions] == ["a2"]


def test_a_value_is_left_out() -> None:
    """The field is not written any more; the action stays."""
    made = edited(BOTH, without=["a1.Amount"])
    assert set(made.actions[0].arguments) == {"Id", "StageName"}
    assert made.assumptions[-1] == f"{SOURCE}: left out of a1 (UpdateOpportunity): Amount"


def test_questions_of_what_is_gone_are_gone() -> None:
    """A question about an action that was left out, or a value that was set, is not asked any more."""
    asked = [
        {"id": f"{key}.{name}", "actionId": key, "input": name, "reason": "missing", "text": "?"}
        for key, name in (("a1", "Amount"), ("a1", "StageName"), ("a2", "ActivityDate"))
    ]
    plan = plan_made(closing(), following(about=None), questions=asked)
    made = edited(plan, without=["a2"], values={"a1.Amount": 1})
    assert [each.id for each in made.questions] == ["a1.StageName"]


def test_both_edits_make_one_plan() -> None:
    """It is edited from the plan that is stored, not from one in between."""
    made = edited(BOTH, without=["a2"], values={"a1.Amount": 1})
    assert made.planner.edited_from == BOTH.id


def test_no_edit_makes_no_plan() -> None:
    """Nothing left out and nothing set is the plan itself."""
    assert edited(BOTH) is BOTH


REFUSED: Sequence[tuple[Sequence[str], Mapping[str, JsonScalar], str, str, str]] = [
    (["a9"], {}, "edit_unknown", "a9", "no action 'a9'"),
    (["a1", "a2"], {}, "edit_empty", "a1, a2", "Nothing would be left of the plan"),
    (["a2.Subject"], {}, "edit_required", "a2.Subject", "cannot do without"),
    (["a2.WhatId"], {}, "edit_unknown", "a2.WhatId", "no value in a2"),
    (["a1.Amount", "a1.StageName"], {}, "edit_empty", "a1.StageName", "left of a1"),
    (["a1.7"], {}, "edit_unknown", "a1.7", "no row"),
    ([], {"Amount": 1}, "edit_unknown", "Amount", "names no input"),
    ([], {"a1.Total": 1}, "edit_unknown", "a1.Total", "no input 'Total'"),
    ([], {"a1.Amount": "lots"}, "value_invalid", "a1.Amount", "Amount"),
    ([], {"a2.Subject": " "}, "edit_required", "a2.Subject", "would be empty"),
    ([], {"a2.WhatId": "Acme"}, "record_id_invalid", "a2.WhatId", "Acme"),
    (["a2"], {"a2.Subject": "x"}, "edit_contradicts", "a2.Subject", "goes with a2"),
    ([], {"a1.Amount": 1, "a1.amount": 2}, "edit_contradicts", "a1.Amount", "set twice"),
]


@pytest.mark.parametrize(("left", "values", "code", "where", "words"), REFUSED)
def test_an_edit_that_does_not_fit_is_refused(
    left: Sequence[str], values: Mapping[str, JsonScalar], code: str, where: str, words: str
) -> None:
    """The error has a path and a way out, and says that the plan stands."""
    before = BOTH.model_dump()
    with pytest.raises(PlanError, match=words) as caught:
        edited(BOTH, without=left, values=values)
    assert (caught.value.error_code, caught.value.where) == (code, where)
    assert str(caught.value.hint).endswith(f"The plan {BOTH.id} stands as it was.")
    assert BOTH.model_dump() == before


def test_a_value_the_blueprint_would_set_again_cannot_be_left_out() -> None:
    """The error names that value and says what to do instead; another value may be set, and so may none."""
    entry = blueprint("CREATE", "Task", "Subject", {"apiName": "Status", "default": "Not Started"})
    plan = plan_made(action("a1", entry, Subject=value("x"), Status=value("Done")))
    with pytest.raises(PlanError, match="the blueprint sets 'Not Started'") as caught:
        edited(plan, without=["a1.Status"])
    assert caught.value.error_code == "edit_defaulted"
    emptied = edited(plan, values={"a1.Status": None}).actions[0].arguments["Status"]
    assert isinstance(emptied, ValueArgument)
    assert emptied.value is None


def test_a_blueprint_that_several_actions_use_names_none() -> None:
    """The error lists the ids to choose from."""
    plan = plan_made(closing(), closing("a2"))
    with pytest.raises(PlanError, match="2 actions") as caught:
        edited(plan, without=["UpdateOpportunity"])
    assert "a1 (UpdateOpportunity), a2 (UpdateOpportunity)" in str(caught.value.hint)


def test_the_id_of_a_repeated_action_cannot_be_set() -> None:
    """Each row gives it; the contract of the plan says so, and the plan stands."""
    with pytest.raises(PlanError, match="given by each row") as caught:
        edited(plan_made(repeated()), values={"a1.Id": DEAL})
    assert "stands as it was" in str(caught.value.hint)


ALICE = RunningUser(id="005", username="alice@demo")
ROWS = preview_made(effect("a1.1", DEAL), effect("a1.2", OTHER))


def test_a_row_is_left_out_of_a_query() -> None:
    """The query leaves the record out, also after a second edit; its name stands nowhere in the plan."""
    plan = plan_made(repeated())
    first = edited(plan, without=["a1.2"], preview=ROWS)
    rows = first.actions[0].for_each
    assert rows is not None
    assert rows.where[-1] == Condition(field="Id", operator="NOT IN", value=(OTHER,))
    assert first.assumptions[-1] == f"{SOURCE}: left out of a1 (UpdateOpportunity): 1 row"
    again = edited(first, without=["a1.1"], preview=ROWS).actions[0].for_each
    assert again is not None
    assert again.where[1:] == (Condition(field="Id", operator="NOT IN", value=(OTHER, DEAL)),)


def test_rows_left_out_are_counted_in_words() -> None:
    """The question says how many were left out by hand; their ids are in no effect, and say nothing to people."""
    left = Condition(field="Id", operator="NOT IN", value=(DEAL, OTHER))
    assert rows_in_words(None, (left,), ALICE) == "2 left out one by one"
    one = Condition(field="Id", operator="NOT IN", value=DEAL)
    assert rows_in_words(None, (one,), ALICE) == "1 left out one by one"


def test_more_rows_than_one_condition_holds_are_left_out_by_several() -> None:
    """Every one of 250 is named, 200 a condition; 4,000 are refused with another way."""
    ids = [f"006{number:012d}" for number in range(4_000)]
    preview = preview_made(*(effect(f"a1.{at}", each) for at, each in enumerate(ids, 1)))
    names = [each.id for each in preview.effects]
    rows = edited(plan_made(repeated()), without=names[:250], preview=preview).actions[0].for_each
    assert rows is not None
    sizes = [len(each.value) for each in rows.where if isinstance(each.value, tuple)]
    assert sizes == [200, 50]
    with pytest.raises(PlanError, match="more than can be left out") as caught:
        edited(plan_made(repeated()), without=names, preview=preview)
    assert caught.value.error_code == "edit_too_many"


def test_a_row_is_left_out_of_those_handed_in() -> None:
    """The others stay; leaving all of them out leaves nothing of the action."""
    plan = plan_made(repeated(rows=[{"Id": DEAL}, {"Id": OTHER[:15]}]))
    rows = edited(plan, without=["a1.2"], preview=ROWS).actions[0].for_each
    assert rows is not None
    assert rows.rows == ({"Id": DEAL},)
    with pytest.raises(PlanError, match="left of a1"):
        edited(plan, without=["a1.1", "a1.2"], preview=ROWS)


def test_a_row_is_left_out_of_every_action_that_writes_to_it() -> None:
    """Two actions whose writes to a record go out as one: without its row, neither of them touches that record."""
    single = closing("a3")
    plan = plan_made(repeated(), repeated("a2"), single, following(about=None, key="a4"))
    shared = effect("a1.1", DEAL).model_copy(update={"also_for": ("a2", "a3")})
    made = edited(plan, without=["a1.1"], preview=preview_made(shared, effect("a1.2", OTHER)))
    assert [each.id for each in made.actions] == ["a1", "a2", "a4"]
    for each in made.actions[:2]:
        assert each.for_each is not None
        assert each.for_each.where[-1].value == (DEAL,)


def test_the_one_effect_of_an_action_stands_for_it() -> None:
    """Unticking it leaves the action out; it is refused where the action has several."""
    preview = preview_made(effect("a1.1", DEAL), effect("a2.1", None))
    assert [each.id for each in edited(BOTH, without=["a2.1"], preview=preview).actions] == ["a1"]
    several = preview_made(effect("a2.1", None), effect("a2.2", None))
    with pytest.raises(PlanError, match="no row"):
        edited(BOTH, without=["a2.1"], preview=several)


@st.composite
def _plans(draw: st.DrawFn) -> Plan:
    """Return a plan whose actions each may wait for earlier ones."""
    count = draw(st.integers(2, 8))
    actions = []
    for at in range(count):
        needs = draw(st.sets(st.integers(0, at - 1), max_size=2)) if at else set()
        own = following(f"a{at}", about=None, Subject=value(f"s{at}"))
        actions.append({**own, "dependsOn": [f"a{each}" for each in sorted(needs)]})
    return plan_made(*actions)


@given(plan=_plans(), data=st.data())
def test_no_edit_leaves_an_action_without_what_it_needs(plan: Plan, data: st.DataObject) -> None:
    """Whatever is left out, the rest is a whole plan without it and its dependants, or the edit is refused."""
    ids = [each.id for each in plan.actions]
    left = data.draw(st.sets(st.sampled_from(ids), min_size=1))
    gone = left.union(dependants(plan, left))
    if gone == set(ids):
        with pytest.raises(PlanError):
            edited(plan, without=left)
        return
    made = edited(plan, without=left)
    assert [each.id for each in made.actions] == [each for each in ids if each not in gone]
    assert Plan.model_validate(made.model_dump()).id == made.id


def test_what_was_assumed_of_a_value_goes_with_it() -> None:
    """How its words were read is not said any more, unless another value was read from the same words."""
    stage: dict[str, Json] = {"value": "Closed Won", "provenance": "goal", "source": "won"}
    plan = plan_made(
        closing(StageName=stage),
        following(about=None, Subject={**stage, "value": "won"}),
        goal="close it as won",
        assumptions=['"won" is Closed Won', "the zone is unknown"],
    )
    first = edited(plan, values={"a1.StageName": "Closed Lost"})
    assert first.assumptions == plan.assumptions
    again = edited(first, values={"a2.Subject": "lost"})
    assert again.assumptions == ("the zone is unknown",)


def test_earlier_edits_of_what_is_gone_are_gone() -> None:
    """The data of a plan holds no value that no action of it takes."""
    set_before = edited(BOTH, values={"a1.Amount": 5, "a2.Subject": "x"})
    assert edited(set_before, without=["a2"]).data == {"edit.a1.Amount": 5}


def test_a_value_that_is_given_no_more_leaves_the_data() -> None:
    """What a person set before and then left out is no word of theirs any longer."""
    first = edited(plan_made(closing(Amount=value(5))), values={"a1.Amount": 6})
    assert first.data == {"edit.a1.Amount": 6}
    assert edited(first, without=["a1.Amount"]).data == {}


def test_rows_are_narrowed_by_further_conditions() -> None:
    """They join those there are, once each; how many rows there were is assumed no more."""
    above = Condition(field="Amount", operator=">", value=5)
    counted = "a1 is done for 10 Opportunities today: Closed is no"
    plan = plan_made(repeated(), closing("a2"), assumptions=[counted, "another"])
    made = edited(plan, narrowed={"a1": (above, above)})
    assert made.actions[0].for_each is not None
    assert [each.field for each in made.actions[0].for_each.where] == ["IsClosed", "Amount"]
    assert made.assumptions == ("another",)
    assert edited(plan, narrowed={"a1": ()}).actions == plan.actions
    assert edited(plan, without=["a2"]).assumptions[0] == counted


def test_rows_that_no_condition_tells_are_not_narrowed() -> None:
    """One record has no rows, rows handed in have no conditions, and a query takes only so many."""
    above = Condition(field="Amount", operator=">", value=5)
    many = tuple(above.model_copy(update={"value": each}) for each in range(20))
    for plan, where, code in (
        (plan_made(closing()), (above,), "edit_unknown"),
        (plan_made(repeated(rows=[{"Id": DEAL}])), (above,), "edit_unknown"),
        (plan_made(repeated()), many, "edit_too_many"),
    ):
        with pytest.raises(PlanError) as caught:
            edited(plan, narrowed={"a1": where})
        assert caught.value.error_code == code
