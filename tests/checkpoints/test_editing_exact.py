"""Edits to the letter: which name is meant, what an error lists, and what is left."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
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

from actwright.blueprints.argument import LookupArgument, ValueArgument
from actwright.blueprints.plan import Plan
from actwright.canonical import Json
from actwright.checkpoints.editing.edit import SOURCE, edited
from actwright.checkpoints.editing.plan_names import action_named, input_named
from actwright.checkpoints.preview import Preview
from actwright.errors import PlanError
from actwright.org.lookup import Lookup
from actwright.org.query import Condition, JsonScalar

BOTH = plan_made(closing(), following(about=None))


TWINS = plan_made(closing("a1"), closing("a2"))


def refused(
    plan: Plan,
    *without: str,
    preview: Preview | None = None,
    values: Mapping[str, JsonScalar] | None = None,
) -> PlanError:
    """Return why an edit is refused."""
    with pytest.raises(PlanError) as caught:
        edited(plan, without=without, values=values, preview=preview)
    return caught.value


def test_a_name_means_an_id_before_it_means_a_blueprint() -> None:
    """Where several actions use a blueprint, the error counts and lists them; a long name is cut at eighty."""
    odd = plan_made(following("UpdateOpportunity", about=None), closing("a2"))
    assert action_named(odd, "UpdateOpportunity").id == "UpdateOpportunity"
    assert action_named(odd, "CreateTask").id == "UpdateOpportunity"
    with pytest.raises(PlanError, match="2 actions of the plan use the blueprint 'Update"):
        action_named(TWINS, "UpdateOpportunity")
    with pytest.raises(PlanError) as caught:
        action_named(BOTH, "n" * 81)
    assert caught.value.message == f"The plan has no action {'n' * 80!r}."
    assert caught.value.hint == "Its actions: a1 (UpdateOpportunity), a2 (CreateTask)."


def test_an_input_is_named_as_it_stands_or_by_what_people_call_it() -> None:
    """In any case, by its field or its label; what two inputs are called names neither."""
    twin: Json = {"apiName": "Size", "label": "amount"}
    money: Json = {"apiName": "Amount", "label": "Deal"}
    entry = blueprint("UPDATE", "Opportunity", "Id", dict(twin), dict(money))  # type: ignore[arg-type]  # objects
    (planned,) = plan_made(action("a1", entry)).actions
    assert input_named(planned, "Amount").api_name == "Amount"
    assert input_named(planned, " DEAL ").api_name == "Amount"
    assert input_named(planned, "size").api_name == "Size"
    for name in ("amount", "n" * 81):
        with pytest.raises(PlanError) as caught:
            input_named(planned, name)
        assert caught.value.message == f"UpdateOpportunity has no input {name[:80]!r}."
        assert caught.value.where == f"a1.{name[:80]}"
        assert caught.value.hint == "Its inputs: Id, Size, Amount."


@pytest.mark.parametrize("name", ["Amount", ".Amount", "a1.", "."])
def test_a_value_needs_an_action_and_an_input(name: str) -> None:
    """Either part alone names no input."""
    error = refused(BOTH, values={name: 1})
    assert (error.error_code, error.where) == ("edit_unknown", name)
    assert error.message == f"{name!r} names no input."
    assert str(error.hint).startswith("Write it as ACTION.INPUT=VALUE")


def test_what_the_preview_shows_is_listed_where_a_row_is_not() -> None:
    """The first five effects of that action and no other's; none where it has none."""
    six = [effect(f"a1.{place}", f"00600000000000{place}AAA") for place in range(1, 7)]
    preview = preview_made(*six, effect("a2.1", None))
    assert str(refused(BOTH, "a1.9", preview=preview).hint).startswith(
        "Its effects of a1: a1.1, a1.2, a1.3, a1.4, a1.5. The plan"
    )
    assert str(refused(BOTH, "a9.9", preview=preview).hint).startswith("Its effects of a9: none. ")
    assert str(refused(BOTH, "a1.9").hint).startswith("Its effects of a1: none. ")
    long = "a1." + "9" * 90
    assert refused(BOTH, long).message.startswith(f"The preview has no row {long[:80]!r} that")


def test_one_effect_of_several_stands_for_nothing_but_itself() -> None:
    """Of an action that is no repetition, only its single effect can be left out, and then the action is."""
    preview = preview_made(effect("a1.1"), effect("a2.1", None))
    assert [each.id for each in edited(BOTH, without=["a1.1"], preview=preview).actions] == ["a2"]
    more = preview_made(effect("a1.1"), effect("a1.2", OTHER), effect("a2.1", None))
    assert refused(BOTH, "a1.2", preview=more).error_code == "edit_unknown"


def test_a_value_that_cannot_be_left_out_says_what_can() -> None:
    """What is not set at all, what is required, and what would leave nothing have a way out each."""
    none = plan_made(action("a1", blueprint("CREATE", "Task", "Subject", "Description")), closing("a2"))  # fmt: skip
    assert str(refused(none, "a1.Subject").hint).startswith("It has values for: nothing. ")
    assert str(refused(BOTH, "a2.WhatId").hint).startswith("It has values for: Subject, ActivityDate. ")  # fmt: skip
    needed = refused(BOTH, "a1.Id")
    assert (needed.error_code, needed.where) == ("edit_required", "a1.Id")
    left = refused(BOTH, "a1.StageName", "a1.Amount")
    assert (left.error_code, left.where) == ("edit_empty", "a1.Amount")
    assert str(left.hint).startswith("Leave a1 out as a whole. ")


def test_a_parameter_alone_is_no_reason_to_keep_an_action() -> None:
    """Only fields are written; the id says where, and nothing else."""
    size: Json = {"apiName": "Size", "usage": "PARAMETER"}
    entry = blueprint("UPDATE", "Opportunity", "Id", "StageName", dict(size))  # type: ignore[arg-type]  # an object
    given = {"Id": value(DEAL), "StageName": value("x"), "Size": value("y")}
    plan = plan_made(action("a1", entry, **given), goal=f"change {DEAL}")
    assert refused(plan, "a1.StageName").error_code == "edit_empty"
    assert set(edited(plan, without=["a1.Size"]).actions[0].arguments) == {"Id", "StageName"}


def test_nothing_is_left_of_a_plan_without_its_actions() -> None:
    """The error names what was left out, in one order."""
    error = refused(BOTH, "a2", "a1")
    assert (error.where, error.message) == ("a1, a2", "Nothing would be left of the plan.")
    assert str(error.hint) == f"Answer no instead. The plan {BOTH.id} stands as it was."


def test_an_argument_that_is_found_later_is_taken_as_it_is() -> None:
    """A lookup stays one and is no data; a value that brings its own source keeps it, but must fit."""
    wanted = Lookup(object="Account", where=(Condition(field="Name", value="Acme"),))
    found = LookupArgument(lookup=wanted)
    said = ValueArgument(value="Ring", provenance="goal", source="follow up")
    plan = plan_made(closing(), following(about=None), goal="follow up: ring")
    made = edited(plan, arguments={"a2.WhatId": found, "a2.Subject": said})
    assert made.actions[1].arguments["WhatId"] == found
    assert made.actions[1].arguments["Subject"] == said
    assert made.data == {"edit.a2.Subject": "Ring"}
    wrong = ValueArgument(value="soon", provenance="goal")
    with pytest.raises(PlanError) as caught:
        edited(plan, arguments={"a2.ActivityDate": wrong})
    assert (caught.value.where, caught.value.error_code) == ("a2.ActivityDate", "value_invalid")


def test_data_of_what_is_set_no_more_is_gone() -> None:
    """A value given at one edit goes with its action or its input at the next; other data stays."""
    plan = plan_made(closing(), following(about=None), data={"note": "x"})
    first = edited(plan, values={"a1.Amount": 5, "a2.Subject": "Ring"})
    assert first.data == {"note": "x", "edit.a1.Amount": 5, "edit.a2.Subject": "Ring"}
    assert edited(first, without=["a2"]).data == {"note": "x", "edit.a1.Amount": 5}
    assert edited(first, without=["a1.Amount"]).data == {"note": "x", "edit.a2.Subject": "Ring"}


def test_what_is_left_out_is_counted_and_named_once() -> None:
    """Two rows are rows, a name given twice counts once, and inputs stand in their order."""
    rows = preview_made(*(effect(f"a1.{place}", f"00600000000000{place}AAA") for place in (1, 2)))
    made = edited(plan_made(repeated()), without=["a1.1", "a1.2", "a1.1"], preview=rows)
    assert made.assumptions == (f"{SOURCE}: left out of a1 (UpdateOpportunity): 2 rows",)
    assert edited(BOTH, without=["a2", "a2"]).assumptions == (f"{SOURCE}: left out: a2 (CreateTask)",)  # fmt: skip
